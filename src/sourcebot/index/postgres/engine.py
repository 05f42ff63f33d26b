"""The PostgreSQL engine: each question is answered from one snapshot of the database."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sourcebot.index.postgres.connection import Pool
from sourcebot.index.postgres.generations import current_generation
from sourcebot.index.postgres.snapshot import PostgresSnapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcebot.config.settings import IndexConfig
    from sourcebot.embedding.embedder import Embedder
    from sourcebot.types import IndexInfo


class PostgresEngine:
    """An index in a database; implements ``contract.Engine``."""

    def __init__(self, settings: IndexConfig, embedder: Embedder | None) -> None:
        """Look at the index.

        Without an ``embedder`` it is not asked but looked through: its vectors need not fit, and
        queries may take long.

        Raises:
            IndexStoreError: when it cannot be reached, or is missing or stale.
        """
        self._schema = settings.schema
        self._embedder = embedder
        self._pool = Pool(settings, patient=embedder is None)
        self.refresh()

    @property
    def connections(self) -> int:
        """The open connections, used or idle."""
        return self._pool.open

    def refresh(self) -> IndexInfo:
        """Return what the newest generation holds.

        Raises:
            IndexStoreError: when it cannot be reached, or is missing or stale.
        """
        with self.reading() as snapshot:
            return snapshot.info

    @contextmanager
    def reading(self) -> Iterator[PostgresSnapshot]:
        """Give the newest generation, in a transaction of its own.

        Raises:
            IndexStoreError: when it cannot be reached, or is missing or stale.
        """
        with self._pool.transaction() as connection:
            generation = current_generation(connection, self._schema)
            if self._embedder:
                generation.check_fingerprint(self._embedder)
            yield PostgresSnapshot(connection, self._schema, generation)

    def close(self) -> None:
        """Close the connections that are idle."""
        self._pool.close()
