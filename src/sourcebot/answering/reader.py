"""Evidence -> candidates: how probable it is that each sentence answers the question."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sourcebot.answering.features import COVERED, sentence_features
from sourcebot.answering.reader_model import ReaderModel
from sourcebot.answering.stages import Stages, packaged
from sourcebot.answering.windows import sentences_of, windows_of
from sourcebot.text.lengths import words_in
from sourcebot.types import Candidate, Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    import numpy.typing as npt
    from tokenizers import Tokenizer

    from sourcebot.answering.reader_model import Reading
    from sourcebot.answering.stages import Stack
    from sourcebot.answering.window_model import Lower
    from sourcebot.answering.windows import Window
    from sourcebot.files import Digests
    from sourcebot.types import Evidence, Retrieval

    Matrix = npt.NDArray[np.float64]

READ_WORDS = 330
"""How many words of evidence the small reader reads for one question (docs/why.md)."""

ACROSS_WORDS = 600
"""How many where all evidence is in another language than the question.

There no words choose, and the paragraph that answers is less often among the first."""

JUDGED_WORDS = 220
"""How many of these the judge reads after it."""

SURE, CLEAR = 0.9, 1.0
"""The judge is not asked when the best sentence is as probable and so far before the next one."""

HOPELESS = 0.03
"""Nor when no sentence is more probable than this."""


class Reader(Protocol):
    """Judges the sentences of the evidence; thread-safe."""

    def read(self, retrieval: Retrieval) -> tuple[Candidate, ...]:
        """Return the sentences worth judging with their probabilities, the best first."""

    def skim(self, retrieval: Retrieval, words: int) -> tuple[Candidate, ...]:
        """Return the sentences of up to ``words`` words likewise, less surely judged."""


class Model(Protocol):
    """Reads windows; thread-safe."""

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        """Return a reading of each sentence that fits."""


class Judge:
    """The large reader, opened on a thread of its own while the search runs."""

    def __init__(
        self,
        folder: Path | None = None,
        threads: int = 0,
        digests: Digests | None = None,
        tokenizer: Tokenizer | None = None,
        *,
        at_once: bool = True,
    ) -> None:
        """Begin to open the judge in a folder, or the packaged one; see ``WindowModel``.

        Unless ``at_once``, it is opened when it is asked for the first time.
        """
        self._open = partial(ReaderModel, folder, threads, "judge", digests, tokenizer)
        self._starting = threading.Lock()
        self._opening: Future[ReaderModel] | None = None
        if at_once:
            self._start()

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        """Return a reading of each sentence of the windows that fits.

        Raises:
            ModelError: when the judge is not as its digests say, or cannot be loaded.
        """
        return self._start().result().read(question, windows)

    def lower(self) -> Lower | None:
        """Return its first layers, which the model of claims shares.

        Raises:
            ModelError: when the judge is not as its digests say, or cannot be loaded.
        """
        return self._start().result().lower

    def _start(self) -> Future[ReaderModel]:
        with self._starting:
            if self._opening is None:
                opener = ThreadPoolExecutor(1)
                self._opening = opener.submit(self._open)
                opener.shutdown(wait=False)
            return self._opening


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of one question: the readings, and a row of columns for each.

    ``matrix`` is float64 of shape (readings, columns): ``READER_COLUMNS`` after the small reader,
    ``JUDGE_COLUMNS`` after the judge. ``windows`` are those read, each with its copies.
    """

    readings: list[Reading]
    matrix: Matrix
    windows: list[tuple[Window, ...]]


