"""What has become of a quote since it was given: the file is the judge, not the index."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from sourcebot.articles.decoding import CODECS
from sourcebot.types import Span


class Standing(StrEnum):
    """What became of a quote; the value is what programs read."""

    INTACT = "intact"
    """The words stand at their offsets."""

    MOVED = "moved"
    """The words stand elsewhere in the file."""

    ALTERED = "altered"
    """The file is there, and the words are not in it any more."""

    GONE = "gone"
    """The file is not there any more, or cannot be read."""


@dataclass(frozen=True, slots=True)
class Stands:
    """A quote's standing, and where its words stand now (None unless intact or moved)."""

    standing: Standing
    span: Span | None = None


def standing_of(text: str, start: int, encoding: str, data: bytes | None) -> Stands:
    """Return what became of a quote of ``text`` at the code point ``start`` of a file.

    ``data`` is what the file holds now, None when there is none; ``encoding`` the codec that it
    was read with. Of several places where the words stand now, the nearest counts.
    """
    if data is None:
        return Stands(Standing.GONE)
    if not text or start < 0 or encoding not in CODECS:
        return Stands(Standing.ALTERED)
    now = data.decode(encoding, "replace")
    if now.startswith(text, start):
        return Stands(Standing.INTACT, Span(start, start + len(text)))
    before = now.rfind(text, 0, start + len(text))
    after = now.find(text, start)
    places = [place for place in (before, after) if place >= 0]
    if not places:
        return Stands(Standing.ALTERED)
    place = min(places, key=lambda p: abs(p - start))
    return Stands(Standing.MOVED, Span(place, place + len(text)))


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
