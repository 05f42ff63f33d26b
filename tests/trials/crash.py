"""Kill a writer at random instants, with readers asking all the while.

Each round changes the sources, starts a command that takes the change in, and ends it by SIGKILL
after a random part of the time that it takes. Then the index must open as it was before or as it
was to become, a further run must finish the work, the sources must be as they were left, and
nothing that was half done may remain.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from sourcebot.config import Config, load_config
from sourcebot.embedder import OnnxEmbedder
from sourcebot.engine import open_engine
from sourcebot.errors import SourcebotError
from sourcebot.files import sha256_of
from sourcebot.generation import current_name, open_current
from sourcebot.indexer import build_index
from sourcebot.model_store import model_folder
from sourcebot.reader import LearnedReader
from sourcebot.reader_model import ReaderModel
from sourcebot.service import Service
from sourcebot.types import Answer, Filters

QUESTION = "How many boats are in the harbour?"
BALLAST = 40
_TESTS = Path(__file__).parent.parent


@dataclass
class Report:
    """What a trial has seen; ``wrong`` must stay empty."""

    kills: int = 0
    opened: Counter[str] = field(default_factory=Counter)
    answers: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the counts on a line."""
        states = ", ".join(f"{count} {state}" for state, count in sorted(self.opened.items()))
        return (
            f"{self.kills} kills ({states}); {self.answers:,} answers by readers; "
            f"{len(self.wrong)} wrong"
        )


def lay_out(project: Path) -> None:
    """Write the first state: two articles that always change together, and ballast."""
    sources = project / "sources"
    sources.mkdir(parents=True, exist_ok=True)
    write_state(project, 0)
    for number in range(BALLAST):
        body = "\n\n".join(f"Plain report {number} has a part {part}." for part in range(5))
        (sources / f"ballast-{number:02}.md").write_text(f"# Ballast {number}\n\n{body}\n", "utf-8")


def write_state(project: Path, number: int) -> None:
    """Write the two articles that tell the state, and one that comes and goes."""
    for name in ("north", "south"):
        path = project / "sources" / f"{name}.md"
        path.write_text(
            f"---\ntitle: The {name}ern harbour\npublisher: Edition {number}\n---\n"
            f"There are {number + 100} boats in the harbour of the {name}.\n",
            "utf-8",
        )
        later = path.stat().st_mtime_ns + number
        os.utime(path, ns=(later, later))
    extra = project / "sources" / "extra.md"
    if number % 2:
        extra.write_text(f"# Extra\n\nThe extra note of edition {number} is here.\n", "utf-8")
    else:
        extra.unlink(missing_ok=True)


