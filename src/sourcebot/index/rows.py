"""Articles and paragraphs as the rows of a database, whichever engine keeps it."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from sourcebot.errors import REPAIR, IndexCorrupt
from sourcebot.index.schema import row_mark
from sourcebot.index.stories import similarity, unpacked
from sourcebot.types import (
    Attribution,
    Copy,
    Excerpt,
    IndexedArticle,
    Paragraph,
    Source,
    Span,
    Table,
)
from sourcebot.types.locators import Locator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sourcebot.types import Passage

Row = tuple[Any, ...]
"""What a database gives; its types are known only once its checksum has been held against it."""

ARTICLE = (
    "a.row, a.id, a.title, a.publisher, a.author, a.published, a.url, a.sha256, a.encoding,"
    " a.notes, a.language, a.mark"
)
PARAGRAPH = (
    "p.id, p.article, p.ordinal, p.heading, p.locator, p.start, p.text, p.sentences, p.vector,"
    " p.gap, p.mark"
)
_PARAGRAPH_COLUMNS = 11


class RowDamaged(ValueError):
    """A row is not as it was written."""


def above_coded(passage: Passage) -> str:
    """Return what stands above a passage as the column ``heading`` keeps it: JSON, or "".

    It is an array of what is searched with the passage, the words of its headings, the headings,
    what opens its list, and its table as [divider, header]. An excerpt is [start, text].
    """
    table = passage.table
    coded = [
        passage.searched,
        passage.heading,
        [_coded(heading) for heading in passage.headings],
        _coded(passage.opening) if passage.opening else None,
        [table.divider, [_coded(cell) for cell in table.header]] if table else None,
    ]
    return json.dumps(coded, ensure_ascii=False, separators=(",", ":")) if any(coded) else ""


def _coded(excerpt: Excerpt) -> list[int | str]:
    return [excerpt.span.start, excerpt.text]


def _decoded(coded: list[Any]) -> Excerpt:
    start, text = coded
    return Excerpt(text, Span(start, start + len(text)))


def title_above(title: str, heading: str) -> str:
    """Return a title with the words of the headings below it: what is searched and embedded."""
    return f"{title}. {heading}".strip(". ")


def stored_title_above(title: str, coded: str) -> str:
    """Return ``title_above`` from the columns ``title`` and ``heading``.

    Raises:
        IndexCorrupt: when the column is not as it was written.
    """
    try:
        return title_above(title, json.loads(coded)[0] if coded else "")
    except (ValueError, LookupError, TypeError) as error:
        raise IndexCorrupt(f"a heading of {title!r} is not as it was written", REPAIR) from error


def _above(coded: str) -> dict[str, Any]:
    """Return the fields of a paragraph that the column ``heading`` keeps."""
    if not coded:
        return {"heading": ""}
    _, heading, headings, opening, table = json.loads(coded)
    return {
        "heading": heading,
        "headings": tuple(map(_decoded, headings)),
        "opening": _decoded(opening) if opening else None,
        "table": Table(table[0], tuple(map(_decoded, table[1]))) if table else None,
    }


def read_paragraph(row: Row) -> tuple[Paragraph, Attribution]:
    """Return a paragraph with its attribution from the columns PARAGRAPH and ARTICLE.

    Raises:
        RowDamaged: when the row is not as it was written.
    """
    own, article = row[:_PARAGRAPH_COLUMNS], row[_PARAGRAPH_COLUMNS:]
    number, of_article, ordinal, above, locator, start, text, sentences, _, gap, mark = own
    if mark != row_mark(own[:-1]) or of_article != article[0]:
        raise RowDamaged(f"paragraph {number} is not as it was written")
    pairs = np.frombuffer(sentences, np.int32).reshape(-1, 2) + start
    paragraph = Paragraph(
        id=number,
        article=article[1],
        ordinal=ordinal,
        span=Span(start, start + len(text)),
        text=text,
        sentences=tuple(Span(int(s), int(e)) for s, e in pairs),
        gap=gap,
        **_above(above),
    )
    place = {"paragraph": ordinal, "locator": Locator.read(locator) if locator else None}
    return paragraph, Attribution(**_origin(article), **place)


def read_source(row: Row) -> Source:
    """Return a source from the columns ARTICLE.

    Raises:
        RowDamaged: when the row is not as it was written.
    """
    return Source(**_origin(row))


def _origin(row: Row) -> dict[str, Any]:
    """Return the fields of a source from the columns ARTICLE.

    Raises:
        RowDamaged: when the row is not as it was written.
    """
    number, name, title, publisher, author, published, url, sha256, encoding = row[:9]
    language, mark = row[10:]
    if mark != row_mark(row[:-1]):
        raise RowDamaged(f"article {number} is not as it was written")
    return {
        "path": name,
        "title": title,
        "publisher": publisher,
        "author": author,
        "published": dt.date.fromisoformat(published) if published else None,
        "url": url,
        "sha256": sha256,
        "encoding": encoding,
        "language": language,
    }


def read_indexed(row: Row, read: Callable[[Row], Source]) -> IndexedArticle:
    """Return an article from the columns ARTICLE and the number of its paragraphs.

    ``read`` gives the attribution of the columns ARTICLE.
    """
    *article, paragraphs = row
    columns = dict(zip(ARTICLE.split(", "), article, strict=True))
    return IndexedArticle(
        row=columns["a.row"],
        source=read(tuple(article)),
        paragraphs=paragraphs,
        notes=columns["a.notes"],
    )


def read_stories(
    rows: Iterable[Row], read: Callable[[Row], Source]
) -> tuple[tuple[Copy, ...], ...]:
    """Return stories from rows of the columns ARTICLE, story and signature, those of one together.

    ``read`` gives the attribution of the columns ARTICLE.
    """
    groups: dict[int, list[Copy]] = {}
    first = b""
    for *article, story, packed in rows:
        if story not in groups:
            first = packed
        alike = similarity(*unpacked((first, packed)))
        groups.setdefault(story, []).append(Copy(read(tuple(article)), alike))
    return tuple(map(tuple, groups.values()))
