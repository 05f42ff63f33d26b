"""How the dense index follows the store of a generation."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.index.embedded.vector_building import Change, Sample

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.contract import Ids, Vectors
    from sourcebot.index.store_writer import StoreWriter
    from sourcebot.index.vector_cache import VectorCache

_ASKED = 200
_LEAST_ASKED = 50


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

    def exact_vectors(ids: Ids) -> Vectors | None:
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
) -> Iterator[tuple[Ids, Vectors]]:
    """Yield the ids of the new paragraphs with their vectors, in chunks."""
    for rows in writer.added():
        ids = np.array([row.paragraph for row in rows], np.int64)
        yield ids, vectors.get([row.vector for row in rows], dimension)
