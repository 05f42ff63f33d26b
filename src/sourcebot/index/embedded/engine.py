"""The embedded engine: generations in the project's folder, each opened once and kept open."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sourcebot.errors import IndexCorrupt
from sourcebot.index.embedded.generation import (
    GENERATIONS,
    VECTORS,
    Generation,
    current_name,
    open_current,
)
from sourcebot.index.embedded.vectors import read_ahead

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sourcebot.embedding.embedder import Embedder
    from sourcebot.types import IndexInfo


class EmbeddedEngine:
    """The index in a folder; follows a new generation by itself."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        """Open the current generation of the index in ``folder``.

        Raises:
            IndexStoreError: when it is missing, damaged or not of ``embedder``'s vectors.
        """
        self._folder = folder
        self._embedder = embedder
        self._switching = threading.Lock()
        self._generation = self._open()

    def _open(self) -> Generation:
        # The vectors are read from the disk while other things are done.
        vectors = self._folder / GENERATIONS / current_name(self._folder) / VECTORS
        threading.Thread(target=read_ahead, args=(vectors,), daemon=True).start()
        generation = open_current(self._folder)
        generation.check_fingerprint(self._embedder)
        return generation

    def _is_outdated(self) -> bool:
        return current_name(self._folder) != self._generation.manifest.name

    def _newest(self) -> Generation:
        """Return the newest generation; the old one goes on answering what it has begun."""
        while self._is_outdated():
            with self._switching:
                if self._is_outdated():
                    self._generation = self._open()
        generation = self._generation
        try:
            generation.check_sizes()
        except IndexCorrupt:
            # It may have been replaced and removed since the look at the pointer.
            if self._is_outdated():
                return self._newest()
            raise
        return generation

    @property
    def connections(self) -> int:
        """None: there is no database to connect with."""
        return 0

    def refresh(self) -> IndexInfo:
        """Open the newest generation, if it is not, and return its manifest.

        Raises:
            IndexStoreError: when it is missing, damaged or stale.
        """
        return self._newest().manifest

    @contextmanager
    def reading(self) -> Iterator[Generation]:
        """Give the newest generation, which stays as it is.

        Raises:
            IndexStoreError: when it is missing, damaged or stale.
        """
        yield self._newest()

    def close(self) -> None:
        """Let go of the files."""
        self._generation.store.close()
