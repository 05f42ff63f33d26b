"""What replies are worth: figures of one side, and the picture of all."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sourcebot.checks.evaluation import auroc

COVERAGE = 0.5
"""Share of a set's questions that each side answers where wrong answers are compared."""


@dataclass(frozen=True)
class Judged:
    """One reply: which of its quotes hold an accepted answer, and its confidence."""

    answerable: bool
    right: tuple[bool, ...]
    confidence: float

    @property
    def hit(self) -> bool:
        """Whether the first quote is right."""
        return bool(self.right) and self.right[0]


def share(values: Sequence[bool]) -> float | None:
    """Return the share of true values, None of none."""
    return round(sum(values) / len(values), 4) if values else None


def wrong_at(replies: Sequence[Judged], coverage: float) -> float:
    """Return the share of wrong answers when only the surest replies are given."""
    surest = sorted(replies, key=lambda j: -j.confidence)[: max(1, round(coverage * len(replies)))]
    return statistics.mean(not j.hit for j in surest)


def figures(replies: Sequence[Judged], threshold: float) -> dict[str, Any]:
    """Return quality by name; ``threshold`` parts answers from refusals."""
    able = [j for j in replies if j.answerable]
    others = [j for j in replies if not j.answerable]
    answered = [j for j in replies if j.confidence >= threshold]
    return {
        "questions": len(replies),
        "to_refuse": len(others),
        "hit@1": share([j.hit for j in able]),
        "hit@3": share([any(j.right) for j in able]),
        "auroc": auroc([j.confidence for j in able], [j.confidence for j in others]),
        f"wrong_at_{COVERAGE}": round(wrong_at(replies, COVERAGE), 4),
        "answered_right": share([j.hit and j.confidence >= threshold for j in able]),
        "refused_able": share([j.confidence < threshold for j in able]),
        "refused_others": share([j.confidence < threshold for j in others]),
        "wrong_among_answers": share([not j.hit for j in answered]),
    }


def chosen_threshold(sets: Sequence[Sequence[Judged]]) -> float:
    """Return the threshold of the most right decisions, each set weighing the same.

    An answer is right when its first quote is; a refusal, when the question was to be refused.
    Refusing instead of answering wrongly gains nothing by itself: such a decision counts half.
    """

    def worth(threshold: float) -> float:
        return statistics.mean(
            statistics.mean(_decision(j, threshold) for j in replies) for replies in sets
        )

    candidates = sorted({j.confidence for replies in sets for j in replies})
    middles = [(a + b) / 2 for a, b in itertools.pairwise(candidates)]
    return max(middles, key=worth)


def _decision(reply: Judged, threshold: float) -> float:
    if reply.confidence >= threshold:
        return float(reply.hit)
    return 0.5 if reply.answerable else 1.0


def plot(results: dict[str, Any], path: Path) -> None:
    """Draw for each set how many answers are wrong, the fewer questions a side answers."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    names = list(next(iter(results.values()))["judged"])
    figure, axes = plt.subplots(2, 2, figsize=(10, 7.5), layout="constrained")
    for axis, name in zip(axes.flat, names, strict=False):
        for side, result in results.items():
            replies = [Judged(**row) for row in result["judged"][name]]
            wrong = [not j.hit for j in sorted(replies, key=lambda j: -j.confidence)]
            counts = np.arange(1, len(wrong) + 1)
            shown = counts >= max(3, len(wrong) // 20)
            axis.plot((counts / len(wrong))[shown], (np.cumsum(wrong) / counts)[shown], label=side)
        axis.set(title=name, xlabel="share of questions answered", ylabel="wrong among them")
        axis.set(xlim=(0, 1), ylim=(0, 1))
        axis.legend()
        axis.grid(visible=True, alpha=0.3)
    figure.savefig(path, dpi=110)
