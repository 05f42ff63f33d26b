"""Follow-up questions: which words of the quotes just given make sense of them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sourcebot.render.wording import one_line
from sourcebot.text.answer_types import AnswerType, holds, type_of
from sourcebot.text.questions import LONGEST_QUESTION
from sourcebot.text.terms import terms_of
from sourcebot.types import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcebot.types import Filters, Quote, Reply

_NAME = re.compile(r"\b[A-ZÀ-Þ][\w’'-]+(?:\s+[A-ZÀ-Þ][\w’'-]+)*")
_MOST_TERMS = 5
_SURE = 0.35


def ask_following(
    ask: Callable[[str, Filters], Reply], question: str, filters: Filters, previous: Reply | None
) -> Reply:
    """Return the reply to a question that may refer to the reply before it.

    ``ask`` answers a question as it stands. When that finds nothing, or the question does not
    say what it is about, it is asked again with names of the quotes given before; the reply
    then holds these names in ``added``.
    """
    reply = ask(question, filters)
    if previous is None or (isinstance(reply, Answer) and stands_alone(reply.question)):
        return reply
    terms = terms_to_add(reply.question, previous)
    if not terms:
        return reply
    wider = ask(f"{reply.question} {' '.join(terms)}", filters)
    found = new_answer(reply.question, wider, previous)
    return replace(found, question=reply.question, added=terms) if found else reply


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
