"""The articles and paragraphs of a snapshot of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcebot.errors import IndexCorrupt
from sourcebot.index.postgres.connection import rows_of
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
    from collections.abc import Sequence

    from sourcebot.index.postgres.connection import Connection
    from sourcebot.index.rows import Row
    from sourcebot.types import Attribution, Copy, Paragraph, Source

_REBUILD = "run `sourcebot index --rebuild`; `sourcebot verify` names what else is wrong"


class PostgresArticles:
    """Implements ``contract.Articles`` in one transaction; for one thread at a time."""

    def __init__(self, connection: Connection, schema: str, visible: str) -> None:
        """Take a connection in a transaction; ``visible`` is the condition on paragraphs."""
        self._connection = connection
        self._schema = schema
        self._visible = (
            f"{schema}.paragraphs p JOIN {schema}.articles a ON a.row = p.article WHERE {visible}"
        )
        self._read = f"SELECT {PARAGRAPH}, {ARTICLE} FROM {self._visible}"
        self._article_of: dict[int, int] = {}

    def _rows(self, query: str, parameters: Sequence[object] = ()) -> list[Row]:
        return rows_of(self._connection, query, parameters)

    def paragraphs(self, ids: Sequence[int]) -> dict[int, tuple[Paragraph, Attribution]]:
        """Return the paragraphs with the given ids, each with its attribution."""
        wanted = set(map(int, ids))
        if not wanted:
            return {}
        rows = self._rows(f"{self._read} AND p.id = ANY(%s)", [sorted(wanted)])
        found = {row[0]: self._paragraph(row) for row in rows}
        if found.keys() != wanted:
            raise IndexCorrupt("the database lacks paragraphs that its own search names", _REBUILD)
        return found

    def paragraphs_of(self, article: int) -> tuple[Paragraph, ...]:
        """Return the paragraphs of the article with the row id, in reading order."""
        rows = self._rows(f"{self._read} AND p.article = %s ORDER BY p.id", [article])
        return tuple(self._paragraph(row)[0] for row in rows)

    def around(self, ids: Sequence[int], count: int) -> dict[int, tuple[Paragraph, ...]]:
        """Return each paragraph with up to ``count`` neighbours on each side, in reading order.

        With the articles known, as they are of paragraphs read before, by one query for all.
        """
        wanted = list(dict.fromkeys(map(int, ids)))
        if unknown := [number for number in wanted if number not in self._article_of]:
            self._article_of |= dict(
                self._rows(
                    f"SELECT id, article FROM {self._schema}.paragraphs WHERE id = ANY(%s)",
                    [unknown],
                )
            )
        known = [number for number in wanted if number in self._article_of]
        if not known:
            return {}
        near = {n + step for n in known for step in range(-count, count + 1)}
        rows = self._rows(
            f"{self._read} AND p.article = ANY(%s) AND p.id = ANY(%s) ORDER BY p.id",
            [sorted({self._article_of[n] for n in known}), sorted(near)],
        )
        read = {row[0]: self._paragraph(row)[0] for row in rows}
        found = {
            n: tuple(
                paragraph
                for number, paragraph in read.items()
                if abs(number - n) <= count and self._article_of[number] == self._article_of[n]
            )
            for n in known
        }
        return {n: paragraphs for n, paragraphs in found.items() if paragraphs}

    def articles(self) -> tuple[IndexedArticle, ...]:
        """Return all articles, sorted by id."""
        rows = self._rows(
            f"SELECT {ARTICLE}, a.paragraphs FROM {self._schema}.articles a ORDER BY a.id"
        )
        return tuple(read_indexed(row, self._source) for row in rows)

    def languages(self) -> dict[str, int]:
        """Return how many paragraphs are in each language, by ISO 639 code; "" is not known."""
        query = f"SELECT a.language, count(*) FROM {self._visible} GROUP BY a.language"
        return dict(self._rows(query))

    def stories(self) -> tuple[tuple[Copy, ...], ...]:
        """Return the groups of articles that carry largely the same text, the oldest first."""
        rows = self._rows(
            f"SELECT {ARTICLE}, a.story, a.signature FROM {self._schema}.articles a"
            " WHERE a.story IS NOT NULL"
            " ORDER BY a.story, a.published IS NULL, a.published, a.id"
        )
        return read_stories(rows, self._source)

    def story_of(self, articles: Sequence[str]) -> dict[str, int]:
        """Return the story of each of the given articles that belongs to one."""
        return dict(
            self._rows(
                f"SELECT id, story FROM {self._schema}.articles"
                " WHERE id = ANY(%s) AND story IS NOT NULL",
                [list(articles)],
            )
        )

    def copies_of(self, article: str, most: int) -> tuple[tuple[Paragraph, Attribution], ...]:
        """Return the paragraphs of up to ``most`` other articles of an article's story."""
        others = self._rows(
            f"SELECT b.row FROM {self._schema}.articles a JOIN {self._schema}.articles b"
            " ON b.story = a.story AND b.row != a.row WHERE a.id = %s"
            " ORDER BY b.published IS NULL, b.published, b.id LIMIT %s",
            [article, most],
        )
        if not others:
            return ()
        rows = self._rows(
            f"{self._read} AND p.article = ANY(%s)"
            " ORDER BY a.published IS NULL, a.published, a.id, p.id",
            [[row for (row,) in others]],
        )
        return tuple(map(self._paragraph, rows))

    def files(self) -> dict[str, FileState]:
        """Return what each source file looked like when it was read, by article id."""
        rows = self._rows(
            f"SELECT id, size, modified, sha256, '' FROM {self._schema}.articles UNION ALL"
            f" SELECT id, size, modified, '', reason FROM {self._schema}.failures"
        )
        states: dict[str, FileState] = {}
        for name, size, modified, sha256, reason in sorted(rows, key=lambda row: bool(row[4])):
            # Of a file that cannot be read the version before is kept.
            before = states[name].sha256 if name in states else sha256
            states[name] = FileState(size, modified, before, reason)
        return states

    def counts(self) -> tuple[int, int]:
        """Return the numbers of articles and of paragraphs, counted."""
        ((articles,),) = self._rows(f"SELECT count(*) FROM {self._schema}.articles")
        ((paragraphs,),) = self._rows(f"SELECT count(*) FROM {self._visible}")
        return articles, paragraphs

    def _paragraph(self, row: Row) -> tuple[Paragraph, Attribution]:
        self._article_of[row[0]] = row[1]
        try:
            return read_paragraph(row)
        except RowDamaged as error:
            raise IndexCorrupt(f"the database is damaged: {error}", _REBUILD) from error

    def _source(self, row: Row) -> Source:
        try:
            return read_source(row)
        except RowDamaged as error:
            raise IndexCorrupt(f"the database is damaged: {error}", _REBUILD) from error
