"""Measure how cost grows with size: ``python benchmarks/scale.py --shared DIR --work DIR``.

For each of --sizes a corpus is made (scale_corpus.py) and measured: building the index, cold and
warm questions with the reader, filtered questions, recall of the paragraph that answers against an
exact search over the same vectors, adding and removing 100 articles, and memory. What was built
before is used again; its build figures are kept beside it. Results go to --out as JSON, and with
--plot into a picture.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scale_corpus import made_articles, open_texts, write_scale_corpus
from scale_recall import recall

from sourcebot.answering.opening import open_service
from sourcebot.checks.evaluation import Case, read_cases
from sourcebot.config.loading import load_config
from sourcebot.index.embedded.generation import open_current
from sourcebot.types import Filters

Figures = dict[str, Any]

FIRST_ADDED = 5_000_000
ADDED = 100
COLD_RUNS = 5


def run(*command: str) -> tuple[str, Figures]:
    """Run a process of this Python; return its output and what it cost."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 3}:  # 3: a question was not covered
        raise SystemExit(f"{' '.join(command)} ended with status {process.returncode}")
    return output, {
        "seconds": round(time.perf_counter() - started, 2),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_mb": round(usage.ru_maxrss / 1024),
    }


def index(project: Path) -> Figures:
    """Run `sourcebot index` as a process of its own."""
    return run("-m", "sourcebot", "index", "--project", str(project))[1]


def forget(folder: Path) -> None:
    """Have the system drop a folder's files from its cache, where it can be asked."""
    os.sync()
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as stream:
                os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def build(shared: Path, project: Path, size: int) -> Figures:
    """Make corpus and index, unless that was done, and return what the building cost."""
    note = project / "build.json"
    if not note.exists():
        if not (project / "questions.jsonl").exists():
            shutil.rmtree(project / "sources", ignore_errors=True)
            project.mkdir(parents=True, exist_ok=True)
            write_scale_corpus(shared, project, size)
        figures = index(project)
        note.write_text(json.dumps(figures), "utf-8")
    figures = json.loads(note.read_text("utf-8"))
    generation = open_current(load_config(project, {}).index_folder)
    manifest = generation.manifest
    return {
        **figures,
        "articles": manifest.articles,
        "paragraphs": manifest.paragraphs,
        "recall_at_10": manifest.recall,
        "recall_measured_with": manifest.recall_measured_with,
        "disk_bytes": sum(size for size, _ in manifest.files.values()),
    }


def cold(project: Path, asked: str) -> Figures:
    """Ask in whole processes, with the index in the system's cache and without."""
    ask = ("-m", "sourcebot", "ask", asked, "--project", str(project))
    run(*ask)
    warm = [run(*ask)[1]["seconds"] for _ in range(COLD_RUNS)]
    dropped = []
    for _ in range(COLD_RUNS):
        forget(project / "embeddings" / "generations")
        dropped.append(run(*ask)[1]["seconds"])
    return {
        "cached_median_s": statistics.median(warm),
        "cached_worst_s": max(warm),
        "from_disk_median_s": statistics.median(dropped),
        "from_disk_worst_s": max(dropped),
    }


def memory() -> Figures:
    """Return what this process holds, in bytes: its own, and mapped files."""
    status = Path("/proc/self/status").read_text("utf-8").splitlines()
    values = {line.split(":")[0]: line.split() for line in status}
    return {name: int(values[name][1]) * 1024 for name in ("VmRSS", "RssAnon", "RssFile")}


def quantiles(seconds: list[float]) -> Figures:
    """Return median and 95th percentile in milliseconds."""
    ordered = sorted(seconds)
    return {
        "p50_ms": round(1000 * statistics.median(ordered), 1),
        "p95_ms": round(1000 * ordered[int(0.95 * (len(ordered) - 1))], 1),
    }


def serve(project: Path, cases: Sequence[Case]) -> Figures:
    """Ask warm questions through the service; run in a process of its own for the memory."""
    config = load_config(project, {})
    before = memory()
    service = open_service(config, print, lambda *_: None)
    for case in cases[:10]:
        service.ask(case.question)
    times: list[float] = []
    processor = 0.0
    filtered: list[float] = []
    held = {a.source.publisher for a in service.articles()}
    # Each is new to the service the first time, as it is to a user.
    publishers = itertools.cycle(sorted(name for name in held if name.startswith("Made")))
    for case in cases:
        started, used = time.perf_counter(), time.process_time()
        service.ask(case.question)
        times.append(time.perf_counter() - started)
        processor += time.process_time() - used
        started = time.perf_counter()
        service.ask(case.question, Filters(publisher=next(publishers)))
        filtered.append(time.perf_counter() - started)
    return {
        "questions": len(cases),
        **quantiles(times),
        "processor_mean_ms": round(1000 * processor / len(cases), 1),
        "filtered": quantiles(filtered),
        "memory": memory(),
        "memory_before": before,
    }


