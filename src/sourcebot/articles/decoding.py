"""Bytes of a source file -> text, without losing or inventing a character in silence.

The order is byte order mark, UTF-16 told by its zero bytes, what the source calls its encoding,
UTF-8, then what the bytes look like. Labels are read as browsers read them (WHATWG Encoding
Standard), what is not labelled is guessed (``guessing``). A byte that an otherwise right encoding
has no character for becomes U+FFFD, and a remark says so.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcebot.articles.guessing import GUESSED, STATEFUL, guessed
from sourcebot.text.display import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

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

_CODECS = {
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "big5": "big5hkscs",
    "windows-874": "cp874",
    "x-mac-cyrillic": "mac_cyrillic",
    "macintosh": "mac_roman",
    "iso-8859-8-i": "iso-8859-8",
    "x-user-defined": "cp1252",
}
"""Python's codecs for what WHATWG calls by other names, or reads more widely than they say."""

CODECS = frozenset({"utf-8", *(codec for _, codec in _BOMS), "utf-16-le", "utf-16-be", *GUESSED})
"""The codecs that files of the sources folder are read with."""

_MOST_BAD = 0.002
"""An encoding with a larger share of bytes that it has no character for is the wrong one."""

_FEW_BAD = 3
_MOJIBAKE = re.compile(
    r"(?:Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[\u0080-\u00bf™œ“”¦˜¢žš]|Â[\u00a0-\u00bf]"
    r"|(?:[ÐÑ][\u0080-\u00bf‚ƒ„…†‡€‰‹‘’“”•–—™›]){3}|(?:[РС][\u00a0-\u00bf\u0402-\u040f\u0452-\u045f‚„…†‡€‰™›“”•–—]){3})"
)
_SEVERAL = 3
_MANY = 12
"""So many characters are hardly ever UTF-8 by chance: of an encoding of one byte a character, and
of one of several."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the codec that gives it, and remarks on what is unsure or missing."""

    text: str
    codec: str
    notes: tuple[str, ...] = ()


def decode(data: bytes) -> tuple[str, str]:
    """Return the text and the codec that gives it; see ``decoded``.

    Raises:
        ValueError: when the bytes are not text; the message says what they seem to be.
    """
    found = decoded(data)
    return found.text, found.codec


def decoded(data: bytes, labels: Sequence[str] = ()) -> Decoded:
    """Return the text in bytes; ``labels`` are what their source calls the encoding, best first.

    Raises:
        ValueError: when the bytes are not text; the message says what they seem to be.
    """
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise ValueError(f"not text but {what}")
    found = _decoded(data, labels)
    if "\x00" in found.text or len(_CONTROL.findall(found.text)) > _MAX_CONTROL_SHARE * len(
        found.text
    ):
        raise ValueError("not text: it holds binary data")
    garbled = _MOJIBAKE.findall(found.text)
    if len(garbled) >= _SEVERAL:
        note = f"it seems to have been saved in a wrong encoding: it holds {garbled[0]!r}"
        return Decoded(found.text, found.codec, (*found.notes, note))
    return found


def codec_of(label: str) -> str:
    """Return Python's codec for what a page calls its encoding, as browsers read it, or ""."""
    import webencodings

    known = webencodings.lookup(label)
    if known is None:
        return ""
    return _CODECS.get(known.name) or str(known.codec_info.name)


def _decoded(data: bytes, labels: Sequence[str]) -> Decoded:
    for bom, codec in _BOMS:
        if data.startswith(bom):
            try:
                return Decoded(data.decode(codec), codec)
            except UnicodeDecodeError as error:
                raise ValueError(f"marked as {codec} but broken at byte {error.start:,}") from error
    if escaped := _escaped(data):
        return escaped
    stated = [codec for label in labels if label and (codec := codec_of(label))]
    # Who reads the label as bytes has found that they are no UTF-16 (WHATWG).
    stated = ["utf-8" if codec.startswith("utf-16") else codec for codec in stated]
    for codec in (_utf16_without_mark(data), *stated, "utf-8"):
        if codec:
            try:
                text = data.decode(codec)
            except UnicodeDecodeError:
                continue
            return _unless_utf8(data, Decoded(text, codec))
    for codec in (*stated, "utf-8"):
        if found := _with_replacements(data, codec):
            return found
    codec = guessed(data)
    if not codec:
        raise ValueError("not text in UTF-8, UTF-16 or an encoding of old files that can be told")
    note = () if codec == "cp1252" else (f"its encoding is not stated: read as {codec}",)
    return Decoded(data.decode(codec), codec, note)


def _escaped(data: bytes) -> Decoded | None:
    """Return the text in bytes of seven bits that change their meaning by escapes, else None."""
    if b"\x1b$" not in data or not data.isascii():
        return None
    for codec in STATEFUL:
        try:
            return Decoded(data.decode(codec), codec)
        except UnicodeDecodeError:
            continue
    return None


def _unless_utf8(data: bytes, found: Decoded) -> Decoded:
    """Return what was found, or the bytes as UTF-8 where they are that whatever is stated.

    Servers state one encoding for all their pages.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return found
    beyond = sum(character > "\x7f" for character in text)
    single = len(found.text) == len(data)
    if found.codec == "utf-8" or beyond < (_SEVERAL if single else _MANY):
        return found
    return Decoded(text, "utf-8", (f"it is stated to be in {found.codec}, but is in UTF-8",))


def _with_replacements(data: bytes, codec: str) -> Decoded | None:
    """Return the text with U+FFFD for the few bytes that are none in an encoding, else None."""
    text = data.decode(codec, "replace")
    bad = text.count("\ufffd")
    beyond = sum(character > "\x7f" for character in text) - bad
    if bad > max(_FEW_BAD, _MOST_BAD * len(text)) or bad > beyond:
        return None
    what = f"{counted(bad, 'byte')} could not be read as {codec.upper()}"
    return Decoded(text, codec, (f"{what} and {'is' if bad == 1 else 'are'} shown as \ufffd",))


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
