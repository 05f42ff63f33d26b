"""What a person may not do, and what is wrong with a question, in the person's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcebot.frontends.discord.text import escape
from sourcebot.render.problems import question_problem
from sourcebot.text.questions import LONGEST_QUESTION

if TYPE_CHECKING:
    from sourcebot.errors import QuestionError
    from sourcebot.frontends.discord.words import Words


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
    found = question_problem(error.message, error.hint)
    sentence = getattr(words, found.name, "") if found else ""
    if not found or not sentence:
        return ""
    text = sentence.format(
        value=escape(found.value), most=LONGEST_QUESTION, sources=words.command("sources")
    )
    if not found.meant:
        return str(text)
    return f"{text}\n{words.did_you_mean.format(names=escape(found.meant))}"
