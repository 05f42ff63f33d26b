"""Original -> draft, whatever its kind. The only place that knows all kinds."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from enum import StrEnum
from pathlib import PurePath
from typing import TYPE_CHECKING

from sourcebot.articles.decoding import decode
from sourcebot.errors import ExtractionError
from sourcebot.files import sha256_of
from sourcebot.text.languages import language_of

if TYPE_CHECKING:
    from pathlib import Path

    from sourcebot.adding.model import Draft, Original

MAX_PLAIN = 32 * 1024 * 1024
"""Larger texts and pages are no articles, and are read whole; the index reads no more either."""

MAX_FILE = 2 * 1024 * 1024 * 1024
"""Larger files are refused whatever they are. PDF files and archives are read in parts."""

_HEAD = 4096


class Format(StrEnum):
    """What can become an article."""

    HTML = "HTML"
    PDF = "PDF"
    DOCX = "DOCX"
    EPUB = "EPUB"
    MARKDOWN = "Markdown"
    TEXT = "text"


SUFFIXES = {
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".pdf": Format.PDF,
    ".docx": Format.DOCX,
    ".epub": Format.EPUB,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".txt": Format.TEXT,
    ".text": Format.TEXT,
}
READ = "HTML, PDF, DOCX, EPUB, Markdown and text"

_TYPES = {
    "text/html": Format.HTML,
    "application/xhtml+xml": Format.HTML,
    "application/pdf": Format.PDF,
    "application/epub+zip": Format.EPUB,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": Format.DOCX,
    "text/markdown": Format.MARKDOWN,
    "text/plain": Format.TEXT,
}
_PACKED = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def extract(original: Original) -> Draft:
    """Return the article in an original.

    Raises:
        ExtractionError: when there is none, with the reason and what to do.
    """
    source: Path | bytes = original.file if original.file else (original.data or b"")
    try:
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if size == 0:
            raise ExtractionError("it is empty")
        if size > MAX_FILE:
            raise _too_large(size, MAX_FILE)
        form = format_of(original, _head(source))
        if form in {Format.HTML, Format.MARKDOWN, Format.TEXT} and size > MAX_PLAIN:
            raise _too_large(size, MAX_PLAIN)
        draft = _read(form, source, original)
        digest = (
            hashlib.sha256(source).hexdigest() if isinstance(source, bytes) else sha256_of(source)
        )
    except OSError as error:
        raise ExtractionError(f"it cannot be read: {error.strerror or error}") from error
    if not any(character.isalnum() for character in draft.body):
        raise ExtractionError("it holds no text that could be quoted")
    return replace(
        draft,
        sha256=digest,
        url=draft.url or original.url,
        language=_language(draft),
        published=draft.published or original.published,
    )


def _language(draft: Draft) -> str:
    """Return the language that an original states, else the one that its text is surely in.

    "en" is what templates state that nobody has filled in, so the text may contradict it.
    """
    detected = language_of("", draft.body) if draft.language in {"", "en"} else ""
    return detected or draft.language


def _too_large(size: int, most: int) -> ExtractionError:
    return ExtractionError(
        f"{size / 2**20:,.0f} MB, more than the {most / 2**20:,.0f} MB that are read",
        "split it",
    )


def _head(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source[:_HEAD]
    with source.open("rb") as stream:
        return stream.read(_HEAD)


def format_of(original: Original, head: bytes) -> Format:
    """Return what an original is: by its first bytes, then its type, then its name.

    Raises:
        ExtractionError: when it is nothing that can be read.
    """
    if b"%PDF-" in head[:1024]:
        return Format.PDF
    suffix = PurePath(original.name).suffix.lower()
    named = _TYPES.get(original.content_type) or SUFFIXES.get(suffix)
    if head.startswith(_PACKED):
        if b"application/epub+zip" in head or named is Format.EPUB:
            return Format.EPUB
        if b"word/" in head or b"[Content_Types].xml" in head or named is Format.DOCX:
            return Format.DOCX
    elif head.startswith(_OLD_OFFICE):
        raise ExtractionError(
            "it is protected by a password, or a document of Word before 2007",
            "open it in Word or LibreOffice and save it as DOCX without password",
        )
    elif named in {Format.DOCX, Format.EPUB}:
        raise ExtractionError(
            f"it is damaged or no {named}: it does not begin as one", "get it anew"
        )
    elif named is Format.PDF:
        raise ExtractionError("it is damaged or no PDF: it does not begin as one", "get it anew")
    elif named in {Format.MARKDOWN, Format.HTML}:
        return named
    try:
        text = decode(head[: _HEAD - 3] if len(head) == _HEAD else head)[0]
    except ValueError as error:
        raise ExtractionError(str(error), f"{READ} can be added") from error
    opening = text.lstrip()[:1000].lower()
    if opening.startswith(("<!doctype html", "<html", "<head", "<body")) or "<html" in opening:
        return Format.HTML
    if named is None and (suffix or original.content_type):
        what = original.content_type or f"{suffix} files"
        raise ExtractionError(f"{what} cannot be added", f"{READ} can")
    return Format.TEXT


def _read(form: Format, source: Path | bytes, original: Original) -> Draft:
    name = original.title or PurePath(original.name).stem.replace("_", " ").strip() or "Untitled"
    if form is Format.PDF:
        from sourcebot.adding.pdf import read_pdf

        return read_pdf(source, name)
    if form in {Format.DOCX, Format.EPUB}:
        from sourcebot.adding.archives import read_docx, read_epub

        return (read_docx if form is Format.DOCX else read_epub)(source, name)
    data = source if isinstance(source, bytes) else source.read_bytes()
    if form is Format.HTML:
        from sourcebot.adding.pages import read_page

        return read_page(data, original.charset, original.url)
    from sourcebot.adding.texts import read_text

    return read_text(data, name, markdown=form is Format.MARKDOWN)
