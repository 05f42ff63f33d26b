"""``sourcebot follow``, as users run it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conftest import ANSWERED, ARTICLES, run_cli

if TYPE_CHECKING:
    from conftest import Project


def test_a_question_waits_and_is_told_once(project: Project) -> None:
    """Refused at first; the indexing that takes the answer in tells it, once, and then the end."""
    for name in ARTICLES:
        (project.sources / name).unlink()
    project.write("other.md", "# Weather\n\nIt rained in the hills for a week.\n")
    here = project.folder
    followed = run_cli("follow", ANSWERED, cwd=here)
    assert followed.status == 0
    assert "Followed as number 1." in followed.out
    assert "(waiting, since " in run_cli("follow", "--list", cwd=here).out
    project.write("bridge.md", ARTICLES["bridge.md"])
    indexed = run_cli("index", cwd=here)
    assert f"The articles now answer question 1: {ANSWERED}" in indexed.out
    assert "3 March 2022" in indexed.out
    assert run_cli("follow", cwd=here).out == ""
    assert run_cli("follow", ANSWERED, cwd=here).status == 2
    assert run_cli("follow", "--end", "1", cwd=here).status == 0
    assert "No question is followed." in run_cli("follow", "--list", cwd=here).out
    assert run_cli("follow", "--end", "1", cwd=here).status == 2
