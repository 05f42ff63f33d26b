"""Vectors by content, kept between generations: what is embedded once stays embedded.

The cache is only ever an economy: it is written while the index lock is held, survives
an interrupted run, and can be deleted at any time.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

import numpy as np

from sourcebot.errors import UNTOUCHED, CacheDamaged, IndexStoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]

_CHUNK = 500
_SEAL = 4
_UNWRITABLE = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
}
"""The codes of SQLite that say nothing of damage."""

_CHECKED_AT_OPENING = 64 * 1024 * 1024
"""A cache of at most so many bytes is read through when it is opened. A larger one is not: from a
cold disk that takes longer than embedding what is new."""


def vector_key(identity: str, text: str) -> bytes:
    """Return the key (16 bytes) of a text's vector under the embedder ``identity``."""
    return hashlib.sha256(f"{identity}\x00{text}".encode("utf-8", "surrogatepass")).digest()[:16]


class VectorCache:
    """Half-precision vectors in SQLite, by key, each with a checksum. Used as a context manager.

    All that reads or writes may raise ``CacheDamaged``.
    """

    def __init__(self, path: Path) -> None:
        """Open the cache at ``path``, made anew when it is missing or damaged.

        Raises:
            IndexStoreError: when it cannot be written.
        """
        self._path = path
        try:
            try:
                with self._damage_noticed():
                    self._open()
                    if path.stat().st_size <= _CHECKED_AT_OPENING:
                        (state,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
                        if state != "ok":
                            raise sqlite3.DatabaseError(state)
                self._rows([b""])
            except CacheDamaged:
                pass  # nobody has used it yet
        except sqlite3.Error as error:
            raise IndexStoreError(f"{path} cannot be written: {error}", UNTOUCHED) from error

    @contextmanager
    def _damage_noticed(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
            if code & 0xFF in _UNWRITABLE:
                raise
            self.clear()
            raise CacheDamaged(
                f"{self._path} was damaged ({error}) and has been made anew",
                "run `sourcebot index` again",
            ) from error

    def _open(self) -> None:
        self._connection = sqlite3.connect(self._path)
        self._connection.execute("PRAGMA journal_mode = WAL")
        # What a failing power supply takes is embedded again; a killed process loses nothing.
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS vectors"
            " (key BLOB PRIMARY KEY, vector BLOB NOT NULL) STRICT, WITHOUT ROWID"
        )

    def __enter__(self) -> Self:
        """Return the cache itself."""
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Close the file; what was added is kept.

        Raises:
            IndexStoreError: when the cache could not be written inside the context.
        """
        self._connection.close()
        if isinstance(error, sqlite3.Error):
            raise IndexStoreError(f"{self._path} cannot be written: {error}", UNTOUCHED) from error

    def clear(self) -> None:
        """Forget everything."""
        if hasattr(self, "_connection"):
            self._connection.close()
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._open()

    def missing(self, keys: Sequence[bytes]) -> set[bytes]:
        """Return the keys that have no vector."""
        return set(keys) - self._rows(keys).keys()

    def add(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        """Keep vectors, float32 of shape (keys, dimension); a killed process leaves them there."""
        rows = (
            (key, _sealed(key, row.tobytes()))
            for key, row in zip(keys, vectors.astype(np.float16), strict=True)
        )
        with self._damage_noticed(), self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def add_all(self, found: Iterable[tuple[Sequence[bytes], Vectors]]) -> None:
        """Keep those vectors whose keys have none yet; each pair is what ``add`` takes."""
        for keys, vectors in found:
            places = {key: place for place, key in enumerate(keys)}
            if missing := sorted(self.missing(keys)):
                self.add(missing, vectors[[places[key] for key in missing]])

    def get(self, keys: Sequence[bytes], dimension: int) -> Vectors:
        """Return the vectors of keys that have been added, float32 of shape (keys, dimension).

        Raises:
            CacheDamaged: when one is not found again; the cache is then empty.
        """
        rows = self._rows(keys)
        with self._damage_noticed():
            if not rows.keys() >= set(keys):
                # A damaged tree of keys can take a row and not find it again.
                raise sqlite3.DatabaseError("a vector is not found where it was put")
        vectors = np.empty((len(keys), dimension), np.float32)
        for place, key in enumerate(keys):
            vectors[place] = np.frombuffer(rows[key], np.float16)
        return vectors

    def trim(self, count: int, keys: Callable[[], set[bytes]]) -> None:
        """Drop the vectors that are in nobody's use, once they are more than those in use.

        ``count`` says how many vectors are in use at most, ``keys`` gives their keys.
        """
        most = 2 * count + 1000
        with self._damage_noticed():
            if self._most_held() <= most:
                return
            (held,) = self._connection.execute("SELECT count(*) FROM vectors").fetchone()
            if held <= most:
                return
            used = keys()
            stored = [row[0] for row in self._connection.execute("SELECT key FROM vectors")]
            with self._connection:
                self._connection.executemany(
                    "DELETE FROM vectors WHERE key = ?", ((k,) for k in stored if k not in used)
                )

    def _most_held(self) -> int:
        """Return how many vectors there can be; counting them reads the whole file."""
        row = self._connection.execute(
            "SELECT length(key) + length(vector) FROM vectors LIMIT 1"
        ).fetchone()
        pages, free, size = (
            self._connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * size // row[0] if row else 0

    def _rows(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        for start in range(0, len(keys), _CHUNK):
            chunk = list(keys[start : start + _CHUNK])
            marks = ",".join("?" * len(chunk))
            query = f"SELECT key, vector FROM vectors WHERE key IN ({marks})"  # noqa: S608
            with self._damage_noticed():
                rows = self._connection.execute(query, chunk).fetchall()
            for key, sealed in rows:
                # In a damaged file a column can hold anything, NULL included.
                if not isinstance(key, bytes) or not isinstance(sealed, bytes):
                    continue
                vector = sealed[:-_SEAL]
                if sealed == _sealed(key, vector):
                    found[key] = vector
        return found


def _sealed(key: bytes, vector: bytes) -> bytes:
    """Return a vector with the checksum that tells a damaged one: it is then embedded again."""
    return vector + zlib.crc32(key + vector).to_bytes(_SEAL, "little")
