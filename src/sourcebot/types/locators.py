"""Where in its original a quote stands: a page, a slide, a sheet, a moment of a recording."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class LocatorKind(StrEnum):
    """What an original is divided into; the value stands in articles and in the index."""

    PAGE = "page"
    SLIDE = "slide"
    SHEET = "sheet"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Locator:
    """A part of an original, by the name that it bears there.

    ``label`` is the number printed on a page ("iv"), that of a slide, the name of a sheet, or a
    time from the beginning as hours, minutes and seconds ("00:01:02").
    """

    kind: LocatorKind
    label: str

    def __str__(self) -> str:
        """Return what ``read`` takes, such as "page 4"."""
        return f"{self.kind} {self.label}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the locator that ``str`` gave.

        Raises:
            ValueError: when it is none.
        """
        kind, _, label = text.partition(" ")
        return cls(LocatorKind(kind), label)