class LearnedReader:
    """A cascade: words and scores choose what is read, the small reader what is judged.

    The readers' logits join the raw features in fitted logistic regressions (stacking; Wolpert,
    1992), which give the order and the calibrated probability.
    """

    def __init__(
        self,
        small: Model,
        judge: Model | None = None,
        *,
        words: int = READ_WORDS,
        judged_words: int = JUDGED_WORDS,
        stages: Stages | None = None,
    ) -> None:
        """Take the readers, how many words each may read for one question, and what was fitted.

        Without a judge the small reader stands alone; without stages the packaged ones serve.
        """
        self._small = small
        self._judge = judge
        self._words = words
        self._judged_words = judged_words
        self._stages = stages or packaged()

    def read(self, retrieval: Retrieval) -> tuple[Candidate, ...]:
        """Return the sentences that were read, each with its probability, the best first.

        Where the judge was asked, these are the sentences that it read.
        """
        read = self.skimmed(retrieval)
        stack = self._stages.reader
        logits, probabilities = stack.judge(read.matrix)
        if self._judge is not None and not settled(logits, probabilities):
            read = self.judged(retrieval.question, read, logits)
            stack = self._stages.judge
            logits, probabilities = stack.judge(read.matrix)
        return _candidates(read, stack, logits, probabilities)

    def skim(self, retrieval: Retrieval, words: int) -> tuple[Candidate, ...]:
        """Return the sentences of up to ``words`` words as the small reader judges them."""
        read = self.skimmed(retrieval, words)
        stack = self._stages.reader
        return _candidates(read, stack, *stack.judge(read.matrix))

    def skimmed(self, retrieval: Retrieval, words: int = 0) -> Read:
        """Return what the small reader says of the most promising windows.

        ``words`` is how many words these may have; 0: as many as it reads for a question.
        """
        across = all(retrieval.wordless(evidence) for evidence in retrieval.evidence)
        most = words or (max(self._words, ACROSS_WORDS) if across else self._words)
        basic = sentence_features(retrieval)
        copies: dict[tuple[str, ...], list[Window]] = {}
        for window in windows_of(sentences_of(retrieval)):
            copies.setdefault(tuple(sentence.text for sentence in window), []).append(window)
        promise = dict(enumerate(self._stages.choosing.logits(basic)))
        windows = best_windows([tuple(w) for w in copies.values()], promise, most)
        readings, own = _read(self._small, retrieval.question, windows)
        return Read(
            readings, np.hstack([basic[[r.sentence.number for r in readings]], own]), windows
        )

    def judged(self, question: str, read: Read, logits: Matrix) -> Read:
        """Return what the judge says of the windows with the highest logits.

        ``logits`` is float64 of shape (readings of ``read``,).

        Raises:
            ModelError: when the judge cannot be loaded.
        """
        if self._judge is None:
            return read
        numbers = [reading.sentence.number for reading in read.readings]
        promise = dict(zip(numbers, logits, strict=True))
        windows = best_windows(read.windows, promise, self._judged_words)
        readings, own = _read(self._judge, question, windows)
        places = {number: row for row, number in enumerate(numbers)}
        known = [r for r in range(len(readings)) if readings[r].sentence.number in places]
        rows = [places[readings[r].sentence.number] for r in known]
        return Read(
            [readings[r] for r in known], np.hstack([read.matrix[rows], own[known]]), windows
        )


def _candidates(
    read: Read, stack: Stack, logits: Matrix, probabilities: Matrix
) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            read.readings[row].sentence.evidence,
            read.readings[row].sentence.span,
            float(probabilities[row]),
            float(read.matrix[row, COVERED]),
            _scores(read.readings[row].sentence.evidence, stack.ranking.columns, columns),
            read.readings[row].words,
        )
        for row in np.argsort(-logits, kind="stable")
        for columns in (read.matrix[row],)
    )


def settled(logits: Matrix, probabilities: Matrix) -> bool:
    """Return whether the small reader leaves nothing open: neither the order nor the refusal."""
    if len(logits) == 0:
        return True
    best = int(np.argmax(logits))
    if probabilities[best] <= HOPELESS:
        return True
    others = np.delete(logits, best)
    ahead = logits[best] - others.max(initial=-np.inf)
    return bool(probabilities[best] >= SURE and ahead >= CLEAR)


def best_windows(
    windows: list[tuple[Window, ...]], promise: Mapping[int, float], words: int
) -> list[tuple[Window, ...]]:
    """Return the most promising windows that the budget of words allows, each with its copies.

    ``promise`` gives a sentence's logit by its number; what has none promises nothing.
    """
    best = {
        same: max(promise.get(sentence.number, -np.inf) for sentence in same[0]) for same in windows
    }
    chosen: list[tuple[Window, ...]] = []
    left = words
    for same in sorted(windows, key=lambda same: -best[same]):
        size = sum(words_in(sentence.text) for sentence in same[0])
        if chosen and size > left:
            continue
        chosen.append(same)
        left -= size
    return chosen


def _read(
    model: Model, question: str, windows: list[tuple[Window, ...]]
) -> tuple[list[Reading], Matrix]:
    """Return the readings of windows and their copies, and five columns for each of them."""
    readings = model.read(question, [same[0] for same in windows])
    for window, *others in windows:
        for other in others:
            readings += copied(readings, window, other)
    own = np.array([[r.logit, r.none, r.span_logit] for r in readings]).reshape(-1, 3)
    gaps = own[:, [0, 2]] - own[:, [0, 2]].max(axis=0, initial=-np.inf)
    return readings, np.hstack([own, gaps])


def _scores(evidence: Evidence, names: tuple[str, ...], columns: Matrix) -> dict[str, float]:
    """Return the raw scores of a sentence by name."""
    values = (float(value) for value in columns)
    return {"bm25": evidence.bm25, **dict(zip(names, values, strict=True))}


def copied(readings: list[Reading], window: Window, copy: Window) -> list[Reading]:
    """Return the readings of ``window`` as those of ``copy``, which has the same words."""
    places = {sentence.number: twin for sentence, twin in zip(window, copy, strict=True)}
    found = []
    for reading in readings:
        twin = places.get(reading.sentence.number)
        if twin is not None:
            shift = twin.span.start - reading.sentence.span.start
            words = Span(reading.words.start + shift, reading.words.end + shift)
            found.append(replace(reading, sentence=twin, words=words))
    return found
