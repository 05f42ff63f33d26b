"""The kinds of files that can become articles: one row a kind, one module each to read it.

Whoever adds a kind writes its module, a function here that loads it, and a row. A kind that the
index does not read itself belongs into ``articles.files.ADDABLE`` too, which a test compares.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sourcebot.adding.model import Draft, Original


@dataclass(frozen=True, slots=True)
class Material:
    """What a reader is given: an original, and the title of one that has none."""

    original: Original
    title: str

    @property
    def source(self) -> Path | bytes:
        """The file, or the bytes of a page."""
        return self.original.file or self.original.data or b""

    def data(self) -> bytes:
        """Return all bytes.

        Raises:
            OSError: when the file cannot be read.
        """
        return self.original.file.read_bytes() if self.original.file else self.original.data or b""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file.

    Attributes:
        name: as people call it.
        suffixes: endings of such files' names, in lower case.
        types: what sites call it.
        read: makes a draft of it, or one of each of its parts; loads what it needs when it is
            called, and raises ExtractionError when there is no article.
        text: whether it is text, which is read whole and may be told by its name alone.
        begins: what stands within the first KB of every such file; b"" when nothing does.
        marks: of archives, names one of which stands in the first 4 KB of most such files.
    """

    name: str
    suffixes: tuple[str, ...]
    types: tuple[str, ...]
    read: Callable[[Material], Draft | tuple[Draft, ...]]
    text: bool = False
    begins: bytes = b""
    marks: tuple[bytes, ...] = ()


PACKED = b"PK\x03\x04"
"""How ZIP archives begin, and with them the documents that are such."""


def _html(material: Material) -> Draft:
    from sourcebot.adding.pages import read_page

    original = material.original
    return read_page(material.data(), original.charset, original.url, material.title)


def _mhtml(material: Material) -> Draft:
    from sourcebot.adding.mhtml import read_mhtml

    return read_mhtml(material.data(), material.title)


def _pdf(material: Material) -> Draft:
    from sourcebot.adding.pdf import read_pdf

    return read_pdf(material.source, material.title, material.original.ocr)


def _docx(material: Material) -> Draft:
    from sourcebot.adding.docx import read_docx

    return read_docx(material.source, material.title)


def _epub(material: Material) -> Draft:
    from sourcebot.adding.epub import read_epub

    return read_epub(material.source, material.title)


def _markdown(material: Material) -> Draft:
    from sourcebot.adding.texts import read_text

    return read_text(material.data(), material.title, markdown=True)


def _text(material: Material) -> Draft:
    from sourcebot.adding.texts import read_text

    return read_text(material.data(), material.title, markdown=False)


def _mail(material: Material) -> Draft:
    from sourcebot.adding.mail import read_message

    return read_message(material.data(), material.title)


def _mailbox(material: Material) -> tuple[Draft, ...]:
    from sourcebot.adding.mail import read_mailbox

    return read_mailbox(material.source, material.title)


def _subtitles(material: Material) -> Draft:
    from sourcebot.adding.subtitles import read_subtitles

    return read_subtitles(material.data(), material.title)


def _odt(material: Material) -> Draft:
    from sourcebot.adding.open_document import read_odt

    return read_odt(material.source, material.title)


def _rtf(material: Material) -> Draft:
    from sourcebot.adding.rtf import read_rtf

    return read_rtf(material.data(), material.title)


def _pptx(material: Material) -> Draft:
    from sourcebot.adding.slides import read_pptx

    return read_pptx(material.source, material.title)


def _xlsx(material: Material) -> Draft:
    from sourcebot.adding.sheets import read_xlsx

    return read_xlsx(material.source, material.title)


def _csv(material: Material) -> Draft:
    from sourcebot.adding.sheets import read_csv

    return read_csv(material.data(), material.title)


