"""The comparison with peers: what replies are worth."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks" / "peers"))

import figures as peers

REPLIES = [
    peers.Judged(answerable=True, right=(True, False), confidence=0.9),
    peers.Judged(answerable=True, right=(False, True), confidence=0.6),
    peers.Judged(answerable=False, right=(False,), confidence=0.5),
    peers.Judged(answerable=True, right=(), confidence=0.0),
]
judged = st.builds(
    peers.Judged,
    answerable=st.booleans(),
    right=st.lists(st.booleans(), max_size=3).map(tuple),
    confidence=st.floats(0, 1),
)


def test_figures_count_what_a_user_would_see() -> None:
    """By hand: one right first quote in three questions, one of two answers wrong."""
    found = peers.figures(REPLIES, 0.55)
    assert found["hit@1"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["hit@3"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["auroc"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["wrong_at_0.5"] == 0.5
    assert found["answered_right"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["refused_others"] == 1.0
    assert found["wrong_among_answers"] == 0.5


@given(st.lists(judged, min_size=2, max_size=12, unique_by=lambda j: j.confidence))
def test_no_other_threshold_makes_more_right_decisions(replies: list[peers.Judged]) -> None:
    """Neither answering everything that the chosen one refuses in part, nor less."""

    def right(threshold: float) -> float:
        answered = [j for j in replies if j.confidence >= threshold]
        refused = [j for j in replies if j.confidence < threshold]
        return sum(float(j.hit) for j in answered) + sum(
            0.5 if j.answerable else 1 for j in refused
        )

    best = right(peers.chosen_threshold([replies]))
    confidences = sorted(j.confidence for j in replies)
    for low, high in itertools.pairwise(confidences):
        assert best >= right((low + high) / 2)
