"""Lines that are rows of a table -> a block that knows its header."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from sourcebot.articles.questions import Block
from sourcebot.text.sentences import MAX_SENTENCE
from sourcebot.text.tables import cells_in, is_header
from sourcebot.types import Span, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MARKS = re.compile(r"[\s>]*")
_RULE = re.compile(r"[|:\s+=-]*-[|:\s+=-]*")
_LEAST_ROWS = 2
_LEAST_STROKES = 2


def table_block(text: str, lines: Sequence[Span], divider: str) -> Block | None:
    """Return a table whose rows stand on ``lines``, None when it is none that can be read.

    The header is no piece of it; a first row that is data like the others is.
    """
    rows = [row for line in lines if (row := _row(text, line, divider))]
    cells = [[cell.text for cell in cells_in(r.of(text), r.start, divider)] for r in rows]
    if not rows or max(map(len, rows)) > MAX_SENTENCE or max(map(len, cells)) < _LEAST_ROWS:
        return None
    headed = rows[0].start < lines[0].end  # an empty first row says that there is no header
    if len(rows) < _LEAST_ROWS or not headed or not is_header(cells[0], cells[1:]):
        return Block(tuple(rows), table=Table(divider))
    header = cells_in(rows[0].of(text), rows[0].start, divider)
    return Block(tuple(rows[1:]), table=Table(divider, header))


def _row(text: str, line: Span, divider: str) -> Span | None:
    """Return a row without the strokes at its ends, None when it holds nothing.

    Where its first cell is empty the stroke before it stays, so that no cell changes its column.
    """
    mark = _MARKS.match(text, line.start, line.end) if divider == "|" else None
    start = mark.end() if mark else line.start
    cells = cells_in(text[start : line.end], start, divider)
    filled = [cell for cell in cells if cell.text]
    if not filled:
        return None
    return Span(cells[0].span.start if cells[0].text else start, filled[-1].span.end)


def text_tables(text: str, lines: Sequence[Span]) -> Iterator[tuple[Block | None, list[Span]]]:
    """Yield runs of lines of plain text, those that are tables as blocks.

    These are lines with as many tabs, or at least two strokes, as their neighbours have.
    """
    for (divider, _), run in groupby(lines, key=lambda line: _divided(line.of(text))):
        rows = list(run)
        table = None
        if divider and len(rows) >= _LEAST_ROWS:
            data = [row for row in rows if not _RULE.fullmatch(row.of(text))]
            table = table_block(text, data, divider)
        yield table, rows


def _divided(line: str) -> tuple[str, int]:
    """Return what parts a line's cells and how often, ("", 0) when it has none."""
    tabs = len(re.findall(r"\S\t+(?=\S)", line))
    if tabs:
        return "\t", tabs
    strokes = line.count("|")
    return ("|", strokes) if strokes >= _LEAST_STROKES else ("", 0)
