"""The PostgreSQL engine beside the embedded one, on evaluation sets: same evidence, same answers.

    python -m benchmarks.engines --shared DIR --dsn DSN [--set NAME ...] [--questions N]

``DIR/eval/NAME`` (or ``DIR/NAME``) holds ``sources/`` and ``questions.jsonl`` (docs/eval.md). The
database gets a schema of its own, which is dropped in the end unless it was there before.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from sourcebot.answering.opening import open_service
from sourcebot.checks.evaluation import Case, read_cases
from sourcebot.config.settings import Config, IndexConfig, SourcesConfig
from sourcebot.embedding.exported import open_embedder
from sourcebot.index.open import build_index
from sourcebot.types import Answer, Evidence, Reply

if TYPE_CHECKING:
    from sourcebot.answering.service import Service
    from sourcebot.embedding.embedder import Embedder

SCHEMA = "sourcebot_benchmark"
ENGINES = ("embedded", "postgresql")
_TOP = 10


@dataclass
class Seen:
    """What an engine has shown of itself; ``milliseconds`` of whole questions."""

    build_seconds: float = 0.0
    right: int = 0
    milliseconds: list[float] = field(default_factory=list)


def ask(service: Service, case: Case, seen: Seen) -> tuple[Reply, list[tuple[str, int]]]:
    """Ask a question; return the reply and the places of the best evidence."""
    started = time.perf_counter()
    reply, retrieval = service.ask_with_evidence(case.question)
    seen.milliseconds.append(1000 * (time.perf_counter() - started))
    seen.right += case.answerable and case.accepts(best_quote(reply))
    return reply, [place(evidence) for evidence in retrieval.evidence[:_TOP]]


def place(evidence: Evidence) -> tuple[str, int]:
    """Return where a paragraph stands, which all engines name alike."""
    return evidence.source.path, evidence.paragraph.span.start


def best_quote(reply: Reply) -> str:
    """Return the first quote, whether it counts as an answer or as the nearest one."""
    quotes = reply.quotes if isinstance(reply, Answer) else reply.nearest
    return quotes[0].text if quotes else ""


def compare(
    configs: dict[str, Config], models: Config, embedder: Embedder, cases: tuple[Case, ...]
) -> None:
    """Build both indexes, ask both in turns, and print what came of it."""
    seen = {engine: Seen() for engine in ENGINES}
    services: dict[str, Service] = {}
    for engine, config in configs.items():
        summary = build_index(config, embedder)
        seen[engine].build_seconds = summary.seconds
        services[engine] = open_service(config, print, lambda *_: None, models=models)
        services[engine].ask(cases[0].question)
    print(f"{summary.articles:,} articles, {summary.paragraphs:,} paragraphs")
    overlaps, same, apart = [], 0, 0.0
    for number, case in enumerate(cases):
        # Whoever comes second finds warmer caches, so they take turns in coming first.
        order = ENGINES if number % 2 else ENGINES[::-1]
        found = {engine: ask(services[engine], case, seen[engine]) for engine in order}
        (one, here), (other, there) = (found[engine] for engine in ENGINES)
        overlaps.append(len(set(here) & set(there)) / max(1, len(here)))
        same += best_quote(one) == best_quote(other)
        apart = max(apart, abs(one.confidence - other.confidence))
    answerable = sum(case.answerable for case in cases)
    for engine, figures in seen.items():
        times = sorted(figures.milliseconds)
        print(
            f"{engine:11} built in {figures.build_seconds:6.1f} s; hit@1 "
            f"{figures.right / max(1, answerable):.4f}; question p50 "
            f"{statistics.median(times):.0f} ms, p95 {times[int(0.95 * (len(times) - 1))]:.0f} ms"
        )
    print(
        f"top-{_TOP} overlap {statistics.mean(overlaps):.4f} (least {min(overlaps):.2f}); same best"
        f" quote {same / len(cases):.4f}; confidences at most {apart:.4f} apart; {len(cases)} asked"
    )


def main() -> None:
    """Compare on each set that is named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True, metavar="DIR")
    parser.add_argument("--dsn", default=os.environ.get("SOURCEBOT_INDEX_DSN", ""))
    parser.add_argument("--schema", default=SCHEMA, help="one that is there is kept")
    parser.add_argument("--set", dest="sets", action="append", metavar="NAME")
    parser.add_argument("--questions", type=int, default=0, metavar="N", help="only the first N")
    parser.add_argument("--project", type=Path, default=Path("embeddings/engines"), metavar="DIR")
    options = parser.parse_args()
    root = options.shared / "eval" if (options.shared / "eval").is_dir() else options.shared
    for name in options.sets or sorted(path.parent.name for path in root.glob("*/sources")):
        base = Config(
            project=options.project,
            sources=SourcesConfig(str((root / name / "sources").resolve())),
            index=IndexConfig(folder=name),
        )
        database = replace(base.index, engine="postgresql", dsn=options.dsn, schema=options.schema)
        models = Config(project=options.project)  # exported once for all sets
        embedder = open_embedder(models, print)
        cases = read_cases(root / name / "questions.jsonl")
        print(f"\n{name}")
        compare(
            {"embedded": base, "postgresql": replace(base, index=database)},
            models,
            embedder,
            cases[: options.questions or None],
        )
        if options.schema == SCHEMA:
            with psycopg.connect(options.dsn) as connection:
                connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")


if __name__ == "__main__":
    main()
