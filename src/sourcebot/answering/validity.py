"""Whether what a sentence says holds in the span of time that a question is about.

A sentence holds in the periods that it states, as far as its verb says from when or until when.
"""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from sourcebot.text.answer_types import type_of
from sourcebot.text.periods import Period, Stated, holding, mentions_in
from sourcebot.types import AnswerType

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from sourcebot.types import Candidate, Filters, Retrieval

_OUTSIDE = 0.3
"""What the probability of a sentence is multiplied by that holds at another time."""

_CLOSE = 0.75
"""From this share of the best one's probability on a sentence counts as about as probable."""


_AHEAD = re.compile(
    r"\b(?:will|shall|going to|due to|expected to|planned|(?:is|are) to|wird|werden|soll|sollen)\b",
    re.IGNORECASE,
)
"""Words of a question for what is still to come."""


class Validity(StrEnum):
    """How a sentence stands to a span of time."""

    WITHIN = "within"
    UNKNOWN = "unknown"
    OUTSIDE = "outside"


def asked_range(question: str) -> Period | None:
    """Return the span from one time to another that a question names; None when there is none.

    A single year is left to the reader, which sees it with the rest of the question.
    """
    ranges = [m.period for m in mentions_in(question) if m.stated is Stated.RANGE]
    return ranges[0] if ranges else None


def validity(sentence: str, asked: Period) -> Validity:
    """Return how what a sentence says stands to a span of time."""
    stated = [mention.period for mention in holding(sentence)]
    if not stated:
        return Validity.UNKNOWN
    return Validity.WITHIN if any(p.overlaps(asked) for p in stated) else Validity.OUTSIDE


def valid_on(question: str, candidates: Iterable[Candidate], day: dt.date) -> tuple[Candidate, ...]:
    """Return the candidates, the best first, less probable where they hold at other times.

    What happened on a day, or was so at one, may be told ever after; what ended before the day or
    begins after it does not hold on it. Where a date is asked for, the dates are what answers, and
    where plans are, a day to come that was written about by then is part of the plan. Of those that
    are about as probable as the best, the newest reports come first: that was known.
    """
    asks_when = type_of(question) is AnswerType.DATE
    asks_ahead = bool(_AHEAD.search(question))
    weighed = [
        c
        if asks_when or _holds_on(c.text, day, planned=asks_ahead and _was_known(c, day))
        else replace(c, probability=c.probability * _OUTSIDE)
        for c in candidates
    ]
    best = max((c.probability for c in weighed), default=0.0)

    def order(candidate: Candidate) -> tuple[bool, int, float]:
        close = candidate.probability >= _CLOSE * best
        published = candidate.evidence.source.published
        newest = published.toordinal() if close and published else 0
        return not close, -newest, -candidate.probability

    return tuple(sorted(weighed, key=order))


def _was_known(candidate: Candidate, day: dt.date) -> bool:
    published = candidate.evidence.source.published
    return published is not None and published <= day


def _holds_on(sentence: str, day: dt.date, *, planned: bool) -> bool:
    stated = mentions_in(sentence)
    return not stated or any(
        planned or m.period.start is None or m.period.start <= day
        if m.stated is Stated.POINT
        else m.period.overlaps(Period(day, day))
        for m in stated
    )


def parted(retrieval: Retrieval, filters: Filters) -> tuple[Retrieval, Retrieval]:
    """Part what was found into what was known on the day as of which is asked, and the rest."""
    known = tuple(e for e in retrieval.evidence if filters.known(e.source))
    rest = tuple(e for e in retrieval.evidence if not filters.known(e.source))
    return replace(retrieval, evidence=known), replace(retrieval, evidence=rest)
