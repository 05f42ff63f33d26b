"""Spans of time in a text: from when until when something is said to hold.

Whatever a text leaves open stays open: "since 2019" has no end, "until 2021" no beginning. Years
alone and month with year are spans of their own length. English forms; other languages' texts
have the years between signs that all share ("1968–1972") and no more.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sourcebot.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_MONTHS["sept"] = 9
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?:1[0-9]|20)\d\d"
_DATE = (
    rf"(?:(?P<d{{0}}>\d{{{{1,2}}}})(?:st|nd|rd|th)?\s+(?P<m{{0}}>{_MONTH})\.?,?\s+(?P<y{{0}}>{_YEAR})"
    rf"|(?P<mm{{0}}>{_MONTH})\.?\s+(?P<dd{{0}}>\d{{{{1,2}}}})(?:st|nd|rd|th)?,?\s+(?P<yy{{0}}>{_YEAR})"
    rf"|(?P<i{{0}}>{_YEAR}-[01]\d-[0-3]\d)"
    rf"|(?P<mmm{{0}}>{_MONTH})\.?,?\s+(?:of\s+)?(?P<yyy{{0}}>{_YEAR})"
    rf"|(?P<decade{{0}}>{_YEAR[:-2]}0)s"
    rf"|(?P<year{{0}}>{_YEAR}))"
)
_FIRST, _SECOND = _DATE.format(1), _DATE.format(2)
_SHORT_END = r"(?P<short>\d\d)(?!\d)"
_RANGE = re.compile(
    rf"\b(?:(?:from|between)\s+)?{_FIRST}\s*(?:[–—-]|\bto\b|\bthrough\b|\buntil\b|\btill\b|\band\b)\s*"
    rf"(?:{_SECOND}|{_SHORT_END}|(?P<open>(?:the\s+)?present|now|today))",
    re.IGNORECASE,
)
_POINT = re.compile(
    r"\b(?:(?P<since>since|from|after|starting in|beginning in|as of)|(?P<until>until|till|up to"
    rf"|before|prior to)|(?P<at>in|on|during|by|around|about|circa|early in|late in))?\s*"
    rf"(?:the\s+)?(?:early\s+|mid-?\s*|late\s+|end of\s+)?{_FIRST}\b",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"\b(?:became|becomes|appointed|elected|joined|joins|took (?:office|over)|succeeded|founded"
    r"|established|opened|moved|started|began|signed|married|named|promoted|enrolled|entered"
    r"|acquired|bought|renamed|launched|hired|sworn in|assumed|returned)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:left|leaves|resigned|retired|graduated|died|closed|dissolved|ended|sold|stepped down"
    r"|departed|divorced|dismissed|sacked|demolished|abolished|released by)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``start`` to ``end``, both included; None means that the text leaves it open."""

    start: dt.date | None
    end: dt.date | None

    def overlaps(self, other: Period) -> bool:
        """Return whether some day may lie in both."""
        return not (
            (self.end and other.start and self.end < other.start)
            or (self.start and other.end and other.end < self.start)
        )


class Stated(StrEnum):
    """How a period was said."""

    RANGE = "range"
    """With a beginning and an end, or one that is said to be open."""
    BEGINNING = "beginning"
    END = "end"
    POINT = "point"
    """A year or day at which something was so or happened."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A period that a text states, how, and where."""

    period: Period
    stated: Stated
    span: Span


def mentions_in(text: str) -> tuple[Mention, ...]:
    """Return the periods that a text states, in reading order."""
    found = list(_ranges(text))
    for match in _POINT.finditer(text):
        inside = any(m.span.start < match.end() and match.start() < m.span.end for m in found)
        period = None if inside else _date(match, 1)
        if period is not None:
            found.append(_point(match, period))
    return tuple(sorted(found, key=lambda m: m.span.start))


def holding(text: str) -> tuple[Mention, ...]:
    """Return the periods in which what a sentence says may hold.

    What becomes so in a year holds from then on, what ends in a year held until then, as far as
    the sentence's verb says which.
    """
    begins, ends = _BEGINS.search(text), _ENDS.search(text)
    widened = []
    for mention in mentions_in(text):
        period = mention.period
        if mention.stated is Stated.POINT and begins and not ends:
            widened.append(Mention(Period(period.start, None), Stated.BEGINNING, mention.span))
        elif mention.stated is Stated.POINT and ends and not begins:
            widened.append(Mention(Period(None, period.end), Stated.END, mention.span))
        else:
            widened.append(mention)
    return _from_until(widened)


