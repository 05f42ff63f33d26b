"""The dense index: one or more segments of vectors, searched as one, by FAISS."""

from __future__ import annotations

import contextlib
import json
import os
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.errors import REPAIR, IndexCorrupt
from sourcebot.index.embedded.vector_segment import COARSE, IDS, Segment, SegmentNote

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    Ids = npt.NDArray[np.int64]
    Vectors = npt.NDArray[np.float32]

SEGMENTS = "segments.json"
GONE = "gone"
"""Files beside the segments: their names; the ids of paragraphs that are gone from them."""

_LONGEST = 1.01
"""Cosines of unit vectors, with what rounding adds."""


class VectorIndex:
    """One generation's vectors, mapped from the disk; thread-safe."""

    def __init__(self, folder: Path, dimension: int) -> None:
        """Open the index in ``folder``, whose vectors have the given dimension.

        Raises:
            IndexCorrupt: when it is missing, damaged or of another dimension.
        """
        self.folder = folder
        self._dimension = dimension
        try:
            notes = [SegmentNote.of(n) for n in json.loads((folder / SEGMENTS).read_text("utf-8"))]
            gone: Ids = np.fromfile(folder / GONE, np.dtype("<i8"))
        except (OSError, ValueError, TypeError) as error:
            raise IndexCorrupt(f"{folder} is missing or damaged", REPAIR) from error
        self.segments = tuple(Segment.open(folder, note, dimension, gone) for note in notes)

    def __len__(self) -> int:
        """Return the number of vectors."""
        return sum(map(len, self.segments))

    def search(
        self, vector: Vectors, k: int, allowed: Ids | None = None
    ) -> tuple[Ids, npt.NDArray[np.float32]]:
        """Return the ids of the ``k`` nearest paragraphs and their cosines, best first.

        ``vector`` has shape (dimension,); ``allowed`` holds the ids that may be found,
        ascending. Compressed segments find nearly all of the nearest.
        """
        found = [segment.search(vector, k, allowed) for segment in self.segments]
        ids = np.concatenate([np.empty(0, np.int64), *(ids for ids, _ in found)])
        cosines = np.concatenate([np.empty(0, np.float32), *(scores for _, scores in found)])
        best = np.lexsort((ids, -self._checked(cosines)))[:k]
        return ids[best], cosines[best]

    def cosines(self, vector: Vectors, ids: Ids) -> npt.NDArray[np.float32]:
        """Return the cosine of ``vector`` with each of the paragraphs ``ids``."""
        if len(ids) == 0:
            return np.empty(0, np.float32)
        return self._checked(self.stored(ids) @ vector)

    def stored(self, ids: Ids) -> Vectors:
        """Return the vectors of the paragraphs ``ids``, float32 of shape (ids, dimension).

        They are as exact as their segment: half precision, or eight bits a number.

        Raises:
            IndexCorrupt: when one is not there.
        """
        vectors = np.empty((len(ids), self._dimension), np.float32)
        count = 0
        for segment in self.segments:
            held, places = segment.places(ids)
            if len(held):
                vectors[held] = segment.reconstructed(places)
                count += len(held)
        if count != len(ids):
            raise IndexCorrupt(
                f"{self.folder} is damaged: it lacks a paragraph that the other files name", REPAIR
            )
        return vectors

    @property
    def recall(self) -> float | None:
        """The worst recall of its compressed segments; None when all are exact."""
        measured = [s.note.recall for s in self.segments if s.coarse is not None]
        return min((recall for recall in measured if recall is not None), default=None)

    @property
    def measured_with(self) -> str:
        """What the recalls were measured with; "" when none were."""
        return "; ".join(dict.fromkeys(filter(None, (s.note.measured_with for s in self.segments))))

    def remarks(self) -> tuple[str, ...]:
        """Return what the user should know of: segments that compression would have harmed."""
        return tuple(
            f"{len(s.ids):,} vectors are kept exact: compressed, they found only"
            f" {s.note.recall:.3f} of the nearest paragraphs"
            for s in self.segments
            if s.coarse is None and s.note.recall is not None
        )

    def exact_ids(self) -> Ids:
        """Return the ids of the paragraphs whose vectors are in half precision."""
        exact = [s.live() for s in self.segments if s.coarse is None]
        return np.concatenate([np.empty(0, np.int64), *exact])

    def _checked(self, cosines: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return cosines that can be.

        Raises:
            IndexCorrupt: when one is none: the stored vector is damaged.
        """
        if not (np.abs(cosines) <= _LONGEST).all():  # also false for what is no number
            raise IndexCorrupt(f"{self.folder} is damaged: it holds a vector that is none", REPAIR)
        return cosines


def read_ahead(folder: Path) -> None:
    """Have the system read the files of the index in ``folder`` in order, where it can be asked.

    Opening and searching touch pages all over them; from a cold disk that takes many times as
    long. What every search reads comes first.
    """
    if not hasattr(os, "posix_fadvise"):
        return
    order = {IDS: 0, COARSE: 1}
    # A newer generation may take their place meanwhile; it is only advice.
    with contextlib.suppress(OSError):
        for path in sorted(folder.iterdir(), key=lambda path: order.get(path.suffix, len(order))):
            with path.open("rb") as stream:
                os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_WILLNEED)
