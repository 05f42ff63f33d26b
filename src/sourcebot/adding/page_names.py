"""Names of a page's parts that only repeat their headings, and so say nothing of what they are.

Generators of documents call a part after its heading: "newsletter-scandal", "related-work". Who
goes by names would take such parts for furniture.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sourcebot.adding.naming import slug

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_SERIES = 3
"""So many parts of a page are called after their headings before it is its way to name them."""

_AROUND = re.compile(
    r"^(?:sec(?:tion)?|heading|h|anchor|id|toc|part|chapter)-|-(?:sec(?:tion)?|heading|content|body|text"
    r"|part|block|panel|anchor|wrapper|container|\d{1,3})$"
)
_SIGNS = re.compile(r"[¶#§🔗\s]+")
_LONGEST = 200


def without_heading_names(tree: HtmlElement) -> None:
    """Take the classes and ids that repeat headings from a page that names its parts so.

    The signs beside headings that link to them go as well.
    """
    found: list[tuple[HtmlElement, str, str]] = []
    names: set[str] = set()
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in {"html", "body", "a"}:
            continue
        named = {
            (kind, token) for kind in ("class", "id") for token in element.get(kind, "").split()
        }
        title = _title(element) if named else ""
        for kind, token in named:
            if title and _repeats(token, title):
                found.append((element, kind, token))
                names.add(title)
    if len(names) >= _SERIES:
        for element, kind, token in found:
            rest = [other for other in element.get(kind, "").split() if other != token]
            if rest:
                element.set(kind, " ".join(rest))
            else:
                element.attrib.pop(kind, None)
    for heading in tree.iter(*_HEADINGS):
        for link in list(heading.iter("a")):
            if _SIGNS.fullmatch(link.text_content()):
                link.drop_tree()


def _title(element: HtmlElement) -> str:
    """Return the heading that an element is, begins with or follows, as a name, or ""."""
    if element.tag in _HEADINGS:
        return slug(element.text_content()[:_LONGEST])
    heading = next(element.iter(*_HEADINGS), None)
    if heading is None:
        before = element.getprevious()
        heading = before if before is not None and before.tag in _HEADINGS else None
    return slug(heading.text_content()[:_LONGEST]) if heading is not None else ""


def _repeats(token: str, title: str) -> bool:
    name = re.sub(r"[_.:\s]+", "-", token.casefold()).strip("-")
    return title in {name, _AROUND.sub("", name)}