HTML = Format(
    "HTML", (".html", ".htm", ".xhtml"), ("text/html", "application/xhtml+xml"), _html, text=True
)
TEXT = Format("text", (".txt", ".text"), ("text/plain",), _text, text=True)
SUBTITLES = Format("SRT", (".srt",), ("application/x-subrip",), _subtitles, text=True)
MAIL = Format("e-mail", (".eml",), ("message/rfc822",), _mail, text=True)
FORMATS = (
    HTML,
    Format("PDF", (".pdf",), ("application/pdf",), _pdf, begins=b"%PDF-"),
    Format(
        "DOCX",
        (".docx",),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
        _docx,
        begins=PACKED,
        marks=(b"word/",),
    ),
    Format(
        "EPUB",
        (".epub",),
        ("application/epub+zip",),
        _epub,
        begins=PACKED,
        marks=(b"application/epub+zip",),
    ),
    Format(
        "ODT",
        (".odt",),
        ("application/vnd.oasis.opendocument.text",),
        _odt,
        begins=PACKED,
        marks=(b"application/vnd.oasis.opendocument.text",),
    ),
    Format("RTF", (".rtf",), ("application/rtf", "text/rtf"), _rtf, text=True, begins=b"{\\rtf"),
    Format(
        "PPTX",
        (".pptx",),
        ("application/vnd.openxmlformats-officedocument.presentationml.presentation",),
        _pptx,
        begins=PACKED,
        marks=(b"ppt/",),
    ),
    Format(
        "XLSX",
        (".xlsx", ".xlsm"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
        _xlsx,
        begins=PACKED,
        marks=(b"xl/",),
    ),
    Format(
        "MHTML",
        (".mhtml", ".mht"),
        ("multipart/related", "application/x-mimearchive"),
        _mhtml,
        text=True,
    ),
    Format("CSV", (".csv", ".tsv"), ("text/csv", "text/tab-separated-values"), _csv, text=True),
    MAIL,
    Format("mailboxes", (".mbox",), ("application/mbox",), _mailbox),
    SUBTITLES,
    Format("VTT", (".vtt",), ("text/vtt",), _subtitles, text=True, begins=b"WEBVTT"),
    Format("Markdown", (".md", ".markdown"), ("text/markdown",), _markdown, text=True),
    TEXT,
)
"""All kinds, in the order in which they are told apart and named."""

BY_SUFFIX = {suffix: form for form in FORMATS for suffix in form.suffixes}
BY_TYPE = {content_type: form for form in FORMATS for content_type in form.types}

READ = f"{', '.join(form.name for form in FORMATS[:-1])} and {FORMATS[-1].name}"
"""The names of all kinds, for messages."""

SAVE_AS_UTF8 = "save it as UTF-8, and add that"
"""What to do about text whose encoding cannot be told."""

SAVE_AS = {
    suffix: hint
    for suffixes, hint in (
        (
            ".doc .dot .pages .wpd .wps .fodt",
            "save such documents as DOCX, ODT or PDF, and add those",
        ),
        (".ppt .pps .key .odp", "save such presentations as PPTX or PDF, and add those"),
        (".xls .xlsb .ods .numbers", "save such workbooks as XLSX or CSV, and add those"),
        (".msg .pst .ost", "save such messages as .eml or .mbox, and add those"),
        (".mobi .azw .azw3 .fb2 .djvu", "convert such books to EPUB or PDF, and add those"),
        (".sub .ass .ssa .ttml", "save such subtitles as .srt or .vtt, and add those"),
        (".png .jpg .jpeg .tif .tiff", "make a PDF with text of it first, such as with `ocrmypdf`"),
    )
    for suffix in suffixes.split()
}
"""What to do about kinds that are not read, by the ending of their names."""


_BLANK = b" \t\r\n\xef\xbb\xbf"


def named_format(original: Original) -> Format | None:
    """Return what an original is by its type or its name, or None."""
    suffix = PurePath(original.name).suffix.lower()
    return BY_TYPE.get(original.content_type) or BY_SUFFIX.get(suffix)


def format_within(head: bytes, named: Format | None) -> Format | None:
    """Return what the first bytes of a file show it to be, or None; ``named`` decides in doubt."""
    for form in FORMATS:
        if form.begins in {b"", PACKED}:
            continue
        # Only PDF files may have something else before their beginning.
        if head.lstrip(_BLANK).startswith(form.begins) or (
            not form.text and form.begins in head[:1024]
        ):
            return form
    if not head.startswith(PACKED):
        return None
    if named and named.begins == PACKED:
        return named
    return next((f for f in FORMATS if any(mark in head for mark in f.marks)), None)
