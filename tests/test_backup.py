"""What README says of backing up and restoring a project."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from conftest import ANSWERED, run_cli

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Project


def test_a_backup_is_restored(make_project: Callable[..., Project], tmp_path: Path) -> None:
    """Without the index, what was added, asked and set is there again after one indexing."""
    archive = make_project(tmp_path / "my-archive", config="[answer]\nquotes = 1\n")
    page = tmp_path / "tower.html"
    text = "The clock tower of Penfold was painted green in 1987 by its keeper, Ivo Lanner. " * 3
    page.write_text(f"<html><body><article><h1>Tower</h1><p>{text}</p></article></body></html>")
    assert run_cli("add", str(page), cwd=archive.folder).status == 0
    before = run_cli("ask", "--json", ANSWERED, cwd=archive.folder)
    backup = tmp_path / "backup.tar.gz"
    packed = ["tar", "czf", str(backup), "--exclude=embeddings", archive.folder.name]
    subprocess.run(packed, cwd=tmp_path, check=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    subprocess.run(["tar", "xzf", str(backup)], cwd=elsewhere, check=True)
    restored = elsewhere / archive.folder.name
    assert not (restored / "embeddings").exists()
    assert run_cli("index", cwd=restored).status == 0
    assert run_cli("ask", "--json", ANSWERED, cwd=restored).out == before.out
    assert run_cli("verify", cwd=restored).status == 0
    doctor = run_cli("doctor", cwd=restored)
    assert doctor.status == 0, doctor.out
    again = run_cli("add", str(page), cwd=restored)
    assert "unchanged" in again.out
