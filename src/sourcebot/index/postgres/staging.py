"""What a pass has read, in a file beside the index, until it is written to the database at once.

So the transaction of a pass is as short as it can be: embedding happens before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcebot.index.store_writer import StoreWriter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import Any, Self

    from sourcebot.articles.files import SourceFile
    from sourcebot.index.changes import Failure
    from sourcebot.index.store_writer import TextRow
    from sourcebot.types import Article, Passage


class Staging:
    """The new articles of a pass, and the names of those that leave. A context manager."""

    def __init__(self, path: Path) -> None:
        """Make the file at ``path``.

        Raises:
            IndexStoreError: when it cannot be written.
        """
        self._writer = StoreWriter(path)
        self.removed: set[str] = set()
        self.touched: list[SourceFile] = []
        self.failures: tuple[Failure, ...] = ()

    def __enter__(self) -> Self:
        """Return the staging itself."""
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Close the file; see ``StoreWriter``."""
        self._writer.__exit__(kind, error, trace)

    def remove(self, names: Sequence[str]) -> list[int]:
        """Note what leaves the index; nothing of it is here."""
        self.removed.update(names)
        return []

    def touch(self, file: SourceFile) -> None:
        """Note a file whose bytes are the same."""
        self.touched.append(file)

    def set_failures(self, failures: Sequence[Failure]) -> None:
        """Note the files that could not be used."""
        self.failures = tuple(failures)

    def add(
        self,
        file: SourceFile,
        article: Article,
        notes: Sequence[str],
        passages: Sequence[Passage],
        keys: Sequence[bytes],
    ) -> None:
        """Add an article; ``keys`` are the vector cache's keys of its paragraphs."""
        self._writer.add(file, article, notes, passages, keys)

    def commit(self) -> None:
        """End the change."""
        self._writer.commit()

    def counts(self) -> tuple[int, int, int]:
        """Return the numbers of articles, of paragraphs and of new paragraphs (all are)."""
        return self._writer.counts()

    def added(self, chunk: int = 2000) -> Iterator[list[TextRow]]:
        """Yield the paragraphs in chunks."""
        return self._writer.added(chunk)

    def articles(self) -> Iterator[tuple[Any, ...]]:
        """Yield the articles with all their columns and the numbers of their paragraphs."""
        yield from self._writer.execute(
            "SELECT a.row, a.id, a.title, a.publisher, a.author, a.published, a.url, a.sha256,"
            " a.encoding, a.notes, a.language, a.size, a.modified, a.signature,"
            " (SELECT count(*) FROM paragraphs WHERE article = a.row) FROM articles a ORDER BY row"
        )

    def paragraphs(self, first: int, last: int) -> list[tuple[Any, ...]]:
        """Return the paragraphs with ids from ``first`` to ``last``, by column, but for marks."""
        return self._writer.execute(
            "SELECT id, article, ordinal, heading, locator, start, text, sentences, vector, gap"
            " FROM paragraphs WHERE id BETWEEN ? AND ? ORDER BY id",
            (first, last),
        ).fetchall()
