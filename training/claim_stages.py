"""Fit the regression that turns readings of a claim into calibrated probabilities.

    python -m training.claim_stages --claims SETS --out src/sourcebot/answering/weights/claims

SETS holds NAME.dev.jsonl.gz of the sets named in ``SETS`` (`claim_windows.py` tells their form).
The half of each set's claims that `benchmarks.claims` measures with is left alone.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.claims import kept_back, nearest, windows
from sourcebot.answering.claims.judging import CLASSES, FEATURES, features
from sourcebot.answering.claims.model import ClaimModel
from sourcebot.files import write_atomically
from sourcebot.text.terms import terms_of
from training.claim_windows import read_records

SETS = ("feversymmetric", "fm2", "factcheckgpt", "scifact", "conflictqa", "cadnli", "wice")
"""Sets whose licences let what is fitted on them be passed on."""

MOST, MOST_SENTENCES = 150, 8
ELSEWHERE, OTHERS = 0.5, 30
"""So many claims are also set beside what is most like them in the evidence of so many others:
silent."""

ALIKE = 0.6
"""Claims that share so many of their terms may be about one thing."""

STRENGTH = 0.5
SEED = 5

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Labelled:
    """The features of a claim and its evidence, float64 [features], and its label."""

    columns: Vector
    label: str
    dataset: str


def labelled(folder: Path, model: ClaimModel, random: Random) -> Iterator[Labelled]:
    """Yield the claims to fit on of the sets that are there."""
    for name in SETS:
        path = folder / f"{name}.dev.jsonl.gz"
        if not path.exists():
            print(f"missing: {path}")
            continue
        records = [r for r in read_records(path) if r["evidence"] and not kept_back(r["claim"])]
        random.shuffle(records)
        for record in records[:MOST]:
            yield from _read(record["claim"], record["evidence"], record["label"], name, model)
            if random.random() < ELSEWHERE:
                evidence = _elsewhere(record, random.sample(records, min(OTHERS, len(records))))
                yield from _read(record["claim"], evidence, "silent", name, model)


def _elsewhere(record: dict[str, Any], others: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the evidence of claims about something else."""
    wanted = set(terms_of(record["claim"]))
    return [
        {**document, "sentences": document["sentences"][:MOST_SENTENCES]}
        for other in others
        if len(wanted & set(terms_of(other["claim"]))) < ALIKE * len(wanted)
        for document in other["evidence"][:1]
    ]


def _read(
    claim: str, evidence: list[dict[str, Any]], label: str, name: str, model: ClaimModel
) -> Iterator[Labelled]:
    readings = model.read(claim, nearest(claim, windows(evidence)))
    if readings:
        yield Labelled(features(claim, readings), label, name)


def fit(claims: Sequence[Labelled]) -> tuple[Vector, Vector]:
    """Return weights [features, classes] and bias [classes]."""
    columns = np.array([claim.columns for claim in claims])
    wanted = np.array([[claim.label == c.value for c in CLASSES] for claim in claims], float)
    mean, spread = columns.mean(0), columns.std(0) + 1e-9
    scaled = (columns - mean) / spread
    size, classes = columns.shape[1], len(CLASSES)

    def loss(point: Vector) -> tuple[float, Vector]:
        weights, bias = point[:-classes].reshape(size, classes), point[-classes:]
        logits = scaled @ weights + bias
        logits -= logits.max(1, keepdims=True)
        told = logits - np.log(np.exp(logits).sum(1, keepdims=True))
        slopes = STRENGTH * (np.exp(told) - wanted)
        value = -STRENGTH * float((wanted * told).sum())
        gradient = np.append(scaled.T @ slopes + weights, slopes.sum(0))
        return value + float((weights**2).sum()) / 2, gradient

    found = minimize(loss, np.zeros((size + 1) * classes), jac=True, method="L-BFGS-B").x
    weights = found[:-classes].reshape(size, classes) / spread[:, None]
    return weights, found[-classes:] - mean @ weights


def main() -> None:
    """Read the command line, fit and write ``stage.json``."""
    parser = argparse.ArgumentParser(prog="python -m training.claim_stages")
    parser.add_argument("--claims", type=Path, required=True, help="folder of sets of claims")
    parser.add_argument("--out", type=Path, required=True, help="folder of the model of claims")
    options = parser.parse_args()
    claims = list(labelled(options.claims, ClaimModel(options.out), Random(SEED)))
    weights, bias = fit(claims)
    names = [verdict.value for verdict in CLASSES]
    record = {
        "weights": {
            feature: {name: round(float(w), 5) for name, w in zip(names, row, strict=True)}
            for feature, row in zip(FEATURES, weights, strict=True)
        },
        "bias": {name: round(float(b), 5) for name, b in zip(names, bias, strict=True)},
    }
    write_atomically(options.out / "stage.json", json.dumps(record, indent=1) + "\n")
    print(f"fitted on {len(claims)} claims")


if __name__ == "__main__":
    main()
