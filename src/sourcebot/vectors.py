"""The dense index: exact search over half-precision vectors, by FAISS."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import faiss
import numpy as np

from sourcebot.errors import REPAIR, IndexCorrupt, IndexStoreError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy.typing as npt

    Ids = npt.NDArray[np.int64]
    Vectors = npt.NDArray[np.float32]

_MANY = 200_000
_LONGEST = 1.01
"""Cosines of unit vectors, with what rounding to half precision adds."""


class VectorIndex:
    """One generation's vectors, mapped from the disk; thread-safe."""

    def __init__(self, path: Path, dimension: int) -> None:
        """Open the index at ``path``, whose vectors have the given dimension.

        Raises:
            IndexCorrupt: when it is missing, damaged or of another dimension.
        """
        self._path = path
        self._index = _read(path, faiss.IO_FLAG_MMAP_IFC)
        if self._index.d != dimension:
            raise IndexCorrupt(
                f"{path} holds vectors of {self._index.d} numbers instead of {dimension}", REPAIR
            )

    def __len__(self) -> int:
        """Return the number of vectors."""
        return int(self._index.ntotal)

    def search(
        self, vector: Vectors, k: int, allowed: Ids | None = None
    ) -> tuple[Ids, npt.NDArray[np.float32]]:
        """Return the ids of the ``k`` nearest paragraphs and their cosines, best first.

        ``vector`` has shape (dimension,); ``allowed`` holds the ids that may be found.
        """
        k = min(k, len(self) if allowed is None else len(allowed))
        if k == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        # The selector borrows the array and must outlive the search.
        selector = None if allowed is None else faiss.IDSelectorBatch(allowed)
        parameters = None if selector is None else faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # set by a wrapper
        # The setting holds for the calling thread. Waking further threads takes longer than a
        # small scan: 10,000 vectors need 1.1 ms on one thread, 4.3 ms on two.
        faiss.omp_set_num_threads(1 if len(self) < _MANY else os.cpu_count() or 1)
        scores, ids = self._index.search(vector[np.newaxis], k, params=parameters)
        found = ids[0] >= 0
        return ids[0][found], self._checked(scores[0][found])

    def cosines(self, vector: Vectors, ids: Ids) -> npt.NDArray[np.float32]:
        """Return the cosine of ``vector`` with each of the paragraphs ``ids``."""
        if len(ids) == 0:
            return np.empty(0, np.float32)
        return self._checked(self.stored(ids) @ vector)

    def stored(self, ids: Ids) -> Vectors:
        """Return the vectors of the paragraphs ``ids``, float32 of shape (ids, dimension).

        Raises:
            IndexCorrupt: when one is not there.
        """
        try:
            vectors: Vectors = self._index.reconstruct_batch(ids)
        except RuntimeError as error:
            raise IndexCorrupt(
                f"{self._path} is damaged: it lacks a paragraph that the other files name", REPAIR
            ) from error
        return vectors

    def _checked(self, cosines: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return cosines that can be.

        Raises:
            IndexCorrupt: when one is none: the stored vector is damaged.
        """
        if not (np.abs(cosines) <= _LONGEST).all():  # also false for what is no number
            raise IndexCorrupt(f"{self._path} is damaged: it holds a vector that is none", REPAIR)
        return cosines


def update_vectors(
    source: Path | None,
    target: Path,
    dimension: int,
    removed: Ids,
    added: Iterable[tuple[Ids, Vectors]],
) -> None:
    """Write to ``target`` the index at ``source`` (None: an empty one) with the change made.

    ``added`` gives chunks of ids and their unit vectors, float32 of shape (ids, dimension).

    Raises:
        IndexCorrupt: when ``source`` is damaged.
        IndexStoreError: when ``target`` cannot be written.
    """
    if source is None:
        flat = faiss.IndexScalarQuantizer(
            dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        index: faiss.Index = faiss.IndexIDMap2(flat)
    else:
        index = _read(source, 0)
    if len(removed):
        index.remove_ids(faiss.IDSelectorBatch(np.ascontiguousarray(removed)))
    for ids, vectors in added:
        index.add_with_ids(vectors, ids)
    try:
        faiss.write_index(index, str(target))
    except RuntimeError as error:
        raise IndexStoreError(f"{target} cannot be written") from error


def _read(path: Path, flags: int) -> faiss.Index:
    try:
        index = faiss.read_index(str(path), flags)
    except (RuntimeError, MemoryError) as error:
        raise IndexCorrupt(f"{path} is missing or damaged", REPAIR) from error
    if not _is_whole(index):
        raise IndexCorrupt(f"{path} is damaged: its parts do not fit together", REPAIR)
    return index


def _is_whole(index: faiss.Index) -> bool:
    """Return whether the sizes that FAISS trusts are right: it would read beyond the end."""
    if not isinstance(index, faiss.IndexIDMap2):
        return False
    flat = faiss.downcast_index(index.index)
    return (
        isinstance(flat, faiss.IndexScalarQuantizer)
        and flat.sq.qtype == faiss.ScalarQuantizer.QT_fp16
        and index.metric_type == flat.metric_type == faiss.METRIC_INNER_PRODUCT
        and flat.d == flat.sq.d == index.d
        and flat.code_size == flat.sq.code_size == 2 * flat.d
        and flat.codes.size() == flat.ntotal * flat.code_size
        and index.ntotal == flat.ntotal == index.id_map.size()
    )
