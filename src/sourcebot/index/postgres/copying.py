"""Rows on their way into the tables, in the forms in which PostgreSQL and pgvector receive them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcebot.index.postgres.bm25 import paragraph_vector
from sourcebot.index.postgres.connection import copying
from sourcebot.index.postgres.groups import band_codes
from sourcebot.index.schema import row_mark
from sourcebot.text.terms import terms_of
from sourcebot.types.filters import compared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from sourcebot.index.postgres.bm25 import Averages
    from sourcebot.index.postgres.connection import Connection
    from sourcebot.index.postgres.staging import Staging
    from sourcebot.index.postgres.vocabulary import Vocabulary
    from sourcebot.index.rows import Row
    from sourcebot.index.store_writer import TextRow

_PARAGRAPHS = (
    "(id, article, ordinal, heading, locator, start, text, sentences, vector, gap, mark, born,"
    " embedding)"
)
_PARAGRAPH_TYPES = (
    *("int8", "int8", "int4", "text", "text", "int4", "text", "bytea", "bytea", "text"),
    *("int8", "int8", "bytea"),  # vectors are given as the bytes that pgvector receives
)
_WORDS = "(paragraph, article, born, baked, body, title, terms, weights)"
_WORD_TYPES = ["int8", "int8", "int8", "int8", "int4", "int4", "int4[]", "bytea"]


def storable(text: str) -> str:
    """Return a text as PostgreSQL takes it: it has no NUL."""
    return text.replace("\x00", "\ufffd")


def terms_in(text: str, title: str, language: str) -> tuple[list[str], list[str]]:
    """Return the terms of a paragraph and of its title."""
    return terms_of(text, language), terms_of(title, language)


def add_articles(connection: Connection, schema: str, staging: Staging, after: int) -> None:
    """Write the articles that are staged, numbered on from ``after``."""
    with copying(connection, f"{schema}.articles") as copy:
        for row, *texts, size, modified, signature, paragraphs in staging.articles():
            article = (row + after, *(t if t is None else storable(t) for t in texts))
            path, title, publisher = (compared(text) for text in article[1:4])
            copy.write_row(
                (
                    *(*article, row_mark(article)),
                    *(size, modified, signature, band_codes(signature), None, paragraphs),
                    *(path, title, publisher),
                )
            )


def add_paragraphs(
    connection: Connection,
    schema: str,
    rows: Sequence[Row],
    vectors: npt.NDArray[np.float32],
    born: int,
) -> None:
    """Write paragraphs in the columns of ``rows.PARAGRAPH``, but for their marks."""
    head = np.array([vectors.shape[1], 0], ">i2").tobytes()
    halves = vectors.astype(">f2")
    with copying(connection, f"{schema}.paragraphs {_PARAGRAPHS}", _PARAGRAPH_TYPES) as copy:
        for row, vector in zip(rows, halves, strict=True):
            copy.write_row((*row, row_mark(row), born, head + vector.tobytes()))


def add_words(
    connection: Connection,
    schema: str,
    rows: Iterable[TextRow],
    vocabulary: Vocabulary,
    averages: Averages,
    *,
    born: Sequence[int],
    baked: int,
    new: bool,
) -> None:
    """Write the words of paragraphs; those of ``new`` ones are counted in the vocabulary."""
    rows = list(rows)
    texts = [terms for row in rows for terms in terms_in(row.text, row.above, row.language)]
    numbered = vocabulary.numbered(texts)
    vectors = [
        paragraph_vector(body, title, averages)
        for body, title in zip(numbered[::2], numbered[1::2], strict=True)
    ]
    with copying(connection, f"{schema}.words {_WORDS}", _WORD_TYPES) as copy:
        for place, row in enumerate(rows):
            dimensions, packed = vectors[place]
            lengths = len(texts[2 * place]), len(texts[2 * place + 1])
            copy.write_row(
                (row.paragraph, row.article, born[place], baked, *lengths, dimensions, packed)
            )
            if new:
                vocabulary.count(dimensions)
