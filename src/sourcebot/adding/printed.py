"""A tree of HTML -> what its reader sees: nothing struck through, figures raised, cells spread.

Without marks of layout "<del>30</del>35" would say 3035, "10<sup>2</sup>" 102, and a cell that
spans several rows would leave the others below headers that are not theirs.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING

from sourcebot.adding.blocks import cleaned
from sourcebot.text.display import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_STRUCK = {"del", "s", "strike"}
_MOST_STRUCK = 0.5
"""A page with a larger share of its words struck through has most often forgotten to end that."""

_RAISED = re.compile(r"[+\-−]?\d{1,4}(?:\s?[,;–-]\s?\d{1,4})*")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SIGNS = str.maketrans("+-−", "⁺⁻⁻")
_MOST_SPREAD = 50
_LONGEST_CELL = 300
"""Longer cells, in code points, are places on a page rather than figures."""

_SHOWN = 60


def as_printed(tree: _Element) -> tuple[str, ...]:
    """Change a tree into what a reader of it sees, and return remarks on what was left out."""
    for raised in _named(tree, {"sup"}):
        _raise(raised)
    for table in _named(tree, {"table"}):
        _spread(table)
    return _without_struck(tree)


def _without_struck(tree: _Element) -> tuple[str, ...]:
    struck = [e for e in _named(tree, _STRUCK) if not any(map(_is_struck, e.iterancestors()))]
    words = [cleaned(_text(element)) for element in struck]
    count = sum(len(text.split()) for text in words)
    if not count or count > _MOST_STRUCK * len(_text(tree).split()):
        return ()
    for element in struck:
        _drop(element)
    said = " … ".join(filter(None, words))
    shown = said if len(said) <= _SHOWN else f"{said[:_SHOWN].rstrip()}…"
    return (f"struck-through text is left out ({counted(count, 'word')}): “{shown}”",)


def _raise(raised: _Element) -> None:
    """Write figures that stand higher, such as exponents and marks of notes, as such."""
    if not _RAISED.fullmatch(_text(raised).strip()):
        return
    for element in raised.iter():
        if isinstance(element.tag, str):
            element.text = _higher(element.text)
        if element is not raised:
            element.tail = _higher(element.tail)


def _higher(text: str | None) -> str | None:
    if not text:
        return text
    sign = re.match(r"\s*[+\-−](?=\d)", text)
    head = sign[0].strip().translate(_SIGNS) if sign else ""
    return head + text[sign.end() if sign else 0 :].translate(_SUPERSCRIPTS)


def _spread(table: _Element) -> None:
    """Repeat cells that span rows, and headers that span columns, so that all stand in columns.

    A header of several rows becomes one.
    """
    rows = [row for row in _named(table, {"tr"}) if _holder(row) is table]
    cells = [[cell for cell in row if _tag(cell) in {"td", "th"}] for row in rows]
    spanning = any(_span(c, "rowspan") > 1 or _span(c, "colspan") > 1 for r in cells for c in r)
    if not spanning or any(map(_is_place, (c for r in cells for c in r))):
        return
    waiting: dict[int, tuple[int, _Element]] = {}
    for number, (row, own) in enumerate(zip(rows, cells, strict=True)):
        if len(own) == 1 and not waiting and _span(own[0], "rowspan") == 1:
            continue  # a title over the whole table
        placed = list(_in_columns(own, waiting, len(rows) - number))
        for cell in own:
            row.remove(cell)
        row.extend(placed)
    _join_headers(rows)


def _in_columns(
    own: list[_Element], waiting: dict[int, tuple[int, _Element]], rows: int
) -> Iterator[_Element]:
    """Yield the cells of a row, with those of rows above that reach down into it."""
    column = 0
    coming = list(own)
    while coming or any(place >= column for place in waiting):
        if column in waiting:
            left, above = waiting.pop(column)
            if left > 1:
                waiting[column] = (left - 1, above)
            yield copy.copy(above)
            column += 1
            continue
        if not coming:
            yield _empty(next(iter(waiting.values()))[1])
            column += 1
            continue
        cell = coming.pop(0)
        down, across = _span(cell, "rowspan"), _span(cell, "colspan")
        for name in ("rowspan", "colspan"):
            cell.attrib.pop(name, None)
        for step in range(across):
            heads = _tag(cell) == "th"
            shown = cell if step == 0 else copy.copy(cell) if heads else _empty(cell)
            shown.tail = None
            waiting.pop(column, None)
            if min(down, rows) > 1:
                waiting[column] = (min(down, rows) - 1, shown)
            yield shown
            column += 1


def _join_headers(rows: list[_Element]) -> None:
    """Make one row of the rows of headers that a table begins with."""
    heads: list[_Element] = []
    for row in rows:
        if len(row) < 2 or any(_tag(cell) != "th" for cell in row):
            break
        heads.append(row)
    if not 1 < len(heads) < len(rows) or len({len(row) for row in heads}) > 1:
        return
    for cells in zip(*heads, strict=True):
        words = dict.fromkeys(filter(None, (cleaned(_text(cell)) for cell in cells)))
        for child in list(cells[0]):
            cells[0].remove(child)
        cells[0].text = " ".join(words)
    for row in heads[1:]:
        _drop(row)


def _span(cell: _Element, name: str) -> int:
    stated = str(cell.get(name) or "1").strip()
    return max(1, min(int(stated), _MOST_SPREAD)) if re.fullmatch(r"\d{1,6}", stated) else 1


def _is_place(cell: _Element) -> bool:
    return len(_text(cell)) > _LONGEST_CELL or bool(_named(cell, {"table"}))


def _holder(row: _Element) -> _Element | None:
    return next((e for e in row.iterancestors() if _tag(e) == "table"), None)


def _empty(cell: _Element) -> _Element:
    return cell.makeelement(cell.tag, {}, None)


def _drop(element: _Element) -> None:
    """Take out an element, but not what follows it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if before is not None:
        before.tail = f"{before.tail or ''}{element.tail or ''}"
    else:
        parent.text = f"{parent.text or ''}{element.tail or ''}"
    parent.remove(element)


def _named(tree: _Element, names: set[str]) -> list[_Element]:
    return [element for element in tree.iter() if element is not tree and _tag(element) in names]


def _is_struck(element: _Element) -> bool:
    return _tag(element) in _STRUCK


def _tag(element: _Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _text(element: _Element) -> str:
    return "".join(str(text) for text in element.itertext())
