"""Fit the regressions that turn features and reader logits into an order and a probability.

    python -m training.stack --data sentences.jsonl.gz --project WORK \
        --out src/sourcebot/answering/weights

Questions come from the held-out passages only: on what it was trained on the reader is too sure
of itself. The folder WORK is for the indexes that they are asked of (`stack_questions.py`).
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize
from sklearn.metrics import roc_auc_score

from sourcebot.answering.features import FEATURES
from sourcebot.answering.reader import (
    ANSWERING,
    COLUMNS,
    READ_WORDS,
    LearnedReader,
    LogisticModel,
    Stack,
)
from sourcebot.answering.reader_model import ReaderModel
from sourcebot.config.settings import Config
from sourcebot.embedding.exported import open_embedder
from training.rows import read_rows
from training.split import hold_out, passages
from training.stack_questions import Asker, Question, read
from training.train import SEED

if TYPE_CHECKING:
    from collections.abc import Sequence

SETS = ("squad2", "nq", "selqa", "nqg")
"""Sets whose questions make sense without their passage."""

SIGNS = {
    **dict.fromkeys(("cosine", "cover_sentence", "cover_context", "cover_paragraph"), 1),
    **dict.fromkeys(("type_held", "reason_held", "reader", "span", "logit"), 1),
    **dict.fromkeys(("rarest_missing", "names_missing", "asks", "none"), -1),
    **dict.fromkeys(("type_lacking", "date_lacking", "number_lacking"), -1),
}
"""Which way a column may turn the probability that the best sentence answers."""

_BOUNDS = {0: (None, None), 1: (0.0, None), -1: (None, 0.0)}


def fit_one(
    x: np.ndarray, y: np.ndarray, strength: float, signs: Sequence[int] | None = None
) -> LogisticModel:
    """Return a logistic regression on standardized columns; 1 / ``strength`` is its L2.

    A column whose sign is 1 or -1 may only speak for or against: with few examples of a kind, a
    column that hardly varies otherwise gets whatever weight the others leave it.
    """
    x, y = x[y >= 0], y[y >= 0]
    mean, spread = x.mean(0), x.std(0) + 1e-9
    z, side = (x - mean) / spread, np.where(y > 0, 1.0, -1.0)

    def loss(point: np.ndarray) -> tuple[float, np.ndarray]:
        weights, margins = point[:-1], side * (z @ point[:-1] + point[-1])
        slopes = -strength * side / (1 + np.exp(margins))
        value = strength * np.logaddexp(0, -margins).sum() + weights @ weights / 2
        return value, np.append(z.T @ slopes + weights, slopes.sum())

    bounds = [_BOUNDS[sign] for sign in signs or [0] * x.shape[1]]
    start = np.zeros(x.shape[1] + 1)
    found = minimize(loss, start, jac=True, bounds=[*bounds, _BOUNDS[0]], method="L-BFGS-B")
    weights = found.x[:-1] / spread
    return LogisticModel(weights, float(found.x[-1] - mean @ weights))


def fit_stack(data: list[Question]) -> Stack:
    """Return both stages; the second is fitted on each question's best sentence."""
    data = [question for question in data if len(question.columns)]
    ranking = fit_one(
        np.vstack([q.columns for q in data]), np.hstack([q.labels for q in data]), 0.3
    )
    rows, right = [], []
    answering = [COLUMNS.index(name) for name in ANSWERING]
    for question in data:
        logits = ranking.logits(question.columns)
        top = int(np.argmax(logits))
        rows.append([*question.columns[top][answering], logits[top]])
        right.append(question.labels[top])
    signs = [SIGNS.get(name, 0) for name in (*ANSWERING, "logit")]
    return Stack(ranking, fit_one(np.array(rows), np.array(right), 0.1, signs))


def report(data: list[Question], model: Stack) -> None:
    """Print hit@1, AUROC and the refusals at some thresholds, by set and by size of index."""
    for name in (*SETS, "large", "small", "all"):
        part = [q for q in data if name in {q.dataset, q.group, "all"} and len(q.columns)]
        judged = [model.judge(q.columns) for q in part]
        best = [int(np.argmax(logits)) for logits, _ in judged]
        top = np.array([p[place] for (_, p), place in zip(judged, best, strict=True)])
        hit = np.array([q.labels[b] != 0 for q, b in zip(part, best, strict=True)])
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
    config = Config(project=options.project)
    asker = Asker(config, open_embedder(config, print), rows)
    asked = [*asker.of_large(held, usable), *asker.of_small(usable)]
    basic, labels = zip(*(each.basic() for each in asked), strict=True)
    choosing = fit_one(np.vstack(basic), np.hstack(labels), 0.3)
    reader = LearnedReader(ReaderModel(), READ_WORDS, choosing)
    data = [read(reader, each) for each in asked]
    order = random.Random(SEED).sample(range(len(data)), len(data))
    half = len(data) // 2
    print(f"{len(data)} questions; fitted on one half, reported on the other:")
    report([data[i] for i in order[half:]], fit_stack([data[i] for i in order[:half]]))
    model = fit_stack(data)
    written = {
        "choosing": named(choosing, FEATURES),
        "ranking": named(model.ranking, COLUMNS),
        "answering": named(model.answering, (*ANSWERING, "logit")),
    }
    (options.out / "stack.json").write_text(json.dumps(written, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
