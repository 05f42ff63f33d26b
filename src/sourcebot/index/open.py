"""The engine that the configuration names: opened, read, and brought up to date."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from sourcebot.config.engines import ENGINES
from sourcebot.errors import CacheDamaged

if TYPE_CHECKING:
    from collections.abc import Collection
    from contextlib import AbstractContextManager

    from sourcebot.config.settings import Config
    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.contract import Engine, Snapshot
    from sourcebot.types import Progress, Summary


class _Opening(Protocol):
    """What the module of an engine holds."""

    def is_built(self, config: Config) -> bool: ...

    def open_engine(self, config: Config, embedder: Embedder) -> Engine: ...

    def reading(self, config: Config) -> AbstractContextManager[Snapshot]: ...

    def build_index(
        self,
        config: Config,
        embedder: Embedder,
        *,
        rebuild: bool = False,
        wait: float = 0.0,
        progress: Progress = ...,
        expected: Collection[str] | None = ...,
    ) -> Summary: ...


def _of(config: Config) -> _Opening:
    return cast("_Opening", import_module(ENGINES[config.index.engine].module))


def is_built(config: Config) -> bool:
    """Return whether there is an index, or somebody else keeps it.

    Raises:
        IndexCorrupt: when that cannot be told.
    """
    return _of(config).is_built(config)


def open_engine(config: Config, embedder: Embedder) -> Engine:
    """Return the configured engine, open, with an index that ``embedder`` can search.

    Raises:
        IndexNotBuilt: when there is no index yet.
        IndexStoreError: when the index cannot be used.
    """
    return _of(config).open_engine(config, embedder)


def reading(config: Config) -> AbstractContextManager[Snapshot]:
    """Give the newest state of the configured index to one who asks no questions of it.

    Raises:
        IndexNotBuilt: when there is no index yet.
        IndexStoreError: when the index cannot be used.
    """
    return _of(config).reading(config)


def build_index(
    config: Config,
    embedder: Embedder,
    *,
    rebuild: bool = False,
    wait: float = 0.0,
    progress: Progress = lambda *_: None,
    expected: Collection[str] | None = (),
) -> Summary:
    """Bring the index of the configured engine up to date with the sources.

    Questions are answered from the old state until the new one is whole. ``rebuild`` starts from
    nothing; ``wait`` is how many seconds to wait for another builder; ``expected`` names articles
    that are meant to leave the index, None whatever has left.

    Raises:
        ConfigError: when there is no sources folder.
        SourcesLost: when the folder has lost most of its articles, and that is not expected.
        IndexLocked: when another process is building.
        IndexStoreError: when the index cannot be written.
    """
    engine = _of(config)

    def build() -> Summary:
        return engine.build_index(
            config, embedder, rebuild=rebuild, wait=wait, progress=progress, expected=expected
        )

    try:
        return build()
    except CacheDamaged:
        # It has been made anew, and what it held is embedded again.
        return build()
