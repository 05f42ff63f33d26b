"""Fit the regression that turns readings of a claim into calibrated probabilities.

    python -m training.claim_stages --claims SETS --out src/sourcebot/answering/weights/claims

SETS holds NAME.dev.jsonl.gz of the sets named in ``SETS`` (`claim_windows.py` tells their form).
The half of each set's claims that `benchmarks.claims` measures with is left alone.
Sentences of the other half's evidence are claims too: as they stand or shortened, with a
value, a name or a word changed, or beside the evidence without them.
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
from training.claim_making import against, shortened
from training.claim_windows import read_records
from training.swaps import Lexicon

SETS = ("feversymmetric", "fm2", "factcheckgpt", "scifact", "conflictqa", "cadnli", "wice")
"""Sets whose licences let what is fitted on them be passed on."""

MOST, MOST_SENTENCES = 600, 8
MOST_ALTERED = 180
"""More claims made of a set's own sentences, which are easy, make the others too sure."""

ALTERED = ("feversymmetric", "fm2", "wice")
"""Sets of whose evidence sentences become claims; its sentences are whole ones."""

SHARES = {"supports": 0.35, "contradicts": 0.5, "silent": 0.15}
FEWEST_WORDS, MOST_WORDS, FEWEST_OTHERS = 6, 30, 3
ELSEWHERE, OTHERS = 0.12, 30
"""So many claims are also set beside what is most like them in the evidence of so many others:
silent."""

ALIKE = 0.6
"""Claims that share so many of their terms may be about one thing."""

STRENGTH = 0.1
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
        if name in ALTERED:
            for claim, evidence, label in altered(records[:MOST_ALTERED], random):
                yield from _read(claim, evidence, label, name, model)


def altered(
    records: Sequence[dict[str, Any]], random: Random
) -> Iterator[tuple[str, list[dict[str, Any]], str]]:
    """Yield claims made of sentences of records' evidence, with evidence and label."""
    everything = [s for r in records for e in r["evidence"] for s in e["sentences"]]
    lexicon, seen = Lexicon(everything), set[str]()
    for record in records:
        document = random.choice(record["evidence"])
        sentences = document["sentences"]
        whole = [s for s in sentences if _is_whole(s)]
        sentence = random.choice(whole) if whole else ""
        if not sentence or sentence in seen:
            continue
        seen.add(sentence)
        others = [s for s in sentences if s != sentence]
        evidence = record["evidence"]
        (label,) = random.choices(list(SHARES), weights=list(SHARES.values()))
        claim = sentence
        if label == "contradicts":
            claim = against(sentence, others or random.sample(everything, 50), lexicon, random)
        elif label == "supports":
            claim = shortened(sentence, random)
        elif len(others) < FEWEST_OTHERS:
            continue
        else:
            left = [{**e, "sentences": [s for s in e["sentences"] if s != claim]} for e in evidence]
            evidence = [e for e in left if e["sentences"]]
        if claim:
            yield claim, evidence, label


def _is_whole(sentence: str) -> bool:
    few = FEWEST_WORDS <= len(sentence.split()) <= MOST_WORDS
    return few and sentence[0].isupper() and sentence.rstrip()[-1] in '.!"'


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