class Trial:
    """One project whose writers are killed."""

    def __init__(self, project: Path, *, readers: int = 4, seed: int = 1) -> None:
        """Take a project that is laid out, its model exported, and indexed."""
        self.project = project
        self.report = Report()
        self._random = random.Random(seed)
        self._config = load_config(project, {})
        self._embedder = OnnxEmbedder(model_folder(self._config), 1)
        self._state = 0
        self._times: dict[str, float] = {}
        self._nursery = Nursery(project)
        self._readers = [
            subprocess.Popen(
                [sys.executable, "-m", "trials.crash", "ask", str(project)],
                cwd=_TESTS,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(readers)
        ]

    def run(self, kills: int) -> Report:
        """Kill a builder so many times, then return the report."""
        while self.report.kills < kills and not self.report.wrong:
            self._state += 1
            write_state(self.project, self._state)
            self._writer("build", self._random.random())
            self._check()
        self._end()
        return self.report

    def _writer(self, command: str, part: float) -> None:
        """Run a command and end it after a part of the time that it took before."""
        before = self._times.get(command)
        started, pid = self._nursery.begin(command)
        if before is not None:
            time.sleep(part * before)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self._nursery.ended() == "killed":
            self.report.kills += 1
        else:
            self._times[command] = time.monotonic() - started

    def _check(self) -> None:
        """The index opens as old or new; a further run finishes; nothing half done remains."""
        before = digests(self.project / "sources")
        editions = editions_of(self.project)
        if editions == {self._state - 1}:
            self.report.opened["old"] += 1
        elif editions == {self._state}:
            self.report.opened["new"] += 1
        else:
            self.report.wrong.append(f"after a kill the index holds editions {editions}")
        self._finish()
        if digests(self.project / "sources") != before:
            self.report.wrong.append("a source file has changed")

    def _finish(self) -> None:
        build_index(self._config, self._embedder, wait=60)
        if editions_of(self.project) != {self._state}:
            self.report.wrong.append("the next run did not finish the work")
        self.report.wrong += strays(self.project)

    def _end(self) -> None:
        self._nursery.close()
        for reader in self._readers:
            out, _ = reader.communicate("stop\n", timeout=120)
            told = json.loads(out or "{}")
            self.report.answers += told.get("answers", 0)
            self.report.wrong += told.get("wrong", [f"a reader ended with {reader.returncode}"])
            if not told.get("answers"):
                self.report.wrong.append("a reader never got an answer")


class Nursery:
    """A process that has loaded everything, and forks for each command a child to be killed."""

    def __init__(self, project: Path) -> None:
        """Start it for a project."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "trials.crash", "nurse", str(project)],
            cwd=_TESTS,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self, command: str) -> tuple[float, int]:
        """Start a command, and return when it began and as which process."""
        assert self._process.stdin
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        pid = int(self._line())
        return time.monotonic(), pid

    def ended(self) -> str:
        """Wait for the command's end and return "done" or "killed"."""
        return self._line()

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of every file below a folder."""
    return {str(p.relative_to(folder)): sha256_of(p) for p in folder.rglob("*") if p.is_file()}


def editions_of(project: Path) -> set[int]:
    """Return the editions that the index holds of the two articles that change together."""
    store = open_current(project / "embeddings").store
    found = [a.source for a in store.articles() if a.source.path in {"north.md", "south.md"}]
    editions = {int(source.publisher.removeprefix("Edition ")) for source in found}
    _, ids = store.matching(Filters(publisher="Edition"))
    texts = {p.text for p, _ in store.paragraphs(ids.tolist()).values()}
    return editions | {int(text.split()[2]) - 100 for text in texts}


def strays(project: Path) -> list[str]:
    """Return what lies in the index folder that a finished run must not leave."""
    folder = project / "embeddings"
    current = current_name(folder)
    kept = sorted(path.name for path in (folder / "generations").iterdir())
    wrong = [] if len(kept) <= 2 and kept[-1] == current else [f"generations {kept}, now {current}"]
    known = {"CURRENT", "generations", "models", "lock", "vectors.sqlite"}
    known |= {"vectors.sqlite-wal", "vectors.sqlite-shm"}
    wrong += [f"stray {p.name}" for p in folder.iterdir() if p.name not in known]
    hidden = (p for p in (project / "sources").rglob(".*") if p.is_file())
    return wrong + [f"stray {p}" for p in hidden]


def _ask(project: Path) -> None:
    """Ask until told to stop; every reply must come from one edition alone."""
    import threading

    config = load_config(project, {})
    embedder = OnnxEmbedder(model_folder(config), 1)
    reader = LearnedReader(ReaderModel(threads=1), 60)
    service = Service(config, embedder, reader, open_engine(config, embedder))
    stopped = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), stopped.set())).start()
    answers = 0
    wrong: list[str] = []
    while not stopped.is_set():
        try:
            reply = service.ask(QUESTION)
        except SourcebotError as error:
            wrong.append(f"{type(error).__name__}: {error}")
            break
        quotes = reply.quotes if isinstance(reply, Answer) else reply.nearest
        about = [q for q in quotes if "boats" in q.text]
        editions = {int(q.text.split()[2]) - 100 for q in about}
        editions |= {int(q.source.publisher.removeprefix("Edition ")) for q in about}
        if len(editions) != 1:
            wrong.append(f"one reply from editions {editions}")
        answers += 1
        time.sleep(0.02)
    stopped.wait()
    sys.stdout.write(json.dumps({"answers": answers, "wrong": wrong[:5]}))


def _nurse(project: Path) -> None:
    config = load_config(project, {})
    embedder = OnnxEmbedder(model_folder(config), 1)
    for command in sys.stdin:
        pid = os.fork()
        if not pid:
            _run(command.strip(), config, embedder)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        _, status = os.waitpid(pid, 0)
        sys.stdout.write("killed\n" if os.WIFSIGNALED(status) else "done\n")
        sys.stdout.flush()


def _run(command: str, config: Config, embedder: OnnxEmbedder) -> NoReturn:
    try:
        assert command == "build"
        build_index(config, embedder)
    except BaseException:
        traceback.print_exc()
    os._exit(0)


if __name__ == "__main__":
    {"ask": _ask, "nurse": _nurse}[sys.argv[1]](Path(sys.argv[2]))
