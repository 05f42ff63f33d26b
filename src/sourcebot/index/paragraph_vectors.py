"""Vectors of the new paragraphs: from the cache, or computed and kept there."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.index.embedded.vector_building import Change, Sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import numpy.typing as npt

    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.store_writer import StoreWriter
    from sourcebot.index.vector_cache import VectorCache

    Progress = Callable[[str, int, int], None]
    """Told the stage, how much of it is done, and its size."""

_CHUNK = 64
"""So many paragraphs are embedded before their vectors are kept: under a second of work."""

_ASKED = 200
_LEAST_ASKED = 50


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


def vector_change(
    writer: StoreWriter,
    vectors: VectorCache,
    embedder: Embedder,
    *,
    tier: str,
    removed: list[int],
    history: Path,
) -> Change:
    """Return how the dense index follows the store; all new vectors are in the cache.

    ``history`` is the file of what was asked in chat; ``tier`` as in ``Change``.
    """

    def exact_vectors(ids: npt.NDArray[np.int64]) -> npt.NDArray[np.float32] | None:
        keys = writer.keys_of(ids)
        return None if vectors.missing(keys) else vectors.get(keys, embedder.dimension)

    @cache
    def sample() -> Sample:
        asked = asked_before(history)
        if len(asked) >= _LEAST_ASKED:
            return Sample(embedder.embed_questions(asked), f"{len(asked)} questions asked in chat")
        sentences = writer.sample_sentences(_ASKED)
        what = f"{len(sentences)} sentences of the articles"
        return Sample(embedder.embed_questions(sentences), what)

    return Change(
        tier=tier,
        removed=np.array(sorted(removed), np.int64),
        added=_new_vectors(writer, vectors, embedder.dimension),
        count=writer.counts()[2],
        exact_vectors=exact_vectors,
        sample=sample,
    )


def asked_before(history: Path) -> list[str]:
    """Return the last questions asked in chat, none twice; none when they cannot be read."""
    try:
        lines = history.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return []
    asked = (line[1:].strip() for line in reversed(lines) if line.startswith("+"))
    return list(dict.fromkeys(q for q in asked if q and not q.startswith("/")))[:_ASKED]


def _new_vectors(
    writer: StoreWriter, vectors: VectorCache, dimension: int
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]]:
    """Yield the ids of the new paragraphs with their vectors, in chunks."""
    for rows in writer.added():
        ids = np.array([row[0] for row in rows], np.int64)
        yield ids, vectors.get([row[5] for row in rows], dimension)
