"""Break sourcebot on purpose: ``python benchmarks/reliability.py [TRIAL …] [--count N]``.

``--help`` lists the trials; without names all are run, at the sizes that docs/reliability.md
promises; ``--seed`` draws other trouble. The exit status is 1 when a promise is broken.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parent.parent
# In the place of this folder, whose discord.py is none of a library's.
sys.path[0] = str(ROOT)
sys.path.insert(0, str(ROOT / "tests"))

from conftest import ANSWERED, ARTICLES  # noqa: E402
from discord_running import RunningBot  # noqa: E402
from discord_standin import StandIn  # noqa: E402
from trials import (  # noqa: E402
    crash,
    damage,
    discord_fuzz,
    fuzz,
    life,
    mutations,
    patterns,
    slow,
)
from trials.acts import ACTS, write_state  # noqa: E402

from benchmarks.corpus import question, write_corpus  # noqa: E402
from sourcebot.answering.opening import open_service  # noqa: E402
from sourcebot.config.loading import load_config  # noqa: E402
from sourcebot.config.settings import Config  # noqa: E402
from sourcebot.embedding.exported import model_folder, open_embedder  # noqa: E402
from sourcebot.embedding.model_files import SHIPPED  # noqa: E402
from sourcebot.errors import ServiceBusy  # noqa: E402
from sourcebot.frontends.cli.memory import limit_arenas  # noqa: E402
from sourcebot.index.open import build_index  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcebot.answering.service import Service

SEED = 6
REBUILDS = 100
QUESTIONS = (
    "Which groups did Labour's ruling body proscribe?",
    "What is sourcebot?",
    "Who won the 2022 World Cup?",
)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a trial is given.

    Attributes:
        work: an empty folder to work in.
        model: the folder of the embedding model.
        count: how large the trial is; 0 for the size that docs/reliability.md promises.
        seed: what draws its trouble.
    """

    work: Path
    model: Path
    count: int
    seed: int


def project_in(work: Path, name: str, model: Path) -> Path:
    """Return an empty project that uses an exported model."""
    project = work / name
    (project / "sources").mkdir(parents=True)
    target = model_folder(Config(project=project))
    target.parent.mkdir(parents=True)
    target.symlink_to(model, target_is_directory=True)
    return project


def index(project: Path) -> None:
    """Bring a project's index up to date in this process."""
    config = load_config(project, {})
    build_index(config, open_embedder(config, print))


def trial_crash(act: str, at: Conditions) -> tuple[str, list[str]]:
    """A command killed at random instants while four readers ask (300)."""
    project = project_in(at.work, f"crash-{act}", at.model)
    crash.lay_out(project)
    index(project)
    report = crash.Trial(project, act, readers=4, seed=at.seed).run(at.count or 300)
    return str(report), report.wrong


def trial_damage(at: Conditions) -> tuple[str, list[str]]:
    """Bits flipped and files cut at random; every tenth case is repaired (600)."""
    project = project_in(at.work, "damage", at.model)
    shutil.copytree(ROOT / "sources", project / "sources", dirs_exist_ok=True)
    index(project)
    results = damage.run_cases(project, QUESTIONS, damage.cases(at.count or 600, at.seed))
    return f"{len(results)} cases\n{damage.table(results)}", [str(r) for r in damage.bad(results)]


def trial_leaks(at: Conditions) -> tuple[str, list[str]]:
    """Questions in four threads over 100 rebuilds: descriptors and memory (10,000)."""
    count = at.count or 10_000
    project = project_in(at.work, "leaks", at.model)
    # Little to read: what is asked for is how often, not how much.
    write_state(project, 0)
    index(project)
    service = open_service(load_config(project, {}), print, lambda *_: None)
    builder = open_embedder(load_config(project, {}), print)
    left = iter(range(count, 0, -1))
    taking = threading.Lock()
    wrong: list[str] = []
    waiting = count

    def ask() -> None:
        nonlocal waiting
        while True:
            with taking:
                waiting = next(left, 0)
            if not waiting:
                return
            try:
                service.ask(crash.QUESTION)
            except Exception as error:
                wrong.append(f"{type(error).__name__}: {error}")
                return

    samples = []
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for build in range(REBUILDS):
        while waiting > count - build * count // REBUILDS and not wrong:
            time.sleep(0.05)
        write_state(project, build + 1)
        build_index(load_config(project, {}), builder)
        gc.collect()
        samples.append((resident(), len(list(Path("/proc/self/fd").iterdir()))))
    for thread in threads:
        thread.join()
    tenth = REBUILDS // 10
    early, late = samples[tenth : 2 * tenth], samples[-tenth:]
    memory = [statistics.mean(m for m, _ in part) for part in (early, late)]
    descriptors = [max(d for _, d in part) for part in (early, late)]
    if descriptors[1] > descriptors[0] + 20 or memory[1] > 1.1 * memory[0]:
        wrong.append("descriptors or memory grow")
    return (
        f"{count:,} questions, {REBUILDS} rebuilds; resident {memory[0]:.0f} MB after a tenth, "
        f"{memory[1]:.0f} MB at the end; descriptors {descriptors[0]}, then {descriptors[1]}"
    ), wrong


