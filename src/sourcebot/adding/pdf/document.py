"""A PDF file as a whole: opened, its pages read, what it says of itself, what is missing of it."""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sourcebot.adding.blocks import Block, Kind, cleaned, tidied, to_markdown
from sourcebot.adding.model import Draft
from sourcebot.adding.pdf.columns import regions_of
from sourcebot.adding.pdf.edges import without_edges, without_line_numbers
from sourcebot.adding.pdf.flow import flowing
from sourcebot.adding.pdf.glyphs import MIRRORED, glyphs_of
from sourcebot.adding.pdf.initials import with_initials
from sourcebot.adding.pdf.legible import is_garbage
from sourcebot.adding.pdf.lines import Line, merged, rows_of, segments_of
from sourcebot.adding.pdf.paragraphs import Piece, Style, pieces_of
from sourcebot.adding.pdf.recognition import check_languages, recognized
from sourcebot.adding.stated import believed_author, believed_title
from sourcebot.errors import ExtractionError
from sourcebot.text.hyphenation import vocabulary_of
from sourcebot.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pypdfium2 import PdfDocument, PdfPage

_PROTECTED = ("it is protected by a password", "save a copy without password and add that")
_RECOGNIZE = "add it with --ocr, or run `ocrmypdf in.pdf out.pdf` over it first"
_ANEW = "`ocrmypdf --force-ocr in.pdf out.pdf` recognizes it anew"
_FEW_CHARACTERS = 12
"""A page with less text than this on average, and with pictures, is a picture of a page."""

RECOGNIZED = "Recognized text"
"""The heading above the text of pages that was recognized."""

