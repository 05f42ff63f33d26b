"""Fit the regressions that turn features and reader logits into an order and a probability.

    python -m training.stack --data sentences.jsonl.gz --project WORK --out src/sourcebot/weights

Each window becomes an article of a project in the folder WORK, which the real indexer, retriever
and reader then serve, so the columns are exactly those of a question in use. Questions come from
the held-out passages only: on what it was trained on the reader is too sure of itself.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from sourcebot.config import Config
from sourcebot.features import FEATURES, sentence_features
from sourcebot.generation import open_current
from sourcebot.indexer import build_index
from sourcebot.model_store import open_embedder
from sourcebot.reader import COLUMNS, READ_WORDS, LearnedReader, LogisticModel, Stack
from sourcebot.reader_model import ReaderModel
from sourcebot.retriever import retrieve
from sourcebot.types import Filters
from sourcebot.windows import sentences_of
from training.rows import ANSWERS, Row, read_rows
from training.split import hold_out, passages
from training.train import SEED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sourcebot.types import Evidence, Retrieval
    from sourcebot.windows import Sentence

SETS = ("squad2", "nq", "selqa", "nqg")
"""Sets whose questions make sense without their passage."""

DISTRACTORS = 2000
"""How many other windows are indexed beside the held-out ones."""

SHORT_ANSWER = 3
NOT_STATED_SHARE = 0.5
"""How many answerable questions are also asked with all that may answer taken out."""


@dataclass(frozen=True, slots=True)
class Question:
    """Columns of the sentences, for choosing and after reading, and their labels.

    Labels: 1 answers, 0 does not, -1 perhaps.
    """

    dataset: str
    answerable: bool
    basic: np.ndarray
    basic_labels: np.ndarray
    read: np.ndarray
    read_labels: np.ndarray


def flat(text: str) -> str:
    """Return text without case, punctuation and spaces."""
    return "".join(c for c in text.casefold() if c.isalnum())


def labels_of(texts: Sequence[str], right: list[str], answer: str) -> np.ndarray:
    """Return the labels of sentences, given the answering ones and the answer, both flat."""
    labels = np.zeros(len(texts))
    for place, text in enumerate(map(flat, texts)):
        if any(text in known or known in text for known in right):
            labels[place] = 1
        elif len(answer) > SHORT_ANSWER and answer in text:
            labels[place] = -1
    return labels


def questions(config: Config, rows: list[Row], asked: list[int]) -> Iterator[Question]:
    """Yield the labelled questions, and some again with everything taken out that may answer."""
    rng = random.Random(SEED)
    embedder = open_embedder(config, print)
    print(build_index(config, embedder).articles, "articles", flush=True)
    generation = open_current(config.index_folder)
    reader = LearnedReader(ReaderModel(), READ_WORDS)
    settings = config.retrieval
    for done, number in enumerate(asked):
        row = rows[number]
        retrieval = retrieve(
            generation,
            embedder,
            row.question,
            Filters(),
            paragraphs=settings.paragraphs,
            dense_weight=settings.dense_weight,
        )
        pairs = zip(row.sentences, row.labels, strict=True)
        right = [flat(sentence) for sentence, label in pairs if label == ANSWERS]
        answer = flat(row.answer or "")
        yield measured(reader, retrieval, row.dataset, right, answer)
        if right and rng.random() < NOT_STATED_SHARE:
            others = tuple(e for e in retrieval.evidence if not may_answer(e, right, answer))
            yield measured(reader, replace(retrieval, evidence=others), row.dataset, [], "")
        if done % 100 == 0:
            print(f"{done} of {len(asked)} questions", flush=True)


def measured(
    reader: LearnedReader, retrieval: Retrieval, dataset: str, right: list[str], answer: str
) -> Question:
    """Return the columns and labels of one question."""
    sentences: tuple[Sentence, ...] = sentences_of(retrieval)
    readings, matrix = reader.features(retrieval)
    return Question(
        dataset=dataset,
        answerable=bool(right),
        basic=sentence_features(retrieval),
        basic_labels=labels_of([s.text for s in sentences], right, answer),
        read=matrix,
        read_labels=labels_of([r.sentence.text for r in readings], right, answer),
    )


def may_answer(evidence: Evidence, right: list[str], answer: str) -> bool:
    """Return whether a paragraph holds an answering sentence or the answer's words."""
    text = flat(evidence.paragraph.text)
    return any(known in text for known in right) or (len(answer) > SHORT_ANSWER and answer in text)


