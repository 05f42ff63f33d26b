"""Evidence -> one row of numbers for each sentence: what the probability is computed from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.text.answer_types import AnswerType, can_tell, holds, names_in, type_of
from sourcebot.text.terms import terms_of, weights_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    import numpy.typing as npt

    from sourcebot.types import Retrieval

    Matrix = npt.NDArray[np.float64]

FEATURES = (
    "cosine",
    "fused",
    "cover_sentence",
    "cover_context",
    "cover_paragraph",
    "rarest_missing",
    "names_missing",
    "log_terms",
    "asks",
    "type_held",
    "type_lacking",
    "date_lacking",
    "number_lacking",
    "reason_held",
    "cosine_gap",
    "fused_gap",
    "cover_sentence_gap",
    "cover_context_gap",
)
"""Names of the columns. Coverage is the share of the question's term weight that stands in the
sentence, in the sentence with the one before and the title, or in the paragraph with the title. A
gap is the distance to the question's best candidate, so at most 0."""

RELATIVE = ("fused", *(name for name in FEATURES if name.endswith("_gap")))
"""The columns that depend on what else is indexed.

A fused score, for instance, is a z-value, which can only be high where there are many paragraphs.
"""

_GAPS = {
    "cosine_gap": "cosine",
    "fused_gap": "fused",
    "cover_sentence_gap": "cover_sentence",
    "cover_context_gap": "cover_context",
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """The question's terms with their weights, and those of its names, in one language."""

    weights: Mapping[str, float]
    names: AbstractSet[str]

    @classmethod
    def of(cls, retrieval: Retrieval, language: str) -> _Asked:
        names = (term for n in names_in(retrieval.question) for term in terms_of(n, language))
        return cls(weights_in(retrieval.weights, language), frozenset(names))


def sentence_features(retrieval: Retrieval) -> Matrix:
    """Return the features of the sentences of the evidence, in the order of ``sentences_of``.

    The matrix is float64 of shape (sentences, len(FEATURES)).
    """
    kind = type_of(retrieval.question)
    languages = {evidence.source.language for evidence in retrieval.evidence}
    asked = {code: _Asked.of(retrieval, code) for code in languages}
    rows: list[list[float]] = []
    for evidence in retrieval.evidence:
        language = evidence.source.language
        weights, names = asked[language].weights, asked[language].names
        title = set(terms_of(f"{evidence.source.title} {evidence.paragraph.heading}", language))
        texts = [evidence.paragraph.sentence_text(s) for s in evidence.paragraph.sentences]
        bags = [terms_of(text, language) for text in texts]
        paragraph = title.union(*bags)
        missing = [w for term, w in weights.items() if term not in paragraph]
        heaviest = max(weights.values(), default=1.0)
        shared = [
            evidence.cosine,
            evidence.score,
        ]
        for place, (text, bag) in enumerate(zip(texts, bags, strict=True)):
            before = bags[place - 1] if place else []
            known = kind is not AnswerType.OTHER and can_tell(kind, text)
            held = known and holds(kind, text, retrieval.question)
            lacking = known and not held
            rows.append(
                [
                    *shared,
                    _coverage(weights, set(bag)),
                    _coverage(weights, title.union(bag, before)),
                    _coverage(weights, paragraph),
                    max(missing, default=0.0) / heaviest,
                    len(names - paragraph) / len(names) if names else 0.0,
                    math.log1p(len(bag)),
                    float(text.endswith("?")),
                    float(held),
                    float(lacking),
                    float(lacking and kind is AnswerType.DATE),
                    float(lacking and kind in {AnswerType.NUMBER, AnswerType.SUM}),
                    float(held and kind is AnswerType.REASON),
                ]
            )
    matrix = np.zeros((len(rows), len(FEATURES)))
    if rows:
        matrix[:, : len(rows[0])] = rows
        for gap, base in _GAPS.items():
            column = matrix[:, FEATURES.index(base)]
            matrix[:, FEATURES.index(gap)] = column - column.max()
    return matrix


def _coverage(weights: Mapping[str, float], terms: AbstractSet[str]) -> float:
    total = sum(weights.values())
    return sum(w for term, w in weights.items() if term in terms) / total if total else 0.0
