"""Presentations (PPTX) -> drafts: the text of each slide, with its number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sourcebot.adding.blocks import (
    Block,
    Kind,
    cleaned,
    first_heading,
    located,
    tidied,
    to_markdown,
)
from sourcebot.adding.grid import Merged, Row, spread
from sourcebot.adding.model import Draft
from sourcebot.adding.stated import believed_author, believed_title
from sourcebot.adding.zipped import (
    check_parts,
    has,
    opened,
    said,
    targets_of,
    tree_of,
)
from sourcebot.types.locators import LocatorKind

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator
    from pathlib import Path

    from lxml.etree import _Element

_MAIN = "ppt/presentation.xml"
_PARTS = re.compile(r"ppt/.*\.xml$")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FURNITURE = {"sldNum", "dt", "ftr", "hdr", "sldImg"}
_TITLES = {"title", "ctrTitle"}
_OFF = {"0", "false"}


def read_pptx(source: Path | bytes, name: str) -> Draft:
    """Return the text of a presentation; ``name`` is the title of one that has none.

    Raises:
        ExtractionError: when it is protected, damaged or holds no text.
    """
    blocks: list[Block] = []
    hidden: list[str] = []
    with opened(source) as archive:
        check_parts(archive, _PARTS)
        core = tree_of(archive, "docProps/core.xml") if has(archive, "docProps/core.xml") else None
        parts = _slides(archive)
        for number, part in enumerate(parts, start=1):
            if not has(archive, part):
                continue
            slide = tree_of(archive, part)
            if str(slide.get("show", "1")) in _OFF:
                hidden.append(str(number))
                continue
            blocks.append(located(LocatorKind.SLIDE, str(number)))
            blocks += _blocks(slide)
            blocks += _notes(archive, part)
    title = believed_title(said(core, "title")) or first_heading(blocks) or name
    return Draft(
        title=title,
        body=to_markdown(tidied(blocks, title)),
        suffix=".pptx",
        author=believed_author(said(core, "creator")),
        language=said(core, "language")[:2].lower(),
        pages=len(parts),
        notes=(f"hidden slides are left out: {', '.join(hidden)}",) if hidden else (),
    )


def _slides(archive: zipfile.ZipFile) -> list[str]:
    """Return the parts that hold the slides, in the order in which they are shown."""
    targets = targets_of(archive, _MAIN)
    return [
        targets.get(str(slide.get(_RELATION)), "")
        for slide in tree_of(archive, _MAIN).iter("{*}sldId")
    ]


def _notes(archive: zipfile.ZipFile, part: str) -> Iterator[Block]:
    """Yield the speaker's notes of a slide under a heading of their own."""
    for target in targets_of(archive, part).values():
        if "notesSlides/" in target and has(archive, target):
            found = [b for b in _blocks(tree_of(archive, target)) if cleaned(b.text)]
            if found:
                yield Block(Kind.HEADING, "Notes", 3)
                yield from found


def _blocks(slide: _Element) -> Iterator[Block]:
    """Yield what stands on a slide, in the order of its shapes."""
    for shape in slide.iter("{*}sp", "{*}tbl"):
        if shape.tag.endswith("}tbl"):
            yield from _table(shape)
            continue
        place = next(shape.iter("{*}ph"), None)
        kind = str(place.get("type", "body")) if place is not None else ""
        shown = next(shape.iter("{*}cNvPr"), None)
        if kind in _FURNITURE or (
            shown is not None and str(shown.get("hidden", "0")) not in {*_OFF, ""}
        ):
            continue
        body = next(shape.iter("{*}txBody"), None)
        paragraphs = [] if body is None else [_words(p) for p in body.iter("{*}p")]
        if kind in _TITLES:
            yield Block(Kind.HEADING, " ".join(filter(None, paragraphs)), 2)
        else:
            yield from (Block(Kind.PARAGRAPH, words) for words in paragraphs if words)


def _table(table: _Element) -> Iterator[Block]:
    rows: list[Row] = []
    merged: list[Merged] = []
    for row in table.iter("{*}tr"):
        cells: list[str] = []
        for cell in row.iter("{*}tc"):
            down, across = (int(_count(cell.get(name))) for name in ("rowSpan", "gridSpan"))
            if down > 1 or across > 1:
                right = len(cells) + across - 1
                merged.append(Merged(len(rows), len(cells), len(rows) + down - 1, right))
            cells.append(cleaned(" ".join(_words(p) for p in cell.iter("{*}p"))))
        rows.append(tuple(cells))
    for number, cells_of_row in enumerate(spread(rows, merged)):
        yield Block(Kind.ROW, " ".join(cells_of_row), int(number == 0), cells_of_row)


def _count(stated: str | None) -> str:
    return stated if stated and re.fullmatch(r"[1-9]\d{0,3}", stated) else "1"


def _words(paragraph: _Element) -> str:
    """Return the words of a paragraph; those that are struck through are left out."""
    found: list[str] = []
    for run in paragraph.iter("{*}r", "{*}br", "{*}fld"):
        if run.tag.endswith("}br"):
            found.append(" ")
            continue
        properties = next(run.iter("{*}rPr"), None)
        struck = properties is not None and str(properties.get("strike", "noStrike")) != "noStrike"
        if not struck:
            found += [str(text.text or "") for text in run.iter("{*}t")]
    return cleaned("".join(found))
