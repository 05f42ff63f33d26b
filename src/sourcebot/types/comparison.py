"""What holding sentences against the originals of their articles gave."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcebot.types.claims import Edit


class Found(StrEnum):
    """What became of a sentence or an article; the value is what programs read."""

    VERBATIM = "stands in the original"
    ALTERED = "differs from the original"
    MISSING = "not in the original"
    REORDERED = "its words stand in the original in another order"
    CHANGED = "the kept original has changed"
    UNREADABLE = "the original cannot be read"
    NOT_KEPT = "no original is kept"


WRONG = {Found.ALTERED, Found.MISSING, Found.CHANGED}
"""What must not be."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A sentence held against its original, or an article whose original cannot be used.

    Attributes:
        file: the article, below the sources folder.
        found: what became of it.
        text: the sentence, verbatim; "" for a whole article.
        edits: the words in which they differ, in reading order.
        detail: why an original cannot be used, or "".
    """

    file: str
    found: Found
    text: str = ""
    edits: tuple[Edit, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing with the originals gave.

    ``articles`` and ``sentences`` count those that stand in their originals; ``compared`` names all
    others.
    """

    articles: int
    sentences: int
    compared: tuple[Compared, ...]
