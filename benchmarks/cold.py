"""Compare the first answer of several versions: ``python benchmarks/cold.py NAME=CHECKOUT …``.

Each is asked in turns by a process of its own, with this interpreter. ``NAME=CHECKOUT:off`` leaves
the judge out. Of a shared machine the processor time says more than the time that passed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
QUESTION = "Which groups did Labour's ruling body proscribe?"


def asked(checkout: Path, project: Path, judge: str) -> tuple[float, float, float]:
    """Return seconds passed, seconds of processors, and the peak of resident megabytes."""
    environment = {**os.environ, "PYTHONPATH": str(checkout / "src")}
    if judge:
        environment["SOURCEBOT_READER_JUDGE"] = judge
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "sourcebot", "ask", QUESTION, "--project", str(project)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    _, status, usage = os.wait4(process.pid, 0)
    passed = time.perf_counter() - started
    if status:
        raise SystemExit(f"{checkout} does not answer")
    return passed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Print a row a version, medians of all runs and the least processor time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("versions", nargs="+", metavar="NAME=CHECKOUT[:off]")
    parser.add_argument("--times", type=int, default=11)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        versions = {}
        for version in arguments.versions:
            name, _, place = version.partition("=")
            checkout, _, judge = place.partition(":")
            project = Path(work) / name
            shutil.copytree(ROOT / "sources", project / "sources")
            versions[name] = (Path(checkout).absolute(), project, judge)
        for version in versions.values():  # makes the index
            asked(*version)
        runs = [
            (name, asked(*version))
            for _ in range(arguments.times)
            for name, version in versions.items()
        ]
    print(f"{'':12}  passed  processors (least)  resident")
    for name in versions:
        passed, worked, resident = zip(*(run for n, run in runs if n == name), strict=True)
        print(
            f"{name:12} {statistics.median(passed):5.2f} s  {statistics.median(worked):5.2f} s"
            f" ({min(worked):.2f} s)  {statistics.median(resident):5.0f} MB"
        )


if __name__ == "__main__":
    main()
