"""Writing the articles of a new generation, before it is switched to."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from sourcebot.articles.paragraphs import gap_between
from sourcebot.errors import UNTOUCHED, IndexStoreError
from sourcebot.index.rows import above_coded, stored_title_above
from sourcebot.index.schema import FILES_INDEX, SCHEMA, row_mark
from sourcebot.index.stories import find_stories, signature, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from sourcebot.articles.files import SourceFile
    from sourcebot.types import Article, Passage

    Ids = npt.NDArray[np.int64]


class TextRow(NamedTuple):
    """A paragraph as it is searched: its id, its article's row, and the key of its vector."""

    paragraph: int
    article: int
    text: str
    above: str
    language: str
    vector: bytes


class StoreWriter:
    """The database of a generation while it is built. Used as a context manager."""

    def __init__(self, path: Path) -> None:
        """Open the database at ``path``, made when there is none.

        Raises:
            IndexStoreError: when it cannot be written.
        """
        fresh = not path.exists()
        try:
            self._connection = sqlite3.connect(path)
            # The folder is thrown away after a crash, so only its end must be on the disk.
            self._connection.executescript(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;"
            )
            if fresh:
                self._connection.executescript(SCHEMA)
            self._connection.executescript(FILES_INDEX)
            (self._last_old,) = self._connection.execute(
                "SELECT coalesce(max(id), 0) FROM paragraphs"
            ).fetchone()
            # Numbers are never used twice, so that a removed paragraph is never taken for another.
            used = dict(self._connection.execute("SELECT name, seq FROM sqlite_sequence"))
            self._last_article = used.get("articles", 0)
            self._last_paragraph = used.get("paragraphs", 0)
        except sqlite3.Error as error:
            raise IndexStoreError(f"{path} cannot be written: {error}", UNTOUCHED) from error

    def __enter__(self) -> Self:
        """Return the writer itself."""
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Close the file.

        Raises:
            IndexStoreError: when the database could not be written inside the context.
        """
        self._connection.close()
        if isinstance(error, sqlite3.Error):
            raise IndexStoreError(f"the index cannot be written: {error}", UNTOUCHED) from error

    def execute(self, query: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        """Run a query of one who reads what was written."""
        return self._connection.execute(query, values)

    def remove(self, names: Sequence[str]) -> list[int]:
        """Remove articles and return the ids of their paragraphs."""
        rows: list[int] = []
        paragraphs: list[int] = []
        for name in names:
            for (row,) in self._connection.execute(
                "SELECT row FROM articles WHERE id = ?", (name,)
            ).fetchall():
                rows.append(row)
                found = self._connection.execute(
                    "SELECT id FROM paragraphs WHERE article = ?", (row,)
                )
                paragraphs += (paragraph for (paragraph,) in found)
        self._connection.executemany("DELETE FROM articles WHERE row = ?", ((r,) for r in rows))
        return paragraphs

    def add(
        self,
        file: SourceFile,
        article: Article,
        notes: Sequence[str],
        passages: Sequence[Passage],
        keys: Sequence[bytes],
    ) -> None:
        """Add an article; ``keys`` are the vector cache's keys of its paragraphs."""
        self._last_article += 1
        row = (
            self._last_article,
            article.path,
            article.title,
            article.publisher,
            article.author,
            article.published.isoformat() if article.published else None,
            article.url,
            article.sha256,
            article.encoding,
            "\n".join(notes),
            article.language,
        )
        self._connection.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
            (
                *row,
                row_mark(row),
                file.size,
                file.modified,
                signature(passage.span.of(article.text) for passage in passages),
            ),
        )
        rows = (
            (
                number,
                self._last_article,
                passage.ordinal,
                above_coded(passage),
                str(passage.locator) if passage.locator else None,
                passage.span.start,
                passage.span.of(article.text),
                _packed(passage),
                key,
                gap_between(article.text, before, passage),
            )
            for number, (before, passage, key) in enumerate(
                zip((None, *passages[:-1]), passages, keys, strict=True),
                start=self._last_paragraph + 1,
            )
        )
        self._connection.executemany(
            "INSERT INTO paragraphs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((*row, row_mark(row)) for row in rows),
        )
        self._last_paragraph += len(passages)

    def group_stories(self) -> None:
        """Find the articles that carry largely the same text, among all that are there."""
        rows = self._connection.execute(
            "SELECT row, signature FROM articles ORDER BY row"
        ).fetchall()
        numbers = [row for row, _ in rows]
        self._connection.execute("UPDATE articles SET story = NULL WHERE story IS NOT NULL")
        self._connection.executemany(
            "UPDATE articles SET story = ? WHERE row = ?",
            (
                (numbers[group[0]], numbers[place])
                for group in find_stories(unpacked(packed for _, packed in rows))
                for place in group
            ),
        )

    def touch(self, file: SourceFile) -> None:
        """Note the new size and time of a file whose bytes are the same."""
        self._connection.execute(
            "UPDATE articles SET size = ?, modified = ? WHERE id = ?",
            (file.size, file.modified, file.id),
        )

    def set_failures(self, failures: Sequence[tuple[str, str, int, int]]) -> None:
        """Replace the list of files that could not be used: (id, reason, size, modified)."""
        self._connection.execute("DELETE FROM failures")
        self._connection.executemany("INSERT INTO failures VALUES (?, ?, ?, ?)", failures)

    def commit(self) -> None:
        """End the change."""
        self._connection.commit()

    def keys(self) -> set[bytes]:
        """Return the vector cache's keys of all paragraphs."""
        return {key for (key,) in self._connection.execute("SELECT vector FROM paragraphs")}

    def keys_of(self, ids: Ids) -> list[bytes]:
        """Return the vector cache's keys of paragraphs that are all there; ``ids`` ascends."""
        if len(ids) == 0:
            return []
        rows = self._connection.execute(
            "SELECT id, vector FROM paragraphs WHERE id BETWEEN ? AND ?",
            (int(ids[0]), int(ids[-1])),
        )
        keys = dict(rows.fetchall())
        return [keys[int(number)] for number in ids]

    def sample_sentences(self, count: int) -> list[str]:
        """Return the first sentences of about ``count`` paragraphs, spread evenly."""
        (first, last) = self._connection.execute(
            "SELECT coalesce(min(id), 0), coalesce(max(id), 0) FROM paragraphs"
        ).fetchone()
        found: dict[int, str] = {}
        for wanted in np.linspace(first, last, count, dtype=np.int64).tolist():
            rows = self._connection.execute(
                "SELECT id, text, sentences FROM paragraphs WHERE id >= ? ORDER BY id LIMIT 1",
                (wanted,),
            )
            for number, text, packed in rows:
                start, end = np.frombuffer(packed, np.int32)[:2]
                found[number] = text[start:end]
        return list(found.values())

    def added(self, chunk: int = 2000) -> Iterator[list[TextRow]]:
        """Yield the new paragraphs in chunks."""
        return self._after(self._last_old, chunk)

    def everything(self) -> Iterator[list[TextRow]]:
        """Yield all paragraphs in chunks."""
        return self._after(0, 2000)

    def _after(self, last: int, chunk: int) -> Iterator[list[TextRow]]:
        cursor = self._connection.execute(
            "SELECT p.id, p.article, p.text, a.title, p.heading, a.language, p.vector"
            " FROM paragraphs p"
            " JOIN articles a ON a.row = p.article WHERE p.id > ? ORDER BY p.id",
            (last,),
        )
        while rows := cursor.fetchmany(chunk):
            yield [
                TextRow(paragraph, article, text, stored_title_above(title, heading), *rest)
                for paragraph, article, text, title, heading, *rest in rows
            ]

    def counts(self) -> tuple[int, int, int]:
        """Return the numbers of articles, of paragraphs and of new paragraphs."""
        row: tuple[int, int, int] = self._connection.execute(
            "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM paragraphs),"
            " (SELECT count(*) FROM paragraphs WHERE id > ?)",
            (self._last_old,),
        ).fetchone()
        return row


def _packed(passage: Passage) -> bytes:
    start = passage.span.start
    pairs = [(s.start - start, s.end - start) for s in passage.sentences]
    return np.array(pairs, np.int32).tobytes()
