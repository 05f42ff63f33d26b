"""RSS and Atom feeds: which pages they name."""

from __future__ import annotations

import html
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sourcebot.errors import FetchError
from sourcebot.fetching.addresses import checked_url
from sourcebot.text.dates import parse_date

if TYPE_CHECKING:
    import datetime as dt

_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})
_XML_TYPES = frozenset(
    {"application/xml", "text/xml", "text/plain", "application/octet-stream", ""}
)
_ROOT = re.compile(
    rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>[]*>\s*)*<(?:\w+:)?(?:rss|feed|RDF)[\s>]",
    re.DOTALL,
)
_TAG = re.compile(r"<[^<>]*>")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A page that a feed names; ``title`` may be "", ``published`` is None when it is not said."""

    url: str
    title: str
    published: dt.date | None


def is_feed(content_type: str, data: bytes) -> bool:
    """Return whether what a site delivered is a feed, by its type or its first element."""
    if content_type in _FEED_TYPES:
        return True
    if content_type not in _XML_TYPES:
        return False
    head = data[:4096]
    for bom in _BOMS:
        head = head.removeprefix(bom)
    return bool(_ROOT.match(head.replace(b"\0", b"")))


def entries(data: bytes, url: str) -> tuple[FeedEntry, ...]:
    """Return the pages that a feed names, each once, as the feed orders them.

    ``url`` is where the feed was found: relative links start there.

    Raises:
        FetchError: when it is no feed, or broken so that no entry can be read.
    """
    # Imported here: only those who follow feeds need it.
    import feedparser

    # The type is stated here because feedparser calls every feed broken that comes without.
    headers = {"content-location": url, "content-type": "application/xml"}
    parsed = feedparser.parse(io.BytesIO(data), response_headers=headers, sanitize_html=False)
    found = dict[str, FeedEntry]()
    for item in parsed.entries:
        if entry := _entry(item):
            found.setdefault(entry.url, entry)
    if not found and parsed.entries:
        raise FetchError(url, "no entry of the feed links to a page of the web")
    if not found and parsed.get("bozo"):
        reason = " ".join(str(parsed.bozo_exception).split())
        raise FetchError(url, f"the feed is broken: {reason}")
    if not parsed.get("version"):
        raise FetchError(url, "it is neither an RSS nor an Atom feed")
    return tuple(found.values())


def _entry(item: Any) -> FeedEntry | None:  # noqa: ANN401 (feedparser's own dictionary)
    """Return an entry, or None when it links to no page."""
    try:
        url = str(checked_url(item.get("link") or ""))
    except FetchError:
        return None
    title = html.unescape(_TAG.sub("", item.get("title") or ""))
    written = item.get("published") or item.get("updated") or ""
    return FeedEntry(url, " ".join(title.split()), parse_date(written) if written else None)
