"""Vectors out of the database: of articles that change, or all of them for another engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcebot.errors import IndexNotBuilt
from sourcebot.index.postgres.connection import connect, mapped_errors
from sourcebot.index.postgres.generations import current_generation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sourcebot.config.settings import IndexConfig
    from sourcebot.index.contract import KeyedVectors
    from sourcebot.index.postgres.connection import Connection

_ARTICLES_AT_ONCE = 200
_AT_ONCE = 2000


def vectors_of(connection: Connection, schema: str, names: Sequence[str]) -> Iterator[KeyedVectors]:
    """Yield the vectors of the articles with these ids.

    Raises:
        IndexStoreError: when a server fails.
    """
    for start in range(0, len(names), _ARTICLES_AT_ONCE):
        with mapped_errors(), connection.cursor(binary=True) as cursor:
            cursor.execute(
                f"SELECT p.vector, p.embedding FROM {schema}.paragraphs p JOIN {schema}.articles a"
                " ON a.row = p.article WHERE a.id = ANY(%s)",
                [list(names[start : start + _ARTICLES_AT_ONCE])],
            )
            if rows := cursor.fetchall():
                yield _received(rows)


def whole_vectors(settings: IndexConfig) -> Iterator[KeyedVectors]:
    """Yield the vectors of the newest generation; there are none without an index.

    Raises:
        IndexStoreError: when a server fails or cannot be reached.
    """
    connection = connect(settings, reading=True, patient=True)
    try:
        try:
            generation = current_generation(connection, settings.schema)
        except IndexNotBuilt:
            return
        # A cursor of the server: an index may be larger than the memory.
        with mapped_errors(), connection.cursor("carried", binary=True) as cursor:
            cursor.execute(
                f"SELECT vector, embedding FROM {settings.schema}.paragraphs"
                " WHERE born BETWEEN %s AND %s",
                [generation.first, generation.number],
            )
            while rows := cursor.fetchmany(_AT_ONCE):
                yield _received(rows)
    finally:
        connection.close()


def _received(rows: list[tuple[bytes, bytes]]) -> KeyedVectors:
    """Return keys and vectors as pgvector sends them: the dimension, two empty bytes, halves."""
    vectors = np.array([np.frombuffer(sent, ">f2", offset=4) for _, sent in rows], np.float32)
    return [bytes(key) for key, _ in rows], vectors
