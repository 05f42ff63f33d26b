"""The fitted regressions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.answering.features import FEATURES
from sourcebot.answering.stages import (
    JUDGE_COLUMNS,
    READER_COLUMNS,
    RULED,
    Calibration,
    LogisticModel,
    answering_columns,
    as_json,
    packaged,
)
from sourcebot.errors import ModelError


def test_packaged() -> None:
    """The packaged stages are of the columns that the code makes, and are written as they are."""
    stages = packaged()
    assert stages.choosing.columns == FEATURES
    assert stages.reader.ranking.columns == READER_COLUMNS
    assert stages.judge.ranking.columns == JUDGE_COLUMNS
    again = as_json(stages)["judge"]["ranking"]["weights"]
    assert list(again) == list(JUDGE_COLUMNS)
    assert list(again.values()) == pytest.approx(stages.judge.ranking.weights)


def test_nothing_relative_in_the_probability() -> None:
    """What depends on how much is indexed is left to the ranking."""
    kept = answering_columns(JUDGE_COLUMNS)
    assert "fused" not in kept
    assert not [name for name in kept if name.endswith("_gap")]
    assert {"judge", "reader", "years_missing"} <= set(kept)


def test_weights_of_other_columns() -> None:
    """Weights that are not one a column are refused, not mixed up."""
    with pytest.raises(ModelError, match="do not fit"):
        LogisticModel(("a", "b"), np.zeros(3), 0.0)
    with pytest.raises(ValueError, match="matmul"):
        LogisticModel(("a", "b"), np.zeros(2), 0.0).logits(np.zeros((4, 3)))


@given(
    st.floats(0.01, 10), st.floats(-10, 10), st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=9)
)
def test_calibration_keeps_the_order(slope: float, offset: float, logits: list[float]) -> None:
    """Probabilities lie in [0, 1] and never turn the order of the logits round."""
    found = Calibration(slope, offset).probabilities(np.sort(np.array(logits)))
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found) >= 0).all()


@pytest.mark.parametrize("name", RULED)
def test_rules_move_odds_and_order(name: str) -> None:
    """What a rule speaks against is less probable and comes later by so much, all else equal."""
    stack = packaged().judge
    rows = np.zeros((3, len(JUDGE_COLUMNS)))
    rows[:, JUDGE_COLUMNS.index(name)] = (0.0, 0.5, 1.0)
    order, found = stack.judge(rows)
    fitted = stack.calibration.probabilities(stack.answering.logits(stack.joined(rows)))
    moved = RULED[name] * rows[:, JUDGE_COLUMNS.index(name)]
    odds, were = found / (1 - found), fitted / (1 - fitted)
    assert odds / were == pytest.approx(np.exp(moved))
    assert order == pytest.approx(stack.ranking.logits(rows) + moved)
