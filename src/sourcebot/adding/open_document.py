"""OpenDocument texts (ODT) -> drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcebot.adding.blocks import Block, Kind, cleaned, first_heading, tidied, to_markdown
from sourcebot.adding.grid import Merged, Row, spread
from sourcebot.adding.model import Draft
from sourcebot.adding.stated import believed_author, believed_title
from sourcebot.adding.styles import inherited
from sourcebot.adding.zipped import has, opened, said, text_of, tree_of
from sourcebot.errors import ExtractionError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lxml.etree import _Element

_STYLE_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_LEFT_OUT = {"tracked-changes", "annotation", "annotation-end", "forms", "sequence-decls"}
_LEFT_OUT |= {"hidden-text", "hidden-paragraph", "variable-decls", "user-field-decls", "ruby-text"}
_LEFT_OUT |= {"table-of-content", "alphabetical-index", "bibliography", "desc", "title"}
_BESIDE = {"frame", "custom-shape", "rect", "g"}
_MOST_REPEATED = 50
_DEEPEST = 200


def read_odt(source: Path | bytes, name: str) -> Draft:
    """Return the text of an OpenDocument text; ``name`` is the title of one that has none.

    Raises:
        ExtractionError: when it is protected, damaged or holds no text.
    """
    with opened(source) as archive:
        manifest = "META-INF/manifest.xml"
        if has(archive, manifest) and "encryption-data" in text_of(archive, manifest):
            raise ExtractionError(
                "it is protected by a password", "save a copy without password and add that"
            )
        meta = tree_of(archive, "meta.xml") if has(archive, "meta.xml") else None
        content = tree_of(archive, "content.xml")
        styles = tree_of(archive, "styles.xml") if has(archive, "styles.xml") else None
    walk = _Walk(_unprinted([content] if styles is None else [styles, content]))
    body = next(content.iter("{*}text"), content)
    walk.enter(body, Kind.PARAGRAPH, 0)
    title = believed_title(said(meta, "title")) or first_heading(walk.blocks) or name
    notes = [f"{kind} text is left out" for kind in sorted(walk.left_out)]
    if next(content.iter("{*}tracked-changes"), None) is not None:
        notes.append("it holds tracked changes: it is read as if all of them were accepted")
    return Draft(
        title=title,
        body=to_markdown(tidied(walk.blocks, title)),
        suffix=".odt",
        author=believed_author(said(meta, "creator")),
        language=said(meta, "language")[:2].lower(),
        notes=tuple(notes),
    )


def _unprinted(trees: Sequence[_Element]) -> dict[str, str]:
    """Return the styles whose text is not printed as valid text, and why."""
    hides: dict[str, str] = {}
    strikes: dict[str, str] = {}
    based: dict[str, str] = {}
    for style in (style for tree in trees for style in tree.iter("{*}style")):
        name = str(style.get(f"{_STYLE_NAMES}name"))
        based[name] = str(style.get(f"{_STYLE_NAMES}parent-style-name") or "")
        for properties in style.iter("{*}text-properties"):
            values = {str(key).rpartition("}")[2]: str(v) for key, v in properties.items()}
            if "display" in values:
                hides[name] = "hidden" if values["display"] == "none" else ""
            if line := values.get("text-line-through-style"):
                strikes[name] = "" if line == "none" else "struck-through"
    why = {n: inherited(n, hides, based, "") or inherited(n, strikes, based, "") for n in based}
    return {name: reason for name, reason in why.items() if reason}


class _Walk:
    """Gathers blocks in the order of the text; footnotes come after their paragraphs."""

    def __init__(self, unprinted: dict[str, str]) -> None:
        self.blocks: list[Block] = []
        self.left_out: set[str] = set()
        self._unprinted = unprinted
        self._notes: list[Block] = []

    def enter(self, element: _Element, kind: Kind, level: int, depth: int = 0) -> None:
        """Take in the blocks below an element, of that ``kind`` unless they say otherwise."""
        if depth > _DEEPEST:
            raise ExtractionError("its parts are nested too deeply", "save it in another format")
        for child in element:
            name = _name(child)
            if name == "p":
                self._block(Block(kind, self._words(child), level))
            elif name == "h":
                rank = str(child.get(f"{_TEXT}outline-level") or 1)
                self._block(
                    Block(Kind.HEADING, self._words(child), int(rank) if rank.isdecimal() else 1)
                )
            elif name == "list":
                deeper = level + 1 if kind is Kind.ITEM else 0
                self.enter(child, Kind.ITEM, min(deeper, 6), depth + 1)
            elif name == "table":
                self._table(child)
            elif name and name not in _LEFT_OUT:
                self.enter(child, kind, level, depth + 1)

    def _block(self, block: Block) -> None:
        if block.text:
            self.blocks.append(block)
        self.blocks += [note for note in self._notes if note.text]
        self._notes = []

    def _table(self, table: _Element) -> None:
        rows: list[Row] = []
        merged: list[Merged] = []
        for row in table.iter("{*}table-row"):
            if next(row.iterancestors("{*}table")) is not table:
                continue  # of a table within a cell, whose words are the cell's
            cells: list[str] = []
            for cell in row:
                if _name(cell) not in {"table-cell", "covered-table-cell"}:
                    continue
                words = cleaned(" ".join(self._words(p) for p in cell.iter("{*}p", "{*}h")))
                down, across = _number(cell, "rows-spanned"), _number(cell, "columns-spanned")
                if down > 1 or across > 1:
                    right = len(cells) + across - 1
                    merged.append(Merged(len(rows), len(cells), len(rows) + down - 1, right))
                repeated = _number(cell, "columns-repeated")
                last = cell.getnext() is None
                cells += [words] * (min(repeated, _MOST_REPEATED) if words or not last else 1)
            rows.append(tuple(cells))
        shown = [row for row in spread(rows, merged) if any(row)]
        for number, cells_of_row in enumerate(shown):
            self._block(Block(Kind.ROW, " ".join(cells_of_row), int(number == 0), cells_of_row))

    def _words(self, paragraph: _Element) -> str:
        return cleaned("".join(self._inline(paragraph, 0)))

    def _inline(self, element: _Element, depth: int) -> list[str]:
        """Return the words of an element within a paragraph, without those that are not printed."""
        name = _name(element)
        style = str(element.get(f"{_TEXT}style-name"))
        if (
            name in {"p", "h", "span"}
            and style in self._unprinted
            and "".join(element.itertext()).strip()
        ):
            self.left_out.add(self._unprinted[style])
            return []
        if depth > _DEEPEST:
            raise ExtractionError("its parts are nested too deeply", "save it in another format")
        found = [str(element.text or "")]
        for child in element:
            inner = _name(child)
            if inner in {"s", "tab", "line-break"}:
                found.append(" ")
            elif inner == "note":
                words = cleaned(" ".join(self._words(p) for p in child.iter("{*}p")))
                mark = cleaned("".join(str(c.text or "") for c in child.iter("{*}note-citation")))
                self._notes.append(Block(Kind.PARAGRAPH, f"{mark} {words}"))
            elif inner in _BESIDE:
                inside = (self._words(p) for p in child.iter("{*}p", "{*}h"))
                self._notes += [Block(Kind.PARAGRAPH, words) for words in inside]
            elif inner and inner not in _LEFT_OUT:
                found += self._inline(child, depth + 1)
            found.append(str(child.tail or ""))
        return found


def _number(cell: _Element, name: str) -> int:
    """Return a count that a cell states, at least 1."""
    said = next((str(v) for k, v in cell.items() if str(k).endswith(name)), "1")
    return max(1, int(said)) if said.isdecimal() and len(said) < 7 else 1


def _name(element: _Element) -> str:
    """Return the name of an element without its name space; "" for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
