"""Stories: articles that carry largely the same text, such as syndicated copies.

Each article has a MinHash signature of its runs of five words; the share of places at which two
signatures agree estimates the share of runs that the texts have in common (Jaccard similarity,
standard deviation at most .045). Bands of the signatures find the likely pairs without comparing
all (Broder 1997; Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, chapter 3).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt

    Signatures = npt.NDArray[np.uint32]

SAME_STORY = 0.5
"""Articles that have at least this share of their runs in common are one story. Reports written
apart from each other on one event share almost none."""

_PLACES = 128
_ROWS = 4
_RUN = 5
_SEED = 1
_MIX = np.uint64(0x9E3779B97F4A7C15)
"""An odd number without a pattern (2**64 by the golden ratio)."""

_WORD = re.compile(r"\w+")


def signature(paragraphs: Iterable[str]) -> bytes:
    """Return the signature of an article's paragraphs: 128 little-endian uint32."""
    # Imported here: only indexing needs it.
    from rensa import RMinHash

    words = _WORD.findall(" ".join(paragraphs).casefold())
    runs = {" ".join(words[i : i + _RUN]) for i in range(max(1, len(words) - _RUN + 1))}
    hashed = RMinHash(num_perm=_PLACES, seed=_SEED)
    hashed.update(sorted(runs))
    return np.array(hashed.digest(), "<u4").tobytes()


def unpacked(signatures: Iterable[bytes]) -> Signatures:
    """Return signatures as the rows of a matrix."""
    return np.frombuffer(b"".join(signatures), "<u4").reshape(-1, _PLACES)


def bands(packed: bytes) -> Iterator[bytes]:
    """Yield the bands of a signature: articles that share one may be one story."""
    width = len(packed) // (_PLACES // _ROWS)
    yield from (packed[start : start + width] for start in range(0, len(packed), width))


def similarity(one: Signatures, other: Signatures) -> float:
    """Return the estimated share of runs that two articles have in common, in [0, 1]."""
    return float(np.mean(one == other))


def find_stories(signatures: Signatures) -> list[list[int]]:
    """Return the groups of rows that are one story, each in ascending order; no single ones."""
    leader = list(range(len(signatures)))

    def lead(row: int) -> int:
        while leader[row] != row:
            leader[row] = row = leader[leader[row]]
        return row

    for left, right in _likely_pairs(signatures):
        one, other = sorted((lead(left), lead(right)))
        if one != other and similarity(signatures[left], signatures[right]) >= SAME_STORY:
            leader[other] = one
    groups: dict[int, list[int]] = {}
    for row in range(len(signatures)):
        groups.setdefault(lead(row), []).append(row)
    return [group for group in groups.values() if len(group) > 1]


def _likely_pairs(signatures: Signatures) -> Iterator[tuple[int, int]]:
    """Yield pairs of rows that agree in all places of at least one band, and perhaps a few more."""
    for first in range(0, _PLACES if len(signatures) else 0, _ROWS):
        # One number a band, because numbers are sorted many times as fast as runs of bytes.
        pairs = np.ascontiguousarray(signatures[:, first : first + _ROWS]).view(np.uint64)
        keys = pairs[:, 0] * _MIX ^ pairs[:, 1]
        order = np.argsort(keys, kind="stable")
        same = np.flatnonzero(keys[order][1:] == keys[order][:-1])
        yield from ((int(order[i]), int(order[i + 1])) for i in same)
