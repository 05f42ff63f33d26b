"""Which windows are trained on: how much of each kind and set.

Windows come in chunks, each determined by the seed and its number alone, so that processes can make
them apart and a run can go on where it was.
"""

from __future__ import annotations

from random import Random

import numpy as np

from training.encode import Batch, Encoder, collate
from training.rows import UNKNOWN, Corpus
from training.windows import Maker

CHUNK = 4096
"""Windows in a chunk: sorted by length before it is cut into batches."""

SIZE_COUNTS = 0.6
"""A set counts with its number of rows to this power, so that small ones are not drowned."""

WEIGHTS = {
    "squadshifts_reddit": 0.5,
    "squadshifts_amazon": 0.5,
    "policyqa": 0.4,
    "policyqa_test": 0.4,
    "qamr": 0.5,
    "nqg": 0.6,
    "nq": 2.0,
    "nq_qed": 2.0,
    "nq_multispan": 2.0,
    "bioasq": 0.6,
    "covidqa": 0.6,
    "integreat_en": 0.5,
    "fairytaleqa": 0.5,
    "timeqa": 1.5,
    "quotesum": 2.0,
}
"""What a set counts besides: those like real questions more, those with odd questions less."""

ADVERSARIAL = {"squad2": 1.6, "squad2_unans_pairs": 1.5, "timeqa": 1.5}
"""The same for the unanswerable questions of a set, where people wrote them to mislead."""

TEACHER_KINDS = {
    "answerable": 0.48,
    "natural": 0.24,
    "removed": 0.1,
    "swapped": 0.09,
    "mined": 0.09,
}
STUDENT_KINDS = {
    "answerable": 0.38,
    "natural": 0.19,
    "removed": 0.09,
    "swapped": 0.09,
    "mined": 0.05,
    "found": 0.2,
}
"""Who learns from a teacher reads what a search brings too, though nobody has labelled it."""

_TRIES = 30


class Mix:
    """Chunks of encoded batches."""

    def __init__(
        self, corpus: Corpus, encoder: Encoder, kinds: dict[str, float], batch: int, seed: int
    ) -> None:
        self._maker = Maker(corpus)
        self._encoder = encoder
        self._batch = batch
        self._seed = seed
        self._pools = _pools(corpus)
        self._drawn, self._shares = _shares(self._pools, kinds)

    def shares(self) -> dict[str, float]:
        """Return what share of the windows each kind and set has."""
        pairs = zip(self._drawn, self._shares, strict=True)
        return {f"{kind}/{name}": round(share, 4) for (kind, name), share in pairs}

    def chunk(self, number: int) -> list[Batch]:
        """Return the batches of a chunk: of windows of like length, in no order."""
        random = Random(f"{self._seed}/{number}")
        examples = []
        for kind, name in random.choices(self._drawn, self._shares, k=CHUNK):
            pool = self._pools[kind, name]
            for _ in range(_TRIES):
                window = self._maker.make(kind, random.choice(pool), random)
                example = self._encoder.example(window) if window else None
                if example and example.bounds:
                    examples.append(example)
                    break
        examples.sort(key=lambda example: len(example.ids) * random.uniform(0.93, 1.07))
        starts = range(0, len(examples) - self._batch + 1, self._batch)
        batches = [collate(examples[start : start + self._batch]) for start in starts]
        random.shuffle(batches)
        return batches


def _pools(corpus: Corpus) -> dict[tuple[str, str], list[int]]:
    """Return the numbers of the rows that each kind and set draws from."""
    pools: dict[tuple[str, str], list[int]] = {}
    for number, row in enumerate(corpus.rows):
        if number in corpus.held:
            continue
        if row.answerable:
            kinds = ["answerable", "removed", "swapped"]
            kinds += ["mined"] if number in corpus.mined else []
            kinds += ["found"] if number in corpus.found else []
        else:
            kinds = [] if UNKNOWN in row.labels else ["natural"]
        for kind in kinds:
            pools.setdefault((kind, row.dataset), []).append(number)
    return pools


def _shares(
    pools: dict[tuple[str, str], list[int]], kinds: dict[str, float]
) -> tuple[list[tuple[str, str]], list[float]]:
    drawn, shares = [], []
    for kind, share in kinds.items():
        names = sorted(name for of, name in pools if of == kind)
        sizes = np.array([len(pools[kind, name]) ** SIZE_COUNTS for name in names])
        counts = sizes * [_weight(kind, name) for name in names]
        drawn += [(kind, name) for name in names]
        shares += list(share * counts / counts.sum())
    return drawn, [float(share) for share in shares]


def _weight(kind: str, name: str) -> float:
    plain = WEIGHTS.get(name, 1.0)
    return ADVERSARIAL.get(name, plain) if kind == "natural" else plain
