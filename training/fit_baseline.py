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
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from sourcebot.config import Config
from sourcebot.embedder import open_embedder
from sourcebot.features import FEATURES, sentence_features
from sourcebot.generation import open_current
from sourcebot.indexer import build_index
from sourcebot.retriever import retrieve
from sourcebot.types import Filters

SETS = ("squad2", "nq", "selqa", "covidqa")
ROWS_PER_SET = 900


def load_rows(path: Path, seed: int) -> list[dict]:
    """Return a seeded sample of the windows, without those that hold unknown labels."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    rng = random.Random(seed)
    sample = []
    for name in SETS:
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


def labelled(config: Config, rows: list[dict]) -> list[tuple[np.ndarray, np.ndarray, bool, str]]:
    """Return (features, labels, answerable, set) for the question of each window."""
    embedder = open_embedder(config, print)
    print(build_index(config, embedder).articles, "articles")
    generation = open_current(config.index_folder)
    found = []
    for row in rows:
        settings = config.retrieval
        retrieval = retrieve(
            generation, embedder, row["question"], Filters(),
            paragraphs=settings.paragraphs, dense_weight=settings.dense_weight,
        )
        places, matrix = sentence_features(retrieval)
        positive = [flat(s) for s, y in zip(row["sentences"], row["labels"], strict=True) if y == 1]
        answer = flat(row["answer"] or "")
        labels = np.zeros(len(places))
        for place, (evidence, span) in enumerate(places):
            text = flat(evidence.paragraph.sentence_text(span))
            if any(text in p or p in text for p in positive):
                labels[place] = 1
            elif positive and answer and answer in text:
                labels[place] = -1  # perhaps it answers too
        found.append((matrix, labels, bool(positive), row["set"]))
    return found


def flat(text: str) -> str:
    """Return text without case, punctuation and spaces."""
    return "".join(c for c in text.casefold() if c.isalnum())


def fit(data: list[tuple[np.ndarray, np.ndarray, bool, str]]) -> tuple[np.ndarray, float]:
    """Return weights and bias: a ranking fit, then Platt scaling of each question's best.

    Platt (1999), "Probabilistic outputs for support vector machines".
    """
    x = np.vstack([m for m, _, _, _ in data])
    y = np.hstack([labels for _, labels, _, _ in data])
    x, y = x[y >= 0], y[y >= 0]
    mean, spread = x.mean(0), x.std(0) + 1e-9
    model = LogisticRegression(C=0.3, max_iter=2000).fit((x - mean) / spread, y)
    weights = model.coef_[0] / spread
    bias = float(model.intercept_[0] - mean @ weights)
    best, right = [], []
    for matrix, labels, _, _ in data:
        if len(matrix):
            logits = matrix @ weights + bias
            top = int(np.argmax(logits))
            if labels[top] >= 0:
                best.append(logits[top])
                right.append(labels[top])
    platt = LogisticRegression(C=1e6).fit(np.array(best)[:, None], right)
    scale, shift = float(platt.coef_[0][0]), float(platt.intercept_[0])
    return weights * scale, bias * scale + shift


def report(data: list[tuple[np.ndarray, np.ndarray, bool, str]], weights: np.ndarray, bias: float) -> None:
    """Print hit@1, AUROC and refusals at one half for each set."""
    for name in (*SETS, "all"):
        rows = [d for d in data if name in {d[3], "all"} and len(d[0])]
        top = [float(np.max(m @ weights + bias)) for m, _, _, _ in rows]
        hit = [lab[int(np.argmax(m @ weights))] != 0 for m, lab, a, _ in rows if a]
        truth = [a for _, _, a, _ in rows]
        print(
            f"{name:8} hit@1 {np.mean(hit):.3f} AUROC {roc_auc_score(truth, top):.3f} refused:"
            f" answerable {np.mean([t < 0 for t, a in zip(top, truth) if a]):.2f}"
            f" others {np.mean([t < 0 for t, a in zip(top, truth) if not a]):.2f}"
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
    data = labelled(Config(project=options.project), rows)
    half = len(data) // 2
    order = random.Random(options.seed).sample(range(len(data)), len(data))
    print("held-out half:")
    report([data[i] for i in order[half:]], *fit([data[i] for i in order[:half]]))
    weights, bias = fit(data)
    named = {name: round(float(w), 5) for name, w in zip(FEATURES, weights, strict=True)}
    options.out.write_text(json.dumps({"weights": named, "bias": round(bias, 5)}, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
