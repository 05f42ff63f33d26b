"""Stories in the database: only those that a pass may change are looked at again."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from sourcebot.index.postgres.connection import mapped_errors, rows_of
from sourcebot.index.stories import bands, find_stories, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sourcebot.index.postgres.connection import Connection

_AT_ONCE = 200


def band_codes(packed: bytes) -> list[int]:
    """Return a number for each band of a signature; articles that share one may be one story."""
    return [
        int.from_bytes(zlib.crc32(bytes([place]) + band).to_bytes(4, "big"), "big", signed=True)
        for place, band in enumerate(bands(packed))
    ]


def regroup(
    connection: Connection, schema: str, added: Sequence[int], broken: Iterable[int]
) -> None:
    """Find the stories anew that articles have come to or left.

    ``added`` are the rows of new articles, ``broken`` the stories that have lost one. Whatever
    may belong together is: a new article's likely partners, and all of their stories.

    Raises:
        IndexStoreError: when the server fails.
    """
    rows: dict[int, tuple[int | None, bytes]] = {}
    for start in range(0, len(added), _AT_ONCE):
        # A list of codes for each article: one of all codes would hold pairs of no one article.
        found = rows_of(
            connection,
            f"SELECT DISTINCT b.row, b.story, b.signature FROM {schema}.articles a"
            f" JOIN {schema}.articles b ON b.bands && a.bands"
            " WHERE a.row = ANY(%s)",
            [list(added[start : start + _AT_ONCE])],
        )
        rows |= {row: (story, bytes(packed)) for row, story, packed in found}
    stories = sorted({story for story, _ in rows.values() if story is not None} | set(broken))
    found = rows_of(
        connection,
        f"SELECT row, story, signature FROM {schema}.articles WHERE story = ANY(%s)",
        [stories],
    )
    rows |= {row: (story, bytes(packed)) for row, story, packed in found}
    numbers = sorted(rows)
    story_of: dict[int, int] = {
        numbers[place]: numbers[group[0]]
        for group in find_stories(unpacked(rows[number][1] for number in numbers))
        for place in group
    }
    changed = [n for n in numbers if rows[n][0] != story_of.get(n)]
    with mapped_errors(), connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {schema}.articles SET story = %s WHERE row = %s",
            [(story_of.get(number), number) for number in changed],
        )
