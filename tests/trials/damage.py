"""Flip bits and cut files of an index, then ask: damage is named, and never quoted.

Cases run in batches in processes of their own, because a library that reads damaged data may end
its process; the case that was at work is then known from what it wrote last.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sourcebot.answering.reader import LearnedReader
from sourcebot.answering.reader_model import ReaderModel
from sourcebot.answering.service import Service
from sourcebot.config.loading import load_config
from sourcebot.embedding.exported import open_embedder
from sourcebot.errors import IndexStoreError
from sourcebot.index.embedded import generation
from sourcebot.index.embedded.generation import GENERATIONS, current_name, open_current
from sourcebot.index.open import build_index, open_engine
from sourcebot.types import Answer, Filters

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sourcebot.types import Quote, Reply

CLOSED, OPEN, LARGE = "closed", "open", "large"
"""When the damage is done: before opening; while it is open; before opening an index that is too
large for its digests to be read whenever it is opened."""

DETECTED, SAME, OTHER = "detected", "same answers", "other ranking"
WRONG, CRASH, UNMENDED = "WRONG QUOTE", "CRASH", "NOT MENDED"
ALLOWED = {
    CLOSED: {DETECTED, SAME},
    OPEN: {DETECTED, SAME, OTHER},
    LARGE: {DETECTED, SAME, OTHER},
}
"""What may come of a case. Another ranking is one that a damaged vector or word list gives: every
quote in it is still verbatim, with its right source."""

_READ_WORDS = 60
_SECOND_READING = "watch-callbacks"
"""The thread of tantivy that reads an index again when it has just been opened."""

_BATCH = 40


@dataclass(frozen=True)
class Case:
    """One damage: to which file (by its place among all), of what kind, when, from which seed."""

    seed: int
    when: str
    repair: bool = False


@dataclass(frozen=True)
class Result:
    """What came of a case."""

    case: Case
    file: str
    damage: str
    outcome: str
    detail: str


def cases(count: int, seed: int, *, repair_every: int = 10) -> list[Case]:
    """Return seeded cases of all kinds, some of which are repaired afterwards."""
    moments = (CLOSED, OPEN, LARGE)
    return [
        Case(seed * 1_000_000 + number, moments[number % 3], number % repair_every == 0)
        for number in range(count)
    ]


def run_cases(project: Path, questions: Sequence[str], chosen: Sequence[Case]) -> list[Result]:
    """Run cases on copies of an indexed project, in batches; a batch that dies is gone on with."""
    results: list[Result] = []
    left = list(chosen)
    while left:
        batch = left[:_BATCH]
        done = subprocess.run(
            [sys.executable, "-X", "faulthandler", "-m", "trials.damage", str(project)],
            input=json.dumps([list(questions), [asdict(case) for case in batch]]),
            capture_output=True,
            text=True,
            check=False,
            timeout=60 + 30 * len(batch),
            cwd=Path(__file__).parent.parent,
        )
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        finished = [Result(**{**line, "case": Case(**line["case"])}) for line in lines]
        results += finished
        if len(finished) < len(batch):
            killed = batch[len(finished)]
            told = done.stderr[done.stderr.rfind(f"case {killed.seed}:") :]
            detail = f"exit {done.returncode}: {told[:2000]}"
            results.append(Result(killed, "?", "?", CRASH, detail))
            left = left[len(finished) + 1 :]
        else:
            left = left[len(batch) :]
    return results


def table(results: Sequence[Result]) -> str:
    """Return how many cases of each moment came to what."""
    counts = Counter((result.case.when, result.outcome) for result in results)
    return "\n".join(
        f"  {when:7} {outcome:14} {n:5}" for (when, outcome), n in sorted(counts.items())
    )


def bad(results: Sequence[Result]) -> list[Result]:
    """Return the cases that must not be."""
    return [result for result in results if result.outcome not in ALLOWED[result.case.when]]


class Bench:
    """An indexed project whose copies are damaged one after another."""

    def __init__(self, project: Path, questions: Sequence[str]) -> None:
        """Open the model and the reader once, and note what the whole index answers."""
        self._project = project
        self._copy = project.with_name(project.name + "-damaged")
        self._questions = questions
        self._embedder = open_embedder(load_config(project, {}), lambda _: None)
        self._reader = LearnedReader(ReaderModel(threads=1), words=_READ_WORDS)
        self._texts = {}
        self._sources = {}
        for article in open_current(project / "embeddings").store.articles():
            path = project / "sources" / article.source.path
            with path.open(encoding=article.source.encoding, newline="") as stream:
                self._texts[article.source.path] = stream.read()
            self._sources[article.source.path] = article.source
        self._right = self._ask(self._service(project))

    def _service(self, project: Path) -> Service:
        config = load_config(project, {})
        engine = open_engine(config, self._embedder)
        return Service(config, self._embedder, self._reader, engine)

    def _ask(self, service: Service) -> list[Reply]:
        plain = [service.ask(question) for question in self._questions]
        return [*plain, service.ask(self._questions[0], Filters(source=".md"))]

    def run(self, case: Case) -> Result:
        """Damage a fresh copy of the index and ask."""
        rng = random.Random(case.seed)
        shutil.rmtree(self._copy, ignore_errors=True)
        shutil.copytree(self._project, self._copy, symlinks=True)
        folder = self._copy / "embeddings"
        # Not by name: tantivy's are random, and a seed shall say the same file again.
        held = (p for p in _files(folder) if p.stat().st_size)
        path = rng.choice(sorted(held, key=lambda p: (p.suffix, p.stat().st_size, p.name)))
        file = path.relative_to(folder).as_posix()
        limit = generation.CHECKED_AT_OPENING
        generation.CHECKED_AT_OPENING = 0 if case.when == LARGE else limit
        damage = "?"
        try:
            service = self._service(self._copy) if case.when == OPEN else None
            if service:
                service.ask(self._questions[0])
            _let_settle()
            damage = _damage(path, rng)
            print(f"case {case.seed}: {damage} in {file}", file=sys.stderr, flush=True)  # noqa: T201
            outcome, detail = self._judge(self._ask(service or self._service(self._copy)))
        except IndexStoreError as error:
            named = str(folder) in error.message
            outcome, detail = (DETECTED if named else CRASH), error.message
        except Exception as error:
            outcome, detail = CRASH, f"{type(error).__name__}: {error}"
        finally:
            generation.CHECKED_AT_OPENING = limit
        if case.repair and outcome in {DETECTED, SAME, OTHER}:
            outcome, detail = self._mend(outcome, detail)
        return Result(case, file, damage, outcome, detail)

    def _mend(self, outcome: str, detail: str) -> tuple[str, str]:
        """Repair the copy; it must then answer as the whole index did."""
        try:
            build_index(load_config(self._copy, {}), self._embedder)
            mended = _shown(self._ask(self._service(self._copy))) == _shown(self._right)
        except Exception as error:
            return UNMENDED, f"{type(error).__name__}: {error}"
        return (outcome, detail) if mended else (UNMENDED, "it answers otherwise after the repair")

    def _judge(self, replies: list[Reply]) -> tuple[str, str]:
        for reply in replies:
            for quote in quotes_of(reply):
                if wrong := self._wrong(quote):
                    return WRONG, wrong
        return (SAME, "") if _shown(replies) == _shown(self._right) else (OTHER, "")

    def _wrong(self, quote: Quote) -> str:
        """Return what is wrong with a quote, if anything: it must be what its file says."""
        for source in (quote.source, *quote.also):
            known = self._sources.get(source.path)
            fields = ("title", "publisher", "author", "published", "url", "sha256", "encoding")
            if not known or any(getattr(known, f) != getattr(source, f) for f in fields):
                return f"attribution {source}"
        text = self._texts[quote.source.path]
        if quote.span.of(text) != quote.text or quote.paragraph_span.of(text) != quote.paragraph:
            return f"{quote.text!r} does not stand in {quote.source.path}"
        return ""


def quotes_of(reply: Reply) -> tuple[Quote, ...]:
    """Return the quotes of a reply, whichever it is."""
    return reply.quotes if isinstance(reply, Answer) else reply.nearest


def _shown(replies: list[Reply]) -> list[tuple[bool, list[tuple[str, str]]]]:
    return [
        (isinstance(reply, Answer), [(q.source.path, q.text) for q in quotes_of(reply)])
        for reply in replies
    ]


def _files(folder: Path) -> list[Path]:
    """Return the files of the generation that answers, and the pointer to it."""
    # The index is not opened for this: whoever opens it maps the files that are to be cut.
    inside = (folder / GENERATIONS / current_name(folder)).rglob("*")
    return [folder / "CURRENT", *(p for p in inside if p.is_file() and p.suffix != ".lock")]


def _let_settle() -> None:
    """Wait until tantivy has read what was opened a second time, which it does on a thread.

    A file that is cut meanwhile ends the process by a bus error (docs/reliability.md).
    """
    while any(_name_of(task) == _SECOND_READING for task in Path("/proc/self/task").glob("*")):
        time.sleep(0.001)


def _name_of(task: Path) -> str:
    try:
        return (task / "comm").read_text("ascii").strip()
    except OSError:  # it has ended
        return ""


def _damage(path: Path, rng: random.Random) -> str:
    data = bytearray(path.read_bytes())
    kinds: dict[str, Callable[[], bytes]] = {
        "bit flipped": lambda: _flipped(data, rng, 1),
        "bits flipped": lambda: _flipped(data, rng, rng.randint(2, 64)),
        "cut": lambda: bytes(data[: rng.randrange(len(data))]),
        "block zeroed": lambda: _zeroed(data, rng),
        "tail added": lambda: bytes(data) + rng.randbytes(rng.randint(1, 5000)),
        "filled with noise": lambda: rng.randbytes(len(data)),
    }
    kind = rng.choices(list(kinds), (5, 3, 3, 2, 1, 1))[0]
    # In place, as a disk does it, so that whoever has it mapped sees it too.
    with path.open("r+b") as stream:
        damaged = kinds[kind]()
        stream.write(damaged)
        stream.truncate(len(damaged))
    return kind


def _flipped(data: bytearray, rng: random.Random, count: int) -> bytes:
    for _ in range(count):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def _zeroed(data: bytearray, rng: random.Random) -> bytes:
    start = rng.randrange(len(data)) // 512 * 512
    data[start : start + 512] = bytes(len(data[start : start + 512]))
    return bytes(data)


def _main() -> None:
    questions, chosen = json.load(sys.stdin)
    bench = Bench(Path(sys.argv[1]), questions)
    for case in chosen:
        sys.stdout.write(json.dumps(asdict(bench.run(Case(**case)))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _main()
