"""Rich Text documents -> drafts."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from sourcebot.adding.blocks import Block, Kind, cleaned, tidied, to_markdown
from sourcebot.adding.model import Draft
from sourcebot.adding.stated import believed_author, believed_title
from sourcebot.errors import ExtractionError

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    rb"(?P<word>\\(?P<name>[a-z]{1,32})(?P<value>-?\d{1,10})? ?)"
    rb"|(?P<bytes>(?:\\'[0-9a-fA-F]{2})+)|\\[^a-z]|[{}]"
    rb"|[^\\{}]+",
    re.DOTALL,
)
_HIDING = {
    b"v": "hidden",
    b"deleted": "deleted",
    b"strike": "struck-through",
    b"strikedl": "struck-through",
}
_LETTERS = {b"u", b"emdash", b"endash", b"lquote", b"rquote", b"ldblquote", b"rdblquote", b"bullet"}
_SAID = re.compile(rb"\{\\(title|author)\s((?:[^{}]|\{[^{}]*\})*)\}")
_CODE_PAGE = re.compile(rb"\\ansicpg\d{1,5}")
_FONT = re.compile(rb"\\f(\d{1,6})\b[^{};]{0,200}?\\fcharset(\d{1,3})")
_CHARSETS = {
    "77": "mac_roman",
    "128": "cp932",
    "129": "cp949",
    "130": "cp1361",
    "134": "gb18030",
    "136": "cp950",
    "161": "cp1253",
    "162": "cp1254",
    "163": "cp1258",
    "177": "cp1255",
    "178": "cp1256",
    "186": "cp1257",
    "204": "cp1251",
    "222": "cp874",
    "238": "cp1250",
}
"""The encodings of fonts, by the numbers that Rich Text has for them."""

_DEEPEST = 5000


def read_rtf(data: bytes, name: str) -> Draft:
    """Return the text of a Rich Text document; ``name`` is the title of one that has none.

    Raises:
        ExtractionError: when it cannot be read.
    """
    printed, left_out, footnotes = _printed(data)
    try:
        text = _text(printed)
        head = b"{\\rtf1\\ansi" + (page[0] if (page := _CODE_PAGE.search(data)) else b"")
        below = [_text(head + b" " + note + b"}") for note in footnotes]
        said = {
            key.decode(): _text(head + b" " + value + b"}")
            for key, value in _SAID.findall(data[:65536])
        }
    except (ValueError, LookupError, IndexError, TypeError) as error:
        raise ExtractionError(
            f"it is damaged: {cleaned(str(error))[:80]}", "save it anew, or as DOCX"
        ) from error
    title = believed_title(said.get("title")) or name
    return Draft(
        title=title,
        body=to_markdown(tidied(_blocks("\n".join([text, *below])), title)),
        suffix=".rtf",
        author=believed_author(said.get("author")),
        notes=tuple(f"{kind} text is left out" for kind in sorted(left_out)),
    )


def _text(data: bytes) -> str:
    """Return what a document says; letters that it writes in two halves become one."""
    from striprtf.striprtf import rtf_to_text

    text: str = rtf_to_text(data.decode("latin-1"), errors="replace")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def codec_of(data: bytes) -> str:
    """Return the encoding of a document's letters where no font has another."""
    page = _CODE_PAGE.search(data)
    name = f"cp{page[0][8:].decode()}" if page else "cp1252"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"


def font_codecs(data: bytes) -> dict[str, str]:
    """Return the encodings of fonts that have one of their own, by the fonts' numbers."""
    return {
        font.decode(): _CHARSETS[number.decode()]
        for font, number in _FONT.findall(data)
        if number.decode() in _CHARSETS
    }


def _as_unicode(letters: bytes, codec: str) -> bytes:
    """Return letters in the encoding of their font as numbers of code points, with a stand-in."""
    text = bytes.fromhex(letters.decode().replace("\\'", "")).decode(codec, "replace")
    units = memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H")
    return (
        b"{\\uc1" + b"".join(b"\\u%d?" % (unit - 65536 * (unit > 32767)) for unit in units) + b"}"
    )


def _printed(data: bytes) -> tuple[bytes, set[str], list[bytes]]:
    """Return a document without runs that are hidden, deleted or struck through, and which were.

    Its footnotes are returned apart: they stand within the sentences that they are about.
    """
    out = body = bytearray()
    fonts = font_codecs(data)
    codec = ""
    spoken: list[str] = []
    footnotes: list[bytearray] = []
    depth = 0
    kinds: set[str] = set()
    stack: list[set[str]] = [set()]
    for token in _TOKEN.finditer(data):
        text, name = token[0], token["name"]
        if text == b"{":
            if len(stack) > _DEEPEST:
                raise ExtractionError("its parts are nested too deeply", "save it as DOCX")
            stack.append(set(stack[-1]))
            spoken.append(codec)
        elif text == b"}":
            codec = spoken.pop() if spoken else ""
            stack[-1:] = [] if len(stack) > 1 else stack[-1:]
            if footnotes and out is footnotes[-1] and len(stack) < depth:
                out = body
        elif name in _HIDING:
            stack[-1] = (
                stack[-1] - {_HIDING[name]}
                if token["value"] == b"0"
                else stack[-1] | {_HIDING[name]}
            )
            continue
        elif name == b"plain":
            stack[-1] = set()
            codec = ""
        elif name == b"f":
            codec = fonts.get((token["value"] or b"").decode(), "")
        elif stack[-1] and (name is None or name in _LETTERS) and text.strip():
            kinds |= stack[-1]
            continue
        elif name == b"footnote" and out is body:
            footnotes.append(bytearray())
            out, depth = footnotes[-1], len(stack)
            continue
        out += _as_unicode(text, codec) if token["bytes"] and codec else text
    return bytes(body), kinds, [bytes(note) for note in footnotes]


def _blocks(text: str) -> Iterator[Block]:
    """Yield paragraphs and rows of tables, whose cells end with bars."""
    in_table = False
    for line in text.splitlines():
        if line.rstrip().endswith("|") and line.count("|") > 1:
            cells = tuple(cleaned(cell) for cell in line.rstrip().removesuffix("|").split("|"))
            yield Block(Kind.ROW, " ".join(cells), int(not in_table), cells)
            in_table = True
        elif cleaned(line):
            in_table = False
            yield Block(Kind.PARAGRAPH, cleaned(line))
