"""Vectors that several machines make for one pass of the indexer.

Each embeds its part of the articles and leaves the vectors in a table; the pass that follows finds
them there. Which machine has made a vector changes nothing in the index.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.index.postgres.connection import copying, mapped_errors, rows_of, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcebot.index.changes import Plan
    from sourcebot.index.contract import KeyedVectors
    from sourcebot.index.postgres.connection import Connection
    from sourcebot.index.postgres.staging import Staging
    from sourcebot.index.vector_cache import VectorCache
    from sourcebot.types.reports import Part

_AT_ONCE = 2000
_TABLE = "prepared"


def part_of(plan: Plan, part: Part) -> Plan:
    """Return what one of several machines reads of what is new: by a checksum of the names."""
    mine = (f for f in plan.to_read if zlib.crc32(f.id.encode()) % part.of == part.number - 1)
    return replace(plan, to_read=tuple(mine))


def leave_prepared(
    connection: Connection, schema: str, staging: Staging, cache: VectorCache, dimension: int
) -> None:
    """Leave the vectors of what is staged for the pass that follows; all are in the cache.

    Raises:
        IndexStoreError: when the server fails.
    """
    run(
        connection,
        f"CREATE TABLE IF NOT EXISTS {schema}.{_TABLE} (key bytea PRIMARY KEY, vector bytea)",
    )
    run(connection, f"CREATE TEMP TABLE fresh (LIKE {schema}.{_TABLE}) ON COMMIT DELETE ROWS")
    with mapped_errors():
        connection.commit()
    for rows in staging.added(_AT_ONCE):
        keys = sorted({row.vector for row in rows})
        with copying(connection, "fresh", ("bytea", "bytea")) as copy:
            for key, vector in zip(keys, cache.get(keys, dimension).astype("<f2"), strict=True):
                copy.write_row((key, vector.tobytes()))
        run(
            connection,
            f"INSERT INTO {schema}.{_TABLE} SELECT * FROM fresh ON CONFLICT DO NOTHING",
        )
        with mapped_errors():
            connection.commit()


def prepared(
    connection: Connection, schema: str, staging: Staging, cache: VectorCache
) -> Iterator[KeyedVectors]:
    """Yield the vectors that are left for what is staged and that the cache lacks.

    Raises:
        IndexStoreError: when the server fails.
    """
    if not _is_there(connection, schema):
        return
    for rows in staging.added(_AT_ONCE):
        found = rows_of(
            connection,
            f"SELECT key, vector FROM {schema}.{_TABLE} WHERE key = ANY(%s)",
            [sorted(cache.missing([row.vector for row in rows]))],
        )
        if found:
            vectors = np.array([np.frombuffer(sent, "<f2") for _, sent in found], np.float32)
            yield [bytes(key) for key, _ in found], vectors


def drop_prepared(connection: Connection, schema: str) -> None:
    """Let go of what was left: it is in the index, or of no use to it.

    Raises:
        IndexStoreError: when the server fails.
    """
    if _is_there(connection, schema):
        run(connection, f"DROP TABLE {schema}.{_TABLE}")


def _is_there(connection: Connection, schema: str) -> bool:
    return bool(rows_of(connection, "SELECT to_regclass(%s)", [f"{schema}.{_TABLE}"])[0][0])
