"""Rows of cells of a page -> tables."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from sourcebot.adding.blocks import Block, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sourcebot.adding.pdf.lines import Line

_FEWEST_ROWS = 3
_MOST_COLUMNS = 30
_MOST_WORDS = 12
_ALIGNED = 0.75


def table_runs(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Yield where runs of lines begin and end that are the rows of one table.

    Rows of a table have several cells, which stand in columns: their left edges, right edges or
    middles are the same in most rows. A line between two rows may fill one column alone.
    """
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and _may_be_row(lines, start, end):
            end += 1
        while end > start and not lines[end - 1].cells:
            end -= 1
        if _is_table(lines[start:end]):
            yield start, end
        start = max(end, start + 1)


def _may_be_row(lines: Sequence[Line], start: int, index: int) -> bool:
    line = lines[index]
    if line.cells:
        return len(line.cells) <= _MOST_COLUMNS
    # One cell alone goes on the row before, when it stands close below one of its cells.
    if index == start or not lines[start].cells:
        return False
    before = lines[index - 1]
    near = before.y - line.y < 1.6 * line.size
    return near and any(_under(line, cell) for cell in before.cells[1:] or (before,))


def _under(line: Line, cell: Line) -> bool:
    return abs(line.left - cell.left) < line.size and line.left > 0


def _is_table(lines: Sequence[Line]) -> bool:
    rows = [line for line in lines if line.cells]
    if len(rows) < _FEWEST_ROWS:
        return False
    words = statistics.median(len(cell.text.split()) for row in rows for cell in row.cells)
    if words > _MOST_WORDS:
        return False
    edges = _columns(rows)
    placed = [_column_of(cell, edges) is not None for row in rows for cell in row.cells]
    return len(edges) > 1 and sum(placed) >= _ALIGNED * len(placed)


def _columns(rows: Sequence[Line]) -> list[tuple[float, float]]:
    """Return the extents of a table's columns: cells that overlap are of one column."""
    widest = max(rows, key=lambda row: len(row.cells))
    found = [(cell.left, cell.right) for cell in widest.cells]
    for row in rows:
        for cell in row.cells:
            over = [i for i, (a, b) in enumerate(found) if cell.left < b and cell.right > a]
            if len(over) == 1:
                a, b = found[over[0]]
                found[over[0]] = (min(a, cell.left), max(b, cell.right))
    return found


def _column_of(cell: Line, columns: Sequence[tuple[float, float]]) -> int | None:
    """Return the number of the one column that a cell stands in, or None."""
    over = [i for i, (a, b) in enumerate(columns) if cell.left < b and cell.right > a]
    return over[0] if len(over) == 1 else None


def table_blocks(lines: Sequence[Line]) -> Iterator[Block]:
    """Yield the rows of a table; a cell that spans columns stands in the first of them."""
    rows = [line for line in lines if line.cells]
    columns = _columns(rows)
    texts: list[list[str]] = []
    for line in lines:
        cells = [""] * len(columns)
        for cell in line.cells or (line,):
            over = [i for i, (a, b) in enumerate(columns) if cell.left < b and cell.right > a]
            place = over[0] if over else _nearest(cell, columns)
            cells[place] = f"{cells[place]} {cell.text}".strip()
        if line.cells or not texts:
            texts.append(cells)
        else:
            texts[-1] = [f"{a} {b}".strip() for a, b in zip(texts[-1], cells, strict=True)]
    for row in texts:
        yield Block(Kind.ROW, " ".join(row), 0, tuple(row))


def _nearest(cell: Line, columns: Sequence[tuple[float, float]]) -> int:
    middle = (cell.left + cell.right) / 2
    return min(range(len(columns)), key=lambda i: abs(sum(columns[i]) / 2 - middle))
