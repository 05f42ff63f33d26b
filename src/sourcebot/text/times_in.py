"""Times of day in running text: "7.30 p.m.", "7:30pm", "19:30", "19.30 Uhr", "noon"."""

from __future__ import annotations

import re

from sourcebot.types import Span

_HOUR, _MINUTE = r"(?:[01]?\d|2[0-3])", r"[0-5]\d"
_TIME = re.compile(
    rf"(?<![\w.,:/-])(?:(?P<hour>{_HOUR})(?:[.:](?P<minute>{_MINUTE}))?[ \u00a0\u202f]?"
    r"(?:(?P<half>[ap])(?:\.[ \u00a0]?m\.|m\b)|uhr\b|o[’']clock\b)"
    rf"|(?P<h>{_HOUR}):(?P<m>{_MINUTE})(?![\d:]|[.,]\d))|\b(?P<word>noon|midnight)\b",
    re.IGNORECASE,
)
_NOON = 12


def times_in(text: str) -> dict[Span, str]:
    """Return the times of day that a text states as "18:30", by where they stand, in order.

    "7.30" alone is a number. "7 o'clock" is taken for the morning, as it stands.
    """
    found = {}
    for match in _TIME.finditer(text):
        hour = int(match["hour"] or match["h"] or 0)
        if match["word"]:
            hour = _NOON if match["word"].lower() == "noon" else 0
        elif match["half"] and not 1 <= hour <= _NOON:
            continue
        elif match["half"]:
            hour = hour % _NOON + _NOON * (match["half"].lower() == "p")
        minute = int(match["minute"] or match["m"] or 0)
        found[Span(*match.span())] = f"{hour:02}:{minute:02}"
    return found
