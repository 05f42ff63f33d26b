"""The languages that the page speaks, by code."""

from __future__ import annotations

from sourcebot.frontends.web.german import GERMAN
from sourcebot.frontends.web.words import ENGLISH

LANGUAGES = {words.code: words for words in (ENGLISH, GERMAN)}
