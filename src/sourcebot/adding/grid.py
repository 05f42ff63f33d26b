"""Tables as grids of cells: merged cells repeated, headers put into one row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FIGURE = re.compile(r"[\d\s.,%€$£+-]*\d[\d\s.,%€$£+-]*")
YEAR = re.compile(r"(?:1[5-9]|20)\d\d")

Row = tuple[str, ...]
Wide = dict[tuple[int, int], int]
"""How many columns cells are wide that are wider than one, by their rows and columns from 0."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A cell that was made of several; rows and columns count from 0, the last ones are in it."""

    top: int
    left: int
    bottom: int
    right: int


def filled(rows: Sequence[Row], merged: Iterable[Merged]) -> list[Row]:
    """Return rows in which a cell that was merged with those below it stands in each of theirs."""
    table = [list(row) for row in rows]
    for cell in merged:
        if cell.top >= len(table) or cell.left >= len(table[cell.top]):
            continue
        for row in table[cell.top + 1 : cell.bottom + 1]:
            if cell.left < len(row):
                row[cell.left] = table[cell.top][cell.left]
    return [tuple(row) for row in table]


def spread(rows: Sequence[Row], merged: Sequence[Merged]) -> list[Row]:
    """Return the rows of a table so that each cell stands below its header, in one row of headers.

    A title over the whole table stays a row of its own.
    """
    width = max(map(len, rows), default=0)
    table = filled([(*row, *[""] * (width - len(row))) for row in rows], merged)
    title = 1 if len(table) > 2 and sum(map(bool, table[0])) == 1 else 0
    wide = {
        (cell.top - title, cell.left): cell.right + 1 - cell.left
        for cell in merged
        if cell.right > cell.left
    }
    return [*table[:title], *with_one_header(table[title:], wide)]


def with_one_header(table: Sequence[Row], wide: Wide) -> list[Row]:
    """Return a table with its header in one row.

    A header over several columns stands over each; one in two rows becomes one, where nothing but
    names stand in the second and each column that is not below a wide header has a name in one
    of them.
    """
    widths = {column: count for (row, column), count in wide.items() if row == 0}
    heads = list(table[0])
    below: set[int] = set()
    for column, count in widths.items():
        if 0 <= column < len(heads) and heads[column] and count < len(heads):
            covered = range(column, min(column + count, len(heads)))
            below.update(covered)
            for place in covered:
                heads[place] = heads[column]
    if not below:
        return list(table)
    second = table[1] if len(table) > 2 else ()
    names = [
        (not above or not name or above == name)
        for column, (above, name) in enumerate(zip(heads, second, strict=False))
        if column not in below
    ]
    figures = any(FIGURE.fullmatch(cell) and not YEAR.fullmatch(cell) for cell in second)
    if not second or not all(names) or figures or not all(second[column] for column in below):
        return [tuple(heads), *table[1:]]
    joined = (
        " ".join(dict.fromkeys(filter(None, pair))) for pair in zip(heads, second, strict=True)
    )
    return [tuple(joined), *table[2:]]
