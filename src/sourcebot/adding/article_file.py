"""Drafts as they are written: the article's file, digests of what it says, one line on it."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

import yaml

from sourcebot.adding.naming import safe_part
from sourcebot.text.display import counted

if TYPE_CHECKING:
    from sourcebot.adding.model import Draft, Original

_ALL = 0.995
"""A larger share rounds to the whole."""

_LONGEST_MEAN = 15
"""Longer words on average are none: the script writes no spaces."""


def article_text(draft: Draft, original: Original) -> str:
    """Return the article's file: front matter and Markdown."""
    known = {
        "title": draft.title,
        "publisher": draft.publisher,
        "author": draft.author,
        "published": draft.published.isoformat() if draft.published else "",
        "url": draft.url,
        "language": draft.language,
        "retrieved": original.retrieved or now(),
        "original": "" if draft.url else safe_part(original.name),
        "sha256": draft.sha256,
    }
    header = yaml.safe_dump(
        {key: value for key, value in known.items() if value},
        allow_unicode=True,
        sort_keys=False,
        width=10_000,
    )
    # Days and times are texts to YAML's full schema only between quotes; people need none.
    header = "".join(
        line.replace("'", "") if line.startswith(("published: '", "retrieved: '")) else line
        for line in header.splitlines(keepends=True)
    )
    return f"---\n{header}---\n\n{draft.body}"


def content_of(draft: Draft) -> str:
    """Return a digest of what an article says, whenever and from wherever it was had."""
    parts = (draft.title, draft.publisher, draft.author, str(draft.published), draft.body)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def described(draft: Draft) -> str:
    """Return a draft on one line: its title and how much it holds."""
    pages = f", {draft.pages:,} pages" if draft.pages > 1 else ""
    words = draft.body.split()
    size = counted(len(words), "word")
    if sum(map(len, words)) > _LONGEST_MEAN * len(words):
        size = counted(sum(map(str.isalnum, draft.body)), "character")
    kept = (
        "" if draft.kept is None or draft.kept >= _ALL else f", {draft.kept:.0%} of the page's text"
    )
    return f"{draft.title} ({size}{pages}{kept})"


def now() -> str:
    """Return the present time in UTC as ISO 8601, to the second."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
