"""The PostgreSQL engine as ``index.open`` finds it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sourcebot.index.postgres.engine import PostgresEngine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcebot.config.settings import Config
    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.contract import BuildOptions, Carried, Engine, KeyedVectors, Snapshot
    from sourcebot.types import Progress, Summary
    from sourcebot.types.reports import Part, PartSummary


def is_built(config: Config) -> bool:  # noqa: ARG001 (as of every engine)
    """Return True: whoever asks may be somebody else, and elsewhere, than who indexes."""
    return True


def open_engine(config: Config, embedder: Embedder) -> Engine:
    """Return the engine, connected; see ``index.open``."""
    return PostgresEngine(config.index, embedder)


@contextmanager
def reading(config: Config) -> Iterator[Snapshot]:
    """Give the newest generation in a transaction of its own; see ``index.open``."""
    engine = PostgresEngine(config.index, None)
    try:
        with engine.reading() as snapshot:
            yield snapshot
    finally:
        engine.close()


def build_index(config: Config, embedder: Embedder, options: BuildOptions) -> Summary:
    """Write a new generation; see ``index.open``."""
    from sourcebot.index.postgres.indexer import build_index as build

    return build(config, embedder, options)


def vectors(config: Config, embedder: Embedder) -> Iterator[KeyedVectors]:  # noqa: ARG001 (as of every engine)
    """Yield the vectors of the newest generation with their keys; see ``index.open``."""
    from sourcebot.index.postgres.carrying import whole_vectors

    return whole_vectors(config.index)


def embed_part(
    config: Config,
    embedder: Embedder,
    part: Part,
    *,
    wait: float,
    progress: Progress,
    carried: Carried | None,
) -> PartSummary:
    """Embed a part of what is new; see ``index.open``."""
    from sourcebot.index.postgres.indexer import embed_part as embed

    return embed(config, embedder, part, wait=wait, progress=progress, carried=carried)
