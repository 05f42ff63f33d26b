"""Folded parts of a web page, such as answers below their questions, unfolded as by its reader.

What opens them is a button, a link or a ``summary`` of HTML, which is no text to those who look for
an article; what they open is hidden until then. Both are made the heading and text that they are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LEVEL = "h4"
_AROUND = ("nav", "header", "footer", "form", "aside", "dialog")
"""What opens menus, searches and the like is no heading."""

_SIGNS = ("aria-controls", "aria-expanded", "data-toggle", "data-bs-toggle", "data-target")
_NAMES = re.compile(r"accordion|toggle|collaps|expand|faq|question|trigger", re.IGNORECASE)
_INVISIBLE = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|max-height\s*:\s*0(?:px)?)\s*(?:!important)?;?",
    re.IGNORECASE,
)
_TEMPLATES = {"text/template", "text/html", "text/x-template", "text/x-handlebars-template"}
_LEAST = 400
"""Shorter templates are those of widgets, in code points."""

_SERIES = 2
"""A single control opens a menu more often than a text."""

_LONGEST = 300
_PROSE = 200
_QUESTION = re.compile(r"[?？][^\w?]{0,10}$")
_FEWEST_WORDS = 2


def unfold(tree: HtmlElement) -> None:
    """Show the folded parts of a page below headings that say what opened them."""
    for button in list(tree.iter("button")):
        if any(e.tag in _HEADINGS for e in button.iterancestors()):
            _show_panels(tree, button)
            button.drop_tag()
    for details in list(tree.iter("details")):
        details.tag = "div"
        for summary in details.findall("summary"):
            inside = any(e.tag in _HEADINGS for e in summary.iter())
            summary.tag = "div" if inside else _LEVEL
    for control in _controls(tree):
        _show_panels(tree, control)
        if any(e.tag in _HEADINGS for e in control.iterancestors()):
            control.drop_tag()
        else:
            control.tag = _LEVEL
            control.attrib.pop("href", None)
    _show_answers(tree)


def with_templates(tree: HtmlElement) -> None:
    """Put texts into the page that it holds for a script to show, where it shows less itself."""
    from lxml import html

    prose = sum(len(p.text_content()) for p in tree.iter("p"))
    for script in list(tree.iter("script")):
        inside = script.text or ""
        if script.get("type") not in _TEMPLATES or len(inside) < max(_LEAST, prose):
            continue
        found = html.fromstring(f"<div>{inside}</div>")
        if len(found.text_content()) > prose and script.getparent() is not None:
            found.tail, script.tail = script.tail, None
            script.getparent().replace(script, found)


def _controls(tree: HtmlElement) -> list[HtmlElement]:
    """Return the buttons and links that open texts: several of one form, each with words."""
    series: dict[tuple[str, str], list[HtmlElement]] = defaultdict(list)
    for element in tree.iter("button", "a"):
        words = element.text_content().split()
        opens = any(element.get(sign) is not None for sign in _SIGNS) or (
            element.tag == "button" and _NAMES.search(element.get("class", ""))
        )
        link = element.tag == "a" and not element.get("href", "#").startswith("#")
        if not opens or link or not _FEWEST_WORDS <= len(words) <= _LONGEST:
            continue
        around = any(e.tag in _AROUND for e in element.iterancestors())
        if not around and _panel(tree, element) is not None:
            series[element.tag, element.get("class", "")].append(element)
    return [e for found in series.values() if len(found) >= _SERIES for e in found]


def _panel(tree: HtmlElement, control: HtmlElement) -> HtmlElement | None:
    """Return what a control opens: what it names, or what follows it."""
    for sign in ("aria-controls", "data-target", "data-bs-target", "href"):
        name = control.get(sign, "").lstrip("#")
        if name and (named := tree.get_element_by_id(name, None)) is not None:
            return named if named.text_content().strip() else None
    holder = control
    while holder is not None and holder.getnext() is None and not (holder.tail or "").strip():
        holder = holder.getparent()
        if holder is None or len(holder) > 1:
            break
    after = holder.getnext() if holder is not None else None
    return after if after is not None and after.text_content().strip() else None


def _show_panels(tree: HtmlElement, control: HtmlElement) -> None:
    panel = _panel(tree, control)
    if panel is not None:
        _show(panel)


def _show(element: HtmlElement) -> None:
    element.attrib.pop("hidden", None)
    element.attrib.pop("aria-hidden", None)
    if style := element.get("style"):
        element.set("style", _INVISIBLE.sub("", style))


def _show_answers(tree: HtmlElement) -> None:
    """Show hidden elements of one form that follow questions, or go on from one that is shown."""
    series: dict[tuple[str, str], list[HtmlElement]] = defaultdict(list)
    for element in _hidden(tree):
        before = element.getprevious()
        asked = before is not None and _QUESTION.search(before.text_content())
        if asked or (before is not None and _goes_on(before, element)):
            series[element.tag, element.get("class", "")].append(element)
    for found in series.values():
        if len(found) >= _SERIES:
            for element in found:
                _show(element)


def _goes_on(before: HtmlElement, element: HtmlElement) -> bool:
    """Return whether an element is a further page of the text that begins in the one before."""
    alike = (before.tag, before.get("class")) == (element.tag, element.get("class"))
    return alike and bool(before.get("class")) and _is_prose(before) and _is_prose(element)


def _is_prose(element: HtmlElement) -> bool:
    return sum(len(p.text_content()) for p in element.iter("p")) > _PROSE


def _hidden(tree: HtmlElement) -> Iterator[HtmlElement]:
    for element in tree.iter():
        if isinstance(element.tag, str) and (
            element.get("hidden") is not None or _INVISIBLE.search(element.get("style", ""))
        ):
            yield element
