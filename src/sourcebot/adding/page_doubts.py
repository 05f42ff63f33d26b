"""Remarks on a web page: what was left out of its article, and whether it may be none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sourcebot.adding.blocks import cleaned
from sourcebot.adding.page_furniture import is_caption
from sourcebot.text.display import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from sourcebot.adding.markup import Part

_WORD = re.compile(r"\w{4,}")
_FEW_WORDS = 8
_FEWEST_BESIDE = 12
_FEW_LETTERS, _MANY_TIMES = 180, 8
"""A short article is remarked on where the page holds so many times as much besides."""

_SHOWN = 60
_FITS = 0.3
"""Of a page's own summary about nine tenths of the longer words stand in most articles."""


def doubts(tree: HtmlElement, parts: Sequence[Part], title: str) -> Iterator[str]:
    """Yield remarks on the parts of a page that were taken for its article."""
    if left_out := _captions(tree, parts):
        yield f"{counted(left_out, 'caption')} of pictures left out"
    if beside := _asides(tree, parts):
        words = sum(len(text.split()) for text in beside)
        yield f"text beside the article left out ({counted(words, 'word')}): “{_opening(beside)}”"
    letters = sum(sum(map(str.isalnum, part.block.text)) for part in parts)
    if letters < _FEW_LETTERS and _letters(tree) >= _MANY_TIMES * letters:
        yield f"only {counted(letters, 'letter')} of text found: the article may be longer"
    summary = " ".join(
        str(text)
        for text in tree.xpath(
            "//meta[@property='og:description' or @name='description']/@content"
        )[:2]
    )
    wanted = set(_WORD.findall(f"{title} {summary}".casefold()))
    there = " ".join(part.block.text for part in parts).casefold()
    if len(wanted) >= _FEW_WORDS and sum(w in there for w in wanted) < _FITS * len(wanted):
        yield (
            "what was taken hardly shares a word with the page's title and summary: it may not be"
            " the article, which may be made by JavaScript; save it from a browser, or as PDF"
        )


def _letters(tree: HtmlElement) -> int:
    """Return how many letters a page shows, whatever they are of."""
    texts = tree.xpath("//body//text()[not(parent::script or parent::style)]")
    return sum(sum(map(str.isalnum, str(text))) for text in texts)


def _captions(tree: HtmlElement, parts: Sequence[Part]) -> int:
    """Return how many captions stand between the first and the last part of an article."""
    taken = {part.element for part in parts}
    waiting = found = 0
    captions: set[HtmlElement] = set()
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        if element in taken:
            found, waiting = found + waiting, 0
        elif is_caption(element) and not any(e in captions for e in element.iterancestors()):
            captions.add(element)
            waiting += 1
    return found


def _asides(tree: HtmlElement, parts: Sequence[Part]) -> list[str]:
    """Return the texts that stand beside an article, between its first and its last part."""
    taken = {part.element for part in parts}
    found: list[str] = []
    waiting: list[str] = []
    around: set[HtmlElement] = set()
    begun = False
    for element in tree.iter():
        if element in taken:
            begun, found, waiting = True, [*found, *waiting], []
        elif begun and element.tag == "aside" and around.isdisjoint(element.iterancestors()):
            around.add(element)
            linked = sum(len(link.text_content()) for link in element.iter("a"))
            text = cleaned(element.text_content())
            holds = any(inner in taken for inner in element.iter())
            if not holds and 2 * linked < len(text) and len(text.split()) >= _FEWEST_BESIDE:
                waiting.append(text)
    return found


def _opening(texts: Sequence[str]) -> str:
    words = " … ".join(texts)
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN].rstrip()}…"
