"""The fitted regressions that turn columns into an order and a calibrated probability.

``training.stages`` fits them; their weights lie in ``weights/stages.json``.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sourcebot.answering.features import (
    FEATURES,
    RELATIVE,
    place_missing,
    proper_apart,
    years_missing,
)
from sourcebot.answering.fitting import BY_RULE
from sourcebot.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt

    Matrix = npt.NDArray[np.float64]

READ = ("reader", "none", "span", "reader_gap", "span_gap")
"""What the small reader says of a sentence: its logits, and their distance to the best."""

JUDGED = ("judge", "judge_none", "judge_span", "judge_gap", "judge_span_gap")
"""What the judge says of it."""

READER_COLUMNS = (*FEATURES, *READ)
JUDGE_COLUMNS = (*READER_COLUMNS, *JUDGED)
_RELATIVE = {*RELATIVE, *(name for name in (*READ, *JUDGED) if name.endswith("_gap"))}
WEIGHTS = "stages.json"
WEIGHTS_OF_LANGUAGES = "stages-languages.json"
"""What is fitted for the reader of all languages, and for a choice by words alone."""


RULED = {
    proper_apart.__name__: -1.0,
    place_missing.__name__: -2.0,
    years_missing.__name__: -2.0,
    **{column.__name__: odds for column, odds in BY_RULE.items()},
}
"""By how much columns move the log odds of a sentence, besides what is fitted.

What the stages are fitted on hardly asks about another place, person, year or event than the
articles', nor of tables and headings: the fit gives these columns no weight (docs/why.md)."""


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """Logistic regression over named columns: logit = x·weights + bias.

    ``weights`` is float64 of shape (columns,).
    """

    columns: tuple[str, ...]
    weights: Matrix
    bias: float

    def __post_init__(self) -> None:
        """Refuse weights that are not one a column.

        Raises:
            ModelError: when there are more or fewer.
        """
        if self.weights.shape != (len(self.columns),):
            raise ModelError(
                f"{len(self.columns)} columns and {len(self.weights)} weights do not fit together",
                "reinstall sourcebot",
            )

    def logits(self, matrix: Matrix) -> Matrix:
        """Return logits, float64 of shape (rows,), for a matrix of shape (rows, columns).

        Raises:
            ValueError: when the matrix has other columns.
        """
        result: Matrix = matrix @ self.weights + self.bias
        return result


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt scaling (1999) of the last logit: probability = sigmoid(slope * logit + offset)."""

    slope: float
    offset: float

    def probabilities(self, logits: Matrix) -> Matrix:
        """Return probabilities, float64 of the same shape."""
        result: Matrix = 1 / (1 + np.exp(-np.clip(self.slope * logits + self.offset, -50, 50)))
        return result


def answering_columns(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return what the probability is computed from, besides the ranking's logit.

    Nothing relative: a question to a handful of articles must be judged as one to thousands.
    """
    return tuple(name for name in columns if name not in _RELATIVE)


@dataclass(frozen=True, slots=True)
class Stack:
    """Two stages: what tells sentences of one question apart does not tell questions apart.

    ``ranking`` orders the sentences of a question by their columns; ``answering`` judges from what
    is not relative and the ranking's logit, and ``calibration`` makes that a probability.
    ``RULED`` moves both.
    """

    ranking: LogisticModel
    answering: LogisticModel
    calibration: Calibration = Calibration(1.0, 0.0)

    def judge(self, matrix: Matrix) -> tuple[Matrix, Matrix]:
        """Return logits to order by and probabilities, float64 of shape (rows,)."""
        fitted = self.calibration.probabilities(self.answering.logits(self.joined(matrix)))
        ruled = sum(
            odds * matrix[:, self.ranking.columns.index(name)] for name, odds in RULED.items()
        )
        odds = fitted / (1 - fitted) * np.exp(ruled)
        return self.ranking.logits(matrix) + ruled, odds / (1 + odds)

    def joined(self, matrix: Matrix) -> Matrix:
        """Return what the second stage sees, of shape (rows, columns of ``answering``)."""
        columns = self.ranking.columns
        kept = [columns.index(name) for name in answering_columns(columns)]
        return np.column_stack([matrix[:, kept], self.ranking.logits(matrix)])


