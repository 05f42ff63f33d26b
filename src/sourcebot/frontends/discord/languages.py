"""The languages that the bot speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcebot.frontends.discord.french import FRENCH
from sourcebot.frontends.discord.german import GERMAN
from sourcebot.frontends.discord.spanish import SPANISH
from sourcebot.frontends.discord.words import ENGLISH, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES: Mapping[str, Words] = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH}


def words_for(locale: object) -> Words:
    """Return the sentences for a Discord locale such as ``en-GB``; English for unknown ones."""
    return LANGUAGES.get(str(locale).partition("-")[0], ENGLISH)
