"""Markdown -> blocks and headings, with the lines that they stand on."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcebot.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

_NEWLINE = re.compile(r"\r\n|\r|\n")
_OPENS = {"bullet_list_open": "list", "ordered_list_open": "list", "table_open": "table"}
_CLOSES = {"bullet_list_close", "ordered_list_close", "table_close"}
_MARKS = re.compile(r"[ \t>]*(?:#{1,6}(?=[ \t]|$))?[ \t]*")

_HTML_MARK = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<silent>script|style|template)\b.*?(?:</(?P=silent)\s*>|\Z)"
    r"|</?(?:address|article|aside|blockquote|body|caption|center|col|colgroup|dd|details|dialog|div|dl|dt"
    r"|fieldset|figcaption|figure|footer|form|frame|h[1-6]|head|header|hr|html|iframe|img|legend|li|link|main"
    r"|menu|nav|ol|option|p|picture|pre|section|source|summary|table|tbody|td|tfoot|th|thead|title|tr|track"
    r"|ul|video)\b[^>]*>|<[!?][^>]*>",
    re.DOTALL | re.IGNORECASE,
)
"""What parts the texts in raw HTML. Marks within a line, such as ``<b>``, belong to the text."""

_CALLOUT = re.compile(r"\[![\w-]{1,20}\][+-]?[ \t]*")
_LEADING = re.compile(rf"{_CALLOUT.pattern}|\[\^[^\]\s]{{1,40}}\]:[ \t]+|\[[ xX]\][ \t]+")
"""Marks of callouts, notes and tasks, which a page shows as something else than words."""

_ANY_MARK = re.compile(r"<[^>]*>")
_CODE_SIGN = re.compile(r"[{}=<>;$|\\]|\w\(|\w\.\w+\(")
_PROSE_WORDS = 5

Piece = tuple[int, int, str]
"""First line, line after the last, and the raw content that the parser saw there."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its level (1 is the highest), its words without markup, and where it stands."""

    level: int
    words: str
    piece: Piece


@dataclass(frozen=True, slots=True)
class Group:
    """One block: a "paragraph", a "list" or a "table", the headings above it, and its pieces.

    Of raw HTML ``spans`` are the places of the texts in the body instead of pieces.
    """

    kind: str
    headings: tuple[Heading, ...]
    pieces: tuple[Piece, ...]
    spans: tuple[Span, ...] = ()


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


def markdown_groups(body: str) -> Iterator[Group]:  # noqa: PLR0912 (one branch a kind of token)
    """Yield paragraphs, whole lists and tables in reading order, and the texts of raw HTML.

    Code is left out; indented text that reads like prose is a paragraph, not the code that
    Markdown takes it for.
    """
    lines = line_spans(body, 0)
    depth, kind, pieces = 0, "paragraph", list[Piece]()
    headings: tuple[Heading, ...] = ()
    level, in_row = 0, False
    for token in _parsed(body):
        if token.type in _OPENS:
            depth += 1
            kind = _OPENS[token.type]
        elif token.type in _CLOSES:
            depth -= 1
            if depth == 0:
                yield Group(kind, headings, tuple(pieces))
                kind, pieces = "paragraph", []
        elif token.type in {"html_block", "code_block"}:
            yield from (
                Group("paragraph", headings, (), (span,))
                for span in _unmarked_texts(body, lines, token)
            )
        elif token.type == "heading_open":
            level = int(token.tag[1:])
        elif token.type == "heading_close":
            level = 0
        elif token.type == "inline" and level:
            headings = tuple(_below(headings, level, token))
        elif token.type in {"tr_open", "tr_close"}:
            in_row = token.type == "tr_open"
            if in_row and token.map:
                pieces.append((token.map[0], token.map[1], ""))
        elif token.type == "inline" and token.map and not in_row:
            if _plain(token):
                pieces += _pieces(token.map[0], token.map[1], token.content)
            if depth == 0:
                yield Group(kind, headings, tuple(pieces))
                pieces = []


