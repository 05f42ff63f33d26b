"""What stands around an article on a web page, told by elements, roles and class names."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcebot.adding.naming import slug
from sourcebot.adding.page_paywall import is_paywall, is_surely_paywall

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TAGS = {"aside", "button", "dialog", "figcaption", "footer", "form", "nav"}
_ROLES = {"dialog", "navigation", "banner", "search", "contentinfo"}
_NO_STATE = r"(?<!no[_-])(?<!non[_-])(?<!has[_-])(?<!with[_-])"
"""Classes such as "no-caption" and "has-sidebar" tell of something else's state."""

_NAMES = re.compile(
    _NO_STATE
    + r"""(?<![a-z])(?:
    cookie|consent|gdpr|cmp(?![a-z])|privacy|newsletter|sign-?up|subscri(?!ption-text)|paywall|regwall
    |meter(?![a-z])|related|recirc|recommend|read-?(?:more|next|also)|more-?(?:stories|news|from|on)
    |also-?read|lesen-sie|promo(?!tion)|teaser|puff|share(?!h)|sharing|sharedaddy|social|follow-?us
    |(?:image|img|photo|media|art|thumb)?-?caption|credit(?!or)|comments?(?:$|[\s_-](?:area|list|section|cta
    |form|title|thread)|s-)|breadcrumb|most-?(?:read|popular|viewed)|trending|popular|sidebar|rail(?![a-z])
    |side-?bar|right-col|left-col|widget|author-?(?:bio|box|card|info)|about-author|bio(?![a-z])|toc(?![a-z])
    |table-of-contents|infobox|factbox|catlinks|editsection|edit-link|references|advert|ads?(?![a-z])
    |ad-slot|sponsor|tags?(?:$|[\s_-]|list)|topic-?list|topics(?![a-z])|page-?feedback|feedback|pull-?quote
    |outbrain|taboola|donat|membership|shop-?teaser|pagination|pager(?![a-z])|post-nav|masthead|site-?header
    |site-?footer|footer|skip|contact-?box|links-?block|live-controls|modal|popup|overlay|toolbar
    |print(?:-?(?:button|link|icon|version)|$|\s)
    |noprint|nav(?![a-z])|navi(?![a-z])|navigation|menu(?![a-z])|gallery|slide-?show|carousel|hidden(?![a-z])|sr-only|visually-hidden|screen-reader
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_SURE_NAMES = re.compile(
    _NO_STATE
    + r"""(?<![a-z])(?:related-|recirc|recommended|more-?(?:stories|from)|sharedaddy
    |share-(?:buttons|bar|links)|social-(?:share|links|icons)|follow-us|newsletter|cookie-|outbrain|taboola|breadcrumb|most-?(?:read|popular)
    |comments?-(?:area|list|section|form)|(?:image|img|photo|media|art|thumb|wp)?-?caption|image-?credit|infobox
    |(?:figure|image|img|photo|media|bild)[_-]{0,2}(?:caption|description|legend|copyright|credit)|video-credit
    |(?:entry|post|article|module)[_-]{1,2}meta|entry-?footer|reading-?time|tag-?links|comments?-?(?:link|item)|commentlist
    |kommentar(?:e|modul|content)(?![a-z])|author[_-]?(?:box|bio|info|personal|card)|link-?list|new-?review|product-?reviews|saboxplugin|trust-?badge|letters-cta
    |content-?blocker|affiliate-(?:text|disclosure|disclaimer)|editorial-disclosure|disclosure-text
    |next-?(?:post|story|article)(?![a-z])|more-posts|read-more(?![a-z])|crumbs?(?![a-z])|mobile-?(?:nav|menu)
    |(?:cookie|consent|gdpr)-?(?:banner|notice|bar|wall)|pagination|image-block|promo(?![a-z])|slide-?show|carousel|sr-only|visually-hidden|screen-reader|editsection)""",
    re.IGNORECASE | re.VERBOSE,
)
_SURE_TAGS = {"aside", "button", "dialog", "figcaption", "footer", "form", "nav"}
_LEAD = re.compile(
    r"(?<![a-z])(?:lead|lede|intro|teaser|standfirst|summary|dek|sub-?(?:title|head)|abstract)",
    re.I,
)
_NOTICE = re.compile(r"cookie|consent|gdpr|cmp(?![a-z])|privacy|overlay|modal|popup", re.IGNORECASE)
_MOST_PROSE = 0.6
_NO_HOLDERS = {"h1", "h2", "h3", "h4", "h5", "h6", "header", "li", "noscript"}
"""What holds no article but by mistake."""

_GALLERY = re.compile(
    r"(?<![a-z])(?:full|photo|image|picture|media)-?gallery(?![a-z])", re.IGNORECASE
)
_CAPTION = re.compile(
    _NO_STATE + r"(?<![a-z])(?:wp-|image-?|img-?|photo-?|media-?|figure_*)?caption(?![a-z])",
    re.IGNORECASE,
)
_LEAST_BESIDE = 1000
"""A gallery beside more prose, in code points, does not hold the article."""

_FEWEST_ENTRIES = 3
_MOST_ENTRIES = 0.6
_LONGEST_ENTRY = 1500
_SHORTEST_TITLE = 12
_LINKED = 0.8
_MUCH = 0.4
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def is_furniture(element: HtmlElement) -> bool:
    """Return whether an element is called what furniture is called, by tag, role, class or id."""
    if element.tag in _TAGS or element.get("role") in _ROLES:
        return True
    if element.tag in {"body", "html", "main", "h1"}:
        return False
    named = " ".join((element.get("class", ""), _id(element), element.get("data-component", "")))
    return bool(_NAMES.search(named))


def is_surely_furniture(element: HtmlElement) -> bool:
    """Return the same, but only by signs that articles hardly ever carry; ids are none."""
    if element.tag in _SURE_TAGS or element.get("role") in _ROLES:
        return True
    return bool(
        _SURE_NAMES.search(f"{element.get('class', '')} {element.get('data-component', '')}")
    )


def is_caption(element: HtmlElement) -> bool:
    """Return whether an element is the caption of a picture."""
    if element.tag != "figcaption" and not _CAPTION.search(element.get("class", "")):
        return False
    return len(element.text_content().split()) > 1


def part_captions(tree: HtmlElement) -> None:
    """Part captions that stand in the line of a paragraph from its words."""
    for element in list(tree.iter("span", "em", "i", "small", "b", "font")):
        around = element.getparent()
        if around is None or not _CAPTION.search(element.get("class", "")):
            continue
        while around is not None and around.tag in {"span", "a"}:
            around = around.getparent()
        if around is not None and is_caption(element):
            rest = len(around.text_content()) - len(element.text_content())
            if rest > len(element.text_content()):
                element.tag = "figcaption"


def is_stream(element: HtmlElement) -> bool:
    """Return whether an element shows pictures, or lists articles: entries headed by links."""
    if _GALLERY.search(element.get("class", "")):
        return True
    entries = [child for child in element if isinstance(child.tag, str)]
    if len(entries) < _FEWEST_ENTRIES:
        return False
    headed = sum(map(_is_entry, entries))
    return headed >= _FEWEST_ENTRIES and headed >= _MOST_ENTRIES * len(entries)


def _is_entry(element: HtmlElement) -> bool:
    if len(element.text_content()) > _LONGEST_ENTRY:
        return False
    for heading in element.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        words = " ".join(heading.text_content().split())
        linked = sum(len(" ".join(a.text_content().split())) for a in heading.iter("a"))
        around = any(e.tag == "a" for e in heading.iterancestors())
        if len(words) >= _SHORTEST_TITLE and (around or linked >= _LINKED * len(words)):
            return True
    return False


def without_false_names(tree: HtmlElement) -> None:
    """Take the names of furniture from elements that hold most of a page's prose.

    Elements that a page does not close, and templates, put whole articles into menus, forms and
    headings; who goes by names passes them over.
    """
    held: Counter[HtmlElement] = Counter()
    total = 0
    for p in tree.iter("p"):
        size = len(p.text_content().strip())
        total += size
        held.update(dict.fromkeys(p.iterancestors(), size))
    for element, size in held.items():
        if size < _MOST_PROSE * total or element.tag in {"html", "body", "main", "article"}:
            continue
        if _GALLERY.search(element.get("class", "")) and total - size >= _LEAST_BESIDE:
            continue
        if element.tag in _TAGS or element.tag in _NO_HOLDERS:
            element.tag = "div"
        element.attrib.pop("role", None)
        for name in ("class", "id"):
            if _NAMES.search(value := element.get(name, "")):
                element.set(name, _NAMES.sub("", value))


def is_lead(element: HtmlElement) -> bool:
    """Return whether an element is called what the opening paragraph of an article is called."""
    around = [element, *itertools.islice(element.iterancestors(), 2)]
    return any(_LEAD.search(e.get("class", "")) for e in around)


def is_notice(element: HtmlElement) -> bool:
    """Return whether an element asks for consent: such notices may be longer than the article."""
    names = f"{element.get('class', '')} {element.get('id', '')}"
    if element.tag not in {"dialog", "aside"} and not (
        _NOTICE.search(names) or element.get("role") == "dialog"
    ):
        return False
    text = element.text_content()[:4000].casefold()
    return ("cookie" in text or "consent" in text) and ("partner" in text or "privacy" in text)


def _id(element: HtmlElement) -> str:
    """Return an element's id unless it repeats a heading: "related-work" then is a section."""
    name: str = element.get("id", "")
    if not name:
        return ""
    heading = next(element.iter("h1", "h2", "h3", "h4", "h5", "h6"), None)
    title = slug(heading.text_content()) if heading is not None else ""
    return "" if title and title.startswith(name.casefold().replace("_", "-")) else name


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was taken out of a page: words it hides, and whether it asks for a subscription."""

    hidden: int
    paywall: bool


def drop_notices(tree: HtmlElement) -> Dropped:
    """Take out requests for consent, calls to subscribe, and what the page hides from its readers.

    What holds much of the prose is not hidden but shown by a script later.
    """
    prose = sum(len(p.text_content()) for p in tree.iter("p"))
    hidden, paywall = 0, False
    for element in [e for e in tree.iter() if isinstance(e.tag, str)]:
        if element.getparent() is None or element.tag in {"html", "head", "body"}:
            continue
        if is_notice(element):
            element.drop_tree()
        elif is_paywall(element):
            paywall = paywall or is_surely_paywall(element)
            element.drop_tree()
        elif _is_invisible(element):
            held = sum(len(p.text_content()) for p in element.iter("p"))
            if held <= _MUCH * prose:
                hidden += len(element.text_content().split()) if held else 0
                element.drop_tree()
    return Dropped(hidden, paywall)


def _is_invisible(element: HtmlElement) -> bool:
    return element.get("hidden") is not None or bool(_INVISIBLE.search(element.get("style", "")))
