"""The values that a text states: dates, times, numbers, sums of money, percentages and names.

They are normalised, so that two texts can be compared by what they say: "on 14 May 2026" and
"(2026-05-14)", "1,480 houses" and "1 480 houses", "£2.4m" and "2.4 million pounds".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sourcebot.text.dates_in import dates_in, outside
from sourcebot.text.measures import can_be_equal
from sourcebot.text.money import SAME
from sourcebot.text.numbers_in import numbers_in
from sourcebot.text.times_in import times_in
from sourcebot.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from sourcebot.text.dates_in import FoundDate
    from sourcebot.text.numbers_in import FoundNumber


class ValueKind(StrEnum):
    """What kind of value it is."""

    DATE = "date"
    TIME = "time"
    NUMBER = "number"
    PERCENT = "percent"
    SUM = "sum"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Value:
    """A value that stands in a text.

    Attributes:
        kind: what it is.
        value: its normal form, equal for equal values: a date in ISO 8601 at its precision
            ("2026-05-14", "2026-05", "2026", "--05-14"), a time of day ("18:30"), a decimal number
            without idle zeros ("1480", "2400000", "12.5"), or a name in small letters.
        unit: of a sum its currency (ISO 4217, or what several share: "KR", "PESO", "CENT"), of a
            number the word after it, small letters; or "".
        span: where it stands in the text.
    """

    kind: ValueKind
    value: str
    unit: str
    span: Span


_NAME = re.compile(
    r"(?<![\w’'])(?P<first>[^\W\d_a-zß-öø-ÿ][\w’'-]*\w|[A-Z]\.)"
    r"(?:(?:\s(?:of|de|del|della|di|da|do|dos|von|van|der|den|la|le|el|al|bin|ibn|the|und|and)){0,2}"
    r"\s[^\W\d_a-zß-öø-ÿ][\w’'-]*|\s[A-Z]\.)*"
)
_FUNCTION_WORDS = """
a an and are as at be but by did do does for from has have he her his how i if in is it its my no
not of on or our she so than that the their there these they this those to was we were what when
where which who whom whose why will with yes you your all also after before can could during each
every few first however last many may most much next one only other over some such two three four
five six seven eight nine ten under until while would should mr mrs ms dr january february march
april june july august september october november december monday tuesday wednesday thursday friday
saturday sunday name list compare tell give show explain describe since both neither either
according new because although though later earlier then now today yesterday meanwhile
"""
_NO_NAMES = frozenset(_FUNCTION_WORDS.split())
_SENTENCE_START = re.compile(r"[\s\"“‘«(\[]*\Z")
_AFTER_END = re.compile(r"[.!?:;…\"“”‘«(\[|\r\n][\s\"“‘«(\[]*\Z")
_LOOKED_BACK = 12


def values_of(text: str, language: str = "") -> tuple[Value, ...]:
    """Return the values that a text states, in order; only those whose form has one meaning.

    ``language`` is the ISO 639 code of the text, "" counts as English. No two values overlap. Names
    are told by their capitals, so in German any noun may be one, and in scripts without capitals
    there are none.
    """
    numbers = {number.span: number for number in numbers_in(text, language)}
    surely = [n.span for n in numbers.values() if n.currency or n.percent]
    days = {date.span: date for date in dates_in(text, language)}
    # A year alone is none where it is a sum or a share.
    dates = [days[s] for s in days if days[s].month or any(outside([s], surely))]
    times = times_in(text)
    taken = [*(date.span for date in dates), *times]
    figures = [
        *(_of_date(date) for date in dates if date.year or date.month),
        *(Value(ValueKind.TIME, code, "", span) for span, code in times.items()),
        *(_of_number(numbers[s]) for s in outside(numbers, taken) if numbers[s].sure),
    ]
    figures.sort(key=lambda value: value.span)
    names = {name.span: name for name in _names(text)}
    free = outside(names, [value.span for value in figures])
    return tuple(sorted((*figures, *(names[s] for s in free)), key=lambda value: value.span))


def _of_date(date: FoundDate) -> Value:
    return Value(ValueKind.DATE, date.code, "", date.span)


def _of_number(found: FoundNumber) -> Value:
    plain = plain_number(found.number)
    if found.currency:
        return Value(ValueKind.SUM, plain, found.currency, found.span)
    if found.percent:
        return Value(ValueKind.PERCENT, plain, "", found.span)
    return Value(ValueKind.NUMBER, plain, found.unit.casefold(), found.span)


def plain_number(number: Decimal) -> str:
    """Return a number as digits with at most one full stop, without idle zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _names(text: str) -> Iterator[Value]:
    """Yield runs of capitalised words; a function word at the start of a sentence is no name."""
    if text == text.upper() or text == text.lower():
        return
    for found in _NAME.finditer(text):
        start, words = found.start(), found[0].split()
        while words and words[0].casefold().rstrip(".") in _NO_NAMES:
            start += len(words[0])
            start += len(text[start:]) - len(text[start:].lstrip())
            words = words[1:]
        while words and words[-1].casefold() in _NO_NAMES:
            words = words[:-1]
        if not words or not words[0][0].isupper():
            continue
        name = text[start : found.end()]
        name = name[: name.rindex(words[-1]) + len(words[-1])]
        # One word at the start of a sentence has a capital whatever it is.
        before = text[max(0, start - _LOOKED_BACK) : start]
        first = start < _LOOKED_BACK and _SENTENCE_START.fullmatch(before)
        starts = first or _AFTER_END.search(before)
        if len(words) == 1 and starts and name.isalpha():
            continue
        yield Value(ValueKind.NAME, " ".join(words).casefold(), "", Span(start, start + len(name)))


def agree(one: Value, other: Value) -> bool:
    """Return whether two values of a kind can both be right of one thing.

    Dates agree when what both of them state is the same (May 2026 and 14 May 2026), sums only in
    the same currency, measures when they can be of one size (41 feet and 12.5 m, not 41 metres),
    names when the words of one are among those of the other.
    """
    if one.kind is not other.kind:
        return False
    if one.kind is ValueKind.NAME:
        words, others = set(one.value.split()), set(other.value.split())
        return words <= others or others <= words
    if one.kind is ValueKind.DATE:
        parts = [
            a == b for a, b in zip(_parts(one.value), _parts(other.value), strict=True) if a and b
        ]
        # "14 April" and "2024" have no part in common that could be the same.
        return bool(parts) and all(parts)
    if one.kind is ValueKind.SUM and one.unit != other.unit:
        shared = SAME.get(one.unit, frozenset({one.unit})) & SAME.get(
            other.unit, frozenset({other.unit})
        )
        return bool(shared) and one.value == other.value
    if one.kind is ValueKind.NUMBER:
        return can_be_equal(one.value, one.unit, other.value, other.unit)
    return one.value == other.value


def _parts(code: str) -> tuple[str, str, str]:
    """Return year, month and day of a date's normal form, "" for what it leaves open."""
    year, _, rest = (code[1:] if code.startswith("--") else code).partition("-")
    month, _, day = rest.partition("-")
    return year, month, day
