"""Blocks of text, and the lines that stand over others without being marked as headings.

A page of questions and answers often sets its questions as paragraphs of their own, and many a
file has lines in bold instead of headings. Both say what the text below them is about, so they
are headings of it, and no paragraphs where something stands below them.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sourcebot.types import Excerpt, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sourcebot.types import Table

_LONGEST = 160
_LONGEST_BOLD = 90
_LEAST_QUESTIONS = 2
_LEAST_SHARE = 0.2
"""Fewer questions among an article's blocks, at least two, are those of its prose."""

_ENDS_QUESTION = ("?", "؟", "？")
_BOLD = re.compile(r"(?P<mark>\*\*|__)(?P<words>(?!\s)[^*_]+(?<!\s))(?P=mark)(?P<after>[?:]?)")
_QUESTION_MARK = re.compile(r"(?:Q(?:uestion)?|F(?:rage)?|P)\s?\d{0,3}\s?[:.)]\s+(?=\S)")
_NUMBER = re.compile(r"\(?\d{1,3}[.)]\s+(?=\S)")
_INNER_END = re.compile(r"[.!?。！？]\s")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, list or table.

    Attributes:
        pieces: its lines, items or rows: a sentence never crosses two.
        words: the headings above it without markup, the outermost first.
        headings: the same, verbatim.
        opening: the paragraph that opens it, when it is a list, or None.
        table: what its rows are read with, when it is a table.
    """

    pieces: tuple[Span, ...]
    words: tuple[str, ...] = ()
    headings: tuple[Excerpt, ...] = ()
    opening: Span | None = None
    table: Table | None = None

    @property
    def span(self) -> Span:
        """From the first piece to the last."""
        return Span(self.pieces[0].start, self.pieces[-1].end)


def under_questions(text: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return blocks with the question, or the line in bold, that stands over each.

    It stands over what follows under the same headings, up to the next such line.
    """
    asked = [_question(text, block) for block in blocks]
    if sum(map(bool, asked)) < max(_LEAST_QUESTIONS, _LEAST_SHARE * len(blocks)):
        asked = [None] * len(blocks)
    bold = [_bold(text, block) for block in blocks]
    over = [a or b for a, b in zip(asked, bold, strict=True)]
    return tuple(_under(text, blocks, over))


def _under(text: str, blocks: Sequence[Block], over: Sequence[Span | None]) -> Iterator[Block]:
    current: Span | None = None
    before: tuple[Excerpt, ...] = ()
    following = zip(blocks[1:], over[1:], strict=True)
    for block, line, after in itertools.zip_longest(blocks, over, following):
        if line or block.headings != before:
            current = line
            below = after and after[0].headings == block.headings and not after[1]
            if not (line and below):
                yield block
        elif current:
            words = current.of(text)
            yield replace(
                block,
                words=(*block.words, " ".join(words.split())),
                headings=(*block.headings, Excerpt(words, current)),
            )
        else:
            yield block
        before = block.headings


def _question(text: str, block: Block) -> Span | None:
    """Return where the question stands that is all of a block, None when it is anything else."""
    span = block.span
    if len(block.pieces) > 1 or block.table or len(span) > _LONGEST:
        return None
    if bold := _BOLD.fullmatch(text, span.start, span.end):
        span = Span(*bold.span("words"))
    for mark in (_QUESTION_MARK, _NUMBER):
        if found := mark.match(text, span.start, span.end):
            span = Span(found.end(), span.end)
    asks = block.span.of(text).rstrip("*_").endswith(_ENDS_QUESTION)
    return span if asks and not _INNER_END.search(span.of(text)) else None


def _bold(text: str, block: Block) -> Span | None:
    """Return where the words stand that are all of a block, in bold and no sentence."""
    span = block.span
    found = _BOLD.fullmatch(text, span.start, span.end)
    if len(block.pieces) > 1 or len(span) > _LONGEST_BOLD or not found:
        return None
    words = Span(*found.span("words"))
    return None if words.of(text).endswith((".", "!", ",", ";")) else words
