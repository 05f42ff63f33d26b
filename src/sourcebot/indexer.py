"""sources/ -> a new generation. Only what is new or changed is read and embedded."""

from __future__ import annotations

import datetime as dt
import secrets
import shutil
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from filelock import FileLock, Timeout

from sourcebot.articles import Listing, SourceFile, list_sources, read_article
from sourcebot.errors import ArticleError, IndexLocked, IndexStoreError
from sourcebot.files import sync_tree
from sourcebot.generation import (
    ARTICLES,
    FORMAT_VERSION,
    GENERATIONS,
    LEXICAL,
    VECTORS,
    Generation,
    Manifest,
    current_name,
    fingerprint,
    open_current,
    prune,
    switch_to,
)
from sourcebot.lexical import update_lexical
from sourcebot.segment import segment
from sourcebot.store_writer import StoreWriter
from sourcebot.vector_cache import VectorCache, vector_key
from sourcebot.vectors import update_vectors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from sourcebot.config import Config
    from sourcebot.embedder import Embedder
    from sourcebot.store import FileState

    Progress = Callable[[str, int, int], None]
    """Told the stage, how much of it is done, and its size."""

_EMBED_CHUNK = 256
_ABSENT = -1


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


@dataclass(frozen=True, slots=True)
class _Plan:
    """What must be read, and what is gone, against the old generation."""

    listing: Listing
    to_read: tuple[SourceFile, ...]
    gone: tuple[str, ...]
    still_failing: tuple[tuple[str, str, int, int], ...]
    changed: bool


def sources_changed(listing: Listing, known: Mapping[str, FileState]) -> int:
    """Return how many files were added, changed or removed since ``known`` was noted."""
    seen = {file.id: (file.size, file.modified) for file in listing.files}
    seen |= {error.path: (_ABSENT, _ABSENT) for error in listing.failed}
    noted = {name: (state.size, state.modified) for name, state in known.items()}
    return len(dict(seen.items() ^ noted.items()))


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
    listing = list_sources(config.sources_folder)
    try:
        (folder / GENERATIONS).mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock").acquire(timeout=wait):
            return _build(config, embedder, listing, progress, rebuild=rebuild)
    except Timeout as error:
        raise IndexLocked(
            f"another process is building the index in {folder}", "wait for it to finish"
        ) from error
    except OSError as error:
        raise IndexStoreError(
            f"the index cannot be written to {folder}: {error.strerror or error}",
            "the old index, if any, is untouched; free space or make the folder writable",
        ) from error


def _build(
    config: Config, embedder: Embedder, listing: Listing, progress: Progress, *, rebuild: bool
) -> Summary:
    started = time.monotonic()
    folder = config.index_folder
    old = None if rebuild else _usable(folder, embedder)
    plan = _plan(listing, old.store.files() if old else {})
    if old and not plan.changed:
        return _unchanged(old, listing, plan, started)
    name = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S") + secrets.token_hex(3)
    work = folder / GENERATIONS / f".{name}"
    work.mkdir()
    try:
        if old:
            shutil.copy2(old.folder / ARTICLES, work / ARTICLES)
            shutil.copytree(old.folder / LEXICAL, work / LEXICAL)
        summary = _write(config, embedder, plan, old, work, progress, rebuild=rebuild)
        Manifest(
            name=name,
            format=FORMAT_VERSION,
            fingerprint=fingerprint(embedder),
            model=config.embedding.model,
            dimension=embedder.dimension,
            created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            articles=summary.articles,
            paragraphs=summary.paragraphs,
        ).write(work)
        sync_tree(work)
        work.rename(folder / GENERATIONS / name)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    replaced = _current_or_none(folder)
    switch_to(folder, name)
    prune(folder, {name, replaced or name})
    return replace(summary, seconds=time.monotonic() - started)


def _usable(folder: Path, embedder: Embedder) -> Generation | None:
    """Return the generation to start from, or None to start from nothing."""
    try:
        generation = open_current(folder)
        generation.check_fingerprint(embedder)
    except IndexStoreError:
        return None
    return generation


def _current_or_none(folder: Path) -> str | None:
    try:
        return current_name(folder)
    except IndexStoreError:
        return None


def _plan(listing: Listing, known: Mapping[str, FileState]) -> _Plan:
    to_read: list[SourceFile] = []
    failing: list[tuple[str, str, int, int]] = [
        (error.path, error.message, _ABSENT, _ABSENT) for error in listing.failed
    ]
    for file in listing.files:
        state = known.get(file.id)
        if state is None or (state.size, state.modified) != (file.size, file.modified):
            to_read.append(file)
        elif state.reason:
            failing.append((file.id, state.reason, file.size, file.modified))
    here = {file.id for file in listing.files}
    gone = tuple(name for name, state in known.items() if state.sha256 and name not in here)
    return _Plan(
        listing, tuple(to_read), gone, tuple(failing), sources_changed(listing, known) > 0
    )


