"""sources/ -> a new generation. Only what is new or changed is read and embedded."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from sourcebot.articles.files import list_sources
from sourcebot.embedding.exported import remove_unfinished
from sourcebot.errors import UNTOUCHED, IndexLocked, IndexStoreError
from sourcebot.files import sync_tree
from sourcebot.index.changes import check_loss, plan_changes
from sourcebot.index.embedded.generation import (
    ARTICLES,
    CURRENT,
    FORMAT_VERSION,
    GENERATIONS,
    LEXICAL,
    VECTORS,
    Generation,
    Manifest,
    files_of,
    fingerprint,
    open_current,
    prune,
    switch_to,
)
from sourcebot.index.embedded.lexical import add_to_lexical, copy_lexical
from sourcebot.index.embedded.salvaging import whole_vectors
from sourcebot.index.embedded.vector_building import write_vectors
from sourcebot.index.embedded.vector_change import vector_change
from sourcebot.index.embedded.vectors import VectorIndex
from sourcebot.index.intake import new_name, nothing_done, summarized, take_in
from sourcebot.index.paragraph_vectors import embed_missing
from sourcebot.index.store_writer import StoreWriter
from sourcebot.index.vector_cache import VectorCache

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sourcebot.config.settings import Config
    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.contract import BuildOptions
    from sourcebot.types import FileState, Summary

_LARGE = 50_000
_MOST_GONE = 0.02


def build_index(config: Config, embedder: Embedder, options: BuildOptions) -> Summary:
    """Bring the index up to date with the sources and switch to it.

    The old generation answers until the new one is whole and on the disk. A file that
    cannot be used is reported in the summary.

    Raises:
        ConfigError: when there is no sources folder.
        SourcesLost: when the folder has lost most of its articles, and that is not expected.
        IndexLocked: when another process is building.
        IndexStoreError: when the index cannot be written.
    """
    folder = config.index_folder
    try:
        (folder / GENERATIONS).mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock").acquire(timeout=options.wait):
            return _build(config, embedder, options)
    except Timeout as error:
        raise IndexLocked(
            f"another process is building the index in {folder}", "wait for it to finish"
        ) from error
    except OSError as error:
        raise IndexStoreError(
            f"the index cannot be written to {folder}: {error.strerror or error}",
            UNTOUCHED,
        ) from error


def _build(config: Config, embedder: Embedder, options: BuildOptions) -> Summary:
    started, progress = time.monotonic(), options.progress
    folder = config.index_folder
    prune(folder)
    remove_unfinished(config)
    old = None if options.rebuild else _usable(folder, embedder)
    known = old.store.files() if old else {}
    listing = list_sources(config.sources_folder)
    if options.expected is not None:
        before, indexed = _before(folder)
        check_loss(
            config.sources_folder, listing, before, indexed=indexed, expected=options.expected
        )
    plan = plan_changes(listing, known)
    if old and not plan.changed:
        return nothing_done(old.manifest, plan, started)
    name = new_name()
    work = folder / GENERATIONS / f".{name}"
    work.mkdir()
    try:
        if old:
            shutil.copy2(old.folder / ARTICLES, work / ARTICLES)
        with (
            StoreWriter(work / ARTICLES) as writer,
            VectorCache(folder / "vectors.sqlite") as cache,
        ):
            if options.rebuild:
                cache.clear()
            elif not old:
                for found in (
                    whole_vectors(folder, embedder),
                    options.carried() if options.carried else (),
                ):
                    cache.add_all(found)
            taken = take_in(writer, plan, known, embedder, progress)
            writer.group_stories()
            writer.commit()
            embedded = embed_missing(writer, cache, embedder, progress)
            progress("Writing", 0, 1)
            change = vector_change(
                writer,
                cache,
                embedder,
                tier=config.index.vectors,
                removed=taken.paragraph_ids,
                history=config.history_file,
            )
            write_vectors(old.vectors if old else None, work / VECTORS, embedder.dimension, change)
            gone = _update_lexical(writer, old, work / LEXICAL, taken.paragraph_ids)
            articles, paragraphs, _ = writer.counts()
            if taken.paragraph_ids:
                cache.trim(paragraphs, writer.keys)
        vectors = VectorIndex(work / VECTORS, embedder.dimension)
        Manifest(
            name=name,
            format=FORMAT_VERSION,
            fingerprint=fingerprint(embedder),
            model=config.embedding.model,
            dimension=embedder.dimension,
            created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            articles=articles,
            paragraphs=paragraphs,
            recall=vectors.recall,
            recall_measured_with=vectors.measured_with,
            lexical_gone=gone,
            files=files_of(work, old),
        ).write(work)
        sync_tree(work)
        work.rename(folder / GENERATIONS / name)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    switch_to(folder, name)
    prune(folder)
    progress("Writing", 1, 1)
    taken.notes += ((VECTORS, remark) for remark in vectors.remarks())
    return summarized(plan, known, taken, (articles, paragraphs, embedded), started)


def _before(folder: Path) -> tuple[Mapping[str, FileState], int]:
    """Return the files of the index that is there, whatever made it, and how many articles."""
    try:
        current = open_current(folder)
        return current.store.files(), current.manifest.articles
    except (IndexStoreError, OSError):  # of another version, or damaged
        return {}, int((folder / CURRENT).exists())


def _usable(folder: Path, embedder: Embedder) -> Generation | None:
    """Return the generation to start from, or None to start from nothing."""
    try:
        generation = open_current(folder)
        generation.check_fingerprint(embedder)
        generation.check_digests()
    except (IndexStoreError, OSError):
        return None
    return generation


def _update_lexical(
    writer: StoreWriter, old: Generation | None, folder: Path, removed: list[int]
) -> int:
    """Bring the lexical index up to date; return how many gone paragraphs its statistics count.

    A small index that loses paragraphs is written anew, a large one once many are gone.
    """
    gone = (old.manifest.lexical_gone if old else 0) + len(removed)
    size = old.manifest.paragraphs if old else 0
    if old and gone <= (_MOST_GONE * size if size >= _LARGE else 0):
        copy_lexical(old.folder / LEXICAL, folder)
        chunks = writer.added()
    else:
        gone, removed, chunks = 0, [], writer.everything()
    add_to_lexical(folder, (row[:5] for chunk in chunks for row in chunk), removed)
    return gone
