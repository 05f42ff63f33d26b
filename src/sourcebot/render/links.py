"""Links to a quote's place in the page that it was published on.

A text fragment (https://wicg.github.io/scroll-to-text-fragment/) makes a browser scroll to the
words and mark them: ``https://example.org/page#:~:text=the%20words``.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

from sourcebot.articles.markdown import plain_inline
from sourcebot.text.display import UNSAFE, one_line

if TYPE_CHECKING:
    from sourcebot.types import Quote

_LONGEST_WHOLE = 300
"""Code points; a longer quote is named by its first and last words."""

_EDGE_WORDS = 8
_TELLING = 3
"""Words that a run between two damaged ones must have to be looked for in a page."""

_DAMAGED = "\ufffd"
_ODD_SPACE = re.compile(r"[\x0b\x1c-\x1f\x85]")
"""Control characters that Python takes for white space, and no browser does."""

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
    """Return the text directive for words as they stand in a source, or "" when there are none.

    Words that hold a control character are not named, because browsers differ in what they make
    of it: the directive goes from the words before the first to those behind the last.
    """
    words = one_line(_ODD_SPACE.sub(_DAMAGED, text))
    if _MARKUP.search(words):
        words = plain_inline(words)
    runs = _clean_runs(words)
    if not runs:
        return ""
    first, last = runs[0], runs[-1]
    parts = [" ".join(first)]
    if len(runs) > 1 or (len(parts[0]) > _LONGEST_WHOLE and len(first) > 2 * _EDGE_WORDS):
        parts = [" ".join(first[:_EDGE_WORDS]), " ".join(last[-_EDGE_WORDS:])]
    # Commas and hyphens have a meaning in a directive, so those of the text are encoded too.
    encoded = (percent_encoded(part, safe="").replace("-", "%2D") for part in parts)
    return f"text={','.join(encoded)}"


def _row_fragment(quote: Quote) -> str:
    """Return the directive for a table's row: from its first cell to its last."""
    first, last = (
        text_fragment(cell.value.text).removeprefix("text=").split(",")
        for cell in (quote.cells[0], quote.cells[-1])
    )
    ends = dict.fromkeys((first[0], last[-1])) if len(quote.cells) > 1 else first
    return f"text={','.join(filter(None, ends))}"


def _clean_runs(words: str) -> list[list[str]]:
    """Return the runs of whole words that are long enough, or the longest one."""
    pieces = groupby(words.split(), key=lambda word: _DAMAGED in word)
    runs = [list(run) for damaged, run in pieces if not damaged]
    # Without any, as in a language that sets no spaces, a part of a word must do.
    runs = runs or [[part] for part in words.replace(_DAMAGED, " ").split()]
    longest = max(runs, key=lambda run: len(" ".join(run)), default=None)
    return [run for run in runs if len(run) >= _TELLING] or ([longest] if longest else [])


def quote_link(quote: Quote) -> str:
    """Return the address of a quote's page, pointing to the quote; "" when it has no page."""
    address = web_address(quote.source.url)
    fragment = text_fragment(quote.text) if not quote.cells else _row_fragment(quote)
    if not address or not fragment:
        return address
    page, mark, anchor = address.partition("#")
    anchor = anchor.partition(":~:")[0] if mark else ""
    return f"{page}#{anchor}:~:{fragment}"
