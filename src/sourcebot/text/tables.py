"""Rows of tables: their cells with their places, and as one line that can be read.

A row is read together with the header of its table: "Bridge: Kaiser Bridge · Built: 1894". Every
word of that stands in the article; each cell has its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcebot.types import Cell, Excerpt, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.types import Paragraph, Table

_BETWEEN = " · "
_OF = ": "
_DIVIDERS = {"|": re.compile(r"(?<!\\)\|"), "\t": re.compile(r"\t+")}
_DIGIT = re.compile(r"\d")
_YEARS = re.compile(r"(?:1\d|20)\d\d(?:\s?[–/-]\s?\d{2,4})?")
_PROPER = re.compile(r"[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)+")
_KEYED = 2
"""Columns of a table whose rows are a name and what belongs to it, needing no header."""


@dataclass(frozen=True, slots=True)
class Readable:
    """A row as a line of text.

    ``cells`` are (place in ``text``, its span in the article) of each cell's own words, in order;
    before and between them stand words of the header and signs of ours.
    """

    text: str
    cells: tuple[tuple[int, Span], ...]

    def place(self, start: int, end: int) -> Span:
        """Return where in the article the words from ``start`` to ``end`` of ``text`` stand.

        Words of several cells give all between the first and the last; words of the header
        alone give the cell below them.
        """
        touched = [
            Span(span.start + max(0, start - at), span.start + min(len(span), end - at))
            for at, span in self.cells
            if start < at + len(span) and at < end
        ]
        if not touched:
            below = [span for at, span in self.cells if at >= start]
            return below[0] if below else self.cells[-1][1]
        return Span(touched[0].start, touched[-1].end)

    def shown(self, span: Span) -> tuple[int, int]:
        """Return the range of ``text`` that shows a span of the article."""
        met = [
            (at + max(0, span.start - own.start), at + min(len(own), span.end - own.start))
            for at, own in self.cells
            if own.start < span.end and span.start < own.end
        ]
        return (met[0][0], met[-1][1]) if met else (0, 0)


def cells_in(row: str, start: int, divider: str) -> tuple[Excerpt, ...]:
    """Return the cells of a row that begins at ``start`` in the article, empty ones included.

    A stroke at either end of the row parts nothing.
    """
    bounds = [0, *(place for m in _DIVIDERS[divider].finditer(row) for place in m.span()), len(row)]
    pieces = [Span(*pair) for pair in zip(bounds[::2], bounds[1::2], strict=True)]
    if divider == "|" and len(pieces) > 1:
        pieces = pieces[not pieces[0].of(row).strip() :]
        pieces = pieces[: len(pieces) - (not pieces[-1].of(row).strip())]
    return tuple(_trimmed(row, piece, start) for piece in pieces)


def _trimmed(row: str, piece: Span, start: int) -> Excerpt:
    words = piece.of(row)
    place = start + piece.start + len(words) - len(words.lstrip())
    return Excerpt(words.strip(), Span(place, place + len(words.strip())))


def cells_of(row: str, start: int, table: Table) -> tuple[Cell, ...]:
    """Return the cells of a row that hold something, each with the cell of the header above it."""
    found = []
    for column, cell in enumerate(cells_in(row, start, table.divider)):
        header = table.header[column] if column < len(table.header) else None
        if cell.text:
            found.append(Cell(cell, header if header and header.text else None))
    return tuple(found)


def readable(cells: Sequence[Cell]) -> Readable:
    """Return the cells of a row, at least one, as a line: "Built: 1894 · Length: 298 m".

    Without a header two cells are a name and what belongs to it: "Length: 298 m".
    """
    text = ""
    places: list[tuple[int, Span]] = []
    keyed = len(cells) == _KEYED and not any(cell.header for cell in cells)
    for cell in cells:
        if text:
            text += _OF if keyed else _BETWEEN
        if cell.header:
            text += " ".join(cell.header.text.split()) + _OF
        places.append((len(text), cell.value.span))
        text += cell.value.text
    return Readable(text, tuple(places))


def as_read(paragraph: Paragraph, sentence: Span) -> Readable:
    """Return a sentence of a paragraph as it is to be read: the row of a table as a line."""
    text = paragraph.sentence_text(sentence)
    cells = cells_of(text, sentence.start, paragraph.table) if paragraph.table else ()
    return readable(cells) if cells else Readable(text, ((0, sentence),))


def is_header(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row of a table is its header rather than data like the others.

    It is data where its cells have figures as those below them have, or where a table of two
    columns has a figure or a proper name in it. Years may be headers of columns of figures.
    """
    for column, head in enumerate(first):
        below = [row[column] for row in rows if column < len(row) and row[column]]
        figures = sum(bool(_DIGIT.search(cell)) for cell in below)
        if not _DIGIT.search(head) or not below:
            continue
        years = sum(bool(_YEARS.fullmatch(cell)) for cell in below)
        if 2 * figures > len(below) and (not _YEARS.fullmatch(head) or 2 * years > len(below)):
            return False
    if len(first) == _KEYED:
        return not (_PROPER.fullmatch(first[1]) or _DIGIT.search(first[1]))
    return any(first)
