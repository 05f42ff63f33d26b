"""Any text -> Discord's Markdown that shows it as it is, and does nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

from sourcebot.render.markup import read_parts
from sourcebot.text.display import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.types import Quote

_SPECIAL = re.compile(
    r"""
      [\\*_~`|<\[\]@]             # styles, spoilers, code, mentions, timestamps, emoji, links
    | :(?=//)                     # a bare address
    | :(?=[\w+~-]+:)              # the name of an emoji
    | ^[#>+-]                     # headings, small print, quotations, lists
    | (?<=^\d)[.)] | (?<=^\d\d)[.)] | (?<=^\d\d\d)[.)]   # numbered lists
    """,
    re.VERBOSE,
)
_TOKEN = re.compile(r"\\?.", re.DOTALL)
_JOINED = re.compile(r"[\u0300-\u036f\u200c\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")
"""Marks that belong to the character before: text is not cut in front of them."""

ELLIPSIS = "…"
_LONGEST_URL = 900
_KEPT_IN_URLS = "/:?#@!$&'*+,;=%~._-"


def width(text: str) -> int:
    """Return the length of a text as Discord may count it: in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def escape(text: str) -> str:
    """Return text as one line that Discord shows as it is.

    No mention, link, emoji, timestamp or style in it has an effect.
    """
    return _SPECIAL.sub(r"\\\g<0>", one_line(text))


def clip(escaped: str, limit: int, *, from_end: bool = False) -> str:
    """Return escaped text cut to at most ``limit`` UTF-16 units, an ellipsis in place of the rest.

    Neither an escape nor a joined character is split. ``from_end`` keeps the end.
    """
    if width(escaped) <= limit:
        return escaped
    tokens = _TOKEN.findall(escaped)
    if from_end:
        tokens.reverse()
    kept: list[str] = []
    room = limit - width(ELLIPSIS)
    for token in tokens:
        room -= width(token)
        if room < 0:
            break
        kept.append(token)
    if from_end:
        while kept and (_JOINED.match(kept[-1]) or kept[-1].isspace()):
            kept.pop()
        return ELLIPSIS + "".join(reversed(kept))
    following = tokens[len(kept)]
    while kept and (_JOINED.match(following) or kept[-1].isspace() or kept[-1] == "\u200d"):
        following = kept.pop()
    return "".join(kept) + ELLIPSIS


def shown(text: str, limit: int) -> str:
    """Return any text escaped, in at most ``limit`` UTF-16 units."""
    return clip(escape(text), limit)


def emphasized(quote: Quote, limit: int) -> str:
    """Return a quote escaped, the words that answer in bold, in at most ``limit`` UTF-16 units.

    When it is too long, the words that answer stay in sight.
    """
    before, words, after = read_parts(quote)
    core = escape(words)
    if not core:
        return shown("".join((before, words, after)), limit)
    lead = " " if before[-1:].isspace() or words[:1].isspace() else ""
    trail = " " if words[-1:].isspace() or after[:1].isspace() else ""
    head, tail = escape(before), escape(after)
    head, tail = head + lead if head else "", trail + tail if tail else ""
    room = limit - width("****")
    core = clip(core, room)
    room -= width(core)
    # Each side may use what the other leaves.
    tail_room = max(room - width(head), room // 2)
    tail = clip(tail, tail_room) if tail_room > 1 else ""
    room -= width(tail)
    head = clip(head, room, from_end=True) if room > 1 else ""
    return f"{head}**{core}**{tail}"


def link(text: str, urls: Sequence[str], limit: int) -> str:
    """Return text with a link to the first address that is safe and fits, else the text alone."""
    for address in map(safe_url, urls):
        if address and width(address) + 40 <= limit:
            return f"[{shown(text, limit - width(address) - 4)}]({address})"
    return shown(text, limit)


def safe_url(url: str) -> str:
    """Return a web address that cannot end a link early, or "" when it is none."""
    try:
        parts = urlsplit(url.strip())
        valid = parts.scheme in {"http", "https"} and parts.hostname and not parts.username
    except ValueError:
        return ""
    if not valid or any(c.isspace() or c in "<>\\" for c in url.strip()):
        return ""
    encoded = percent_encoded(one_line(url), safe=_KEPT_IN_URLS)
    return encoded if len(encoded) <= _LONGEST_URL else ""
