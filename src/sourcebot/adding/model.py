"""The values that pass between the stages of adding."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sourcebot.fetching.fetch import Validators

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path


EXTRACTOR = 5
"""Raised whenever the same original gives another text than before: it is then read anew."""

PART = "#message="
"""What parts a file's path from the name of one of its parts, in the origin of that part."""


@dataclass(frozen=True, slots=True)
class Original:
    """Something that is to become an article: a file, or the bytes of a page.

    Attributes:
        origin: what it is known by in the ledger: its absolute path, or its URL.
        shown: what people call it: the path or URL as they gave it.
        place: where the article is to lie below the sources folder, without ``.md``; "" lets
            its title decide.
        file: the file, or None for a page.
        called: its name where it is kept under another one, or "".
        data: the bytes of a page, or None for a file.
        content_type: what the site called it, or "".
        charset: what the site called its encoding, or "".
        url: where a page was in the end found, or "".
        asked: the address that led there by redirects, or "".
        validators: of a page, to ask again whether it changed.
        feed: the feed that named it, or "".
        title: what the feed calls it, or "".
        published: the day that the feed gives, or None.
        ocr: the languages in which text of scanned pages is to be recognized, or "".
        retrieved: when what is read again now was had (ISO 8601), or "" of what is had now.
    """

    origin: str
    shown: str
    place: str = ""
    file: Path | None = None
    called: str = ""
    data: bytes | None = None
    content_type: str = ""
    charset: str = ""
    url: str = ""
    asked: str = ""
    validators: Validators = field(default_factory=Validators)
    feed: str = ""
    title: str = ""
    published: dt.date | None = None
    ocr: str = ""
    retrieved: str = ""

    @property
    def name(self) -> str:
        """The last part of the path or URL, for telling its kind."""
        if self.called:
            return self.called
        return self.file.name if self.file else self.shown.split("?")[0].rstrip("/").split("/")[-1]


@dataclass(frozen=True, slots=True)
class Draft:
    """What was read from an original: an article that has no place yet.

    Attributes:
        title: never empty.
        publisher: or "".
        author: or "".
        published: or None.
        url: where it was published, or "".
        language: two-letter code, or "" when it is not known.
        body: Markdown.
        sha256: digest of the original's bytes.
        suffix: the usual ending of such files' names, such as ".pdf".
        pages: how many pages the original has, 0 where there are none.
        notes: remarks for the user: what is missing of the original, or unsure.
        kept: share of the words of a page's prose that are in the article, or None.
        part: what tells this article from the others of the same original (the messages of a
            mailbox), or "".
        own: the bytes of that part, which are kept as its original.
    """

    title: str
    body: str
    sha256: str = ""
    suffix: str = ""
    publisher: str = ""
    author: str = ""
    published: dt.date | None = None
    url: str = ""
    language: str = ""
    pages: int = 0
    notes: tuple[str, ...] = ()
    kept: float | None = None
    part: str = ""
    own: bytes = b""
