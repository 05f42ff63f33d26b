"""Fit the regressions that turn features and readers' logits into an order and a probability.

    python -m training.stages --data DATA --project WORK --out src/sourcebot/answering/weights

Questions come from the held-out passages only: on what it was trained on a reader is too sure
of itself. The folder WORK is for the indexes that they are asked of (`stage_questions.py`).
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize
from sklearn.metrics import roc_auc_score

from sourcebot.answering.features import FEATURES
from sourcebot.answering.reader import Judge, LearnedReader
from sourcebot.answering.reader_model import ReaderModel
from sourcebot.answering.stages import (
    JUDGE_COLUMNS,
    READER_COLUMNS,
    RULED,
    WEIGHTS,
    Calibration,
    LogisticModel,
    Stack,
    Stages,
    answering_columns,
    as_json,
)
from sourcebot.checks.calibration import bins_of, expected_error
from sourcebot.config.settings import Config
from sourcebot.embedding.exported import open_embedder
from training.rows import UNKNOWN, read_corpus
from training.stage_questions import SEED, Asked, Asker, Question, as_question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.answering.reader import Model

_ALONE = (
    "nq nq_multispan nq_qed nqg quotesum selqa squad1_cs224n squad1_flan squad1_reqa squad2"
    " squad2_train_part squad2_unans_near2 squad2_unans_pairs squad2_unansq squadshifts_wiki timeqa"
    " bioasq covidqa integreat_en quoref_contrast"
)
SETS = frozenset(_ALONE.split())
"""Sets whose questions make sense without their passage."""

SIGNS = {
    **dict.fromkeys(("cosine", "cover_sentence", "cover_context", "cover_paragraph"), 1),
    **dict.fromkeys(("type_held", "reason_held", "reader", "span", "logit"), 1),
    **dict.fromkeys(("judge", "judge_span"), 1),
    **dict.fromkeys(("rarest_missing", "names_missing", "asks", "none", "judge_none"), -1),
    **dict.fromkeys(("type_lacking", "date_lacking", "number_lacking", "echo"), -1),
    **dict.fromkeys(("numbers_missing", "proper_missing"), -1),
    **dict.fromkeys(("other_year", "other_number", "other_name"), -1),
}
"""Which way a column may turn the probability that the best sentence answers."""

_BOUNDS = {0: (None, None), 1: (0.0, None), -1: (None, 0.0)}
RANKING_STRENGTH, ANSWERING_STRENGTH = 0.3, 0.1
FOLDS = 5


def fit_one(
    x: np.ndarray,
    y: np.ndarray,
    columns: tuple[str, ...],
    strength: float,
    signs: Sequence[int] | None = None,
) -> LogisticModel:
    """Return a logistic regression on standardized columns; 1 / ``strength`` is its L2.

    A column whose sign is 1 or -1 may only speak for or against: with few examples of a kind, a
    column that hardly varies otherwise gets whatever weight the others leave it. Columns that count
    by rule are not fitted: their weight is 0.
    """
    x, y = np.where(np.isin(columns, tuple(RULED)), 0.0, x[y >= 0]), y[y >= 0]
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
    return LogisticModel(columns, weights, float(found.x[-1] - mean @ weights))


def fit_stack(data: list[Question], columns: tuple[str, ...]) -> Stack:
    """Return both stages; the second is fitted on each question's best sentence."""
    ranking = fit_one(
        np.vstack([q.columns for q in data]),
        np.hstack([q.labels for q in data]),
        columns,
        RANKING_STRENGTH,
    )
    names = (*answering_columns(columns), "logit")
    unfitted = Stack(ranking, LogisticModel(names, np.zeros(len(names)), 0.0))
    tops = [int(np.argmax(ranking.logits(q.columns))) for q in data]
    rows = [unfitted.joined(q.columns[[top]])[0] for q, top in zip(data, tops, strict=True)]
    right = np.array([q.labels[top] for q, top in zip(data, tops, strict=True)])
    signs = [SIGNS.get(name, 0) for name in names]
    return replace(
        unfitted, answering=fit_one(np.array(rows), right, names, ANSWERING_STRENGTH, signs)
    )


def fit(data: list[Question], columns: tuple[str, ...]) -> Stack:
    """Return both stages with a calibration that none of its questions was fitted on.

    Platt scaling on the logits of questions left out of the fit, as people asked them: how often
    those are answered is what a probability is about, not how many near-misses were made.
    """
    data = [question for question in data if len(question.columns)]
    order = random.Random(SEED).sample(range(len(data)), len(data))
    logits, right, sets = [], [], []
    for fold in range(FOLDS):
        out = order[fold::FOLDS]
        rest = [data[n] for n in set(order) - set(out)]
        stack = fit_stack(rest, columns)
        for question in (data[n] for n in out):
            top = int(np.argmax(stack.ranking.logits(question.columns)))
            if question.labels[top] != UNKNOWN and not question.made:
                row = stack.joined(question.columns[[top]])
                logits.append(float(stack.answering.logits(row)[0]))
                right.append(question.labels[top] > 0)
                sets.append(question.dataset)
    calibration = platt(np.array(logits), np.array(right), sets)
    bins = bins_of(calibration.probabilities(np.array(logits)), np.array(right))
    print(f"{calibration}, expected error {expected_error(bins):.3f}")
    return replace(fit_stack(data, columns), calibration=calibration)


