"""sources/ -> the database. Only what is new or changed is read, embedded and written."""

from __future__ import annotations

import shutil
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from sourcebot.articles.files import list_sources
from sourcebot.embedding.exported import remove_unfinished
from sourcebot.errors import IndexLocked, IndexNotBuilt, IndexStoreError
from sourcebot.index.changes import check_loss, plan_changes
from sourcebot.index.intake import errors_of, nothing_done, summarized, take_in
from sourcebot.index.paragraph_vectors import embed_missing
from sourcebot.index.postgres.carrying import vectors_of
from sourcebot.index.postgres.connection import connect, mapped_errors, rows_of, run
from sourcebot.index.postgres.ddl import tables
from sourcebot.index.postgres.generations import current_generation, fingerprint
from sourcebot.index.postgres.parts import leave_prepared, part_of, prepared
from sourcebot.index.postgres.snapshot import PostgresSnapshot
from sourcebot.index.postgres.staging import Staging
from sourcebot.index.postgres.writer import Model, write_pass
from sourcebot.index.vector_cache import VectorCache
from sourcebot.types.reports import PartSummary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcebot.config.settings import Config
    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.contract import BuildOptions, Carried
    from sourcebot.index.postgres.connection import Connection
    from sourcebot.index.postgres.generations import StoredGeneration
    from sourcebot.types import Progress, Summary
    from sourcebot.types.reports import Part

_STAGING = ".postgresql"
_ARTICLES = "articles.sqlite"
_SETTING_UP = 60.0
"""Seconds to wait for another process that makes the tables."""

_LOOK = 0.2
"""Seconds between two tries to become the one indexer of a database."""


def build_index(config: Config, embedder: Embedder, options: BuildOptions) -> Summary:
    """Bring the index in the database up to date with the sources; see ``index.open``.

    The folder of the index holds only vectors of an interrupted run and what is being written.
    """
    wait = options.wait
    with _own_folder(config, wait), _locked(config, wait) as connection:
        return _build(config, embedder, connection, options)


def embed_part(
    config: Config,
    embedder: Embedder,
    part: Part,
    *,
    wait: float,
    progress: Progress,
    carried: Carried | None,
) -> PartSummary:
    """Embed a part of what is new, and leave the vectors in the database; see ``index.open``.

    The folder of the index keeps them until then, so that a run that ends early can go on.
    """
    schema, dimension = config.index.schema, embedder.dimension
    with _own_folder(config, wait), closing(connect(config.index, reading=False)) as connection:
        if not _has_tables(connection, schema):
            with mapped_errors():
                connection.rollback()  # what another process makes meanwhile is to be seen
            with _locked(config, _SETTING_UP) as alone:
                _prepared(alone, schema, dimension)
        old = _prepared(connection, schema, dimension)
        known = PostgresSnapshot(connection, schema, old).store.files() if old else {}
        with mapped_errors():
            connection.rollback()  # no snapshot is held while there is much to embed
        plan = part_of(plan_changes(list_sources(config.sources_folder), known), part)
        with _staged(config) as (staging, cache):
            taken = take_in(staging, plan, known, embedder, progress)
            if carried:
                cache.add_all(carried())
            embedded = embed_missing(staging, cache, embedder, progress)
            progress("Writing", 0, 1)
            leave_prepared(connection, schema, staging, cache, dimension)
            if not carried:
                cache.clear()
            progress("Writing", 1, 1)
            return PartSummary(part, staging.counts()[1], embedded, errors_of(taken.failures))


@contextmanager
def _own_folder(config: Config, wait: float) -> Iterator[None]:
    """Hold the folder in which a run works, for one process."""
    folder = config.index_folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock").acquire(timeout=wait):
            remove_unfinished(config)
            yield
    except Timeout as error:
        raise _locked_out(str(folder)) from error
    except OSError as error:
        raise IndexStoreError(
            f"the index cannot be prepared in {folder}: {error.strerror or error}",
            "free space or make the folder writable",
        ) from error


@contextmanager
def _staged(config: Config) -> Iterator[tuple[Staging, VectorCache]]:
    """Give a place for what a run reads, removed in the end, and the cache of vectors."""
    work = config.index_folder / _STAGING
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        with (
            Staging(work / _ARTICLES) as staging,
            VectorCache(config.index_folder / "vectors.sqlite") as cache,
        ):
            yield staging, cache
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _locked_out(where: str) -> IndexLocked:
    return IndexLocked(f"another process is building the index in {where}", "wait for it to finish")


