"""Pictures of an evaluation, and a threshold written into the configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcebot.config.settings import CONFIG_NAME
from sourcebot.errors import ConfigError, EvaluationError
from sourcebot.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sourcebot.checks.evaluation import Outcome

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
    bins = np.clip((confidence * _BINS).astype(int), 0, _BINS - 1)
    present = np.unique(bins)
    calibration.plot(
        [confidence[bins == b].mean() for b in present],
        [right[bins == b].mean() for b in present],
        marker="o",
    )
    calibration.set(xlabel="confidence", ylabel="share right", title="Calibration")
    calibration.set(xlim=(0, 1), ylim=(0, 1))
    try:
        figure.savefig(path, dpi=120)
    except (OSError, ValueError) as error:
        raise EvaluationError(f"the picture cannot be written to {path}: {error}") from error
