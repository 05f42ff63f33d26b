"""``sourcebot eval``, as users run it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from conftest import run_cli

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Project

QUESTIONS = [
    {
        "question": "When was the old harbour bridge at Lowmere closed?",
        "answers": ["3 March 2022"],
        "sources": ["bridge.md"],
    },
    {"question": "Which chess opening did Capablanca prefer?", "answers": [], "sources": []},
]


def write_questions(folder: Path) -> Path:
    """Return a file with two questions."""
    path = folder / "questions.jsonl"
    path.write_text("\n".join(map(json.dumps, QUESTIONS)), "utf-8")
    return path


def test_json_on_the_projects_own_articles(shared_project: Project, tmp_path: Path) -> None:
    """The figures come as JSON under their documented names."""
    ran = run_cli(
        "eval", write_questions(tmp_path), "--json", "--worst", "5", cwd=shared_project.folder
    )
    assert ran.status == 0
    figures = json.loads(ran.out)
    assert figures["questions"] == 2
    assert figures["hit@1"] == figures["source@1"] == figures["auroc"] == 1
    for name in (
        "hit@3",
        "recall@1",
        "refused_answerable",
        "refused_unanswerable",
        "latency_p50_ms",
    ):
        assert name in figures


def test_other_sources_are_indexed_apart(project: Project, tmp_path: Path) -> None:
    """--sources leaves the user's own index alone, and its index is kept for the next time."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "bridge.md").write_bytes((project.sources / "bridge.md").read_bytes())
    command = ("eval", write_questions(tmp_path), "--sources", other, "--plot", tmp_path / "p.png")
    ran = run_cli(*command, cwd=project.folder)
    assert ran.status == 0
    assert "hit@1" in ran.out
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")
    assert not (project.embeddings / "CURRENT").exists()
    (manifest,) = (project.embeddings / "eval").rglob("manifest.json")
    again = run_cli(*command, cwd=project.folder)
    assert again.status == 0
    assert manifest.exists()
    # An index of an older format is built anew, unasked.
    data = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps({**data, "format": 1}), "utf-8")
    assert run_cli(*command, cwd=project.folder).status == 0


def test_calibration_is_written_on_request(project: Project, tmp_path: Path) -> None:
    """--calibrate suggests a threshold; only --write puts it into config.toml."""
    questions = write_questions(tmp_path)
    ran = run_cli("eval", questions, "--calibrate", "0.5", cwd=project.folder)
    assert "suggested_threshold" in ran.out
    assert not (project.folder / "config.toml").exists()
    run_cli("eval", questions, "--calibrate", "0.5", "--write", cwd=project.folder)
    assert "threshold = " in (project.folder / "config.toml").read_text("utf-8")


def test_mistakes(project: Project, tmp_path: Path) -> None:
    """A missing file is an error, --write alone a wrong usage."""
    assert run_cli("eval", tmp_path / "none.jsonl", cwd=project.folder).status == 1
    assert run_cli("eval", write_questions(tmp_path), "--write", cwd=project.folder).status == 2
