"""The labelled windows that everything is trained on, as `training.data` writes them.

`rows.jsonl.xz` begins with a line `{"passages": n}`; n lines `[title, [sentence, …]]` follow, then
the rows, `[set, passage, from, until, question, labels, answer]`: the sentences of a row are those
of its passage from `from` to before `until`. `extra.json.gz` beside it holds what was found out
about the rows, by their numbers: see `Corpus`.
"""

from __future__ import annotations

import gzip
import json
import lzma
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ANSWERS, SILENT, UNKNOWN = 1, 0, -1
ROWS, EXTRA = "rows.jsonl.xz", "extra.json.gz"


@dataclass(frozen=True, slots=True)
class Row:
    """One question and a window of consecutive sentences of one passage.

    `labels` has one value per sentence: 1 answers, 0 does not, -1 unknown. `title` is that of the
    passage's article, or "" where it is not known.
    """

    dataset: str
    title: str
    question: str
    sentences: tuple[str, ...]
    labels: tuple[int, ...]
    answer: str | None
    passage: int

    @property
    def answerable(self) -> bool:
        """Whether a sentence of the window answers."""
        return ANSWERS in self.labels


@dataclass(frozen=True, slots=True)
class Corpus:
    """The rows, and what stands near them.

    Attributes:
        rows: all of them.
        held: numbers of the rows that are kept back, whole passages of each set.
        near: for a passage, others of the same article.
        mined: for an answerable row, rows that BM25 finds for its question and that do not hold
            its answer.
        found: for an answerable row, what else BM25 finds: nobody has labelled it.
    """

    rows: tuple[Row, ...]
    held: frozenset[int]
    near: Mapping[int, tuple[int, ...]]
    mined: Mapping[int, tuple[int, ...]]
    found: Mapping[int, tuple[int, ...]]


def read_rows(path: Path) -> tuple[Row, ...]:
    """Read `rows.jsonl.xz`."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        count = json.loads(next(lines))["passages"]
        passages = [json.loads(next(lines)) for _ in range(count)]
        records = [json.loads(line) for line in lines]
    rows = []
    for dataset, passage, first, until, question, labels, answer in records:
        title, sentences = passages[passage]
        part = tuple(sentences[first:until])
        rows.append(Row(dataset, title or "", question, part, tuple(labels), answer, passage))
    return tuple(rows)


def read_corpus(folder: Path) -> Corpus:
    """Read the rows of a folder and what is known of them."""
    with gzip.open(folder / EXTRA, "rt", encoding="utf-8") as file:
        extra = json.load(file)
    return Corpus(
        read_rows(folder / ROWS),
        frozenset(extra["held"]),
        *({int(k): tuple(v) for k, v in extra[name].items()} for name in ("near", "mined", "any")),
    )
