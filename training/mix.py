"""The stream of training windows: how much of each set and kind, in a seeded order.

The stream comes in chunks. A chunk holds a fixed number of windows of each pool, so that any
chunk can be made again from the seed and its number alone: that is what makes a run resumable.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from training.context import Corpus
from training.mining import mine
from training.rows import SILENT
from training.swaps import Lexicon, swap_detail
from training.windows import JOIN, Window, bare_question, crop, from_row, join_near, remove_answer

# Windows per chunk of each (kind, set); natural = unanswerable as the set has it.
QUOTAS: dict[tuple[str, str], int] = {
    ("answerable", "squad2"): 80,
    ("answerable", "nqg"): 180,
    ("answerable", "selqa"): 44,
    ("answerable", "nq"): 70,
    ("answerable", "qamr"): 70,
    ("answerable", "policyqa"): 32,
    ("answerable", "covidqa"): 24,
    ("natural", "squad2"): 110,
    ("natural", "nqg"): 40,
    ("natural", "selqa"): 24,
    ("natural", "nq"): 16,
    ("natural", "policyqa"): 6,
    ("natural", "covidqa"): 14,
    ("removed", "squad2"): 30,
    ("removed", "nqg"): 44,
    ("removed", "nq"): 16,
    ("removed", "selqa"): 8,
    ("removed", "qamr"): 22,
    ("swapped", "squad2"): 36,
    ("swapped", "nqg"): 28,
    ("swapped", "nq"): 10,
    ("swapped", "selqa"): 6,
    ("mined", "squad2"): 18,
    ("mined", "nq"): 26,
    ("mined", "covidqa"): 6,
}
CHUNK = sum(QUOTAS.values())
_TRIES = 40


class Stream:
    """Chunks of training windows, each determined by the seed and its number."""

    def __init__(self, corpus: Corpus, seed: int) -> None:
        self._corpus = corpus
        self._seed = seed
        self._mined = mine(corpus)
        self._lexicon = Lexicon(s for row in corpus.rows for s in row.sentences)
        self._pools = {key: self._pool(*key) for key in QUOTAS}
        self._orders: dict[tuple[str, str, int], list[int]] = {}

    def pool_sizes(self) -> dict[str, int]:
        """Return the number of rows each pool draws from."""
        return {f"{kind}/{dataset}": len(pool) for (kind, dataset), pool in self._pools.items()}

    def chunk(self, number: int) -> list[Window]:
        """Return the windows of chunk `number`, in the order of the pools."""
        windows = []
        for (kind, dataset), quota in QUOTAS.items():
            for place in range(number * quota, (number + 1) * quota):
                random = Random(f"{self._seed}/{kind}/{dataset}/{place}")
                windows.append(self._draw(kind, dataset, place, random))
        return windows

    def _draw(self, kind: str, dataset: str, place: int, random: Random) -> Window:
        """Return the window of the row whose turn it is, or of another where none can be made."""
        row = self._turn(kind, dataset, place)
        for _ in range(_TRIES):
            made = self.make(kind, row, random)
            if made is not None:
                return made
            row = random.choice(self._pools[kind, dataset])
        message = f"no {kind} window can be made from {dataset}"
        raise RuntimeError(message)

    def make(self, kind: str, number: int, random: Random) -> Window | None:
        """Return a window of this kind from row `number`, or None if it does not lend itself."""
        corpus = self._corpus
        window: Window | None = from_row(corpus.rows[number], kind)
        assert window is not None
        if kind == "mined":
            other = corpus.rows[random.choice(self._mined[number])]
            silent = (SILENT,) * len(other.sentences)
            window = replace(window, sentences=other.sentences, labels=silent, answer=None)
        elif random.random() < (0.6 if kind == "removed" else JOIN):
            window = join_near(window, corpus, number, random)
        if kind == "removed":
            window = remove_answer(window)
        if window is None:
            return None
        window = bare_question(crop(window, random), random)
        if kind == "swapped":  # after the crop, so that what seemed to answer stays in
            window = swap_detail(window, corpus.near_sentences(number), self._lexicon, random)
        return window

    def _pool(self, kind: str, dataset: str) -> list[int]:
        rows = self._corpus.rows
        numbers = [n for n, row in enumerate(rows) if row.dataset == dataset]
        if kind == "natural":
            return [n for n in numbers if not rows[n].answerable]
        if kind == "mined":
            return [n for n in numbers if n in self._mined]
        return [n for n in numbers if rows[n].answerable]

    def _turn(self, kind: str, dataset: str, place: int) -> int:
        """Return the row at `place` when the pool is gone through again and again, shuffled."""
        pool = self._pools[kind, dataset]
        lap, turn = divmod(place, len(pool))
        key = (kind, dataset, lap)
        if key not in self._orders:
            self._orders = {k: v for k, v in self._orders.items() if k[:2] != key[:2]}
            order = list(pool)
            Random(f"{self._seed}/order/{kind}/{dataset}/{lap}").shuffle(order)
            self._orders[key] = order
        return self._orders[key][turn]
