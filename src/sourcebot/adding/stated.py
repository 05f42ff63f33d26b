"""What a file says of itself, as far as it can be believed."""

from __future__ import annotations

import re

from sourcebot.adding.blocks import cleaned

_LONGEST = 300
_TEMPLATE = re.compile(
    r"""
    \.\w{2,4}$ | ^untitled | ^microsoft\s | ^(?:powerpoint|word|slide|document|dokument)\s?\d*$
    | ^(?:powerpoint|word)\s?-?\s?(?:presentation|präsentation|dokument|document)\d*$
    | ^(?:array|hash|scalar)\(0x | ^<.*>$ | ^\W*$ | ^(?:title|titel|titre|no\s?title|layout)\s?\d*$
    | ^[\w./\\-]+\.(?:dvi|tex|qxd|indd|pmd|fm|doc|p65)\b | ^(?:scan|print)\S*\s?\d | \\
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NOBODY = re.compile(
    r"^(?:array|hash|scalar)\(0x|^(?:administrator|admin|user|owner|unknown|author|root|default"
    r"|microsoft|windows user|nobody|autor|benutzer|python-\w+|openpyxl|\W*)$|\\|^[a-z]+\d+$",
    re.IGNORECASE,
)


def believed_title(title: str | None) -> str:
    """Return a title that a file states, "" where it is that of a template or of another file."""
    words = cleaned(title or "")
    return "" if _TEMPLATE.search(words) else words[:_LONGEST]


def believed_author(author: str | None) -> str:
    """Return an author that a file states, "" where it is the name of a program or nobody's."""
    words = cleaned(author or "")
    return "" if _NOBODY.search(words) else words[:_LONGEST]
