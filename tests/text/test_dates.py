"""Days in the forms of many languages: of an article, and of lines above it."""

from __future__ import annotations

import datetime as dt

import pytest
from babel import Locale
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.text.dates import date_in, only_date, parse_date

DAY = dt.date(2026, 3, 2)
WRITTEN = [
    "2. März 2026",
    "Montag, 2. März 2026, 10:00 Uhr",
    "lundi 2 mars 2026 à 10h00",
    "2 de marzo de 2026",
    "Lunedì, 2 marzo 2026",
    "segunda-feira, 2 de março de 2026",
    "2 maart 2026",
    "2 marca 2026",
    "2. března 2026",
    "2. 3. 2026",
    "2026. március 2.",
    "2 марта 2026 г.",
    "2 березня 2026",
    "2 Μαρτίου 2026",
    "2 Mart 2026",
    "2. maaliskuuta 2026",
    "2026年3月2日",
    "2026년 3월 2일",
    "2026. 3. 2.",
    "2 March 2026",
    "March 2nd, 2026",
    "02.03.2026",
]


@pytest.mark.parametrize("written", WRITTEN)
def test_a_day_is_read_in_the_form_of_its_language(written: str) -> None:
    """Alone, with the day of the week and a clock's time, and within a line."""
    assert parse_date(written) == DAY
    assert only_date(written) == DAY
    assert date_in(f"Ada Brandt | {written}") == DAY


@given(
    st.dates(dt.date(1000, 1, 1), dt.date(2100, 1, 1)),
    st.sampled_from(["cs", "da", "de", "es", "fi", "fr", "hu", "it", "nl", "pl", "pt", "ro", "sv"]),
)
def test_days_are_read_as_unicode_has_them_written(day: dt.date, language: str) -> None:
    """Whatever the day, the long form of a language (CLDR) gives it."""
    assert parse_date(format_date(day, "long", Locale.parse(language))) == day


@pytest.mark.parametrize(
    "words",
    [
        "2 Leute 2026",
        "99. März 2026",
        "2026",
        "März 2026",
        "Rede vom 2. Mai 2026",
        "bis 2. Mai 2026",
    ],
)
def test_what_is_more_or_less_than_a_day_is_none(words: str) -> None:
    """A line that says something else is no date of publication."""
    assert parse_date(words) is None
    assert only_date(words) is None


def test_of_several_days_none_is_the_one() -> None:
    """A line that names two says of neither that it is the day."""
    assert date_in("2. März 2026 bis 3. März 2026") is None
