"""What every side of the comparison runs in its own environment; standard library only.

Each side is a module with a class like `Side`. `python SIDE.py prepare|index|ask --corpus DIR
--index DIR --model DIR --setting NAME [--questions FILE]` prints one line of JSON. DIR of --corpus
holds `sources/` and `sentences.jsonl`: the sentences that sourcebot cuts, each with its article's
path and title, for sides whose documents are sentences.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("HAYSTACK_TELEMETRY_ENABLED", "False")


@dataclass(frozen=True)
class Sentence:
    """A sentence of an article; ``source`` is the article's path in the sources folder."""

    source: str
    title: str
    text: str


@dataclass(frozen=True)
class Reply:
    """The best quotes, best first, each with its article; ``confidence`` that the first answers."""

    quotes: tuple[tuple[str, str], ...]
    confidence: float


class Side(Protocol):
    """One product.

    ``settings`` names its documented ways to work, to be chosen from, each with the name of the
    index that it needs.
    """

    settings: dict[str, str]

    def __init__(self, corpus: Path, index: Path, model: Path, setting: str) -> None:
        """Keep what is needed; load nothing yet."""

    def prepare(self) -> None:
        """Do what is done once on a machine, whatever is indexed."""

    def build(self) -> None:
        """Index the corpus into the index folder."""

    def open(self) -> None:
        """Load the index and whatever asking needs."""

    def ask(self, question: str) -> Reply:
        """Answer one question."""


def sentences(corpus: Path) -> list[Sentence]:
    """Return the sentences of a corpus."""
    with (corpus / "sentences.jsonl").open(encoding="utf-8") as lines:
        return [Sentence(**json.loads(line)) for line in lines]


def _replies(side: Side, questions: Path) -> list[dict[str, Any]]:
    replies = []
    for question in json.loads(questions.read_text("utf-8")):
        started = time.perf_counter()
        reply = side.ask(question)
        seconds = time.perf_counter() - started
        replies.append(
            {"quotes": reply.quotes, "confidence": float(reply.confidence), "seconds": seconds}
        )
    return replies


def main(kind: type[Side]) -> None:
    """Run one step of the comparison and print what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("step", choices=["settings", "prepare", "index", "ask"])
    for name in ("--corpus", "--index", "--model", "--questions"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--setting", choices=kind.settings)
    options = parser.parse_args()
    if options.step == "settings":
        print(json.dumps(kind.settings))
        return
    # Whatever a library prints is not to be taken for the result.
    out, sys.stdout = sys.stdout, sys.stderr
    started = time.perf_counter()
    side = kind(options.corpus, options.index, options.model, options.setting)
    result: dict[str, Any] = {}
    if options.step == "prepare":
        side.prepare()
    elif options.step == "index":
        side.build()
    else:
        side.open()
        result["replies"] = _replies(side, options.questions)
    result["seconds"] = time.perf_counter() - started
    result["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(result), file=out)
