"""How sheets of a workbook (XLSX) are laid out: hidden rows and columns, merged cells, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcebot.adding.grid import Merged
from sourcebot.adding.zipped import bytes_of, has, targets_of, tree_of

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

_BOOK = "xl/workbook.xml"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ROW = re.compile(rb"<(?:\w+:)?row\b([^<>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^<>]*)>")
_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\b[^<>]*\bref=\"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\""
)
_ATTRIBUTE = re.compile(rb"\b(r|min|max|hidden)=\"([^\"<>]{0,12})\"")
_ON = {b"1", b"true"}
_MOST_COLUMNS = 16_384
_MOST_MERGED = 20_000


@dataclass(frozen=True, slots=True)
class Layout:
    """What a sheet hides and merges, by numbers of rows and columns from 0; ``notes`` counts."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()
    merged: tuple[Merged, ...] = ()
    notes: int = 0


def layouts_of(archive: zipfile.ZipFile) -> dict[str, Layout]:
    """Return the layout of each sheet by its name; of sheets that cannot be found none."""
    if not has(archive, _BOOK):
        return {}
    parts = targets_of(archive, _BOOK)
    found: dict[str, Layout] = {}
    for sheet in tree_of(archive, _BOOK).iter("{*}sheet"):
        part = parts.get(str(sheet.get(_RELATION)), "")
        if has(archive, part):
            found[str(sheet.get("name"))] = _layout(archive, part)
    return found


def _layout(archive: zipfile.ZipFile, part: str) -> Layout:
    data = bytes_of(archive, part)
    notes = sum(
        sum(1 for _ in tree_of(archive, target).iter("{*}comment", "{*}threadedComment"))
        for target in _comments(list(targets_of(archive, part).values()))
        if has(archive, target)
    )
    return Layout(
        frozenset(_hidden_rows(data)),
        frozenset(_hidden_columns(data)),
        tuple(merged_cells(data)),
        notes,
    )


def _comments(targets: list[str]) -> list[str]:
    """Return the parts that hold a sheet's comments; threaded ones stand twice in a file."""
    threaded = [target for target in targets if "threadedComment" in target]
    return threaded or [target for target in targets if re.search(r"comments?\d*\.xml$", target)]


def _hidden_rows(data: bytes) -> Iterator[int]:
    number = -1
    for row in _ROW.finditer(data):
        said = dict(_ATTRIBUTE.findall(row[1]))
        number = int(said[b"r"]) - 1 if said.get(b"r", b"").isdigit() else number + 1
        if said.get(b"hidden") in _ON:
            yield number


def _hidden_columns(data: bytes) -> Iterator[int]:
    for column in _COLUMN.finditer(data):
        said = dict(_ATTRIBUTE.findall(column[1]))
        first, last = said.get(b"min", b""), said.get(b"max", b"")
        if said.get(b"hidden") in _ON and first.isdigit() and last.isdigit():
            yield from range(int(first) - 1, min(int(last), _MOST_COLUMNS))


def merged_cells(data: bytes) -> Iterator[Merged]:
    """Yield the merged cells of a sheet, given as its XML."""
    for number, found in enumerate(_MERGED.finditer(data)):
        if number >= _MOST_MERGED:
            return
        left, top, right, bottom = found.groups()
        yield Merged(int(top) - 1, column_of(left), int(bottom) - 1, column_of(right))


def column_of(letters: bytes) -> int:
    """Return the number of a column, from 0, by its letters."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1
