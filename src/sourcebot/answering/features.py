"""Evidence -> one row of numbers for each sentence: what the probability is computed from.

Each column is one function of ``_EACH``, which gives it its name; the columns of ``_GAPS`` are the
distance to the question's best.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.answering.details import Details, details_of, together, words_of
from sourcebot.text.answer_types import can_tell, holds, names_in, type_of
from sourcebot.text.tables import as_read
from sourcebot.text.terms import terms_of, weights_in
from sourcebot.types import AnswerType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    import numpy.typing as npt

    from sourcebot.types import Evidence, Retrieval

    Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, as texts of one language can answer it.

    Attributes:
        text: its words.
        kind: the kind of fact that it asks for.
        weights: its terms, each with what it tells.
        names: the terms of its names.
        details: its years, numbers and names.
    """

    text: str
    kind: AnswerType
    weights: Mapping[str, float]
    names: AbstractSet[str]
    details: Details

    @classmethod
    def of(cls, retrieval: Retrieval, language: str) -> _Asked:
        names = (term for n in names_in(retrieval.question) for term in terms_of(n, language))
        return cls(
            retrieval.question,
            type_of(retrieval.question),
            weights_in(retrieval.weights, language),
            frozenset(names),
            details_of(retrieval.question),
        )


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence where it stands.

    Attributes:
        evidence: its paragraph.
        text: its words.
        terms: its terms in order.
        context: its terms, those of the sentence before it, of the title and the headings.
        paragraph: the terms of its paragraph, the title and the headings.
        details: the years, numbers and names of the sentence.
        around: those of its paragraph, the neighbours, the title, the headings and the date.
        words: all words of what ``around`` is about, in small letters.
        held: whether it holds the kind of fact that is asked for; None when that cannot be told.
    """

    evidence: Evidence
    text: str
    terms: list[str]
    context: AbstractSet[str]
    paragraph: AbstractSet[str]
    details: Details
    around: Details
    words: AbstractSet[str]
    held: bool | None


def cosine(_: _Asked, place: _Place) -> float:
    """Return the cosine of question and paragraph."""
    return place.evidence.cosine


def fused(_: _Asked, place: _Place) -> float:
    """Return the fused score of the paragraph."""
    return place.evidence.score


def cover_sentence(asked: _Asked, place: _Place) -> float:
    """Return the share of the question's term weight that stands in the sentence."""
    return _coverage(asked.weights, frozenset(place.terms))


def cover_context(asked: _Asked, place: _Place) -> float:
    """Return that share with the sentence before, the title and the headings."""
    return _coverage(asked.weights, place.context)


def cover_paragraph(asked: _Asked, place: _Place) -> float:
    """Return that share of the whole paragraph, with the title and the headings."""
    return _coverage(asked.weights, place.paragraph)


def rarest_missing(asked: _Asked, place: _Place) -> float:
    """Return the weight of the rarest term that the paragraph lacks, of 1 for the rarest of all."""
    missing = (w for term, w in asked.weights.items() if term not in place.paragraph)
    return max(missing, default=0.0) / max(asked.weights.values(), default=1.0)


def names_missing(asked: _Asked, place: _Place) -> float:
    """Return the share of the question's names, stemmed, that the paragraph lacks."""
    return len(asked.names - place.paragraph) / len(asked.names) if asked.names else 0.0


def log_terms(_: _Asked, place: _Place) -> float:
    """Return the logarithm of the sentence's length in terms, and one."""
    return math.log1p(len(place.terms))


def asks(_: _Asked, place: _Place) -> float:
    """Return 1 for a sentence that is a question itself."""
    return float(place.text.endswith("?"))


def type_held(_: _Asked, place: _Place) -> float:
    """Return 1 for a sentence with the kind of fact that is asked for."""
    return float(place.held is True)


def type_lacking(_: _Asked, place: _Place) -> float:
    """Return 1 for a sentence without it."""
    return float(place.held is False)


def date_lacking(asked: _Asked, place: _Place) -> float:
    """Return 1 for a sentence without a date where one is asked for."""
    return float(place.held is False and asked.kind is AnswerType.DATE)


def number_lacking(asked: _Asked, place: _Place) -> float:
    """Return 1 for a sentence without a number where one is asked for."""
    return float(place.held is False and asked.kind in {AnswerType.NUMBER, AnswerType.SUM})


def reason_held(asked: _Asked, place: _Place) -> float:
    """Return 1 for a sentence with a reason where one is asked for."""
    return float(place.held is True and asked.kind is AnswerType.REASON)


def years_missing(asked: _Asked, place: _Place) -> float:
    """Return the share of the question's years that stand nowhere around the sentence."""
    return _missing(asked.details.years, place.around.years | place.around.numbers)


