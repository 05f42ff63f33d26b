"""What a file says of itself, as far as it can be believed."""

from __future__ import annotations

import re

from sourcebot.adding.blocks import cleaned

_LONGEST = 300
_TEMPLATE = re.compile(
    r"""
    \.(?:docx?|dotx?|pdf|x?html?|php|aspx?|jsp|pptx?|xlsx?|csv|rtf|od[tps]|txt|md|tex|dvi|qxd|indd
        |pmd|fm|p65|e?ps|wpd|cdr|jpe?g|png|gif|tiff?|pages|key|numbers|epub|mobi)$
    | ^(?:untitled|unbenannt|sans\stitre|sin\st[ií]tulo|senza\stitolo|ohne\stitel|unnamed)
    | ^microsoft\s
    | ^(?:powerpoint|word|excel|slide|document|dokument|documento|page|seite|sheet|tabelle|book
        |mappe)\s?\d*$
    | ^(?:new|neue|nouvelle|nueva)\s(?:page|seite|página|document|dokument|web\spage)\s?\d*$
    | ^(?:home|home\s?page|index|main|main\spage|default|default\spage|start|startseite|accueil
        |in[ií]cio|welcome|willkommen|bienvenue|blank|blank\spage|front\s?page|landing\spage
        |article|post|print)$
    | ^(?:page|site|slide)\stitle$ | ^click\sto\s(?:edit|add)\s
    | ^(?:insert|enter|type|your|add)\s(?:your\s|the\s|a\s)?(?:page\s)?title(?:\shere)?$
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
