"""The ledger: where each article came from, and the versions it has had.

``originals/ledger.jsonl`` holds one JSON object a line; later lines replace earlier ones of the
same origin. Lines are only appended, so a crash can damage the last one at most, and that is
passed over.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from sourcebot.adding.model import EXTRACTOR, PART
from sourcebot.errors import LedgerError
from sourcebot.files import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

LEDGER = "ledger.jsonl"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one origin.

    Attributes:
        origin: an absolute path, or a URL.
        article: its path below the sources folder, or "" of a feed.
        sha256: digest of the original.
        content: digest of what the article says, whenever it was retrieved.
        written: digest of the article's file as it was written.
        before: the same of the version before, or "".
        original: where the original is kept, below the folder of originals, or "".
        retrieved: ISO 8601 time in UTC.
        etag: of a page, or "".
        last_modified: of a page, or "".
        feed: the feed that named it, or "".
        named: what that feed calls it, or "".
        dated: the day that the feed gives (ISO 8601), or "".
        copy_of: the origin that gave the article its text, when this one only says the same or
            leads there; "" of that origin itself.
        pages: the addresses that a feed names.
        removed: whether the user has removed it.
        notes: what is missing of the original, or unsure.
        kept: share of the words of a page's prose that are in the article, or None.
        extractor: which version of the extraction gave the article its text; 0 is not known.
        charset: what the site called the encoding of a page, or "".
        ocr: the languages in which text of scanned pages was recognized, or "".
    """

    origin: str
    article: str = ""
    sha256: str = ""
    content: str = ""
    written: str = ""
    before: str = ""
    original: str = ""
    retrieved: str = ""
    etag: str = ""
    last_modified: str = ""
    feed: str = ""
    named: str = ""
    dated: str = ""
    copy_of: str = ""
    pages: tuple[str, ...] = ()
    removed: bool = False
    notes: tuple[str, ...] = ()
    kept: float | None = None
    extractor: int = 0
    charset: str = ""
    ocr: str = ""

    @property
    def outdated(self) -> bool:
        """Whether the article's text was read by an older sourcebot, which read otherwise."""
        return bool(self.article) and not self.copy_of and self.extractor < EXTRACTOR


class Ledger:
    """The entries by origin, kept in a file."""

    def __init__(self, folder: Path) -> None:
        """Read the ledger in a folder; without one it is empty.

        Raises:
            LedgerError: when it cannot be read.
        """
        self._path = folder / LEDGER
        self._entries: dict[str, Entry] = {}
        self._articles: dict[str, str] = {}
        self._digests: dict[str, str] = {}
        try:
            with self._path.open("rb") as stream:
                for line in stream:
                    self._note(line)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise LedgerError(
                f"{self._path} cannot be read: {error.strerror}",
                "make it readable, or name another folder in [add] of config.toml",
            ) from error

    def _note(self, line: bytes) -> None:
        known = {field.name for field in fields(Entry)}
        try:
            data = json.loads(line)
            values: dict[str, Any] = {k: v for k, v in data.items() if k in known}
            values |= {name: tuple(values.get(name, ())) for name in ("pages", "notes")}
            entry = Entry(**values)
        except (ValueError, TypeError, AttributeError):
            return
        self._take(entry)

    def _take(self, entry: Entry) -> None:
        self._entries[entry.origin] = entry
        if entry.article and not entry.copy_of:
            self._articles[entry.article] = entry.origin
            self._digests |= dict.fromkeys((entry.sha256, entry.content), entry.origin)

    def of(self, origin: str) -> Entry | None:
        """Return what is known of an origin."""
        return self._entries.get(origin)

    def articles_of(self, origin: str) -> set[str]:
        """Return the articles that an origin or its parts gave their text."""
        parts = f"{origin}{PART}"
        return {
            entry.article
            for key, entry in self._entries.items()
            if entry.article and (key == origin or key.startswith(parts))
        }

    def source_of(self, entry: Entry) -> Entry:
        """Return the entry of the origin that gave an entry's article its text."""
        return self._entries.get(entry.copy_of, entry)

    def with_digest(self, *digests: str) -> Entry | None:
        """Return an origin whose newest version, or what it says, has one of the digests."""
        for digest in digests:
            entry = self._entries.get(self._digests.get(digest, ""))
            if entry and digest in {entry.sha256, entry.content}:
                return entry
        return None

    def with_article(self, article: str) -> Entry | None:
        """Return the origin that gave an article its text."""
        entry = self._entries.get(self._articles.get(article, ""))
        return entry if entry and entry.article == article else None

    def outdated(self) -> Sequence[Entry]:
        """Return the origins of articles whose text an older sourcebot read, as they were added."""
        return [entry for entry in self._entries.values() if entry.outdated and not entry.removed]

    def of_article(self, article: str) -> Sequence[Entry]:
        """Return all origins of an article."""
        return [entry for entry in self._entries.values() if entry.article == article]

    def take(self, entry: Entry) -> None:
        """Note an entry for the questions of this run; ``append`` keeps it."""
        self._take(entry)

    def append(self, entries: Iterable[Entry]) -> None:
        """Add entries to the file and force them to the disk.

        Raises:
            LedgerError: when they cannot be written.
        """
        default = asdict(Entry(""))
        lines = [
            json.dumps({k: v for k, v in asdict(e).items() if v != default[k]}, ensure_ascii=False)
            for e in entries
        ]
        if not lines:
            return
        try:
            new = not self._path.exists()
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as stream:
                # A crash may have left half a line.
                stream.write("".join(f"\n{line}" for line in lines).encode("utf-8", "replace"))
                stream.write(b"\n")
                stream.flush()
                os.fsync(stream.fileno())
            if new:
                sync_folder(self._path.parent)
        except OSError as error:
            raise LedgerError(
                f"{self._path} cannot be written: {error.strerror}",
                "free space or make the folder writable",
            ) from error
