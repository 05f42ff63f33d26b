"""A tree of HTML (or of trafilatura's kin of TEI) -> blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcebot.adding.blocks import Block, Kind, cleaned

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ITEMS = {"li", "item", "dt", "dd"}
_LISTS = {"ul", "ol", "dl", "list"}
_ROWS = {"tr", "row"}
_CELLS = {"td", "th", "cell"}
_QUOTATIONS = {"blockquote", "quote"}
_CODE = {"pre", "code"}
_INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "cite", "data", "del", "dfn", "em", "font", "hi", "i"),
    *("ins", "kbd", "mark", "q", "ref", "ruby", "s", "samp", "small", "span", "strong", "sub"),
    *("sup", "time", "tt", "u", "var", "wbr"),
}
_BREAKS = {"br", "lb"}
_LEFT_OUT = {
    *(
        "audio",
        "button",
        "canvas",
        "embed",
        "figcaption",
        "form",
        "graphic",
        "head-matter",
        "iframe",
    ),
    *("img", "input", "map", "math", "nav", "noscript", "object", "rp", "rt", "script", "select"),
    *("style", "svg", "template", "textarea", "title", "video"),
}


_LAYOUT = {"blockquote", "div", "dl", "form", "h1", "h2", "h3", "h4", "ol", "p", "table", "ul"}
_LONGEST_CELL = 300
"""Cells of more code points, or that hold blocks, are places on a page rather than figures."""


@dataclass(frozen=True, slots=True)
class Part:
    """A block and the innermost element that holds all of its text."""

    block: Block
    element: _Element


def blocks_of(root: _Element) -> tuple[Block, ...]:
    """Return what stands in a tree, in reading order; pictures, forms and scripts left out."""
    return tuple(part.block for part in parts_of(root))


def parts_of(root: _Element) -> tuple[Part, ...]:
    """Return the blocks of a tree as ``blocks_of`` does, each with its element."""
    walk = _Walk(root)
    walk.enter(root, Kind.PARAGRAPH, 0)
    walk.flush(Kind.PARAGRAPH, 0)
    return tuple(walk.parts)


def is_inline(element: _Element) -> bool:
    """Return whether an element is a part of a line."""
    return _name(element) in _INLINE | _BREAKS | {""}


class _Walk:
    """Gathers inline text until a block ends. Two line breaks in a row end a block too."""

    def __init__(self, root: _Element) -> None:
        self.parts: list[Part] = []
        self._text: list[str] = []
        self._breaks = 0
        self._blank = True
        self._first = self._inside = root
        self._number = ""
        self._last: dict[_Element, int] = {}

    def flush(self, kind: Kind, level: int) -> None:
        text = cleaned("".join(self._text))
        self._text, self._breaks, self._blank = [], 0, True
        if text:
            number = self._number if kind is Kind.ITEM else ""
            self._number = ""
            self.parts.append(Part(Block(kind, text, level, number=number), self._first))

    def enter(self, element: _Element, kind: Kind, level: int) -> None:
        """Take in an element's text and children; what they are depends on what holds them."""
        around, self._inside = self._inside, element
        self._add(element.text)
        for child in element:
            name = _name(child)
            if name in _BREAKS:
                self._break(kind, level)
            elif name in _INLINE or (name in _CODE and self._is_inline(child)):
                self.enter(child, kind, level)
            elif name and name not in _LEFT_OUT:
                self.flush(kind, level)
                self._block(child, name, kind, level)
            self._inside = element
            self._add(child.tail)
        self._inside = around

    def _block(self, child: _Element, name: str, kind: Kind, level: int) -> None:
        if name in _CODE:
            text = "".join(child.itertext())
            if text.strip():
                self.parts.append(Part(Block(Kind.CODE, text.strip("\n")), child))
            return
        if name in _ROWS and not _is_layout(child):
            cells = tuple(_words(cell) for cell in child if _name(cell) in _CELLS)
            if any(cells):
                names = [_name(cell) for cell in child if _name(cell) in _CELLS]
                keyed = names[0] == "th" and "td" in names
                self.parts.append(Part(Block(Kind.ROW, " ".join(cells), 0, cells, keyed), child))
            return
        if name in _HEADINGS or name == "head":
            rank = _HEADINGS.get(name) or _HEADINGS.get(str(child.get("rend")), 2)
            kind, level = Kind.HEADING, rank
        elif name in _LISTS:
            level = level + 1 if kind is Kind.ITEM else 0
            kind = Kind.ITEM
        elif name in _ITEMS:
            kind, self._number = Kind.ITEM, self._number_of(child)
        elif name in _QUOTATIONS:
            kind, level = Kind.QUOTATION, 0
        self.enter(child, kind, level)
        self.flush(kind, level)

    def _number_of(self, item: _Element) -> str:
        """Return the number that a page shows before an item of a list, or ""."""
        listed = item.getparent()
        if listed is None or _name(listed) != "ol" or str(listed.get("type") or "1") != "1":
            return ""
        first, own = str(listed.get("start") or "1"), str(item.get("value") or "")
        number = self._last.get(listed, _whole(first, 1) - 1) + 1
        self._last[listed] = number = _whole(own, number)
        return str(number) if number >= 0 and listed.get("reversed") is None else ""

    def _is_inline(self, code: _Element) -> bool:
        return bool("".join(self._text).strip() or (code.tail or "").strip())

    def _add(self, text: str | None) -> None:
        if text:
            if text.strip():
                self._first = self._inside if self._blank else _common(self._first, self._inside)
                self._blank = False
            self._text.append(text)
            self._breaks = 0 if text.strip() else self._breaks

    def _break(self, kind: Kind, level: int) -> None:
        self._text.append(" ")
        self._breaks += 1
        if self._breaks > 1:
            self.flush(kind, level)


def _common(first: _Element, other: _Element) -> _Element:
    """Return the innermost element that holds both, which lie in one tree."""
    if first is other:
        return first
    around = {other, *other.iterancestors()}
    return next((e for e in (first, *first.iterancestors()) if e in around), first)


def _whole(stated: str, otherwise: int) -> int:
    return int(stated) if re.fullmatch(r"\d{1,6}", stated.strip()) else otherwise


def _is_layout(row: _Element) -> bool:
    """Return whether a table's row only puts parts of a page side by side."""
    for cell in row:
        inside = [_name(element) for element in cell.iter()][1:]
        several = sum(name in _LAYOUT for name in inside)
        if "table" in inside or several > 1 or (several and len(_words(cell)) > _LONGEST_CELL):
            return True
        if len(row) == 1 and several:
            return True
    return False


def _words(element: _Element) -> str:
    return " ".join(block.text for block in blocks_of(element))


def _name(element: _Element) -> str:
    """Return the name of an element without its name space; "" for comments."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
