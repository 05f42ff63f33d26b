"""The dates and spans of time that a text states, each at the precision at which it is said."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import TYPE_CHECKING

from sourcebot.text.dates_in import dates_in
from sourcebot.text.periods import Stated, mentions_in
from sourcebot.types import Excerpt, Span
from sourcebot.types.timelines import EventDate

if TYPE_CHECKING:
    from sourcebot.text.dates_in import FoundDate
    from sourcebot.text.periods import Mention

_ABOUT = re.compile(r"(?:about|around|circa|c\.)\s", re.IGNORECASE)
_DECADE = re.compile(r"\d{3}0s", re.IGNORECASE)


def event_dates(text: str, language: str = "", start: int = 0) -> tuple[EventDate, ...]:
    """Return the dates with a year that a text states, in reading order.

    Spans of time are read in English, days, months and years in all languages. ``language`` is an
    ISO 639 code, "" is English; ``start`` is where the text begins in its article.
    """
    dates = [date for date in dates_in(text, language) if date.year]
    mentions = mentions_in(text) if language in {"", "en"} else ()
    found: list[EventDate] = []
    covered: list[Span] = []
    for mention in mentions:
        inside = [date for date in dates if _overlap(date.span, mention.span)]
        # What is no date by the stricter reading, such as "1,480 houses", is none here either,
        # and what that one reads more of, such as "14/05/2019", it reads alone.
        if inside and all(_within(date.span, mention.span) for date in inside):
            found.append(_spanned(text, mention, inside, start))
            covered.append(mention.span)
    for date in dates:
        if not any(_overlap(date.span, span) for span in covered):
            first, last = _days(date)
            found.append(EventDate(date.code, first, last, _excerpt(text, date.span, start)))
    return tuple(sorted(found, key=lambda date: date.said.span))


def in_order(date: EventDate) -> tuple[dt.date, dt.date]:
    """Return what dates are ordered by: the first day that is known, then the last."""
    first = date.start or date.end or dt.date.max
    return first, date.end or dt.date.max


def _spanned(text: str, mention: Mention, inside: list[FoundDate], start: int) -> EventDate:
    period, words = mention.period, mention.span.of(text)
    decade = _DECADE.search(words)
    code = f"{decade[0][:3]}X" if decade else inside[0].code
    if mention.stated is Stated.RANGE:
        last = inside[-1].code if len(inside) > 1 else str(period.end.year if period.end else "")
        code = f"{code}/{last or '..'}"
    elif mention.stated is Stated.BEGINNING:
        code = f"{code}/.."
    elif mention.stated is Stated.END:
        code = f"../{code}"
    elif _ABOUT.match(words):
        code = f"{code}~"
    return EventDate(code, period.start, period.end, _excerpt(text, mention.span, start))


def _days(date: FoundDate) -> tuple[dt.date, dt.date]:
    """Return the first and the last day that a date with a year may mean."""
    year = date.year or 1
    months = (date.month or 1, date.month or 12)
    last = date.day or calendar.monthrange(year, months[1])[1]
    return dt.date(year, months[0], date.day or 1), dt.date(year, months[1], last)


def _excerpt(text: str, span: Span, start: int) -> Excerpt:
    words = span.of(text)
    lead = len(words) - len(words.lstrip())
    words = words.strip()
    first = start + span.start + lead
    return Excerpt(words, Span(first, first + len(words)))


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
