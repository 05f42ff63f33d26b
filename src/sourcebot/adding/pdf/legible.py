"""Whether the text layer of a page is text: some hold codes of a font's drawings only."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\s]+")
_PLAIN = re.compile(r"[\"'“”‘’«»(\[„]*[^\W\d_]+(?:[-'’][^\W\d_]+)*[\"'“”‘’«»)\].,;:!?…]*")
_FIGURE = re.compile(r"[^\s\w]?\d[\d.,:/%–-]*[^\s\w]?")
_VOWELS = re.compile(r"[aeiouyäöüàâéèêëîïôûùœæøåáíóúãõąęě]", re.IGNORECASE)
_LEADERS = frozenset("._-–—·•…|")
_FEWEST = 20
"""Fewer words tell nothing."""

_MOST_UNKNOWN = 0.15
_MOST_SIGNS = 0.5
_LEAST_PLAIN = 0.4
_LEAST_VOWELS = 0.2


def is_garbage(text: str) -> bool:
    """Return whether a text is surely none: characters without meaning, or words that are none.

    Words of Latin letters have vowels, and small letters after their first; those of a layer
    whose fonts do not say what their drawings mean ("7KH FRXQFLO") mostly do not.
    """
    shown = [c for c in text if not c.isspace()]
    if not shown:
        return False
    unknown = sum(c == "\ufffd" or unicodedata.category(c) in {"Co", "Cn", "Cc"} for c in shown)
    if unknown > _MOST_UNKNOWN * len(shown):
        return True
    signs = [c for c in shown if c not in _LEADERS]
    if len(signs) > 100 and sum(map(str.isalnum, signs)) < (1 - _MOST_SIGNS) * len(signs):
        return True
    words = _WORD.findall(text)
    letters = [word for word in words if any(c.isalpha() for c in word)]
    latin = [w for w in letters if max(w) < "\u0370" or "\u1e00" <= max(w) <= "\u2122"]
    if len(latin) < max(_FEWEST, 0.5 * len(words)):
        return False
    plain = sum(_is_plain(word) for word in latin)
    count = sum(c.isalpha() for word in latin for c in word)
    vowels = sum(len(_VOWELS.findall(word)) for word in latin)
    return plain < _LEAST_PLAIN * len(latin) or vowels < _LEAST_VOWELS * count


def _is_plain(word: str) -> bool:
    if not _PLAIN.fullmatch(word):
        return False
    bare = word.strip("\"'“”‘’«»()[].,;:!?…„")
    cased = bare.islower() or bare.istitle() or bare[1:].islower() or "-" in bare or "'" in bare
    return (cased or (bare.isupper() and len(bare) > 1)) and bool(
        _VOWELS.search(bare) or len(bare) <= 2
    )
