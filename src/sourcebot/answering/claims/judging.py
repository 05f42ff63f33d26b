"""Readings of windows -> what the articles say of a claim, with calibrated probabilities.

"Supports" needs the model and the values to agree: where the claim names a number, a date or a sum
that the deciding sentence has otherwise, or a name that its paragraph does not hold, it is not
shown. Nor is "contradicts" where the quote has every value and name of the claim.

The four probabilities come from a multinomial logistic regression over named features, fitted by
``training/claim_stages.py`` on claims that the weights have not seen.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.answering.claims.comparing import (
    cover,
    differing,
    lacking,
    parts_of,
    reordered,
    share,
    unnamed,
)
from sourcebot.answering.claims.phrasing import in_order, turned
from sourcebot.text.terms import terms_of
from sourcebot.text.values import ValueKind, values_of
from sourcebot.types.claims import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from sourcebot.answering.claims.model import ClaimReading
    from sourcebot.answering.windows import Sentence

    Vector = npt.NDArray[np.float64]

CLASSES = (Verdict.SUPPORTS, Verdict.CONTRADICTS, Verdict.PARTLY, Verdict.SILENT)

FEATURES = (
    "supports",
    "contradicts",
    "silent",
    "both",
    "cover",
    "part_cover",
    "values_lacking",
    "names_lacking",
    "log_terms",
    "cover_supporting",
    "cover_contradicting",
    "sentence_supporting",
    "sentence_contradicting",
    "in_order",
    "turned",
    "changed",
    "renamed",
)
"""Names of the columns: the greatest log odds of each of the model's classes over the windows (of
"silent" the least), how much supports and contradicts stand against each other, the share of the
claim's terms in the best window, the least such share of a part of the claim, the shares of its
values and names that stand nowhere in the windows read, the length of the claim, and the shares of
its terms in the window that supports and that contradicts the most, and in their deciding
sentences: the model is sure too soon of sentences that speak of something else. The last four are
of the sentence that has the most of the claim's words in their order: how far it has more than half
of them, and this once more where it turns the claim around, has another value, or where the window
does not name what the claim names."""

_COVERED, _TOLD = 2.0, 0.6
"""What the share of a claim's terms weighs against a window's log odds and against a sentence's
share in deciding: without it, quotes that speak of something else come first."""

_HALF = 0.5
_DECISIVE = 0.05
"""A sentence that decides is chosen before one that has slightly more of the claim's words."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Calibrated probabilities of a claim's verdicts, and what speaks of it.

    Attributes:
        probabilities: by verdict, adding up to 1.
        readings: the windows, the most decided first, each with its leaning and log odds.
    """

    probabilities: dict[Verdict, float]
    readings: tuple[tuple[ClaimReading, Verdict, float], ...]

    @property
    def leaning(self) -> Verdict:
        """The most probable verdict."""
        return max(self.probabilities, key=lambda verdict: self.probabilities[verdict])


def judge(claim: str, readings: Sequence[ClaimReading], language: str = "en") -> Judgement:
    """Return what the windows say of a claim together."""
    if not readings:
        return Judgement({v: float(v is Verdict.SILENT) for v in CLASSES}, ())
    columns = features(claim, readings, language)
    probabilities = _stage().probabilities(columns)
    return Judgement(
        dict(zip(CLASSES, (float(p) for p in probabilities), strict=True)),
        tuple(sorted(map(_leaning, readings), key=lambda found: -_nearness(claim, *found))),
    )


def _nearness(claim: str, reading: ClaimReading, _: Verdict, odds: float) -> float:
    """Return how decided a reading is, and how much it speaks of what the claim speaks of."""
    return odds + _COVERED * cover(claim, reading.sentences)


def telling(claim: str, reading: ClaimReading) -> Sentence:
    """Return the sentence of a window that decides, of those that speak of the claim."""
    weights = np.exp(reading.deciding - reading.deciding.max())
    weights /= weights.sum()
    shares = [cover(claim, (sentence,), titled=False) for sentence in reading.sentences]
    return reading.sentences[int((weights + _TOLD * np.array(shares)).argmax())]


def features(claim: str, readings: Sequence[ClaimReading], language: str = "en") -> Vector:
    """Return the features of a claim and at least one reading, float64 of shape (FEATURES,)."""
    odds = np.array([_log_odds(reading.logits) for reading in readings])
    texts = [" ".join(s.text for s in reading.sentences) for reading in readings]
    titles = [reading.sentences[0].evidence.source.title for reading in readings]
    bags = [
        set(terms_of(f"{title} {text}", language))
        for title, text in zip(titles, texts, strict=True)
    ]
    wanted = set(terms_of(claim, language))
    parts = [set(terms_of(part.of(claim), language)) for part in parts_of(claim)] or [wanted]
    best = max(bags, key=lambda bag: len(wanted & bag))
    everything = " ".join((*titles, *texts))
    values = values_of(claim)
    names = [v for v in values if v.kind is ValueKind.NAME]
    unstated = lacking(claim, everything)
    supports, contradicts, silent = odds[:, 0].max(), odds[:, 1].max(), odds[:, 2].min()
    most = (readings[int(odds[:, 0].argmax())], readings[int(odds[:, 1].argmax())])
    return np.array(
        [
            supports,
            contradicts,
            silent,
            min(supports, contradicts),
            share(wanted, best),
            min(share(part, best) for part in parts),
            _part(sum(v.kind is not ValueKind.NAME for v in unstated), len(values) - len(names)),
            _part(sum(v.kind is ValueKind.NAME for v in unstated), len(names)),
            np.log1p(len(wanted)),
            *(cover(claim, reading.sentences) for reading in most),
            *(cover(claim, (decisive(reading),)) for reading in most),
            *_likeness(claim, readings),
        ]
    )


def _likeness(claim: str, readings: Sequence[ClaimReading]) -> tuple[float, float, float, float]:
    """Return the last four features."""
    found = (
        (in_order(claim, s.text) + _DECISIVE * (s is decisive(reading)), s, reading)
        for reading in readings
        for s in reading.sentences
    )
    _, sentence, reading = max(found, key=lambda each: each[0])
    alike = max(0.0, in_order(claim, sentence.text) - _HALF) / _HALF
    source = sentence.evidence.source
    around = " ".join((source.title, *(s.text for s in reading.sentences)))
    differs = differing(claim, sentence.text) or reordered(claim, sentence.text)
    return (
        alike,
        alike * turned(claim, sentence.text),
        alike * bool(differs),
        alike * bool(unnamed(claim, around)),
    )


def decisive(reading: ClaimReading) -> Sentence:
    """Return the sentence of a window that decides the most."""
    return reading.sentences[int(reading.deciding.argmax())]


@dataclass(frozen=True, slots=True)
class Stage:
    """Multinomial logistic regression: logits = x·weights + bias, for ``CLASSES``."""

    weights: Vector
    bias: Vector

    def probabilities(self, columns: Vector) -> Vector:
        """Return probabilities, float64 of shape (classes,), for columns of shape (features,)."""
        logits = columns @ self.weights + self.bias
        scaled = np.exp(logits - logits.max())
        result: Vector = scaled / scaled.sum()
        return result


@cache
def _stage() -> Stage:
    where = files("sourcebot.answering") / "weights" / "claims" / "stage.json"
    data = json.loads(where.read_text("utf-8"))
    weights = np.array([[data["weights"][name][c] for c in CLASSES] for name in FEATURES])
    return Stage(weights, np.array([data["bias"][c] for c in CLASSES]))


def _log_odds(logits: npt.NDArray[np.float32]) -> Vector:
    """Return the log odds of each class against the others, of shape (3,)."""
    scaled = np.exp(logits.astype(np.float64) - logits.max())
    p = np.clip(scaled / scaled.sum(), 1e-6, 1 - 1e-6)
    result: Vector = np.log(p / (1 - p))
    return result


def _leaning(reading: ClaimReading) -> tuple[ClaimReading, Verdict, float]:
    odds = _log_odds(reading.logits)
    verdict = Verdict.SUPPORTS if odds[0] >= odds[1] else Verdict.CONTRADICTS
    return reading, verdict, float(max(odds[0], odds[1]))


def _part(some: int, whole: int) -> float:
    return some / whole if whole else 0.0
