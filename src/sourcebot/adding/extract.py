"""Original -> draft, whatever its kind."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from sourcebot.adding.formats import (
    HTML,
    MAIL,
    READ,
    SAVE_AS_UTF8,
    SUBTITLES,
    TEXT,
    Format,
    Material,
    format_within,
    named_format,
)
from sourcebot.adding.mail_headers import is_mail
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
_CUTS = (3, 4, 5, 6)
_CUE = re.compile(r"\s*\d{1,6}\s*\n\s*(?:\d{1,3}:)?\d\d:\d\d[,.]\d{1,3}\s*-->\s*\d")


_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def extract(original: Original) -> tuple[Draft, ...]:
    """Return the articles in an original: one, or one a message of a mailbox.

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
        if form.text and size > MAX_PLAIN:
            raise _too_large(size, MAX_PLAIN)
        found = form.read(Material(original, _title_of(original)))
        drafts = found if isinstance(found, tuple) else (found,)
        digest = _digest_of(source)
    except OSError as error:
        raise ExtractionError(f"it cannot be read: {error.strerror or error}") from error
    usable = [draft for draft in drafts if any(map(str.isalnum, draft.body))]
    if not usable:
        raise ExtractionError("it holds no text that could be quoted")
    return tuple(
        replace(
            draft,
            sha256=_digest_of(draft.own) if draft.own else digest,
            url=draft.url or original.url,
            language=_language(draft),
            published=draft.published or original.published,
        )
        for draft in usable
    )


def _digest_of(source: Path | bytes) -> str:
    """Return the SHA-256 digest of bytes or of a file, in hexadecimal."""
    return hashlib.sha256(source).hexdigest() if isinstance(source, bytes) else sha256_of(source)


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
    named = named_format(original)
    if found := format_within(head, named):
        return found
    if head.startswith(_OLD_OFFICE):
        raise ExtractionError(
            "it is protected by a password, or a document of Word before 2007",
            "open it in Word or LibreOffice and save it as DOCX without password",
        )
    if named and named.begins:
        raise ExtractionError(
            f"it is damaged or no {named.name}: it does not begin as one", "get it anew"
        )
    if named and named is not TEXT:
        return named
    try:
        text = _opening(head)
    except ValueError as error:
        hint = SAVE_AS_UTF8 if named else f"{READ} can be added"
        raise ExtractionError(str(error), hint) from error
    opening = text.lstrip()[:1000].lower()
    if opening.startswith(("<!doctype html", "<html", "<head", "<body")) or "<html" in opening:
        return HTML
    if is_mail(text, surely=True):
        return MAIL
    if _CUE.match(text):
        return SUBTITLES
    suffix = PurePath(original.name).suffix.lower()
    if named is None and (suffix or original.content_type):
        what = original.content_type or f"{suffix} files"
        raise ExtractionError(f"{what} cannot be added", f"{READ} can")
    return TEXT


def _opening(head: bytes) -> str:
    """Return the text that a file begins with, which may end within a character.

    Raises:
        ValueError: when it is none.
    """
    for cut in _CUTS if len(head) == _HEAD else ():
        try:
            return decode(head[:-cut])[0]
        except ValueError:
            continue
    return decode(head)[0]


def _title_of(original: Original) -> str:
    """Return the title of an original that has none of its own."""
    return original.title or PurePath(original.name).stem.replace("_", " ").strip() or "Untitled"