@contextmanager
def _locked(config: Config, wait: float) -> Iterator[Connection]:
    """Give a connection that alone may write; its end, however it comes, frees the lock."""
    schema, end = config.index.schema, time.monotonic() + wait
    connection = connect(config.index, reading=False)
    try:
        while not rows_of(
            connection,
            "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))",
            [f"sourcebot index {schema}"],
        )[0][0]:
            if time.monotonic() >= end:
                raise _locked_out(f"schema {schema} of the database")
            time.sleep(_LOOK)
        with mapped_errors():
            connection.commit()
        yield connection
    finally:
        connection.close()


def _build(
    config: Config, embedder: Embedder, connection: Connection, options: BuildOptions
) -> Summary:
    started, progress, rebuild = time.monotonic(), options.progress, options.rebuild
    schema = config.index.schema
    model = Model(config.embedding.model, embedder.dimension, fingerprint(embedder))
    old = _prepared(connection, schema, model.dimension)
    fresh = rebuild or old is None or old.fingerprint != model.fingerprint
    before = PostgresSnapshot(connection, schema, old).store.files() if old else {}
    known = {} if fresh else before
    listing = list_sources(config.sources_folder)
    if options.expected is not None:
        indexed = len(before)
        check_loss(
            config.sources_folder, listing, before, indexed=indexed, expected=options.expected
        )
    plan = plan_changes(listing, known)
    if old and not fresh and not plan.changed:
        return nothing_done(old.info, plan, started)
    with _staged(config) as (staging, cache):
        if rebuild:
            cache.clear()
        leaving = [*plan.gone, *(file.id for file in plan.to_read if file.id in known)]
        if old and fresh and not rebuild and old.model == model.name:
            # Cut or stored otherwise since: what is embedded alike is found by its content.
            rows = rows_of(connection, f"SELECT id FROM {schema}.articles ORDER BY id")
            leaving = [name for (name,) in rows]
        cache.add_all(vectors_of(connection, schema, leaving))
        with mapped_errors():
            connection.rollback()  # no snapshot is held while there is much to embed
        taken = take_in(staging, plan, known, embedder, progress)
        if not rebuild:
            cache.add_all(prepared(connection, schema, staging, cache))
            with mapped_errors():
                connection.rollback()
            if options.carried and not old:
                cache.add_all(options.carried())
        embedded = embed_missing(staging, cache, embedder, progress)
        progress("Writing", 0, 1)
        articles, paragraphs = write_pass(
            connection, schema, staging, cache, model, old=old, fresh=fresh
        )
        if not options.carried:
            # They are in the database now; the cache serves runs that are interrupted, and an
            # embedded index where there is one.
            cache.clear()
    progress("Writing", 1, 1)
    return summarized(plan, known, taken, (articles, paragraphs, embedded), started)


def _has_tables(connection: Connection, schema: str) -> bool:
    return bool(rows_of(connection, "SELECT to_regclass(%s)", [f"{schema}.generations"])[0][0])


def _prepared(connection: Connection, schema: str, dimension: int) -> StoredGeneration | None:
    """Return the generation to start from, if any; the tables are made when there are none.

    Raises:
        IndexStoreError: when the tables are of another model's vectors, or cannot be made.
    """
    found = rows_of(
        connection,
        "SELECT a.atttypmod FROM pg_attribute a"
        " WHERE a.attrelid = to_regclass(%s) AND a.attname = 'embedding'",
        [f"{schema}.paragraphs"],
    )
    if not found:
        for what, there in (
            ("EXTENSION vector", "SELECT FROM pg_extension WHERE extname = 'vector'"),
            (f"SCHEMA {schema}", f"SELECT FROM pg_namespace WHERE nspname = '{schema}'"),
        ):
            if not rows_of(connection, there):
                run(connection, f"CREATE {what}")
        run(connection, tables(schema, dimension))
        with mapped_errors():
            connection.commit()
        return None
    if found[0][0] != dimension:
        raise IndexStoreError(
            f"the tables in schema {schema} are for vectors of {found[0][0]} numbers; the model "
            f"makes {dimension}",
            "name another schema in [index], or drop this one, and run `sourcebot index`",
        )
    ((may,),) = rows_of(
        connection, "SELECT has_table_privilege(%s, 'INSERT')", [f"{schema}.generations"]
    )
    if not may:
        raise IndexStoreError(
            "the role that [index] dsn names may not write the index",
            "use the indexer's role: `sourcebot index --print-sql` shows both",
        )
    try:
        return current_generation(connection, schema)
    except IndexNotBuilt:
        return None
