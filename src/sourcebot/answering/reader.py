"""Evidence -> candidates: how probable it is that each sentence answers the question."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from sourcebot.answering.features import FEATURES, RELATIVE, sentence_features
from sourcebot.answering.windows import sentences_of, windows_of
from sourcebot.types import Candidate, Span

if TYPE_CHECKING:
    import numpy.typing as npt

    from sourcebot.answering.reader_model import ReaderModel, Reading
    from sourcebot.answering.windows import Window
    from sourcebot.types import Evidence, Retrieval

COLUMNS = (*FEATURES, "reader", "none", "span", "reader_gap", "span_gap")
"""The raw features, the learned reader's logits, and their distance to the question's best."""

ANSWERING = tuple(name for name in COLUMNS if name not in {*RELATIVE, "reader_gap", "span_gap"})
"""What the probability is computed from, besides the ranking's logit: nothing relative."""

_ANSWERING = [COLUMNS.index(name) for name in ANSWERING]

READ_WORDS = 220
"""How many words of evidence are read for one question; about 300 tokens."""


class Reader(Protocol):
    """Judges the sentences of the evidence; thread-safe."""

    def read(self, retrieval: Retrieval) -> tuple[Candidate, ...]:
        """Return the sentences worth judging with their probabilities, the best first."""


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """Logistic regression over named columns: logit = x·weights + bias."""

    weights: npt.NDArray[np.float64]
    bias: float

    def logits(self, matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return logits, float64 of shape (rows,), for a matrix of shape (rows, columns)."""
        result: npt.NDArray[np.float64] = matrix @ self.weights + self.bias
        return result


@dataclass(frozen=True, slots=True)
class Stack:
    """Two stages: what tells sentences of one question apart does not tell questions apart.

    ``ranking`` orders the sentences of a question by their columns; ``answering`` gives the
    calibrated probability from the columns ``ANSWERING`` and the ranking's logit.
    """

    ranking: LogisticModel
    answering: LogisticModel

    def judge(
        self, matrix: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return ranking logits and probabilities, float64 of shape (rows,)."""
        logits = self.ranking.logits(matrix)
        joined = np.column_stack([matrix[:, _ANSWERING], logits])
        return logits, 1 / (1 + np.exp(-self.answering.logits(joined)))


class LearnedReader:
    """A cascade: words and scores choose what is worth reading, the learned reader reads it.

    Its logits join the raw features in fitted logistic regressions (stacking; Wolpert, 1992),
    which give the order and the calibrated probability. The weights come from
    ``training/stack.py``.
    """

    def __init__(
        self, model: ReaderModel, words: int, choosing: LogisticModel | None = None
    ) -> None:
        """Take the learned reader, how many words it may read for one question, and what chooses.

        ``choosing`` is a regression over the raw features; None means the packaged one.
        """
        self._model = model
        self._words = words
        self._choosing = choosing or chooser()

    def read(self, retrieval: Retrieval) -> tuple[Candidate, ...]:
        """Return the sentences that were read, each with its probability, the best first."""
        readings, matrix = self.features(retrieval)
        logits, probabilities = stack().judge(matrix)
        return tuple(
            Candidate(
                readings[row].sentence.evidence,
                readings[row].sentence.span,
                float(probabilities[row]),
                _scores(readings[row].sentence.evidence, matrix[row]),
                readings[row].words,
            )
            for row in np.argsort(-logits, kind="stable")
        )

    def features(self, retrieval: Retrieval) -> tuple[list[Reading], npt.NDArray[np.float64]]:
        """Return the readings and their columns, float64 of shape (readings, len(COLUMNS))."""
        basic = sentence_features(retrieval)
        copies: dict[tuple[str, ...], list[Window]] = {}
        for window in windows_of(sentences_of(retrieval)):
            copies.setdefault(tuple(sentence.text for sentence in window), []).append(window)
        windows = self._worth_reading([same[0] for same in copies.values()], basic)
        readings = self._model.read(retrieval.question, windows)
        for window in windows:
            for copy in copies[tuple(sentence.text for sentence in window)][1:]:
                readings += copied(readings, window, copy)
        own = np.array([[r.logit, r.none, r.span_logit] for r in readings]).reshape(-1, 3)
        gaps = own[:, [0, 2]] - own[:, [0, 2]].max(axis=0, initial=-1e9)
        rows = [reading.sentence.number for reading in readings]
        return readings, np.hstack([basic[rows], own, gaps])

    def _worth_reading(self, windows: list[Window], basic: npt.NDArray[np.float64]) -> list[Window]:
        """Return the most promising windows that the budget of words allows."""
        promise = self._choosing.logits(basic)
        windows = sorted(windows, key=lambda w: -max(promise[s.number] for s in w))
        chosen: list[Window] = []
        left = self._words
        for window in windows:
            size = sum(len(sentence.text.split()) for sentence in window)
            if chosen and size > left:
                continue
            chosen.append(window)
            left -= size
        return chosen


def _scores(evidence: Evidence, columns: npt.NDArray[np.float64]) -> dict[str, float]:
    """Return the raw scores of a sentence by name."""
    names = dict(zip(COLUMNS, (float(value) for value in columns), strict=True))
    return {"bm25": evidence.bm25, **names}


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


@cache
def chooser() -> LogisticModel:
    """Return the regression over the raw features that chooses what is read."""
    return _logistic(_weights()["choosing"], FEATURES)


@cache
def stack() -> Stack:
    """Return the regressions over all columns."""
    weights = _weights()
    return Stack(
        _logistic(weights["ranking"], COLUMNS),
        _logistic(weights["answering"], (*ANSWERING, "logit")),
    )


def _weights() -> Any:  # noqa: ANN401 (parsed JSON)
    return json.loads((files("sourcebot.answering") / "weights" / "stack.json").read_text("utf-8"))


def _logistic(data: dict[str, Any], columns: tuple[str, ...]) -> LogisticModel:
    return LogisticModel(np.array([data["weights"][name] for name in columns]), data["bias"])