def _write(
    config: Config,
    embedder: Embedder,
    plan: _Plan,
    old: Generation | None,
    work: Path,
    progress: Progress,
    *,
    rebuild: bool,
) -> Summary:
    known = old.store.files() if old else {}
    failures = list(plan.still_failing)
    added: list[str] = []
    changed: list[str] = []
    notes: list[tuple[str, str]] = []
    with StoreWriter(work / ARTICLES) as writer:
        rows, paragraphs = writer.remove(plan.gone)
        for done, file in enumerate(plan.to_read):
            progress("Reading", done, len(plan.to_read))
            before = known.get(file.id)
            was_indexed = bool(before and before.sha256)
            try:
                article, remarks = read_article(file)
                passages = segment(article)
                if not passages:
                    raise ArticleError(file.id, "it holds no quotable paragraph")
            except ArticleError as error:
                failures.append((file.id, error.message, file.size, file.modified))
                passages = ()
            if passages and before and before.sha256 == article.sha256:
                writer.touch(file)
                continue
            if was_indexed:
                gone_rows, gone_paragraphs = writer.remove([file.id])
                rows += gone_rows
                paragraphs += gone_paragraphs
            if passages:
                (changed if was_indexed else added).append(file.id)
                notes += ((file.id, remark) for remark in remarks)
                title = article.title
                writer.add(
                    file,
                    article,
                    remarks,
                    passages,
                    lambda text, title=title: vector_key(  # type: ignore[misc]
                        embedder.identity, embedded_text(title, text)
                    ),
                )
        writer.set_failures(failures)
        writer.commit()
        with VectorCache(config.index_folder / "vectors.sqlite") as cache:
            if rebuild:
                cache.clear()
            embedded = _embed_missing(writer, cache, embedder, progress)
            update_vectors(
                old.folder / VECTORS if old else None,
                work / VECTORS,
                embedder.dimension,
                np.array(paragraphs, np.int64),
                _new_vectors(writer, cache, embedder.dimension),
            )
            cache.keep_only(writer.keys())
        progress("Writing", 0, 1)
        update_lexical(
            work / LEXICAL,
            (row[:4] for chunk in writer.added() for row in chunk),
            rows,
        )
        articles, count, _ = writer.counts()
    lost = [name for name, _, _, _ in failures if name in known and known[name].sha256]
    return Summary(
        added=tuple(added),
        changed=tuple(changed),
        removed=(*plan.gone, *lost),
        unchanged=articles - len(added) - len(changed),
        failed=tuple(ArticleError(name, reason) for name, reason, _, _ in sorted(failures)),
        notes=tuple(notes),
        articles=articles,
        paragraphs=count,
        embedded=embedded,
        seconds=0.0,
        built=True,
    )


def embedded_text(title: str, paragraph: str) -> str:
    """Return what is embedded for a paragraph: its title gives names that it leaves out."""
    return f"{title}. {paragraph}"


def _embed_missing(
    writer: StoreWriter, cache: VectorCache, embedder: Embedder, progress: Progress
) -> int:
    """Embed the new paragraphs that the cache lacks, chunk by chunk, and return how many."""
    _, _, total = writer.counts()
    done = embedded = 0
    for rows in writer.added(_EMBED_CHUNK):
        progress("Embedding", done, total)
        texts = {key: embedded_text(title, text) for _, _, text, title, key in rows}
        missing = sorted(cache.missing(list(texts)))
        if missing:
            cache.add(missing, embedder.embed_paragraphs([texts[key] for key in missing]))
        done += len(rows)
        embedded += len(missing)
        progress("Embedding", done, total)
    return embedded


def _new_vectors(
    writer: StoreWriter, cache: VectorCache, dimension: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for rows in writer.added():
        ids = np.array([row[0] for row in rows], np.int64)
        yield ids, cache.get([row[4] for row in rows], dimension)


def _unchanged(old: Generation, listing: Listing, plan: _Plan, started: float) -> Summary:
    return Summary(
        added=(),
        changed=(),
        removed=(),
        unchanged=old.manifest.articles,
        failed=tuple(ArticleError(name, why) for name, why, _, _ in sorted(plan.still_failing)),
        notes=(),
        articles=old.manifest.articles,
        paragraphs=old.manifest.paragraphs,
        embedded=0,
        seconds=time.monotonic() - started,
        built=False,
    )
