"""Kill writers at random instants, with readers asking all the while.

Each round brings about a change, starts a command that takes it in, and ends it by SIGKILL: after
a random part of the time that it takes, or a random moment after it has written its mark or has
switched to the new generation. Then the index must open as it was before or as it was to become,
the sources must be what the command may make of them, a further run must finish the work, and
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
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sourcebot.answering.reader import LearnedReader
from sourcebot.answering.reader_model import ReaderModel
from sourcebot.answering.service import Service
from sourcebot.config.loading import load_config
from sourcebot.embedding.exported import open_embedder
from sourcebot.errors import SourcebotError
from sourcebot.index.embedded.generation import current_name, open_current
from sourcebot.index.open import build_index, open_engine
from sourcebot.types import Answer, Filters
from trials.acts import ACTS, PAIR, digests, write_state
from trials.nurse import Nursery, alive

if TYPE_CHECKING:
    from collections.abc import Callable

    from trials.acts import Act, Digests

QUESTION = "How many boats are in the harbour?"
BALLAST = 40
_TESTS = Path(__file__).parent.parent
_PATIENCE = 60.0
_PAUSE = 0.3
"""Seconds between two questions of a reader."""

_AFTER_SWITCH, _AFTER_MARK = 0.02, 0.5
"""Seconds within which a kill falls after the switch of generations, and after the mark."""


@dataclass
class Report:
    """What a trial has seen; ``wrong`` must stay empty."""

    kills: int = 0
    ended: int = 0
    opened: Counter[str] = field(default_factory=Counter)
    answers: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the counts on a line."""
        states = ", ".join(f"{count} {state}" for state, count in sorted(self.opened.items()))
        return (
            f"{self.kills} killed, {self.ended} ended before; the index then: {states}; "
            f"{self.answers:,} answers by readers; {len(self.wrong)} wrong"
        )


def lay_out(project: Path) -> None:
    """Write the first state: two articles that always change together, and ballast."""
    sources = project / "sources"
    sources.mkdir(parents=True, exist_ok=True)
    write_state(project, 0)
    for number in range(BALLAST):
        body = "\n\n".join(f"Plain report {number} has a part {part}." for part in range(5))
        (sources / f"ballast-{number:02}.md").write_text(f"# Ballast {number}\n\n{body}\n", "utf-8")


