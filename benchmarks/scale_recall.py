"""How much of what an exact search finds the index of a project finds, at any size."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sourcebot.answering.retriever import retrieve
from sourcebot.config.loading import load_config
from sourcebot.embedding.exported import open_embedder
from sourcebot.index.embedded.generation import Generation, open_current
from sourcebot.index.vector_cache import VectorCache
from sourcebot.types import Filters

if TYPE_CHECKING:
    from sourcebot.checks.evaluation import Case
    from sourcebot.config.settings import Config

Ids = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]

RECALL_AT = 20
CHUNK = 20_000


class ExactVectors:
    """All vectors as they were embedded, compared one by one: what is measured against."""

    def __init__(self, config: Config, generation: Generation, path: Path) -> None:
        """Take the vectors from the cache into a file that is mapped."""
        rows = generation.store.vector_keys()
        self._ids = np.array([number for number, _ in rows], np.int64)
        dimension = generation.manifest.dimension
        self._vectors = np.memmap(path, np.float16, "w+", shape=(len(rows), dimension))
        with VectorCache(config.index_folder / "vectors.sqlite") as cache:
            for start in range(0, len(rows), CHUNK):
                keys = [key for _, key in rows[start : start + CHUNK]]
                self._vectors[start : start + CHUNK] = cache.get(keys, dimension)

    def search(self, vector: Vectors, k: int, _: Ids | None = None) -> tuple[Ids, Vectors]:
        """Return the ``k`` nearest, as ``VectorIndex.search`` does."""
        cosines = np.concatenate(
            [
                self._vectors[start : start + CHUNK].astype(np.float32) @ vector
                for start in range(0, len(self._ids), CHUNK)
            ]
        )
        best = np.argsort(-cosines, kind="stable")[:k]
        return self._ids[best], cosines[best]

    def cosines(self, vector: Vectors, ids: Ids) -> Vectors:
        """Return cosines, as ``VectorIndex.cosines`` does."""
        places = np.searchsorted(self._ids, ids)
        found: Vectors = self._vectors[places].astype(np.float32) @ vector
        return found


def recall(project: Path, cases: Sequence[Case]) -> dict[str, Any]:
    """Compare with an exact search: the gold paragraph among the first 20, and the neighbours."""
    config = load_config(project, {})
    generation = open_current(config.index_folder)
    embedder = open_embedder(config, print)
    path = project / "exact.f16"
    exact = ExactVectors(config, generation, path)
    articles = {a.source.path: a.row for a in generation.store.articles()}
    found: dict[str, list[float]] = {
        "dense": [], "dense_exact": [], "hybrid": [], "hybrid_exact": [], "overlap_at_10": []
    }  # fmt: skip
    errors = []
    settings = replace(config.retrieval, paragraphs=RECALL_AT)
    built = generation.vectors
    for case in cases:
        paragraphs = itertools.chain.from_iterable(
            generation.store.paragraphs_of(articles[name]) for name in case.sources
        )
        gold = {p.id for p in paragraphs if case.accepts(p.text)}
        if not gold:
            continue
        vector = embedder.embed_questions([case.question])[0]
        nearest: dict[str, list[int]] = {}
        for name, vectors in (("", built), ("_exact", exact)):
            nearest[name] = vectors.search(vector, RECALL_AT)[0].tolist()
            found[f"dense{name}"].append(not gold.isdisjoint(nearest[name]))
            generation.vectors = vectors  # type: ignore[assignment]  # it searches alike
            evidence = retrieve(
                generation,
                embedder,
                case.question,
                Filters(),
                paragraphs=settings.paragraphs,
                dense_weight=settings.dense_weight,
            ).evidence
            found[f"hybrid{name}"].append(not gold.isdisjoint(e.paragraph.id for e in evidence))
        generation.vectors = built
        found["overlap_at_10"].append(
            len(set(nearest[""][:10]) & set(nearest["_exact"][:10])) / min(10, len(nearest[""]))
        )
        ids = np.array(nearest["_exact"], np.int64)
        errors.append(np.abs(built.cosines(vector, ids) - exact.cosines(vector, ids)).max())
    path.unlink()
    figures = {name: round(float(np.mean(v)), 4) for name, v in found.items()}
    return {
        "questions": len(errors),
        **figures,
        "largest_cosine_error": round(float(max(errors)), 5),
    }
