"""The learned part of checking, as it ships."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from made_values import evidence_of

from sourcebot.answering.claims.model import ClaimModel
from sourcebot.answering.reader import Judge
from sourcebot.answering.window_model import WEIGHTS
from sourcebot.answering.windows import Window, sentences_of
from sourcebot.errors import ModelError
from sourcebot.types import Retrieval

SUPPORTS, CONTRADICTS, SILENT = range(3)


@pytest.fixture(scope="module")
def model() -> ClaimModel:
    """The packaged model of claims, with the judge's first layers loaded for it."""
    return ClaimModel()


def window_of(*sentences: str) -> Window:
    """Return one paragraph's sentences as a window."""
    return sentences_of(Retrieval("q", {}, (evidence_of(*sentences),)))


BRIDGE = (
    "Shopkeepers in the lower town fear a quiet spring.",
    "The bridge at Lowmere was opened in 1894 by the duke.",
    "Its repairs would cost £2.4 million, the council said.",
)


@pytest.mark.parametrize(
    ("claim", "said", "place"),
    [
        ("The bridge at Lowmere was opened in 1894.", SUPPORTS, 1),
        ("The bridge at Lowmere was opened in 1931.", CONTRADICTS, 1),
        ("The bridge at Lowmere was never opened.", CONTRADICTS, 1),
        ("The repairs of the bridge would cost £2.4 million.", SUPPORTS, 2),
        ("The bridge at Lowmere is painted green.", SILENT, None),
    ],
)
def test_what_a_window_says(model: ClaimModel, claim: str, said: int, place: int | None) -> None:
    """A window's likeliest class is what it says, and its deciding sentence the one that says it."""
    (reading,) = model.read(claim, [window_of(*BRIDGE)])
    assert int(reading.logits.argmax()) == said
    if place is not None:
        assert int(reading.deciding.argmax()) == place


def test_layers_shared_with_the_judge(model: ClaimModel) -> None:
    """On the first layers of an open judge it says the same."""
    claim = "The bridge at Lowmere was opened in 1894."
    shared = ClaimModel(lower=Judge().lower())
    (one,), (other,) = (m.read(claim, [window_of(*BRIDGE)]) for m in (model, shared))
    np.testing.assert_array_equal(one.logits, other.logits)
    np.testing.assert_array_equal(one.deciding, other.deciding)


def test_unusable_model_of_claims(tmp_path: Path) -> None:
    """A graph that is none, though as its digest says, is a model error that says where."""
    (tmp_path / "claims.onnx").write_bytes(b"no graph")
    noted = {"claims.onnx": hashlib.sha256(b"no graph").hexdigest()}
    (tmp_path / "digests.json").write_text(json.dumps(noted), "utf-8")
    with pytest.raises(ModelError, match="cannot be loaded"):
        ClaimModel(tmp_path)


def test_altered_model_of_claims(tmp_path: Path) -> None:
    """A model with a byte changed is not loaded."""
    shutil.copytree(WEIGHTS / "claims", tmp_path, dirs_exist_ok=True)
    with (tmp_path / "claims.onnx").open("r+b") as file:
        file.seek(1000)
        byte = file.read(1)
        file.seek(1000)
        file.write(bytes([byte[0] ^ 1]))
    with pytest.raises(ModelError, match=r"damaged: claims\.onnx"):
        ClaimModel(tmp_path)
