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
    """Logistic regression over the raw features: probability = 1 / (1 + exp(-x·w - b))."""

    weights: npt.NDArray[np.float64]
    bias: float

    def probabilities(self, matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return probabilities, float64 of shape (rows,), for features of shape (rows, n)."""
        result: npt.NDArray[np.float64] = 1 / (1 + np.exp(-(matrix @ self.weights + self.bias)))
        return result


class BaselineReader:
    """Words, scores and answer types, weighed by a fitted logistic regression.

    The weights come from ``training/fit_baseline.py``, which also calibrates them.
    """

    def read(self, retrieval: Retrieval) -> tuple[Candidate, ...]:
        """Return every sentence of the evidence with its probability, the best first."""
        places, matrix = sentence_features(retrieval)
        probabilities = baseline_model().probabilities(matrix)
        return tuple(
            Candidate(
                *places[row],
                float(probabilities[row]),
                dict(zip(FEATURES, (float(v) for v in matrix[row]), strict=True)),
            )
            for row in np.argsort(-probabilities, kind="stable")
        )


@cache
def baseline_model() -> LogisticModel:
    """Return the fitted weights that ship with the package."""
    data = json.loads((files("sourcebot") / "weights" / _WEIGHTS).read_text("utf-8"))
    return LogisticModel(np.array([data["weights"][name] for name in FEATURES]), data["bias"])
