"""Evidence -> one row of numbers for each sentence: what the probability is computed from.

Each column is one function of ``_EACH``, which gives it its name; the columns of ``_GAPS`` are the
distance to the question's best.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.answering.fitting import BY_RULE
from sourcebot.answering.places import Asked, Place, Surroundings, places_of
from sourcebot.text.periods import Period, holding
from sourcebot.types import AnswerType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    import numpy.typing as npt

    from sourcebot.types import Retrieval

    Matrix = npt.NDArray[np.float64]


def cosine(_: Asked, place: Place) -> float:
    """Return the cosine of question and paragraph."""
    return place.evidence.cosine


def fused(_: Asked, place: Place) -> float:
    """Return the fused score of the paragraph."""
    return place.evidence.score


def cover_sentence(asked: Asked, place: Place) -> float:
    """Return the share of the question's term weight that stands in the sentence."""
    return _coverage(asked.weights, frozenset(place.terms))


def cover_context(asked: Asked, place: Place) -> float:
    """Return that share with the sentence before, the title and the headings."""
    return _coverage(asked.weights, place.context)


def cover_paragraph(asked: Asked, place: Place) -> float:
    """Return that share of the whole paragraph, with the title and the headings."""
    return _coverage(asked.weights, place.paragraph)


def rarest_missing(asked: Asked, place: Place) -> float:
    """Return the weight of the rarest term that the paragraph lacks, of 1 for the rarest of all."""
    missing = (w for term, w in asked.weights.items() if term not in place.paragraph)
    return max(missing, default=0.0) / max(asked.weights.values(), default=1.0)


def names_missing(asked: Asked, place: Place) -> float:
    """Return the share of the question's names, stemmed, that the paragraph lacks."""
    return len(asked.names - place.paragraph) / len(asked.names) if asked.names else 0.0


def log_terms(_: Asked, place: Place) -> float:
    """Return the logarithm of the sentence's length in terms, and one."""
    return math.log1p(len(place.terms))


def asks(_: Asked, place: Place) -> float:
    """Return 1 for a sentence that is a question itself."""
    return float(place.text.endswith("?"))


def type_held(_: Asked, place: Place) -> float:
    """Return 1 for a sentence with the kind of fact that is asked for."""
    return float(place.held is True)


def type_lacking(_: Asked, place: Place) -> float:
    """Return 1 for a sentence without it."""
    return float(place.held is False)


def date_lacking(asked: Asked, place: Place) -> float:
    """Return 1 for a sentence without a date where one is asked for."""
    return float(place.held is False and asked.kind is AnswerType.DATE)


def number_lacking(asked: Asked, place: Place) -> float:
    """Return 1 for a sentence without a number where one is asked for."""
    return float(place.held is False and asked.kind in {AnswerType.NUMBER, AnswerType.SUM})


def reason_held(asked: Asked, place: Place) -> float:
    """Return 1 for a sentence with a reason where one is asked for."""
    return float(place.held is True and asked.kind is AnswerType.REASON)


def years_missing(asked: Asked, place: Place) -> float:
    """Return the share of the question's years that stand nowhere around the sentence.

    A year within a time that the sentence states is there: 2015 in "since 2008".
    """
    missing = asked.details.years - place.around.years - place.around.numbers
    if not missing:
        return 0.0
    stated = [mention.period for mention in holding(place.text)]
    covered = {year for year in missing if any(p.overlaps(_year(year)) for p in stated)}
    return len(missing - covered) / len(asked.details.years)


def numbers_missing(asked: Asked, place: Place) -> float:
    """Return the share of the question's other numbers that stand nowhere around it."""
    return _missing(asked.details.numbers, place.around.years | place.around.numbers)


def proper_missing(asked: Asked, place: Place) -> float:
    """Return the share of the question's proper names, whole, that stand nowhere around it."""
    return _missing(asked.details.names, place.words)


def other_year(asked: Asked, place: Place) -> float:
    """Return 1 for a sentence that names another year, and not the question's."""
    return _other(asked.details.years, place.details.years, place.details.years)


def other_number(asked: Asked, place: Place) -> float:
    """Return 1 for a sentence with another number, where the question's stands nowhere around."""
    return _other(asked.details.numbers, place.details.numbers, place.around.numbers)