_MOST_FIELDS = 5000
_TITLE_SIZE = 1.12


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as it was read: its segments upright, those turned otherwise, its height and number.

    ``pictured`` says that it holds pictures only, ``recognized`` that its text was recognized.
    """

    upright: list[Line]
    turned: list[list[Line]]
    height: float
    label: str
    pictured: bool
    recognized: bool = False

    def text(self) -> str:
        """Return all words, as the file orders them."""
        return " ".join(line.text for part in (self.upright, *self.turned) for line in part)


def read_pdf(source: Path | bytes, name: str, languages: str = "") -> Draft:
    """Return the text of a PDF file; ``name`` is the title of one that has none.

    With ``languages``, as Tesseract names them, the text of pages that have none, or garbage, is
    recognized.

    Raises:
        ExtractionError: when it is protected, damaged, or holds pictures of pages only, or when
            text is to be recognized and cannot be.
    """
    if languages:
        check_languages(languages)
    # Imported here: only those who add PDF files need it.
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ExtractionError(*_PROTECTED) from error
        raise ExtractionError(
            "it is damaged or no PDF: its pages cannot be found", "get the file anew"
        ) from error
    with closing(document):
        info = document.get_metadata_dict()
        pages = [_page(document, number) for number in range(len(document))]
        if languages:
            pages = [_recognized(document, n, page, languages) for n, page in enumerate(pages)]
    notes, usable = _judged(pages)
    return _draft(usable, info, name, notes)


def _draft(pages: Sequence[_Page], info: dict[str, str], name: str, notes: list[str]) -> Draft:
    text = "\n".join(page.text() for page in pages)
    language = language_of("", text[:200_000])
    plain = [without_line_numbers(page.upright) for page in pages]
    body = without_edges(plain, [page.height for page in pages])
    size = _usual_size(line for page in body for line in page)
    style = Style(size, _usual_pitch(body, size), language, vocabulary_of(text))
    title = _title(believed_title(info.get("Title")), body, size) or name
    parts = (
        (
            page.label,
            [
                _marks(page, before, size),
                *(
                    list(pieces_of(region, style))
                    for region in (
                        *regions_of(with_initials(segments, style)),
                        *([merged(row) for row in rows_of(part)] for part in page.turned),
                    )
                ),
            ],
        )
        for before, page, segments in zip([None, *pages], pages, body, strict=False)
    )
    return Draft(
        title=title,
        body=to_markdown(tidied(flowing(parts, style), title)),
        suffix=".pdf",
        author=believed_author(info.get("Author")),
        pages=len(pages),
        notes=tuple(notes),
    )


def _marks(page: _Page, before: _Page | None, size: float) -> list[Piece]:
    """Return a heading where recognized text begins, and where it ends."""
    was = before is not None and before.recognized
    if page.recognized == was or not page.upright:
        return []
    words = RECOGNIZED if page.recognized else "Text layer of the file"
    return [Piece(Block(Kind.HEADING, words, 3), size)]


def _recognized(document: PdfDocument, number: int, page: _Page, languages: str) -> _Page:
    """Return a page with its text recognized, if it has none that can be read."""
    if not (page.pictured or is_garbage(page.text())):
        return page
    lines = recognized(document, number, languages)
    with closing(document[number]) as picture:
        height = picture.get_height()
    return _Page(lines, [], height, page.label, pictured=not lines, recognized=True)


def _page(document: PdfDocument, number: int) -> _Page:
    """Return one page; one that cannot be read is empty."""
    import pypdfium2

    label = page_label(document, number)
    try:
        _show_fields(document, number)
        with closing(document[number]) as page:
            with closing(page.get_textpage()) as text:
                angles = segments_of(glyphs_of(page, text))
            left, bottom, right, top = page.get_bbox()
            main = max(angles, key=lambda a: sum(len(s.text) for s in angles[a]), default=0)
            upright = _downwards(angles.pop(main, []), mirrored=main >= MIRRORED)
            height = top - bottom if main % 180 == 0 else right - left
            lowest = {0: bottom, 90: -right, 180: -top, 270: left}.get(main % MIRRORED, 0.0)
            pictured = not upright and _is_pictured(page)
        moved = [_raised(line, -lowest) for line in upright]
        return _Page(moved, list(angles.values()), height, label, pictured)
    except pypdfium2.PdfiumError:
        return _Page([], [], 0.0, label, pictured=True)


def _downwards(lines: list[Line], *, mirrored: bool) -> list[Line]:
    """Return lines so that those drawn later stand below, where letters alone may be mirrored."""
    steps = [a.y > b.y for a, b in itertools.pairwise(lines) if a.y != b.y]
    if not mirrored or 2 * sum(steps) >= len(steps):
        return lines
    return [replace(line, y=-line.y) for line in lines]


def _show_fields(document: PdfDocument, number: int) -> None:
    """Draw what is filled into the fields of a page, and text put on it, as part of the page."""
    import pypdfium2.raw as pdfium

    with closing(document[number]) as page:
        kinds: set[int] = set()
        for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST_FIELDS)):
            if note := pdfium.FPDFPage_GetAnnot(page, index):
                kinds.add(pdfium.FPDFAnnot_GetSubtype(note))
                pdfium.FPDFPage_CloseAnnot(note)
        if kinds & {pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT}:
            pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)


def _raised(line: Line, by: float) -> Line:
    return replace(line, y=line.y + by) if by else line


def page_label(document: PdfDocument, number: int) -> str:
    """Return the number that is printed on a page, as far as the file says, else its place."""
    label = cleaned(document.get_page_label(number) or "")
    return label if re.fullmatch(r"[\w.:/ -]{1,20}", label) else str(number + 1)


def _is_pictured(page: PdfPage) -> bool:
    """Return whether something is drawn on a page without text."""
    return next(iter(page.get_objects(max_depth=2)), None) is not None


def _judged(pages: Sequence[_Page]) -> tuple[list[str], list[_Page]]:
    """Return remarks on what cannot be read, and the pages without that.

    Raises:
        ExtractionError: when nothing is left.
    """
    count = sum(len(line.text) for page in pages for line in page.upright)
    count += sum(len(line.text) for page in pages for part in page.turned for line in part)
    pictures = [page.label for page in pages if page.pictured]
    if not count or (pictures and count < _FEW_CHARACTERS * len(pages)):
        raise ExtractionError(
            f"its {len(pages):,} pages hold no text: they seem to be scanned", _RECOGNIZE
        )
    garbled = [page for page in pages if is_garbage(page.text())]
    if is_garbage(" ".join(page.text() for page in pages)) or len(garbled) == len(pages):
        raise ExtractionError(
            "its text layer is garbage: its fonts do not say which letters they draw", _ANEW
        )
    notes: list[str] = []
    if seen := [page.label for page in pages if page.recognized and page.upright]:
        notes.append(f"the text of {_pages(seen)} was recognized and may hold mistakes")
    if pictures:
        hold = "holds" if len(pictures) == 1 else "hold"
        notes.append(f"{_pages(pictures)} {hold} no text, only pictures: {_RECOGNIZE}")
    if garbled:
        notes.append(f"the text layer of {_pages([p.label for p in garbled])} is garbage: {_ANEW}")
    bad = {id(page) for page in garbled}
    return notes, [
        _Page([], [], page.height, page.label, pictured=True) if id(page) in bad else page
        for page in pages
    ]


def _pages(labels: Sequence[str]) -> str:
    """Return the numbers of pages in words: "page 4", "pages 2-10 and 12"."""
    runs: list[list[str]] = []
    for label in labels:
        if (
            runs
            and label.isdigit()
            and runs[-1][-1].isdigit()
            and int(label) == int(runs[-1][-1]) + 1
        ):
            runs[-1][1:] = [label]
        else:
            runs.append([label])
    parts = ["-".join(run) for run in runs]
    listed = ", ".join(parts[:-1]) + (" and " if parts[1:] else "") + parts[-1]
    return f"{'page' if len(labels) == 1 else 'pages'} {listed}"


def _title(said: str, pages: Sequence[list[Line]], size: float) -> str:
    """Return the title that the file states, else its first lines in the largest type."""
    if said:
        return said
    rows = [merged(row) for row in rows_of(pages[0])][:10] if pages else []
    rows = [row for row in rows if len(row.text) > 3]
    large = max((row.size for row in rows), default=0.0)
    if large < _TITLE_SIZE * size:
        return ""
    run = itertools.takewhile(
        lambda row: row.size >= 0.98 * large,
        itertools.dropwhile(lambda row: row.size < 0.98 * large, rows),
    )
    return cleaned(" ".join(row.text for row in run))[:200]


def _usual_size(lines: Iterator[Line]) -> float:
    """Return the size of most letters, in points."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 4) / 4] += len(line.text)
    return max(sizes, key=lambda s: sizes[s]) if sizes else 10.0


def _usual_pitch(pages: Sequence[list[Line]], size: float) -> float:
    """Return the usual distance of baselines in sizes of the type."""
    steps: list[float] = []
    for page in pages[:50]:
        ordered = [line for line in page if abs(line.size - size) < 0.1 * size]
        steps += [(a.y - b.y) / size for a, b in itertools.pairwise(ordered)]
    usual = [step for step in steps if 0.7 < step < 2.6]
    return statistics.median(usual) if usual else 1.2
