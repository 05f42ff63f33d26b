"""Markdown -> blocks and headings, with the lines that they stand on."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from sourcebot.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

_NEWLINE = re.compile(r"\r\n|\r|\n")
_OPENS = {"bullet_list_open": "list", "ordered_list_open": "list", "table_open": "table"}
_CLOSES = {"bullet_list_close", "ordered_list_close", "table_close"}

Piece = tuple[int, int, str]
"""First line, line after the last, and the raw content that the parser saw there."""

Group = tuple[str, str, list[Piece]]
"""Kind ("paragraph", "list" or "table"), the headings above it, and its pieces."""


def _parsed(body: str) -> list[Token]:
    # Imported here: the question path parses nothing.
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table").parse(body)


def first_heading(body: str) -> str:
    """Return the first heading of the first level as plain text, else of the second, or ""."""
    found: dict[str, str] = {}
    tokens = _parsed(body)
    for token, following in itertools.pairwise(tokens):
        if token.type == "heading_open" and (words := _plain(following)):
            found.setdefault(token.tag, words)
    return found.get("h1") or found.get("h2", "")


def markdown_groups(body: str) -> Iterator[Group]:
    """Yield paragraphs, whole lists and tables in reading order; no code and no raw HTML."""
    depth, kind, group = 0, "paragraph", list[Piece]()
    headings: dict[int, str] = {}
    level, in_row = 0, False
    for token in _parsed(body):
        above = " – ".join(headings.values())
        if token.type in _OPENS:
            depth += 1
            kind = _OPENS[token.type]
        elif token.type in _CLOSES:
            depth -= 1
            if depth == 0:
                yield kind, above, group
                kind, group = "paragraph", []
        elif token.type == "heading_open":
            level = int(token.tag[1:])
        elif token.type == "heading_close":
            level = 0
        elif token.type == "inline" and level:
            kept = {depth: words for depth, words in headings.items() if depth < level}
            headings = {**kept, level: _plain(token)} if level > 1 else {}
        elif token.type == "tr_open" and token.map:
            in_row = True
            group.append((token.map[0], token.map[1], ""))
        elif token.type == "tr_close":
            in_row = False
        elif token.type == "inline" and token.map and not in_row:
            if _plain(token):
                group.append((token.map[0], token.map[1], token.content))
            if depth == 0:
                yield kind, above, group
                group = []


def plain_inline(text: str) -> str:
    """Return one paragraph of Markdown as a page shows it: without its markup."""
    from markdown_it import MarkdownIt

    return _plain(MarkdownIt("commonmark").parseInline(text)[0])


def _plain(token: Token) -> str:
    """Return the words of an inline run without its markup; pictures have none."""
    words = (c.content for c in token.children or () if c.type in {"text", "code_inline"})
    return " ".join("".join(words).split())


def line_spans(body: str, offset: int) -> list[Span]:
    """Return the lines of ``body`` as the Markdown parser counts them."""
    starts = [0, *(m.end() for m in _NEWLINE.finditer(body))]
    ends = [*(m.start() for m in _NEWLINE.finditer(body)), len(body)]
    return [Span(offset + s, offset + e) for s, e in zip(starts, ends, strict=True)]


def piece_span(text: str, lines: list[Span], piece: Piece) -> Span:
    """Return where a piece stands in ``text``, without list or quotation markers."""
    first, stop, content = piece
    start, end = lines[first].start, lines[min(stop, len(lines)) - 1].end
    head = _NEWLINE.split(content, maxsplit=1)[0].strip()
    line = lines[first].of(text).rstrip()
    if head and line.endswith(head):
        start += len(line) - len(head)
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return Span(start, end)
