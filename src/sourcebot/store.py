"""Articles and paragraphs of one generation, in SQLite. Read-only once it is written."""

from __future__ import annotations

import datetime as dt
import fnmatch
import sqlite3
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.errors import IndexCorrupt
from sourcebot.stories import similarity, unpacked
from sourcebot.types import Filters, Paragraph, Scope, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    Ids = npt.NDArray[np.int64]

SCHEMA = """
CREATE TABLE articles (
    row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, title TEXT NOT NULL,
    publisher TEXT NOT NULL, author TEXT NOT NULL, published TEXT, url TEXT NOT NULL,
    sha256 TEXT NOT NULL, encoding TEXT NOT NULL, notes TEXT NOT NULL,
    size INTEGER NOT NULL, modified INTEGER NOT NULL,
    signature BLOB NOT NULL, story INTEGER
) STRICT;
CREATE INDEX articles_story ON articles(story) WHERE story IS NOT NULL;
CREATE TABLE paragraphs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles(row) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, heading TEXT NOT NULL, page INTEGER, start INTEGER NOT NULL,
    text TEXT NOT NULL,
    sentences BLOB NOT NULL, vector BLOB NOT NULL
) STRICT;
CREATE INDEX paragraphs_article ON paragraphs(article, id);
CREATE TABLE failures (
    id TEXT PRIMARY KEY, reason TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL
) STRICT;
"""
"""``sentences``: int32 pairs (start, end) from the paragraph's start. ``vector``: the key
of the paragraph's vector in the vector cache. ``story``: shared by the articles that carry
largely the same text, NULL for all others."""

_ARTICLE = "a.id, a.title, a.publisher, a.author, a.published, a.url, a.sha256, a.encoding"
_MOST_VARIABLES = 30_000
_KEPT_MATCHES = 32


@dataclass(frozen=True, slots=True)
class IndexedArticle:
    """An article as the index knows it."""

    row: int
    source: Source
    paragraphs: int
    notes: str


@dataclass(frozen=True, slots=True)
class Copy:
    """An article of a story; ``similarity`` to the story's first, in [0, 1], is an estimate."""

    source: Source
    similarity: float


@dataclass(frozen=True, slots=True)
class FileState:
    """What a file looked like when it was read; ``reason`` is set when it could not be used."""

    size: int
    modified: int
    sha256: str
    reason: str


class ArticleStore:
    """One generation's articles, open for reading; thread-safe."""

    def __init__(self, path: Path) -> None:
        """Open the database at ``path``.

        Raises:
            IndexCorrupt: when it is missing or damaged.
        """
        self._path = path
        self._lock = threading.Lock()
        self._matches: dict[Filters, tuple[Ids, Ids]] = {}
        with self._mapped_errors():
            if not path.is_file():
                raise IndexCorrupt(f"{path} is missing", "run `sourcebot index --rebuild`")
            # immutable: generations never change, so no lock files are needed.
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _mapped_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise IndexCorrupt(
                f"{self._path} is damaged: {error}", "run `sourcebot index --rebuild`"
            ) from error

    def _rows(self, query: str, parameters: Sequence[object] = ()) -> list[tuple]:  # type: ignore[type-arg]
        with self._mapped_errors(), self._lock:
            return self._connection.execute(query, parameters).fetchall()

    def paragraphs(self, ids: Sequence[int]) -> dict[int, tuple[Paragraph, Source]]:
        """Return the paragraphs with the given ids, each with its attribution."""
        marks = ",".join("?" * len(ids))
        rows = self._rows(
            f"SELECT p.id, p.ordinal, p.heading, p.page, p.start, p.text, p.sentences, {_ARTICLE}"  # noqa: S608
            f" FROM paragraphs p JOIN articles a ON a.row = p.article WHERE p.id IN ({marks})",
            list(map(int, ids)),
        )
        return {row[0]: _paragraph(row) for row in rows}

    def around(self, paragraph_id: int, count: int) -> tuple[Paragraph, ...]:
        """Return a paragraph with up to ``count`` neighbours on each side, in reading order."""
        rows = self._rows(
            f"SELECT p.id, p.ordinal, p.heading, p.page, p.start, p.text, p.sentences, {_ARTICLE}"  # noqa: S608
            " FROM paragraphs p JOIN articles a ON a.row = p.article"
            " WHERE p.article = (SELECT article FROM paragraphs WHERE id = ?1)"
            " AND p.id BETWEEN ?1 - ?2 AND ?1 + ?2 ORDER BY p.id",
            (int(paragraph_id), count),
        )
        return tuple(_paragraph(row)[0] for row in rows)

    def articles(self) -> tuple[IndexedArticle, ...]:
        """Return all articles, sorted by id."""
        rows = self._rows(
            f"SELECT {_ARTICLE}, a.row, a.notes, count(p.id) FROM articles a"  # noqa: S608
            " LEFT JOIN paragraphs p ON p.article = a.row GROUP BY a.row ORDER BY a.id"
        )
        return tuple(IndexedArticle(row[8], _source(row[:8], 0), row[10], row[9]) for row in rows)

    def stories(self) -> tuple[tuple[Copy, ...], ...]:
        """Return the groups of articles that carry largely the same text, the oldest first."""
        rows = self._rows(
            f"SELECT {_ARTICLE}, a.story, a.signature FROM articles a WHERE a.story IS NOT NULL"  # noqa: S608
            " ORDER BY a.story, a.published IS NULL, a.published, a.id"
        )
        groups: dict[int, list[Copy]] = {}
        first = b""
        for *article, story, packed in rows:
            if story not in groups:
                first = packed
            alike = similarity(*unpacked((first, packed)))
            groups.setdefault(story, []).append(Copy(_source(article, 0), alike))
        return tuple(map(tuple, groups.values()))

    def story_of(self, article_ids: Sequence[str]) -> dict[str, int]:
        """Return the story of each of the given articles that belongs to one."""
        marks = ",".join("?" * len(article_ids))
        return dict(
            self._rows(
                f"SELECT id, story FROM articles WHERE id IN ({marks}) AND story IS NOT NULL",  # noqa: S608
                article_ids,
            )
        )

    def retold(self, article_id: str, most: int) -> tuple[tuple[Paragraph, Source], ...]:
        """Return the paragraphs of up to ``most`` other articles of an article's story."""
        rows = self._rows(
            f"SELECT p.id, p.ordinal, p.heading, p.page, p.start, p.text, p.sentences, {_ARTICLE}"  # noqa: S608
            " FROM paragraphs p JOIN articles a ON a.row = p.article WHERE a.row IN"
            " (SELECT row FROM articles WHERE id != ?1 AND story ="
            " (SELECT story FROM articles WHERE id = ?1)"
            " ORDER BY published IS NULL, published, id LIMIT ?2)"
            " ORDER BY a.published IS NULL, a.published, a.id, p.id",
            (article_id, most),
        )
        return tuple(map(_paragraph, rows))

    def matching(self, filters: Filters) -> tuple[Ids, Ids]:
        """Return the row ids of the articles that a filter allows, and their paragraphs' ids."""
        found = self._matches.get(filters)
        if found is None:
            found = self._find_matching(filters)
            # A place's scope comes with each of its questions, and generations never change.
            if len(self._matches) >= _KEPT_MATCHES:
                self._matches.clear()
            self._matches[filters] = found
        return found

    def _find_matching(self, filters: Filters) -> tuple[Ids, Ids]:
        allowed = [a.row for a in self.articles() if matches(a.source, filters)]
        paragraphs = [
            np.array(
                self._rows(
                    f"SELECT id FROM paragraphs WHERE article IN ({','.join('?' * len(chunk))})",  # noqa: S608
                    chunk,
                ),
                np.int64,
            ).reshape(-1)
            for chunk in _chunks(allowed)
        ]
        none = [np.empty(0, np.int64)]
        return np.array(allowed, np.int64), np.sort(np.concatenate(paragraphs or none))

    def files(self) -> dict[str, FileState]:
        """Return what each source file looked like when it was read, by article id."""
        states = {
            row[0]: FileState(row[1], row[2], row[3], "")
            for row in self._rows("SELECT id, size, modified, sha256 FROM articles")
        }
        for name, size, modified, reason in self._rows(
            "SELECT id, size, modified, reason FROM failures"
        ):
            states[name] = FileState(size, modified, "", reason)
        return states

    def counts(self) -> tuple[int, int]:
        """Return the numbers of articles and of paragraphs."""
        (articles,), (paragraphs,) = self._rows(
            "SELECT count(*) FROM articles UNION ALL SELECT count(*) FROM paragraphs"
        )
        return articles, paragraphs


