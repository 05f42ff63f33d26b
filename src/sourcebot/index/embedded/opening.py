"""The embedded engine as ``index.open`` finds it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sourcebot.errors import IndexNotBuilt
from sourcebot.index.embedded.generation import current_name, open_current

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcebot.config.settings import Config
    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.contract import BuildOptions, Engine, KeyedVectors, Snapshot
    from sourcebot.types import Summary


def is_built(config: Config) -> bool:
    """Return whether there is an index in the project's folder.

    Raises:
        IndexCorrupt: when the pointer to it is damaged.
    """
    try:
        current_name(config.index_folder)
    except IndexNotBuilt:
        return False
    return True


def open_engine(config: Config, embedder: Embedder) -> Engine:
    """Return the engine with the current generation open; see ``index.open``."""
    from sourcebot.index.embedded.engine import EmbeddedEngine

    return EmbeddedEngine(config.index_folder, embedder)


@contextmanager
def reading(config: Config) -> Iterator[Snapshot]:
    """Give the current generation, closed afterwards; see ``index.open``."""
    generation = open_current(config.index_folder)
    try:
        yield generation
    finally:
        generation.store.close()


def build_index(config: Config, embedder: Embedder, options: BuildOptions) -> Summary:
    """Build a new generation; see ``index.open``."""
    from sourcebot.index.embedded.build import build_index as build

    return build(config, embedder, options)


def vectors(config: Config, embedder: Embedder) -> Iterator[KeyedVectors]:
    """Yield the vectors that are kept exactly, with their keys; see ``index.open``."""
    from sourcebot.index.embedded.salvaging import whole_vectors

    return whole_vectors(config.index_folder, embedder)
