"""Names of articles: readable, safe on every system, unique."""

from __future__ import annotations

import re
import unicodedata

_FORBIDDEN = re.compile(
    r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffd]+'
)
_RESERVED = re.compile(r"con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]", re.IGNORECASE)
"""Names of Windows' devices; an ending makes no file's name of them."""
_LONGEST = 100
"""In bytes of UTF-8: file systems take 255, and versions and copies add to it."""


def safe_part(text: str) -> str:
    """Return text as one part of a path: without anything that a system forbids."""
    name = _FORBIDDEN.sub("-", unicodedata.normalize("NFC", text))
    name = " ".join(name.split()).strip(". -")
    while len(name.encode("utf-8")) > _LONGEST:
        name = name[:-1].rstrip(". -")
    stem, dot, ending = name.partition(".")
    if _RESERVED.fullmatch(stem.rstrip()):
        return f"{stem.rstrip()}_{dot}{ending}"
    return name or "untitled"


def slug(title: str) -> str:
    """Return a title as a name in lower case with hyphens, such as "bridge-stays-shut"."""
    words = re.findall(r"[\w]+", unicodedata.normalize("NFC", title).casefold().replace("'", ""))
    name = ""
    for word in words:
        if len(f"{name}-{word}".encode()) > 70:
            break
        name = f"{name}-{word}" if name else word
    return safe_part(name.replace("_", "-"))
