"""What of a text Discord would act on: an independent check of escaping."""

from __future__ import annotations

import re

ESCAPED = re.compile(r"\\[^\w\s]")
LINK = re.compile(r"\]\((https?://[^\s()<>]+)\)")
ITALIC_LINE = re.compile(r"^\*(?!\*)(.*)(?<!\*)\*$", re.MULTILINE)
ACTIVE = re.compile(
    r"@everyone|@here|<@|<#|<id:|<t:|</\w|<a?:\w|`|\|\||~~|__|://|\[[^\]]*\]\(|(?<!\*)\*(?!\*)|:\w+:"
)
INVISIBLE = re.compile(r"[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def active(text: str, *links: str) -> list[str]:
    """Return what would mention, link, format or hide.

    Bold, whole lines in italics and the links named are allowed: the bot makes them itself.
    """
    plain = ESCAPED.sub("§", text)
    found = [url for url in LINK.findall(plain) if url not in links]
    plain = ITALIC_LINE.sub(r"\1", LINK.sub("]", plain))
    return found + ACTIVE.findall(plain) + INVISIBLE.findall(text)
