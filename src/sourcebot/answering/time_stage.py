"""Which sentences answer for the span of time that a question names, and how surely.

"Who was mayor from 2003 to 2011?" is read twice: as it stands, and without its span. Few sentences
state both ("In 1998 she became mayor"): the first reading is too unsure of what answers, the second
too sure of what was so at other times. A logistic regression over both, and over how the times that
a sentence states stand to the span, weighs them; ``training/time_stage.py`` fits it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.answering.stages import packaged_model
from sourcebot.answering.validity import Validity, validity
from sourcebot.text.periods import holding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy.typing as npt

    from sourcebot.answering.stages import LogisticModel
    from sourcebot.text.periods import Period
    from sourcebot.types import Candidate

    Matrix = npt.NDArray[np.float64]

FEATURES = (
    "asked",
    "better",
    "behind_asked",
    "behind_without",
    "behind_better",
    "without_probability",
    "within",
    "outside",
    "within_before",
    "outside_before",
    "same_start",
    "same_end",
    "nearest_year",
    "begun_before",
    "outside_better",
)
"""Names of the columns.

The log odds of the question as asked, and of the better of that and the one without its span; how
far these and the odds without the span are behind the question's best; the probability without it.
Whether a time that the sentence states overlaps the span, or none of those stated does; where it
states none, the same of the last sentence of its paragraph that does; whether a time begins in the
span's first year, or ends in its last; the logarithm of the years from the span's beginning to the
nearest year stated, and back to the nearest from which something is so; and the better odds where
another time is stated. Fitted and left, their weight being 0: the odds without the span, the
probability as asked, both years the same, and what is said to last all of the span.
"""

_LEAST = 1e-3
_FAR, _NEVER = 30, 60
"""Years that stand for "no year is stated", and for "none begins before"."""


@dataclass(frozen=True, slots=True)
class Timed:
    """The candidates of both readings in the articles' order, and a row of columns for each.

    ``matrix`` is float64 of shape (candidates, FEATURES).
    """

    candidates: tuple[Candidate, ...]
    matrix: Matrix


def columns_of(asked: Iterable[Candidate], plain: Iterable[Candidate], span: Period) -> Timed:
    """Return what both readings found, ``plain`` without the question's span."""
    found: dict[tuple[str, int], tuple[Candidate, float, float]] = {}
    for candidate in asked:
        found[_place(candidate)] = (candidate, candidate.probability, 0.0)
    for candidate in plain:
        known, probability, _ = found.get(_place(candidate), (candidate, 0.0, 0.0))
        found[_place(candidate)] = (known, probability, candidate.probability)
    ordered = [found[place] for place in sorted(found)]
    without = np.array([probability for _, _, probability in ordered])
    odds = np.array([[_odds(one), _odds(other)] for _, one, other in ordered]).reshape(-1, 2)
    odds = np.column_stack([odds, odds.max(1)])
    stated = np.array([*_stated([c for c, _, _ in ordered], span)], np.float64).reshape(-1, 8)
    matrix = np.column_stack(
        [
            odds[:, [0, 2]],
            odds - odds.max(0, initial=-np.inf),
            np.clip(without, _LEAST, 1 - _LEAST),
            stated,
            stated[:, 1] * odds[:, 2],
        ]
    )
    return Timed(tuple(candidate for candidate, _, _ in ordered), matrix)


def _stated(candidates: Sequence[Candidate], span: Period) -> Iterator[list[float]]:
    """Yield the columns "within" to "begun_before" of candidates in the articles' order."""
    before: tuple[str, int, tuple[float, float]] = ("", -1, (0.0, 0.0))
    for candidate in candidates:
        paragraph = (candidate.evidence.source.path, candidate.evidence.paragraph.ordinal)
        how = validity(candidate.text, span)
        own = (float(how is Validity.WITHIN), float(how is Validity.OUTSIDE))
        carried = (0.0, 0.0)
        if how is not Validity.UNKNOWN:
            before = (*paragraph, own)
        elif before[:2] == paragraph:
            carried = before[2]
        yield [*own, *carried, *_years(candidate.text, span)]


def in_time(
    asked: Iterable[Candidate], plain: Iterable[Candidate], span: Period
) -> tuple[Candidate, ...]:
    """Return the candidates of both readings with the probability that they answer for the span."""
    both = columns_of(asked, plain, span)
    logits = _model().logits(both.matrix)
    weighed = [
        replace(candidate, probability=1 / (1 + math.exp(-float(np.clip(logit, -50, 50)))))
        for candidate, logit in zip(both.candidates, logits, strict=True)
    ]
    return tuple(sorted(weighed, key=lambda c: -c.probability))


def _place(candidate: Candidate) -> tuple[str, int]:
    return candidate.evidence.source.path, candidate.span.start


def _odds(probability: float) -> float:
    kept = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(kept / (1 - kept))


def _years(sentence: str, span: Period) -> Sequence[float]:
    """Return the columns of the years that a sentence states."""
    first = span.start.year if span.start else None
    last = span.end.year if span.end else None
    periods = [mention.period for mention in holding(sentence)]
    begins = [period.start.year for period in periods if period.start]
    ends = [period.end.year for period in periods if period.end]
    years = [*begins, *ends]
    nearest = min((abs(year - first) for year in years), default=_FAR) if first else _FAR
    begun = [first - year for year in begins if first and year <= first]
    return (
        float(first is not None and first in begins),
        float(last is not None and last in ends),
        math.log1p(nearest),
        math.log1p(min(begun, default=_NEVER)),
    )


@cache
def _model() -> LogisticModel:
    return packaged_model("time.json", FEATURES)
