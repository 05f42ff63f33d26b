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
from sourcebot.text.periods import Stated, holding, mentions_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy.typing as npt

    from sourcebot.answering.stages import LogisticModel
    from sourcebot.text.periods import Mention, Period
    from sourcebot.types import Candidate

    Matrix = npt.NDArray[np.float64]

FEATURES = (
    "asked",
    "without",
    "better",
    "asked_probability",
    "without_probability",
    "behind_asked",
    "behind_without",
    "behind_better",
    "within",
    "outside",
    "within_before",
    "outside_before",
    "same_start",
    "same_end",
    "same_span",
    "covers",
    "nearest_year",
    "begun_before",
    "covers_better",
    "outside_better",
    "same_start_better",
)
"""Names of the columns.

The log odds of the question as asked, of that without its span, and of the better of both; both
probabilities; how far each of the three odds is behind the question's best. Whether a time that the
sentence states overlaps the span, or none of those stated does; where it states none, the same of
the last sentence of its paragraph that does; whether a time begins in the span's first year, ends
in its last, or both; whether one that is said to last ("since 2011", "from 2001 to 2019") lasts all
of the span; the logarithm of the years from the span's beginning to the nearest year stated, and
back to the nearest from which something is so. And three of these times the better odds: that a
year fits counts where the sentence is about what is asked.
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
    odds = np.array([[_odds(one), _odds(other)] for _, one, other in ordered]).reshape(-1, 2)
    odds = np.column_stack([odds, odds.max(1)])
    stated = np.array([*_stated([c for c, _, _ in ordered], span)], np.float64).reshape(-1, 10)
    fits = stated[:, [7, 1, 4]] * odds[:, 2:]
    best = odds.max(0, initial=-np.inf)
    matrix = np.hstack([odds, 1 / (1 + np.exp(-odds[:, :2])), odds - best, stated, fits])
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
    stated = [(p.start.year if p.start else None, p.end.year if p.end else None) for p in periods]
    begins = [begin for begin, _ in stated if begin is not None]
    years = [*begins, *(end for _, end in stated if end is not None)]
    nearest = min((abs(year - first) for year in years), default=_FAR) if first else _FAR
    begun = [first - year for year in begins if first and year <= first]
    return (
        float(first is not None and first in begins),
        float(last is not None and last in [end for _, end in stated]),
        float((first, last) in stated),
        float(any(_covers(mention, span) for mention in mentions_in(sentence))),
        math.log1p(nearest),
        math.log1p(min(begun, default=_NEVER)),
    )


def _covers(mention: Mention, span: Period) -> bool:
    """Return whether something is said to last all of a span."""
    period, lasting = mention.period, mention.stated in {Stated.RANGE, Stated.BEGINNING}
    begins = bool(lasting and period.start and span.start and period.start <= span.start)
    return begins and (period.end is None or bool(span.end and span.end <= period.end))


@cache
def _model() -> LogisticModel:
    return packaged_model("time.json", FEATURES)