def other_name(asked: Asked, place: Place) -> float:
    """Return 1 for a sentence about another name, where none of the question's stands around."""
    return _other(asked.details.names, place.details.names, place.words)


def proper_apart(asked: Asked, place: Place) -> float:
    """Return the share of the question's proper names that stand neither in it nor above it."""
    return _missing(asked.details.names, place.near)


def place_missing(asked: Asked, place: Place) -> float:
    """Return 1 where a name after a word of place is not in it or above it, but another or nowhere.

    "to Hull" is answered neither by what is said "to Fanholm" nor where Hull is not named at all.
    """
    return float(
        any(
            name not in place.near
            and (
                name not in place.words
                or any(k == kind and n not in asked.details.names for k, n in place.placed)
            )
            for kind, name in asked.placed
        )
    )


def echo(asked: Asked, place: Place) -> float:
    """Return the share of the sentence's terms that are the question's own: nothing is told."""
    if not place.terms:
        return 1.0
    return sum(term in asked.weights for term in place.terms) / len(place.terms)


_EACH: tuple[Callable[[Asked, Place], float], ...] = (
    cosine,
    fused,
    cover_sentence,
    cover_context,
    cover_paragraph,
    rarest_missing,
    names_missing,
    log_terms,
    asks,
    type_held,
    type_lacking,
    date_lacking,
    number_lacking,
    reason_held,
    years_missing,
    numbers_missing,
    proper_missing,
    other_year,
    other_number,
    other_name,
    proper_apart,
    place_missing,
    echo,
    *BY_RULE,
)
_UNTOLD = {
    cover_sentence: 0.3,
    cover_context: 0.5,
    cover_paragraph: 0.6,
    rarest_missing: 0.4,
    names_missing: 0.1,
    echo: 0.2,
}
"""What is taken for granted where the question's words are of another language: about the mean."""

_GAPS = (cosine, fused, cover_sentence, cover_context)

_NAMES = tuple(each.__name__ for each in _EACH)
FEATURES = (*_NAMES, *(f"{each.__name__}_gap" for each in _GAPS))
"""Names of the columns, in their order."""

RELATIVE = (fused.__name__, *FEATURES[len(_EACH) :])
"""The columns that depend on what else is indexed.

A fused score, for instance, is a z-value, which can only be high where there are many paragraphs.
"""

COVERED = FEATURES.index(cover_paragraph.__name__)
"""The column of ``cover_paragraph``."""


def sentence_features(retrieval: Retrieval) -> Matrix:
    """Return the features of the sentences of the evidence, in the order of ``sentences_of``.

    The matrix is float64 of shape (sentences, len(FEATURES)).
    """
    languages = {evidence.source.language for evidence in retrieval.evidence}
    asked = {code: Asked.of(retrieval, code) for code in languages}
    surroundings = Surroundings(retrieval)
    own = np.array(
        [
            [each(question, place) for each in _EACH]
            for evidence in retrieval.evidence
            for question in (asked[evidence.source.language],)
            for place in places_of(evidence, question, surroundings)
        ]
    ).reshape(-1, len(_EACH))
    apart = np.array(
        [retrieval.wordless(e) for e in retrieval.evidence for _ in e.paragraph.sentences], bool
    )
    for each, value in _UNTOLD.items():
        own[apart, _EACH.index(each)] = value
    gapped = own[:, [_EACH.index(each) for each in _GAPS]]
    return np.hstack([own, gapped - gapped.max(axis=0, initial=-np.inf)])


def _year(number: str) -> Period:
    return Period(dt.date(int(number), 1, 1), dt.date(int(number), 12, 31))


def _coverage(weights: Mapping[str, float], terms: AbstractSet[str]) -> float:
    total = sum(weights.values())
    return sum(w for term, w in weights.items() if term in terms) / total if total else 0.0


def _missing(wanted: AbstractSet[str], there: AbstractSet[str]) -> float:
    return len(wanted - there) / len(wanted) if wanted else 0.0


def _other(wanted: AbstractSet[str], own: AbstractSet[str], around: AbstractSet[str]) -> float:
    return float(bool(wanted) and not wanted & around and bool(own - wanted))
