"""Claims and windows with a verdict, from sets of claims: what the model of claims learns from.

A set is a file NAME.train.jsonl.gz of `{claim, evidence: [{title, sentences}], label, gold}`, its
labels supports, contradicts, partly or silent; `gold` has `[document, sentence]` of what decides,
or is empty where nobody has said.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from training.rows import ANSWERS, SILENT, UNKNOWN
from training.windows import Window

SUPPORTS, CONTRADICTS, QUIET = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
VERDICTS = {
    "supports": SUPPORTS,
    "contradicts": CONTRADICTS,
    "silent": QUIET,
    "partly": (0.5, 0.0, 0.5),
}
"""What a window is to be given for each label: shares of supports, contradicts and silent."""

SETS = {
    "mnlidev": 12_000,
    "snlidev": 3_000,
    "cadnli": 8_291,
    "conflictqa": 4_000,
    "factcheckgpt": 1_604,
    "scifact": 562,
}
"""The sets whose licences let weights be passed on, and how many of their claims are read."""

MOST_WORDS = 95
JOINED = 0.15
"""So many of the claims over one sentence get sentences of other claims beside it."""

EMPTIED = 0.06
"""So many claims of a set are also set beside what another claim's evidence says."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A window, its `question` being a claim, and the shares of the three verdicts."""

    window: Window
    verdict: tuple[float, float, float]


def of_sets(folder: Path, random: Random, most: dict[str, int] | None = None) -> Iterator[Judged]:
    """Yield windows of the sets that are in a folder."""
    for name, count in (most or SETS).items():
        path = folder / f"{name}.train.jsonl.gz"
        if not path.exists():
            print(f"missing: {path}")
            continue
        records = [r for r in read_records(path) if r["evidence"]]
        records = random.sample(records, min(count, len(records)))
        for record in records:
            window = around_gold(name, record, random)
            others = [random.choice(records) for _ in range(random.randint(1, 2))]
            if len(window.sentences) == 1 and random.random() < JOINED:
                window = _joined(window, [around_gold(name, o, random) for o in others], random)
            yield Judged(window, VERDICTS[record["label"]])
            other = others[0]
            if random.random() < EMPTIED and other["claim"] != record["claim"]:
                labels = (SILENT,) * len(window.sentences)
                yield Judged(replace(window, question=other["claim"], labels=labels), QUIET)


def read_records(path: Path) -> list[dict[str, Any]]:
    """Return the records of a set."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def around_gold(
    name: str, record: dict[str, Any], random: Random, most: int = MOST_WORDS
) -> Window:
    """Return a window of the evidence, around a sentence that decides if one is known."""
    gold = {tuple(place) for place in record.get("gold") or ()}
    flat = [
        ((number, place), sentence, document.get("title") or "")
        for number, document in enumerate(record["evidence"])
        for place, sentence in enumerate(document["sentences"])
        if sentence.strip()
    ]
    sizes = [len(sentence.split()) for _, sentence, _ in flat]
    at = [place for place, (key, _, _) in enumerate(flat) if key in gold]
    first = random.choice(at) if at else 0
    last, left, grown = first + 1, most - sizes[first], True
    while grown:
        grown = False
        if last < len(flat) and sizes[last] <= left:
            left, last, grown = left - sizes[last], last + 1, True
        if first and sizes[first - 1] <= left:
            first, grown = first - 1, True
            left -= sizes[first]
    part = flat[first:last]
    labels = [ANSWERS if key in gold else SILENT if gold else UNKNOWN for key, _, _ in part]
    if len(part) == 1 and record["label"] != "silent":
        labels = [ANSWERS]
    elif record["label"] == "silent":
        labels = [SILENT] * len(part)
    sentences = tuple(sentence for _, sentence, _ in part)
    return Window(name, "claim", part[0][2], record["claim"], sentences, tuple(labels), None)


def _joined(window: Window, others: Sequence[Window], random: Random) -> Window:
    """Return a window with a sentence of each of the others, which say nothing of its claim."""
    pairs = list(zip(window.sentences, window.labels, strict=True))
    for other in others:
        if other.question != window.question and other.sentences[0] not in window.sentences:
            pairs.insert(random.randint(0, len(pairs)), (other.sentences[0], SILENT))
    sentences, labels = zip(*pairs, strict=True)
    return replace(window, sentences=sentences, labels=labels)
