"""What a pass has read, in a file beside the index, until it is written to the database at once.

So the transaction of a pass is as short as it can be: embedding happens before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcebot.index.store_writer import StoreWriter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import Any

    from sourcebot.articles.files import SourceFile


class Staging(StoreWriter):
    """The new articles of a pass, and the names of those that leave."""

    def __init__(self, path: Path) -> None:
        """Make the file at ``path``.

        Raises:
            IndexStoreError: when it cannot be written.
        """
        super().__init__(path)
        self.removed: set[str] = set()
        self.touched: list[SourceFile] = []
        self.failures: tuple[tuple[str, str, int, int], ...] = ()

    def remove(self, names: Sequence[str]) -> list[int]:
        """Note what leaves the index; nothing of it is here."""
        self.removed.update(names)
        return []

    def touch(self, file: SourceFile) -> None:
        """Note a file whose bytes are the same."""
        self.touched.append(file)

    def set_failures(self, failures: Sequence[tuple[str, str, int, int]]) -> None:
        """Note the files that could not be used."""
        self.failures = tuple(failures)

    def group_stories(self) -> None:
        """Leave it to the database, which knows the other articles."""

    def articles(self) -> Iterator[tuple[Any, ...]]:
        """Yield the articles with all their columns and the numbers of their paragraphs."""
        yield from self._connection.execute(
            "SELECT a.row, a.id, a.title, a.publisher, a.author, a.published, a.url, a.sha256,"
            " a.encoding, a.notes, a.language, a.size, a.modified, a.signature,"
            " (SELECT count(*) FROM paragraphs WHERE article = a.row) FROM articles a ORDER BY row"
        )

    def paragraphs(self, first: int, last: int) -> list[tuple[Any, ...]]:
        """Return the paragraphs with ids from ``first`` to ``last``, by column, but for marks."""
        return self._connection.execute(
            "SELECT id, article, ordinal, heading, locator, start, text, sentences, vector, gap"
            " FROM paragraphs WHERE id BETWEEN ? AND ? ORDER BY id",
            (first, last),
        ).fetchall()