def sampled(project: Path, count: int) -> list[Case]:
    """Return about ``count`` answerable questions, spread evenly over the file."""
    cases = [c for c in read_cases(project / "questions.jsonl") if c.answers]
    step = max(1, len(cases) // count)
    return cases[::step][:count]


def update(shared: Path, project: Path) -> Figures:
    """Add 100 articles of ten paragraphs, and take them out again."""
    folder = project / "sources" / "added"
    # Others each time, because what was embedded once stays in the cache.
    articles = made_articles(*open_texts(shared), seed=time.time_ns(), first=FIRST_ADDED)
    for article in itertools.islice(articles, ADDED):
        article.write(folder)
    added = index(project)
    shutil.rmtree(folder)
    return {"articles": ADDED, "added": added, "removed": index(project)}


def measure(shared: Path, work: Path, size: int, count: int) -> Figures:
    """Return all figures of one size."""
    project = work / f"scale-{size}"
    figures: Figures = {"size": size, "build": build(shared, project, size)}
    for name in ("serve", "recall"):
        options = ("--part", name, "--work", str(project), "--questions", str(count))
        output, _ = run(__file__, "--shared", str(shared), *options)
        figures[name] = json.loads(output.splitlines()[-1])
    figures["cold"] = cold(project, sampled(project, 1)[0].question)
    figures["update"] = update(shared, project)
    return figures


def plot(results: list[Figures], path: Path) -> None:
    """Draw how the costs grow, on logarithmic axes."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    sizes = [r["build"]["paragraphs"] for r in results]
    panels: dict[str, dict[str, list[float]]] = {
        "build, processor seconds": {"all": [r["build"]["cpu_seconds"] for r in results]},
        "question, ms": {
            "warm p50": [r["serve"]["p50_ms"] for r in results],
            "warm p95": [r["serve"]["p95_ms"] for r in results],
            "filtered p50": [r["serve"]["filtered"]["p50_ms"] for r in results],
            "whole process": [1000 * r["cold"]["cached_median_s"] for r in results],
            "whole process, from disk": [1000 * r["cold"]["from_disk_median_s"] for r in results],
        },
        "update of 100 articles, s": {
            "added": [r["update"]["added"]["seconds"] for r in results],
            "removed": [r["update"]["removed"]["seconds"] for r in results],
        },
        "memory, MB": {
            "serving": [r["serve"]["memory"]["VmRSS"] / 2**20 for r in results],
            "serving, without mapped files": [
                r["serve"]["memory"]["RssAnon"] / 2**20 for r in results
            ],
            "building, peak": [r["build"]["peak_mb"] for r in results],
        },
    }
    figure, axes = plt.subplots(2, 2, figsize=(10, 7), layout="constrained")
    for axis, (title, lines) in zip(axes.flat, panels.items(), strict=True):
        for name, values in lines.items():
            axis.loglog(sizes, values, marker="o", label=name)
        axis.set(title=title, xlabel="paragraphs")
        axis.legend()
        axis.grid(visible=True, alpha=0.3)
    figure.savefig(path, dpi=110)


def main() -> None:
    """Measure the sizes named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True, help="folder of the public texts")
    parser.add_argument("--work", type=Path, required=True, help="folder for corpora and indexes")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--out", type=Path, help="JSON file of the results")
    parser.add_argument("--plot", type=Path, help="PNG file of the picture")
    parser.add_argument("--part", choices=["serve", "recall"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        cases = sampled(options.work, options.questions)
        part = serve if options.part == "serve" else recall
        print(json.dumps(part(options.work, cases)))
        return
    results = []
    for size in options.sizes:
        results.append(measure(options.shared, options.work, size, options.questions))
        print(json.dumps(results[-1], indent=2), flush=True)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    if options.out:
        data = {"machine": machine, "date": time.strftime("%Y-%m-%d"), "results": results}
        options.out.write_text(json.dumps(data, indent=2) + "\n", "utf-8")
    if options.plot:
        plot(results, options.plot)


if __name__ == "__main__":
    main()
