"""Pictures of an evaluation, and a threshold written into the configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.config.settings import CONFIG_NAME
from sourcebot.errors import ConfigError, EvaluationError
from sourcebot.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from sourcebot.checks.evaluation import Outcome

    Floats = npt.NDArray[np.float64]
    Bools = npt.NDArray[np.bool_]

_BINS = 10


def write_threshold(project: Path, threshold: float) -> None:
    """Set ``threshold`` in ``[answer]`` of the project's config.toml; all else stays as it is.

    Raises:
        ConfigError: when the file cannot be read or written.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    path = project / CONFIG_NAME
    try:
        text = path.read_text("utf-8-sig") if path.exists() else ""
        document = tomlkit.parse(text)
        document.setdefault("answer", tomlkit.table())["threshold"] = threshold
        write_atomically(path, tomlkit.dumps(document))
    except (OSError, TOMLKitError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be changed: {error}") from error


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose confidence lies in one tenth of the scale.

    Attributes:
        count: how many there are.
        confidence: their mean confidence.
        right: the share of them whose first quote is right.
    """

    count: int
    confidence: float
    right: float


def bins_of(confidence: Floats, right: Bools) -> tuple[Bin, ...]:
    """Return the tenths that hold questions, the least confident first.

    ``confidence`` is float64 in [0, 1] and ``right`` bool, both of shape (questions,).
    """
    tenth = np.clip((confidence * _BINS).astype(int), 0, _BINS - 1)
    return tuple(
        Bin(int(inside.sum()), float(confidence[inside].mean()), float(right[inside].mean()))
        for inside in (tenth == number for number in np.unique(tenth))
    )


def expected_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error (Naeini, Cooper and Hauskrecht 2015).

    The distance between mean confidence and share right in each bin, weighted by its questions.
    """
    total = sum(each.count for each in bins)
    return sum(each.count * abs(each.confidence - each.right) for each in bins) / total


def plot(outcomes: Sequence[Outcome], path: Path) -> None:
    """Draw risk against coverage, and how well the confidence is calibrated.

    Raises:
        EvaluationError: when matplotlib is missing or the file cannot be written.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise EvaluationError(
            "--plot needs matplotlib", "pip install matplotlib, or sourcebot[plot]"
        ) from error
    ordered = sorted(outcomes, key=lambda o: -o.confidence)
    confidence = np.array([o.confidence for o in ordered])
    right = np.array([o.right for o in ordered])
    figure = Figure(figsize=(10, 4.5), layout="constrained")
    risk, calibration = figure.subplots(1, 2)

    coverage = np.arange(1, len(ordered) + 1) / len(ordered)
    risk.plot(coverage, np.cumsum(~right) / np.arange(1, len(ordered) + 1))
    risk.set(xlabel="share of questions answered", ylabel="share of answers that are wrong")
    risk.set(title="Risk against coverage", xlim=(0, 1), ylim=(0, 1))

    calibration.plot([0, 1], [0, 1], linestyle=":", color="grey")
    bins = bins_of(confidence, right)
    calibration.plot([b.confidence for b in bins], [b.right for b in bins], marker="o")
    for each in bins:
        calibration.annotate(
            str(each.count), (each.confidence, each.right), (4, -10), textcoords="offset points"
        )
    apart = expected_error(bins)
    calibration.set(xlabel="confidence", ylabel="share right")
    calibration.set(title=f"Calibration (expected error {apart:.3f})")
    calibration.set(xlim=(0, 1), ylim=(0, 1))
    try:
        figure.savefig(path, dpi=120)
    except (OSError, ValueError) as error:
        raise EvaluationError(f"the picture cannot be written to {path}: {error}") from error
