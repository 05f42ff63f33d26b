"""Spreadsheets (XLSX) and separated values (CSV) -> drafts: rows with the header above them."""

from __future__ import annotations

import csv
import io
import re
import warnings
from typing import TYPE_CHECKING

from sourcebot.adding.blocks import Block, Kind, cleaned, located, to_markdown
from sourcebot.adding.formats import SAVE_AS_UTF8
from sourcebot.adding.grid import FIGURE, YEAR, Row, Wide, filled, with_one_header
from sourcebot.adding.model import Draft
from sourcebot.adding.number_formats import shown
from sourcebot.adding.sheet_layout import Layout, layouts_of
from sourcebot.adding.stated import believed_author, believed_title
from sourcebot.adding.zipped import bytes_of, check_parts, opened
from sourcebot.articles.decoding import decoded
from sourcebot.errors import ExtractionError
from sourcebot.text.display import counted
from sourcebot.types.locators import LocatorKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from openpyxl import Workbook

MAX_CELLS = 2_000_000
_MAX_COLUMNS = 400
_PARTS = re.compile(r"xl/.*\.xml$")
_NO_RESULT = re.compile(rb"(?:</f>|<f[^>]{0,200}/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_STATED_MARK = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
"""How spreadsheet programs say what parts the cells."""

_DELIMITERS = ",;\t|"


def read_xlsx(source: Path | bytes, name: str) -> Draft:
    """Return the rows of a workbook's sheets; ``name`` is the title of one that has none.

    Raises:
        ExtractionError: when it is protected, damaged, too large or holds no text.
    """
    import openpyxl

    with opened(source) as archive:
        check_parts(archive, _PARTS)
        layouts = layouts_of(archive)
        unknown = sum(
            len(_NO_RESULT.findall(bytes_of(archive, entry.filename)))
            for entry in archive.infolist()
            if entry.filename.startswith("xl/worksheets/")
        )
    stream = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    with stream, warnings.catch_warnings():
        try:
            warnings.simplefilter("ignore")  # of parts that openpyxl leaves out, which no cell is
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            try:
                return _book(book, name, layouts, unknown)
            finally:
                book.close()
        except (ExtractionError, MemoryError):
            raise
        except Exception as error:  # openpyxl raises whatever the parts below it do
            raise ExtractionError(
                f"it is damaged or no workbook: {cleaned(str(error))[:80]}",
                "save it anew, or as CSV",
            ) from error


def _book(book: Workbook, name: str, layouts: Mapping[str, Layout], unknown: int) -> Draft:
    blocks: list[Block] = []
    hidden: list[str] = []
    notes: list[str] = []
    left = MAX_CELLS
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            hidden.append(str(sheet.title))
            continue
        rows: list[Row] = []
        for row in sheet.iter_rows(max_col=_MAX_COLUMNS):
            rows.append(tuple(shown(cell.value, cell.number_format) for cell in row))
            left -= len(row)
            if left < 0:
                raise ExtractionError(f"it holds more than {MAX_CELLS:,} cells", "split it")
        layout = layouts.get(str(sheet.title), Layout())
        blocks.append(located(LocatorKind.SHEET, str(sheet.title)))
        blocks += _tables(_visible(rows, layout), _places(layout))
        notes += _left_out(rows, layout, str(sheet.title))
    title = believed_title(book.properties.title) or name
    if hidden:
        notes.append(f"hidden sheets are left out: {', '.join(hidden)}")
    if unknown:
        formulas = counted(unknown, "formula")
        notes.append(f"{formulas} without a result: open and save it in a spreadsheet program")
    return Draft(
        title=title,
        body=to_markdown(blocks),
        suffix=".xlsx",
        author=believed_author(book.properties.creator),
        notes=tuple(notes),
    )


def _visible(rows: Sequence[Row], layout: Layout) -> list[Row]:
    """Return the rows without hidden ones and hidden cells, merged cells repeated downwards."""
    return [
        tuple(cell for column, cell in enumerate(row) if column not in layout.columns)
        for number, row in enumerate(filled(rows, layout.merged))
        if number not in layout.rows
    ]


def _places(layout: Layout) -> Wide:
    """Return where cells are as wide as several columns, by what is left of rows and columns."""
    return {
        (_less(cell.top, layout.rows), _less(cell.left, layout.columns)): _less(
            cell.right + 1, layout.columns
        )
        - _less(cell.left, layout.columns)
        for cell in layout.merged
        if cell.right > cell.left
    }


def _less(number: int, hidden: frozenset[int]) -> int:
    return number - sum(other < number for other in hidden)


def _left_out(rows: Sequence[Row], layout: Layout, sheet: str) -> Iterator[str]:
    """Yield remarks on what a sheet holds and its article does not."""
    lost = sum(number in layout.rows and any(row) for number, row in enumerate(rows))
    columns = sum(any(len(row) > c and row[c] for row in rows) for c in layout.columns)
    kinds = [counted(n, word) for n, word in ((lost, "row"), (columns, "column")) if n]
    if kinds:
        yield f"hidden on sheet {sheet}, and left out: {' and '.join(kinds)}"
    if layout.notes:
        yield f"{counted(layout.notes, 'comment')} on cells of sheet {sheet} left out"


def read_csv(data: bytes, name: str) -> Draft:
    """Return the rows of a file of separated values.

    Raises:
        ExtractionError: when it is no text.
    """
    try:
        found = decoded(data)
    except ValueError as error:
        raise ExtractionError(str(error), SAVE_AS_UTF8) from error
    text = found.text.lstrip("\ufeff")
    stated = _STATED_MARK.match(text)
    text = text[stated.end() :] if stated else text
    csv.field_size_limit(1_000_000)
    mark = stated[1] if stated else _delimiter(text)
    try:
        rows = [
            tuple(cleaned(cell) for cell in row)
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark)
        ]
    except csv.Error as error:
        raise ExtractionError(f"its rows cannot be read: {error}", "save it anew as CSV") from error
    if sum(map(len, rows)) > MAX_CELLS:
        raise ExtractionError(f"it holds more than {MAX_CELLS:,} cells", "split it")
    return Draft(
        title=name, body=to_markdown(list(_tables(rows))), suffix=".csv", notes=found.notes
    )


