"""Bytes of a source file -> text, without losing or inventing a character.

The order is byte order mark, strict UTF-8, UTF-16 told by its zero bytes, then cp1252.
Statistical detectors guess short texts wrong, and a wrong guess makes a quote that is
not verbatim.
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive (DOCX, EPUB, …)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "a Rich Text document"),
    (b"SQLite format 3", "a database"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MAX_CONTROL_SHARE = 0.02


def decode(data: bytes) -> tuple[str, str]:
    """Return the text and the codec that gives it: ``data.decode(codec) == text``.

    Raises:
        ValueError: when the bytes are not text; the message says what they seem to be.
    """
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise ValueError(f"not text but {what}")
    text, codec = _decode(data)
    if "\x00" in text or len(_CONTROL.findall(text)) > _MAX_CONTROL_SHARE * len(text):
        raise ValueError("not text: it holds binary data")
    return text, codec


def _decode(data: bytes) -> tuple[str, str]:
    for bom, codec in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(codec), codec
            except UnicodeDecodeError as error:
                raise ValueError(f"marked as {codec} but broken at byte {error.start:,}") from error
    guess = _utf16_without_mark(data)
    for codec in (guess, "utf-8", "cp1252"):
        if codec:
            try:
                return data.decode(codec), codec
            except UnicodeDecodeError:
                continue
    raise ValueError("not text in UTF-8, UTF-16 or Windows-1252")


def _utf16_without_mark(data: bytes) -> str:
    """Return the UTF-16 codec if the zero bytes stand as in Western UTF-16, else ""."""
    sample = data[:4096]
    if len(sample) < 4 or len(data) % 2:
        return ""
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""
