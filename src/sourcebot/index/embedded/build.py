"""sources/ -> a new generation. Only what is new or changed is read and embedded."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from sourcebot.articles.files import list_sources, read_article
from sourcebot.articles.paragraphs import segment
from sourcebot.embedding.exported import remove_unfinished
from sourcebot.errors import UNTOUCHED, ArticleError, IndexLocked, IndexStoreError
from sourcebot.files import sync_tree
from sourcebot.index.changes import Plan, plan_changes
from sourcebot.index.embedded.generation import (
    ARTICLES,
    FORMAT_VERSION,
    GENERATIONS,
    LEXICAL,
    VECTORS,
    Generation,
    Manifest,
    files_of,
    fingerprint,
    new_name,
    open_current,
    prune,
    switch_to,
)
from sourcebot.index.embedded.lexical import add_to_lexical, copy_lexical
from sourcebot.index.embedded.salvaging import salvage
from sourcebot.index.embedded.vector_building import write_vectors
from sourcebot.index.embedded.vectors import VectorIndex
from sourcebot.index.paragraph_vectors import embed_missing, embedded_text, vector_change
from sourcebot.index.rows import title_above
from sourcebot.index.store_writer import StoreWriter
from sourcebot.index.vector_cache import VectorCache, vector_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sourcebot.config.settings import Config
    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.changes import Failure
    from sourcebot.index.embedded.store import FileState
    from sourcebot.index.paragraph_vectors import Progress

_LARGE = 50_000
_MOST_GONE = 0.02


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run of the indexer did.

    ``added``, ``changed`` and ``removed`` are article ids; ``notes`` are remarks on single
    articles; ``embedded`` counts paragraphs whose vectors were computed; ``built`` is
    False when nothing had changed and the old generation goes on.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    failed: tuple[ArticleError, ...]
    notes: tuple[tuple[str, str], ...]
    articles: int
    paragraphs: int
    embedded: int
    seconds: float
    built: bool


@dataclass(slots=True)
class Reading:
    """What reading the files has led to so far; ``paragraph_ids`` names what leaves the index."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    paragraph_ids: list[int] = field(default_factory=list)


def build_index(
    config: Config,
    embedder: Embedder,
    *,
    rebuild: bool = False,
    wait: float = 0.0,
    progress: Progress = lambda *_: None,
) -> Summary:
    """Bring the index up to date with the sources and switch to it.

    The old generation answers until the new one is whole and on the disk. A file that
    cannot be used is reported in the summary. ``rebuild`` starts from nothing and embeds
    every paragraph again; ``wait`` is how many seconds to wait for another builder.

    Raises:
        ConfigError: when there is no sources folder.
        IndexLocked: when another process is building.
        IndexStoreError: when the index cannot be written.
    """
    folder = config.index_folder
    try:
        (folder / GENERATIONS).mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock").acquire(timeout=wait):
            return _build(config, embedder, progress, rebuild=rebuild)
    except Timeout as error:
        raise IndexLocked(
            f"another process is building the index in {folder}", "wait for it to finish"
        ) from error
    except OSError as error:
        raise IndexStoreError(
            f"the index cannot be written to {folder}: {error.strerror or error}",
            UNTOUCHED,
        ) from error


def _build(config: Config, embedder: Embedder, progress: Progress, *, rebuild: bool) -> Summary:
    started = time.monotonic()
    folder = config.index_folder
    prune(folder)
    remove_unfinished(config)
    old = None if rebuild else _usable(folder, embedder)
    known = old.store.files() if old else {}
    plan = plan_changes(list_sources(config.sources_folder), known)
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
            if rebuild:
                cache.clear()
            elif not old:
                salvage(folder, embedder, cache)
            reading = take_in(writer, plan, known, embedder, progress)
            embedded = embed_missing(writer, cache, embedder, progress)
            progress("Writing", 0, 1)
            change = vector_change(
                writer,
                cache,
                embedder,
                tier=config.index.vectors,
                removed=reading.paragraph_ids,
                history=config.history_file,
            )
            write_vectors(old.vectors if old else None, work / VECTORS, embedder.dimension, change)
            gone = _update_lexical(writer, old, work / LEXICAL, reading.paragraph_ids)
            articles, paragraphs, _ = writer.counts()
            if reading.paragraph_ids:
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
    reading.notes += ((VECTORS, remark) for remark in vectors.remarks())
    return summarized(plan, known, reading, (articles, paragraphs, embedded), started)


def summarized(
    plan: Plan,
    known: Mapping[str, FileState],
    reading: Reading,
    counts: tuple[int, int, int],
    started: float,
) -> Summary:
    """Return what a run did; ``counts`` are articles, paragraphs and embedded paragraphs."""
    articles, paragraphs, embedded = counts
    lost = (n for n, *_ in reading.failures if n in known and known[n].sha256)
    return Summary(
        added=tuple(reading.added),
        changed=tuple(reading.changed),
        removed=tuple(sorted({*plan.gone, *lost})),
        unchanged=articles - len(reading.added) - len(reading.changed),
        failed=errors_of(reading.failures),
        notes=tuple(reading.notes),
        articles=articles,
        paragraphs=paragraphs,
        embedded=embedded,
        seconds=time.monotonic() - started,
        built=True,
    )


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


def take_in(
    writer: StoreWriter,
    plan: Plan,
    known: Mapping[str, FileState],
    embedder: Embedder,
    progress: Progress,
) -> Reading:
    """Take the changed files into the new store."""
    reading = Reading(failures=list(plan.still_failing))
    _remove(writer, plan.gone, reading)
    for done, file in enumerate(plan.to_read):
        progress("Reading", done, len(plan.to_read))
        before = known[file.id].sha256 if file.id in known else ""
        try:
            article, remarks = read_article(file)
            if article.sha256 == before:
                writer.touch(file)
                continue
            passages = segment(article)
            if not passages:
                raise ArticleError(file.id, "it holds no quotable paragraph")
        except ArticleError as error:
            reading.failures.append((file.id, error.message, file.size, file.modified))
            _remove(writer, [file.id], reading)
            continue
        _remove(writer, [file.id], reading)
        (reading.changed if before else reading.added).append(file.id)
        reading.notes += ((file.id, remark) for remark in remarks)
        keys = [
            vector_key(
                embedder.identity,
                embedded_text(title_above(article.title, p.searched), p.span.of(article.text)),
            )
            for p in passages
        ]
        writer.add(file, article, remarks, passages, keys)
    progress("Reading", len(plan.to_read), len(plan.to_read))
    writer.group_stories()
    writer.set_failures(reading.failures)
    writer.commit()
    return reading


def _remove(writer: StoreWriter, names: tuple[str, ...] | list[str], reading: Reading) -> None:
    reading.paragraph_ids += writer.remove(names)


def errors_of(failures: list[Failure] | tuple[Failure, ...]) -> tuple[ArticleError, ...]:
    """Return failures as errors, sorted by path."""
    return tuple(ArticleError(name, reason) for name, reason, *_ in sorted(failures))


def nothing_done(old: Manifest, plan: Plan, started: float) -> Summary:
    """Return what a run did that found nothing changed; ``started`` is a monotonic time."""
    nothing = Summary((), (), (), 0, (), (), 0, 0, 0, 0.0, built=False)
    return replace(
        nothing,
        unchanged=old.articles,
        failed=errors_of(plan.still_failing),
        articles=old.articles,
        paragraphs=old.paragraphs,
        seconds=time.monotonic() - started,
    )
