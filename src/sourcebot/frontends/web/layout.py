"""Blocks of an article -> what the templates lay out: lists and tables whole, words marked."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sourcebot.render.blocks import Block, Kind, Mark, Run, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sourcebot.types import Span
    from sourcebot.types.locators import Locator

PART = 40_000
"""Code points of an article on one page, about; so a page stays under 120 KB."""

AROUND = 2_500
"""Code points that are shown on each side of a quote beside the answer."""

Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What is laid out as one: a paragraph, a whole list, a whole table.

    Attributes:
        kind: as of the blocks.
        lines: runs of text; of a table the cells of each row follow one another in ``rows``.
        level: of a heading.
        locator: the page or the like that begins here.
        anchor: the id of a heading.
        quoted: whether it stands in a block quotation.
        depths: of the items of a list.
        labels: of the items of a list.
        rows: of a table, the head first when ``headed``.
    """

    kind: str
    lines: tuple[Runs, ...] = ()
    level: int = 0
    anchor: str = ""
    quoted: bool = False
    depths: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    rows: tuple[tuple[Runs, ...], ...] = ()
    headed: bool = False
    locator: Locator | None = None


def anchor_of(block: Block) -> str:
    """Return the id of a heading."""
    return f"h{block.span.start}"


def laid_out(blocks: Sequence[Block], marks: Sequence[Mark], top: int) -> tuple[Group, ...]:
    """Return blocks as the templates lay them out, with headings from the level ``top`` down."""
    groups = itertools.groupby(blocks, key=_together)
    found = (g for (kind, *_), run in groups for g in _grouped(kind, list(run), marks))
    return tuple(_nested(found, top))


def _nested(groups: Iterable[Group], top: int) -> Iterator[Group]:
    """Yield groups whose headings leave out no level, whatever the article's own levels are."""
    above: list[int] = []
    for group in groups:
        if group.kind != Kind.HEADING.value:
            yield group
            continue
        while above and above[-1] >= group.level:
            above.pop()
        above.append(group.level)
        yield replace(group, level=min(6, top + len(above) - 1))


def _together(block: Block) -> tuple[Kind, int]:
    """Return what is equal for neighbours that belong to one list or table."""
    if block.kind in {Kind.ITEM, Kind.ROW}:
        return block.kind, -1
    return block.kind, block.span.start


def _grouped(kind: Kind, blocks: list[Block], marks: Sequence[Mark]) -> Iterator[Group]:
    if kind is Kind.ROW:
        # Each head begins a table of its own.
        tables: list[list[Block]] = []
        for block in blocks:
            if block.level or not tables:
                tables.append([])
            tables[-1].append(block)
        for table in tables:
            rows = tuple(_lines(block, marks) for block in table)
            yield Group("table", rows=rows, headed=bool(table[0].level))
        return
    if kind is Kind.ITEM:
        yield Group(
            "list",
            tuple(_joined(block, marks) for block in blocks),
            depths=tuple(min(6, block.level) for block in blocks),
            labels=tuple(block.label for block in blocks),
        )
        return
    for block in blocks:
        lines = _lines(block, marks) if kind is Kind.CODE else (_joined(block, marks),)
        yield Group(
            kind.value,
            lines,
            level=block.level,
            anchor=anchor_of(block) if kind is Kind.HEADING else "",
            quoted=block.quoted,
            locator=block.locator,
        )


def _lines(block: Block, marks: Sequence[Mark]) -> tuple[Runs, ...]:
    return tuple(shown(piece, marks, markdown=block.markdown) for piece in block.pieces)


def _joined(block: Block, marks: Sequence[Mark]) -> Runs:
    """Return the pieces of a block as one line, with a space between."""
    space = Run(" ")
    lines = _lines(block, marks)
    return tuple(run for i, line in enumerate(lines) for run in ((space, *line) if i else line))


def around(blocks: Sequence[Block], span: Span | None) -> tuple[Block, ...]:
    """Return the blocks near a span, with their nearest heading; the first ones without a span."""
    near = [
        i
        for i, block in enumerate(blocks)
        if span is not None
        and span.start - AROUND <= block.span.end
        and block.span.start <= span.end + AROUND
    ]
    return tuple(blocks[near[0] : near[-1] + 1]) if near else tuple(blocks[:12])


def parts(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], ...]:
    """Return the blocks of an article divided into pages."""
    found: list[list[Block]] = [[]]
    size = 0
    for block in blocks:
        length = sum(len(piece.text) for piece in block.pieces) + 60
        if found[-1] and size + length > PART:
            found.append([])
            size = 0
        found[-1].append(block)
        size += length
    return tuple(map(tuple, found))
