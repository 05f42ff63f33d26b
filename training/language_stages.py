"""Fit the stages of the reader of all languages, and of choosing by words where none reads.

    python -m training.language_stages --more ROWS --project WORK --out WEIGHTS

ROWS is a folder of JSON Lines, one file a set (`training/README.md`); only the passages that the
reader was not trained on are asked about. The same questions are asked of two indexes: one with the
vectors of all languages, and one with the default model's, where words alone decide.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import zlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.answering.features import FEATURES, sentence_features
from sourcebot.answering.reader import LearnedReader
from sourcebot.answering.reader_model import ReaderModel
from sourcebot.answering.stages import (
    JUDGE_COLUMNS,
    READER_COLUMNS,
    WEIGHTS_OF_LANGUAGES,
    Stages,
    as_json,
    described,
)
from sourcebot.answering.windows import sentences_of
from sourcebot.config.settings import Config, LanguageConfig
from sourcebot.embedding.exported import open_embedder
from sourcebot.embedding.multilingual import MultilingualEmbedder
from training import stage_questions
from training.rows import UNKNOWN, Row
from training.stage_questions import SEED, Asked, Asker, Question, as_question
from training.stages import RANKING_STRENGTH, blank, fit, fit_one, report

if TYPE_CHECKING:
    from collections.abc import Sequence

LOWERED = 0.8
"""By so much the log odds of a choice by words alone are lowered after the fit: asked in several
languages at once, half of what was shown was wrong (docs/languages.md)."""

HELD = 50
"""One passage of so many was held out of the reader's training."""


def read_more(folder: Path) -> list[Row]:
    """Return the rows of other languages; a passage is what begins with the same sentence."""
    rows = []
    for path in sorted(folder.glob("*.jsonl.gz")):
        name = path.name.split(".")[0]
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in map(json.loads, lines):
                if line["sentences"]:
                    passage = zlib.crc32(f"{name}/{line['sentences'][0]}".encode())
                    sentences, labels = tuple(line["sentences"]), tuple(line["labels"])
                    title, answer = line.get("title") or "", line.get("answer")
                    rows.append(
                        Row(name, title, line["question"], sentences, labels, answer, passage)
                    )
    return rows


def asked_of(rows: Sequence[Row], each: int, config: Config) -> list[Asked]:
    """Return the held-out questions of each set with their evidence, from one index."""
    rng = random.Random(SEED)
    held: list[int] = []
    for name in sorted({row.dataset for row in rows}):
        of_set = [
            n
            for n, row in enumerate(rows)
            if row.dataset == name and row.passage % HELD == 0 and UNKNOWN not in row.labels
        ]
        held += rng.sample(of_set, min(each, len(of_set)))
    asker = Asker(config, open_embedder(config, print), rows, frozenset(held))
    return list(asker.of_large(held))


def fit_readers(asked: Sequence[Asked], model: ReaderModel) -> Stages:
    """Fit what chooses, and what is made of the reader's logits."""
    basic, labels = zip(*(each.basic() for each in asked), strict=True)
    choosing = fit_one(np.vstack(basic), np.hstack(labels), FEATURES, RANKING_STRENGTH)
    unfitted = Stages(choosing, blank(READER_COLUMNS), blank(JUDGE_COLUMNS))
    reader = LearnedReader(model, stages=unfitted)
    read = [as_question(each, reader.skimmed(each.retrieval)) for each in asked]
    stack = fit(read, READER_COLUMNS)
    report(read, stack)
    return Stages(choosing, stack, stack)


def by_words(asked: Asked) -> Question:
    """Return a question with the columns that need no reader."""
    texts = [sentence.text for sentence in sentences_of(asked.retrieval)]
    matrix, labels = sentence_features(asked.retrieval), asked.labels(texts)
    return Question(asked.dataset, asked.group, bool(asked.right), asked.made, matrix, labels)


def main() -> None:
    """Run both fits."""
    parser = argparse.ArgumentParser(prog="python -m training.language_stages")
    parser.add_argument("--more", type=Path, required=True, help="rows of other languages")
    parser.add_argument("--project", type=Path, required=True, help="folder for the indexes")
    parser.add_argument("--out", type=Path, required=True, help=f"folder of {WEIGHTS_OF_LANGUAGES}")
    parser.add_argument("--reader", type=Path, help="folder of another reader's graph")
    parser.add_argument("--each", type=int, default=100, help="so many rows of a set at most")
    parser.add_argument("--others", type=int, default=2000, help="so many windows beside them")
    options = parser.parse_args()
    stage_questions.DISTRACTORS = options.others
    rows = read_more(options.more)
    english = Config(project=options.project / "english")
    words = [by_words(each) for each in asked_of(rows, options.each, english)]
    chosen = fit(words, FEATURES)
    report(words, chosen)
    fitted_to = chosen.calibration
    lowered = replace(fitted_to, offset=fitted_to.offset - LOWERED)
    chosen = replace(chosen, calibration=lowered)
    every = replace(
        english, project=options.project / "all", language=LanguageConfig("multilingual")
    )
    asked = asked_of(rows, options.each, every)
    embedder = open_embedder(every, print)
    if not isinstance(embedder, MultilingualEmbedder):
        raise TypeError(embedder)
    model = ReaderModel(options.reader, name="languages", lower=embedder.lower)
    fitted = as_json(fit_readers(asked, model)) | {"words": described(chosen)}
    del fitted["judge"]
    path = options.out / WEIGHTS_OF_LANGUAGES
    path.write_text(json.dumps(fitted, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
