"""A part of the bot's life in fast motion; benchmarks/reliability.py has forty hours of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED

from trials.life import TROUBLES, Life

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Project


@pytest.mark.slow
def test_a_day_of_trouble(
    shared_project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each kind of trouble once: every question is answered once, or its asker told why not."""
    for name in ("DATABASE", "COOLDOWN_SECONDS"):
        monkeypatch.setenv(f"SOURCEBOT_DISCORD_{name}", "")
    monkeypatch.setenv("SOURCEBOT_READER_JUDGE", "off")
    monkeypatch.setenv("STANDIN_SPEED", "1")
    report = Life(tmp_path, shared_project.folder, ANSWERED, seed=6, hour=4.0).run(len(TROUBLES))
    assert not report.wrong, "\n".join([str(report), *report.wrong])
    assert report.told["answered"] > len(TROUBLES)
    assert report.most_requests > 0
