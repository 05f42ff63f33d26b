"""Article -> paragraphs and sentences, every one with its offsets in the article.

Offsets are carried from the first step and never searched for afterwards, because
repeated words would be found in the wrong place.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from sourcebot.sentences import split_sentences
from sourcebot.types import Article, Passage, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markdown_it.token import Token

SPLITTER_VERSION = 1
"""Raised whenever the same file would be segmented otherwise: it makes an index stale."""

MAX_PARAGRAPH = 1200
"""Longest paragraph in code points (about 250 tokens, what the default model reads)."""

_LINE = re.compile(r"[^\r\n]+")
_BLANK_LINE = re.compile(r"(?:\r\n|\r(?!\n)|\n)[^\S\r\n]*(?:\r\n|\r(?!\n)|\n)")
_NEWLINE = re.compile(r"\r\n|\r|\n")
_WRAP_WIDTH = 120
_CREDIT = re.compile(
    r"\bvia Getty|\bGetty Images\b|\bPA (?:Images|Media|Wire)\b|\bAP Photo\b|\bShutterstock\b"
    r"|\bAlamy\b|^(?:Photo(?:graph)?|Picture|Image|Credit|Illustration)s?(?: credits?| by)?\s*:|^©",
    re.IGNORECASE,
)

Block = tuple[Span, ...]
"""The pieces of one paragraph (lines, list items): a sentence never crosses two."""


def segment(article: Article) -> tuple[Passage, ...]:
    """Return the quotable paragraphs of an article in reading order."""
    blocks = _markdown_blocks(article) if article.markdown else _text_blocks(article)
    passages: list[Passage] = []
    ordinal = 0
    for block in blocks:
        if _is_credit(article.text[block[0].start : block[-1].end]):
            continue
        sentences = [s for piece in block for s in split_sentences(article.text, piece)]
        if not sentences:
            continue
        ordinal += 1
        passages += (
            Passage(ordinal, Span(part[0].start, part[-1].end), part) for part in _parts(sentences)
        )
    return tuple(passages)


def _parts(sentences: list[Span]) -> Iterator[tuple[Span, ...]]:
    """Divide the sentences of an overlong paragraph into runs that the model can read."""
    part: list[Span] = []
    for sentence in sentences:
        if part and sentence.end - part[0].start > MAX_PARAGRAPH:
            yield tuple(part)
            part = []
        part.append(sentence)
    yield tuple(part)


def _is_credit(text: str) -> bool:
    """Return whether a paragraph only says who took a picture."""
    return (
        len(text) < 120
        and not text.rstrip().endswith((".", "!", "?"))
        and bool(_CREDIT.search(text))
    )


def _text_blocks(article: Article) -> Iterator[Block]:
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
        if _is_wrapped([line.of(article.text).strip() for line in lines]):
            yield (Span(lines[0].start, lines[-1].end),)
        else:
            yield from ((line,) for line in lines)


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
    """Yield paragraphs, whole short lists and tables; no headings, code or raw HTML."""
    # Imported here: the question path segments nothing.
    from markdown_it import MarkdownIt

    body = article.body.of(article.text)
    lines = _line_spans(body, article.body.start)
    pending: list[Span] = []
    for kind, pieces in _markdown_pieces(MarkdownIt("commonmark").enable("table").parse(body)):
        spans = [s for s in (_piece(article.text, lines, *p) for p in pieces) if len(s)]
        leads = bool(pending) and pending[-1].of(article.text).endswith(":")
        size = spans[-1].end - (pending or spans)[0].start if spans else 0
        if pending and not (kind == "list" and leads and size <= MAX_PARAGRAPH):
            yield tuple(pending)
            pending = []
        pending += spans
    if pending:
        yield tuple(pending)


def _line_spans(body: str, offset: int) -> list[Span]:
    """Return the lines of ``body`` as the Markdown parser counts them."""
    starts = [0, *(m.end() for m in _NEWLINE.finditer(body))]
    ends = [*(m.start() for m in _NEWLINE.finditer(body)), len(body)]
    return [Span(offset + s, offset + e) for s, e in zip(starts, ends, strict=True)]


Piece = tuple[int, int, str]
"""First line, line after the last, and the raw content that the parser saw there."""


def _markdown_pieces(tokens: Iterable[Token]) -> Iterator[tuple[str, list[Piece]]]:
    """Yield ("paragraph" | "list" | "table", its pieces) in reading order."""
    depth, kind, group, in_heading = 0, "paragraph", list[Piece](), False
    row: tuple[int, int] | None = None
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open", "table_open"}:
            depth += 1
            kind = "table" if token.type == "table_open" else "list"
        elif token.type in {"bullet_list_close", "ordered_list_close", "table_close"}:
            depth -= 1
            if depth == 0:
                yield kind, group
                kind, group = "paragraph", []
        elif token.type in {"heading_open", "heading_close"}:
            in_heading = token.type == "heading_open"
        elif token.type == "tr_open" and token.map:
            row = (token.map[0], token.map[1])
            group.append((*row, ""))
        elif token.type == "tr_close":
            row = None
        elif token.type == "inline" and token.map and not in_heading and row is None:
            if _has_words(token):
                group.append((token.map[0], token.map[1], token.content))
            if depth == 0:
                yield kind, group
                group = []


def _has_words(token: Token) -> bool:
    """Return whether an inline run is more than pictures."""
    return any(
        child.type in {"text", "code_inline"} and child.content.strip()
        for child in token.children or ()
    )


def _piece(text: str, lines: list[Span], first: int, stop: int, content: str) -> Span:
    """Return where the parser's piece stands, without list or quotation markers."""
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
