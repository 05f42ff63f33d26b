"""Follow-up questions: which words of the quotes just given make sense of them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sourcebot.answering.service import LONGEST_QUESTION
from sourcebot.render.wording import one_line
from sourcebot.text.answer_types import AnswerType, holds, type_of
from sourcebot.text.terms import terms_of
from sourcebot.types import Answer

if TYPE_CHECKING:
    from sourcebot.types import Quote, Reply

_NAME = re.compile(r"\b[A-ZÀ-Þ][\w’'-]+(?:\s+[A-ZÀ-Þ][\w’'-]+)*")
_MOST_TERMS = 5
_SURE = 0.35
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


def stands_alone(question: str) -> bool:
    """Return whether a question says what it is about, unlike "since when?"."""
    return len(set(terms_of(question))) > 1


def terms_to_add(question: str, before: Reply) -> tuple[str, ...]:
    """Return the names in the best quote just given, and in its title, that a question lacks.

    Other words of the quote would only bring the same quote back.
    """
    quotes = _quotes(before)
    if not quotes:
        return ()
    known = set(terms_of(question))
    added: list[str] = []
    room = LONGEST_QUESTION - len(question)
    for text in (quotes[0].text, quotes[0].source.title):
        for name in map(one_line, _NAME.findall(text)):
            terms = set(terms_of(name))
            if terms - known and len(added) < _MOST_TERMS and len(name) < room:
                added.append(name)
                known |= terms
                room -= len(name) + 1
    return tuple(added)


def new_answer(question: str, wider: Reply, before: Reply) -> Answer | None:
    """Return what a question with added names found, when it is sure and says something new.

    Added names lift every sentence that has them, so the bar is higher than for a bare
    question; a quote that was just given counts only when other words of it hold the kind of
    fact that is asked for.
    """
    if not isinstance(wider, Answer):
        return None
    given = {(q.source.article_id, q.span): q.words for q in _quotes(before)}

    def is_new(quote: Quote) -> bool:
        words = given.get((quote.source.article_id, quote.span))
        return words is None or (words != quote.words and _holds_fact(question, quote))

    quotes = tuple(q for q in wider.quotes if q.probability >= _SURE and is_new(q))
    return replace(wider, quotes=quotes, confidence=quotes[0].probability) if quotes else None


def _holds_fact(question: str, quote: Quote) -> bool:
    """Return whether the words that answer hold the kind of fact that is asked for, if known."""
    kind = type_of(question)
    start, end = quote.words.start - quote.span.start, quote.words.end - quote.span.start
    known = kind not in {AnswerType.OTHER, AnswerType.REASON}
    return known and holds(kind, quote.text[start:end], question)


def _quotes(reply: Reply) -> tuple[Quote, ...]:
    return reply.quotes if isinstance(reply, Answer) else reply.nearest
