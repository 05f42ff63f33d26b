"""One part of the dense index: vectors on the disk that are never changed once written.

A segment is exact (half precision) or compressed: product quantization that is scanned fast
(Andre, Kermarrec and Le Scouarnec, 2017), and eight bits a number to rank what that brings.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import faiss
import numpy as np

from sourcebot.errors import REPAIR, IndexCorrupt

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    Ids = npt.NDArray[np.int64]
    Vectors = npt.NDArray[np.float32]
    Cosines = npt.NDArray[np.float32]

IDS = ".ids"
EXACT = ".exact"
FINE = ".fine"
COARSE = ".coarse"
"""Endings of a segment's files: the paragraphs' ids, ascending int64; their vectors in half
precision; or those in eight bits a number and the fast-scan codes."""

CANDIDATES_A_HIT = 20
"""So many paragraphs are ranked by their eight-bit vectors for each that is wanted."""

BITS = 4
NUMBERS_A_CODE = 4
"""A fast-scan code of four bits stands for four numbers of a vector."""

_MANY = 200_000
_FEW = 2000
"""So many allowed paragraphs are compared one by one rather than found in a scan."""


@dataclass(frozen=True, slots=True)
class SegmentNote:
    """What is noted of a segment: its name (a number), and how well it finds what is nearest.

    ``recall`` is the share of the ten nearest paragraphs that it found in compressed form, None
    when that was not tried; ``measured_with`` says in words what the questions were.
    """

    name: str
    recall: float | None
    measured_with: str

    @classmethod
    def of(cls, data: Any) -> SegmentNote:  # noqa: ANN401 (whatever stands in the file)
        """Return the note that JSON holds.

        Raises:
            ValueError: when it is none.
            TypeError: when it is none.
        """
        note = cls(**data)
        if not isinstance(note.name, str) or not note.name.isdecimal():
            raise ValueError("a segment's name is no number")
        return note


@dataclass(frozen=True, slots=True)
class Segment:
    """An open segment, mapped from the disk; thread-safe.

    ``ids`` ascends; ``gone`` has a place for each, True when the paragraph is no longer
    indexed; ``coarse`` is None in an exact segment.
    """

    note: SegmentNote
    ids: Ids
    gone: npt.NDArray[np.bool_]
    fine: faiss.Index
    coarse: faiss.Index | None

    @classmethod
    def open(cls, folder: Path, note: SegmentNote, dimension: int, gone: Ids) -> Segment:
        """Open the segment of a note in ``folder``; ``gone`` are ids that are to be left out.

        Raises:
            IndexCorrupt: when it is missing, damaged or of another dimension.
        """
        path = folder / note.name
        try:
            ids: Ids = np.fromfile(path.with_suffix(IDS), np.dtype("<i8"))
        except OSError as error:
            raise IndexCorrupt(f"{path.with_suffix(IDS)} is missing", REPAIR) from error
        coarse = None
        if path.with_suffix(EXACT).is_file():
            fine = _read(path.with_suffix(EXACT), dimension, len(ids))
        else:
            fine = _read(path.with_suffix(FINE), dimension, len(ids))
            coarse = _read(path.with_suffix(COARSE), dimension, len(ids))
        left_out = np.zeros(len(ids), np.bool_)
        left_out[_places(ids, gone)] = True
        return cls(note, ids, left_out, fine, coarse)

    def __len__(self) -> int:
        """Return the number of paragraphs that are indexed."""
        return len(self.ids) - int(self.gone.sum())

    @property
    def name(self) -> str:
        """Its name, a number."""
        return self.note.name

    @property
    def files(self) -> tuple[str, ...]:
        """The names of its files."""
        endings = (IDS, EXACT) if self.coarse is None else (IDS, FINE, COARSE)
        return tuple(self.name + ending for ending in endings)

    def live(self) -> Ids:
        """Return the ids of the paragraphs that are indexed, ascending."""
        return self.ids[~self.gone]

    def search(self, vector: Vectors, k: int, allowed: Ids | None) -> tuple[Ids, Cosines]:
        """Return the ids of about the ``k`` nearest paragraphs and their cosines, best first.

        ``allowed`` holds the ids that may be found, ascending; None allows all.
        """
        if allowed is not None:
            places = _places(self.ids, allowed)
            places = places[~self.gone[places]]
            if len(places) <= _FEW:
                return self._ranked(vector, places, k)
            return self._scanned(vector, k, places)
        if self.coarse is not None:
            return self._ranked(vector, self._candidates(vector, k), k)
        return self._scanned(vector, k, np.flatnonzero(~self.gone) if self.gone.any() else None)

    def places(self, ids: Ids) -> tuple[Ids, Ids]:
        """Return which of ``ids`` (as places in it) are indexed here, and their places here."""
        found = np.searchsorted(self.ids, ids)
        found[found == len(self.ids)] = 0
        held = np.flatnonzero((self.ids[found] == ids) & ~self.gone[found])
        return held, found[held]

    def reconstructed(self, places: Ids) -> Vectors:
        """Return the vectors at ``places``, float32 of shape (places, dimension)."""
        vectors: Vectors = self.fine.reconstruct_batch(places)
        return vectors

    def _candidates(self, vector: Vectors, k: int) -> Ids:
        """Return the places of the paragraphs that look best to the fast scan."""
        assert self.coarse is not None
        # Fast scans take no filter, so what is gone is left out afterwards.
        wanted = min(len(self), k * CANDIDATES_A_HIT)
        asked = wanted
        while True:
            faiss.omp_set_num_threads(1)
            _, found = self.coarse.search(vector[np.newaxis], asked)
            places: Ids = found[0][found[0] >= 0]
            places = places[~self.gone[places]]
            if len(places) >= wanted or asked >= len(self.ids):
                return places[:wanted]
            asked = min(len(self.ids), 2 * asked)

    def _ranked(self, vector: Vectors, places: Ids, k: int) -> tuple[Ids, Cosines]:
        if len(places) == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        cosines = self.reconstructed(places) @ vector
        best = np.argsort(-cosines, kind="stable")[:k]
        return self.ids[places[best]], cosines[best]

    def _scanned(self, vector: Vectors, k: int, places: Ids | None) -> tuple[Ids, Cosines]:
        """Compare with every vector at ``places``, or every one."""
        parameters = None
        if places is not None:
            bits = np.zeros(len(self.ids), np.bool_)
            bits[places] = True
            # The selector borrows the array and must outlive the search.
            bitmap = np.packbits(bits, bitorder="little")
            selector = faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg,arg-type]  # as below
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # set by a wrapper
        # The setting holds for the calling thread. Waking further threads takes longer than a
        # small scan: 10,000 vectors need 1.1 ms on one thread, 4.3 ms on two.
        faiss.omp_set_num_threads(1 if len(self.ids) < _MANY else os.cpu_count() or 1)
        count = min(k, len(self) if places is None else len(places))
        if count == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        scores, found = self.fine.search(vector[np.newaxis], count, params=parameters)
        hits = found[0] >= 0
        return self.ids[found[0][hits]], scores[0][hits]


def _places(ids: Ids, wanted: Ids) -> Ids:
    """Return the places in ``ids`` of those ``wanted`` that are there; both ascend."""
    if len(ids) == 0:
        return np.empty(0, np.int64)
    found = np.searchsorted(ids, wanted)
    found[found == len(ids)] = 0
    places: Ids = found[ids[found] == wanted]
    return places


def _read(path: Path, dimension: int, count: int) -> faiss.Index:
    """Map one of a segment's FAISS files.

    Raises:
        IndexCorrupt: when it is missing, damaged or of another dimension.
    """
    try:
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    except (RuntimeError, MemoryError) as error:
        raise IndexCorrupt(f"{path} is missing or damaged", REPAIR) from error
    if index.d != dimension:
        raise IndexCorrupt(
            f"{path} holds vectors of {index.d} numbers instead of {dimension}", REPAIR
        )
    whole = _is_fast_scan(index) if path.suffix == COARSE else _is_flat(index, path.suffix)
    if not whole or index.ntotal != count:
        raise IndexCorrupt(f"{path} is damaged: its parts do not fit together", REPAIR)
    return index


def _is_flat(index: faiss.Index, ending: str) -> bool:
    """Return whether the sizes that FAISS trusts are right: it would read beyond the end."""
    quantizer = faiss.ScalarQuantizer
    kind, width = (quantizer.QT_fp16, 2) if ending == EXACT else (quantizer.QT_8bit, 1)
    return (
        isinstance(index, faiss.IndexScalarQuantizer)
        and index.sq.qtype == kind
        and index.metric_type == faiss.METRIC_INNER_PRODUCT
        and index.sq.d == index.d
        and index.code_size == index.sq.code_size == width * index.d
        and (ending == EXACT or index.sq.trained.size() == 2 * index.d)
        and index.codes.size() == index.ntotal * index.code_size
    )


def _is_fast_scan(index: faiss.Index) -> bool:
    if not isinstance(index, faiss.IndexPQFastScan):
        return False
    codes = index.d // NUMBERS_A_CODE
    padded = -(-index.ntotal // index.bbs) * index.bbs if index.bbs > 0 else -1
    return (
        index.metric_type == faiss.METRIC_INNER_PRODUCT
        and index.pq.M == index.M == codes
        and index.M2 - codes == codes % 2
        and index.pq.nbits == BITS
        and index.pq.d == index.d
        and index.pq.centroids.size() == index.d * 2**BITS
        and index.bbs == 32
        and index.ntotal2 == padded  # type: ignore[attr-defined]  # it is there
        and index.codes.size() == padded * index.M2 * BITS // 8
    )
