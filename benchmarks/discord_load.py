"""Measure the Discord bot under load: ``python -m benchmarks.discord_load [rebuild|load …]``.

The real ``sourcebot discord`` process is asked through the tests' stand-in of Discord, which runs
in this process and takes the times there. ``rebuild``: 50 people ask at once while /reindex takes
in new articles. ``load``: 200 people ask at once. Run it in a clone, with the ``dev`` extra.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.corpus import question, sentence, write_corpus

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from discord_running import BotProcess  # noqa: E402 (found through the line above)
from discord_standin import Pending, StandIn, screen  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable

HEARTBEAT = 2.0
PARAGRAPHS = 2000
NEW_ARTICLES = 100
LONGEST_WAIT = 170.0


def project_of(work: Path) -> Path:
    """Return an indexed project of invented articles, made when it is not there."""
    project = work / f"discord-{PARAGRAPHS}"
    if not project.is_dir():
        write_corpus(project, PARAGRAPHS)
    command = [sys.executable, "-m", "sourcebot", "index", "--project", str(project)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return project


def spread(name: str, seconds: Iterable[float]) -> str:
    """Return median, 99th percentile and maximum as text."""
    times = sorted(seconds)
    p99 = times[min(len(times) - 1, round(0.99 * (len(times) - 1)))]
    return f"{name}: p50 {statistics.median(times):.2f} s, p99 {p99:.2f} s, max {times[-1]:.2f} s"


def peak_memory(process: BotProcess) -> str:
    """Return the process's peak resident memory, where the system tells it."""
    status = Path(f"/proc/{process.process.pid}/status")
    found = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.exists() else None
    return f"{int(found[1]) / 1024:.0f} MB" if found else "unknown"


def _is_ready(process: BotProcess) -> bool:
    return "ready" in process.logged()


def ask_at_once(discord: StandIn, count: int) -> list[Pending]:
    """Let ``count`` people ask a question each, and wait until each has been given a reply."""
    rng = random.Random(5)
    people = [discord.add_person(f"person-{number}") for number in range(count)]
    asked = [person.slash("ask", question=question(rng)) for person in people]
    for pending in asked:
        discord.wait(partial(told, pending), "a reply", LONGEST_WAIT)
    return asked


def told(pending: Pending) -> str:
    """Return "answered" (a quote or a refusal), "busy", or "" while there is neither."""
    found = pending.interaction
    if any("I am busy" in screen(message) for message in found.followups):
        return "busy"
    return "answered" if found.original and found.original.embeds else ""


def report(discord: StandIn, process: BotProcess, asked: list[Pending]) -> None:
    """Print what was measured."""
    kinds = [told(pending) for pending in asked]
    done = [p.interaction for p in asked if told(p) == "answered"]
    acknowledged = [p.interaction.acknowledged_after or float("inf") for p in asked]
    print(f"  {kinds.count('answered')} answered, {kinds.count('busy')} told busy")
    print(f"  {spread('acknowledged', acknowledged)}")
    print(f"  {spread('answered', [i.answered_after or float('inf') for i in done])}")
    beats = sum(len(socket.beats) for socket in discord.server.gateway.sockets)
    print(f"  heartbeats: {beats}, missed {discord.missed_heartbeats()} (every {HEARTBEAT:.0f} s)")
    wrong = len(discord.server.violations)
    print(f"  peak resident memory {peak_memory(process)}; payloads refused: {wrong}")


def bench_rebuild(discord: StandIn, process: BotProcess, project: Path) -> None:
    """50 questions at once while the index is rebuilt."""
    rng = random.Random()
    new = [project / "sources" / f"new-{number}.md" for number in range(NEW_ARTICLES)]
    try:
        for path in new:
            path.write_text("\n\n".join(sentence(rng) for _ in range(10)), "utf-8")
        building = discord.mod.slash("reindex")
        began = time.monotonic()
        building.acknowledged()
        asked = ask_at_once(discord, 50)
        during = not is_built(building)
        asked_for = time.monotonic() - began
        discord.wait(lambda: is_built(building), "the index", LONGEST_WAIT)
        report(discord, process, asked)
        took = time.monotonic() - began
        print(
            f"  the rebuild ({10 * NEW_ARTICLES} new paragraphs) took {took:.1f} s; the last "
            f"answer came after {asked_for:.1f} s, {'before' if during else 'after'} its end"
        )
    finally:
        for path in new:
            path.unlink(missing_ok=True)


def is_built(building: Pending) -> bool:
    """Return whether /reindex has told its end."""
    message = building.interaction.original
    return bool(message and "The index is new" in screen(message))


def bench_load(discord: StandIn, process: BotProcess, _: Path) -> None:
    """200 questions at once."""
    report(discord, process, ask_at_once(discord, 200))


BENCHMARKS: dict[str, Any] = {"rebuild": bench_rebuild, "load": bench_load}


def main() -> None:
    """Run the benchmarks named, each with a bot of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--work", type=Path, default=ROOT / "benchmarks" / "corpora")
    options = parser.parse_args()
    unknown = set(options.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; valid: {', '.join(BENCHMARKS)}")
    options.work.mkdir(parents=True, exist_ok=True)
    project = project_of(options.work)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name in options.names or BENCHMARKS:
        benchmark = BENCHMARKS[name]
        print(f"{name}: {benchmark.__doc__}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            os.environ["SOURCEBOT_DISCORD_DATABASE"] = str(Path(folder, "bot.sqlite"))
            discord = StandIn(Path(folder), HEARTBEAT)
            process = BotProcess(discord, project, Path(folder, "log"))
            try:
                discord.wait(partial(_is_ready, process), "the bot", 60)
                discord.alice.slash("ask", question="Is anybody there?").answer()
                benchmark(discord, process, project)
                print(f"  exit status after SIGTERM: {process.end(signal.SIGTERM)}", flush=True)
            finally:
                process.kill()
                discord.stop()


if __name__ == "__main__":
    main()
