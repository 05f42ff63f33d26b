"""The engine that the configuration names: opened, read, and brought up to date."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from sourcebot.config.engines import ENGINES
from sourcebot.errors import CacheDamaged, ConfigError, IndexStoreError
from sourcebot.index.contract import BuildOptions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from contextlib import AbstractContextManager

    from sourcebot.config.settings import Config
    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.contract import Carried, Engine, KeyedVectors, Snapshot
    from sourcebot.types import Progress, Summary
    from sourcebot.types.reports import Part, PartSummary


class _Opening(Protocol):
    """What the module of an engine holds."""

    def is_built(self, config: Config) -> bool: ...

    def open_engine(self, config: Config, embedder: Embedder) -> Engine: ...

    def reading(self, config: Config) -> AbstractContextManager[Snapshot]: ...

    def build_index(self, config: Config, embedder: Embedder, options: BuildOptions) -> Summary: ...

    def vectors(self, config: Config, embedder: Embedder) -> Iterator[KeyedVectors]: ...


class _Shared(Protocol):
    """What the module of an engine holds besides that several machines reach."""

    def embed_part(
        self,
        config: Config,
        embedder: Embedder,
        part: Part,
        *,
        wait: float,
        progress: Progress,
        carried: Carried | None,
    ) -> PartSummary: ...


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
    that are meant to leave the index, None whatever has left. A first index takes over the
    vectors of another engine that has one, so that nothing is embedded twice.

    Raises:
        ConfigError: when there is no sources folder.
        SourcesLost: when the folder has lost most of its articles, and that is not expected.
        IndexLocked: when another process is building.
        IndexStoreError: when the index cannot be written.
    """
    carried = _carried(config, embedder)
    options = BuildOptions(rebuild, wait, expected, progress, carried)
    try:
        return _of(config).build_index(config, embedder, options)
    except CacheDamaged:
        # It has been made anew, and what it held is embedded again.
        return _of(config).build_index(config, embedder, options)


def embed_part(
    config: Config,
    embedder: Embedder,
    part: Part,
    *,
    wait: float = 0.0,
    progress: Progress = lambda *_: None,
) -> PartSummary:
    """Embed one of several parts of what is new, for the run of ``build_index`` that follows.

    So several machines that have the same articles embed at the same time. What a part has
    embedded when it ends early, it need not embed again.

    Raises:
        ConfigError: when the engine is none that several machines reach.
        IndexLocked: when another process works in the same folder.
        IndexStoreError: when the database cannot be reached or written.
    """
    if not ENGINES[config.index.engine].elsewhere:
        raise ConfigError(
            f'parts are for an index that several machines reach; [index] engine is "'
            f'{config.index.engine}"',
            "run `sourcebot index` without --part",
        )
    module = cast("_Shared", _of(config))
    carried = _carried(config, embedder)
    return module.embed_part(config, embedder, part, wait=wait, progress=progress, carried=carried)


def _carried(config: Config, embedder: Embedder) -> Carried | None:
    """Return what gives the vectors of another engine's index, None where there is none.

    Whatever keeps them from being read, they are only an economy.
    """
    others = [
        replace(config, index=replace(config.index, engine=name))
        for name in ENGINES
        if name != config.index.engine
    ]
    built = [theirs for theirs in others if _may_hold_vectors(theirs)]

    def carried() -> Iterator[KeyedVectors]:
        for theirs in built:
            with suppress(ConfigError, IndexStoreError):
                yield from _of(theirs).vectors(theirs, embedder)

    return carried if built else None


def _may_hold_vectors(config: Config) -> bool:
    """Return whether an index of the configured engine is there, or might be in a database."""
    if ENGINES[config.index.engine].elsewhere:
        return bool(config.index.dsn)
    return _of(config).is_built(config)
