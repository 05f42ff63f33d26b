"""Measure how good the answers are: ``python benchmarks/quality.py SETS [SET …]``.

SETS is a folder with one folder a set: ``questions.jsonl`` (see docs/eval.md) and ``sources/``. All
sets are asked with one configuration, through ``sourcebot eval``; the figures come as a table, and
as JSON into --out. ``--checkout DIR`` measures another version of sourcebot as well, set by set in
the same run; ``--judge off`` leaves the small reader alone. ``--cold`` measures whole processes and
their memory too.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SHOWN = {
    "questions": "questions",
    "hit@1": "hit@1",
    "auroc": "AUROC",
    "refused_answerable": "refused, answerable",
    "refused_unanswerable": "refused, others",
    "wrong_among_answered": "wrong among answers",
    "calibration_error": "calibration error",
    "latency_p50_ms": "p50 ms",
    "latency_p95_ms": "p95 ms",
}
COLD_RUNS = 11
MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class Version:
    """A version of sourcebot, with the settings that it is asked with."""

    name: str
    source: Path
    variables: dict[str, str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line and return what it printed.

        Status 1 is no failure: articles without a quotable paragraph were left out.
        """
        done = subprocess.run(
            [sys.executable, "-m", "sourcebot", *arguments],
            env=os.environ | self.variables | {"PYTHONPATH": str(self.source / "src")},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in {0, 1}:
            raise SystemExit(f"{' '.join(arguments)} failed:\n{done.stderr}")
        return done


def measured(version: Version, folder: Path, work: Path) -> dict[str, Any]:
    """Return the figures of a set; its index is kept under ``work``."""
    project = work / version.name
    project.mkdir(parents=True, exist_ok=True)
    done = version.run(
        "eval",
        str(folder / "questions.jsonl"),
        "--sources",
        str(folder / "sources"),
        "--project",
        str(project),
        "--json",
    )
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def cold(version: Version, folder: Path, work: Path) -> dict[str, float]:
    """Return the median seconds and the largest resident size in MB of whole questions."""
    project = work / f"{version.name}-cold"
    project.mkdir(parents=True, exist_ok=True)
    if not (project / "sources").exists():
        (project / "sources").symlink_to((folder / "sources").resolve())
    version.run("index", "--project", str(project))
    asked = json.loads((folder / "questions.jsonl").read_text("utf-8").splitlines()[0])["question"]
    command = [sys.executable, "-m", "sourcebot", "ask", asked, "--project", str(project)]
    environment = os.environ | version.variables | {"PYTHONPATH": str(version.source / "src")}
    seconds, sizes = [], []
    for _ in range(COLD_RUNS):
        started = time.perf_counter()
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, _, usage = os.wait4(process.pid, 0)
        seconds.append(time.perf_counter() - started)
        sizes.append(usage.ru_maxrss * 1024 / MEGABYTE)
    return {"cold_s": round(statistics.median(seconds), 3), "resident_mb": round(max(sizes), 1)}


def pooled_error(figures: list[dict[str, Any]]) -> float | None:
    """Return the expected calibration error over all sets together, None where it is not said."""
    tenths: dict[int, list[float]] = {}
    for each in (part for figure in figures for part in figure.get("calibration", ())):
        sums = tenths.setdefault(min(9, int(10 * each["confidence"])), [0.0, 0.0, 0.0])
        sums[0] += each["count"]
        sums[1] += each["count"] * each["confidence"]
        sums[2] += each["count"] * each["right"]
    total = sum(count for count, _, _ in tenths.values())
    if not total:
        return None
    return sum(abs(confidence - right) for _, confidence, right in tenths.values()) / total


def table(results: dict[str, dict[str, dict[str, Any]]]) -> str:
    """Return the figures as a table in Markdown, the versions of each set below each other."""
    lines = [
        f"| set | version | {' | '.join(SHOWN.values())} |",
        f"|---|---|{'---|' * len(SHOWN)}",
    ]
    for name, versions in results.items():
        for version, figures in versions.items():
            values = " | ".join(_shown(figures.get(key)) for key in SHOWN)
            lines.append(f"| {name} | {version} | {values} |")
    return "\n".join(lines)


def _shown(value: float | None) -> str:
    return "—" if value is None else f"{value:g}"


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sets", type=Path, help="folder of sets")
    parser.add_argument("names", nargs="*", help="which of them; all without names")
    parser.add_argument("--work", type=Path, default=Path("benchmarks/work/quality"))
    parser.add_argument("--checkout", type=Path, help="another version's folder")
    parser.add_argument("--judge", choices=("auto", "off"), default="auto")
    parser.add_argument("--cold", action="store_true", help="whole processes, too")
    parser.add_argument("--out", type=Path, help="JSON file")
    options = parser.parse_args()
    versions = [Version(options.judge, ROOT, {"SOURCEBOT_READER_JUDGE": options.judge})]
    if options.checkout:
        versions.append(Version("other", options.checkout.resolve(), {}))
    work = options.work.resolve()
    folders = sorted(p.parent for p in options.sets.glob("*/questions.jsonl"))
    results: dict[str, dict[str, dict[str, Any]]] = {}
    for folder in folders:
        if options.names and folder.name not in options.names:
            continue
        for version in versions:
            figures = measured(version, folder, work)
            results.setdefault(folder.name, {})[version.name] = figures
            if options.cold:
                figures |= cold(version, folder, work)
            if options.out:
                options.out.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
            print(folder.name, version.name, json.dumps(figures), flush=True)
    print(table(results))
    for version in versions:
        error = pooled_error([of[version.name] for of in results.values()])
        if error is not None:
            print(f"{version.name}: expected calibration error over all sets {error:.4f}")


if __name__ == "__main__":
    main()