def _delimiter(text: str) -> str:
    """Return what parts the cells: what stands equally often in most of the first lines."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:50]
    best, most = ",", 0.0
    for mark in _DELIMITERS:
        counts = [len(next(csv.reader([line], delimiter=mark), [])) - 1 for line in lines]
        usual = max(set(counts), key=counts.count, default=0)
        score = usual and counts.count(usual) / len(counts)
        if score > most:
            best, most = mark, score
    return best


def _tables(rows: Iterable[Row], wide: Wide | None = None) -> Iterator[Block]:
    """Yield tables: runs of rows between blank ones; a cell alone above one is a paragraph."""
    run: list[Row] = []
    for number, row in enumerate([*rows, ()]):
        if any(row):
            run.append(row)
        elif run:
            top = number - len(run)
            yield from _table(run, {(r - top, c): n for (r, c), n in (wide or {}).items()})
            run = []


def _table(rows: list[Row], wide: Wide) -> Iterator[Block]:
    """Yield one table; without a row of names above its figures its header is left empty."""
    top = 0
    while rows and sum(map(bool, rows[0])) == 1 and max(sum(map(bool, r)) for r in rows) > 1:
        yield Block(Kind.PARAGRAPH, next(filter(None, rows[0])))
        rows, top = rows[1:], top + 1
    first = min(next(i for i, cell in enumerate(row) if cell) for row in rows)
    last = max(max(i for i, cell in enumerate(row) if cell) for row in rows)
    width = last - first + 1
    if width == 1:
        yield from (Block(Kind.PARAGRAPH, row[first]) for row in rows)
        return
    table = [(*row[first : last + 1], *[""] * (width - len(row[first : last + 1]))) for row in rows]
    table = with_one_header(table, {(r - top, c - first): n for (r, c), n in wide.items()})
    if any(FIGURE.fullmatch(cell) for cell in table[0]) and len(table) > 1 and not _is_years(table):
        table.insert(0, ("",) * width)
    for number, row in enumerate(table):
        yield Block(Kind.ROW, " ".join(row), int(number == 0), row)


def _is_years(table: list[Row]) -> bool:
    """Return whether the first row names years above figures, which makes it a header."""
    head = [cell for cell in table[0] if FIGURE.fullmatch(cell)]
    return all(YEAR.fullmatch(cell) for cell in head) and not FIGURE.fullmatch(table[0][0])
