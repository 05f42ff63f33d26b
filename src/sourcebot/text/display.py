"""Text from articles made safe to show, and counts with their nouns."""

from __future__ import annotations

import re

_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"
_INVISIBLE = "\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
UNSAFE = re.compile(f"[{_CONTROLS}{_INVISIBLE}]")
"""Control characters, invisible characters and bidirectional overrides.

The joiners U+200C and U+200D stay: Persian and many emoji are misspelt without them."""

_CONTROL = re.compile(f"[{_CONTROLS}]")
_QUOTATION_MARK = re.compile(r"(?:\r\n|\r|\n)[ \t]*>[ \t]?")


def one_line(text: str) -> str:
    """Return text from a source as one harmless line: it can move no cursor and turn no text.

    The marks of a Markdown block quotation at the starts of further lines are left out.
    """
    text = _QUOTATION_MARK.sub("\n", text)
    return UNSAFE.sub("", _CONTROL.sub("\ufffd", " ".join(text.split())))


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun, such as "1 article" or "2 articles"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
