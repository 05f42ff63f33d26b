"""Measure both engines on made paragraphs with made vectors: nothing is embedded.

    python -m benchmarks.postgres_scale --dsn DSN --work DIR --paragraphs 10000 100000

Articles of ten paragraphs of about 75 words, the words as frequent as Zipf's law has them; a vector
lies around one of 2,000 centres. Both engines index and search the same; the database gets a schema
of its own, which is dropped in the end.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import statistics
import time
from dataclasses import replace
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import psycopg

from sourcebot.config.settings import Config, IndexConfig
from sourcebot.index.open import build_index, open_engine
from sourcebot.types import Filters

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from sourcebot.index.contract import Engine, Ids, Snapshot

    Vectors = npt.NDArray[np.float32]

SCHEMA = "sourcebot_scale"
DIMENSION, CENTRES, SPREAD = 384, 2_000, 0.6
WORDS, A_PARAGRAPH, AN_ARTICLE = 50_000, 75, 10
QUESTIONS, TERMS, DEPTH, COMPARED = 60, 6, 50, 10


class MadeEmbedder:
    """Gives each text a unit vector around a centre, both drawn from its digest."""

    identity = "made vectors"
    dimension = DIMENSION
    reads_all = False

    def __init__(self) -> None:
        """Make the centres."""
        self._centres = np.random.default_rng(1).normal(size=(CENTRES, DIMENSION))
        self._centres /= np.linalg.norm(self._centres, axis=1, keepdims=True)

    def comparable(
        self,
        cosines: npt.NDArray[np.float64],
        *,
        across: bool,  # noqa: ARG002
    ) -> npt.NDArray[np.float64]:
        """Return them as they are."""
        return cosines

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Return float32 of shape (texts, DIMENSION)."""
        return np.array([self._vector(text) for text in texts], np.float32)

    def embed_paragraphs(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Return float32 of shape (texts, DIMENSION)."""
        vectors = self.embed_questions(texts)
        if progress:
            progress(len(texts))
        return vectors

    def _vector(self, text: str) -> Vectors:
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
        rng = np.random.default_rng(seed)
        made = self._centres[rng.integers(CENTRES)]
        made = made + SPREAD * rng.normal(size=DIMENSION) / DIMENSION**0.5
        unit: Vectors = (made / np.linalg.norm(made)).astype(np.float32)
        return unit


def vocabulary() -> list[str]:
    """Return made words, all different."""
    rng = random.Random(3)
    parts = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
    words: dict[str, None] = {}
    while len(words) < WORDS:
        words["".join(rng.choice(parts) for _ in range(rng.randint(2, 5)))] = None
    return list(words)


def write_articles(folder: Path, paragraphs: int) -> None:
    """Write the articles; what is there from a smaller size stays."""
    words = vocabulary()
    weights = list(accumulate(1 / (rank + 3) for rank in range(WORDS)))
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(paragraphs // AN_ARTICLE):
        path = folder / f"{number // 1000:03}" / f"{number:06}.md"
        if path.exists():
            continue
        rng = random.Random(number)
        drawn = rng.choices(words, cum_weights=weights, k=A_PARAGRAPH * AN_ARTICLE)
        text = [f"---\ntitle: Article {drawn[0]} {number}\n---\n"]
        for first in range(0, len(drawn), A_PARAGRAPH):
            part = drawn[first : first + A_PARAGRAPH]
            sentences = [" ".join(part[n : n + 15]).capitalize() for n in range(0, A_PARAGRAPH, 15)]
            text.append(". ".join(sentences) + ".\n")
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(text), "utf-8")


def timed(jobs: Sequence[Callable[[], Ids]]) -> tuple[str, list[Ids]]:
    """Return p50 and p95 of the jobs in milliseconds, in words, and what they found."""
    taken, found = [], []
    for job in jobs:
        began = time.perf_counter()
        found.append(job())
        taken.append(1000 * (time.perf_counter() - began))
    p95 = statistics.quantiles(taken, n=20)[-1]
    return f"{statistics.median(taken):.0f} / {p95:.0f} ms", found


def searched(snapshot: Snapshot, embedder: MadeEmbedder) -> dict[str, list[list[str]]]:
    """Print how long searches take, and return the articles and places that each found first."""
    rng = random.Random(9)
    words = vocabulary()
    weights = list(accumulate(1 / (rank + 30) for rank in range(WORDS)))
    questions = [
        " ".join(rng.choices(words, cum_weights=weights, k=TERMS)) for _ in range(QUESTIONS)
    ]
    vectors = embedder.embed_questions(questions)
    every = Filters()
    some = Filters(source="000/")

    def dense(vector: Vectors, filters: Filters) -> Ids:
        return snapshot.search_dense(vector, DEPTH, filters)[0]

    def lexical(question: str) -> Ids:
        return snapshot.search_lexical(snapshot.weights(question), DEPTH, every)[0]

    jobs: dict[str, list[Callable[[], Ids]]] = {
        "dense": [partial(dense, vector, every) for vector in vectors],
        "dense, filtered": [partial(dense, vector, some) for vector in vectors],
        "words": [partial(lexical, question) for question in questions],
    }
    found: dict[str, list[list[str]]] = {}
    for name, each in jobs.items():
        each[0]()
        told, ids = timed(each)
        print(f"  {name}, best {DEPTH}: {told}", flush=True)
        found[name] = [_places(snapshot, best[:COMPARED]) for best in ids]
    return found


def _places(snapshot: Snapshot, ids: Ids) -> list[str]:
    stored = snapshot.store.paragraphs([int(number) for number in ids])
    return [
        f"{p.article} {p.ordinal}" for p, _ in (stored[int(n)] for n in ids if int(n) in stored)
    ]


def measure(config: Config, embedder: MadeEmbedder) -> dict[str, list[list[str]]]:
    """Build an index, search it, and return what was found."""
    began = time.perf_counter()
    summary = build_index(config, embedder, rebuild=True)
    seconds = time.perf_counter() - began
    print(f"{config.index.engine}, {summary.paragraphs:,} paragraphs: indexed in {seconds:.0f} s")
    engine: Engine = open_engine(config, embedder)
    with engine.reading() as snapshot:
        found = searched(snapshot, embedder)
    engine.close()
    return found


def overlap(one: list[list[str]], other: list[list[str]]) -> float:
    """Return the mean share of one's best that the other has among its best, too."""
    shares = [len({*a} & {*b}) / len(a) for a, b in zip(one, other, strict=True) if a]
    return statistics.mean(shares)


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.postgres_scale")
    parser.add_argument("--dsn", required=True, help="of a role that may make schemas")
    parser.add_argument("--work", type=Path, required=True, help="folder for articles and indexes")
    parser.add_argument("--paragraphs", type=int, nargs="+", default=[10_000, 100_000])
    options = parser.parse_args()
    embedder = MadeEmbedder()
    for size in sorted(options.paragraphs):
        write_articles(options.work / "sources", size)
        base = Config(project=options.work)
        database = IndexConfig(engine="postgresql", dsn=options.dsn, schema=SCHEMA)
        try:
            here = measure(base, embedder)
            there = measure(replace(base, index=database), embedder)
        finally:
            with psycopg.connect(options.dsn, autocommit=True) as connection:
                connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        for name in here:
            print(f"  {name}: best {COMPARED} overlap {overlap(here[name], there[name]):.3f}")


if __name__ == "__main__":
    main()
