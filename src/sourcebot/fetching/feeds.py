"""Feeds (RSS, Atom, JSON Feed) and sitemaps: which pages they name, and texts without a page."""

from __future__ import annotations

import gzip
import hashlib
import html
import io
import json
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from sourcebot.errors import FetchError
from sourcebot.fetching.addresses import checked_url
from sourcebot.text.dates import parse_date

if TYPE_CHECKING:
    import datetime as dt

MOST_PAGES = 1000
"""Sitemaps name whole sites: of more pages, those that changed last are to be taken."""

_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}
)
_JSON_TYPES = frozenset({"application/feed+json", "application/json", "text/json"})
_JSON_FEED = re.compile(rb"https?://(?:www\.)?jsonfeed\.org/version/")
_SITEMAP = re.compile(
    rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<(?:\w+:)?(?:urlset|sitemapindex)[\s>]", re.DOTALL
)
_XML_TYPES = frozenset(
    {"application/xml", "text/xml", "text/plain", "application/octet-stream", ""}
)
PACKED_TYPES = frozenset({"application/gzip", "application/x-gzip"})
"""What sites call files that are compressed, such as sitemap.xml.gz."""

_LARGEST_SITEMAP = 50 * 1024 * 1024
_PLAIN = frozenset({"text/plain", "application/octet-stream", ""})
_ROOT = re.compile(
    rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>[]*>\s*)*<(?:\w+:)?(?:rss|feed|RDF)[\s>]",
    re.DOTALL,
)
_TAG = re.compile(r"<[^<>]*>")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A page that a feed names; ``title`` may be "", ``published`` is None when it is not said.

    An entry without a page has its text (HTML) in ``content``, and a name in ``url`` that holds as
    long as the feed calls it the same: the feed's address, ``#`` and what tells the entry. One that
    has neither a page nor a text has no ``url``.
    """

    url: str
    title: str
    published: dt.date | None
    content: str = ""


def unpacked(content_type: str, data: bytes) -> tuple[str, bytes]:
    """Return the type and bytes of an answer; a sitemap that is compressed as a file is unpacked.

    Raises:
        ValueError: when something else is, or it is larger than a sitemap may be.
    """
    if content_type not in PACKED_TYPES:
        return content_type, data
    try:
        with gzip.open(io.BytesIO(data)) as packed:
            plain = packed.read(_LARGEST_SITEMAP + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"it is {content_type}, and damaged") from error
    if len(plain) > _LARGEST_SITEMAP or not is_sitemap(plain):
        raise ValueError(f"it is {content_type}, which holds no article")
    return "application/xml", plain


def is_feed(content_type: str, data: bytes) -> bool:
    """Return whether what a site delivered is a feed, by its type or its first element."""
    if content_type in _FEED_TYPES:
        return True
    head = data[:4096]
    if content_type in _JSON_TYPES or (content_type in _PLAIN and data.lstrip()[:1] == b"{"):
        return bool(_JSON_FEED.search(head.replace(b"\\/", b"/")))
    if content_type not in _XML_TYPES:
        return False
    for bom in _BOMS:
        head = head.removeprefix(bom)
    return bool(_ROOT.match(head.replace(b"\0", b"")) or _SITEMAP.match(head))


def is_sitemap(data: bytes) -> bool:
    """Return whether a feed is a sitemap, which may name a whole site."""
    return bool(_SITEMAP.match(data[:4096].removeprefix(_BOMS[0])))


def entries(data: bytes, url: str) -> tuple[FeedEntry, ...]:
    """Return the pages that a feed names, each once, as the feed orders them.

    ``url`` is where the feed was found: relative links start there.

    Raises:
        FetchError: when it is no feed, or broken so that no entry can be read.
    """
    if data.lstrip()[:1] == b"{":
        return _json_entries(data, url)
    if is_sitemap(data):
        return _sitemap_entries(data, url)
    # Imported here: only those who follow feeds need it.
    import feedparser

    # The type is stated here because feedparser calls every feed broken that comes without.
    headers = {"content-location": url, "content-type": "application/xml"}
    parsed = feedparser.parse(io.BytesIO(data), response_headers=headers, sanitize_html=False)
    found, bare = dict[str, FeedEntry](), list[FeedEntry]()
    for item in parsed.entries:
        if entry := _entry(item, url):
            found.setdefault(entry.url, entry)
        else:
            bare.append(_bare(str(item.get("title") or "")))
    if not found and parsed.entries:
        raise FetchError(url, "no entry of the feed links to a page of the web")
    if not found and parsed.get("bozo"):
        reason = " ".join(str(parsed.bozo_exception).split())
        raise FetchError(url, f"the feed is broken: {reason}")
    if not parsed.get("version"):
        raise FetchError(url, "it is neither an RSS nor an Atom feed")
    return (*found.values(), *bare)


def _bare(title: str) -> FeedEntry:
    """Return an entry that has neither a page nor a text."""
    return FeedEntry("", " ".join(html.unescape(_TAG.sub("", title)).split()), None)


def _entry(item: Any, feed: str) -> FeedEntry | None:  # noqa: ANN401 (feedparser's own dictionary)
    """Return an entry, or None when it links to no page and has no text either."""
    content = ""
    try:
        url = str(checked_url(item.get("link") or ""))
    except FetchError:
        content = next((part.get("value") or "" for part in item.get("content") or ()), "")
        url = _name(feed, item.get("id") or content)
        if not content.strip():
            return None
    title = html.unescape(_TAG.sub("", item.get("title") or ""))
    written = item.get("published") or item.get("updated") or ""
    return FeedEntry(
        url, " ".join(title.split()), parse_date(written) if written else None, content
    )


def _name(feed: str, told_by: str) -> str:
    """Return a name for an entry that has no page."""
    return f"{feed}#{hashlib.sha256(told_by.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _json_entries(data: bytes, feed: str) -> tuple[FeedEntry, ...]:
    """Return the entries of a JSON Feed (jsonfeed.org, version 1.1)."""
    try:
        items = json.loads(data)["items"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise FetchError(feed, f"the JSON feed is broken: {error}") from error
    found, bare = dict[str, FeedEntry](), list[FeedEntry]()
    for item in items if isinstance(items, list) else ():
        if not isinstance(item, dict):
            continue
        content, url = "", item.get("url") or ""
        try:
            url = str(checked_url(urljoin(feed, str(url)) if url else ""))
        except FetchError:
            plain = "".join(
                f"<p>{html.escape(line)}</p>"
                for line in str(item.get("content_text") or "").splitlines()
            )
            content = str(item.get("content_html") or plain)
            url = _name(feed, str(item.get("id") or content))
            if not content:
                bare.append(_bare(str(item.get("title") or "")))
                continue
        title, written = str(item.get("title") or ""), str(item.get("date_published") or "")
        published = parse_date(written) if written else None
        found.setdefault(url, FeedEntry(url, " ".join(title.split()), published, content))
    if items and not found:
        raise FetchError(feed, "no entry of the feed links to a page of the web")
    return (*found.values(), *bare)


def _sitemap_entries(data: bytes, sitemap: str) -> tuple[FeedEntry, ...]:
    """Return the pages or further sitemaps of a sitemap (sitemaps.org), those changed last first.

    When a page was changed is not when it was published, so no entry has a day.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    root = etree.fromstring(data, parser)
    if root is None:
        raise FetchError(sitemap, "the sitemap is broken")
    dated: dict[str, str] = {}
    for item in root.iterchildren("{*}url", "{*}sitemap"):
        try:
            url = str(checked_url((item.findtext("{*}loc") or "").strip()))
        except FetchError:
            continue
        dated.setdefault(url, (item.findtext("{*}lastmod") or "").strip())
    if not dated:
        raise FetchError(sitemap, "the sitemap names no page of the web")
    newest = sorted(dated, key=lambda url: dated[url], reverse=True)
    return tuple(FeedEntry(url, "", None) for url in newest)
