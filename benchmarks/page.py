"""The page under load: ``python -m benchmarks.page [--requests N] [--at-once N] [--every N]``.

A server of its own over the sample articles is asked by many at once, then by one after another
for long; what it needs is read from /proc. Ask is timed in a real browser, from the key to the
marked quote. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import aiohttp

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browser import Visitor, open_browser  # noqa: E402
from conftest import ANSWERED, ARTICLES, NOT_STATED, OFF_TOPIC  # noqa: E402

SETTINGS = "[web]\nport = 0\nquestions_per_minute = 0\n"
ASKED = [f"/?q={quote(question)}" for question in (ANSWERED, NOT_STATED, OFF_TOPIC)]
READ = ["/read", "/read/bees.md", "/read/bridge.md?at=150-265", "/", "/v1/sources", "/openapi.json"]
WARM = 10
PATIENT = aiohttp.ClientTimeout(total=None)


def started(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """Return a server and its address."""
    for name, text in ARTICLES.items():
        path = folder / "sources" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (folder / "config.toml").write_text(SETTINGS, "utf-8")
    command = [sys.executable, "-m", "sourcebot", "--project", str(folder), "serve"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    assert process.stdout is not None
    return process, process.stdout.readline().split()[2].rstrip(",")


def needed(process: int) -> dict[str, int]:
    """Return the memory in MB, threads and open files of a process."""
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    found = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return {
        "memory_mb": int(found["VmRSS"].split()[0]) // 1024,
        "threads": int(found["Threads"]),
        "files": len(os.listdir(f"/proc/{process}/fd")),  # noqa: PTH208 (names alone)
    }


def worked(process: int) -> float:
    """Return the seconds of processor time that a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def timed(session: aiohttp.ClientSession, address: str) -> tuple[int, float]:
    """Return the status of an answer, and the seconds until its last byte."""
    begun = time.perf_counter()
    async with session.get(address) as answer:
        await answer.read()
        return answer.status, time.perf_counter() - begun


async def at_once(address: str, count: int) -> dict[str, object]:
    """Let many ask at the same moment, while somebody else reads."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=PATIENT) as session:
        asking = [
            asyncio.create_task(timed(session, address + ASKED[i % len(ASKED)]))
            for i in range(count)
        ]
        reading: list[tuple[int, float]] = []
        while not all(task.done() for task in asking):
            reading.append(await timed(session, address + READ[len(reading) % len(READ)]))
        answers = [await task for task in asking]
    return {
        "asked_at_once": count,
        "statuses": dict(Counter(status for status, _ in answers)),
        "slowest_answer_s": round(max(seconds for _, seconds in answers), 2),
        "read_meanwhile": len(reading),
        "read_p50_ms": milliseconds(reading, 0.5),
        "read_p99_ms": milliseconds(reading, 0.99),
    }


async def one_after_another(address: str, count: int, every: int = 10) -> dict[str, object]:
    """Read, and each ``every`` times ask, from eight connections."""
    left = iter(range(count))
    found: list[tuple[int, float]] = []

    async def visitor(session: aiohttp.ClientSession) -> None:
        for i in left:
            path = ASKED[i // every % len(ASKED)] if i % every == 0 else READ[i % len(READ)]
            found.append(await timed(session, address + path))

    async with aiohttp.ClientSession(timeout=PATIENT) as session:
        begun = time.perf_counter()
        await asyncio.gather(*(visitor(session) for _ in range(8)))
        seconds = time.perf_counter() - begun
    return {
        "requests": count,
        "asking_every": every,
        "statuses": dict(Counter(status for status, _ in found)),
        "requests_per_s": round(count / seconds),
        "p50_ms": milliseconds(found, 0.5),
        "p99_ms": milliseconds(found, 0.99),
    }


def milliseconds(found: list[tuple[int, float]], share: float) -> int:
    """Return the time within which a share of the answers came."""
    times = sorted(seconds for _, seconds in found)
    return round(1000 * times[min(len(times) - 1, int(share * len(times)))]) if times else 0


def in_browser(address: str, process: int) -> dict[str, object]:
    """Return how long it takes from the key Enter to the marked quote, warm.

    On a busy machine the server's processor time says more than the time that passes.
    """
    times = []
    before = worked(process)
    with open_browser() as browser:
        visitor = Visitor(browser, address)
        visitor.page.set_default_timeout(120_000)
        page = visitor.go("/")
        for i in range(WARM):
            page.fill("#q", f"{ANSWERED[:-1]}{' ' * i}?")
            page.evaluate("document.querySelector('#reply').replaceChildren()")
            begun = time.perf_counter()
            page.keyboard.press("Enter")
            page.wait_for_selector("#reply mark.strong")
            times.append(time.perf_counter() - begun)
        visitor.close()
    return {
        "server_processor_ms_per_question": round(1000 * (worked(process) - before) / WARM),
        "ask_to_marked_quote_median_ms": round(1000 * statistics.median(times[1:])),
        "ask_to_marked_quote_slowest_ms": round(1000 * max(times[1:])),
    }


def main() -> None:
    """Print what was measured as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--at-once", type=int, default=200)
    parser.add_argument("--every", type=int, default=10, help="ask each so many requests")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        process, address = started(Path(folder))
        try:
            asyncio.run(one_after_another(address, 100))
            report = {
                **in_browser(address, process.pid),
                "before": needed(process.pid),
                **asyncio.run(at_once(address, given.at_once)),
                "after_at_once": needed(process.pid),
                "long": asyncio.run(one_after_another(address, given.requests, given.every)),
            }
            report["server_processor_s"] = round(worked(process.pid))
            time.sleep(20)  # connections that are kept open are closed by then
            report["after_long"] = needed(process.pid)
        finally:
            process.terminate()
            process.wait(30)
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
