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

    return read_page(material.data(), material.original.charset, material.original.url)


def _pdf(material: Material) -> Draft:
    from sourcebot.adding.pdf import read_pdf

    return read_pdf(material.source, material.title)


def _docx(material: Material) -> Draft:
    from sourcebot.adding.archives import read_docx

    return read_docx(material.source, material.title)


def _epub(material: Material) -> Draft:
    from sourcebot.adding.archives import read_epub

    return read_epub(material.source, material.title)


def _markdown(material: Material) -> Draft:
    from sourcebot.adding.texts import read_text

    return read_text(material.data(), material.title, markdown=True)


def _text(material: Material) -> Draft:
    from sourcebot.adding.texts import read_text

    return read_text(material.data(), material.title, markdown=False)


HTML = Format(
    "HTML", (".html", ".htm", ".xhtml"), ("text/html", "application/xhtml+xml"), _html, text=True
)
TEXT = Format("text", (".txt", ".text"), ("text/plain",), _text, text=True)
FORMATS = (
    HTML,
    Format("PDF", (".pdf",), ("application/pdf",), _pdf, begins=b"%PDF-"),
    Format(
        "DOCX",
        (".docx",),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
        _docx,
        begins=PACKED,
        marks=(b"[Content_Types].xml", b"word/document.xml"),
    ),
    Format(
        "EPUB",
        (".epub",),
        ("application/epub+zip",),
        _epub,
        begins=PACKED,
        marks=(b"application/epub+zip",),
    ),
    Format("Markdown", (".md", ".markdown"), ("text/markdown",), _markdown, text=True),
    TEXT,
)
"""All kinds, in the order in which they are told apart and named."""

BY_SUFFIX = {suffix: form for form in FORMATS for suffix in form.suffixes}
BY_TYPE = {content_type: form for form in FORMATS for content_type in form.types}

READ = f"{', '.join(form.name for form in FORMATS[:-1])} and {FORMATS[-1].name}"
"""The names of all kinds, for messages."""

SAVE_AS = dict.fromkeys(
    (".doc", ".odt", ".rtf", ".pages", ".wpd"), "save such documents as DOCX or PDF, and add those"
)
"""What to do about kinds that are not read, by the ending of their names."""


def named_format(original: Original) -> Format | None:
    """Return what an original is by its type or its name, or None."""
    suffix = PurePath(original.name).suffix.lower()
    return BY_TYPE.get(original.content_type) or BY_SUFFIX.get(suffix)


def format_within(head: bytes, named: Format | None) -> Format | None:
    """Return what the first bytes of a file show it to be, or None; ``named`` decides in doubt."""
    for form in FORMATS:
        if form.begins and form.begins != PACKED and form.begins in head[:1024]:
            return form
    if not head.startswith(PACKED):
        return None
    if named and named.begins == PACKED:
        return named
    return next((f for f in FORMATS if any(mark in head for mark in f.marks)), None)
