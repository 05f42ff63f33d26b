"""Fit the weights of the baseline reader: labelled windows -> weights/baseline.json.

Every window becomes an article of a project in a temporary folder, which the real indexer and
retriever then read, so the features are exactly those of a question in use.

    python training/fit_baseline.py --data sentences.jsonl.gz --project WORK \
        --out src/sourcebot/weights/baseline.json
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from sourcebot.config import Config
from sourcebot.embedder import open_embedder
from sourcebot.features import FEATURES, sentence_features
from sourcebot.generation import open_current
from sourcebot.indexer import build_index
from sourcebot.reader import BaselineModel, LogisticModel
from sourcebot.retriever import retrieve
from sourcebot.types import Filters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcebot.types import Evidence, Retrieval

SETS = ("squad2", "nq", "selqa", "nqg")
"""Sets whose questions make sense without their passage."""

DISTRACTORS = ("covidqa", "qamr", "policyqa")
"""Sets that only add articles to be told apart."""

ROWS_PER_SET = 600
SHORT_ANSWER = 3
NOT_STATED_SHARE = 0.5
"""How many answerable questions are also asked with all that may answer taken out."""

Example = tuple[np.ndarray, np.ndarray, bool, str]
"""Features, labels (1 answers, 0 does not, -1 perhaps), answerable, set."""


def load_rows(path: Path, seed: int) -> list[dict]:
    """Return a seeded sample of the windows, without those that hold unknown labels."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    rng = random.Random(seed)
    sample = []
    for name in (*SETS, *DISTRACTORS):
        usable = [r for r in rows if r["set"] == name and -1 not in r["labels"]]
        sample += rng.sample(usable, min(ROWS_PER_SET, len(usable)))
    return sample


def write_sources(rows: list[dict], folder: Path) -> None:
    """Write each distinct window as an article of one paragraph."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(sorted({window_text(row) for row in rows})):
        (folder / f"{number:05}.txt").write_text(f"Passage {number}\n\n{text}\n", "utf-8")


def window_text(row: dict) -> str:
    """Return a window as one line."""
    return " ".join(" ".join(row["sentences"]).split())


def examples(config: Config, rows: list[dict], seed: int) -> Iterator[Example]:
    """Yield the labelled question of each window, and some with the answer taken out."""
    rng = random.Random(seed)
    embedder = open_embedder(config, print)
    print(build_index(config, embedder).articles, "articles")
    generation = open_current(config.index_folder)
    settings = config.retrieval
    for row in rows:
        if row["set"] not in SETS:
            continue
        retrieval = retrieve(
            generation,
            embedder,
            row["question"],
            Filters(),
            paragraphs=settings.paragraphs,
            dense_weight=settings.dense_weight,
        )
        right = [flat(s) for s, y in zip(row["sentences"], row["labels"], strict=True) if y == 1]
        answer = flat(row["answer"] or "")
        yield (*labelled(retrieval, right, answer), bool(right), row["set"])
        if right and rng.random() < NOT_STATED_SHARE:
            others = tuple(e for e in retrieval.evidence if not may_answer(e, right, answer))
            matrix, labels = labelled(replace(retrieval, evidence=others), [], "")
            yield matrix, labels, False, row["set"]


def labelled(retrieval: Retrieval, right: list[str], answer: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the features of the sentences and their labels."""
    places, matrix = sentence_features(retrieval)
    labels = np.zeros(len(places))
    for place, (evidence, span) in enumerate(places):
        text = flat(evidence.paragraph.sentence_text(span))
        if any(text in known or known in text for known in right):
            labels[place] = 1
        elif len(answer) > SHORT_ANSWER and answer in text:
            labels[place] = -1
    return matrix, labels


def may_answer(evidence: Evidence, right: list[str], answer: str) -> bool:
    """Return whether a paragraph holds an answering sentence or the answer's words."""
    text = flat(evidence.paragraph.text)
    return any(known in text for known in right) or (len(answer) > SHORT_ANSWER and answer in text)


def flat(text: str) -> str:
    """Return text without case, punctuation and spaces."""
    return "".join(c for c in text.casefold() if c.isalnum())


def fit(data: list[Example]) -> BaselineModel:
    """Return a model whose first stage ranks sentences and whose second judges the best."""
    x = np.vstack([matrix for matrix, _, _, _ in data])
    y = np.hstack([labels for _, labels, _, _ in data])
    ranking = fit_one(x[y >= 0], y[y >= 0], strength=0.3)
    rows, right = [], []
    for matrix, labels, _, _ in data:
        if len(matrix):
            logits = ranking.logits(matrix)
            top = int(np.argmax(logits))
            if labels[top] >= 0:
                rows.append([*matrix[top], logits[top]])
                right.append(labels[top])
    return BaselineModel(ranking, fit_one(np.array(rows), np.array(right), strength=0.1))


def fit_one(x: np.ndarray, y: np.ndarray, strength: float) -> LogisticModel:
    """Return a logistic regression fitted on standardized columns; 1 / ``strength`` is its L2."""
    mean, spread = x.mean(0), x.std(0) + 1e-9
    model = LogisticRegression(C=strength, max_iter=2000).fit((x - mean) / spread, y)
    weights = model.coef_[0] / spread
    return LogisticModel(weights, float(model.intercept_[0] - mean @ weights))


def report(data: list[Example], model: BaselineModel) -> None:
    """Print hit@1, AUROC and the refusals at some thresholds for each set."""
    for name in (*SETS, "all"):
        rows = [d for d in data if name in {d[3], "all"} and len(d[0])]
        judged = [(*model.judge(m), labels, answerable) for m, labels, answerable, _ in rows]
        truth = np.array([answerable for _, _, _, answerable in judged])
        hit = np.array([labels[np.argmax(logits)] != 0 for logits, _, labels, _ in judged])
        top = np.array([p[np.argmax(logits)] for logits, p, _, _ in judged])
        refused = " ".join(
            f"@{t}: {np.mean(top[truth] < t):.2f}/{np.mean(top[~truth] < t):.2f}"
            for t in (0.2, 0.3, 0.4, 0.5)
        )
        print(
            f"{name:8} hit@1 {hit[truth].mean():.3f} AUROC {roc_auc_score(truth, top):.3f} "
            f"refused answerable/others {refused}"
        )


def main() -> None:
    """Run the whole fit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--project", type=Path, required=True, help="folder for the index")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    rows = load_rows(options.data, options.seed)
    write_sources(rows, options.project / "sources")
    data = list(examples(Config(project=options.project), rows, options.seed))
    half = len(data) // 2
    order = random.Random(options.seed).sample(range(len(data)), len(data))
    print("held-out half:")
    report([data[i] for i in order[half:]], fit([data[i] for i in order[:half]]))
    stages = fit(data)
    written = {
        "ranking": named(stages.ranking, FEATURES),
        "answering": named(stages.answering, (*FEATURES, "logit")),
    }
    options.out.write_text(json.dumps(written, indent=2) + "\n", "utf-8")


def named(model: LogisticModel, columns: tuple[str, ...]) -> dict:
    """Return a model as JSON values, each weight under its column's name."""
    weights = {n: round(float(w), 5) for n, w in zip(columns, model.weights, strict=True)}
    return {"weights": weights, "bias": round(model.bias, 5)}


if __name__ == "__main__":
    main()
