"""Writing one pass of the indexer to the database, in one transaction."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from sourcebot.index.intake import new_name
from sourcebot.index.postgres.bm25 import Averages
from sourcebot.index.postgres.connection import (
    copying,
    in_parallel,
    mapped_errors,
    rows_of,
    run,
)
from sourcebot.index.postgres.copying import (
    add_articles,
    add_paragraphs,
    add_words,
    storable,
    terms_in,
)
from sourcebot.index.postgres.ddl import LAYOUT_VERSION, PARTS, indexes
from sourcebot.index.postgres.groups import regroup
from sourcebot.index.postgres.parts import drop_prepared
from sourcebot.index.postgres.pruning import clean_up, prune
from sourcebot.index.postgres.vocabulary import Vocabulary
from sourcebot.index.rows import stored_title_above
from sourcebot.index.store_writer import TextRow

if TYPE_CHECKING:
    from sourcebot.index.postgres.connection import Connection
    from sourcebot.index.postgres.generations import StoredGeneration
    from sourcebot.index.postgres.staging import Staging
    from sourcebot.index.vector_cache import VectorCache

_CHUNK = 2000
_BYTES = 4
"""What the index of vectors takes in memory while it is made, for each number of a vector: two
are its own, 1.2 KB of 384 are stored in all, and the rest is to spare."""

_MOST_MEMORY = 2 << 30
"""So much the indexer asks for at most, in bytes: the server's machine is not known."""

_MEMORY = (
    "SELECT set_config('maintenance_work_mem', greatest(%s,"
    " pg_size_bytes(current_setting('maintenance_work_mem'))) / 1024 || 'kB', true)"
)
"""Until the end of the transaction; what the server or the DSN sets is never lowered."""


@dataclass(frozen=True, slots=True)
class Model:
    """The embedding model of a pass, and the fingerprint of what it makes."""

    name: str
    dimension: int
    fingerprint: str


@dataclass(slots=True)
class _Totals:
    """What the index holds; ``body`` and ``title`` count terms."""

    articles: int = 0
    paragraphs: int = 0
    body: int = 0
    title: int = 0

    @property
    def averages(self) -> Averages:
        count = max(self.paragraphs, 1)
        return Averages(self.body / count, self.title / count)


def write_pass(
    connection: Connection,
    schema: str,
    staging: Staging,
    cache: VectorCache,
    model: Model,
    *,
    old: StoredGeneration | None,
    fresh: bool,
) -> tuple[int, int]:
    """Write what a pass has read as the generation that answers; return its counts.

    These are of articles and of paragraphs. ``old`` is the generation before, which goes on
    answering until all is written; ``fresh`` takes nothing over from it.

    Raises:
        IndexStoreError: when a server fails; the old generation then goes on.
    """
    last = old.number if old else 0
    clean_up(connection, schema, last)
    # Noted apart, so that the next pass finds what a torn one has left on some of the servers.
    run(connection, f"INSERT INTO {schema}.attempts VALUES (%s)", [last + 1])
    with mapped_errors():
        connection.commit()
    prune(connection, schema)
    writing = _Pass(connection, schema, last + 1, old, fresh=fresh)
    totals = writing.write(staging, cache, model)
    run(connection, f"DELETE FROM {schema}.attempts")
    drop_prepared(connection, schema)
    with mapped_errors():
        connection.commit()
    return totals.articles, totals.paragraphs