class Trial:
    """One project in which a command is killed again and again."""

    def __init__(self, project: Path, name: str, *, readers: int = 4, seed: int = 1) -> None:
        """Take a project that is laid out, its model exported, and indexed; ``name`` is of ACTS."""
        self.project = project
        self.report = Report()
        self._act: Act = ACTS[name]
        self._random = random.Random(f"{name} {seed}")
        self._config = load_config(project, {})
        self._embedder = open_embedder(self._config, lambda _: None)
        self._takes = 0.0
        self._number = 0
        self._old = ""
        self._marked = 0
        self._nursery = Nursery(project)
        if name == "add":
            # The pair comes by `add` from the beginning.
            for path in PAIR:
                (project / "sources" / path).unlink()
            self._act.change(project, 0)
            self._nursery.begin(*self._act.command)
            assert self._nursery.ended() == 0
        self._readers = [
            subprocess.Popen(
                [sys.executable, "-m", "trials.crash", str(project)],
                cwd=_TESTS,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(readers)
        ]
        for reader in self._readers:
            assert reader.stdout
            assert reader.stdout.readline() == "asking\n"

    def run(self, kills: int) -> Report:
        """Kill the command so many times, then return the report."""
        while self.report.kills < kills and not self.report.wrong:
            self._round()
        self._end()
        return self.report

    def _round(self) -> None:
        self._number += 1
        self._old = current_name(self._config.index_folder)
        if self._act.waits:
            self._nursery.log.write_text("")
            _, pid = self._nursery.begin(*self._act.command)
            _until(lambda: "watching" in self._nursery.log.read_text("utf-8"), pid)
            before = self._change()
        else:
            before = self._change()
            _, pid = self._nursery.begin(*self._act.command)
        self._wait_for_the_instant(pid)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        killed = self._nursery.ended() == -signal.SIGKILL
        self.report.kills += killed
        self.report.ended += not killed
        _until(lambda: not alive(pid))
        self._check(before)

    def _change(self) -> Digests:
        """Bring about what the command is to take in, and return the sources as they are then."""
        self._act.change(self.project, self._number)
        if self._act.removes:
            build_index(self._config, self._embedder, wait=_PATIENCE)
            self._old = current_name(self._config.index_folder)
        mark = self.project / self._act.mark
        self._marked = mark.stat().st_mtime_ns if mark.exists() else 0
        return digests(self.project / "sources")

    def _wait_for_the_instant(self, pid: int) -> None:
        started = time.monotonic()
        part, kind = self._random.random(), self._random.random()
        if not self._takes:
            _until(self._switched, pid)
            self._takes = time.monotonic() - started
        elif kind < 0.5:
            time.sleep(part * 1.1 * self._takes)
        elif kind < 0.75:
            _until(self._has_marked, pid)
            time.sleep(part * _AFTER_MARK)
        else:
            _until(self._switched, pid)
            time.sleep(part * _AFTER_SWITCH)

    def _switched(self) -> bool:
        return current_name(self._config.index_folder) != self._old

    def _has_marked(self) -> bool:
        mark = self.project / self._act.mark
        return mark.exists() and mark.stat().st_mtime_ns != self._marked

    def _check(self, before: Digests) -> None:
        """The index opens as old or new; a further run finishes; nothing half done remains."""
        wrong, number = self.report.wrong, self._number
        old, new = ({number}, set()) if self._act.removes else ({number - 1}, {number})
        editions = editions_of(self.project)
        state = "old" if editions == old else "new" if editions == new else "MIXED"
        self.report.opened[state] += 1
        if state == "MIXED":
            wrong.append(f"after a kill the index holds editions {editions}")
        wrong += self._act.in_between(self.project, before, number)
        self._nursery.begin(*self._act.again)
        if (status := self._nursery.ended()) not in self._act.statuses:
            wrong.append(f"the next run ended with {status}")
        if editions_of(self.project) != new:
            wrong.append("the next run did not finish the work")
        wrong += self._act.in_between(self.project, before, number)
        wrong += self._act.finished(self.project, number)
        # What a kill right after the switch leaves, the next run of the indexer removes.
        if build_index(self._config, self._embedder, wait=_PATIENCE).built:
            wrong.append("the next run left something to index")
        wrong += strays(self.project)

    def _end(self) -> None:
        self._nursery.close()
        for reader in self._readers:
            out, _ = reader.communicate("stop\n", timeout=120)
            told = json.loads(out or "{}")
            self.report.answers += told.get("answers", 0)
            self.report.wrong += told.get("wrong", [f"a reader ended with {reader.returncode}"])
            if not told.get("answers"):
                self.report.wrong.append("a reader never got an answer")


def _until(condition: Callable[[], bool], pid: int = 0) -> None:
    """Wait for a condition, or for the end of a process."""
    patience = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < patience, "waited too long"
        if pid:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return
        time.sleep(0.001)


def editions_of(project: Path) -> set[int]:
    """Return the editions that the index holds of the two articles that change together."""
    store = open_current(project / "embeddings").store
    found = [a.source for a in store.articles() if a.source.path.rpartition("/")[2] in PAIR]
    editions = {int(source.publisher.removeprefix("Edition ")) for source in found}
    _, ids = store.matching(Filters(publisher="Edition"))
    texts = {p.text for p, _ in store.paragraphs(ids.tolist()).values()}
    assert len(texts) in {0, 2}, texts
    return editions | {int(text.split()[2]) - 100 for text in texts}


def strays(project: Path) -> list[str]:
    """Return what lies in the project that a finished run must not leave."""
    folder = project / "embeddings"
    current = current_name(folder)
    kept = sorted(path.name for path in (folder / "generations").iterdir())
    wrong = [] if len(kept) <= 2 and kept[-1] == current else [f"generations {kept}, now {current}"]
    known = {"CURRENT", "checked.json", "generations", "models", "lock", "vectors.sqlite"}
    known |= {"vectors.sqlite-wal", "vectors.sqlite-shm"}
    wrong += [f"stray {p.name}" for p in folder.iterdir() if p.name not in known]
    written = [*(project / "sources").rglob(".*"), *(project / "originals").rglob(".*")]
    return wrong + [f"stray {p}" for p in written if p.is_file() and p.name != ".lock"]


def _ask(project: Path) -> None:
    """Ask until told to stop; every reply must come from one edition alone."""
    import threading

    config = load_config(project, {})
    embedder = open_embedder(config, lambda _: None)
    reader = LearnedReader(ReaderModel(threads=1), words=60)
    service = Service(config, embedder, reader, open_engine(config, embedder))
    stopped = threading.Event()

    def stop() -> None:
        sys.stdin.readline()
        stopped.set()

    threading.Thread(target=stop).start()
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
        # Both of the pair, or, once it is removed, none.
        if len(editions) > 1 or len(about) not in {0, 2}:
            wrong.append(f"one reply with {len(about)} of the pair, from editions {editions}")
        if about and not answers:
            sys.stdout.write("asking\n")
            sys.stdout.flush()
        answers += bool(about)
        time.sleep(_PAUSE)
    stopped.wait()
    sys.stdout.write(json.dumps({"answers": answers, "wrong": wrong[:5]}))


if __name__ == "__main__":
    _ask(Path(sys.argv[1]))