def platt(logits: np.ndarray, right: np.ndarray, sets: Sequence[str]) -> Calibration:
    """Return Platt scaling (1999), fitted so that the square root of a set's size counts."""
    sizes = Counter(sets)
    weights = np.array([sizes[name] ** -0.5 for name in sets])
    weights /= weights.mean()
    side = np.where(right, 1.0, -1.0)

    def loss(point: np.ndarray) -> float:
        return float((weights * np.logaddexp(0, -side * (point[0] * logits + point[1]))).sum())

    found = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead")
    return Calibration(float(found.x[0]), float(found.x[1]))


def report(data: list[Question], stack: Stack) -> None:
    """Print hit@1, AUROC and the refusals at some thresholds, by set and by size of index."""
    names = sorted({q.dataset for q in data})
    for name in (*names, "large", "small", "all"):
        part = [q for q in data if name in {q.dataset, q.group, "all"} and len(q.columns)]
        truth = np.array([q.answerable for q in part])
        if not truth.any():
            continue
        judged = [stack.judge(q.columns) for q in part]
        best = [int(np.argmax(logits)) for logits, _ in judged]
        top = np.array([p[place] for (_, p), place in zip(judged, best, strict=True)])
        hit = np.array([q.labels[b] != 0 for q, b in zip(part, best, strict=True)])
        area = float("nan") if truth.all() else roc_auc_score(truth, top)
        others = top[~truth] if (~truth).any() else np.zeros(1)
        refused = " ".join(
            f"@{t}: {np.mean(top[truth] < t):.2f}/{np.mean(others < t):.2f}"
            for t in (0.2, 0.25, 0.3, 0.4, 0.5)
        )
        print(
            f"{name:18} {len(part):5} hit@1 {hit[truth].mean():.3f} AUROC {area:.3f} "
            f"refused answerable/others {refused}"
        )


def fit_stages(asked: list[Asked], small: Model, judge: Model) -> Stages:
    """Fit stage after stage: what chooses, what the small reader says, what the judge says."""
    basic, labels = zip(*(each.basic() for each in asked), strict=True)
    choosing = fit_one(np.vstack(basic), np.hstack(labels), FEATURES, RANKING_STRENGTH)
    unfitted = Stages(choosing, blank(READER_COLUMNS), blank(JUDGE_COLUMNS))
    reader = LearnedReader(small, judge, stages=unfitted)
    skimmed = [reader.skimmed(each.retrieval) for each in asked]
    first = fit(
        [as_question(each, read) for each, read in zip(asked, skimmed, strict=True)],
        READER_COLUMNS,
    )
    judged = []
    for each, read in zip(asked, skimmed, strict=True):
        logits = first.ranking.logits(read.matrix)
        judged.append(as_question(each, reader.judged(each.retrieval.question, read, logits)))
    report([as_question(each, read) for each, read in zip(asked, skimmed, strict=True)], first)
    second = fit(judged, JUDGE_COLUMNS)
    report(judged, second)
    return Stages(choosing, first, second)


def blank(columns: tuple[str, ...]) -> Stack:
    """Return stages that say nothing, in the place of those that are not fitted yet."""
    names = (*answering_columns(columns), "logit")
    return Stack(
        LogisticModel(columns, np.zeros(len(columns)), 0.0),
        LogisticModel(names, np.zeros(len(names)), 0.0),
    )


def questions(data: Path, project: Path, most: int) -> list[Asked]:
    """Return the held-out questions with their evidence."""
    corpus = read_corpus(data)
    usable = sorted(
        n
        for n in corpus.held
        if corpus.rows[n].dataset in SETS and UNKNOWN not in corpus.rows[n].labels
    )
    chosen = random.Random(SEED).sample(usable, min(most, len(usable)))
    config = Config(project=project)
    asker = Asker(config, open_embedder(config, print), corpus.rows, corpus.held)
    return [*asker.of_large(chosen), *asker.of_small(chosen[::2])]


def main() -> None:
    """Run the whole fit."""
    parser = argparse.ArgumentParser(prog="python -m training.stages")
    parser.add_argument("--data", type=Path, required=True, help="what training.data wrote")
    parser.add_argument("--project", type=Path, required=True, help="folder for the indexes")
    parser.add_argument("--out", type=Path, required=True, help=f"folder of {WEIGHTS}")
    parser.add_argument("--most", type=int, default=1200, help="so many rows at most are asked")
    options = parser.parse_args()
    asked = questions(options.data, options.project, options.most)
    print(f"{len(asked)} questions", flush=True)
    stages = fit_stages(asked, ReaderModel(), Judge())
    (options.out / WEIGHTS).write_text(json.dumps(as_json(stages), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
