"""Texts as they are compared: whatever editors and systems do to letters that look the same."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Soft hyphens, characters of no width, and marks of writing direction."""


def folded(text: str) -> str:
    """Return text with composed letters (Unicode NFC) and without what nobody sees."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
