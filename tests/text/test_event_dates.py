"""Dates that a text states, at the precision at which it states them."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.text.event_dates import event_dates, in_order


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("She led it from 1999 to 2006.", ["1999/2006"]),
        ("The bridge closed on 14 May 2021 after 1,480 houses flooded.", ["2021-05-14"]),
        ("He played there (1968–72) and in 1975.", ["1968/1972", "1975"]),
        ("It has been shut since May 2019.", ["2019-05/.."]),
        ("It was open until 2011.", ["../2011"]),
        ("In the 1990s it grew, around 1950 it was small.", ["199X", "1950~"]),
        ("between 3 March 2020 and May 2021", ["2020-03-03/2021-05"]),
        ("from 2019 to the present", ["2019/.."]),
        ("Read on 14/05/2019, written on 05/06/2019.", ["2019-05-14", "2019"]),
        ("He bought 1500 shares for $1900 on Monday, 14 May.", []),
        ("Yesterday, last week and in the spring.", []),
    ],
)
def test_codes(text: str, codes: list[str]) -> None:
    """Day, month, year, decade and span stay what they are; without a year there is no date."""
    assert [date.code for date in event_dates(text)] == codes


def test_other_languages() -> None:
    """Days and years are read in the language of the text."""
    dates = event_dates("Am 14. Mai 2021 gesperrt, offen seit 1999.", "de")
    assert [date.code for date in dates] == ["2021-05-14", "1999"]


@given(
    st.lists(
        st.sampled_from(
            [
                "in 1999", "from 2001 to 2004", "since May 2010", "14 May 2021", "2019-02-30", "(1968–72)",
                "the 1990s", "ran", "1,480", "05/06/2019", "until", "31 April 2020", "–", "and", "before 1066",
            ]
        ),
        max_size=8,
    ),
    st.integers(0, 1000),
)  # fmt: skip
def test_words_and_days(parts: list[str], start: int) -> None:
    """The words are verbatim at their place, in reading order, and no span ends before it begins."""
    text = " ".join(parts)
    dates = event_dates(text, "", start)
    for date in dates:
        span = date.said.span
        assert text[span.start - start : span.end - start] == date.said.text
        assert date.start or date.end
        assert (date.start or dt.date.min) <= (date.end or dt.date.max)
    spans = [date.said.span for date in dates]
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


def test_order() -> None:
    """What has no beginning is placed by its end; a day comes before the rest of its year."""
    texts = ["since 2019", "until 2011", "in 2012", "on 2 January 2012", "in January 2012"]
    dates = [event_dates(text)[0] for text in texts]
    assert [d.code for d in sorted(dates, key=in_order)] == [
        "../2011", "2012-01", "2012", "2012-01-02", "2019/..",
    ]  # fmt: skip
