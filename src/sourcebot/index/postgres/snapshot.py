"""Searching one state of the database."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.errors import IndexCorrupt
from sourcebot.index.postgres.articles import PostgresArticles
from sourcebot.index.postgres.bm25 import (
    KnownTerm,
    as_halfvec,
    as_sparsevec,
    question_vector,
)
from sourcebot.index.postgres.connection import rows_of
from sourcebot.index.postgres.filters import condition
from sourcebot.index.postgres.vocabulary import known_terms
from sourcebot.text.terms import MOST_SEARCHED, term_weight, terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.contract import Ids, Scores
    from sourcebot.index.postgres.connection import Connection
    from sourcebot.index.postgres.generations import StoredGeneration
    from sourcebot.types import Filters, IndexInfo

_SMALL = 20_000
"""A filter that leaves at most so many paragraphs has them all compared, without an index."""

_MOST_NAMED = 50_000
"""At most so many allowed articles are named to the servers; more are looked up one by one."""

_MOST_CANDIDATES = 0.1
"""Terms in more than this share of the paragraphs choose no candidates (they still score) ..."""

_FEW_CANDIDATES = 20_000
"""... unless all terms together stand in fewer."""


class PostgresSnapshot:
    """Implements ``contract.Snapshot`` in one transaction; for one thread at a time."""

    def __init__(self, connection: Connection, schema: str, generation: StoredGeneration) -> None:
        """Take a connection in a transaction that sees ``generation`` as the last one."""
        self._connection = connection
        self._schema = schema
        self._generation = generation
        dead = rows_of(connection, f"SELECT article FROM {schema}.removed")
        # Numbers of our own, so they can stand in the text of a query.
        gone = ",".join(str(int(article)) for (article,) in dead)
        self._visible = f"p.born BETWEEN {generation.first} AND {generation.number}" + (
            f" AND p.article <> ALL('{{{gone}}}'::bigint[])" if gone else ""
        )
        self.store = PostgresArticles(connection, schema, self._visible)
        self._known: dict[str, KnownTerm] = {}

    @property
    def info(self) -> IndexInfo:
        """What it holds and what it was built with."""
        return self._generation.info

    def check_fingerprint(self, embedder: Embedder) -> None:
        """Refuse vectors that ``embedder`` did not make.

        Raises:
            IndexStale: when the model or the splitter has changed since.
        """
        self._generation.check_fingerprint(embedder)

    def kept_by(self) -> str:
        """Return the versions of the server and of pgvector, and how it is reached."""
        ((server, vector),) = rows_of(
            self._connection,
            "SELECT current_setting('server_version'),"
            " (SELECT extversion FROM pg_extension WHERE extname = 'vector')",
        )
        encrypted = "over TLS" if self._connection.pgconn.ssl_in_use else "without TLS"
        return f"PostgreSQL {server.split()[0]} with pgvector {vector}, reached {encrypted}"

    def check_digests(self) -> None:
        """Hold the counts against those that were noted; rows have checksums of their own.

        Raises:
            IndexCorrupt: when something is missing.
        """
        noted = (self._generation.articles, self._generation.paragraphs)
        ((words,),) = rows_of(
            self._connection,
            f"SELECT count(*) FROM {self._schema}.words p WHERE {self._visible} AND baked = %s",
            [self._generation.baked],
        )
        if self.store.counts() != noted or words != noted[1]:
            raise IndexCorrupt(
                "the database does not hold what was written to it",
                "run `sourcebot index --rebuild`",
            )

    def weights(self, question: str) -> dict[str, float]:
        """Return the question's terms, each with what it tells (``term_weight``)."""
        codes = ("", *sorted({*self._generation.languages} - {""}))
        terms = [*dict.fromkeys(t for code in codes for t in terms_of(question, code))]
        self._known |= known_terms(self._connection, self._schema, terms)
        count, nowhere = self._generation.paragraphs, KnownTerm(0, 0, 0)
        return {term: term_weight(count, self._known.get(term, nowhere).body) for term in terms}

    def search_dense(
        self, vector: npt.NDArray[np.float32], k: int, filters: Filters
    ) -> tuple[Ids, Scores]:
        """Return the ids of the ``k`` nearest paragraphs and their cosines, best first."""
        allowed, values, few = self._allowed(filters)
        asked = as_halfvec(vector.tolist())
        source = f"{self._schema}.paragraphs p WHERE {self._visible}{allowed}"
        if few:
            # Without this the planner may walk the index of vectors past all that is not allowed.
            source = f"(SELECT p.id, p.embedding FROM {source} OFFSET 0) p"
        rows = rows_of(
            self._connection,
            f"SELECT p.id, p.embedding <#> '{asked}'::halfvec AS far FROM {source}"
            " ORDER BY far LIMIT %s",
            [*values, k],
        )
        return _split(rows)

    def cosines(self, vector: npt.NDArray[np.float32], ids: Ids) -> Scores:
        """Return the cosine of ``vector`` with each of the paragraphs ``ids``."""
        rows = rows_of(
            self._connection,
            f"SELECT id, embedding <#> %s::halfvec FROM {self._schema}.paragraphs"
            " WHERE id = ANY(%s)",
            [as_halfvec(vector.tolist()), ids.tolist()],
        )
        found = dict(rows)
        try:
            return np.array([-found[number] for number in ids.tolist()], np.float32)
        except KeyError as error:
            raise IndexCorrupt(
                "the database lacks paragraphs that its own search names",
                "run `sourcebot index --rebuild`",
            ) from error

    def search_lexical(self, terms: Iterable[str], k: int, filters: Filters) -> tuple[Ids, Scores]:
        """Return the ids of the best ``k`` paragraphs and their BM25 scores, best first."""
        wanted = list(terms)[:MOST_SEARCHED]
        if unseen := [term for term in wanted if term not in self._known]:
            self._known |= known_terms(self._connection, self._schema, unseen)
        known = [self._known[term] for term in wanted if term in self._known]
        allowed, values, _ = self._allowed(filters)
        vector = as_sparsevec(question_vector(known, self._generation.paragraphs))
        rows = rows_of(
            self._connection,
            f"SELECT p.paragraph, p.weights <#> '{vector}'::sparsevec AS far"
            f" FROM {self._schema}.words p"
            f" WHERE p.terms && '{{{','.join(map(str, self._candidates(known, k)))}}}'::integer[]"
            f" AND {self._visible} AND p.baked = {self._generation.baked}{allowed}"
            " ORDER BY far, p.paragraph LIMIT %s",
            [*values, k],
        )
        return _split(rows)

    def _candidates(self, known: list[KnownTerm], k: int) -> list[int]:
        """Return the dimensions of which a paragraph must hold one to be scored: of rare terms."""
        budget = max(_FEW_CANDIDATES, int(_MOST_CANDIDATES * self._generation.paragraphs))
        rare = sorted(known, key=lambda term: term.body + term.title)
        reached = accumulate(term.body + term.title for term in rare)
        chosen, before = [], 0
        for term, total in zip(rare, reached, strict=True):
            if total > budget and before >= k:
                break
            chosen += [2 * term.number, 2 * term.number + 1]
            before = total
        return chosen

    def _allowed(self, filters: Filters) -> tuple[str, list[object], bool]:
        """Return the condition of a filter on ``p``, its parameters, and whether few are left."""
        if not filters:
            return "", [], False
        where, values = condition(filters)
        articles = f"FROM {self._schema}.articles a WHERE {where}"
        ((count, paragraphs),) = rows_of(
            self._connection, f"SELECT count(*), coalesce(sum(a.paragraphs), 0) {articles}", values
        )
        few = paragraphs <= _SMALL
        if count > _MOST_NAMED:
            return f" AND p.article IN (SELECT a.row {articles})", values, few
        rows = rows_of(self._connection, f"SELECT a.row {articles}", values)
        return " AND p.article = ANY(%s)", [[row for (row,) in rows]], few


def _split(rows: list[tuple[int, float]]) -> tuple[Ids, Scores]:
    """Return the ids and the scores of rows (id, negative score)."""
    ids = np.array([number for number, _ in rows], np.int64)
    return ids, np.array([-far for _, far in rows], np.float32)
