"""Measure sourcebot on this machine: ``python benchmarks/run.py [NAME …]``.

Names: help, add, ask, warm, retrieve, reindex, embedding, ask-large; without names all are run.
Corpora and indexes are kept under --work, so a second run is quick.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from corpus import question, sentence, write_corpus, write_pages

ROOT = Path(__file__).parent.parent
DEMO = "Which groups did Labour's ruling body proscribe?"


def run(*arguments: str, project: Path) -> tuple[float, int]:
    """Run the command line and return (seconds, peak resident bytes) of the process."""
    command = [sys.executable, "-m", "sourcebot", *arguments, "--project", str(project)]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - started, usage.ru_maxrss * 1024


def project_of(work: Path, paragraphs: int) -> Path:
    """Return an indexed project of invented articles, made when it is not there."""
    project = work / f"corpus-{paragraphs}"
    if not project.is_dir():
        write_corpus(project, paragraphs)
    run("index", project=project)
    return project


def sample_project(work: Path) -> Path:
    """Return an indexed copy of the sample sources."""
    project = work / "sample"
    if not project.is_dir():
        shutil.copytree(ROOT / "sources", project / "sources")
    run("index", project=project)
    return project


def cold(project: Path, asked: str, times: int = 15) -> str:
    """Measure whole processes that answer one question."""
    run("ask", asked, project=project)
    runs = [run("ask", asked, project=project) for _ in range(times)]
    seconds = [s for s, _ in runs]
    memory = max(m for _, m in runs) / 2**20
    return (
        f"median {statistics.median(seconds):.2f} s, worst {max(seconds):.2f} s, "
        f"resident {memory:.0f} MB ({times} runs)"
    )


def bench_ask(work: Path) -> str:
    """Cold `sourcebot ask` on the sample index."""
    return cold(sample_project(work), DEMO)


def bench_ask_large(work: Path) -> str:
    """Cold `sourcebot ask` at 100,000 paragraphs."""
    return cold(project_of(work, 100_000), question(random.Random(2)))


def bench_warm(work: Path) -> str:
    """Warm questions through the service, reader included, at 10,000 paragraphs."""
    from sourcebot.answering.opening import open_service
    from sourcebot.config.loading import load_config

    config = load_config(project_of(work, 10_000), {})
    return timed(open_service(config, print, lambda *_: None).ask)


def bench_retrieve(work: Path) -> str:
    """Warm questions up to their evidence, without the reader, at 10,000 paragraphs."""
    from sourcebot.answering.retriever import retrieve
    from sourcebot.config.loading import load_config
    from sourcebot.embedding.exported import open_embedder
    from sourcebot.index.embedded.generation import open_current
    from sourcebot.types import Filters

    config = load_config(project_of(work, 10_000), {})
    embedder, generation = open_embedder(config, print), open_current(config.index_folder)
    settings = config.retrieval
    return timed(
        lambda asked: retrieve(
            generation,
            embedder,
            asked,
            Filters(),
            paragraphs=settings.paragraphs,
            dense_weight=settings.dense_weight,
        )
    )


def timed(ask: Callable[[str], object]) -> str:
    """Ask 300 questions, after 20 to warm up, and return the times as text."""
    rng = random.Random(3)
    for _ in range(20):
        ask(question(rng))
    times = []
    for _ in range(300):
        asked = question(rng)
        started = time.perf_counter()
        ask(asked)
        times.append(1000 * (time.perf_counter() - started))
    quantiles = statistics.quantiles(times, n=20)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"p50 {statistics.median(times):.1f} ms, p95 {quantiles[-1]:.1f} ms, "
        f"resident {memory:.0f} MB (300 questions)"
    )


def bench_embedding(work: Path) -> str:
    """Embedding throughput against sentence-transformers' default, in one run."""
    from sentence_transformers import SentenceTransformer

    from sourcebot.config.loading import load_config
    from sourcebot.embedding.exported import open_embedder
    from sourcebot.embedding.model_files import find_model

    rng = random.Random(4)
    texts = [" ".join(sentence(rng) for _ in range(rng.choice((1, 2, 3, 4)))) for _ in range(600)]
    ours = open_embedder(load_config(sample_project(work), {}), print)
    theirs = SentenceTransformer(str(find_model("all-MiniLM-L6-v2").folder), device="cpu")
    rates: dict[str, list[float]] = {"sourcebot": [], "sentence-transformers": []}
    for _ in range(3):
        for name, embed in (
            ("sourcebot", ours.embed_paragraphs),
            ("sentence-transformers", theirs.encode),
        ):
            embed(texts[:32])
            started = time.perf_counter()
            embed(texts)
            rates[name].append(len(texts) / (time.perf_counter() - started))
    mine, other = (statistics.median(r) for r in rates.values())
    return (
        f"{mine:.0f} paragraphs/s, sentence-transformers {other:.0f}, ratio {mine / other:.1f} "
        "(600 paragraphs of 1 to 4 sentences, median of 3)"
    )


def bench_reindex(work: Path) -> str:
    """Whole `sourcebot index` after adding one article to 10,000 paragraphs."""
    project = project_of(work, 10_000)
    times = []
    for number in range(5):
        extra = project / "sources" / f"extra-{number}.md"
        extra.write_text(f"A new article, number {number}.\n\nIt has two paragraphs.\n", "utf-8")
        times.append(run("index", project=project)[0])
    for number in range(5):
        (project / "sources" / f"extra-{number}.md").unlink()
    run("index", project=project)
    return f"median {statistics.median(times):.2f} s, worst {max(times):.2f} s (5 runs)"


def bench_add(work: Path) -> str:
    """Whole `sourcebot add` of 1,000 web pages, without indexing."""
    pages = work / "pages-1000"
    if not pages.is_dir():
        write_pages(pages, 1000)
    project = work / "added"
    shutil.rmtree(project, ignore_errors=True)
    (project / "sources").mkdir(parents=True)
    first, memory = run("add", str(pages), "--no-index", project=project)
    again, _ = run("add", str(pages), "--no-index", project=project)
    written = len(list((project / "sources").rglob("*.md")))
    return (
        f"{first:.1f} s for {written:,} articles: {1000 / first:.0f} a second, resident "
        f"{memory / 2**20:.0f} MB; again, unchanged, {again:.1f} s"
    )


def bench_help(work: Path) -> str:
    """`sourcebot --help`, the whole process."""
    project = sample_project(work)
    times = [run("--help", project=project)[0] for _ in range(15)]
    return f"median {statistics.median(times):.2f} s, worst {max(times):.2f} s (15 runs)"


BENCHMARKS: dict[str, Callable[[Path], str]] = {
    "help": bench_help,
    "add": bench_add,
    "ask": bench_ask,
    "warm": bench_warm,
    "retrieve": bench_retrieve,
    "reindex": bench_reindex,
    "embedding": bench_embedding,
    "ask-large": bench_ask_large,
}


def main() -> None:
    """Run the benchmarks named, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--work", type=Path, default=ROOT / "benchmarks" / "corpora")
    options = parser.parse_args()
    unknown = set(options.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; valid: {', '.join(BENCHMARKS)}")
    options.work.mkdir(parents=True, exist_ok=True)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name in options.names or BENCHMARKS:
        benchmark = BENCHMARKS[name]
        title = (benchmark.__doc__ or "").rstrip(".")
        print(f"{name:10} {title}: {benchmark(options.work)}", flush=True)


if __name__ == "__main__":
    main()
