"""Reading the labelled windows and mending their labels."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

ANSWERS, SILENT, UNKNOWN = 1, 0, -1


@dataclass(frozen=True, slots=True)
class Row:
    """One question and a window of consecutive sentences of one passage.

    `labels` has one value per sentence: 1 answers, 0 does not, -1 unknown.
    """

    dataset: str
    question: str
    sentences: tuple[str, ...]
    labels: tuple[int, ...]
    answer: str | None

    @property
    def answerable(self) -> bool:
        """Whether a sentence of the window answers."""
        return ANSWERS in self.labels


def read_rows(path: Path) -> list[Row]:
    """Read `sentences.jsonl.gz`; see the README of this folder for its format."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    rows = [
        Row(
            dataset=record["set"],
            question=" ".join(record["question"].split()),
            sentences=tuple(record["sentences"]),
            labels=tuple(record["labels"]),
            answer=record["answer"],
        )
        for record in records
    ]
    return _spread_answers([_without_repeats(row) for row in rows])


def _without_repeats(row: Row) -> Row:
    """Keep the first of identical sentences, with the strongest of their labels."""
    labels: dict[str, int] = {}
    for sentence, label in zip(row.sentences, row.labels, strict=True):
        labels[sentence] = max(label, labels.get(sentence, label))
    return replace(row, sentences=tuple(labels), labels=tuple(labels.values()))


def _spread_answers(rows: list[Row]) -> list[Row]:
    """Label a sentence as answering wherever the same question is asked of it."""
    answering: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        for sentence, label in zip(row.sentences, row.labels, strict=True):
            if label == ANSWERS:
                answering[row.dataset, row.question].add(sentence)
    return [
        replace(
            row,
            labels=tuple(
                ANSWERS if sentence in answering[row.dataset, row.question] else label
                for sentence, label in zip(row.sentences, row.labels, strict=True)
            ),
        )
        for row in rows
    ]
