"""What a web page says of itself in JSON-LD (schema.org): its text, and who may read it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sourcebot.adding.blocks import Block, Kind
from sourcebot.adding.markup import blocks_of
from sourcebot.adding.printed import as_printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_ARTICLE = re.compile(r"(?:\w*Article|BlogPosting|LiveBlogPosting|Report|Review|Recipe)$")
_DEEPEST = 8
_TAG = re.compile(r"<(?:p|br|div|h\d|li)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageData:
    """What JSON-LD says; ``free`` is None when it does not say who may read the article."""

    blocks: tuple[Block, ...] = ()
    free: bool | None = None

    @property
    def words(self) -> int:
        """How many words the text has."""
        return sum(len(block.text.split()) for block in self.blocks)


def page_data(tree: HtmlElement) -> PageData:
    """Return what a page's JSON-LD says of its article; what cannot be read says nothing."""
    blocks: tuple[Block, ...] = ()
    free: bool | None = None
    for script in tree.iter("script"):
        if "ld+json" not in script.get("type", ""):
            continue
        try:
            # Line breaks within texts are no JSON, but pages have them.
            data = json.loads(script.text_content(), strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _articles(data):
            for part in (item, *_parts(item.get("hasPart"))):
                said = part.get("isAccessibleForFree")
                if said is not None:
                    free = free is not False and str(said).lower() not in {"false", "0", "no"}
            found = tuple(_blocks(item))
            blocks = max(blocks, found, key=lambda b: sum(len(block.text) for block in b))
    return PageData(blocks, free)


def _articles(data: Any, depth: int = 0) -> Iterator[dict[str, Any]]:  # noqa: ANN401 (JSON gives anything)
    """Yield the articles in a piece of JSON-LD, whatever holds them."""
    if depth > _DEEPEST:
        return
    if isinstance(data, list):
        for item in data:
            yield from _articles(item, depth + 1)
    elif isinstance(data, dict):
        kinds = data.get("@type", "")
        if any(_ARTICLE.match(str(k)) for k in (kinds if isinstance(kinds, list) else [kinds])):
            yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _articles(data.get(key), depth + 1)


def _parts(stated: Any) -> list[dict[str, Any]]:  # noqa: ANN401 (JSON gives anything)
    return [p for p in (stated if isinstance(stated, list) else [stated]) if isinstance(p, dict)]


def _blocks(item: dict[str, Any]) -> Iterator[Block]:
    yield from _text(item.get("articleBody"))
    updates = item.get("liveBlogUpdate")
    for update in updates if isinstance(updates, list) else []:
        if isinstance(update, dict):
            if isinstance(title := update.get("headline"), str) and title.strip():
                yield Block(Kind.HEADING, title, 2)
            yield from _text(update.get("articleBody"))


def _text(text: object) -> Iterator[Block]:
    from lxml import html

    if not isinstance(text, str) or not text.strip():
        return
    if _TAG.search(text):
        tree = html.fromstring(f"<div>{text}</div>")
        as_printed(tree)
        yield from blocks_of(tree)
        return
    parsed = html.fromstring(f"<pre>{text}</pre>").text_content() if "&" in text else text
    for line in parsed.splitlines():
        if line.strip():
            yield Block(Kind.PARAGRAPH, line)
