"""Vectors of the new paragraphs: from the cache, or computed and kept there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from sourcebot.embedder import Embedder
    from sourcebot.store_writer import StoreWriter
    from sourcebot.vector_cache import VectorCache

    Progress = Callable[[str, int, int], None]
    """Told the stage, how much of it is done, and its size."""

_CHUNK = 64
"""So many paragraphs are embedded before their vectors are kept: under a second of work."""


def above(title: str, heading: str) -> str:
    """Return title and headings as the store joins them."""
    return f"{title}. {heading}".strip(". ")


def embedded_text(title: str, paragraph: str) -> str:
    """Return what is embedded for a paragraph: its title gives names that it leaves out."""
    return f"{title}. {paragraph}"


def embed_missing(
    writer: StoreWriter, cache: VectorCache, embedder: Embedder, progress: Progress
) -> int:
    """Embed the new paragraphs that the cache lacks, chunk by chunk, and return how many."""
    _, _, total = writer.counts()
    done = embedded = 0
    for rows in writer.added(_CHUNK):
        texts = {key: embedded_text(title, text) for _, _, text, title, _, key in rows}
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


def new_vectors(
    writer: StoreWriter, cache: VectorCache, dimension: int
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]]:
    """Yield the ids of the new paragraphs with their vectors, in chunks."""
    for rows in writer.added():
        ids = np.array([row[0] for row in rows], np.int64)
        yield ids, cache.get([row[5] for row in rows], dimension)
