"""Bytes -> text."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.articles.decoding import decode

TEXT = "The café in Zürich charged £3 – “far too much”.\r\nSo she left.\n"
PLAIN = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1)


@pytest.mark.parametrize(
    ("data", "codec"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32"),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "utf-32"),
        (TEXT.encode("cp1252"), "cp1252"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_encodings(data: bytes, codec: str) -> None:
    """Every encoding that articles come in gives the same text, newlines untouched."""
    assert decode(data) == (TEXT, codec)


@given(PLAIN)
def test_utf8_is_never_mistaken(text: str) -> None:
    """Whatever text is written as UTF-8 comes back as it was written."""
    assert decode(text.encode()) == (text, "utf-8")


@given(PLAIN, st.sampled_from(["utf-8-sig", "utf-16", "utf-32"]))
def test_marked_text_is_never_mistaken(text: str, codec: str) -> None:
    """Text with a byte order mark comes back as it was written."""
    assert decode(text.encode(codec))[0] == text


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    """Any bytes are refused with a reason, or the codec that is named gives the text again."""
    try:
        text, codec = decode(data)
    except ValueError as error:
        assert str(error)
    else:
        assert data.decode(codec, "replace") == text


@pytest.mark.parametrize(
    ("data", "seems"),
    [
        (b"%PDF-1.7 something", "PDF"),
        (b"PK\x03\x04....", "ZIP"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\xd0\xcf\x11\xe0\xa1", "Office"),
        (b"{\\rtf1\\ansi hello}", "Rich Text"),
        (b"SQLite format 3\x00", "database"),
        (bytes(range(1, 32)) * 8, "binary"),
        (bytes(range(256)) * 4, "not text"),
        (b"words and a zero\x00 byte", "binary"),
        (codecs.BOM_UTF8 + b"caf\xe9 au lait", "broken at byte"),
        (codecs.BOM_UTF16_LE + b"a\x00b", "broken at byte"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, seems: str) -> None:
    """Bytes that are no text are refused, and the reason says what they seem to be."""
    with pytest.raises(ValueError, match=seems):
        decode(data)
