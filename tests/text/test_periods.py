"""From when until when: the spans of time that a text states."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.text.periods import Period, Stated, asked_period, holding, mentions_in


def days(start: str, end: str) -> Period:
    """Return a period from two ISO dates; "" leaves an end open."""
    return Period(*(dt.date.fromisoformat(day) if day else None for day in (start, end)))


@pytest.mark.parametrize(
    ("text", "period", "stated"),
    [
        ("from 1968 to 1972", days("1968-01-01", "1972-12-31"), Stated.RANGE),
        ("between May 1968 and 3 June 1972", days("1968-05-01", "1972-06-03"), Stated.RANGE),
        ("He coached Rovers (1968–72).", days("1968-01-01", "1972-12-31"), Stated.RANGE),
        ("2004-present", days("2004-01-01", ""), Stated.RANGE),
        ("since March 2019", days("2019-03-01", ""), Stated.BEGINNING),
        ("until 2021", days("", "2021-12-31"), Stated.END),
        ("before 2021", days("", "2021-01-01"), Stated.END),
        ("in 1969", days("1969-01-01", "1969-12-31"), Stated.POINT),
        ("on May 14, 2026", days("2026-05-14", "2026-05-14"), Stated.POINT),
        ("on 14 May 2026", days("2026-05-14", "2026-05-14"), Stated.POINT),
        ("2026-05-14", days("2026-05-14", "2026-05-14"), Stated.POINT),
        ("in the 1990s", days("1990-01-01", "1999-12-31"), Stated.POINT),
        ("in February 2024", days("2024-02-01", "2024-02-29"), Stated.POINT),
    ],
)
def test_forms(text: str, period: Period, stated: Stated) -> None:
    """Each usual form gives its days, open where the text leaves them open."""
    assert [(m.period, m.stated) for m in mentions_in(text)] == [(period, stated)]


def test_what_is_no_period() -> None:
    """Numbers, days that do not exist and two single years are not ranges."""
    assert not mentions_in("1,250 tonnes, room 312, 9999 kg, 30 February, 2021x")
    assert [m.stated for m in mentions_in("in 1968 and 1970")] == [Stated.POINT, Stated.POINT]


def test_verbs_say_from_when_and_until_when() -> None:
    """What begins in a year holds on; what ends in it held before."""
    assert holding("She became mayor in 2019.")[0].period == days("2019-01-01", "")
    whole = holding("She became mayor in 1998 and held the office until 2003.")
    assert [m.period for m in whole] == [days("1998-01-01", "2003-12-31")]
    apart = holding("Until 2003 he was mayor, and since 2005 he has been a judge.")
    assert [m.period for m in apart] == [days("", "2003-12-31"), days("2005-01-01", "")]
    assert holding("He left the club in 1975.")[0].period == days("", "1975-12-31")
    assert holding("The fair of 1975 was the largest.")[0].period == days(
        "1975-01-01", "1975-12-31"
    )


def test_the_period_of_a_question() -> None:
    """A range comes before a single year; no date, no period."""
    asked = asked_period("Where did Engel study from 1968 to 1969?")
    assert asked == days("1968-01-01", "1969-12-31")
    assert asked_period("Who was mayor in 2010?") == days("2010-01-01", "2010-12-31")
    assert asked_period("Who is mayor?") is None


_DAYS = st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2030, 1, 1))


@given(_DAYS, _DAYS, _DAYS, _DAYS)
def test_overlap_is_symmetric(
    a: dt.date | None, b: dt.date | None, c: dt.date | None, d: dt.date | None
) -> None:
    """Two periods overlap or not, whichever is asked; one without ends overlaps all."""
    one, other = Period(a, b), Period(c, d)
    assert one.overlaps(other) == other.overlaps(one)
    assert one.overlaps(Period(None, None))


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    """Mentions stand in the text, in order, apart from each other."""
    mentions = mentions_in(text)
    assert all(0 <= m.span.start < m.span.end <= len(text) for m in mentions)
    assert [m.span.start for m in mentions] == sorted(m.span.start for m in mentions)
