"""Building the dense index: which segments stay, which are written, and how exact they are.

A segment is first written exact, then compressed where the tier asks for that, so memory is
bounded by one segment whatever the size of the index. Segments of the generation before are
linked, not copied; what is gone from them is noted beside them.
"""

from __future__ import annotations

import itertools
import json
import os
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import faiss
import numpy as np

from sourcebot.errors import IndexStoreError
from sourcebot.files import link_or_copy
from sourcebot.index.embedded.vector_segment import (
    BITS,
    COARSE,
    EXACT,
    FINE,
    IDS,
    NUMBERS_A_CODE,
    Segment,
    SegmentNote,
)
from sourcebot.index.embedded.vectors import GONE, SEGMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import numpy.typing as npt

    from sourcebot.index.embedded.vectors import VectorIndex

    Ids = npt.NDArray[np.int64]
    Vectors = npt.NDArray[np.float32]
    Chunk = tuple[Ids, Vectors]

EXACT_UP_TO = 200_000
"""So many paragraphs "auto" keeps exact: a scan of all takes about 20 ms. What is
compressed becomes exact again at half of that, so that it does not change to and fro."""

LARGEST = 250_000
"""Most paragraphs of a segment; about 300 MB of memory while it is built."""

SMALLEST = 32_768
"""With fewer paragraphs a segment is not worth compressing: it is exact, and written anew when
something is added."""

FLOOR = 0.95
"""Least share of the ten nearest paragraphs that a compressed segment must find."""

RECALL_AT = 10

_MOST_GONE = 0.1
_MOST_SMALL = 8
_TRAINING = 32_768
_CHUNK = 4096
_SEED = 1


@dataclass(frozen=True, slots=True)
class Sample:
    """Vectors that the recall is measured with, and in words what they are of."""

    vectors: Vectors
    what: str


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of an index.

    Attributes:
        tier: "auto", "exact" or "compressed".
        removed: ids of paragraphs that leave it.
        added: chunks of new ids, ascending, with their unit vectors.
        count: how many paragraphs are added.
        exact_vectors: gives the vectors of paragraphs that were indexed before, as they were
            embedded, or None where they are no longer known.
        sample: gives what the recall is measured with; asked only when that is needed.
    """

    tier: str
    removed: Ids
    added: Iterable[Chunk]
    count: int
    exact_vectors: Callable[[Ids], Vectors | None]
    sample: Callable[[], Sample]


def write_vectors(old: VectorIndex | None, folder: Path, dimension: int, change: Change) -> None:
    """Write to ``folder`` the index ``old`` (None: an empty one) with the change made.

    Raises:
        IndexCorrupt: when ``old`` is damaged.
        IndexStoreError: when ``folder`` cannot be written.
    """
    folder.mkdir()
    segments = old.segments if old else ()
    gone: Ids = np.concatenate([change.removed, *(s.ids[s.gone] for s in segments)])
    live = {s.name: s.live()[~np.isin(s.live(), gone)] for s in segments}
    total = sum(map(len, live.values())) + change.count
    most = EXACT_UP_TO // 2 if any(s.coarse is not None for s in segments) else EXACT_UP_TO
    compress = change.tier == "compressed" or (change.tier == "auto" and total > most)
    compress = compress and dimension % NUMBERS_A_CODE == 0
    kept = _kept(segments, live, change, compress=compress)
    notes = [segment.note for segment in kept]
    if old:
        for segment in kept:
            for name in segment.files:
                link_or_copy(old.folder / name, folder / name)
    # Segments that took paragraphs of several others interleave, and ids must ascend.
    nothing: Ids = np.empty(0, np.int64)
    moved = np.sort(np.concatenate([nothing, *(live[s.name] for s in segments if s not in kept)]))
    rows = itertools.chain(_moved(old, moved, change), change.added) if old else change.added
    stream = _Stream(rows)
    rest = len(moved) + change.count
    number = max((int(s.name) for s in segments), default=0)
    while rest:
        number += 1
        size = min(rest, LARGEST)
        note = _write_exact(folder, str(number), dimension, stream.take(size))
        if compress and size >= SMALLEST:
            note = _compress(folder, note, dimension, change.sample())
        notes.append(note)
        rest -= size
    kept_gone = [s.ids[np.isin(s.ids, gone)] for s in kept]
    np.sort(np.concatenate([nothing, *kept_gone])).astype("<i8").tofile(folder / GONE)
    (folder / SEGMENTS).write_text(json.dumps([asdict(note) for note in notes]), "utf-8")


def _kept(
    segments: tuple[Segment, ...], live: dict[str, Ids], change: Change, *, compress: bool
) -> tuple[Segment, ...]:
    """Return the segments that stay as they are; the others are written anew."""

    def stays(segment: Segment) -> bool:
        # One that missed the floor has a recall although it is exact, and is not tried again.
        right = (segment.note.recall is not None) if compress else segment.coarse is None
        few_gone = len(live[segment.name]) >= (1 - _MOST_GONE) * len(segment.ids)
        return right and few_gone and len(segment.ids) >= SMALLEST

    staying = tuple(filter(stays, segments))
    small = [segment for segment in staying if len(segment.ids) < LARGEST / 2]
    if len(small) > _MOST_SMALL:
        staying = tuple(segment for segment in staying if segment not in small)
    # What is compressed is not made anew out of what is compressed.
    return tuple(s for s in segments if s in staying or not _is_known(s, live[s.name], change))


def _is_known(segment: Segment, ids: Ids, change: Change) -> bool:
    """Return whether the vectors of a segment's paragraphs are to be had as they were embedded."""
    return segment.coarse is None or all(
        change.exact_vectors(ids[start : start + _CHUNK]) is not None
        for start in range(0, len(ids), _CHUNK)
    )


