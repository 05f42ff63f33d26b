"""Links to a quote's place in the page that it was published on.

A text fragment (https://wicg.github.io/scroll-to-text-fragment/) makes a browser scroll to the
words and mark them: ``https://example.org/page#:~:text=the%20words``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

from sourcebot.markdown import plain_inline
from sourcebot.render.wording import UNSAFE, one_line

if TYPE_CHECKING:
    from sourcebot.types import Quote

_LONGEST_WHOLE = 300
"""Code points; a longer quote is named by its first and last words."""

_EDGE_WORDS = 8
_MARKUP = re.compile(r"[*_`\[\]<>&\\~]")
_KEPT = "%/:?#@!$&'()*+,;=~[]"
_UNUSABLE = re.compile(r"[\x00-\x20\x7f-\xa0\"<>\\^`{|}]")


def web_address(url: str) -> str:
    """Return an address of the web in ASCII, or "" when ``url`` is none that is safe to follow."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname
    except ValueError:
        return ""
    if not usable or _UNUSABLE.search(url) or UNSAFE.search(url):
        return ""
    return percent_encoded(url, safe=_KEPT)


def text_fragment(text: str) -> str:
    """Return the text directive for words as they stand in a source, or "" when there are none."""
    words = one_line(text)
    if _MARKUP.search(words):
        words = plain_inline(words)
    parts = [words]
    listed = words.split()
    if len(words) > _LONGEST_WHOLE and len(listed) > 2 * _EDGE_WORDS:
        parts = [" ".join(listed[:_EDGE_WORDS]), " ".join(listed[-_EDGE_WORDS:])]
    # Commas and hyphens have a meaning in a directive, so those of the text are encoded too.
    encoded = (percent_encoded(part, safe="").replace("-", "%2D") for part in parts)
    return f"text={','.join(encoded)}" if words else ""


def quote_link(quote: Quote) -> str:
    """Return the address of a quote's page, pointing to the quote; "" when it has no page."""
    address = web_address(quote.source.url)
    fragment = text_fragment(quote.text)
    if not address or not fragment:
        return address
    page, mark, anchor = address.partition("#")
    anchor = anchor.partition(":~:")[0] if mark else ""
    return f"{page}#{anchor}:~:{fragment}"
