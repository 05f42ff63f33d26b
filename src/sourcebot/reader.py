"""Evidence -> candidates: how probable it is that each sentence answers the question."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sourcebot.features import FEATURES, sentence_features
from sourcebot.types import Candidate

if TYPE_CHECKING:
    import numpy.typing as npt

    from sourcebot.types import Retrieval

_WEIGHTS = "baseline.json"


class Reader(Protocol):
    """Judges the sentences of the evidence; thread-safe."""

    def read(self, retrieval: Retrieval) -> tuple[Candidate, ...]:
        """Return every sentence of the evidence with its probability, the best first."""


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
class BaselineModel:
    """Two stages: what tells sentences of one question apart does not tell questions apart.

    ``ranking`` orders the sentences of a question by their features; ``answering`` gives the
    calibrated probability from the same features and the ranking's logit.
    """

    ranking: LogisticModel
    answering: LogisticModel

    def judge(
        self, matrix: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return ranking logits and probabilities, float64 of shape (rows,)."""
        logits = self.ranking.logits(matrix)
        joined = np.column_stack([matrix, logits])
        return logits, 1 / (1 + np.exp(-self.answering.logits(joined)))


class BaselineReader:
    """Words, scores and answer types, weighed by fitted logistic regressions.

    The weights come from ``training/fit_baseline.py``.
    """

    def read(self, retrieval: Retrieval) -> tuple[Candidate, ...]:
        """Return every sentence of the evidence with its probability, the best first."""
        places, matrix = sentence_features(retrieval)
        logits, probabilities = baseline_model().judge(matrix)
        return tuple(
            Candidate(
                places[row][0],
                places[row][1],
                float(probabilities[row]),
                dict(zip(FEATURES, (float(v) for v in matrix[row]), strict=True)),
            )
            for row in np.argsort(-logits, kind="stable")
        )


@cache
def baseline_model() -> BaselineModel:
    """Return the fitted weights that ship with the package."""
    data = json.loads((files("sourcebot") / "weights" / _WEIGHTS).read_text("utf-8"))
    columns = {"ranking": FEATURES, "answering": (*FEATURES, "logit")}
    return BaselineModel(
        **{
            stage: LogisticModel(
                np.array([data[stage]["weights"][name] for name in names]), data[stage]["bias"]
            )
            for stage, names in columns.items()
        }
    )