def _moved(old: VectorIndex, ids: Ids, change: Change) -> Iterator[Chunk]:
    """Yield paragraphs out of old segments, with their vectors as exact as they are known."""
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        known = change.exact_vectors(chunk)
        yield chunk, old.stored(chunk) if known is None else known


class _Stream:
    """Chunks of rows, taken in portions of any size."""

    def __init__(self, chunks: Iterable[Chunk]) -> None:
        self._chunks = iter(chunks)
        self._left: Chunk | None = None

    def take(self, count: int) -> Iterator[Chunk]:
        while count:
            ids, vectors = self._left or next(self._chunks)
            self._left = (ids[count:], vectors[count:]) if len(ids) > count else None
            yield ids[:count], vectors[:count]
            count -= min(count, len(ids))


def _write_exact(folder: Path, name: str, dimension: int, chunks: Iterable[Chunk]) -> SegmentNote:
    index = faiss.IndexScalarQuantizer(
        dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    with (folder / f"{name}{IDS}").open("wb") as stream:
        for ids, vectors in chunks:
            stream.write(ids.astype("<i8").tobytes())
            index.add(vectors)
    _write(index, folder / f"{name}{EXACT}")
    return SegmentNote(name, None, "")


def _compress(folder: Path, note: SegmentNote, dimension: int, sample: Sample) -> SegmentNote:
    """Put compressed vectors in the place of a segment's exact ones, if they are good enough."""
    nothing = np.empty(0, np.int64)
    exact = Segment.open(folder, note, dimension, nothing)
    count = len(exact.ids)
    places = np.sort(np.random.default_rng(_SEED).permutation(count)[:_TRAINING])
    training = exact.reconstructed(places)
    # Threads that wait for one another so often only spin.
    faiss.omp_set_num_threads(1)
    coarse = faiss.IndexPQFastScan(
        dimension, dimension // NUMBERS_A_CODE, BITS, faiss.METRIC_INNER_PRODUCT
    )
    fine = faiss.IndexScalarQuantizer(
        dimension, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    coarse.train(training)
    fine.train(training)
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    nearest = _Nearest(sample.vectors)
    for start in range(0, count, _CHUNK):
        chunk = np.arange(start, min(count, start + _CHUNK))
        vectors = exact.reconstructed(chunk)
        coarse.add(vectors)
        fine.add(vectors)
        nearest.look_at(exact.ids[chunk], vectors)
    _write(coarse, folder / f"{note.name}{COARSE}")
    _write(fine, folder / f"{note.name}{FINE}")
    recall = nearest.recall(replace(exact, fine=fine, coarse=coarse))
    superseded = (EXACT,) if recall >= FLOOR else (COARSE, FINE)
    for ending in superseded:
        (folder / f"{note.name}{ending}").unlink()
    return SegmentNote(note.name, round(recall, 4), sample.what)


class _Nearest:
    """The exact nearest paragraphs of a sample, found while all vectors pass by."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors
        self._ids = np.full((len(vectors), RECALL_AT), -1, np.int64)
        self._cosines = np.full((len(vectors), RECALL_AT), -np.inf, np.float32)

    def look_at(self, ids: Ids, vectors: Vectors) -> None:
        cosines = np.hstack((self._cosines, self._vectors @ vectors.T))
        everyone = np.broadcast_to(ids, (len(self._vectors), len(ids)))
        numbers = np.hstack((self._ids, everyone))
        best = np.argpartition(-cosines, RECALL_AT - 1, axis=1)[:, :RECALL_AT]
        self._cosines = np.take_along_axis(cosines, best, axis=1)
        self._ids = np.take_along_axis(numbers, best, axis=1)

    def recall(self, segment: Segment) -> float:
        """Return the mean share of them that a segment finds."""
        shares = [
            np.isin(wanted, segment.search(vector, RECALL_AT, None)[0]).mean()
            for vector, wanted in zip(self._vectors, self._ids, strict=True)
        ]
        return float(np.mean(shares))


def _write(index: faiss.Index, path: Path) -> None:
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:
        raise IndexStoreError(f"{path} cannot be written") from error
