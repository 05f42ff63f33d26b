"""What a person may not do, and what is wrong with a question, in the person's language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sourcebot.frontends.discord.text import escape
from sourcebot.text.questions import LONGEST_QUESTION

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcebot.errors import QuestionError
    from sourcebot.frontends.discord.words import Words

_PROBLEMS: tuple[tuple[re.Pattern[str], Callable[[Words], str]], ...] = (
    (re.compile(r"(?:since|until) (?P<value>.+) is not a date"), lambda w: w.not_a_date),
    (re.compile(r"the question is empty"), lambda w: w.empty_question),
    (re.compile(r"the question has [\d,]+ characters"), lambda w: w.long_question),
    (re.compile(r"no article is left by the scope"), lambda w: w.scope_too_narrow),
    (re.compile(r"no article has a \w+ like (?P<value>.+)"), lambda w: w.none_like),
    (re.compile(r"no article is left by the filters"), lambda w: w.none_left),
)
"""The errors of questions that people can cause on Discord, by their message."""

_MEANT = re.compile(r"did you mean (?P<names>.+)\?")


class Refusal(Exception):
    """Something that a person may not do just now; ``args[0]`` says so."""


class TooFast(Refusal):
    """A person has asked too much just now."""


def problem(error: QuestionError, words: Words) -> str:
    """Return what is wrong with a question, escaped; "" when there are no words for it.

    In English it is the error's own message and hint.
    """
    if words.language == "en":
        hint = error.hint.replace("`sourcebot sources`", words.command("sources"))
        return escape(error.message) + (f"\n{escape(hint)}" if hint else "")
    for pattern, sentence in _PROBLEMS:
        if found := pattern.match(error.message):
            value = found.groupdict().get("value", "").strip("'\"")
            text = sentence(words).format(
                value=escape(value), most=LONGEST_QUESTION, sources=words.command("sources")
            )
            meant = _MEANT.match(error.hint)
            return (
                f"{text}\n{words.did_you_mean.format(names=escape(meant['names']))}"
                if meant
                else text
            )
    return ""
