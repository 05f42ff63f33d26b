"""Glyphs -> segments (runs of words with nothing wide between them) and lines."""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sourcebot.adding.pdf.glyphs import Glyph

_SAME_LINE = 0.3
"""Baselines that differ by less, in sizes of the type, are of one line."""

_RAISED = 0.65
_SMALL = 0.85
"""Smaller type by this factor may stand higher or lower within a line, by ``_RAISED`` sizes."""

_GAP = 1.0
_GAP_IN_RUN = 2.2
"""Wider gaps part segments, in sizes; within one text object words may be spread to fill a line."""

_SPACE = 0.13
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_SHAPED = re.compile("[\ufb1d-\ufdff\ufe70-\ufefc]")
"""Letters in the shape that they have in their place, which stand for the letters."""

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, or a part of one. Lengths are in points; ``y`` is that of the baseline.

    ``size`` and ``bold`` are those of most of its letters; ``cells`` are its parts from left to
    right where wide gaps stand between them, else it is empty.
    """

    text: str
    left: float
    right: float
    y: float
    size: float
    bold: bool = False
    cells: tuple[Line, ...] = ()


def segments_of(glyphs: Iterable[Glyph]) -> dict[int, list[Line]]:
    """Return the segments of a page by the angle of their text, what is drawn twice once."""
    found: dict[int, list[Line]] = {}
    seen: set[tuple[str, int, int]] = set()
    glyphs = list(glyphs)
    # Where most of a page seems to be bold, its fonts do not state their strokes rightly.
    guessed = 2 * sum(glyph.type.heavy for glyph in glyphs) < len(glyphs)
    for run in _runs(glyphs):
        line = _line(run, guessed=guessed)
        place = (line.text, round(line.left / 2), round(line.y / 2))
        if line.text and place not in seen:
            seen.add(place)
            found.setdefault(run[0].type.angle, []).append(line)
    return found


def _runs(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """Yield runs of glyphs that follow one another on a line."""
    run: list[Glyph] = []
    base: Glyph | None = None
    for glyph in glyphs:
        if run and base and not _follows(run[-1], base, glyph):
            yield run
            run, base = [], None
        if base is None or glyph.type.size > base.type.size:
            base = glyph
        run.append(glyph)
    if run:
        yield run


def _follows(before: Glyph, base: Glyph, glyph: Glyph) -> bool:
    """Return whether a glyph goes on the line of ``before``, whose largest glyph is ``base``."""
    # Most glyphs are set like the one before: this costs a fifth of what follows.
    if glyph.type is base.type and glyph.y == base.y:
        gap = glyph.left - before.right
        if before.type is base.type and 0 <= gap <= _GAP * base.type.size:
            return True
    if glyph.type.angle != before.type.angle:
        return False
    size = max(base.type.size, glyph.type.size)
    least = min(base.type.size, glyph.type.size)
    # A letter several times as large as its neighbours is an initial over several lines.
    if size > 1.8 * least and base.text.isalpha() and glyph.text.isalpha():
        return False
    offset = abs(glyph.y - base.y)
    if offset > _SAME_LINE * least and (least > _SMALL * size or offset > _RAISED * size):
        return False
    gap = glyph.left - before.right
    if _RIGHT_TO_LEFT.match(glyph.text) and gap < 0:
        gap = before.left - glyph.right
    limit = _GAP_IN_RUN if glyph.run == before.run else _GAP
    return -0.5 * size <= gap <= limit * size


def _line(run: Sequence[Glyph], *, guessed: bool) -> Line:
    """Return the glyphs as a line; ``guessed`` says whether heavy strokes are bold type."""
    sizes: Counter[float] = Counter()
    for glyph in run:
        sizes[glyph.type.size] += 1
    size = max(sizes, key=lambda s: (sizes[s], s))
    usual = [g for g in run if g.type.size == size]
    y = statistics.median(g.y for g in usual)
    text = ""
    for word in _words(run):
        text += " " if text else ""
        for glyph in word:
            raised = glyph.type.size < _SMALL * size and glyph.y > y + 0.15 * size
            text += glyph.text.translate(_SUPERSCRIPTS) if raised and text else glyph.text
    if _SHAPED.search(text):
        text = _SHAPED.sub(lambda letter: unicodedata.normalize("NFKC", letter[0]), text)
    return Line(
        " ".join(text.split()),
        min(g.left for g in run),
        max(g.right for g in run),
        y,
        size,
        sum(g.type.bold or (guessed and g.type.heavy) for g in run) > 0.97 * len(run),
    )


def _words(run: Sequence[Glyph]) -> list[list[Glyph]]:
    """Return the words of a run; those of a script that is written leftwards by their places."""
    words: list[list[Glyph]] = []
    for glyph in run:
        if glyph.spaced or not words:
            words.append([])
        words[-1].append(glyph)
    back = len(_RIGHT_TO_LEFT.findall("".join(glyph.text for glyph in run)))
    if back > 0.5 * len(run):
        words.sort(key=lambda word: -max(glyph.right for glyph in word))
    return words


def rows_of(segments: Iterable[Line]) -> list[list[Line]]:
    """Return segments by baselines, from top to bottom, each row from left to right."""
    rows: list[list[Line]] = []
    for segment in sorted(segments, key=lambda s: -s.y):
        same = _SAME_LINE * min(segment.size, rows[-1][0].size) if rows else 0
        if rows and rows[-1][0].y - segment.y <= same:
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [_in_order(row) for row in rows]


def _in_order(row: Sequence[Line]) -> list[Line]:
    """Return the segments of a row from left to right, or as its script is written."""
    ordered = sorted(row, key=lambda s: s.left)
    letters = "".join(s.text for s in row)
    back = len(_RIGHT_TO_LEFT.findall(letters))
    return ordered[::-1] if back and back > 0.5 * sum(map(str.isalpha, letters)) else ordered


def merged(row: Sequence[Line]) -> Line:
    """Return a row as one line; its parts are kept as cells where wide gaps stand between."""
    parts: list[Line] = []
    for segment in row:
        gap = _gap(parts[-1], segment) if parts else 0
        if parts and gap <= _GAP * max(segment.size, parts[-1].size):
            parts[-1] = _joined(parts[-1], segment)
        else:
            parts.append(segment)
    whole = parts[0]
    for part in parts[1:]:
        whole = _joined(whole, part)
    return replace(whole, cells=tuple(parts)) if len(parts) > 1 else whole


def _gap(one: Line, other: Line) -> float:
    """Return what stands between two parts of a row, whichever is on the left."""
    return max(other.left - one.right, one.left - other.right)


def _joined(one: Line, other: Line) -> Line:
    larger = max(one, other, key=lambda line: (len(line.text), line.size))
    space = " " if _gap(one, other) > _SPACE * larger.size else ""
    return Line(
        f"{one.text}{space}{other.text}",
        min(one.left, other.left),
        max(one.right, other.right),
        larger.y,
        larger.size,
        one.bold and other.bold,
    )
