"""HTML pages -> drafts. trafilatura finds the article; what it keeps too much of is cut here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sourcebot.adding.blocks import Block, Kind, cleaned, tidied, to_markdown
from sourcebot.adding.markup import blocks_of
from sourcebot.adding.model import Draft
from sourcebot.articles.decoding import decode
from sourcebot.errors import ExtractionError
from sourcebot.text.dates import date_in, only_date, parse_date

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from lxml.html import HtmlElement
    from trafilatura.settings import Document

MAX_HTML = 16 * 1024 * 1024
"""Larger pages are no articles; parsing one takes about twenty times its size in memory."""

_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_FURNITURE = {"aside", "button", "dialog", "figcaption", "footer", "form", "nav"}
_CLASSES = re.compile(
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
    |site-?footer|footer|skip|contact-?box|links-?block|live-controls|modal|popup|overlay|toolbar|print
    |noprint|hidden(?![a-z])|sr-only|visually-hidden|screen-reader
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HARDLY = 250
"""An article of fewer code points is looked for again, less strictly."""

_LONGEST_DATELINE = 80
"""Longer lines are prose, which may tell of other days."""

_BYLINE = re.compile(
    r"(?:by|von|par|por|di|door|af|av|words|written by|text|story|photos?)[\s:]\s*\S.{0,100}",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_AFTER_NAME = re.compile(
    r"(?<!\s)\s*(?:[|·•,]|\b(?:published|updated|posted|on \d)).*$", re.IGNORECASE
)
_REFERENCE_HEADINGS = re.compile(
    r"(?:references|notes|footnotes|sources|external links|further reading|see also|bibliography"
    r"|einzelnachweise|weblinks|literatur)$",
    re.IGNORECASE,
)


def read_page(data: bytes, charset: str, url: str) -> Draft:
    """Return the article of an HTML page; ``charset`` as the site gave it, or "".

    Raises:
        ExtractionError: when the page is too large or holds no article.
    """
    # Imported here: it takes a second to load.
    import trafilatura

    if len(data) > MAX_HTML:
        raise ExtractionError(
            f"{len(data) / 2**20:,.0f} MB of HTML, more than {MAX_HTML // 2**20} MB",
            "save the article alone, or print the page to PDF",
        )
    text = _decoded(data, charset)
    tree = trafilatura.load_html(text)
    if tree is None:
        raise ExtractionError("it holds no HTML that can be read")
    language = str(tree.get("lang") or tree.get("xml:lang") or "")[:2].lower()
    _prune(tree)
    found = _article(tree, url, precise=True)
    if found is None or len(" ".join(found.body.itertext())) < _HARDLY:
        found = _longer(found, _article(tree, url, precise=False))
    if found is None:
        raise ExtractionError(
            "no article was found on the page",
            "it may be made by JavaScript or need a login: save it from a browser, or as PDF",
        )
    title = cleaned(found.title or "") or "Untitled page"
    author = _AFTER_NAME.sub("", cleaned(found.author or "").replace("; ", ", "))
    published = parse_date(found.date) if found.date else _dateline(tree)
    blocks = tidied(_without_ends(blocks_of(found.body), title, author), title)
    return Draft(
        title=title,
        body=to_markdown(blocks),
        suffix=".html",
        publisher=cleaned(found.sitename or ""),
        author=author,
        published=published,
        url=found.url or url,
        language=language if language.isalpha() else "",
    )


def _decoded(data: bytes, charset: str) -> str:
    """Return the page's text: by the site's word, the page's own, or what the bytes look like."""
    declared = _DECLARED.search(data[:4096])
    for name in (charset, declared[1].decode("ascii", "ignore") if declared else ""):
        # Browsers take Latin-1 for Windows-1252 (WHATWG encoding standard).
        codec = "cp1252" if name.lower() in {"iso-8859-1", "latin-1", "latin1", "ascii"} else name
        try:
            if codec:
                return data.decode(codec)
        except (LookupError, UnicodeDecodeError):
            continue
    try:
        return decode(data)[0]
    except ValueError as error:
        raise ExtractionError(str(error)) from error


def _article(tree: HtmlElement, url: str, *, precise: bool) -> Document | None:
    import copy

    import trafilatura

    found = trafilatura.bare_extraction(
        copy.deepcopy(tree),
        url=url or None,
        fast=precise,
        favor_precision=precise,
        include_comments=False,
        include_tables=True,
        with_metadata=True,
        # Else any day that the article tells of is taken for the day of its publication.
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if found is None or isinstance(found, dict) or found.body is None:
        return None
    return found if "".join(found.body.itertext()).strip() else None


def _dateline(tree: HtmlElement) -> dt.date | None:
    """Return the day in a short line between the heading and the prose, or None."""
    heading = next(tree.iter("h1"), None)
    if heading is None:
        return None
    for element in heading.xpath("following::*[not(self::script or self::style)]"):
        for line in (element.text, element.tail):
            words = cleaned(line or "")
            if len(words) > _LONGEST_DATELINE:
                return None
            if (found := date_in(words)) and not _ENDS.search(words):
                return found
    return None


def _longer(one: Document | None, other: Document | None) -> Document | None:
    sizes = [len(" ".join(d.body.itertext())) if d else 0 for d in (one, other)]
    return one if sizes[0] * 1.5 >= sizes[1] else other


def _prune(tree: HtmlElement) -> None:
    """Take out what is never part of an article; nothing that holds much of the page's prose."""
    prose = {p: len(p.text_content()) for p in tree.iter("p")}
    most = 0.4 * sum(prose.values())
    for element in [e for e in tree.iter() if isinstance(e.tag, str)]:
        if element.getparent() is None or element.tag in {"html", "head", "body", "main", "h1"}:
            continue
        if _is_furniture(element) and element.find(".//h1") is None:
            held = sum(prose.get(p, 0) for p in element.iter("p"))
            if held <= most or element.tag in {"dialog", "figcaption"} or _is_notice(element):
                element.drop_tree()


def _is_furniture(element: HtmlElement) -> bool:
    if element.tag in _FURNITURE or element.get("hidden") is not None:
        return True
    if element.get("role") in {"dialog", "navigation", "banner", "search", "contentinfo"}:
        return True
    names = (
        f"{element.get('class', '')} {element.get('id', '')} {element.get('data-component', '')}"
    )
    return bool(_CLASSES.search(names) or _INVISIBLE.search(element.get("style", "")))


def _is_notice(element: HtmlElement) -> bool:
    """Return whether an element asks for consent: such notices may be longer than the article."""
    text = element.text_content()[:4000].casefold()
    return ("cookie" in text or "consent" in text) and ("partner" in text or "privacy" in text)


def _without_ends(blocks: tuple[Block, ...], title: str, author: str) -> Iterator[Block]:
    """Yield blocks without the lines of authors and dates at the top and references at the end."""
    top = True
    for block in blocks:
        words = cleaned(block.text)
        if block.kind is Kind.HEADING and _REFERENCE_HEADINGS.fullmatch(words):
            return
        if top and _is_header(words, title, author):
            continue
        top = top and block.kind is Kind.HEADING
        yield block


def _is_header(words: str, title: str, author: str) -> bool:
    if len(words) > 120 or _ENDS.search(words):
        return False
    return (
        words == title
        or bool(author and author in words)
        or bool(_BYLINE.fullmatch(words))
        or any(only_date(part) for part in re.split(r"\s[|·•–-]\s|,\s(?=\d)", words))
    )
