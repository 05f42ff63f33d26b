"""BM25 as the embedded engine reckons it, so that both give the same scores.

A paragraph's score is the product of two sparse vectors: its own, made when it is indexed, which
holds tf (k1 + 1) / (tf + K) for each of its terms, and the question's, which holds the inverse
document frequencies (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009). Each
term has two dimensions, one for the body and one for the title, which counts half.

K depends on the average length of all paragraphs. The vectors hold weights by it: they are made
anew once the average has moved by more than a hundredth.
"""

from __future__ import annotations

import math
import struct
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.index.postgres.ddl import DIMENSIONS
from sourcebot.text.terms import TITLE_BOOST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_K1 = 1.2
_B = 0.75
_DRIFT = 0.01
_EXACT = 24
"""Lengths up to this are kept exactly; beyond, with four bits, as tantivy and Lucene keep them."""


def _length(code: int) -> int:
    """Return the length that a one-byte code stands for."""
    if code < _EXACT:
        return code
    bits, shift = (code - _EXACT) & 7, ((code - _EXACT) >> 3) - 1
    return _EXACT + (bits if shift < 0 else (bits | 8) << shift)


_LENGTHS = [_length(code) for code in range(256)]


def kept_length(tokens: int) -> int:
    """Return a field's length as it enters the score: rounded down to what one byte can hold."""
    return _LENGTHS[bisect_right(_LENGTHS, tokens) - 1]


def inverse_frequency(count: int, frequency: int) -> float:
    """Return the weight of a term that stands in ``frequency`` of ``count`` paragraphs."""
    return math.log1p((count - frequency + 0.5) / (frequency + 0.5))


@dataclass(frozen=True, slots=True)
class Averages:
    """The average numbers of terms of a paragraph's body and of its title."""

    body: float
    title: float

    def have_moved(self, to: Averages) -> bool:
        """Return whether vectors made with these averages should be made anew."""
        return any(
            abs(now - then) > _DRIFT * max(then, 1e-9)
            for then, now in ((self.body, to.body), (self.title, to.title))
        )


def paragraph_vector(
    body: Sequence[int], title: Sequence[int], averages: Averages
) -> tuple[list[int], bytes]:
    """Return a paragraph's dimensions and its vector, as pgvector receives it in binary.

    ``body`` and ``title`` are the numbers of the terms in order, repetitions kept.
    """
    weights = {
        **_weighted(body, averages.body, 0),
        **_weighted(title, averages.title, 1),
    }
    dimensions = sorted(weights)
    packed = struct.pack(">iii", DIMENSIONS, len(dimensions), 0)
    values = np.array([weights[d] for d in dimensions], ">f4").tobytes()
    return dimensions, packed + np.array(dimensions, ">i4").tobytes() + values


def _weighted(terms: Sequence[int], average: float, field: int) -> dict[int, float]:
    length = kept_length(len(terms)) / average if average else 0.0
    norm = _K1 * (1 - _B + _B * length)
    return {
        2 * term + field: count * (_K1 + 1) / (count + norm)
        for term, count in Counter(terms).items()
    }


@dataclass(frozen=True, slots=True)
class KnownTerm:
    """A term's number, and in how many bodies and titles it stands."""

    number: int
    body: int
    title: int


def question_vector(terms: Iterable[KnownTerm], count: int) -> Mapping[int, float]:
    """Return a question's vector by dimension; ``count`` is the number of paragraphs."""
    found: dict[int, float] = {}
    for term in terms:
        found[2 * term.number] = inverse_frequency(count, term.body)
        found[2 * term.number + 1] = TITLE_BOOST * inverse_frequency(count, term.title)
    return found


def as_sparsevec(vector: Mapping[int, float]) -> str:
    """Return a vector as pgvector reads it; its text counts dimensions from 1."""
    inside = ",".join(f"{dimension + 1}:{value:.9g}" for dimension, value in vector.items())
    return f"{{{inside}}}/{DIMENSIONS}"


def as_halfvec(vector: Sequence[float]) -> str:
    """Return a vector of numbers as pgvector reads it."""
    return f"[{','.join(f'{value:.6g}' for value in vector)}]"
