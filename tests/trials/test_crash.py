"""Killed at any instant, index and sources are the old or the new: a seeded sample of the benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from trials import crash

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Project

    from sourcebot.embedding.embedder import OnnxEmbedder

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("act", "kills"), [("index", 8), ("add", 3), ("remove", 4), ("watch", 4)])
def test_killed(
    make_project: Callable[..., Project],
    tmp_path: Path,
    embedder: OnnxEmbedder,
    act: str,
    kills: int,
) -> None:
    """A command is killed at random instants while others ask; nothing is lost, mixed or left over."""
    project = make_project(tmp_path / "project", {})
    crash.lay_out(project.folder)
    project.index(embedder)
    report = crash.Trial(project.folder, act, readers=2, seed=6).run(kills)
    assert report.wrong == []
    assert report.kills == kills
    assert set(report.opened) <= {"old", "new"}
    assert report.answers > 0
