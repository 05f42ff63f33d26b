"""The terms of the index, their numbers and in how many paragraphs they stand."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sourcebot.index.postgres.bm25 import KnownTerm
from sourcebot.index.postgres.connection import copying, rows_of, run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sourcebot.index.postgres.connection import Connection

_MOST_KEPT = 1_000_000
"""So many terms are kept in memory while indexing; then their counts are written."""


def known_terms(connection: Connection, schema: str, terms: Sequence[str]) -> dict[str, KnownTerm]:
    """Return those of the terms that are indexed.

    Raises:
        IndexStoreError: when the server fails.
    """
    rows = rows_of(
        connection,
        f"SELECT term, id, body, title FROM {schema}.terms WHERE term = ANY(%s)",
        [[*terms]],
    )
    return {term: KnownTerm(*numbers) for term, *numbers in rows}


class Vocabulary:
    """Numbers the terms of what is indexed in one transaction, and counts them."""

    def __init__(self, connection: Connection, schema: str) -> None:
        """Read the last number."""
        self._connection, self._schema = connection, schema
        self._numbers: dict[str, int] = {}
        self._changes: Counter[int] = Counter()
        ((self._last,),) = rows_of(connection, f"SELECT coalesce(max(id), 0) FROM {schema}.terms")

    def numbered(self, texts: Iterable[Sequence[str]]) -> list[list[int]]:
        """Return the terms' numbers, text by text; new terms are written."""
        texts = list(texts)
        missing = sorted({term for terms in texts for term in terms} - self._numbers.keys())
        if missing:
            if len(self._numbers) > _MOST_KEPT:
                self._numbers.clear()
                missing = sorted({term for terms in texts for term in terms})
            known = known_terms(self._connection, self._schema, missing)
            self._numbers |= {term: found.number for term, found in known.items()}
            new = [term for term in missing if term not in known]
            with copying(self._connection, f"{self._schema}.terms") as copy:
                for term in new:
                    self._last += 1
                    self._numbers[term] = self._last
                    copy.write_row((self._last, term, 0, 0))
        return [[self._numbers[term] for term in terms] for terms in texts]

    def count(self, dimensions: Iterable[int]) -> None:
        """Count the dimensions of a paragraph that comes in."""
        self._changes.update(dimensions)
        if len(self._changes) > 2 * _MOST_KEPT:
            self.write()

    def forget(self, counted: Iterable[tuple[int, int]]) -> None:
        """Take back the counts, by dimension, of paragraphs that leave."""
        self._changes.subtract(dict(counted))

    def write(self) -> None:
        """Write the counts."""
        run(
            self._connection,
            "CREATE TEMP TABLE IF NOT EXISTS counted (id integer, body bigint, title bigint)"
            " ON COMMIT DROP",
        )
        run(self._connection, "TRUNCATE counted")
        with copying(self._connection, "counted") as copy:
            for number in {dimension // 2 for dimension, n in self._changes.items() if n}:
                copy.write_row((number, self._changes[2 * number], self._changes[2 * number + 1]))
        run(
            self._connection,
            f"UPDATE {self._schema}.terms t SET body = t.body + c.body, title = t.title + c.title"
            " FROM counted c WHERE c.id = t.id",
        )
        self._changes.clear()
