"""Article -> paragraphs and sentences, every one with its offsets in the article.

Offsets are carried from the first step and never searched for afterwards, because
repeated words would be found in the wrong place.
"""

from __future__ import annotations

import bisect
import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sourcebot.articles.furniture import find_clutter, is_listing
from sourcebot.articles.markdown import heading_span, line_spans, markdown_groups, piece_span
from sourcebot.articles.questions import Block, under_questions
from sourcebot.articles.tables import table_block, text_tables
from sourcebot.text.sentences import split_sentences
from sourcebot.types import Article, Excerpt, Passage, Span
from sourcebot.types.locators import Locator, LocatorKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcebot.articles.markdown import Group

MAX_PARAGRAPH = 1200
"""Longest paragraph in code points (about 250 tokens, what the default model reads)."""

_LINE = re.compile(r"[^\r\n\f\u2029]+")
_BLANK_LINE = re.compile(r"(?:\r\n|\r(?!\n)|\n)[^\S\r\n]*(?:\r\n|\r(?!\n)|\n)")
_ITEM = re.compile(r"(?:[-*•–]|\(?(?:\d{1,2}|[a-z])[.)])\s")
_WRAP_WIDTH = 120
_LONGEST_GAP = 40
_LOCATOR = re.compile(
    rf"^<!-- (?P<kind>{'|'.join(LocatorKind)}) "
    r"(?P<label>[^\s<>](?:[^<>\r\n]{0,60}[^\s<>])?) -->[ \t]*$",
    re.MULTILINE,
)
"""A comment that tells on which page, slide or sheet of the original, or when, what follows is."""


def segment(article: Article) -> tuple[Passage, ...]:
    """Return the quotable paragraphs of an article in reading order."""
    found = _markdown_blocks(article) if article.markdown else _opened(article)
    blocks = under_questions(article.text, tuple(found))
    clutter = find_clutter(block.span.of(article.text) for block in blocks)
    locators = _locators(article) if article.markdown else []
    passages: list[Passage] = []
    ordinal = 0
    for block, is_clutter in zip(blocks, clutter, strict=True):
        if is_clutter:
            continue
        sentences = _sentences(article, block)
        if not sentences:
            continue
        ordinal += 1
        locator = _locator_at(locators, block.span.start)
        heading = " – ".join(block.words)
        opening = _opening(article, block)
        passages += (
            Passage(
                ordinal,
                heading,
                Span(part[0].start, part[-1].end),
                part,
                locator,
                block.headings,
                opening if opening and opening.span.end <= part[-1].start else None,
                block.table,
            )
            for part in _parts(sentences)
        )
    return tuple(passages)


def _sentences(article: Article, block: Block) -> list[Span]:
    """Return the sentences of a block; those of a table are its rows."""
    if block.table:
        return list(block.pieces)
    return [
        sentence
        for piece in block.pieces
        for sentence in split_sentences(article.text, piece, article.language)
        if not is_listing(sentence.of(article.text))
    ]


def _opening(article: Article, block: Block) -> Excerpt | None:
    """Return what opens a list or table: the last sentence of the paragraph before it."""
    if not block.opening:
        return None
    last = split_sentences(article.text, block.opening, article.language)[-1]
    return Excerpt(last.of(article.text), last)


def _locators(article: Article) -> list[tuple[int, Locator]]:
    """Return where each page and the like begins, by the marks that stand alone on their lines."""
    body = article.body
    return [
        (mark.end(), Locator(LocatorKind(mark["kind"]), mark["label"]))
        for mark in _LOCATOR.finditer(article.text, body.start, body.end)
    ]


def _locator_at(locators: list[tuple[int, Locator]], offset: int) -> Locator | None:
    """Return the page or the like at an offset, or None in an article without such."""
    number = bisect.bisect_right(locators, offset, key=lambda found: found[0])
    return locators[number - 1][1] if number else None


def gap_between(text: str, before: Passage | None, passage: Passage) -> str | None:
    """Return the white space between two passages of ``text``, None when it is anything else.

    The marks of a Markdown block quotation count as white space.
    """
    if before is None:
        return None
    gap = text[before.span.end : passage.span.start]
    return None if gap.strip(" \t\r\n\f\u2029>") or len(gap) > _LONGEST_GAP else gap


