"""Comparing texts without case and punctuation."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def words(text: str) -> list[str]:
    """Return the lower-cased words of `text`, without punctuation and accents."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _WORD.findall(plain)


def normalise(text: str) -> str:
    """Return the words of `text` joined by one space, with a space at each end.

    The outer spaces make `normalise(part) in normalise(whole)` match whole words only.
    """
    return f" {' '.join(words(text))} "


def holds(whole: str, part: str) -> bool:
    """Whether `part` stands in `whole`, compared word by word."""
    needle = normalise(part)
    return bool(needle.strip()) and needle in normalise(whole)
