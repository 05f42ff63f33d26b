"""Saving and resuming a run: one file, replaced whole, so that a crash leaves the last one."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor
from torch.optim import Optimizer

from training.model import Reader

NAME = "checkpoint.pt"
MOST_DECAY = 0.998


class Average:
    """Exponential moving average of the trained weights (Polyak and Juditsky 1992).

    The average is what is measured and exported; it reaches back about 500 steps.
    """

    def __init__(self, model: Reader) -> None:
        self.weights = {k: v.detach().clone() for k, v in model.state_dict().items()}

    def update(self, model: Reader, step: int) -> None:
        """Move the average towards the model after step `step` (1-based)."""
        decay = min(MOST_DECAY, (1 + step) / (10 + step))
        for key, value in model.state_dict().items():
            self.weights[key].lerp_(value, 1.0 - decay)


def save(folder: Path, step: int, model: Reader, average: Average, optimizer: Optimizer) -> None:
    """Write the checkpoint of `step` finished steps."""
    state = {
        "step": step,
        "model": model.state_dict(),
        "average": average.weights,
        "optimizer": optimizer.state_dict(),
    }
    partial = folder / f"{NAME}.partial"
    torch.save(state, partial)
    partial.replace(folder / NAME)


def resume(folder: Path, model: Reader, average: Average, optimizer: Optimizer) -> int:
    """Read the checkpoint into all three and return its steps; 0 if there is none."""
    if not (folder / NAME).exists():
        return 0
    state = torch.load(folder / NAME, weights_only=True)
    model.load_state_dict(state["model"])
    average.weights = state["average"]
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])


def averaged_weights(folder: Path) -> tuple[dict[str, Tensor], int]:
    """Return the averaged weights of the checkpoint and its number of steps."""
    state = torch.load(folder / NAME, weights_only=True)
    return state["average"], int(state["step"])
