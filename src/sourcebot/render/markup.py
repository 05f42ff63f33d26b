"""Markdown in quotes -> the words that a reader of the article would see.

A quote is verbatim in JSON and wherever its offsets count. On a screen the marks of emphasis,
links, pictures, line breaks and escapes would only be in the way, so they are left out there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sourcebot.articles.files import SUFFIXES
from sourcebot.text.tables import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcebot.types import Quote

_UNSPACED = "\u3040-\u30ff\u3400-\u9fff"
"""Scripts that write no spaces, where emphasis begins and ends within what would be a word."""

_PAIRED = re.compile(
    r"(?<![\\`])(?P<code>`++)(?P<inside>[^`]+)(?P=code)"
    rf"|(?:(?<![\\\w*])|(?<=[{_UNSPACED}]))(?P<star>\*{{1,3}})(?=[^\s*])"
    rf"(?P<starred>[^*]*[^\s*\\])(?P=star)(?:(?![\w*])|(?=[{_UNSPACED}]))"
    r"|(?<![\\\w_])(?P<line>_{1,3})(?=[^\s_])(?P<lined>[^_]*[^\s_\\])(?P=line)(?![\w_])"
    r"|(?<!\\)(?P<struck>~~)(?=\S)(?P<gone>[^~]*[^\s\\])(?P=struck)"
)
_SINGLE = re.compile(
    r"(?P<picture>!\[[^\]\[]*\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\))"
    r"|(?P<open>(?<![\\!])\[)(?=[^\]\[]+\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\))"
    r"|(?P<close>\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\))"
    r"|(?P<break><br\s*/?>)"
    r"|(?P<tag></?(?:b|i|em|strong|u|s|sup|sub|span|mark|small)>)"
    r"|(?P<escape>\\(?=[!-/:-@\[-`{-~]))",
    re.IGNORECASE,
)
_NOTES = re.compile(
    r"(?P<gone>!\[\[[^\[\]\n]{1,300}\]\]|%%[^%\n]{1,2000}%%|^\[!\w{1,30}\][+-]?\s*|(?<=\S)\s\^[\w-]{3,40}$)"
    r"|(?P<into>\[\[(?:[^\[\]|\n]{1,300}\|)?)[^\[\]|\n]{1,300}(?P<out>\]\])"
    r"|(?P<mark>==)(?=[^\s=])[^=\n]{1,2000}(?<=[^\s=])=="
)
"""What notes in Obsidian mark: links and embeds in double brackets, comments, marked words, the
kind of a callout, and the name of a paragraph."""

_STRAY = re.compile(r"^(?:\*\*|__)(?=\S)|(?<=\S)(?:\*\*|__)$")
"""A sentence of several that are bold together holds one of the two marks."""


ELLIPSIS = " … "
"""Between what opens a list and an item further down."""


def is_markdown(path: str) -> bool:
    """Return whether an article is Markdown, by its file's name."""
    return any(path.lower().endswith(suffix) for suffix, markdown in SUFFIXES.items() if markdown)


def read_parts(quote: Quote) -> tuple[str, str, str]:
    """Return a quote as it would be read: before, in and after the words that answer.

    What opens its list stands before it, and the row of a table is a line with its header.
    """
    start = max(0, quote.words.start - quote.span.start)
    end = max(start, quote.words.end - quote.span.start)
    text, opening = quote.text, quote.opening.text if quote.opening else ""
    if quote.cells:
        row = readable(quote.cells)
        text, (start, end) = row.text, row.shown(quote.words)
    if is_markdown(quote.source.path):
        text, (start, end) = visible(text, start, end)
        opening = visible(opening)[0]
    before = f"{opening}{ELLIPSIS}" if opening else ""
    return before + text[:start], text[start:end], text[end:]


def headings_read(quote: Quote) -> tuple[str, ...]:
    """Return the headings above a quote as they would be read, the outermost first."""
    texts = (heading.text for heading in quote.headings)
    return tuple(visible(t)[0] if is_markdown(quote.source.path) else t for t in texts)


def visible(text: str, *offsets: int) -> tuple[str, tuple[int, ...]]:
    """Return Markdown as it would be read, and where in it the given offsets of ``text`` are."""
    cuts = sorted(_cuts(text))
    parts: list[str] = []
    moved = list(offsets)
    shift = position = 0
    for start, end, instead in cuts:
        if start < position:
            continue
        parts += (text[position:start], instead)
        for place, offset in enumerate(offsets):
            if offset > start:
                lost = min(offset, end) - start
                moved[place] -= lost - (len(instead) if offset >= end else 0)
        shift += end - start - len(instead)
        position = end
    parts.append(text[position:])
    return "".join(parts), tuple(moved)


def _cuts(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the ranges that are marks only, and what is shown instead."""
    code: list[tuple[int, int]] = []
    for found in _PAIRED.finditer(text):
        mark = next(filter(None, found.group("code", "star", "line", "struck")))
        yield found.start(), found.start() + len(mark), ""
        yield found.end() - len(mark), found.end(), ""
        if found["code"]:
            code.append(found.span())
        else:
            inner = found.start() + len(mark)
            yield from (
                (inner + start, inner + end, instead)
                for start, end, instead in _paired_inside(text[inner : found.end() - len(mark)])
            )
    opened = False
    for found in _SINGLE.finditer(text):
        if any(start < found.start() < end for start, end in code):
            continue
        if found["close"] and not opened:
            continue
        opened = bool(found["open"]) or (opened and not found["close"])
        yield found.start(), found.end(), " " if found["break"] else ""
    yield from ((found.start(), found.end(), "") for found in _STRAY.finditer(text))
    for found in _NOTES.finditer(text):
        if any(start < found.start() < end for start, end in code):
            continue
        if found["gone"]:
            yield found.start(), found.end(), ""
        else:
            opening, closing = found["into"] or found["mark"], found["out"] or found["mark"]
            yield found.start(), found.start() + len(opening), ""
            yield found.end() - len(closing), found.end(), ""


def _paired_inside(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the marks of emphasis within emphasis."""
    for found in _PAIRED.finditer(text):
        mark = next(filter(None, found.group("code", "star", "line", "struck")))
        yield found.start(), found.start() + len(mark), ""
        yield found.end() - len(mark), found.end(), ""
