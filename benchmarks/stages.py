"""Where the time of a question goes: ``python benchmarks/stages.py [--paragraphs N] [--times N]``.

Each stage of the question path is timed in this process, one question at a time, and put beside
what bounds it: the memory bandwidth for the scan of the vectors, the product of matrices for the
two transformers. Both bounds are measured here, with numpy.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from corpus import question
from run import ROOT, project_of

from sourcebot.answering.composer import compose
from sourcebot.answering.features import sentence_features
from sourcebot.answering.reader import Judge, LearnedReader
from sourcebot.answering.reader_model import ReaderModel
from sourcebot.answering.retriever import retrieve
from sourcebot.config.settings import Config
from sourcebot.embedding.exported import open_embedder
from sourcebot.index.open import reading
from sourcebot.types import Filters

LAYERS = 10.6e6
"""Weights in the products of matrices of MiniLM-L6: each is used once a token."""


class Clock:
    """Seconds spent in each stage of each question."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.spent: dict[str, list[float]] = defaultdict(list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        began = time.perf_counter()
        yield
        self.spent[name].append(time.perf_counter() - began)

    def timed(self, thing: object, names: dict[str, str]) -> Any:  # noqa: ANN401 (as the thing)
        """Return a stand-in for an object whose methods ``names`` are timed, by stage."""
        return _Timed(thing, names, self)

    def median(self, name: str) -> float:
        """Return the median of a stage in milliseconds."""
        return 1000 * statistics.median(self.spent[name])


class _Timed:
    """Hands everything on to an object, and times some of its methods."""

    def __init__(self, thing: object, names: dict[str, str], clock: Clock) -> None:
        self._thing, self._names, self._clock = thing, names, clock

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (as the thing's)
        value = getattr(self._thing, name)
        if name not in self._names:
            return value

        def call(*arguments: object, **named: object) -> object:
            with self._clock.stage(self._names[name]):
                return value(*arguments, **named)

        return call


def bandwidth() -> float:
    """Return how many bytes a second one thread reads."""
    block = np.ones(64 * 1024 * 1024, np.float32)
    return block.nbytes / min(_seconds(block.sum) for _ in range(5))


def products() -> float:
    """Return how many operations a second numpy's float32 product of matrices makes."""
    left, right = np.ones((1024, 1536), np.float32), np.ones((1536, 1024), np.float32)
    return 2 * 1024 * 1536 * 1024 / min(_seconds(lambda: left @ right) for _ in range(5))


def _seconds(job: Callable[[], object]) -> float:
    began = time.perf_counter()
    job()
    return time.perf_counter() - began


def ask_all(config: Config, times: int) -> tuple[Clock, int, list[int]]:
    """Ask questions; return the times, the number of vectors, and the tokens read for each."""
    clock = Clock()
    embedder = clock.timed(open_embedder(config, print), {"embed_questions": "embedding"})
    model = ReaderModel(threads=config.embedding.threads)
    judge = Judge(threads=config.embedding.threads)
    reader = LearnedReader(
        clock.timed(model, {"read": "reader"}), clock.timed(judge, {"read": "judge"})
    )
    searching = {"weights": "words", "search_lexical": "words", "search_dense": "vectors"}
    tokens = []
    rng = random.Random(7)
    with reading(config) as snapshot:
        timed = clock.timed(snapshot, searching)
        for _ in range(times):
            with clock.stage("evidence, whole"):
                retrieval = retrieve(
                    timed,
                    embedder,
                    question(rng),
                    Filters(),
                    paragraphs=config.retrieval.paragraphs,
                    dense_weight=config.retrieval.dense_weight,
                )
            with clock.stage("features"):
                sentence_features(retrieval)
            with clock.stage("reading, whole"):
                candidates = reader.read(retrieval)
            with clock.stage("composing"):
                compose(retrieval, candidates, quotes=3, threshold=config.answer.threshold)
            tokens.append(sum(len(c.text.split()) for c in candidates))
        return clock, snapshot.info.paragraphs, tokens


def main() -> None:
    """Print a table of the stages."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--paragraphs", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--work", type=Path, default=ROOT / "benchmarks" / "corpora")
    options = parser.parse_args()
    config = Config(project=project_of(options.work, options.paragraphs))
    clock, vectors, words = ask_all(config, options.times)
    read, speed = bandwidth(), products()
    for name in clock.spent:
        print(f"{name:16} {clock.median(name):7.2f} ms")
    scan = 1000 * vectors * 384 * 2 / read
    print(f"one thread reads {read / 1e9:.1f} GB/s: the vectors take {scan:.2f} ms at least")
    work = 2 * LAYERS * 1.35 * statistics.median(words)
    print(
        f"numpy multiplies at {speed / 1e9:.0f} GFLOP/s: {statistics.median(words):.0f} words "
        f"(about 1.35 tokens each) take {1000 * work / speed:.1f} ms in float32, "
        f"the reader makes {work / clock.median('reader') / 1e6:.0f} GFLOP/s"
    )


if __name__ == "__main__":
    main()
