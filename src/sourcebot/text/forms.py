"""Dates, numbers and sums in one form, whatever form a text has: for terms that are to be found.

Both the articles and the questions go through this, so a date in one form finds the other forms.
A day in a month becomes one word of its own ("d0514") beside the month's name and the year, so
that "May 2026" and "14 May" are parts of "2026-05-14".
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from sourcebot.text.dates_in import days_in, month_names, outside
from sourcebot.text.money import symbols, word_of
from sourcebot.text.numbers_in import GROUPED, numbers_in, tells_money_or_size
from sourcebot.text.values import plain_number

if TYPE_CHECKING:
    from sourcebot.text.dates_in import FoundDate
    from sourcebot.text.numbers_in import FoundNumber

_DIGIT = re.compile(r"\d")
_PER_CENT = re.compile(r"\s?%|(?<=\s)per cent\b", re.IGNORECASE)


def in_one_form(text: str, language: str = "") -> str:
    """Return a text whose dates, numbers and sums have one form each, all other words kept.

    ``language`` is an ISO 639 code; "" is English.
    """
    if not _DIGIT.search(text):
        return text
    pieces: list[str] = []
    place = 0
    dates = sorted(days_in(text, language), key=lambda date: date.span)
    taken = [date.span for date in dates]
    replaced = [(date.span, _date_words(date, language)) for date in dates]
    if _many_forms().search(text) or tells_money_or_size(text, language):
        numbers = {number.span: number for number in numbers_in(text, language)}
        told = ((s, _number_words(numbers[s], s.of(text))) for s in outside(numbers, taken))
        replaced += (number for number in told if number[1])
    for span, words in sorted(replaced):
        pieces += (text[place : span.start], " ", words, " ")
        place = span.end
    pieces.append(text[place:])
    return "".join(pieces)


@cache
def _many_forms() -> re.Pattern[str]:
    """Return where a number may have another form, or be a sum by its sign; few texts match."""
    letters = "|".join(re.escape(m) for m in symbols() if m.isalpha() and not m.isupper())
    mark = rf"(?:[A-Z]{{2,3}}|{letters})"
    return re.compile(
        r"\d[,.'’ \u00a0\u2009\u202f]\d{2,3}|\d[kKmMbB]\b|\d\s?[^\w\s.,;:!?)\]|/'’\"-]"
        rf"|[^\w\s(\[.,:;'’\"/-]\s?\d|\d\s?{mark}\b|\b{mark}\.?\s?\d"
    )


def _date_words(date: FoundDate, language: str) -> str:
    names = month_names(language)
    days = date.either or (((date.month, date.day),) if date.month else ())
    words = [str(date.year)] if date.year else []
    for month, day in days:
        words.append(names[month - 1])
        if day:
            words.append(f"d{month:02}{day:02}")
    return " ".join(words)


def _number_words(number: FoundNumber, text: str) -> str:
    """Return the words for a number that is written in one of several forms, "" for others."""
    if not _DIGIT.search(text):
        return ""
    plain = plain_number(number.number)
    words = GROUPED.sub(lambda m: re.sub(r"\D", "", m[0]), text)
    if number.percent:
        return _PER_CENT.sub(" percent", words)
    if number.number == number.number.to_integral_value() and len(plain) > 3 and plain not in words:
        words = f"{words} {plain}"
    if number.currency and (name := word_of(number.currency)) and name not in words.casefold():
        words = f"{words} {name}"
    return words if words != text else ""
