"""Taking changed files in: what every engine does with them before it writes its index."""

from __future__ import annotations

import datetime as dt
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from sourcebot.articles.files import CANNOT_BE_READ, read_article
from sourcebot.articles.paragraphs import segment
from sourcebot.errors import ArticleError, UnreadableError
from sourcebot.index.paragraph_vectors import embedded_text
from sourcebot.index.rows import title_above
from sourcebot.index.vector_cache import vector_key
from sourcebot.types import Summary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sourcebot.articles.files import SourceFile
    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.changes import Failure, Plan
    from sourcebot.types import Article, FileState, IndexInfo, Passage, Progress


class Intake(Protocol):
    """Where articles are taken in."""

    def remove(self, names: Sequence[str]) -> list[int]:
        """Take articles out; return the numbers of their paragraphs, where they are known."""

    def touch(self, file: SourceFile) -> None:
        """Note the new size and time of a file whose bytes are the same."""

    def add(
        self,
        file: SourceFile,
        article: Article,
        notes: Sequence[str],
        passages: Sequence[Passage],
        keys: Sequence[bytes],
    ) -> None:
        """Add an article; ``keys`` are the vector cache's keys of its paragraphs."""

    def set_failures(self, failures: Sequence[Failure]) -> None:
        """Replace the list of files that could not be used."""

    def commit(self) -> None:
        """End the change."""


@dataclass(slots=True)
class Taken:
    """What reading the files has led to so far; ``paragraph_ids`` names what leaves the index."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    paragraph_ids: list[int] = field(default_factory=list)


def new_name() -> str:
    """Return a name for a state of an index; later ones sort behind earlier ones."""
    return dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S%f") + secrets.token_hex(2)


def take_in(
    writer: Intake,
    plan: Plan,
    known: Mapping[str, FileState],
    embedder: Embedder,
    progress: Progress,
) -> Taken:
    """Take the changed files into the new store."""
    taken = Taken(failures=list(plan.still_failing))
    _remove(writer, plan.gone, taken)
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
        except UnreadableError as error:
            # What was indexed of it stays: it may be readable again tomorrow.
            taken.failures.append((file.id, error.message, file.size, file.modified))
            continue
        except ArticleError as error:
            taken.failures.append((file.id, error.message, file.size, file.modified))
            _remove(writer, [file.id], taken)
            continue
        _remove(writer, [file.id], taken)
        (taken.changed if before else taken.added).append(file.id)
        taken.notes += ((file.id, remark) for remark in remarks)
        keys = [
            vector_key(
                embedder.identity,
                embedded_text(title_above(article.title, p.searched), p.span.of(article.text)),
            )
            for p in passages
        ]
        writer.add(file, article, remarks, passages, keys)
    progress("Reading", len(plan.to_read), len(plan.to_read))
    writer.set_failures(taken.failures)
    writer.commit()
    return taken


def _remove(writer: Intake, names: Sequence[str], taken: Taken) -> None:
    taken.paragraph_ids += writer.remove(names)


def errors_of(failures: list[Failure] | tuple[Failure, ...]) -> tuple[ArticleError, ...]:
    """Return failures as errors, sorted by path."""
    return tuple(ArticleError(name, reason) for name, reason, *_ in sorted(failures))


def nothing_done(old: IndexInfo, plan: Plan, started: float) -> Summary:
    """Return what a run did that found nothing changed; ``started`` is a monotonic time."""
    return Summary(
        added=(),
        changed=(),
        removed=(),
        notes=(),
        embedded=0,
        built=False,
        unchanged=old.articles,
        failed=errors_of(plan.still_failing),
        articles=old.articles,
        paragraphs=old.paragraphs,
        seconds=time.monotonic() - started,
    )


def summarized(
    plan: Plan,
    known: Mapping[str, FileState],
    taken: Taken,
    counts: tuple[int, int, int],
    started: float,
) -> Summary:
    """Return what a run did; ``counts`` are articles, paragraphs and embedded paragraphs."""
    articles, paragraphs, embedded = counts
    lost = (
        name
        for name, reason, *_ in taken.failures
        if name in known and known[name].sha256 and not reason.startswith(CANNOT_BE_READ)
    )
    return Summary(
        added=tuple(taken.added),
        changed=tuple(taken.changed),
        removed=tuple(sorted({*plan.gone, *lost})),
        unchanged=articles - len(taken.added) - len(taken.changed),
        failed=errors_of(taken.failures),
        notes=tuple(taken.notes),
        articles=articles,
        paragraphs=paragraphs,
        embedded=embedded,
        seconds=time.monotonic() - started,
        built=True,
    )