class _Pass:
    """One pass: a new generation made from the one before."""

    def __init__(
        self,
        connection: Connection,
        schema: str,
        number: int,
        old: StoredGeneration | None,
        *,
        fresh: bool,
    ) -> None:
        self._connection, self._schema, self._number = connection, schema, number
        self._last_article = old.last_article if old else 0
        self._last_paragraph = old.last_paragraph if old else 0
        self._base = None if fresh else old
        if fresh:
            for table in ("articles", "terms", "removed"):
                run(connection, f"DELETE FROM {schema}.{table}")
        self._vocabulary = Vocabulary(connection, schema)

    def write(self, staging: Staging, cache: VectorCache, model: Model) -> _Totals:
        """Write all that the pass has changed, and the generation last."""
        base, totals = self._base, _Totals()
        if base:
            totals = _Totals(base.articles, base.paragraphs, base.body_tokens, base.title_tokens)
        broken = self._remove(sorted(staging.removed), totals)
        articles, added, _ = staging.counts()
        totals.articles += articles
        totals.paragraphs += added
        for rows in staging.added(_CHUNK):
            for row in rows:
                body, above = terms_in(row.text, row.above, row.language)
                totals.body += len(body)
                totals.title += len(above)
        baked, averages = self._number, totals.averages
        if base and not base.averages.have_moved(averages):
            baked, averages = base.baked, base.averages
        elif base:
            self._bake_again(base, averages)
        add_articles(self._connection, self._schema, staging, self._last_article)
        self._add(staging, cache, model.dimension, averages, baked)
        self._vocabulary.write()
        self._note(staging)
        new = range(self._last_article + 1, self._last_article + articles + 1)
        regroup(self._connection, self._schema, new, broken)
        many = added * 10 > totals.paragraphs
        self._index(totals.paragraphs * model.dimension if many else 0)
        self._finish(model, totals, averages, baked, (new.stop - 1, self._last_paragraph + added))
        return totals

    def _remove(self, names: list[str], totals: _Totals) -> list[int]:
        """Take articles out, of the totals as well, and return the stories that they leave."""
        connection, schema = self._connection, self._schema
        rows = rows_of(
            connection,
            f"DELETE FROM {schema}.articles WHERE id = ANY(%s) RETURNING row, story",
            [names],
        )
        gone = [row for row, _ in rows]
        if not gone or not self._base:
            return []
        run(
            connection,
            f"INSERT INTO {schema}.removed SELECT unnest(%s::bigint[]), %s",
            [gone, self._number],
        )
        lexical = f"FROM {schema}.words w {{}} WHERE article = ANY(%s) AND baked = %s"
        ((paragraphs, body, title),) = rows_of(
            connection,
            f"SELECT count(*), coalesce(sum(body), 0)::bigint, coalesce(sum(title), 0)::bigint"
            f" {lexical.format('')}",
            [gone, self._base.baked],
        )
        totals.articles -= len(gone)
        totals.paragraphs -= paragraphs
        totals.body -= body
        totals.title -= title
        counted = rows_of(
            connection,
            f"SELECT term, count(*) {lexical.format(', unnest(terms) term')} GROUP BY term",
            [gone, self._base.baked],
        )
        self._vocabulary.forget(counted)
        return [story for _, story in rows if story is not None]

    def _bake_again(self, base: StoredGeneration, averages: Averages) -> None:
        """Make the vectors of terms of all that stays anew, with other averages."""
        # A cursor of the server, and batches to match: an index may be larger than the memory.
        with mapped_errors(), self._connection.cursor("staying") as cursor:
            cursor.execute(
                "SELECT p.id, p.article, p.text, a.title, p.heading, a.language, p.born"
                f" FROM {self._schema}.paragraphs p"
                f" JOIN {self._schema}.articles a ON a.row = p.article WHERE p.born >= %s",
                [base.first],
            )
            while rows := cursor.fetchmany(_CHUNK):
                add_words(
                    self._connection,
                    self._schema,
                    [
                        TextRow(row, article, text, stored_title_above(title, above), language, b"")
                        for row, article, text, title, above, language, _ in rows
                    ],
                    self._vocabulary,
                    averages,
                    born=[row[-1] for row in rows],
                    baked=self._number,
                    new=False,
                )

    def _add(
        self, staging: Staging, cache: VectorCache, dimension: int, averages: Averages, baked: int
    ) -> None:
        for staged in staging.added(_CHUNK):
            rows = [
                (self._last_paragraph + number, self._last_article + article, *rest)
                for number, article, *rest in staging.paragraphs(
                    staged[0].paragraph, staged[-1].paragraph
                )
            ]
            vectors = cache.get([row.vector for row in staged], dimension)
            add_paragraphs(self._connection, self._schema, rows, vectors, self._number)
            words = [
                text._replace(paragraph=number, article=article)
                for (number, article, *_), text in zip(rows, staged, strict=True)
            ]
            add_words(
                self._connection,
                self._schema,
                words,
                self._vocabulary,
                averages,
                born=[self._number] * len(words),
                baked=baked,
                new=True,
            )

    def _note(self, staging: Staging) -> None:
        """Write what the files look like that gave nothing new."""
        connection, schema = self._connection, self._schema
        run(connection, f"DELETE FROM {schema}.failures")
        with copying(connection, f"{schema}.failures") as copy:
            for name, reason, size, modified in staging.failures:
                copy.write_row((storable(name), storable(reason), size, modified))
        with mapped_errors(), connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {schema}.articles SET size = %s, modified = %s WHERE id = %s",
                [(file.size, file.modified, file.id) for file in staging.touched],
            )

    def _index(self, many: int) -> None:
        """Index the parts where they are not, and tell the planner of many new rows.

        ``many`` is how many numbers all vectors have, where many of them are new, else 0.
        """
        run(self._connection, _MEMORY, [min(_BYTES * many // PARTS, _MOST_MEMORY)])
        in_parallel(self._connection, indexes(self._schema))
        for table in ("paragraphs", "words", "articles", "terms") if many else ():
            run(self._connection, f"ANALYZE {self._schema}.{table}")

    def _finish(
        self,
        model: Model,
        totals: _Totals,
        averages: Averages,
        baked: int,
        last: tuple[int, int],
    ) -> None:
        schema, first = self._schema, self._base.first if self._base else self._number
        run(
            self._connection,
            f"INSERT INTO {schema}.generations (number, name, layout, fingerprint, model,"
            " dimension, articles, paragraphs, body_tokens, title_tokens, first, baked,"
            " last_article, last_paragraph, body_average, title_average, languages)"
            f" SELECT {', '.join(['%s'] * 16)}, coalesce(array_agg(DISTINCT language), '{{}}')"
            f" FROM {schema}.articles",
            [
                *(self._number, new_name(), LAYOUT_VERSION),
                *(model.fingerprint, model.name, model.dimension),
                *astuple(totals),
                *(first, baked, *last, averages.body, averages.title),
            ],
        )
