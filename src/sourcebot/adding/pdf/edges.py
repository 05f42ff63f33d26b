"""What stands beside the text of a page: running heads and feet, page and line numbers.

All of it is told by comparing pages: a running head stands at the same height on several of them,
page numbers grow with the pages, line numbers with the lines. Lines of the text that are the same
on every page, as those of a form, stand among others and are kept.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from sourcebot.adding.pdf.lines import rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.adding.pdf.lines import Line

    Row = list[Line]

_EDGE_ROWS = 3
_ZONE = 0.14
"""The part of a page's height, at its top and at its bottom, in which running heads stand."""

_ISOLATED = 1.3
"""A running head stands this many line heights from the text, or is set in another size."""

_LEAST_NUMBERS = 4
_NO_LETTERS = re.compile(r"[\W\d_]+")
_NUMBER = re.compile(
    r"(?:(?:page|seite|p\.|pag\.|página|страница)\s?)?(?:[-–—|·•\[(]\s?)?"
    r"(?P<number>\d{1,5}|[ivxlcdm]{1,8})"
    r"(?:\s?[-–—|·•\])])?(?:\s?(?:of|von|de|sur|/)\s?\d{1,5})?",
    re.IGNORECASE,
)
_LINE_NUMBER = re.compile(r"(\d{1,4})(?=\s|$)")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def without_edges(pages: Sequence[list[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """Return the segments of pages without running heads and feet and page numbers."""
    rows = [rows_of(page) for page in pages]
    pitch = _median([step for page in rows for step in _steps(page)])
    size = _usual_size(pages)
    judged = list(zip(rows, heights, strict=True))
    tops = [_edge(page, height, pitch, size, top=True) for page, height in judged]
    feet = [_edge(page, height, pitch, size, top=False) for page, height in judged]
    found: list[list[Line]] = []
    for number, page in enumerate(pages):
        gone = {id(line) for rows in (tops, feet) for row in _running(rows, number) for line in row}
        found.append([line for line in page if id(line) not in gone])
    return found


def _edge(
    rows: Sequence[Row], height: float, pitch: float, usual: float, *, top: bool
) -> list[Row]:
    """Return the rows in the zone at one edge that may be running ones, from the edge inwards.

    ``pitch`` is the usual distance of baselines, ``usual`` the size of most letters.
    """
    ordered = rows if top else rows[::-1]
    limit = height * (1 - _ZONE) if top else height * _ZONE
    found: list[Row] = []
    for index, row in enumerate(ordered[:_EDGE_ROWS]):
        if (row[0].y < limit) if top else (row[0].y > limit):
            break
        found.append(row)
        inner = ordered[index + 1] if index + 1 < len(ordered) else None
        distance = abs(row[0].y - inner[0].y) if inner else height
        apart = distance > _ISOLATED * pitch
        other = abs(row[0].size - usual) > 0.08 * usual
        if apart or other:
            continue
        # Nothing parts it from the text, so it and what follows belong to the text.
        found.pop()
        break
    return found


def _running(edges: Sequence[list[Row]], number: int) -> list[Row]:
    """Return the rows at the edge of one page that are repeated or numbered on others."""
    return [
        row
        for row in edges[number]
        if _is_numbered(row, edges, number) or _is_repeated(row, edges, number)
    ]


def _is_repeated(row: Row, edges: Sequence[list[Row]], number: int) -> bool:
    """Return whether the row's words stand at the same height on a page near by.

    Odd and even pages have heads of their own, and a chapter's head ends with it.
    """
    shape, words = _shape(row), _NO_LETTERS.sub("", _text(row))
    if not words:
        return False
    near = [
        edges[n] for n in range(max(0, number - 4), number + 5) if n != number and n < len(edges)
    ]
    return any(
        _shape(other) == shape and abs(other[0].y - row[0].y) < 0.6 * row[0].size
        for rows in near
        for other in rows
    )


def _is_numbered(row: Row, edges: Sequence[list[Row]], number: int) -> bool:
    """Return whether a row is a number that grows with the pages."""
    value = _value(_text(row))
    if value is None:
        return False
    for step in (-2, -1, 1, 2):
        others = edges[number + step] if 0 <= number + step < len(edges) else []
        if any(value + step in _values(other) for other in others):
            return True
    return len(edges) == 1 or value == number + 1


def _values(row: Row) -> set[int | None]:
    """Return the numbers that a row consists of, begins or ends with."""
    text = _text(row)
    first, last = text.split(maxsplit=1)[0], text.rsplit(maxsplit=1)[-1]
    return {_value(text), _value(row[0].text), _value(row[-1].text), _value(first), _value(last)}


def _value(text: str) -> int | None:
    """Return the number that a line consists of, Arabic or Roman, or None."""
    found = _NUMBER.fullmatch(text.strip())
    if not found:
        return None
    number = found["number"]
    if number.isdigit():
        return int(number)
    values = [_ROMAN[letter] for letter in number.lower()]
    after = [*values[1:], 0]
    return sum(-v if v < n else v for v, n in zip(values, after, strict=True))


def _shape(row: Row) -> str:
    return _NO_LETTERS.sub(" ", _text(row).casefold()).strip()


def _text(row: Row) -> str:
    return " ".join(line.text for line in row)


def without_line_numbers(page: list[Line]) -> list[Line]:
    """Return the segments of a page without the numbers of its lines in a margin."""
    if len(page) < _LEAST_NUMBERS:
        return page
    alone = [line for line in page if line.text.isdigit()]
    for column in _aligned(alone):
        others = [line for line in page if line not in column]
        edge = _common([round(line.left) for line in others])
        end = max((line.right for line in others), default=0.0)
        outside = all(line.right <= edge for line in column) or all(
            line.left >= end for line in column
        )
        if outside and _counts([int(line.text) for line in column]):
            return others
    return _without_leading(page)


def _aligned(numbers: Sequence[Line]) -> list[list[Line]]:
    """Return numbers that stand below one another, by their right or left edges."""
    groups: dict[tuple[str, int], list[Line]] = {}
    for line in numbers:
        for name, edge in (("left", line.left), ("right", line.right)):
            groups.setdefault((name, round(edge / 4)), []).append(line)
    found = [sorted(group, key=lambda line: -line.y) for group in groups.values()]
    return sorted((g for g in found if len(g) >= _LEAST_NUMBERS), key=len, reverse=True)


def _counts(values: Sequence[int]) -> bool:
    """Return whether numbers grow by the same step, or two steps at places left out."""
    steps = [b - a for a, b in itertools.pairwise(values)]
    usual = Counter(steps).most_common(1)[0][0]
    return usual > 0 and all(step > 0 and step % usual == 0 for step in steps)


def _without_leading(page: list[Line]) -> list[Line]:
    """Return segments without numbers at their very beginnings that count all lines."""
    rows = rows_of(page)
    found: list[tuple[Line, int, re.Match[str]]] = []
    for row in rows:
        number = _LINE_NUMBER.match(row[0].text)
        if number and (len(row) > 1 or len(row[0].text) > number.end()):
            found.append((row[0], int(number[1]), number))
    values = [value for _, value, _ in found]
    same = len({round(line.left / 6) for line, _, _ in found}) <= 2
    most = len(found) >= max(2 * _LEAST_NUMBERS, 0.8 * len(rows)) and _counts(values)
    if not same or not (most or _count_rows(rows, found)):
        return page
    cut = {id(line): number for line, _, number in found}
    plain = [
        replace(line, text=line.text[cut[id(line)].end() :].strip()) if id(line) in cut else line
        for line in page
    ]
    return [line for line in plain if line.text]


def _count_rows(rows: Sequence[Row], found: Sequence[tuple[Line, int, re.Match[str]]]) -> bool:
    """Return whether numbers stand left of the text and count its lines, such as every fifth."""
    if len(found) < _LEAST_NUMBERS:
        return False
    numbered = {id(line) for line, _, _ in found}
    edge = _common([round(row[0].left) for row in rows if id(row[0]) not in numbered])
    if any(line.left > edge - line.size for line, _, _ in found):
        return False
    places = {id(row[0]): place for place, row in enumerate(rows)}
    behind = {value - places[id(line)] for line, value, _ in found}
    return len(behind) == 1


def _common(edges: Sequence[int]) -> float:
    """Return the left edge that most lines share."""
    return Counter(edges).most_common(1)[0][0] if edges else 0.0


def _steps(rows: Sequence[Row]) -> list[float]:
    """Return the distances of baselines that may be those of lines of text."""
    steps = [(a[0].y - b[0].y, max(a[0].size, b[0].size)) for a, b in itertools.pairwise(rows)]
    return [step for step, size in steps if 0.5 * size < step < 3 * size]


def _usual_size(pages: Sequence[list[Line]]) -> float:
    sizes: Counter[float] = Counter()
    for line in itertools.chain.from_iterable(pages):
        sizes[line.size] += len(line.text)
    return max(sizes, key=lambda size: sizes[size]) if sizes else 0.0


def _median(values: Sequence[float]) -> float:
    return statistics.median(values) if values else 0.0
