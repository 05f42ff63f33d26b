"""Generations in the database: each is a row, and the last one answers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcebot.articles.version import SPLITTER_VERSION
from sourcebot.errors import IndexNotBuilt, IndexStale
from sourcebot.index.postgres.bm25 import Averages
from sourcebot.index.postgres.connection import rows_of
from sourcebot.index.postgres.ddl import LAYOUT_VERSION
from sourcebot.text.terms import TERMS_VERSION
from sourcebot.types import IndexInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.postgres.connection import Connection

COLUMNS = (
    "number, name, layout, fingerprint, model, dimension, to_char(created AT TIME ZONE 'UTC',"
    ' \'YYYY-MM-DD"T"HH24:MI:SS"+00:00"\'), articles, paragraphs, languages, first, baked,'
    " last_article, last_paragraph, body_tokens, title_tokens, body_average, title_average"
)


@dataclass(frozen=True, slots=True)
class StoredGeneration:
    """A row of the table of generations.

    ``first`` is the generation that began from nothing, ``baked`` the one by whose average lengths
    the terms of its paragraphs were weighted.
    """

    number: int
    name: str
    layout: int
    fingerprint: str
    model: str
    dimension: int
    created: str
    articles: int
    paragraphs: int
    languages: Sequence[str]
    first: int
    baked: int
    last_article: int
    last_paragraph: int
    body_tokens: int
    title_tokens: int
    body_average: float
    title_average: float

    @property
    def averages(self) -> Averages:
        """The averages that the vectors of terms were made with."""
        return Averages(self.body_average, self.title_average)

    @property
    def info(self) -> IndexInfo:
        """The generation as every engine describes its own."""
        return IndexInfo(
            name=self.name,
            fingerprint=self.fingerprint,
            model=self.model,
            dimension=self.dimension,
            created=self.created,
            articles=self.articles,
            paragraphs=self.paragraphs,
            recall=None,
            recall_measured_with="",
        )

    def check_fingerprint(self, embedder: Embedder) -> None:
        """Refuse vectors that ``embedder`` did not make.

        Raises:
            IndexStale: when the model or the splitter has changed since.
        """
        if self.fingerprint != fingerprint(embedder):
            raise IndexStale(
                f"the index was built with another model or splitter ({self.model})",
                "run `sourcebot index` to build it anew",
            )


def fingerprint(embedder: Embedder) -> str:
    """Return what makes the vectors, offsets and terms in a database comparable."""
    parts = json.dumps(
        [embedder.identity, SPLITTER_VERSION, TERMS_VERSION, "postgresql", LAYOUT_VERSION]
    )
    return hashlib.sha256(parts.encode()).hexdigest()[:16]


def current_generation(connection: Connection, schema: str) -> StoredGeneration:
    """Return the generation that answers in this snapshot of the database.

    Raises:
        IndexNotBuilt: when there is none.
        IndexStale: when another version of sourcebot has laid it out.
    """
    rows = rows_of(
        connection,
        f"SELECT {COLUMNS} FROM {schema}.generations ORDER BY number DESC LIMIT 1",
    )
    if not rows:
        raise IndexNotBuilt("there is no index yet", "run `sourcebot index`")
    found = StoredGeneration(*rows[0])
    if found.layout != LAYOUT_VERSION:
        raise IndexStale(
            f"the index has layout {found.layout}, this version reads {LAYOUT_VERSION}",
            f"name another schema in [index], or drop {schema}, and run `sourcebot index`",
        )
    return found
