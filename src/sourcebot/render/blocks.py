"""The text of an article -> blocks to lay out on a page, each with its place in the text.

Nothing is rewritten: what is shown of a block is its piece of the text without the marks of
Markdown, and ``shown`` says which of it lies in a quote. So words can be marked exactly.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sourcebot.articles.markdown import line_spans
from sourcebot.articles.paragraphs import text_blocks
from sourcebot.render.markup import visible
from sourcebot.text.display import UNSAFE
from sourcebot.types import Span
from sourcebot.types.locators import Locator, LocatorKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

    from sourcebot.types import Article

_LOCATOR = re.compile(
    rf"<!--\s*(?P<kind>{'|'.join(LocatorKind)})\s+(?P<label>[^<>\r\n]{{1,62}}?)\s*-->"
)
_SPACE = re.compile(r"\s+")


class Kind(StrEnum):
    """What a block is laid out as."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    CODE = "code"
    PLACE = "place"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of an article's text: ``span.of(article.text) == text``."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, item of a list, row of a table, or a mark between them.

    Attributes:
        kind: how it is laid out.
        span: from its first to its last piece.
        pieces: its text; the cells of a row.
        level: of a heading 1 to 6; how deep an item lies; 1 for the head of a table, else 0.
        label: the number of an ordered item, or "".
        quoted: whether it stands in a block quotation.
        markdown: whether the marks of Markdown are left out when it is shown.
        locator: the page, slide, sheet or time that begins here; of a PLACE.
    """

    kind: Kind
    span: Span
    pieces: tuple[Piece, ...] = ()
    level: int = 0
    label: str = ""
    quoted: bool = False
    markdown: bool = False
    locator: Locator | None = None

    @property
    def words(self) -> str:
        """The text as it would be read, on one line."""
        runs = (shown(piece, (), markdown=self.markdown) for piece in self.pieces)
        return " ".join("".join(run.text for run in part).strip() for part in runs)


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of the text that is to be marked; ``strong`` for the words that answer."""

    span: Span
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look: in no mark, in a quote (``marked``), or in the words that answer."""

    text: str
    marked: bool = False
    strong: bool = False


def article_blocks(article: Article) -> tuple[Block, ...]:
    """Return the blocks of an article's body in reading order."""
    if not article.markdown:
        texts = (block.pieces for block in text_blocks(article))
        return tuple(
            Block(Kind.PARAGRAPH, Span(spans[0].start, spans[-1].end), _pieces(article.text, spans))
            for spans in texts
        )
    return tuple(_Markdown(article.text, article.body).blocks())


def _pieces(text: str, spans: Sequence[Span]) -> tuple[Piece, ...]:
    return tuple(Piece(span.of(text), span) for span in spans)


def shown(piece: Piece, marks: Sequence[Mark], *, markdown: bool) -> tuple[Run, ...]:
    """Return a piece as it would be read, divided where marks begin and end."""
    start, end = piece.span.start, piece.span.end
    inside = [
        Mark(Span(max(start, m.span.start) - start, min(end, m.span.end) - start), m.strong)
        for m in marks
        if m.span.start < end and start < m.span.end
    ]
    cuts = sorted({0, len(piece.text), *(o for m in inside for o in (m.span.start, m.span.end))})
    text, places = visible(piece.text, *cuts) if markdown else (piece.text, tuple(cuts))
    found: list[Run] = []
    edges = zip(cuts, places, strict=True)
    for (cut, place), (_, until) in itertools.pairwise(edges):
        words = UNSAFE.sub("", _SPACE.sub(" ", text[place:until]))
        if words:
            covering = [m for m in inside if m.span.start <= cut < m.span.end]
            found.append(Run(words, bool(covering), any(m.strong for m in covering)))
    return tuple(found)


def _beginning(span: Span, found: re.Match[str]) -> Block:
    """Return the mark of where a page, slide, sheet or minute of the original begins."""
    return Block(Kind.PLACE, span, locator=Locator(LocatorKind(found["kind"]), found["label"]))


