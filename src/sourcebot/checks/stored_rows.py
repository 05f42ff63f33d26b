"""Rows of a workbook as they are stored, and whether they show the cells of an article.

A number is stored without its format: 0.542 is shown as "54.2%", 45416 as a date.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class StoredRow:
    """The texts in a row of a workbook, folded, and the numbers that it stores."""

    texts: frozenset[str] = frozenset()
    numbers: tuple[float, ...] = ()

    def shows(self, cell: str) -> bool:
        """Return whether the row may show a cell."""
        return cell in self.texts or bool(self.numbers and _shows(self.numbers, cell))

    def heads(self, cell: str, below: StoredRow) -> bool:
        """Return whether the row and the one below it show a cell of a header in two rows."""
        return (
            cell in self.texts
            or cell in below.texts
            or any(
                cell.startswith(f"{text} ") and below.shows(cell[len(text) + 1 :])
                for text in self.texts
            )
        )


def _shows(numbers: Sequence[float], cell: str) -> bool:
    """Return whether a cell may show one of the numbers."""
    figures = re.findall(r"\d+", cell)
    plain = re.sub(r"[^\d.]", "", cell.replace(",", ""))
    try:
        value = float(plain)
    except ValueError:
        value = math.nan
    step = 0.5000001 * 10.0 ** -len(plain.partition(".")[2])
    scale = 100 if "%" in cell else 1
    return any(
        abs(abs(number) * scale - value) <= step or _is_date(number, figures, cell)
        for number in numbers
    )


def _is_date(number: float, figures: Sequence[str], cell: str) -> bool:
    """Return whether a cell shows the day and time that a workbook stores as a number of days."""
    if not (figures and 0 <= number < 3_000_000):
        return False
    moment = dt.datetime(1899, 12, 30) + dt.timedelta(days=number)  # noqa: DTZ001 (sheets know no zones)
    moment = (moment + dt.timedelta(milliseconds=500)).replace(microsecond=0)
    known = {moment.year, moment.year % 100, moment.month, moment.day, moment.hour, moment.minute}
    known |= {moment.second, (moment.hour + 11) % 12 + 1}
    months = [word for word in re.findall(r"[A-Za-z]{3,}", cell) if word not in {"AM", "PM"}]
    named = {f"{moment:%B}", f"{moment:%b}", f"{moment:%A}", f"{moment:%a}"}
    day = moment.day in map(int, figures) or number < 1
    return day and len(figures) > 1 and set(map(int, figures)) <= known and set(months) <= named