@dataclass(frozen=True, slots=True)
class Stages:
    """All that is fitted.

    Attributes:
        choosing: over ``FEATURES``; says which sentences are worth reading.
        reader: what is made of the small reader's logits, over ``READER_COLUMNS``.
        judge: what is made of both readers' logits, over ``JUDGE_COLUMNS``; without a judge, which
            the reader of all languages has not, it is never asked, and the same as ``reader``.
    """

    choosing: LogisticModel
    reader: Stack
    judge: Stack


@cache
def packaged() -> Stages:
    """Return the regressions for the readers of English.

    Raises:
        ModelError: when they cannot be read, or are of other columns.
    """
    with _read(WEIGHTS) as data:
        return Stages(
            _logistic(data["choosing"], FEATURES),
            _stack(data["reader"], READER_COLUMNS),
            _stack(data["judge"], JUDGE_COLUMNS),
        )


@cache
def packaged_of_languages() -> Stages:
    """Return the regressions for the reader of all languages.

    Raises:
        ModelError: when they cannot be read, or are of other columns.
    """
    with _read(WEIGHTS_OF_LANGUAGES) as data:
        reader = _stack(data["reader"], READER_COLUMNS)
        return Stages(_logistic(data["choosing"], FEATURES), reader, reader)


@cache
def packaged_model(name: str, columns: tuple[str, ...]) -> LogisticModel:
    """Return a regression that stands alone in a file.

    Raises:
        ModelError: when it cannot be read, or is of other columns.
    """
    with _read(name) as data:
        return _logistic(data, columns)


@cache
def packaged_words() -> Stack:
    """Return the regressions for texts that no reader in use reads.

    Raises:
        ModelError: when they cannot be read, or are of other columns.
    """
    with _read(WEIGHTS_OF_LANGUAGES) as data:
        return _stack(data["words"], FEATURES)


@contextmanager
def _read(name: str) -> Iterator[dict[str, Any]]:
    path = Path(__file__).parent / "weights" / name
    try:
        yield json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} cannot be used: {error!r}", "reinstall sourcebot") from error


def as_json(stages: Stages) -> dict[str, Any]:
    """Return what ``packaged`` reads."""
    return {
        "choosing": described_model(stages.choosing),
        "reader": described(stages.reader),
        "judge": described(stages.judge),
    }


def described(stack: Stack) -> dict[str, Any]:
    """Return what both stages and their calibration are read from."""
    return {
        "ranking": described_model(stack.ranking),
        "answering": described_model(stack.answering),
        "calibration": [round(stack.calibration.slope, 5), round(stack.calibration.offset, 5)],
    }


def described_model(model: LogisticModel) -> dict[str, Any]:
    """Return what a regression is read from."""
    pairs = zip(model.columns, model.weights, strict=True)
    return {"weights": {n: round(float(w), 5) for n, w in pairs}, "bias": round(model.bias, 5)}


def _stack(data: Mapping[str, Any], columns: tuple[str, ...]) -> Stack:
    slope, offset = data["calibration"]
    return Stack(
        _logistic(data["ranking"], columns),
        _logistic(data["answering"], (*answering_columns(columns), "logit")),
        Calibration(slope, offset),
    )


def _logistic(data: Mapping[str, Any], columns: tuple[str, ...]) -> LogisticModel:
    if set(data["weights"]) != set(columns):
        raise ValueError(f"other columns: {sorted(set(data['weights']) ^ set(columns))}")
    return LogisticModel(
        columns, np.array([data["weights"][name] for name in columns]), data["bias"]
    )