def trial_slow_disk(at: Conditions) -> tuple[str, list[str]]:
    """The disk takes 50,000 bytes a second from the builder while a reader asks (50,000)."""
    project = project_in(at.work, "slow-disk", at.model)
    crash.lay_out(project)
    index(project)
    service = open_service(load_config(project, {}), print, lambda *_: None)
    builds: list[tuple[float, list[float]]] = []
    with slow.slow_disk(project, at.count or 50_000) as group:
        if group is None:
            return "not tried: there are no blkio groups here, or none for this user", []
        for within in (None, group):
            write_state(project, len(builds) + 1)
            ask = partial(service.ask, crash.QUESTION)
            builds.append(slow.index_within(project, within, ask))
    (usual, _), (slowed, waits) = builds
    wrong = [] if crash.editions_of(project) == {2} else ["the slow build has not been taken up"]
    wrong += [] if slowed > usual + 1 else ["the disk was not slow"]
    return (
        f"index in {slowed:.1f} s instead of {usual:.1f} s; meanwhile {len(waits)} answers, "
        f"p50 {statistics.median(waits):.2f} s, slowest {max(waits):.2f} s"
    ), wrong


def trial_load(at: Conditions) -> tuple[str, list[str]]:
    """Questions all at once to one service of 10,000 paragraphs (200)."""
    project = project_in(at.work, "load", at.model)
    write_corpus(project, 10_000)
    index(project)
    service = open_service(load_config(project, {}), print, lambda *_: None)
    rng = random.Random(at.seed)
    for _ in range(20):
        service.ask(question(rng))
    before = resident()
    lines, wrong = [], []
    for size in {at.count or 200, 2 * (at.count or 200)}:
        told, times = burst(service, [question(rng) for _ in range(size)])
        p50, p99 = statistics.median(times), statistics.quantiles(times, n=100)[-1]
        lines.append(
            f"{size} at once: {told['answered']} answered, {told['busy']} told busy; "
            f"p50 {p50:.1f} s, p99 {p99:.1f} s, last {max(times):.1f} s"
        )
        if told["answered"] + told["busy"] != size:
            wrong.append(str(told))
    lines.append(f"resident {before:.0f} MB before, {resident():.0f} MB after")
    return "; ".join(sorted(lines)), wrong


def burst(service: Service, questions: list[str]) -> tuple[Counter[str], list[float]]:
    """Ask all questions at once, and return what came of them and after how many seconds."""
    told: Counter[str] = Counter()
    times: list[float] = []
    begin = threading.Barrier(len(questions) + 1)

    def ask(words: str) -> None:
        begin.wait()
        started = time.monotonic()
        try:
            service.ask(words)
            outcome = "answered"
        except ServiceBusy:
            outcome = "busy"
        except Exception as error:
            outcome = repr(error)
        times.append(time.monotonic() - started)
        told[outcome] += 1

    threads = [threading.Thread(target=ask, args=(words,)) for words in questions]
    for thread in threads:
        thread.start()
    begin.wait()
    for thread in threads:
        thread.join()
    return told, times


