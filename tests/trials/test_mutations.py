"""Damaged files of every kind are read or refused with a reason; none crashes or hangs."""

from __future__ import annotations

import pytest

from trials import mutations


@pytest.mark.slow
def test_damaged_files() -> None:
    """A sample of what benchmarks/reliability.py does with 2,000 files."""
    report = mutations.run(130, seed=7)
    assert report.wrong == []
    assert report.told["read"] > 20
    assert report.told["refused"] > 20
