"""Several processes at once on one project, and what a killed one leaves."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from conftest import ANSWERED, run_cli
from filelock import FileLock

from sourcebot.files import LEFTOVER
from sourcebot.index.embedded.generation import open_current

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Project

    from sourcebot.embedding.embedder import OnnxEmbedder

STORM = "# Storm\n\nA storm took the roof of the mill of Penfold in April.\n"


def test_two_indexers_at_once(project: Project, embedder: OnnxEmbedder) -> None:
    """Of two whole processes each builds or is told of the other; the index is whole and current."""
    project.index(embedder)
    for number in range(60):
        project.write(f"new/{number:02}.md", STORM.replace("mill", f"mill {number}"))
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "sourcebot", "index"],
            cwd=project.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    ended = [(*process.communicate(timeout=300), process.returncode) for process in both]
    for _, told, status in ended:
        assert status in {0, 1}
        assert (status == 1) == ("another process is building the index" in told)
        assert "Traceback" not in told
    assert 0 in {status for *_, status in ended}
    assert open_current(project.embeddings).manifest.articles == 65
    assert not project.index(embedder).built
    assert len(project.generations()) == 2
    assert run_cli("ask", ANSWERED, cwd=project.folder).status == 0


def test_two_that_add_at_once(project: Project, tmp_path: Path) -> None:
    """The second is told so, writes nothing, and can go on afterwards; so is one that removes."""
    (tmp_path / "storm.md").write_text(STORM, "utf-8")
    originals = project.folder / "originals"
    originals.mkdir()
    with FileLock(originals / ".lock"):
        for command in (("add", tmp_path / "storm.md"), ("remove", "bridge.md")):
            ran = run_cli(*command, "--no-index", cwd=project.folder)
            assert ran.status == 1
            assert "another process is adding or removing articles" in ran.err
        ran = run_cli("add", tmp_path / "storm.md", "--dry-run", cwd=project.folder)
        assert ran.status == 0
        assert not (project.sources / "storm.md").exists()
        assert (project.sources / "bridge.md").exists()
    assert run_cli("add", tmp_path / "storm.md", "--no-index", cwd=project.folder).status == 0
    assert (project.sources / "storm.md").exists()


def test_half_written_files_are_cleared_away(project: Project, tmp_path: Path) -> None:
    """The next run of `add` removes what a killed one left, and nothing of the user's."""
    (tmp_path / "storm.md").write_text(STORM, "utf-8")
    left = [
        project.sources / "north" / f".ferry.txt.ab12cd34{LEFTOVER}",
        project.folder / "originals" / f".storm.md.ab12cd34{LEFTOVER}",
    ]
    kept = [project.sources / ".notes.tmp", project.sources / f"mine{LEFTOVER}"]
    for path in (*left, *kept):
        path.parent.mkdir(exist_ok=True)
        path.write_text("half", "utf-8")
    assert run_cli("add", tmp_path / "storm.md", "--no-index", cwd=project.folder).status == 0
    assert [path.exists() for path in (*left, *kept)] == [False, False, True, True]


def test_what_a_run_cut_short_did_not_index(
    project: Project, embedder: OnnxEmbedder, tmp_path: Path
) -> None:
    """Adding or removing the same again, with nothing left to do, brings the index up to date."""
    (tmp_path / "storm.md").write_text(STORM, "utf-8")
    project.index(embedder)
    assert run_cli("add", tmp_path / "storm.md", "--no-index", cwd=project.folder).status == 0
    ran = run_cli("add", tmp_path / "storm.md", cwd=project.folder)
    assert ran.status == 0
    assert "unchanged" in ran.out
    assert open_current(project.embeddings).manifest.articles == 6
    assert run_cli("remove", "storm.md", "--no-index", cwd=project.folder).status == 0
    ran = run_cli("remove", "storm.md", cwd=project.folder)
    assert ran.status == 1
    assert "no article is named so" in ran.out
    assert open_current(project.embeddings).manifest.articles == 5
