"""Whether a text calls somebody by the last name, as news does after the first time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CAPITALISED = re.compile(r"(?<!\w)[^\W\d_a-zß-öø-ÿ][\w.’'-]*(?:\s+[^\W\d_a-zß-öø-ÿ][\w.’'-]*)*")
_POSSESSIVE = re.compile(r"[’']s?$")
_MOST_NAMES, _ALIKE, _LONGEST_SHORTENED = 4, 3, 4
_NO_FIRST = """
a an and as at but by captain chairman chancellor coach colonel councillor director dr for from
general governor her his in judge justice king lady lord mayor minister miss mr mrs ms of on
president prime prof professor queen secretary senator she he sir the to when while with
"""
_NO_FIRST_NAMES = frozenset(_NO_FIRST.split())
"""What stands with a capital before a last name and is no first name."""


def by_last_name(name: str, text: str) -> bool:
    """Return whether a text has the last word of a name, and before it no other first name.

    Names of one word, and those with words in small letters, have no last name.
    """
    words = _POSSESSIVE.sub("", name).split()
    if not _MOST_NAMES >= len(words) > 1 or not all(word[0].isupper() for word in words):
        return False
    first, last = words[0], words[-1]
    found = list(_before(last, text))
    return bool(found) and all(
        not before
        or before[0].casefold().strip(".") in _NO_FIRST_NAMES
        or any(word[:_ALIKE] == first[:_ALIKE] for word in before)
        for before in found
    )


def _before(last: str, text: str) -> Iterator[list[str]]:
    """Yield the capitalised words right before each time that a last name stands in a text."""
    for run in _CAPITALISED.finditer(text):
        before: list[str] = []
        for word in run[0].split():
            bare = _POSSESSIVE.sub("", word.rstrip("."))
            if bare == last:
                yield before
            ends = word.endswith(".") and len(bare) > _LONGEST_SHORTENED
            before = [] if ends else [*before, bare]
