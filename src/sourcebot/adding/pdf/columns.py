"""Segments of a page -> regions in reading order: columns one after the other, from left to right.

A recursive cut: the longest run of lines that leave a gutter free is read column by column, what
stands above it before, what stands below it after. Tables have gutters too; they are told from
columns of prose by few words a cell and by rows that share their baselines.
"""

from __future__ import annotations

import statistics
from collections import Counter
from typing import TYPE_CHECKING

from sourcebot.adding.pdf.lines import merged, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sourcebot.adding.pdf.lines import Line

_FEWEST = 3
"""Fewer lines are no column."""

_GUTTER = 0.55
"""Least width of a gutter, in sizes of the type."""

_PROSE_WORDS = 3.5
_SHARED = 0.6
_CELLS = 1.6
"""More segments a line on average are the cells of a table."""

_SEVERAL = 3
_FEWEST_ALIKE = 5
_ALIGNED = 0.8
_GOING_ON = 0.35
"""Of the lines of a column of prose so many begin within a sentence."""

_STEP = 3.0
_DEEPEST = 6


def regions_of(segments: Sequence[Line], depth: int = 0) -> Iterator[list[Line]]:
    """Yield the lines of each region of a page, from top to bottom, regions in reading order."""
    if not segments:
        return
    cut = _best_cut(segments) if depth < _DEEPEST and len(segments) >= 2 * _FEWEST else None
    if cut is None:
        yield [merged(row) for row in rows_of(segments)]
        return
    x, top, bottom = cut
    inside = [s for s in segments if bottom <= s.y <= top]
    for part in (
        [s for s in segments if s.y > top],
        [s for s in inside if s.right <= x],
        [s for s in inside if s.right > x],
        [s for s in segments if s.y < bottom],
    ):
        yield from regions_of(part, depth + 1)


def _best_cut(segments: Sequence[Line]) -> tuple[float, float, float] | None:
    """Return where to cut: the gutter's place, the highest and the lowest baseline beside it."""
    ordered = sorted(segments, key=lambda s: -s.y)
    starts: Counter[int] = Counter(round(s.left / _STEP) for s in ordered)
    least = min(s.left for s in ordered)
    best: tuple[int, float, float, float] | None = None
    for step, count in starts.items():
        x = step * _STEP - _STEP
        if count < _FEWEST or x <= least + _STEP:
            continue
        for run in _free_runs(ordered, x):
            if (best is None or len(run) > best[0]) and _are_columns(run, x):
                best = (len(run), x, run[0].y, run[-1].y)
    return best[1:] if best else None


def _free_runs(ordered: Sequence[Line], x: float) -> Iterator[list[Line]]:
    """Yield the longest runs of segments, from top to bottom, none of which crosses ``x``.

    They begin and end where something stands on both sides, so that what is set over the whole
    width but is short stays out.
    """
    run: list[Line] = []
    for segment in ordered:
        if segment.left < x < segment.right:
            # What crosses takes the rest of its row with it.
            while run and abs(run[-1].y - segment.y) < 1:
                run.pop()
            yield run
            run = []
        else:
            run.append(segment)
    yield run


def _are_columns(run: Sequence[Line], x: float) -> bool:
    """Return whether what stands on both sides of ``x`` are columns of prose."""
    left = [s for s in run if s.right <= x]
    right = [s for s in run if s.left >= x]
    rows = [rows_of(side) for side in (left, right)]
    if len(left) + len(right) < len(run) or min(map(len, rows)) < _FEWEST:
        return False
    size = statistics.median(s.size for s in run)
    if min(s.left for s in right) - max(s.right for s in left) < _GUTTER * size:
        return False
    if (
        max(len(side) / len(lines) for side, lines in zip((left, right), rows, strict=True))
        > _CELLS
    ):
        return _are_several(run)
    words = [statistics.median(len(s.text.split()) for s in side) for side in (left, right)]
    if min(words) >= _PROSE_WORDS:
        return True
    if max(words) < _PROSE_WORDS:
        return False
    few, many = sorted(rows, key=len)
    levels = [row[0].y for row in many]
    shared = sum(any(abs(row[0].y - level) < 0.3 * size for level in levels) for row in few)
    return shared < _SHARED * len(few)


def _are_several(run: Sequence[Line]) -> bool:
    """Return whether all that stands side by side are columns of prose, more than two.

    Lines of prose go on from one to the next; cells of a table mostly do not.
    """
    columns: dict[int, list[Line]] = {}
    for segment in run:
        columns.setdefault(round(segment.left / _STEP), []).append(segment)
    found = [column for column in columns.values() if len(column) >= _FEWEST_ALIKE]
    if len(found) < _SEVERAL or sum(map(len, found)) < _ALIGNED * len(run):
        return False
    return all(
        statistics.median(len(s.text.split()) for s in column) >= _PROSE_WORDS
        and sum(s.text[:1].islower() for s in column) >= _GOING_ON * len(column)
        for column in found
    )