class _Markdown:
    """Walks over the tokens of a body and keeps where it is."""

    def __init__(self, text: str, body: Span) -> None:
        self._text = text
        self._body = body
        self._lines = line_spans(body.of(text), body.start)
        self._quoted = 0
        self._lists: list[str] = []
        self._label = ""
        self._fresh = False
        self._heading = 0
        self._row: list[Span] | None = None
        self._row_line = Span(body.start, body.start)
        self._head = False

    def blocks(self) -> Iterator[Block]:
        # Imported here: only whoever lays out an article parses it.
        from markdown_it import MarkdownIt

        for token in MarkdownIt("commonmark").enable("table").parse(self._body.of(self._text)):
            self._enter(token)
            if token.type == "inline" and token.map:
                if self._row is not None:
                    self._cell(token)
                elif block := self._inline(token, token.map):
                    yield block
            elif token.type == "tr_close" and self._row is not None:
                spans, self._row = self._row, None
                if spans:
                    yield self._block(Kind.ROW, spans, int(self._head))
            elif token.type in {"fence", "code_block", "html_block"} and token.map:
                yield self._raw(token, token.map)
            elif token.type == "hr" and token.map:
                yield Block(Kind.RULE, self._lines[token.map[0]])

    def _enter(self, token: Token) -> None:
        """Take note of where the next text will stand."""
        match token.type:
            case "blockquote_open" | "blockquote_close":
                self._quoted += token.nesting
            case "bullet_list_open" | "ordered_list_open":
                self._lists.append(token.type)
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._label, self._fresh = f"{token.info}{token.markup}" if token.info else "", True
            case "heading_open":
                self._heading = int(token.tag[1:])
            case "heading_close":
                self._heading = 0
            case "thead_open" | "thead_close":
                self._head = token.type == "thead_open"
            case "tr_open" if token.map:
                self._row, self._row_line = [], self._lines[token.map[0]]

    def _cell(self, token: Token) -> None:
        """Add a cell, which is looked for behind the one before it."""
        assert self._row is not None
        begin = self._row[-1].end if self._row else self._row_line.start
        # A "|" in a cell is escaped in the text, and the parser gives it bare.
        for content in (token.content, token.content.replace("|", r"\|")):
            place = self._text.find(content, begin, self._row_line.end)
            if place >= 0:
                self._row.append(Span(place, place + len(content)))
                return
        self._row.append(Span(begin, begin))

    def _inline(self, token: Token, lines: Sequence[int]) -> Block | None:
        spans = self._located(token.content, lines)
        if not spans:
            return None
        if len(spans) == 1 and (begins := _LOCATOR.fullmatch(spans[0].of(self._text))):
            return _beginning(spans[0], begins)
        if self._heading:
            return self._block(Kind.HEADING, spans, self._heading)
        if self._lists and self._fresh:
            self._fresh = False
            return self._block(Kind.ITEM, spans, len(self._lists))
        return self._block(Kind.PARAGRAPH, spans, len(self._lists))

    def _raw(self, token: Token, lines: Sequence[int]) -> Block:
        first, last = lines[0], min(lines[1], len(self._lines)) - 1
        if token.type == "fence":
            first, last = min(first + 1, last), max(first, last - 1)
        span = Span(self._lines[first].start, max(self._lines[first].start, self._lines[last].end))
        if begins := _LOCATOR.fullmatch(span.of(self._text).strip()):
            return _beginning(span, begins)
        spans = [line for line in self._lines[first : last + 1] if len(line)]
        return Block(Kind.CODE, span, _pieces(self._text, spans), quoted=self._quoted > 0)

    def _block(self, kind: Kind, spans: Sequence[Span], level: int) -> Block:
        label, self._label = (self._label, "") if kind is Kind.ITEM else ("", self._label)
        return Block(
            kind,
            Span(spans[0].start, spans[-1].end),
            _pieces(self._text, spans),
            level,
            label,
            quoted=self._quoted > 0,
            markdown=True,
        )

    def _located(self, content: str, lines: Sequence[int]) -> list[Span]:
        """Return where an inline run stands: in one piece, or line by line within a quotation."""
        first, last = lines[0], min(lines[1], len(self._lines)) - 1
        whole = Span(self._lines[first].start, self._lines[last].end)
        place = self._text.find(content, whole.start, whole.end) if content else -1
        if place >= 0:
            return [Span(place, place + len(content))]
        found: list[Span] = []
        for line, words in zip(self._lines[first : last + 1], content.split("\n"), strict=False):
            place = self._text.rfind(words, line.start, line.end) if words else -1
            if place >= 0:
                found.append(Span(place, place + len(words)))
            elif words.strip():
                found.append(line)
        return found