def matches(source: Source, filters: Filters) -> bool:
    """Return whether a filter allows an article."""
    if filters.source and not _named(source, filters.source):
        return False
    if filters.publisher.casefold() not in source.publisher.casefold():
        return False
    if not in_scope(source, filters.scope):
        return False
    if filters.since or filters.until:
        day = source.published
        return day is not None and (filters.since or day) <= day <= (filters.until or day)
    return True


def in_scope(source: Source, scope: Scope) -> bool:
    """Return whether a place with this scope may quote the article."""
    publisher = source.publisher.casefold()
    return (not scope.sources or any(_named(source, p) for p in scope.sources)) and (
        not scope.publishers or any(p.casefold() in publisher for p in scope.publishers)
    )


def _named(source: Source, pattern: str) -> bool:
    wanted = pattern.casefold()
    names = (source.path.casefold(), source.title.casefold())
    return any(wanted in name or fnmatch.fnmatchcase(name, wanted) for name in names)


def _source(row: Sequence[str], paragraph: int, page: int | None = None) -> Source:
    name, title, publisher, author, published, url, sha256, encoding = row
    return Source(
        article_id=name,
        title=title,
        publisher=publisher,
        author=author,
        published=dt.date.fromisoformat(published) if published else None,
        url=url,
        path=name,
        sha256=sha256,
        encoding=encoding,
        paragraph=paragraph,
        page=page,
    )


def _paragraph(row: Sequence[object]) -> tuple[Paragraph, Source]:
    number, ordinal, heading, page, start, text, sentences, *article = row
    pairs = np.frombuffer(sentences, np.int32).reshape(-1, 2) + start  # type: ignore[call-overload]
    paragraph = Paragraph(
        id=number,  # type: ignore[arg-type]
        article_id=article[0],  # type: ignore[arg-type]
        ordinal=ordinal,  # type: ignore[arg-type]
        heading=heading,  # type: ignore[arg-type]
        span=Span(start, start + len(text)),  # type: ignore[arg-type, operator]
        text=text,  # type: ignore[arg-type]
        sentences=tuple(Span(int(s), int(e)) for s, e in pairs),
    )
    return paragraph, _source(article, ordinal, page)  # type: ignore[arg-type]


def _chunks(values: list[int]) -> Iterable[list[int]]:
    for start in range(0, len(values), _MOST_VARIABLES):
        yield values[start : start + _MOST_VARIABLES]
