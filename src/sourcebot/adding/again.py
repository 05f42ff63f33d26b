"""Originals that were kept -> originals to read anew, where sourcebot reads them otherwise now."""

from __future__ import annotations

import datetime as dt
from pathlib import PurePath
from typing import TYPE_CHECKING

from sourcebot.adding.model import PART, Original
from sourcebot.adding.targets import is_url
from sourcebot.fetching.fetch import Validators
from sourcebot.types import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcebot.adding.ledger import Entry, Ledger
    from sourcebot.config.settings import Config


def outdated(config: Config, ledger: Ledger) -> Iterator[Original | Outcome]:
    """Yield the originals of the articles whose text an older sourcebot read.

    What is no longer there by the user's will is left out; an original that was not kept is told.
    """
    for entry in ledger.outdated():
        if not (config.sources_folder / entry.article).is_file():
            continue
        if entry.original and (config.originals_folder / entry.original).is_file():
            yield _original(config, entry)
        else:
            yield Outcome(
                entry.article,
                Status.SKIPPED,
                entry.article,
                "its original was not kept, from which it could be read anew",
                "add the file or address again that it came from",
            )


def _original(config: Config, entry: Entry) -> Original:
    file = config.originals_folder / entry.original
    web = is_url(entry.origin)
    whole = PurePath(entry.origin.partition(PART)[0].split("?")[0] if web else entry.origin)
    # A page or message is told by what was kept of it: its own name may say nothing, or "mailbox".
    named = whole.name if not web and PART not in entry.origin else ""
    return Original(
        origin=entry.origin,
        shown=entry.article,
        file=file,
        called=named or f"{whole.name.partition(PART)[0].partition('.')[0]}{file.suffix}",
        charset=entry.charset,
        url=entry.origin if web and "#" not in entry.origin else "",
        validators=Validators(entry.etag, entry.last_modified),
        feed=entry.feed,
        title=entry.named,
        published=dt.date.fromisoformat(entry.dated) if entry.dated else None,
        ocr=entry.ocr,
        retrieved=entry.retrieved,
    )
