"""Questions as people write them: put on one line, told from remarks, told from each other."""

from __future__ import annotations

import re

from sourcebot.errors import QuestionError
from sourcebot.text.terms import terms_of

LONGEST_QUESTION = 1000
"""So many characters of a question are read; a longer one is refused."""

_ASKS = re.compile(
    r"\?|^(?:who|whom|whose|what|when|where|why|which|how|is|are|was|were|do|does|did|can|could|"
    r"has|have|had|will|would|should|and|wer|was|wann|wo|warum|welche[rsnm]?|wie|qui|que|quand|"
    r"où|pourquoi|comment|quel(?:le)?s?|quién|qué|cuándo|dónde|cómo|cuál(?:es)?)\b",
    re.IGNORECASE,
)


def clean_question(question: str) -> str:
    """Return a question on one line.

    Raises:
        QuestionError: when it holds no words or is too long.
    """
    words = " ".join(question.split())
    if not any(character.isalnum() for character in words):
        raise QuestionError("the question is empty", "ask something, such as: what is sourcebot?")
    if len(words) > LONGEST_QUESTION:
        raise QuestionError(
            f"the question has {len(words):,} characters; at most {LONGEST_QUESTION:,} are read",
            "ask a shorter question",
        )
    return words.encode("utf-8", "replace").decode("utf-8")


def question_key(question: str) -> str:
    """Return what is equal for questions that count as one: the set of their terms."""
    return " ".join(sorted(set(terms_of(question)))) or question.casefold()


def asks(text: str) -> bool:
    """Return whether a message reads like a question, unlike "thanks"."""
    return bool(_ASKS.search(text.strip()))
