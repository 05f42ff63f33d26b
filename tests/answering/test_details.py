"""Years, numbers and names of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.answering.details import NOTHING, details_of, together, words_of


@pytest.mark.parametrize(
    ("text", "years", "numbers", "names"),
    [
        ("Who was mayor of Lowmere in 2010?", {"2010"}, set(), {"lowmere"}),
        ("How did 1,480 homes lose power?", set(), {"1480"}, set()),
        ("The 1\u202f480 homes", set(), {"1480"}, set()),
        ("It cost 2.4 million in May 1998.", {"1998"}, {"2.4"}, set()),
        ("What is Brandt’s plan for West Pier?", set(), set(), {"brandt", "west", "pier"}),
        ("WHO IS THE MAYOR OF LOWMERE?", set(), set(), set()),
        ("什么时候开放?", set(), set(), set()),
        ("What happened on 2026-05-04?", {"2026"}, {"4"}, set()),
        ("On 14.05.2026 and 5/6/1998", {"2026", "1998"}, set(), set()),
        ("في عام ١٤٨٠ بني من ٢١٢ حجرا", {"1480"}, {"212"}, set()),
        ("१९४७ में", {"1947"}, set(), set()),
        ("", set(), set(), set()),
    ],
)
def test_details(text: str, years: set[str], numbers: set[str], names: set[str]) -> None:
    """Years are told from other numbers, thousands are read in any usual form, names lose 's."""
    found = details_of(text)
    assert (set(found.years), set(found.numbers), set(found.names)) == (years, numbers, names)


@given(st.lists(st.text(max_size=40), max_size=4))
def test_together(texts: list[str]) -> None:
    """Parts together name what each of them names, and nothing else."""
    parts = [details_of(text) for text in texts]
    whole = together(*parts)
    assert whole.numbers == frozenset[str]().union(*(part.numbers for part in parts))
    assert all(part.years <= whole.years and part.names <= whole.names for part in parts)
    assert together() == NOTHING


@given(st.text(max_size=60))
def test_names_are_words(text: str) -> None:
    """Every name of a text is one of its words."""
    assert details_of(text).names <= words_of(text)
