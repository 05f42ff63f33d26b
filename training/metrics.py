"""Figures over scored windows; all take and return plain Python numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from training.text import words


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """Return the chance that a positive scores above a negative (ties count half)."""
    if not positives or not negatives:
        return float("nan")
    low = np.sort(np.asarray(negatives))
    below = np.searchsorted(low, positives, side="left")
    not_above = np.searchsorted(low, positives, side="right")
    return float((below + not_above).mean() / 2 / len(low))


def token_f1(found: str, right: str) -> float:
    """Return the word overlap (F1) of two texts, as SQuAD measures answers."""
    left, other = words(found), words(right)
    shared = sum((Counter(left) & Counter(other)).values())
    if not shared:
        return 0.0
    return 2 * shared / (len(left) + len(other))


def mean(values: Sequence[float]) -> float:
    """Return the mean, or nan of nothing."""
    return sum(values) / len(values) if values else float("nan")