def _parts(sentences: list[Span]) -> Iterator[tuple[Span, ...]]:
    """Divide the sentences of an overlong paragraph into runs that the model can read."""
    part: list[Span] = []
    for sentence in sentences:
        if part and sentence.end - part[0].start > MAX_PARAGRAPH:
            yield tuple(part)
            part = []
        part.append(sentence)
    yield tuple(part)


def text_blocks(article: Article) -> Iterator[Block]:
    """Yield the paragraphs of plain text: parted by blank lines, else one a line."""
    start = article.body.start
    ends = [m.span() for m in _BLANK_LINE.finditer(article.text, start, article.body.end)]
    for gap_start, gap_end in [*ends, (article.body.end, article.body.end)]:
        lines = [
            Span(*m.span())
            for m in _LINE.finditer(article.text, start, max(start, gap_start))
            if m[0].strip()
        ]
        start = gap_end
        if not lines:
            continue
        for table, rows in text_tables(article.text, lines):
            if table:
                yield table
            else:
                yield from _text_blocks(article.text, rows)


def _text_blocks(text: str, lines: list[Span]) -> Iterator[Block]:
    """Yield the paragraphs of lines without a blank one between them; an item is one."""
    items = [number for number, line in enumerate(lines) if _ITEM.match(line.of(text).strip())]
    bounds = sorted({0, *items, len(lines)})
    for first, last in itertools.pairwise(bounds):
        part = lines[first:last]
        if _is_wrapped([line.of(text).strip() for line in part]):
            yield Block((Span(part[0].start, part[-1].end),))
        else:
            yield from (Block((line,)) for line in part)


def _is_wrapped(lines: list[str]) -> bool:
    """Return whether line breaks only fill a width: the next word did not fit."""
    width = max(map(len, lines))
    if len(lines) == 1 or width > _WRAP_WIDTH:
        return len(lines) == 1
    forced = sum(
        len(line) + 1 + len(following.split(maxsplit=1)[0]) > width or following[0].islower()
        for line, following in itertools.pairwise(lines)
    )
    return forced >= 0.7 * (len(lines) - 1)


def _markdown_blocks(article: Article) -> Iterator[Block]:
    """Yield paragraphs, whole short lists and tables, each with the headings above it."""
    body = article.body.of(article.text)
    lines = line_spans(body, article.body.start)
    title = article.title.casefold()
    pending = Block(())
    for group in markdown_groups(body):
        spans = (piece_span(article.text, lines, piece) for piece in group.pieces)
        # The title stands over everything already.
        above = [h for h in group.headings if h.level > 1 or h.words.casefold() != title]
        places = (heading_span(article.text, lines, heading) for heading in above)
        raw = (
            Span(article.body.start + span.start, article.body.start + span.end)
            for span in group.spans
        )
        block = Block(
            tuple(span for span in (*spans, *raw) if len(span)),
            tuple(heading.words for heading in above),
            tuple(Excerpt(place.of(article.text), place) for place in places),
        )
        if not block.pieces:
            continue
        if group.kind == "table":
            block = _as_table(article.text, lines, group, block)
        if group.kind != "paragraph" and _opens(article.text, pending, block):
            block = replace(block, opening=pending.pieces[-1])
            size = block.pieces[-1].end - pending.pieces[0].start
            if group.kind == "list" and size <= MAX_PARAGRAPH:
                pending = replace(block, pieces=(*pending.pieces, *block.pieces))
                continue
        if pending.pieces:
            yield pending
        pending = block
    if pending.pieces:
        yield pending


def _as_table(text: str, lines: list[Span], group: Group, block: Block) -> Block:
    rows = [Span(lines[first].start, lines[last - 1].end) for first, last, _ in group.pieces]
    table = table_block(text, rows, "|")
    return replace(block, pieces=table.pieces, table=table.table) if table else block


def _opens(text: str, before: Block, items: Block) -> bool:
    """Return whether a list or table belongs to the paragraph before it: that ends with a colon."""
    if not before.pieces or before.table or before.headings != items.headings:
        return False
    return before.pieces[-1].of(text).endswith(":")


def _opened(article: Article) -> Iterator[Block]:
    """Yield the blocks of plain text, items and tables with the line that opens them."""
    opening: Span | None = None
    for block in text_blocks(article):
        words = block.span.of(article.text).strip()
        item = bool(block.table or _ITEM.match(words))
        yield replace(block, opening=opening) if item and opening else block
        if words.endswith(":") and not block.table:
            opening = block.span
        elif not item:
            opening = None
