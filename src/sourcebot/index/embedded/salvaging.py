"""Vectors out of a generation that can no longer be used as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcebot.errors import IndexStoreError
from sourcebot.index.embedded.generation import (
    ARTICLES,
    GENERATIONS,
    VECTORS,
    check_digests,
    current_name,
    fingerprint,
    read_manifest,
)
from sourcebot.index.embedded.store import ArticleStore
from sourcebot.index.embedded.vectors import VectorIndex

if TYPE_CHECKING:
    from pathlib import Path

    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.vector_cache import VectorCache

_AT_ONCE = 2000


def salvage(folder: Path, embedder: Embedder, cache: VectorCache) -> None:
    """Take the vectors of a damaged generation, where they are whole, into the cache."""
    try:
        generation = folder / GENERATIONS / current_name(folder)
        manifest = read_manifest(generation)
        if manifest.fingerprint != fingerprint(embedder):
            return
        needed = (n for n in manifest.files if n == ARTICLES or n.startswith(f"{VECTORS}/"))
        check_digests(generation, manifest, needed)
        vectors = VectorIndex(generation / VECTORS, manifest.dimension)
        # What is compressed is not what was embedded.
        exact = set(vectors.exact_ids().tolist())
        keys = ArticleStore(generation / ARTICLES).vector_keys()
        rows = [(number, key) for number, key in keys if number in exact]
    except IndexStoreError:
        return
    for start in range(0, len(rows), _AT_ONCE):
        chunk = {key: number for number, key in rows[start : start + _AT_ONCE]}
        if missing := list(cache.missing(list(chunk))):
            cache.add(missing, vectors.stored(np.array([chunk[k] for k in missing], np.int64)))
