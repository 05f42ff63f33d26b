"""Drafts -> articles under ``sources/``, each as a whole or not at all.

For each article the original is kept first, then the ledger says what is coming, and last the
article takes its place in one step. Whatever a crash leaves undone the next run does again, and
nothing is taken for the user's own work that the ledger knows.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sourcebot.adding.article_file import article_text, content_of, described, now
from sourcebot.adding.ledger import Entry
from sourcebot.adding.model import EXTRACTOR
from sourcebot.adding.naming import slug
from sourcebot.errors import SourcebotError
from sourcebot.fetching.fetch import Validators
from sourcebot.files import copy_atomically, sha256_of, write_atomically
from sourcebot.types import Outcome, Status

if TYPE_CHECKING:
    from pathlib import Path

    from sourcebot.adding.ledger import Ledger
    from sourcebot.adding.model import Draft, Original

_BATCH = 32
_BATCH_BYTES = 64 * 1024 * 1024
_SYNCING = 8
_ANEW = "read anew: sourcebot reads its original otherwise now than when it was added"


@dataclass(frozen=True, slots=True)
class _Work:
    """What is to be written for one article. ``old`` is where the text before is kept, or ""."""

    original: Original
    entry: Entry
    text: str
    old: str


class Writer:
    """Decides what becomes of drafts, and writes them in batches."""

    def __init__(
        self,
        sources: Path,
        archive: Path,
        ledger: Ledger,
        *,
        originals: bool,
        overwrite: bool,
        dry_run: bool,
    ) -> None:
        """Take the folders and what to do.

        ``originals`` says whether those are kept, ``overwrite`` whether articles edited by hand
        are replaced, ``dry_run`` that nothing is written.
        """
        self._sources = sources
        self._archive = archive
        self._ledger = ledger
        self._originals = originals
        self._overwrite = overwrite
        self._dry_run = dry_run
        self._pending: list[_Work] = []
        self._entries: list[Entry] = []
        self._taken: set[str] = set()
        self._coming: set[str] = set()

    def put(self, original: Original, draft: Draft) -> Outcome:
        """Say what becomes of a draft; it is written by ``flush``, which may happen here."""
        outcome = self._put(original, draft)
        if outcome.status in {Status.ADDED, Status.UPDATED}:
            outcome = replace(outcome, notes=(*outcome.notes, *draft.notes))
        if original.asked and outcome.article:
            self._note_alias(original.asked, original, self._ledger.with_article(outcome.article))
        return outcome

    def _put(self, original: Original, draft: Draft) -> Outcome:
        known = self._ledger.of(original.origin)
        if known and known.article and not known.removed and not known.copy_of:
            return self._again(original, draft, known)
        twin = self._ledger.with_digest(draft.sha256, content_of(draft))
        if twin and not twin.removed and self._is_there(twin.article):
            if twin.outdated and twin.sha256 == draft.sha256:
                return self._again(replace(original, origin=twin.origin), draft, twin)
            self._note_alias(original.origin, original, twin)
            return Outcome(
                original.shown, Status.UNCHANGED, twin.article, "the same as one that is there"
            )
        place, adopted = self._place(original, draft)
        text = article_text(draft, original)
        entry = self._entry(original, draft, place, text, "")
        if adopted:
            self._note(replace(entry, written=sha256_of(self._sources / place)))
            return Outcome(original.shown, Status.UNCHANGED, place, "is there already")
        self._write(_Work(original, entry, text, ""))
        return Outcome(original.shown, Status.ADDED, place, described(draft))

    def _again(self, original: Original, draft: Draft, known: Entry) -> Outcome:
        """Say what becomes of something that was added before."""
        if known.article in self._coming:
            return Outcome(original.shown, Status.UNCHANGED, known.article, draft.title)
        path = self._sources / known.article
        there = sha256_of(path) if path.is_file() else ""
        edited = bool(there) and there not in {known.written, known.before}
        says_same = known.content == content_of(draft)
        # Whoever only adds the same again is not asked about an article edited by hand.
        anew = known.outdated and not says_same and known.sha256 == draft.sha256
        wanted = bool(original.retrieved) or self._overwrite or not edited
        same = says_same or (
            known.sha256 == draft.sha256 and not original.ocr and not (anew and wanted)
        )
        if same and there and there != known.before:
            if _differs(known, original, draft) or (says_same and known.outdated):
                version = EXTRACTOR if says_same else known.extractor
                entry = replace(known, sha256=draft.sha256, extractor=version)
                self._note(_visited(entry, original))
            return Outcome(original.shown, Status.UNCHANGED, known.article, draft.title)
        if edited and not self._overwrite:
            return Outcome(
                original.shown,
                Status.KEPT,
                known.article,
                "sourcebot reads it otherwise now, but the article was edited by hand"
                if anew
                else "it has changed, but so has the article, by hand",
                "--overwrite replaces it and keeps the edited text in the folder of originals",
            )
        text = article_text(draft, original)
        entry = self._entry(original, draft, known.article, text, there)
        if known.sha256 == draft.sha256 and known.original:
            entry = replace(entry, original=known.original)
        old = self._version_of(known, there, ".md") if there else ""
        self._write(_Work(original, entry, text, old))
        return Outcome(
            original.shown,
            Status.UPDATED if there else Status.ADDED,
            known.article,
            described(draft),
            notes=(_ANEW,) if anew and there else (),
        )

    def validators(self, url: str) -> Validators | None:
        """Return what to ask a site with whether a page changed; None if the page is needed."""
        known = self._ledger.of(url)
        if known is None or known.removed or not (known.etag or known.last_modified):
            return None
        if self._ledger.source_of(known).outdated:
            return None
        path = self._sources / known.article
        before = self._ledger.source_of(known).before
        if known.article and (not path.is_file() or sha256_of(path) == before):
            return None
        return Validators(known.etag, known.last_modified)

    def seen(self, original: Original, known: Entry) -> None:
        """Note that a page was asked for again and has not changed."""
        if _differs(known, original, None):
            self._note(_visited(known, original))

    def note_feed(self, entry: Entry) -> None:
        """Keep what is known of a feed, which belongs to no article."""
        if self._ledger.of(entry.origin) != entry:
            self._note(entry)

    def flush(self) -> None:
        """Write what is pending.

        Raises:
            SourcebotError: when it cannot be written; what was written before stays.
        """
        work, self._pending = self._pending, []
        entries, self._entries = self._entries, []
        if self._dry_run:
            return
        try:
            # The disk confirms several files at once sooner than one after the other.
            with ThreadPoolExecutor(_SYNCING) as pool:
                list(pool.map(self._keep, work))
                self._ledger.append([*entries, *(w.entry for w in work)])
                list(pool.map(self._finish, work))
        except OSError as error:
            raise SourcebotError(
                f"{error.filename or self._sources} cannot be written: {error.strerror or error}",
                "free space or make the folder writable, then add again: what is there stays",
            ) from error

    def _write(self, work: _Work) -> None:
        self._ledger.take(work.entry)
        self._coming.add(work.entry.article)
        self._pending.append(work)
        size = sum(len(w.original.data or b"") + len(w.text) for w in self._pending)
        if len(self._pending) >= _BATCH or size > _BATCH_BYTES:
            self.flush()

    def _note_alias(self, origin: str, original: Original, source: Entry | None) -> None:
        """Note that an origin says what another one says, or leads there."""
        if source is None or source.origin == origin:
            return
        known = self._ledger.of(origin) or Entry(origin)
        alias = _visited(Entry(origin, source.article, copy_of=source.origin), original)
        if replace(known, retrieved=alias.retrieved) != alias:
            self._note(alias)

    def _note(self, entry: Entry) -> None:
        self._ledger.take(entry)
        self._entries.append(entry)

    def _is_there(self, article: str) -> bool:
        return article in self._coming or (self._sources / article).is_file()

    def _keep(self, work: _Work) -> None:
        """Keep the original, and the text that is about to be replaced."""
        if work.entry.original:
            target = self._archive / work.entry.original
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.is_file() and sha256_of(target) == work.entry.sha256:
                pass
            elif work.original.file:
                copy_atomically(work.original.file, target)
            else:
                write_atomically(target, work.original.data or b"")
        if work.old:
            target = self._archive / work.old
            target.parent.mkdir(parents=True, exist_ok=True)
            copy_atomically(self._sources / work.entry.article, target)

    def _finish(self, work: _Work) -> None:
        path = self._sources / work.entry.article
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, work.text)

    def _entry(
        self, original: Original, draft: Draft, article: str, text: str, before: str
    ) -> Entry:
        entry = Entry(
            origin=original.origin,
            article=article,
            sha256=draft.sha256,
            content=content_of(draft),
            written=hashlib.sha256(text.encode("utf-8")).hexdigest(),
            before=before,
            notes=draft.notes,
            kept=draft.kept,
            extractor=EXTRACTOR,
            charset=original.charset,
            ocr=original.ocr,
        )
        entry = _visited(entry, original)
        kept = self._version_of(entry, draft.sha256, draft.suffix) if self._originals else ""
        return replace(entry, original=kept)

    def _version_of(self, entry: Entry, digest: str, suffix: str) -> str:
        """Return where a version is kept: by the day it was retrieved and its digest."""
        return f"{entry.article.removesuffix('.md')}/{entry.retrieved[:10]}-{digest[:8]}{suffix}"

    def _place(self, original: Original, draft: Draft) -> tuple[str, bool]:
        """Return where a new article is to lie, and whether it lies there already."""
        stem = original.place
        if not stem or stem.endswith("/"):
            stem += slug(draft.title)
        for number in range(1, 100_000):
            name = f"{stem}.md" if number == 1 else f"{stem}-{number}.md"
            holder = self._ledger.with_article(name)
            held = holder and not holder.removed and holder.origin != original.origin
            if held or name.casefold() in self._taken:
                continue
            path = self._sources / name
            if not path.exists() and not path.is_symlink():
                self._taken.add(name.casefold())
                return name, False
            if path.is_file() and f"\nsha256: {draft.sha256}\n" in _opening(path):
                return name, True
        raise SourcebotError(f"no free name like {stem}.md", "name the file otherwise")


def _differs(known: Entry, original: Original, draft: Draft | None) -> bool:
    asked = (original.validators.etag, original.validators.last_modified)
    return (known.etag, known.last_modified) != asked or bool(
        draft and known.sha256 != draft.sha256
    )


def _visited(entry: Entry, original: Original) -> Entry:
    """Return an entry as it stands after its origin was looked at now."""
    return replace(
        entry,
        retrieved=original.retrieved or now(),
        etag=original.validators.etag,
        last_modified=original.validators.last_modified,
        feed=original.feed or entry.feed,
        named=original.title or entry.named,
        dated=original.published.isoformat() if original.published else entry.dated,
    )


def _opening(path: Path) -> str:
    with path.open("rb") as stream:
        return stream.read(8192).decode("utf-8", "replace")