def _pieces(first: int, stop: int, content: str) -> Iterator[Piece]:
    """Yield the piece that an inline run is; the title of a callout is one of its own."""
    title, *rest = _NEWLINE.split(content, maxsplit=1)
    if rest and _CALLOUT.match(title):
        if _CALLOUT.sub("", title).strip():
            yield first, first + 1, title
        first, content = first + 1, rest[0]
    yield first, stop, content


def _unmarked_texts(body: str, lines: list[Span], token: Token) -> Iterator[Span]:
    """Yield where the texts of raw HTML or of indented prose stand."""
    if not token.map:
        return
    start, end = lines[token.map[0]].start, lines[min(token.map[1], len(lines)) - 1].end
    if token.type == "html_block":
        yield from _html_texts(body, start, end)
        return
    for blank, group in itertools.groupby(
        lines[token.map[0] : token.map[1]], lambda line: not line.of(body).strip()
    ):
        part = list(group)
        span = _trimmed(body, part[0].start, part[-1].end)
        if not blank and _is_prose(span.of(body)):
            yield span


def _html_texts(body: str, start: int, end: int) -> Iterator[Span]:
    """Yield where the texts of raw HTML stand between the marks of its blocks."""
    place = start
    for mark in (*_HTML_MARK.finditer(body, start, end), None):
        span = _trimmed(body, place, mark.start() if mark else end)
        if any(character.isalnum() for character in _ANY_MARK.sub("", span.of(body))):
            yield span
        place = mark.end() if mark else end


def _is_prose(indented: str) -> bool:
    """Return whether indented text is prose: words, and none of the signs that code is full of."""
    return len(indented.split()) >= _PROSE_WORDS and not _CODE_SIGN.search(indented)


def _below(headings: tuple[Heading, ...], level: int, token: Token) -> Iterator[Heading]:
    """Yield the headings that hold after another one, whose inline run is ``token``."""
    yield from (heading for heading in headings if heading.level < level)
    if token.map and (words := _plain(token)):
        yield Heading(level, words, (token.map[0], token.map[1], token.content))


def plain_inline(text: str) -> str:
    """Return one paragraph of Markdown as a page shows it: without its markup."""
    from markdown_it import MarkdownIt

    return _plain(MarkdownIt("commonmark").parseInline(text)[0])


def _plain(token: Token) -> str:
    """Return the words of an inline run without its markup; pictures have none."""
    shown = {"text", "code_inline", "softbreak", "hardbreak"}
    words = (c.content or " " for c in token.children or () if c.type in shown)
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
    span = _trimmed(text, start, end)
    mark = _LEADING.match(text, span.start, span.end)
    return _trimmed(text, mark.end(), span.end) if mark else span


def heading_span(text: str, lines: list[Span], heading: Heading) -> Span:
    """Return where a heading stands in ``text``, without the marks that make it one.

    Inside a list its marker stays, which is rare.
    """
    first, stop, content = heading.piece
    line = lines[first].of(text)
    start = lines[first].start + _MARKS.match(line).end()  # type: ignore[union-attr]  # all optional
    if not _NEWLINE.search(content):
        found = line.find(content.strip())
        if found >= 0:
            start = lines[first].start + found
            return Span(start, start + len(content.strip()))
        words = line.rstrip()
        bare = words.rstrip("#")
        if not bare or bare[-1].isspace():
            words = bare  # the marks that may close a heading
        return _trimmed(text, start, max(start, lines[first].start + len(words)))
    # A heading of several lines is underlined: the last line is not of its words.
    last = first + len(_NEWLINE.split(content)) - 1
    return _trimmed(text, start, lines[min(last, stop - 1, len(lines) - 1)].end)


def _trimmed(text: str, start: int, end: int) -> Span:
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return Span(start, end)
