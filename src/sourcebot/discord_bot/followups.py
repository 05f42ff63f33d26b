"""Follow-up questions: which words of the quotes just given make sense of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sourcebot.service import LONGEST_QUESTION
from sourcebot.terms import terms_of
from sourcebot.types import Answer

if TYPE_CHECKING:
    from sourcebot.types import Reply

_NAME = re.compile(r"\b[A-ZÀ-Þ][\w’'-]+(?:\s+[A-ZÀ-Þ][\w’'-]+)*")
_MOST_TERMS = 6
_MOST_LETTERS = 200
_ASKS = re.compile(
    r"\?|^(?:who|whom|whose|what|when|where|why|which|how|is|are|was|were|do|does|did|can|could|"
    r"has|have|had|will|would|should|and|wer|was|wann|wo|warum|welche[rsnm]?|wie|qui|que|quand|"
    r"où|pourquoi|comment|quel(?:le)?s?|quién|qué|cuándo|dónde|cómo|cuál(?:es)?)\b",
    re.IGNORECASE,
)


def alike(question: str) -> str:
    """Return what is equal for questions that count as one: the set of their terms."""
    return " ".join(sorted(set(terms_of(question)))) or question.casefold()


def asks(text: str) -> bool:
    """Return whether a message reads like a question, unlike "thanks"."""
    return bool(_ASKS.search(text.strip()))


def terms_to_add(question: str, before: Reply) -> tuple[str, ...]:
    """Return the words of the last reply's quotes that a follow-up question may refer to.

    These are the names in the best quote and its title, and the words of the question before
    that stand in the quote. Words that the question has already are left out.
    """
    quotes = before.quotes if isinstance(before, Answer) else before.nearest
    if not quotes:
        return ()
    best = quotes[0]
    quoted = set(terms_of(f"{best.text} {best.source.title}"))
    shared = [w for w in re.findall(r"[\w’'-]+", before.question) if set(terms_of(w)) & quoted]
    names = [name for text in (best.text, best.source.title) for name in _NAME.findall(text)]
    known = set(terms_of(question))
    added: list[str] = []
    room = min(_MOST_LETTERS, LONGEST_QUESTION - len(question))
    for word in (*shared, *names):
        terms = set(terms_of(word))
        if terms - known and len(added) < _MOST_TERMS and len(word) < room:
            added.append(word)
            known |= terms
            room -= len(word) + 1
    return tuple(added)
