"""Initials: letters over several lines that begin the first word of a chapter."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sourcebot.text.hyphenation import divides

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.adding.pdf.lines import Line
    from sourcebot.adding.pdf.paragraphs import Style

_SIZE = 1.8
_MOST = 3
_QUOTES = "“\"'«„‘"
_WORDS = frozenset({"a", "i", "o", "à", "y", "é", "e", "ó", "у", "в", "с", "к", "о", "и", "а", "я"})
"""Letters that are words by themselves."""


def with_initials(segments: Sequence[Line], style: Style) -> list[Line]:
    """Return the segments of a page with its initials put before their words."""
    found = list(segments)
    for initial in segments:
        letter = initial.text.strip(_QUOTES)
        if initial.size < _SIZE * style.size or len(initial.text) > _MOST or not letter.isalpha():
            continue
        beside = [
            line
            for line in found
            if initial.size > _SIZE * line.size
            and initial.y - 0.3 * line.size <= line.y <= initial.y + initial.size
            and -0.5 * line.size <= line.left - initial.right <= line.size
        ]
        if beside:
            first = max(beside, key=lambda line: line.y)
            found[found.index(first)] = _begun(initial, letter, first, style)
            found.remove(initial)
    return found


def _begun(initial: Line, letter: str, first: Line, style: Style) -> Line:
    word = re.match(r"[^\W\d_]+", first.text)
    alone = letter.casefold() in _WORDS and not (
        word and divides(letter, word[0].casefold(), style.language, style.known)
    )
    space = " " if alone or not word else ""
    return replace(first, text=f"{initial.text}{space}{first.text}")
