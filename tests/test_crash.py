"""Killed at any instant, the index is the old or the new: a seeded sample of the benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trials import crash

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Project

    from sourcebot.embedder import OnnxEmbedder


def test_killed_builders(
    make_project: Callable[..., Project], tmp_path: Path, embedder: OnnxEmbedder
) -> None:
    """Builders are killed at random instants while others ask; nothing is lost, mixed or left over."""
    project = make_project(tmp_path / "project", {})
    crash.lay_out(project.folder)
    project.index(embedder)
    report = crash.Trial(project.folder, readers=2, seed=6).run(20)
    assert report.wrong == []
    assert report.opened["old"] > 0
    assert report.answers > 0
