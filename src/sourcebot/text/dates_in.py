"""Days, months and years in running text, in whatever form they are written.

"14 May 2026", "May 14, 2026", "14.05.2026", "14/5/2026", "2026-05-14" and "14. Mai 2026" are one
day. What a form leaves open is left open: "05/06/2026" is either of two days, so only its year is
sure.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sourcebot.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_ENGLISH = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_SHORTENED = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORDS_TOO = frozenset({"may", "march", "mar", "dec", "sep", "jan"})
"""Names of English months that are words or names too: alone they need a capital, or a year."""

_YEAR = r"(?:1\d|20)\d\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_ORDINAL = r"(?:st|nd|rd|th|er|\.º|º|\.)?"
_OF = r"\s+(?:of\s+|de\s+|del\s+|do\s+)?"
_NUMERIC = re.compile(
    rf"(?<![\w.,/-])(?:(?P<y1>{_YEAR})(?P<s1>[-/.])(?P<m1>{_MONTH})(?P=s1)(?P<d1>{_DAY})"
    rf"|(?P<a>{_DAY})(?P<s2>[-/.])(?P<b>{_DAY})(?P=s2)(?P<y2>{_YEAR}))(?:(?=T\d)|(?![\w/-]|[.,]\d))"
    rf"|(?P<y3>{_YEAR})年(?P<m3>{_MONTH})月(?:(?P<d3>{_DAY})日)?"
)
_COUNTED = re.compile(r"\s[a-z]{3,}s\b(?<!was)(?<!has)")
_BEFORE_YEAR = re.compile(
    r"\b(?:in|since|from|until|till|by|before|after|during|of|year|and|between|early|late|mid)\s$",
    re.IGNORECASE,
)
"""1480 counts in "1480 houses", but not in "in 1480 houses were built"."""

_FIGURE = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")
_REACH = 20
"""So far from its digits, in code points, the name of a date's month begins or ends."""

