"""Vectors out of a generation, for another engine or for one that replaces it."""

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
    from collections.abc import Iterator
    from pathlib import Path

    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.contract import KeyedVectors

_AT_ONCE = 2000


def whole_vectors(folder: Path, embedder: Embedder) -> Iterator[KeyedVectors]:
    """Yield the vectors of the current generation with their keys, where they are whole.

    A generation of another model or layout has none, nor has one that is damaged there.
    """
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
        numbers, found = zip(*rows[start : start + _AT_ONCE], strict=True)
        yield list(found), vectors.stored(np.array(numbers, np.int64))
