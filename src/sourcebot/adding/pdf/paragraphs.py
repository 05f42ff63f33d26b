"""Lines of a region -> blocks: paragraphs, headings, items, rows of tables and footnotes."""

from __future__ import annotations

import itertools
import re
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcebot.adding.blocks import Block, Kind
from sourcebot.adding.pdf.tables import table_blocks, table_runs
from sourcebot.text.hyphenation import joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sourcebot.adding.pdf.lines import Line

ENDS = re.compile(r"[.!?:;…。！？][\"'”’»)\]⁰¹²³⁴⁵⁶⁷⁸⁹]*$")
_BULLET = re.compile(r"[•▪‣◦·●–—*■□➢✓-]\s+(?=[^\W_]|[\"“„«(\[])")
_ITEM = re.compile(r"(?:\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]|§\s?\d+)\s+\S", re.IGNORECASE)
_NOTE = re.compile(r"(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\d{1,3}|[*†‡§¶]+|\([a-z\d]\))[.)]?\s?\S")
LABEL = re.compile(r"[^\W\d_][^.!?:;,()]{0,30}:\s+\S")
"""A field of a form with what is filled in: each stands on a line of its own."""

_HEADING_SIZE = 1.12
_MOST_HEADING = 120
_NOTE_SIZE = 0.93
_SHORT_LINE = 0.3
"""A bold line that leaves so much of the width free is a heading, where a sentence ended before."""

_OTHER_SIZE = 1.12


@dataclass(frozen=True, slots=True)
class Style:
    """What is usual in a document.

    ``size`` of its text and ``pitch``, the distance of its baselines in sizes; ``known`` are its
    words in small letters and ``language`` is its ISO 639 code, or "".
    """

    size: float
    pitch: float
    language: str
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class Piece:
    """A block with what tells whether the next one goes on where it ends.

    ``full`` says that its last line reaches the end of its column, which is ``width`` wide, and
    ``note`` that it is a footnote.
    """

    block: Block
    size: float
    full: bool = False
    note: bool = False
    width: float = 0.0


def pieces_of(lines: Sequence[Line], style: Style) -> Iterator[Piece]:
    """Yield the blocks of a region in reading order."""
    tables = dict(table_runs(lines))
    edge = (min((s.left for s in lines), default=0.0), max((s.right for s in lines), default=0.0))
    index, run = 0, list["Line"]()
    while index < len(lines):
        if index in tables:
            yield from _paragraphs(run, edge, style)
            run = []
            for block in table_blocks(lines[index : tables[index]]):
                yield Piece(block, style.size)
            index = tables[index]
        else:
            run.append(lines[index])
            index += 1
    yield from _paragraphs(run, edge, style)


def _paragraphs(lines: Sequence[Line], edge: tuple[float, float], style: Style) -> Iterator[Piece]:
    pitch = _pitch(lines, style)
    run: list[Line] = []
    for line in lines:
        if run and _parts(run, line, edge, pitch):
            yield _piece(run, edge, style)
            run = []
        run.append(line)
    if run:
        yield _piece(run, edge, style)


def _parts(run: Sequence[Line], line: Line, edge: tuple[float, float], pitch: float) -> bool:
    """Return whether a paragraph ends between the lines of ``run`` and ``line``."""
    before = run[-1]
    size = max(before.size, line.size)
    if size > _OTHER_SIZE * min(before.size, line.size) or _BULLET.match(line.text):
        return True
    if before.y - line.y > pitch * size + 0.4 * size:
        return True
    if LABEL.match(line.text) and LABEL.match(run[0].text):
        return True
    ended = bool(ENDS.search(before.text))
    indented = line.left > max(before.left, edge[0]) + 0.6 * size
    alone = edge[1] - line.right > _SHORT_LINE * (edge[1] - edge[0])
    heading = alone and line.bold and not before.bold
    if ended and (indented or heading or _ITEM.match(line.text)):
        return True
    if line.text[:1].islower() or before.text.endswith("-"):
        return False
    # Had the break not been meant, the line's first word would have stood on the line before.
    first = line.text.split(maxsplit=1)[0]
    needed = (line.right - line.left) / max(1, len(line.text)) * (len(first) + 1)
    if not ended and before.bold and not line.bold and len(run) == 1:
        needed += size
    elif not ended:
        needed = max(needed + size, 0.3 * (edge[1] - edge[0]))
    else:
        needed += 0.5 * size
    return edge[1] - before.right > needed


def _piece(lines: Sequence[Line], edge: tuple[float, float], style: Style) -> Piece:
    text = ""
    for line in lines:
        text = joined(text, line.text, style.language, style.known)
    size = statistics.median(line.size for line in lines)
    full = lines[-1].right > edge[1] - 0.12 * (edge[1] - edge[0])
    bold = all(line.bold for line in lines)
    short = len(text) <= _MOST_HEADING and any(map(str.isalpha, text))
    large = size >= _HEADING_SIZE * style.size
    if short and (large or (bold and len(lines) <= 2 and not ENDS.search(text))):
        return Piece(Block(Kind.HEADING, text, 2 if large else 3), size)
    width = edge[1] - edge[0]
    note = size < _NOTE_SIZE * style.size and bool(_NOTE.match(text))
    if not note and (bullet := _BULLET.match(text)):
        return Piece(Block(Kind.ITEM, text[bullet.end() :]), size, full, width=width)
    return Piece(Block(Kind.PARAGRAPH, text), size, full, note, width)


def _pitch(lines: Sequence[Line], style: Style) -> float:
    """Return the usual distance of baselines within a region, in sizes of the type."""
    steps = [
        (a.y - b.y) / max(a.size, b.size)
        for a, b in itertools.pairwise(lines)
        if max(a.size, b.size) < _OTHER_SIZE * min(a.size, b.size)
    ]
    usual = [step for step in steps if 0.7 < step < 2.6]
    return statistics.median_low(usual) if len(usual) > 1 else style.pitch