def _from_until(mentions: list[Mention]) -> tuple[Mention, ...]:
    """Return mentions, one of a beginning and one of an end after it as one period."""
    begins = [m for m in mentions if m.stated is Stated.BEGINNING]
    ends = [m for m in mentions if m.stated is Stated.END]
    if len(begins) != 1 or len(ends) != 1:
        return tuple(mentions)
    start, end = begins[0].period.start, ends[0].period.end
    if start is None or end is None or end < start or ends[0].span.start < begins[0].span.start:
        return tuple(mentions)
    span = Span(begins[0].span.start, ends[0].span.end)
    whole = Mention(Period(start, end), Stated.RANGE, span)
    return tuple(whole if m is begins[0] else m for m in mentions if m is not ends[0])


def asked_period(question: str) -> Period | None:
    """Return the span of time that a question is about; None when it names none."""
    mentions = mentions_in(question)
    if not mentions:
        return None
    ranges = [m for m in mentions if m.stated is Stated.RANGE]
    return (ranges or list(mentions))[0].period


def without_periods(question: str) -> str:
    """Return a question without the spans of time that it names."""
    for mention in reversed(mentions_in(question)):
        before = question[: mention.span.start].rstrip()
        question = before + question[mention.span.end :]
    return question.lstrip(" ,").strip()


def _ranges(text: str) -> Iterator[Mention]:
    for match in _RANGE.finditer(text):
        start = _date(match, 1)
        if start is None or start.start is None:
            continue
        lead = match[0][:8].casefold()
        if re.search(r"\band\b", match[0], re.IGNORECASE) and not lead.startswith("between"):
            continue  # "in 1968 and 1970": two points
        if match["open"]:
            end: dt.date | None = None
        elif match["short"]:
            year = start.start.year - start.start.year % 100 + int(match["short"])
            if year <= start.start.year:
                continue
            end = dt.date(year, 12, 31)
        else:
            second = _date(match, 2)
            if second is None:
                continue
            end = second.end
        if end is None or start.start <= end:
            yield Mention(Period(start.start, end), Stated.RANGE, Span(*match.span()))


def _point(match: re.Match[str], period: Period) -> Mention:
    span = Span(*match.span())
    if match["since"]:
        after = match["since"].casefold() == "after"
        start = period.end if after else period.start
        return Mention(Period(start, None), Stated.BEGINNING, span)
    if match["until"]:
        before = match["until"].casefold() in {"before", "prior to"}
        end = period.start if before else period.end
        return Mention(Period(None, end), Stated.END, span)
    return Mention(period, Stated.POINT, span)


def _date(match: re.Match[str], place: int) -> Period | None:
    """Return the days of the date that a match holds at a place; None for a day that is none."""
    found = {
        name[:-1]: value for name, value in match.groupdict().items() if name[-1] == str(place)
    }
    try:
        return _period(found)
    except ValueError:
        return None


def _period(found: dict[str, str | None]) -> Period | None:
    if iso := found["i"]:
        return _days(dt.date.fromisoformat(iso))
    for day, month, year in (
        (found["d"], found["m"], found["y"]),
        (found["dd"], found["mm"], found["yy"]),
    ):
        if day and month and year:
            return _days(dt.date(int(year), _MONTHS[month.lower()], int(day)))
    if (month := found["mmm"]) and (year := found["yyy"]):
        number = _MONTHS[month.lower()]
        last = calendar.monthrange(int(year), number)[1]
        return _days(dt.date(int(year), number, 1), dt.date(int(year), number, last))
    if decade := found["decade"]:
        return _days(dt.date(int(decade), 1, 1), dt.date(int(decade) + 9, 12, 31))
    if year := found["year"]:
        return _days(dt.date(int(year), 1, 1), dt.date(int(year), 12, 31))
    return None


def _days(start: dt.date, end: dt.date | None = None) -> Period:
    return Period(start, end or start)
