"""PDF files -> drafts, with a mark where each page begins."""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcebot.adding.blocks import Block, Kind, cleaned, tidied, to_markdown
from sourcebot.adding.model import Draft
from sourcebot.errors import ExtractionError
from sourcebot.text.dates import parse_date
from sourcebot.text.sentences import split_sentences
from sourcebot.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pypdfium2 import PdfDocument, PdfTextPage

MAX_TEXT = 30_000_000
"""Most code points of one article; the index reads files up to 32 MB."""

_PROTECTED = ("it is protected by a password", "save a copy without password and add that")
_EDGE_LINES = 2
_NO_LETTERS = re.compile(r"[\W\d_]+")
_PAGE_NUMBER = re.compile(
    r"(?:page|seite|p\.)?\s*+(?:[-–—]\s*+)?\d{1,5}\s*+(?:[-–—]\s*+)?(?:(?:of|von|/)\s*+\d{1,5})?",
    re.I,
)
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010\x02\ufffe]$")
_ENDS = re.compile(r"[.!?:;…][\"'”’»)\]]*$")
_BULLET = re.compile(r"[•▪‣◦·●–—*-]\s+(?=\S)")
_HEADING_SIZE = 1.15
_MOST_HEADING = 120
_FEW_CHARACTERS = 12
"""A page with less text than this on average is a picture of a page."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a page; ``left``, ``right``, ``top``, ``bottom`` and ``size`` in points."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float


def read_pdf(source: Path | bytes, name: str) -> Draft:
    """Return the text of a PDF file; ``name`` is the title of one that has none.

    Raises:
        ExtractionError: when it is protected, damaged, or holds pictures of pages only.
    """
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
        pages = [_lines(document, number) for number in range(len(document))]
        info = document.get_metadata_dict()
    count = sum(len(line.text) for page in pages for line in page)
    if count < _FEW_CHARACTERS * max(1, len(pages)):
        raise ExtractionError(
            f"its {len(pages):,} pages hold no text: they seem to be scanned",
            "run text recognition over it first (such as `ocrmypdf in.pdf out.pdf`)",
        )
    body = _without_edges(pages)
    size = _usual([line.size for page in body for line in page])
    title = _title(cleaned(info.get("Title", "")), body, size) or name
    created = re.match(r"D:(\d{4})(\d{2})(\d{2})", info.get("CreationDate", ""))
    blocks = tidied(_blocks(body, size), title)
    return Draft(
        title=title,
        body=to_markdown(blocks),
        suffix=".pdf",
        author=cleaned(info.get("Author", "")),
        published=parse_date("-".join(created.groups())) if created else None,
        pages=len(pages),
    )


def _lines(document: PdfDocument, number: int) -> list[_Line]:
    """Return the lines of a page from top to bottom as the file orders them."""
    import pypdfium2

    try:
        with closing(document[number]) as page, closing(page.get_textpage()) as text:
            return list(_read_lines(text))
    except pypdfium2.PdfiumError:
        return []


def _read_lines(page: PdfTextPage) -> Iterator[_Line]:
    import pypdfium2.raw as pdfium

    characters = page.get_text_range()
    # Characters beyond the basic plane count double in PDFium.
    plain = len(characters) == page.count_chars()
    for match in re.finditer(r"[^\r\n]+", characters):
        text = match[0].strip()
        if not text:
            continue
        lead = len(match[0]) - len(match[0].lstrip())
        first, last = match.start() + lead, match.start() + lead + len(text) - 1
        if not plain:
            yield _Line(text, 0, 0, 0, 0, 0)
            continue
        left, bottom, _, top = page.get_charbox(first, loose=True)
        right = page.get_charbox(last, loose=True)[2]
        yield _Line(text, left, right, top, bottom, pdfium.FPDFText_GetFontSize(page, first))


def _without_edges(pages: Sequence[list[_Line]]) -> list[list[_Line]]:
    """Return pages without running heads, running feet and page numbers."""
    seen: Counter[str] = Counter()
    for page in pages:
        edges = {_shape(line) for line in (*page[:_EDGE_LINES], *page[-_EDGE_LINES:])}
        seen.update(edges)
    often = {shape for shape, count in seen.items() if count >= max(2, 0.5 * len(pages))} - {""}
    found: list[list[_Line]] = []
    for page in pages:
        start, end = 0, len(page)
        while start < min(_EDGE_LINES, end) and _is_edge(page[start], often):
            start += 1
        while end > max(start, len(page) - _EDGE_LINES) and _is_edge(page[end - 1], often):
            end -= 1
        found.append(page[start:end])
    return found


def _shape(line: _Line) -> str:
    return _NO_LETTERS.sub(" ", line.text.casefold()).strip()


def _is_edge(line: _Line, often: set[str]) -> bool:
    return _shape(line) in often or bool(_PAGE_NUMBER.fullmatch(line.text))


def _title(said: str, pages: Sequence[list[_Line]], size: float) -> str:
    """Return the title that the file states, else its first line in large type."""
    if said and not re.search(r"\.\w{2,4}$|^untitled|^microsoft word", said, re.IGNORECASE):
        return said
    first = pages[0][:8] if pages else []
    large = max((line.size for line in first), default=0)
    if large < _HEADING_SIZE * size:
        return ""
    run = itertools.takewhile(
        lambda line: line.size >= 0.98 * large,
        itertools.dropwhile(lambda line: line.size < 0.98 * large, first),
    )
    return cleaned(" ".join(line.text for line in run))[:200]


def _blocks(pages: Sequence[list[_Line]], size: float) -> Iterator[Block]:
    """Yield marks of pages and their paragraphs.

    A sentence that runs over to the next page stays with the page on which it begins.
    """
    carried = ""
    left = MAX_TEXT
    for number, page in enumerate(pages, start=1):
        paragraphs = list(_paragraphs(page, size))
        if carried and paragraphs and paragraphs[0].kind is Kind.PARAGRAPH:
            whole = _joined(carried, paragraphs[0].text)
            sentences = split_sentences(whole, Span(0, len(whole)))
            cut = next((s.end for s in sentences if s.end > len(carried)), len(whole))
            yield Block(Kind.PARAGRAPH, whole[:cut])
            rest = whole[cut:].strip()
            paragraphs[:1] = [Block(Kind.PARAGRAPH, rest)] if rest else []
        elif carried:
            yield Block(Kind.PARAGRAPH, carried)
        carried = ""
        yield Block(Kind.PAGE, level=number)
        last = paragraphs[-1] if paragraphs else None
        if last and last.kind is Kind.PARAGRAPH and not _ENDS.search(last.text):
            carried = paragraphs.pop().text
        yield from paragraphs
        left -= sum(len(p.text) for p in paragraphs)
        if left < 0:
            raise ExtractionError(
                f"it holds more text than one article may ({MAX_TEXT:,} characters)", "split it"
            )
    if carried:
        yield Block(Kind.PARAGRAPH, carried)


def _paragraphs(lines: list[_Line], size: float) -> Iterator[Block]:
    """Yield the paragraphs of one page, told by gaps, indents, short ends and sizes of type."""
    gaps = [a.bottom - b.top for a, b in itertools.pairwise(lines) if -size < a.bottom - b.top]
    gap = _usual(gaps)
    text: list[str] = []
    kind = Kind.PARAGRAPH
    for before, line in zip([None, *lines], lines, strict=False):
        new = before is None or _parts(before, line, gap, size)
        if new and text:
            yield _block(text, kind)
            text = []
        if new:
            large = size and line.size >= _HEADING_SIZE * size and len(line.text) <= _MOST_HEADING
            kind = Kind.HEADING if large else Kind.PARAGRAPH
        text.append(line.text)
    if text:
        yield _block(text, kind)


def _block(lines: list[str], kind: Kind) -> Block:
    text = ""
    for line in lines:
        text = _joined(text, line)
    bullet = _BULLET.match(text)
    if bullet and kind is Kind.PARAGRAPH:
        return Block(Kind.ITEM, text[bullet.end() :])
    return Block(kind, text, 2 if kind is Kind.HEADING else 0)


def _parts(before: _Line, line: _Line, gap: float, size: float) -> bool:
    """Return whether a paragraph ends between two lines."""
    if not before.size or not line.size:
        return bool(_ENDS.search(before.text)) and len(before.text) < 0.8 * len(line.text)
    if max(before.size, line.size) > 1.08 * min(before.size, line.size) or _BULLET.match(line.text):
        return True
    between = before.bottom - line.top
    if between > gap + 0.4 * size:
        return True
    ended = bool(_ENDS.search(before.text))
    if between < -2 * size:
        # The next column, or a box beside the text: prose that has not ended goes on there.
        return ended
    return ended and (line.left > before.left + 0.6 * size or before.right < line.right - 3 * size)


def _joined(text: str, line: str) -> str:
    """Return two lines as one; a word that was divided at the line's end is joined."""
    if not text:
        return line
    if _HYPHEN.search(text) and line[:1].islower():
        return text[:-1] + line
    return f"{text} {line}"


def _usual(values: Sequence[float]) -> float:
    return statistics.median(values) if values else 0.0
