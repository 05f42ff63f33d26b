"""What stands around an article on a web page, told by elements, roles and class names."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcebot.adding.naming import slug

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TAGS = {"aside", "button", "dialog", "figcaption", "footer", "form", "nav"}
_ROLES = {"dialog", "navigation", "banner", "search", "contentinfo"}
_NAMES = re.compile(
    r"""(?<![a-z])(?:
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
    r"""(?<![a-z])(?:related-|recirc|recommended|more-?(?:stories|from)|sharedaddy|share-(?:buttons|bar|links)
    |social-(?:share|links|icons)|follow-us|newsletter|cookie-|outbrain|taboola|breadcrumb|most-?(?:read|popular)
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
_PAYWALL = re.compile(
    r"paywall|regwall|meter(?:ed)?-|subscri|premium|piano|gate(?![a-z])", re.IGNORECASE
)
_CALL = re.compile(
    r"subscri|log\s?in|sign\s?in|regist|abo(?:nn|s?\b)|anmelden|weiterlesen|suscr|assin|abbon|prenumer",
    re.IGNORECASE,
)
_LONGEST_CALL = 120
_MOST_PROSE = 0.6
_NO_HOLDERS = {"h1", "h2", "h3", "h4", "h5", "h6", "header", "li", "noscript"}
"""What holds no article but by mistake."""

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
            element.drop_tree()
            paywall = True
        elif _is_invisible(element):
            held = sum(len(p.text_content()) for p in element.iter("p"))
            if held <= _MUCH * prose:
                hidden += len(element.text_content().split()) if held else 0
                element.drop_tree()
    return Dropped(hidden, paywall)


def is_paywall(element: HtmlElement) -> bool:
    """Return whether an element only says that the rest is for subscribers."""
    if not _PAYWALL.search(f"{element.get('class', '')} {element.get('id', '')}"):
        return False
    text = element.text_content()
    return len(text.split()) <= _LONGEST_CALL and bool(_CALL.search(text))


def _is_invisible(element: HtmlElement) -> bool:
    return element.get("hidden") is not None or bool(_INVISIBLE.search(element.get("style", "")))
