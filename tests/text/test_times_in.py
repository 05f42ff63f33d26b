"""Times of day, in whatever form they are written."""

from __future__ import annotations

import pytest

from sourcebot.text.times_in import times_in
from sourcebot.text.values import ValueKind, values_of


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("at 7.30 p.m. in the hall", ["19:30"]),
        ("at 7:30pm, or 6 a.m.", ["19:30", "06:00"]),
        ("from 12 a.m. to 12 p.m.", ["00:00", "12:00"]),
        ("at 19:30 on 3 May 2026", ["19:30"]),
        ("um 19.30 Uhr, ab 8 Uhr", ["19:30", "08:00"]),
        ("at noon and at midnight", ["12:00", "00:00"]),
        ("7.30 euros, 25:10, 1:2, 2026-05-14T10:15:30", []),
        ("13 p.m. and 0 am", []),
        ("6 pence and 5 ample rooms", []),
    ],
)
def test_times_of_day(text: str, codes: list[str]) -> None:
    """With half of the day, as digits, or as a word; figures that are none are left."""
    found = times_in(text)
    assert list(found.values()) == codes
    values = [v for v in values_of(text) if v.kind is ValueKind.TIME]
    assert [v.value for v in values] == codes
