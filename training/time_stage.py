"""Fit which sentences answer for the span of time that a question names.

    python -m training.time_stage --rows timeqa.train.jsonl.gz --out src/sourcebot/answering/weights

A row is `{question, answers, answerable, document: {title, text}}`, a question about a span of time
and the article that it is asked of. Each article is indexed and read as in use, with the question
as it stands and without its span; a sentence answers when it has an answer as whole words.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.claim_sets import lay_out, rows, stands
from sourcebot.answering.reader import Judge, LearnedReader
from sourcebot.answering.reader_model import ReaderModel
from sourcebot.answering.retriever import retrieve
from sourcebot.answering.rows import own_rows
from sourcebot.answering.stages import LogisticModel, described_model
from sourcebot.answering.time_stage import FEATURES, Timed, columns_of
from sourcebot.answering.validity import asked_range
from sourcebot.config.settings import Config
from sourcebot.embedding.embedder import Embedder
from sourcebot.embedding.exported import open_embedder
from sourcebot.files import write_atomically
from sourcebot.index.contract import Snapshot
from sourcebot.index.open import build_index, open_engine
from sourcebot.text.periods import without_periods
from sourcebot.types import Filters, Retrieval
from training.stages import fit_one

MOST = 500
"""Questions that are read; each takes about a second on two cores."""

STRENGTH = 0.1
SIGNS = {
    **dict.fromkeys(FEATURES[: FEATURES.index("within") + 1], 1),
    **dict.fromkeys(("within_before", "same_start", "same_end"), 1),
    **dict.fromkeys(("outside", "outside_before", "nearest_year", "begun_before"), -1),
}
"""Which way a column may turn the probability that a sentence answers."""


def read(path: Path, most: int, work: Path) -> Iterator[tuple[Timed, np.ndarray]]:
    """Yield the candidates of each question that names a span, and which of them answer."""
    reader = LearnedReader(ReaderModel(), Judge())
    embedder = open_embedder(Config(project=work), print)
    for row in rows(path, most):
        span = asked_range(row["question"])
        if span is None:
            continue
        with tempfile.TemporaryDirectory(dir=work) as folder:
            config = Config(project=Path(folder))
            lay_out(Path(folder), [row["document"]])
            build_index(config, embedder)
            engine = open_engine(config, embedder)
            with engine.reading() as snapshot:
                asked, plain = (
                    own_rows(text, reader.read(_found(snapshot, embedder, text, config)))
                    for text in (row["question"], without_periods(row["question"]))
                )
            engine.close()
        found = columns_of(asked, plain, span)
        right = [any(stands(c.text, a) for a in row["answers"]) for c in found.candidates]
        yield found, np.array(right, bool)


def _found(snapshot: Snapshot, embedder: Embedder, text: str, config: Config) -> Retrieval:
    settings = config.retrieval
    return retrieve(
        snapshot,
        embedder,
        text,
        Filters(),
        paragraphs=settings.paragraphs,
        dense_weight=settings.dense_weight,
    )


def fit(questions: Iterable[tuple[Timed, np.ndarray]]) -> LogisticModel:
    """Return the regression over all candidates."""
    read = [each for each in questions if len(each[1])]
    signs = [SIGNS.get(name, 0) for name in FEATURES]
    columns = np.vstack([found.matrix for found, _ in read])
    return fit_one(columns, np.hstack([right for _, right in read]), FEATURES, STRENGTH, signs)


def main() -> None:
    """Read the command line, fit and write ``time.json``."""
    parser = argparse.ArgumentParser(prog="python -m training.time_stage")
    parser.add_argument("--rows", type=Path, required=True, help="timeqa.train.jsonl.gz")
    parser.add_argument("--out", type=Path, required=True, help="folder of the weights")
    parser.add_argument("--most", type=int, default=MOST, help="questions that are read")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        model = fit(read(options.rows, options.most, Path(work)))
    write_atomically(options.out / "time.json", json.dumps(described_model(model), indent=1) + "\n")


if __name__ == "__main__":
    main()