def trial_fuzz(at: Conditions) -> tuple[str, list[str]]:
    """Hostile files, settings, payloads and the like (3,500 of each kind, 500 questions)."""
    project = project_in(at.work, "fuzz", at.model)
    shutil.copytree(ROOT / "sources", project / "sources", dirs_exist_ok=True)
    index(project)
    service = open_service(load_config(project, {}), print, lambda *_: None)
    examples = at.count or 3500
    trials = fuzz.properties(examples)
    trials["questions"] = fuzz.asking(service, examples // 7)
    wrong = ran(trials)
    shown = f"{examples:,} of each of {len(trials) - 1} kinds, {examples // 7} questions"
    standin = StandIn(at.work)
    bot = RunningBot(standin, service, at.work / "bot.sqlite").online()
    try:
        sender = discord_fuzz.Sender(standin, QUESTIONS[0], "proscribed four groups")
        wrong += ran(discord_fuzz.properties(sender, examples))
        wrong += [str(bot.error)] if bot.error else []
    finally:
        bot.stop()
        standin.stop()
    return f"{shown}, {sender.sent:,} payloads of Discord", wrong


def trial_life(at: Conditions) -> tuple[str, list[str]]:
    """Hours of the bot on Discord in fast motion: outages, limits, restarts, kill -9 (40)."""
    project = project_in(at.work, "life", at.model)
    for name, text in ARTICLES.items():
        path = project / "sources" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    index(project)
    # What is tried is the bot's life: one reader is enough to answer.
    os.environ["SOURCEBOT_READER_JUDGE"] = "off"
    folder = at.work / "life-state"
    folder.mkdir()
    report = life.Life(folder, project, ANSWERED, seed=at.seed, hour=4.0).run(at.count or 40)
    return f"{at.count or 40} hours, {report}", report.wrong


def ran(trials: dict[str, Callable[[], None]]) -> list[str]:
    """Run properties and return what is wrong."""
    wrong = []
    for name, trial in trials.items():
        try:
            trial()
        except Exception as error:
            wrong.append(f"{name}: {error!r} {getattr(error, '__notes__', '')}")
    return wrong


def trial_patterns(at: Conditions) -> tuple[str, list[str]]:
    """Every regular expression against hostile lines of a million characters (1,000,000)."""
    length = at.count or 1_000_000
    found = patterns.patterns()
    # A line that a pattern cannot take at 20,000 characters need not be tried longer.
    wrong = [
        f"{place} {shown!r} {seconds:.1f} s"
        for place, used in found.items()
        for size, limit in ((20_000, 0.25), (length, 8.0))
        for seconds, shown in [patterns.slowest(used, size, limit, few=size > 20_000)]
        if seconds >= limit
    ]
    return f"{len(found)} patterns, lines of {length:,} characters", wrong


def trial_files(at: Conditions) -> tuple[str, list[str]]:
    """Damaged files of every kind are added, within the limits of a worker (2,000)."""
    report = mutations.run(at.count or 2000, at.seed)
    told = ", ".join(f"{n:,} {what}" for what, n in sorted(report.told.items()))
    return f"{told}; the slowest took {report.slowest:.1f} s", report.wrong


TRIALS: dict[str, Callable[[Conditions], tuple[str, list[str]]]] = {
    **{f"crash-{act}": partial(trial_crash, act) for act in ACTS},
    "damage": trial_damage,
    "leaks": trial_leaks,
    "slow-disk": trial_slow_disk,
    "load": trial_load,
    "fuzz": trial_fuzz,
    "life": trial_life,
    "patterns": trial_patterns,
    "files": trial_files,
}


def resident() -> float:
    """Return the resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> int:
    """Run the trials named, print a line for each, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="TRIAL", help=", ".join(TRIALS))
    parser.add_argument("--count", type=int, default=0, help="size of the trials, for a short run")
    parser.add_argument("--seed", type=int, default=SEED, help="draws the trouble (%(default)s)")
    options = parser.parse_args()
    limit_arenas()
    unknown = set(options.names) - set(TRIALS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; valid: {', '.join(TRIALS)}")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        at = Conditions(Path(folder), SHIPPED, options.count, options.seed)
        for name in options.names or TRIALS:
            started = time.monotonic()
            shown, wrong = TRIALS[name](at)
            print(f"{name}: {shown} [{time.monotonic() - started:.0f} s]", flush=True)
            for line in wrong[:20]:
                print(f"  BROKEN {line}", flush=True)
            status |= bool(wrong)
    return status


if __name__ == "__main__":
    sys.exit(main())
