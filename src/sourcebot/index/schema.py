"""The tables of a generation, and the checksums of their rows."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA = """
CREATE TABLE articles (
    row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, title TEXT NOT NULL,
    publisher TEXT NOT NULL, author TEXT NOT NULL, published TEXT, url TEXT NOT NULL,
    sha256 TEXT NOT NULL, encoding TEXT NOT NULL, notes TEXT NOT NULL,
    language TEXT NOT NULL, mark INTEGER NOT NULL,
    size INTEGER NOT NULL, modified INTEGER NOT NULL,
    signature BLOB NOT NULL, story INTEGER
) STRICT;
CREATE INDEX articles_story ON articles(story) WHERE story IS NOT NULL;
CREATE TABLE paragraphs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles(row) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, heading TEXT NOT NULL, locator TEXT, start INTEGER NOT NULL,
    text TEXT NOT NULL,
    sentences BLOB NOT NULL, vector BLOB NOT NULL, gap TEXT, mark INTEGER NOT NULL
) STRICT;
CREATE INDEX paragraphs_article ON paragraphs(article, id);
CREATE TABLE failures (
    id TEXT PRIMARY KEY, reason TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL
) STRICT;
"""
"""``sentences``: int32 pairs (start, end) from the paragraph's start. ``vector``: the key
of the paragraph's vector in the vector cache. ``mark``: the checksum of the row, held against
it whenever the row is read, so that a damaged row is never quoted. ``story``: shared by the
articles that carry largely the same text, NULL for all others. ``gap``: as in ``Paragraph``.
``heading``: what stands above the paragraph, as ``rows.above_coded`` writes it. ``locator``: as
``Locator`` is written."""

FILES_INDEX = """
CREATE INDEX IF NOT EXISTS articles_files ON articles(id, size, modified, sha256);
"""
"""What every look for changed files needs, kept together on the disk."""


def row_mark(values: Sequence[object]) -> int:
    """Return the checksum of a row's other columns, in their order in the schema."""
    return zlib.crc32(repr(tuple(values)).encode("utf-8", "surrogatepass"))
