"""Removing from the database what no question can need any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcebot.index.postgres.connection import rows_of, run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.index.postgres.connection import Connection

_GRACE = "10 minutes"
"""No question lasts so long: what a generation of then did not see, none asks for any more."""

_AT_ONCE = 1000


def clean_up(connection: Connection, schema: str, last: int) -> None:
    """Remove what a pass has left that ended on some servers only; ``last`` is the last whole one.

    Raises:
        IndexStoreError: when a server fails.
    """
    if rows_of(connection, f"SELECT FROM {schema}.attempts LIMIT 1"):
        run(connection, f"DELETE FROM {schema}.paragraphs WHERE born > %s", [last])
        run(
            connection,
            f"DELETE FROM {schema}.words WHERE born > %(l)s OR baked > %(l)s",
            {"l": last},
        )
        run(connection, f"DELETE FROM {schema}.attempts")


def prune(connection: Connection, schema: str) -> None:
    """Remove what only generations saw that ended long ago.

    Raises:
        IndexStoreError: when a server fails.
    """
    rows = rows_of(
        connection,
        f"SELECT number, first, baked FROM {schema}.generations"
        " WHERE created < clock_timestamp() - %s::interval ORDER BY number DESC LIMIT 1",
        [_GRACE],
    )
    for number, first, baked in rows:
        gone = rows_of(
            connection, f"SELECT article FROM {schema}.removed WHERE died <= %s", [number]
        )
        _remove(connection, schema, [article for (article,) in gone])
        run(connection, f"DELETE FROM {schema}.removed WHERE died <= %s", [number])
        ((began, made),) = rows_of(
            connection, f"SELECT min(first), min(baked) FROM {schema}.generations"
        )
        if began < first:
            for table in ("paragraphs", "words"):
                run(connection, f"DELETE FROM {schema}.{table} WHERE born < %s", [first])
        if made < baked:
            run(connection, f"DELETE FROM {schema}.words WHERE baked < %s", [baked])
        run(connection, f"DELETE FROM {schema}.generations WHERE number < %s", [number])


def _remove(connection: Connection, schema: str, articles: Sequence[int]) -> None:
    for start in range(0, len(articles), _AT_ONCE):
        for table in ("paragraphs", "words"):
            run(
                connection,
                f"DELETE FROM {schema}.{table} WHERE article = ANY(%s)",
                [list(articles[start : start + _AT_ONCE])],
            )
