"""``sourcebot watch`` as people run it: a process of its own, beside the others."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED, BRIDGE, FERRY, Project, run_cli
from filelock import FileLock

from sourcebot.types import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sourcebot.embedding.embedder import OnnxEmbedder

TULIPS = "The tulip market of Overby opened on 2 May 2023 with ninety stalls along the canal.\n"


class Watcher:
    """A running ``sourcebot watch`` and the lines that it has printed."""

    def __init__(self, project: Project) -> None:
        """Start it."""
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "sourcebot", "--project", str(project.folder), "watch"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self._lines = queue.Queue[str]()
        self._reading = threading.Thread(target=self._read)
        self._reading.start()
        self.seen: list[str] = []

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))

    def line(self) -> str:
        """Return the next line, without its time, however long it takes."""
        line = self._lines.get(timeout=60)
        self.seen.append(line)
        assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ", line), self.seen
        return line[20:]

    def close(self) -> None:
        """Close the pipe that its lines come by."""
        assert self.process.stdout
        self.process.stdout.close()

    def stop(self, how: signal.Signals) -> tuple[int, list[str]]:
        """Send a signal; return the exit status and the lines that nobody has read."""
        self.process.send_signal(how)
        status = self.process.wait(60)
        self._reading.join()
        rest = [self._lines.get()[20:] for _ in range(self._lines.qsize())]
        return status, rest


@pytest.fixture
def watching(project: Project) -> Iterator[Watcher]:
    """A watcher of the sample articles that has indexed them."""
    watcher = Watcher(project)
    try:
        assert watcher.line() == f"watching {project.sources}"
        assert watcher.line().startswith("5 added, 0 changed, 0 removed; 5 articles, ")
        yield watcher
    finally:
        watcher.process.kill()
        watcher.process.wait()
        watcher._reading.join()
        watcher.close()


def test_changes_are_indexed_once_they_settle(watching: Watcher, project: Project) -> None:
    """Added, changed and removed files; several at once make one pass; hidden files none."""
    project.write(".bridge.md.swp", "not an article")
    project.write("tulips.txt", TULIPS)
    project.write("more/ferry.txt", FERRY.replace("Varn", "Holm"))
    assert watching.line().startswith("2 added, 0 changed, 0 removed; 7 articles, ")
    project.write("bridge.md", BRIDGE.replace("£2.4 million", "£3.1 million"))
    (project.sources / "bees.md").unlink()
    assert watching.line().startswith("0 added, 1 changed, 1 removed; 6 articles, ")
    reply = project.service().ask("How much would the repairs of the bridge cost?")
    assert isinstance(reply, Answer)
    assert "£3.1 million" in reply.quotes[0].text
    assert watching.stop(signal.SIGTERM) == (0, ["stopped"])


def test_a_broken_file_is_told_once(watching: Watcher, project: Project) -> None:
    """The others are indexed, and the reason is not repeated with each pass."""
    project.write("empty.md", "")
    assert "left out empty.md: it is empty" in watching.line()
    project.write("tulips.txt", TULIPS)
    line = watching.line()
    assert line.startswith("1 added")
    assert "left out" not in line
    assert watching.stop(signal.SIGINT) == (0, ["stopped"])


def test_a_folder_may_go_and_come_back(watching: Watcher, project: Project) -> None:
    """Its articles are not taken for removed; when it is back, what changed is indexed."""
    before = project.generations()
    project.sources.rename(project.folder / "elsewhere")
    assert watching.line().startswith(f"the folder {project.sources} is gone")
    assert project.generations() == before
    assert isinstance(project.service().ask(ANSWERED), Answer)
    (project.folder / "elsewhere" / "tulips.txt").write_text(TULIPS)
    (project.folder / "elsewhere").rename(project.sources)
    assert watching.line() == f"the folder {project.sources} is back"
    assert watching.line().startswith("1 added, 0 changed, 0 removed; 6 articles, ")
    project.write("ferry2.txt", FERRY.replace("Varn", "Holm"))
    assert watching.line().startswith("1 added, 0 changed, 0 removed; 7 articles, ")


def test_a_folder_may_be_replaced(watching: Watcher, project: Project) -> None:
    """A new folder in the place of the old one is followed from then on."""
    fresh = project.folder / "fresh"
    shutil.copytree(project.sources, fresh)
    (fresh / "tulips.txt").write_text(TULIPS)
    project.sources.rename(project.folder / "old")
    fresh.rename(project.sources)
    lines = [watching.line()]
    while not lines[-1].startswith(("1 added", "6 added")):
        lines.append(watching.line())
    project.write("ferry2.txt", FERRY.replace("Varn", "Holm"))
    assert watching.line().startswith("1 added, 0 changed, 0 removed; 7 articles, ")


def test_a_locked_index_is_waited_for(watching: Watcher, project: Project) -> None:
    """While another process builds, the pass is put off and tried again."""
    with FileLock(project.embeddings / "lock"):
        project.write("tulips.txt", TULIPS)
        assert "another process is building the index" in watching.line()
    line = watching.line()
    while line.startswith("not indexed"):
        line = watching.line()
    assert line.startswith("1 added, 0 changed, 0 removed; 6 articles, ")


# prlimit, which takes the room from a running process, is Linux's; test_disk.py covers the others.
@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are Linux's")
def test_a_full_disk_is_survived(watching: Watcher, project: Project) -> None:
    """No byte can be written: the old index serves, and the pass is done when there is room."""
    import resource

    before = project.generations()
    pid = watching.process.pid
    # Files may not grow beyond a kilobyte, except the pipe that the lines go through.
    whole = resource.prlimit(pid, resource.RLIMIT_FSIZE, (1024, resource.RLIM_INFINITY))
    project.write("tulips.txt", TULIPS)
    assert watching.line().startswith("not indexed: ")
    assert project.generations() == before
    assert isinstance(project.service().ask(ANSWERED), Answer)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, whole)
    line = watching.line()
    while line.startswith("not indexed"):
        line = watching.line()
    assert line.startswith("1 added, 0 changed, 0 removed; 6 articles, ")


def test_a_first_index_may_be_cut_off(make_project: Callable[..., Project], tmp_path: Path) -> None:
    """A signal in the middle of a build ends it; nothing half-built is left, the next run builds."""
    articles = {f"{n}.txt": FERRY.replace("310", str(n)) for n in range(400)}
    project = make_project(tmp_path / "large", articles)
    watcher = Watcher(project)
    watcher.line()
    work = project.embeddings / "generations"
    while not (work.is_dir() and any(work.glob(".*/articles.sqlite"))):
        assert watcher.process.poll() is None
    assert watcher.stop(signal.SIGTERM) == (0, ["stopped"])
    watcher.close()
    assert project.generations() == set()
    assert not (project.embeddings / "CURRENT").exists()


def test_chat_takes_up_the_new_index_and_says_so(project: Project, embedder: OnnxEmbedder) -> None:
    """A question after another program has indexed is answered from the new articles."""
    project.index(embedder)
    chat = subprocess.Popen(
        [sys.executable, "-u", "-m", "sourcebot", "--project", str(project.folder), "chat"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "200"},
    )
    question = "When did the tulip market of Overby open?"
    assert chat.stdin
    assert chat.stdout
    with contextlib.closing(chat.stdout), chat:
        chat.stdin.write(f"{question}\n")
        chat.stdin.flush()
        first = [chat.stdout.readline()]
        while first[-1] != "\n":
            first.append(chat.stdout.readline())
        project.write("tulips.txt", TULIPS)
        project.index(embedder)
        second, _ = chat.communicate(f"{question}\n{question}\n", timeout=120)
    assert "2 May 2023" not in "".join(first)
    assert second.count("The sources were indexed anew: 6 articles now.") == 1
    assert second.count("\n1  The tulip market of Overby") == 2


def test_no_sources_folder_is_an_error(tmp_path: Path) -> None:
    """There must be something to watch at first."""
    ran = run_cli("--project", tmp_path, "watch")
    assert ran.status == 1
    assert "there is no sources folder" in ran.err


def test_followed_questions_are_asked(project: Project) -> None:
    """What is new about them is counted in a line, and shown once by ``follow``."""
    question = "When did the tulip market of Overby open?"
    with project.opened() as opened:
        opened.follow(question)
    watcher = Watcher(project)
    try:
        watcher.line()
        project.write("tulips.txt", TULIPS)
        while "added" not in watcher.line():
            pass
        assert watcher.line() == "1 followed question has news: `sourcebot follow` shows it"
    finally:
        watcher.stop(signal.SIGTERM)
        watcher.close()
    assert "2 May 2023" in run_cli("--project", project.folder, "follow").out
    assert run_cli("--project", project.folder, "follow").out == ""
