"""Blocks: what extractors find, and how it is written as Markdown."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sourcebot.articles.furniture import find_clutter
from sourcebot.types.locators import Locator, LocatorKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Kind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    QUOTATION = "quotation"
    ROW = "row"
    CODE = "code"
    LOCATOR = "locator"


@dataclass(frozen=True, slots=True)
class Block:
    """One block of an article.

    ``level`` is the depth of a heading (1 to 6) or of a list item (0 is the outermost); ``cells``
    are those of a table's row, and a row of level 1 begins a table. The text of a locator names the
    page, slide, sheet or time at which what follows begins. ``keyed`` says of a row that its first
    cell is its header, so the first such row of a table is no header of the others. ``number`` is
    that of an item in a numbered list.
    """

    kind: Kind
    text: str = ""
    level: int = 0
    cells: tuple[str, ...] = ()
    keyed: bool = False
    number: str = ""


_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})
_UNWANTED = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LONGEST_LABEL = 60
_SPECIAL_START = re.compile(r"(?:[#>]|[-+*=_~`]{1,}(?=\s|$)|[-=_*~`]{3,}|:?-+:?\s*\|)")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")


def located(kind: LocatorKind, label: str) -> Block:
    """Return a locator; what a comment of Markdown could not hold is taken out of its label."""
    plain = re.sub(r"--+", "-", re.sub(r"[<>]", "", cleaned(label)))
    return Block(Kind.LOCATOR, str(Locator(kind, plain[:_LONGEST_LABEL].strip("- ") or "-")))


def cleaned(text: str) -> str:
    """Return text on one line, without ligatures, soft hyphens and invisible characters."""
    return " ".join(_UNWANTED.sub("", text.translate(_LIGATURES)).split())


def first_heading(blocks: Sequence[Block]) -> str:
    """Return the words of the first heading, or ""."""
    return next((cleaned(b.text) for b in blocks if b.kind is Kind.HEADING), "")[:200]


def escaped(text: str) -> str:
    """Return a line of text so that Markdown takes it as text, changing as little as possible."""
    text = _TAG.sub(r"\\<", text)
    if _SPECIAL_START.match(text):
        return "\\" + text
    return _NUMBERED.sub(r"\1\\\2", text, count=1) if _NUMBERED.match(text) else text


def tidied(blocks: Iterable[Block], title: str) -> tuple[Block, ...]:
    """Return blocks without page furniture, the repeated title and headings over nothing."""
    found = [b for b in blocks if b.kind in {Kind.LOCATOR, Kind.ROW} or cleaned(b.text)]
    judged = zip(found, find_clutter(b.text for b in found), strict=True)
    kept = [block for block, clutter in judged if not clutter or block.kind is Kind.LOCATOR]
    same = cleaned(title).casefold()
    kept = [b for b in kept if b.kind is not Kind.HEADING or cleaned(b.text).casefold() != same]
    return tuple(
        block
        for block, after in itertools.zip_longest(kept, kept[1:])
        if block.kind is not Kind.HEADING or _stands_over(block, after)
    )


def _stands_over(heading: Block, after: Block | None) -> bool:
    """Return whether something stands below a heading before one of its rank or above."""
    return after is not None and (after.kind is not Kind.HEADING or after.level > heading.level)


def to_markdown(blocks: Sequence[Block]) -> str:
    """Return blocks as Markdown, each parted from the next by a blank line but in lists and tables.

    Headings begin at the second level: the first is the article's title.
    """
    highest = min((b.level for b in blocks if b.kind is Kind.HEADING), default=2)
    lines: list[str] = []
    before: Block | None = None
    widths: dict[int, int] = {}
    for block in blocks:
        joined = before and before.kind is block.kind and block.kind in {Kind.ITEM, Kind.ROW}
        joined = joined and not (block.kind is Kind.ROW and block.level)
        if before and not joined:
            lines.append("")
        if block.kind is Kind.ITEM:
            # What lies below an item begins where its text does.
            mark = f"{block.number}." if block.number else "-"
            indent = " " * sum(widths.get(level, 2) for level in range(block.level))
            lines.append(f"{indent}{mark} {escaped(cleaned(block.text))}")
            widths[block.level] = len(mark) + 1
        else:
            lines += _lines(block, max(0, 2 - highest), first=not joined)
        before = block
    return "\n".join(lines) + "\n"


def _lines(block: Block, deeper: int, *, first: bool) -> Iterator[str]:
    text = escaped(cleaned(block.text))
    match block.kind:
        case Kind.HEADING:
            yield f"{'#' * min(6, max(2, block.level + deeper))} {text}"
        case Kind.QUOTATION:
            yield f"> {text}"
        case Kind.LOCATOR:
            yield f"<!-- {block.text} -->"
        case Kind.CODE:
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", block.text)), default=0))
            yield fence
            yield from block.text.splitlines()
            yield fence
        case Kind.ROW:
            cells = [cleaned(cell).replace("|", "\\|") for cell in block.cells]
            row, rule = f"| {' | '.join(cells)} |", f"|{' --- |' * len(cells)}"
            # The first row of a table is its header, but for one that begins with its own.
            if first and block.keyed:
                yield from (f"|{'  |' * len(cells)}", rule, row)
            else:
                yield from (row, rule) if first else (row,)
        case Kind.PARAGRAPH:
            yield text