def fit_one(x: np.ndarray, y: np.ndarray, strength: float) -> LogisticModel:
    """Return a logistic regression on standardized columns; 1 / ``strength`` is its L2."""
    x, y = x[y >= 0], y[y >= 0]
    mean, spread = x.mean(0), x.std(0) + 1e-9
    model = LogisticRegression(C=strength, max_iter=5000).fit((x - mean) / spread, y)
    weights = model.coef_[0] / spread
    return LogisticModel(weights, float(model.intercept_[0] - mean @ weights))


def fit_stack(data: list[Question]) -> Stack:
    """Return both stages; the second is fitted on each question's best sentence."""
    data = [question for question in data if len(question.read)]
    ranking = fit_one(
        np.vstack([q.read for q in data]), np.hstack([q.read_labels for q in data]), 0.3
    )
    rows, right = [], []
    for question in data:
        logits = ranking.logits(question.read)
        top = int(np.argmax(logits))
        rows.append([*question.read[top], logits[top]])
        right.append(question.read_labels[top])
    return Stack(ranking, fit_one(np.array(rows), np.array(right), 0.1))


def report(data: list[Question], model: Stack) -> None:
    """Print hit@1, AUROC and the refusals at some thresholds for each set."""
    for name in (*SETS, "all"):
        part = [q for q in data if name in {q.dataset, "all"} and len(q.read)]
        judged = [model.judge(q.read) for q in part]
        best = [int(np.argmax(logits)) for logits, _ in judged]
        top = np.array([p[place] for (_, p), place in zip(judged, best, strict=True)])
        hit = np.array([q.read_labels[b] != 0 for q, b in zip(part, best, strict=True)])
        truth = np.array([q.answerable for q in part])
        refused = " ".join(
            f"@{t}: {np.mean(top[truth] < t):.2f}/{np.mean(top[~truth] < t):.2f}"
            for t in (0.2, 0.3, 0.4, 0.5)
        )
        print(
            f"{name:8} hit@1 {hit[truth].mean():.3f} AUROC {roc_auc_score(truth, top):.3f} "
            f"refused answerable/others {refused}"
        )


def named(model: LogisticModel, columns: tuple[str, ...]) -> dict[str, object]:
    """Return a model as JSON values, each weight under its column's name."""
    weights = {n: round(float(w), 5) for n, w in zip(columns, model.weights, strict=True)}
    return {"weights": weights, "bias": round(model.bias, 5)}


def main() -> None:
    """Run the whole fit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--project", type=Path, required=True, help="folder for the index")
    parser.add_argument("--out", type=Path, required=True, help="folder of stack.json")
    options = parser.parse_args()
    rows = read_rows(options.data)
    held = hold_out(rows, passages(rows), SEED)
    usable = sorted(n for n in held if rows[n].dataset in SETS and -1 not in rows[n].labels)
    others = random.Random(SEED).sample(range(len(rows)), DISTRACTORS)
    sources = options.project / "sources"
    sources.mkdir(parents=True, exist_ok=True)
    texts = {" ".join(" ".join(rows[n].sentences).split()) for n in (*sorted(held), *others)}
    for number, text in enumerate(sorted(texts)):
        (sources / f"{number:05}.txt").write_text(f"Passage {number}\n\n{text}\n", "utf-8")
    data = list(questions(Config(project=options.project), rows, usable))
    order = random.Random(SEED).sample(range(len(data)), len(data))
    half = len(data) // 2
    print(f"{len(data)} questions; fitted on one half, reported on the other:")
    report([data[i] for i in order[half:]], fit_stack([data[i] for i in order[:half]]))
    model = fit_stack(data)
    choosing = fit_one(
        np.vstack([q.basic for q in data]), np.hstack([q.basic_labels for q in data]), 0.3
    )
    written = {
        "choosing": named(choosing, FEATURES),
        "ranking": named(model.ranking, COLUMNS),
        "answering": named(model.answering, (*COLUMNS, "logit")),
    }
    (options.out / "stack.json").write_text(json.dumps(written, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
