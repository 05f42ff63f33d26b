"""Quotes in the order of the dates that they state."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (pydantic reads the annotations)
from dataclasses import dataclass

from sourcebot.types.answers import AbstentionReason, Quote  # noqa: TC001 (as above)
from sourcebot.types.articles import Excerpt  # noqa: TC001 (as above)


@dataclass(frozen=True, slots=True)
class EventDate:
    """A date or a span of time that an article states.

    Attributes:
        code: at its own precision, as ISO 8601-2 writes it: "2026-05-14", "2026-05", "2026",
            "199X" (a decade), "1950~" (about), "1999/2006", and "2019/.." or "../2011" where one
            end is left open.
        start: its first day, None when it is left open.
        end: its last day, None when it is left open.
        said: the words that state it, verbatim, with their place in the article.
    """

    code: str
    start: dt.date | None
    end: dt.date | None
    said: Excerpt


@dataclass(frozen=True, slots=True)
class Dated:
    """A quote with the dates that it states, or the heading above it, in reading order.

    When it was reported is the day of ``quote.source.published``, which is no date of an event.
    """

    quote: Quote
    dates: tuple[EventDate, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the articles date of a topic.

    Attributes:
        topic: the topic as given.
        entries: the quotes that state a date, the earliest first; copies count once.
        undated: quotes of the topic that state none, the surest first. When they happened is not
            known, whenever they were reported.
        reason: why there is no entry; None when there is one.
        outside: how many dated quotes lie outside the days that were asked for.
    """

    topic: str
    entries: tuple[Dated, ...]
    undated: tuple[Quote, ...]
    reason: AbstentionReason | None = None
    outside: int = 0