def numbers_missing(asked: _Asked, place: _Place) -> float:
    """Return the share of the question's other numbers that stand nowhere around it."""
    return _missing(asked.details.numbers, place.around.years | place.around.numbers)


def proper_missing(asked: _Asked, place: _Place) -> float:
    """Return the share of the question's proper names, whole, that stand nowhere around it."""
    return _missing(asked.details.names, place.words)


def other_year(asked: _Asked, place: _Place) -> float:
    """Return 1 for a sentence that names another year, and not the question's."""
    return _other(asked.details.years, place.details.years, place.details.years)


def other_number(asked: _Asked, place: _Place) -> float:
    """Return 1 for a sentence with another number, where the question's stands nowhere around."""
    return _other(asked.details.numbers, place.details.numbers, place.around.numbers)


def other_name(asked: _Asked, place: _Place) -> float:
    """Return 1 for a sentence about another name, where none of the question's stands around."""
    return _other(asked.details.names, place.details.names, place.words)


def echo(asked: _Asked, place: _Place) -> float:
    """Return the share of the sentence's terms that are the question's own: nothing is told."""
    if not place.terms:
        return 1.0
    return sum(term in asked.weights for term in place.terms) / len(place.terms)


_EACH: tuple[Callable[[_Asked, _Place], float], ...] = (
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
    echo,
)
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
    asked = {code: _Asked.of(retrieval, code) for code in languages}
    surroundings = _Surroundings(retrieval)
    own = np.array(
        [
            [each(question, place) for each in _EACH]
            for evidence in retrieval.evidence
            for question in (asked[evidence.source.language],)
            for place in _places(evidence, question, surroundings)
        ]
    ).reshape(-1, len(_EACH))
    gapped = own[:, [_EACH.index(each) for each in _GAPS]]
    return np.hstack([own, gapped - gapped.max(axis=0, initial=-np.inf)])


class _Surroundings:
    """What the paragraphs of the evidence and their neighbours in it name."""

    def __init__(self, retrieval: Retrieval) -> None:
        self._of = {e.paragraph.id: (details_of_paragraph(e), e) for e in retrieval.evidence}
        self._words = {number: _words(e) for number, (_, e) in self._of.items()}

    def of(self, evidence: Evidence) -> tuple[Details, AbstractSet[str]]:
        """Return the details around a paragraph, and all words there."""
        here = evidence.paragraph
        near = [
            number
            for number in (here.id - 1, here.id, here.id + 1)
            if number in self._of and self._of[number][1].paragraph.article == here.article
        ]
        return (
            together(*(self._of[number][0] for number in near)),
            frozenset[str]().union(*(self._words[number] for number in near)),
        )


def details_of_paragraph(evidence: Evidence) -> Details:
    """Return the details of a paragraph, its title, its headings and its article's date."""
    source, paragraph = evidence.source, evidence.paragraph
    dated = str(source.published.year) if source.published else ""
    return details_of(f"{source.title} {paragraph.heading} {dated} {paragraph.text}")


def _words(evidence: Evidence) -> frozenset[str]:
    source, paragraph = evidence.source, evidence.paragraph
    return words_of(f"{source.title} {paragraph.heading} {source.publisher} {paragraph.text}")


def _places(evidence: Evidence, asked: _Asked, surroundings: _Surroundings) -> list[_Place]:
    language = evidence.source.language
    title = set(terms_of(f"{evidence.source.title} {evidence.paragraph.heading}", language))
    texts = [as_read(evidence.paragraph, s).text for s in evidence.paragraph.sentences]
    bags = [terms_of(text, language) for text in texts]
    paragraph = title.union(*bags)
    around, words = surroundings.of(evidence)
    return [
        _Place(
            evidence,
            text,
            bag,
            title.union(bag, bags[number - 1] if number else ()),
            paragraph,
            details_of(text),
            around,
            words,
            _held(asked, text),
        )
        for number, (text, bag) in enumerate(zip(texts, bags, strict=True))
    ]


def _held(asked: _Asked, text: str) -> bool | None:
    if asked.kind is AnswerType.OTHER or not can_tell(asked.kind, text):
        return None
    return holds(asked.kind, text, asked.text)


def _coverage(weights: Mapping[str, float], terms: AbstractSet[str]) -> float:
    total = sum(weights.values())
    return sum(w for term, w in weights.items() if term in terms) / total if total else 0.0


def _missing(wanted: AbstractSet[str], there: AbstractSet[str]) -> float:
    return len(wanted - there) / len(wanted) if wanted else 0.0


def _other(wanted: AbstractSet[str], own: AbstractSet[str], around: AbstractSet[str]) -> float:
    return float(bool(wanted) and not wanted & around and bool(own - wanted))
