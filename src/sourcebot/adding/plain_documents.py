"""Office documents and Rich Text -> plain lines of what is printed of them.

Read by their XML and control words alone, for ``plain``: a line a paragraph, cell or note. What is
deleted, hidden or struck through is no part of a line.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

from sourcebot.adding.rtf import codec_of, font_codecs
from sourcebot.adding.sheet_layout import column_of, merged_cells
from sourcebot.adding.styles import inherited
from sourcebot.adding.zipped import bytes_of, has, tree_of
from sourcebot.errors import ExtractionError

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

    from lxml.etree import _Element

Row = tuple[tuple[str, ...], tuple[float, ...]]
"""The texts in a row of a workbook, and its numbers, which are stored without their formats."""

_APART = {"p", "h", "tr", "tc", "table-row", "table-cell", "si", "c", "note", "annotation"}
_APART |= {"footnote", "endnote", "comment", "txbxContent", "txBody", "frame", "custom-shape"}
_APART |= {"desc", "title", "rPh", "ruby-text", "rt", "Fallback", "note-citation", "list", "table"}
"""Elements whose text is no part of the line around them."""

_SPACES = {"br", "cr", "tab", "line-break", "s"}
_DELETED = {"del", "moveFrom", "delText", "instrText", "delInstrText", "tracked-changes"}
_OFF = {"0", "false", "off", "none", "noStrike"}
_DEEPEST = 250
_STRING = re.compile(rb"<si\b[^>]*>(.*?)</si>", re.DOTALL)
_PHONETIC = re.compile(rb"<rPh\b.*?</rPh>", re.DOTALL)
_ROW = re.compile(rb"<row\b([^>]*[^/])>(.*?)</row>", re.DOTALL)
_NUMBER = re.compile(rb"\br=\"(\d{1,7})\"")
_REFERENCE = re.compile(rb"\br=\"([A-Z]{1,3})\d")
_CELL = re.compile(rb"<c\b([^>]*[^/])>(.*?)</c>", re.DOTALL)
_VALUE = re.compile(rb"<v\b[^>]*>([^<]*)</v>")
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_RTF = re.compile(
    r"\\u(?P<code>-?\d{1,6})\s?(?:\\'[0-9a-f]{2}|\?|[^\\{}])?|(?P<bytes>(?:\\'[0-9a-fA-F]{2})+)"
    r"|\\(?P<word>[a-z]{1,32})(?P<value>-?\d{1,10})? ?|\\(?P<sign>[^a-z])|(?P<brace>[{}])"
    r"|[\r\n]+|(?P<text>[^\\{}\r\n]+)"
)
_RTF_NAMED = {"emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“"}
_RTF_NAMED |= {"rdblquote": "”", "bullet": "•", "tab": " ", "cell": "\n", "par": "\n", "row": "\n"}
_RTF_NAMED |= {"line": "\n", "emspace": " ", "enspace": " "}
_RTF_SIGNS = {"~": " ", "_": "-", "{": "{", "}": "}", "\\": "\\", "\n": "\n", "\r": "\n"}
_RTF_HIDING = {"v", "deleted", "strike", "striked"}
_RTF_APART = {"footnote", "annotation", "header", "footer", "pict", "fldinst", "info", "fonttbl"}
_RTF_APART |= {"stylesheet", "colortbl", "listtext", "object", "xe", "tc", "themedata"}


def part_lines(archive: zipfile.ZipFile, name: str) -> Iterator[str]:
    """Yield the lines of a part of an Office document."""
    try:
        tree = tree_of(archive, name)
    except ExtractionError:
        return
    unprinted = _unprinted_styles(archive) | _styles_of(tree)
    found: list[list[str]] = []
    yield from _enter(tree, [], found, unprinted, 0)
    for line in found:
        yield "".join(line)


def _enter(
    element: _Element, line: list[str], apart: list[list[str]], unprinted: set[str], depth: int
) -> Iterator[str]:
    """Put the text of an element into the line around it, and yield the lines within it."""
    if depth > _DEEPEST:
        return
    line.append(str(element.text or ""))
    for child in element:
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if name in _SPACES:
            line.append(" ")
        elif name == "noBreakHyphen":
            line.append("-")
        elif name and name not in _DELETED and not _is_unprinted(child, name, unprinted):
            own = [] if name in _APART else line
            yield from _enter(child, own, apart, unprinted, depth + 1)
            if own is not line:
                yield "".join(own)
        line.append(str(child.tail or ""))


def _is_unprinted(element: _Element, name: str, unprinted: set[str]) -> bool:
    """Return whether an element is hidden or struck through, by itself or by its style."""
    if name == "r":
        properties = next((e for e in element if str(e.tag).endswith("}rPr")), None)
        if properties is None:
            return False
        stated = [
            _is_on(e)
            for e in properties
            if str(e.tag).rpartition("}")[2] in {"vanish", "strike", "dstrike"}
        ]
        if stated:
            return any(stated)
        return str(properties.get("strike", "noStrike")) not in _OFF or any(
            _value(e) in unprinted for e in properties if str(e.tag).endswith("}rStyle")
        )
    if name == "p" and (style := element.find("{*}pPr/{*}pStyle")) is not None:
        return _value(style) in unprinted
    own = next((str(v) for k, v in element.items() if str(k).endswith("}style-name")), None)
    return own is not None and name in {"p", "h", "span"} and own in unprinted


def _value(element: _Element) -> str:
    return next((str(v) for k, v in element.items() if str(k).endswith("}val")), "")


def _is_on(element: _Element) -> bool:
    return _value(element).lower() not in _OFF


def _unprinted_styles(archive: zipfile.ZipFile) -> set[str]:
    """Return the styles of a document, named in a part of their own, whose text is not printed."""
    found: set[str] = set()
    for name in ("styles.xml", "word/styles.xml"):
        with contextlib.suppress(ExtractionError):
            found |= _styles_of(tree_of(archive, name)) if has(archive, name) else set()
    return found


def _styles_of(tree: _Element) -> set[str]:
    """Return the styles of Word and OpenDocument in a tree whose text is not printed."""
    direct: dict[str, bool] = {}
    based: dict[str, str] = {}
    for style in tree.iter("{*}style"):
        names = {str(k).rpartition("}")[2]: str(v) for k, v in style.items()}
        name = names.get("styleId") or names.get("name", "")
        based[name] = names.get("parent-style-name", "")
        for e in style.iter("{*}basedOn"):
            based[name] = _value(e)
        for e in style.iter("{*}vanish", "{*}strike", "{*}dstrike"):
            direct[name] = direct.get(name, False) or _is_on(e)
        for e in style.iter("{*}text-properties"):
            said = {str(k).rpartition("}")[2]: str(v) for k, v in e.items()}
            struck = said.get("text-line-through-style")
            if struck or "display" in said:
                direct[name] = said.get("display") == "none" or (struck or "none") != "none"
    return {name for name in based if inherited(name, direct, based, default=False)}


def workbook_rows(archive: zipfile.ZipFile) -> Iterator[Row]:
    """Yield the rows of a workbook: their texts and the numbers that they store."""
    names = archive.namelist()
    shared: list[str] = []
    if "xl/sharedStrings.xml" in names:
        parts = _STRING.findall(bytes_of(archive, "xl/sharedStrings.xml"))
        shared = [_cell(part) for part in parts]
    for name in names:
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            yield from _rows(bytes_of(archive, name), shared)


def _rows(sheet: bytes, shared: list[str]) -> Iterator[Row]:
    """Yield the rows of a sheet; a cell merged with those below it stands in their rows too."""
    merged = [cell for cell in merged_cells(sheet) if cell.bottom > cell.top]
    reaching: list[tuple[int, str | float]] = []
    for place, (row, inside) in enumerate(_ROW.findall(sheet)):
        said = _NUMBER.search(row)
        number = int(said[1]) - 1 if said else place
        reaching = [(bottom, value) for bottom, value in reaching if bottom >= number]
        values = [value for _, value in reaching]
        wide = {cell.left: cell.bottom for cell in merged if cell.top == number}
        for column, value in _stored(inside, shared):
            values.append(value)
            if column in wide:
                reaching.append((wide[column], value))
        yield (
            tuple(value for value in values if isinstance(value, str)),
            tuple(value for value in values if isinstance(value, float)),
        )


def _stored(row: bytes, shared: list[str]) -> Iterator[tuple[int, str | float]]:
    """Yield what the cells of a row store, each with the number of its column."""
    for place, (attributes, inside) in enumerate(_CELL.findall(row)):
        named = _REFERENCE.search(attributes)
        column = column_of(named[1]) if named else place
        value = _VALUE.search(inside)
        stored = value[1].decode("utf-8", "replace") if value else ""
        if b't="s"' in attributes and stored.isdecimal() and int(stored) < len(shared):
            yield column, shared[int(stored)]
        elif b"t=" in attributes and b't="n"' not in attributes:
            yield column, _cell(inside) if b"<is>" in inside else stored
        else:
            with contextlib.suppress(ValueError):
                yield column, float(stored)


def _cell(part: bytes) -> str:
    import html

    return html.unescape(_TAG.sub("", _PHONETIC.sub(b"", part).decode("utf-8", "replace")))


def rich_text_lines(data: bytes) -> Iterator[str]:
    """Yield the lines of a Rich Text document; notes and the like are lines of their own."""
    fonts = font_codecs(data)
    codec = usual = codec_of(data)
    line: list[str] = []
    done: list[str] = []
    waiting: list[tuple[bool, str, list[str]]] = []
    hidden = False
    for token in _RTF.finditer(data.decode("latin-1")):
        word, brace = token["word"], token["brace"]
        if brace == "{":
            waiting.append((hidden, codec, line))
        elif brace == "}":
            if waiting:
                hidden, codec, around = waiting.pop()
                if around is not line:
                    done += _whole(line).split("\n")
                line = around
        elif word in _RTF_HIDING:
            hidden = token["value"] != "0"
        elif word == "plain":
            hidden, codec = False, usual
        elif word == "f":
            codec = fonts.get(token["value"] or "", usual)
        elif word in _RTF_APART or token["sign"] == "*":
            if waiting and line is waiting[-1][2]:
                line = []
        elif not hidden:
            line.append(_letters(token, codec))
    yield from done
    yield from _whole(line).split("\n")


def _whole(line: list[str]) -> str:
    """Return text in one; letters that Rich Text writes in two halves become one."""
    return "".join(line).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _letters(token: re.Match[str], codec: str) -> str:
    """Return the text that a token of Rich Text stands for."""
    if token["code"]:
        return chr(int(token["code"]) % 65536)
    if token["bytes"]:
        return bytes.fromhex(token["bytes"].replace("\\'", "")).decode(codec, "replace")
    if token["sign"]:
        return _RTF_SIGNS.get(token["sign"], "")
    return token["text"] or _RTF_NAMED.get(token["word"] or "", "")