_BARE_YEAR = re.compile(
    r"(?<![\w.,:/$£€¥₹-])(?P<year>1[1-9]\d\d|20\d\d)(?:(?=s\b)|(?![\w%]|[.,:/]\d|\s?[%€£°]))"
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text: what of it is sure, and where it stands.

    ``either`` holds the two days and months that a form such as 05/06/2026 can mean, as
    (month, day); then ``month`` and ``day`` are None.
    """

    span: Span
    year: int | None
    month: int | None
    day: int | None
    either: tuple[tuple[int, int], ...] = ()

    @property
    def code(self) -> str:
        """The date in ISO 8601 at its own precision; "--05-14" and "--05" without a year."""
        head = f"{self.year:04}" if self.year is not None else "-"
        month = f"-{self.month:02}" if self.month else ""
        return f"{head}{month}{f'-{self.day:02}' if self.day else ''}"


@cache
def month_names(language: str) -> tuple[str, ...]:
    """Return the names of the twelve months, small letters, in a language ("": English)."""
    if language in {"", "en"}:
        return _ENGLISH
    return tuple(name for name, *_ in names_of_months(language))


def weekday_names(language: str) -> tuple[str, ...]:
    """Return the names of the seven days in a language other than English, by CLDR, if any."""
    from babel import Locale, UnknownLocaleError

    try:
        days = Locale.parse(language).days["format"]["wide"]
    except (UnknownLocaleError, ValueError):
        return ()
    return tuple(str(name).casefold() for name in days.values())


@cache
def names_of_months(language: str) -> tuple[tuple[str, ...], ...]:
    """Return all names of each month in a language, by CLDR; English ones if it knows none.

    They are in small letters, without full stops.
    """
    # Imported here: English needs none of it, and questions are to be answered soon.
    from babel import Locale, UnknownLocaleError

    try:
        months = Locale.parse(language).months
    except (UnknownLocaleError, ValueError):
        return _english_names()
    found = []
    for number in range(1, 13):
        names = [
            str(months[context][width].get(number, "")).casefold().rstrip(".")
            for context in ("format", "stand-alone")
            for width in ("wide", "abbreviated")
        ]
        found.append(tuple(dict.fromkeys(n for n in names if n and not n.isdigit())))
    return tuple(found) if all(found) else _english_names()


def _english_names() -> tuple[tuple[str, ...], ...]:
    names = zip(_ENGLISH, _SHORTENED, strict=True)
    return tuple((*pair, "sept") if pair[1] == "sep" else pair for pair in names)


@cache
def _months(language: str) -> Mapping[str, int]:
    """Return the number of the month that each name means in a language."""
    names = _english_names() if language in {"", "en"} else names_of_months(language)
    return {name: number for number, all_ in enumerate(names, 1) for name in all_}


@cache
def _named(language: str) -> re.Pattern[str]:
    """Return the pattern of dates with a month in words."""
    names = sorted(_months(language), key=len, reverse=True)
    word = "|".join(map(re.escape, names))
    pattern = rf"""
        (?<![\w.,/-])(?:
          (?P<d1>{_DAY}){_ORDINAL}{_OF}(?P<m1>{word})\b\.?(?:{_OF}|,\s+)(?P<y1>{_YEAR})
          |(?P<m2>{word})\b\.?\s+(?P<d2>{_DAY})(?:st|nd|rd|th)?,?\s+(?P<y2>{_YEAR})
          |(?P<m3>{word})\b\.?,?{_OF}(?P<y3>{_YEAR})
          |(?P<d4>{_DAY}){_ORDINAL}{_OF}(?P<m4>{word})\b
          |(?P<m5>{word})\b\.?\s+(?P<d5>{_DAY})(?:st|nd|rd|th)?\b(?!\s?[%:€£$]|[.,]\d)
        )(?![\w/-]|[.,:]\d)
    """
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


def dates_in(text: str, language: str = "") -> Iterator[FoundDate]:
    """Yield the dates of a text in order; months in words are those of its language.

    ``language`` is an ISO 639 code, "" is English. A year alone is a date; a month alone is not,
    since "may" and "march" are words.
    """
    found = sorted(days_in(text, language), key=lambda date: date.span)
    years = (
        Span(*match.span())
        for match in _BARE_YEAR.finditer(text)
        if not _COUNTED.match(text, match.end())
        or _BEFORE_YEAR.search(text, max(0, match.start() - _REACH), match.start())
    )
    found += [
        FoundDate(year, int(year.of(text)), None, None)
        for year in outside(years, [date.span for date in found])
    ]
    yield from sorted(found, key=lambda date: date.span)


def outside(spans: Iterable[Span], taken: Sequence[Span]) -> Iterator[Span]:
    """Yield the spans that overlap none of the ``taken`` ones, which are ordered and disjoint."""
    for span in spans:
        place = bisect_left(taken, span.end, key=lambda other: other.start)
        if not place or taken[place - 1].end <= span.start:
            yield span


def days_in(text: str, language: str = "") -> Iterator[FoundDate]:
    """Yield the dates of a text that tell more than a year, in no order."""
    yield from _numeric(text)
    yield from _worded(text, language)


def _numeric(text: str) -> Iterator[FoundDate]:
    for found in _NUMERIC.finditer(text):
        span = Span(*found.span())
        year = int(found["y1"] or found["y2"] or found["y3"])
        if found["a"]:
            one, other = int(found["a"]), int(found["b"])
            orders = [(month, day) for day, month in ((one, other), (other, one))]
            # With full stops the day comes first everywhere; with strokes it depends.
            orders = orders[:1] if found["s2"] == "." else orders
            possible = tuple(dict.fromkeys(o for o in orders if _is_day(year, *o)))
            if len(possible) == 1:
                yield FoundDate(span, year, *possible[0])
            elif possible:
                yield FoundDate(span, year, None, None, possible)
        else:
            month, day = int(found["m1"] or found["m3"]), int(found["d1"] or found["d3"] or 0)
            if not day or _is_day(year, month, day):
                yield FoundDate(span, year, month, day or None)


def _worded(text: str, language: str) -> Iterator[FoundDate]:
    pattern, months = _named(language), _months(language)
    small = text == text.lower()
    for start, end in _near_digits(text, months):
        for found in pattern.finditer(text, start, end):
            name = next(filter(None, found.group("m1", "m2", "m3", "m4", "m5")))
            year = next(filter(None, found.group("y1", "y2", "y3")), None)
            day = next(filter(None, found.group("d1", "d2", "d4", "d5")), None)
            if name in _WORDS_TOO and not year and not small:
                continue  # "14 may be too many"
            month = months[name.casefold()]
            if day and not _is_day(int(year) if year else 2000, month, int(day)):
                continue
            yield FoundDate(
                Span(*found.span()), int(year) if year else None, month, int(day) if day else None
            )


def _near_digits(text: str, months: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    """Yield the parts of a text that have both digits and the name of a month, disjoint."""
    start = end = 0
    for figure in _FIGURE.finditer(text):
        if figure.start() - _REACH > end:
            if end:
                yield from _with_month(text, start, end, months)
            start = max(0, figure.start() - _REACH)
        end = figure.end() + _REACH
    if end:
        yield from _with_month(text, start, end, months)


def _with_month(
    text: str, start: int, end: int, months: Mapping[str, int]
) -> Iterator[tuple[int, int]]:
    while end < len(text) and text[end].isalnum():
        end += 1
    words = _WORD.findall(text[start:end].casefold())
    if any(word in months for word in words):
        yield start, end


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True
