"""Articles and paragraphs of one generation, in SQLite. Read-only once it is written."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.errors import REPAIR, IndexCorrupt
from sourcebot.index.rows import (
    ARTICLE,
    PARAGRAPH,
    RowDamaged,
    read_indexed,
    read_paragraph,
    read_source,
    read_stories,
)
from sourcebot.types import FileState, IndexedArticle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from sourcebot.index.rows import Row
    from sourcebot.types import Attribution, Copy, Filters, Paragraph, Source

    Ids = npt.NDArray[np.int64]

_KEPT_MATCHES = 32


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """All articles by ascending row id, and the run of ids that each one's paragraphs have."""

    sources: tuple[Source, ...]
    rows: Ids
    first: Ids
    count: Ids

    def paragraphs_of(self, allowed: npt.NDArray[np.bool_]) -> Ids:
        """Return the paragraphs of the articles that are ``allowed``, ascending."""
        first, count = self.first[allowed], self.count[allowed]
        places = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        return np.sort(np.repeat(first, count) + places)


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
        self._catalogue: _Catalogue | None = None
        with self._mapped_errors():
            if not path.is_file():
                raise IndexCorrupt(f"{path} is missing", REPAIR)
            # immutable: generations never change, so no lock files are needed.
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            weakref.finalize(self, self._connection.close)
            self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _mapped_errors(self) -> Iterator[None]:
        try:
            yield
        # SQLite's own messages name what is damaged, which may be no Unicode any more.
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise self._damaged(str(error)) from error

    def _rows(self, query: str, parameters: Sequence[object] = ()) -> list[Row]:
        with self._mapped_errors(), self._lock:
            return self._connection.execute(query, parameters).fetchall()

    def paragraphs(self, ids: Sequence[int]) -> dict[int, tuple[Paragraph, Attribution]]:
        """Return the paragraphs with the given ids, each with its attribution."""
        wanted = set(map(int, ids))
        rows = self._rows(
            f"SELECT {PARAGRAPH}, {ARTICLE}"  # noqa: S608
            " FROM paragraphs p JOIN articles a ON a.row = p.article"
            f" WHERE p.id IN ({','.join('?' * len(wanted))})",
            sorted(wanted),
        )
        found = {row[0]: self._paragraph(row) for row in rows}
        if found.keys() != wanted:
            raise self._damaged("it lacks paragraphs that the other files of the index name")
        return found

    def paragraphs_of(self, article: int) -> tuple[Paragraph, ...]:
        """Return the paragraphs of the article with the row id, in reading order."""
        rows = self._rows(
            f"SELECT {PARAGRAPH}, {ARTICLE}"  # noqa: S608
            " FROM paragraphs p JOIN articles a ON a.row = p.article"
            " WHERE p.article = ? ORDER BY p.id",
            (article,),
        )
        return tuple(self._paragraph(row)[0] for row in rows)

    def around(self, ids: Sequence[int], count: int) -> dict[int, tuple[Paragraph, ...]]:
        """Return each paragraph with up to ``count`` neighbours on each side, in reading order."""
        found: dict[int, tuple[Paragraph, ...]] = {}
        for number in map(int, ids):
            rows = self._rows(
                f"SELECT {PARAGRAPH}, {ARTICLE}"  # noqa: S608
                " FROM paragraphs p JOIN articles a ON a.row = p.article"
                " WHERE p.article = (SELECT article FROM paragraphs WHERE id = ?1)"
                " AND p.id BETWEEN ?1 - ?2 AND ?1 + ?2 ORDER BY p.id",
                (number, count),
            )
            if rows:
                found[number] = tuple(self._paragraph(row)[0] for row in rows)
        return found

    def languages(self) -> dict[str, int]:
        """Return how many paragraphs are in each language, by ISO 639 code; "" is not known."""
        rows = self._rows(
            "SELECT a.language, count(*) FROM paragraphs p JOIN articles a ON a.row = p.article"
            " GROUP BY a.language"
        )
        return {str(language): int(count) for language, count in rows}

    def articles(self) -> tuple[IndexedArticle, ...]:
        """Return all articles, sorted by id."""
        rows = self._rows(
            f"SELECT {ARTICLE}, count(p.id) FROM articles a"  # noqa: S608
            " LEFT JOIN paragraphs p ON p.article = a.row GROUP BY a.row ORDER BY a.id"
        )
        return tuple(read_indexed(row, self._source) for row in rows)

    def stories(self) -> tuple[tuple[Copy, ...], ...]:
        """Return the groups of articles that carry largely the same text, the oldest first."""
        rows = self._rows(
            f"SELECT {ARTICLE}, a.story, a.signature FROM articles a WHERE a.story IS NOT NULL"  # noqa: S608
            " ORDER BY a.story, a.published IS NULL, a.published, a.id"
        )
        return read_stories(rows, self._source)

    def story_of(self, articles: Sequence[str]) -> dict[str, int]:
        """Return the story of each of the given articles that belongs to one."""
        marks = ",".join("?" * len(articles))
        return dict(
            self._rows(
                f"SELECT id, story FROM articles WHERE id IN ({marks}) AND story IS NOT NULL",  # noqa: S608
                articles,
            )
        )

    def copies_of(self, article: str, most: int) -> tuple[tuple[Paragraph, Attribution], ...]:
        """Return the paragraphs of up to ``most`` other articles of an article's story."""
        rows = self._rows(
            f"SELECT {PARAGRAPH}, {ARTICLE}"  # noqa: S608
            " FROM paragraphs p JOIN articles a ON a.row = p.article WHERE a.row IN"
            " (SELECT row FROM articles WHERE id != ?1 AND story ="
            " (SELECT story FROM articles WHERE id = ?1)"
            " ORDER BY published IS NULL, published, id LIMIT ?2)"
            " ORDER BY a.published IS NULL, a.published, a.id, p.id",
            (article, most),
        )
        return tuple(map(self._paragraph, rows))

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
        catalogue = self._read_catalogue()
        allowed = np.array([filters.allow(source) for source in catalogue.sources], bool)
        return catalogue.rows[allowed], catalogue.paragraphs_of(allowed)

    def _read_catalogue(self) -> _Catalogue:
        """Return what filters look at, read with the first filter."""
        if self._catalogue is None:
            sources = {
                row[0]: self._source(row)
                for row in self._rows(f"SELECT {ARTICLE} FROM articles a ORDER BY a.row")  # noqa: S608
            }
            spans = np.array(
                self._rows(
                    "SELECT article, min(id), max(id), count(*) FROM paragraphs"
                    " GROUP BY article ORDER BY article"
                ),
                np.int64,
            ).reshape(-1, 4)
            rows, first, last, count = spans.T
            # SQLite finds them by a list of its own, which may be damaged while it is open.
            if rows.tolist() != list(sources) or np.any(count != last - first + 1):
                raise self._damaged("it lacks paragraphs of articles that it names")
            self._catalogue = _Catalogue(tuple(sources.values()), rows, first, count)
        return self._catalogue

    def files(self) -> dict[str, FileState]:
        """Return what each source file looked like when it was read, by article id."""
        states = {
            row[0]: FileState(row[1], row[2], row[3], "")
            for row in self._rows("SELECT id, size, modified, sha256 FROM articles")
        }
        for name, size, modified, reason in self._rows(
            "SELECT id, size, modified, reason FROM failures"
        ):
            # Of a file that cannot be read the version before is kept.
            before = states[name].sha256 if name in states else ""
            states[name] = FileState(size, modified, before, reason)
        return states

    def vector_keys(self) -> tuple[tuple[int, bytes], ...]:
        """Return the ids of all paragraphs with the vector cache's keys of their vectors."""
        return tuple(self._rows("SELECT id, vector FROM paragraphs ORDER BY id"))

    def _paragraph(self, row: Row) -> tuple[Paragraph, Attribution]:
        try:
            return read_paragraph(row)
        except RowDamaged as error:
            raise self._damaged(str(error)) from error

    def _source(self, row: Row) -> Source:
        try:
            return read_source(row)
        except RowDamaged as error:
            raise self._damaged(str(error)) from error

    def _damaged(self, reason: str) -> IndexCorrupt:
        return IndexCorrupt(f"{self._path} is damaged: {reason}", REPAIR)
