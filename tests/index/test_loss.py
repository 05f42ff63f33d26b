"""The index is not emptied by accident: by an unmounted folder, or a file that cannot be read."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED, run_cli

from sourcebot.articles.files import Listing, SourceFile
from sourcebot.errors import ArticleError, SourcesLost, UnreadableError
from sourcebot.index.changes import check_loss, plan_changes, sources_changed
from sourcebot.types import Answer, FileState

if TYPE_CHECKING:
    from conftest import Project

    from sourcebot.embedding.embedder import OnnxEmbedder

SOURCES = Path("sources")


def known(*names: str, reason: str = "") -> dict[str, FileState]:
    """Return what an index knows of files of ten bytes."""
    return {name: FileState(10, 1, "0" * 64, reason) for name in names}


def listing(*names: str, failed: tuple[ArticleError, ...] = ()) -> Listing:
    """Return a folder as it is found."""
    return Listing(tuple(SourceFile(name, f"/sources/{name}", 10, 1) for name in names), failed)


def refused(found: Listing, before: dict[str, FileState], expected: tuple[str, ...] = ()) -> bool:
    """Return whether indexing a folder is refused."""
    try:
        check_loss(SOURCES, found, before, indexed=len(before), expected=expected)
    except SourcesLost:
        return True
    return False


def test_what_counts_as_a_loss() -> None:
    """More than half, or all; not half, not what is removed on purpose, not renamed files."""
    before = known("a.md", "b.md", "c.md", "d.md")
    assert refused(listing(), before)
    assert refused(listing("a.md"), before)
    assert not refused(listing("a.md", "b.md"), before)
    assert not refused(listing("a.md"), before, ("b.md", "c.md", "d.md"))
    assert not refused(listing(), before, tuple(before))
    assert not refused(listing("new/a.md", "new/b.md", "new/c.md", "new/d.md"), before)
    assert not refused(listing(), {})
    assert not refused(listing("a.md"), {})


def test_an_empty_folder_is_refused_whatever_version_the_index_is_of() -> None:
    """An index that cannot be read any more says how many articles it has, and no more."""
    with pytest.raises(SourcesLost, match="is empty"):
        check_loss(SOURCES, listing(), {}, indexed=7)


def test_a_folder_that_cannot_be_read() -> None:
    """The whole folder is refused; articles in a part of it stay, and are no change."""
    before = known("a.md", "old/b.md", "old/c.md", "old/d.md")
    denied = UnreadableError(".", "it cannot be read: Permission denied")
    assert refused(listing(failed=(denied,)), before)
    part = listing("a.md", failed=(UnreadableError("old", "it cannot be read: Permission denied"),))
    assert not refused(part, before)
    assert plan_changes(part, before).gone == ()
    gone = listing("a.md", failed=(ArticleError("old", "linked folders are not followed"),))
    assert refused(gone, before)
    assert set(plan_changes(gone, before).gone) == {"old/b.md", "old/c.md", "old/d.md"}


def test_a_file_that_could_not_be_read_is_tried_again(tmp_path: Path) -> None:
    """Its time stays the same when it becomes readable, so it is tried whenever it can be opened."""
    path = tmp_path / "a.md"
    path.write_text("0123456789")
    found = Listing((SourceFile("a.md", str(path), 10, 1),), ())
    state = known("a.md", reason="it cannot be read: Permission denied")
    assert plan_changes(found, state).to_read == found.files
    assert sources_changed(found, state) == 1
    useless = known("a.md", reason="it is empty")
    assert plan_changes(found, useless).to_read == ()
    assert sources_changed(found, useless) == 0


def test_an_unreadable_file_keeps_its_old_version(project: Project, embedder: OnnxEmbedder) -> None:
    """Questions go on being answered from it; it is named, and taken in when it is back."""
    project.index(embedder)
    path = project.sources / "bridge.md"
    text = path.read_bytes()
    path.unlink()
    path.symlink_to(path)  # a loop of links cannot be opened, even by root
    summary = project.index(embedder)
    assert [error.path for error in summary.failed] == ["bridge.md"]
    assert "bridge.md" not in summary.removed
    assert summary.missed
    with project.opened() as opened:
        assert "bridge.md" in {article.source.path for article in opened.articles()}
    path.unlink()
    project.write("bridge.md", text)
    assert project.index(embedder).failed == ()


def test_the_command_refuses_and_says_how_to_go_on(
    project: Project, embedder: OnnxEmbedder
) -> None:
    """`index` and `index --rebuild` of an empty folder change nothing; --yes goes on."""
    project.index(embedder)
    away = project.folder / "away"
    project.sources.rename(away)
    project.sources.mkdir()
    for options in ([], ["--rebuild"]):
        ran = run_cli("index", *options, cwd=project.folder)
        assert (ran.status, ran.out) == (1, "")
        assert "is empty, but its articles are indexed" in ran.err
        assert "sourcebot index --yes" in ran.err
    with project.opened() as opened:
        assert isinstance(opened.ask(ANSWERED), Answer)
    assert run_cli("index", "--yes", cwd=project.folder).status == 0
    with project.opened() as opened:
        assert opened.articles() == ()


@pytest.mark.parametrize("arguments", [["ask", "Who closed the bridge?"], ["sources"], ["verify"]])
def test_an_emptied_folder_is_called_so_by_all(
    project: Project, embedder: OnnxEmbedder, arguments: list[str]
) -> None:
    """Nobody is sent to `sourcebot index`, which refuses such a folder."""
    project.index(embedder)
    shutil.rmtree(project.sources)
    project.sources.mkdir()
    ran = run_cli(*arguments, cwd=project.folder)
    told = ran.out + ran.err
    assert "is empty, but its articles are indexed" in told
    assert "`sourcebot index --yes`" in told
    assert "run `sourcebot index`." not in told.lower()
    ran = run_cli("doctor", cwd=project.folder)
    assert ran.status == 1
    assert "is empty, but its articles are indexed" in ran.out


def test_files_with_another_time_alone_have_not_changed(
    project: Project, embedder: OnnxEmbedder
) -> None:
    """Their content is compared; one of the same size with another content has changed."""
    project.index(embedder)
    for path in project.sources.rglob("*.*"):
        os.utime(path, (1, 1))
    ran = run_cli("doctor", cwd=project.folder)
    assert "all as indexed" in ran.out
    assert ran.status == 0
    assert "changed since" not in run_cli("sources", cwd=project.folder).err
    path = next(project.sources.glob("*.md"))
    path.write_bytes(path.read_bytes().swapcase())
    os.utime(path, (1, 1))
    ran = run_cli("doctor", cwd=project.folder)
    assert "1 source file changed since the indexing" in ran.out
    assert ran.status == 1
