"""Vectors of the new paragraphs: from the cache, or computed and kept there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.store_writer import TextRow
    from sourcebot.index.vector_cache import VectorCache
    from sourcebot.types import Progress


_CHUNK = 64
"""So many paragraphs are embedded before their vectors are kept: under a second of work."""


def embedded_text(title: str, paragraph: str) -> str:
    """Return what is embedded for a paragraph: its title gives names that it leaves out."""
    return f"{title}. {paragraph}"


class Added(Protocol):
    """What has been taken in."""

    def counts(self) -> tuple[int, int, int]:
        """Return the numbers of articles, of paragraphs and of new paragraphs."""

    def added(self, chunk: int) -> Iterator[list[TextRow]]:
        """Yield the new paragraphs in chunks."""


def embed_missing(writer: Added, cache: VectorCache, embedder: Embedder, progress: Progress) -> int:
    """Embed the new paragraphs that the cache lacks, chunk by chunk, and return how many."""
    _, _, total = writer.counts()
    done = embedded = 0
    for rows in writer.added(_CHUNK):
        texts = {row.vector: embedded_text(row.above, row.text) for row in rows}
        missing = sorted(cache.missing(list(texts)))
        if missing:
            shown = partial(_show, progress, done, total)
            cache.add(missing, embedder.embed_paragraphs([texts[k] for k in missing], shown))
        done += len(rows)
        embedded += len(missing)
        progress("Embedding", done, total)
    return embedded


def _show(progress: Progress, done: int, total: int, finished: int) -> None:
    progress("Embedding", min(total, done + finished), total)
