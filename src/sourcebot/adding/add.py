"""Adding as a whole: targets -> originals -> drafts -> articles, a few in memory at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sourcebot.adding.again import outdated
from sourcebot.adding.extract import extract
from sourcebot.adding.formats import BY_TYPE
from sourcebot.adding.ledger import Ledger
from sourcebot.adding.model import PART, Original
from sourcebot.adding.targets import Page, expand
from sourcebot.adding.turns import taking_turns
from sourcebot.adding.visits import Crawl, FeedRead, Unchanged
from sourcebot.adding.workers import SECONDS, Workers
from sourcebot.adding.writer import Writer
from sourcebot.errors import ExtractionError, SourcebotError
from sourcebot.types import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sourcebot.adding.model import Draft
    from sourcebot.config.settings import Config
    from sourcebot.fetching.fetch import Fetcher
    from sourcebot.types import Progress


_RECOGNIZING = 3600.0
"""Most seconds for a file of which text is to be recognized."""


@dataclass(frozen=True, slots=True)
class AddOptions:
    """How to add.

    ``dry_run`` writes nothing; ``overwrite`` replaces what was edited by hand; ``again`` reads
    originals anew that an older sourcebot read; ``ocr`` are the languages in which text of scanned
    pages is recognized, as Tesseract names them, or "".
    """

    dry_run: bool = False
    overwrite: bool = False
    again: bool = False
    ocr: str = ""


def add_all(
    config: Config, targets: Sequence[str], options: AddOptions, progress: Progress
) -> tuple[Outcome, ...]:
    """Add as ``add`` does, alone among processes, and return what became of each item.

    Raises:
        SourcebotError: when nothing can be written, or another process adds or removes.
    """
    from sourcebot.fetching.fetch import Fetcher

    def open_fetcher() -> Fetcher:
        return Fetcher(config.fetch, types=frozenset(BY_TYPE))

    if options.dry_run:
        return tuple(add(config, targets, options, open_fetcher=open_fetcher, progress=progress))
    try:
        config.sources_folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourcebotError(
            f"{config.sources_folder} cannot be made: {error.strerror or error}",
            "make the project folder writable, or name another with --project",
        ) from error
    with taking_turns(config):
        return tuple(add(config, targets, options, open_fetcher=open_fetcher, progress=progress))


def add(
    config: Config,
    targets: Sequence[str],
    options: AddOptions,
    *,
    open_fetcher: Callable[[], Fetcher],
    progress: Progress = lambda *_: None,
) -> Iterator[Outcome]:
    """Turn files, folders, pages and feeds into articles, and yield what became of each.

    An article is on the disk when the iterator is exhausted, not before.

    Raises:
        SourcebotError: when nothing can be written or the ledger cannot be read; what was
            written before stays.
    """
    ledger = Ledger(config.originals_folder)
    writer = Writer(
        config.sources_folder,
        config.originals_folder,
        ledger,
        originals=config.add.originals,
        overwrite=options.overwrite,
        dry_run=options.dry_run,
    )
    items = list(expand(targets, config.sources_folder))
    named = {item.origin for item in items if isinstance(item, Original)}
    kept = list(outdated(config, ledger)) if options.again else []
    items += [item for item in kept if isinstance(item, Outcome) or item.origin not in named]
    yield from (item for item in items if isinstance(item, Outcome))
    files = [
        replace(item, ocr=options.ocr or item.ocr or _recognized_before(ledger, item))
        for item in items
        if isinstance(item, Original)
    ]
    pages = [item for item in items if isinstance(item, Page)]
    recognizing = options.ocr or any(item.ocr for item in files)
    done = 0
    with Workers(extract, seconds=_RECOGNIZING if recognizing else SECONDS) as workers:
        for outcome in _outcomes(workers, writer, files):
            done += 1
            progress("Reading", done, len(files) + len(pages))
            yield outcome
        if pages:
            with open_fetcher() as fetcher:
                arrivals = Crawl(fetcher, ledger, writer.validators).run(pages)
                for outcome in _visited(workers, writer, arrivals):
                    done += 1
                    progress("Reading", done, max(done, len(files) + len(pages)))
                    yield outcome
    writer.flush()


def _recognized_before(ledger: Ledger, original: Original) -> str:
    """Return the languages in which text was recognized of what is to be read anew now, or ""."""
    known = ledger.of(original.origin)
    return known.ocr if known and known.outdated else ""


def _outcomes(
    workers: Workers[tuple[Draft, ...]], writer: Writer, originals: Iterable[Original]
) -> Iterator[Outcome]:
    for original, drafts in workers.run(originals):
        if isinstance(drafts, ExtractionError):
            yield Outcome(original.shown, Status.FAILED, detail=drafts.message, hint=drafts.hint)
        else:
            for draft in drafts:
                yield writer.put(_part_of(original, draft) if draft.part else original, draft)


def _part_of(original: Original, draft: Draft) -> Original:
    """Return a part of an original as an original of its own, beside the others of the same."""
    return replace(
        original,
        origin=f"{original.origin}{PART}{draft.part}",
        place=original.place if original.place.endswith("/") else f"{original.place}/",
        file=None,
        data=draft.own,
    )


def _visited(
    workers: Workers[tuple[Draft, ...]],
    writer: Writer,
    arrivals: Iterable[Original | Unchanged | FeedRead | Outcome],
) -> Iterator[Outcome]:
    """Yield what became of fetched pages; those that need no reading are reported between."""
    aside: list[Outcome] = []

    def to_read() -> Iterator[Original]:
        for arrival in arrivals:
            if isinstance(arrival, Original):
                yield arrival
            elif isinstance(arrival, Unchanged):
                writer.seen(arrival.original, arrival.entry)
                aside.append(
                    Outcome(arrival.original.shown, Status.UNCHANGED, arrival.entry.article)
                )
            elif isinstance(arrival, FeedRead):
                writer.note_feed(arrival.entry)
            else:
                aside.append(arrival)

    for outcome in _outcomes(workers, writer, to_read()):
        yield outcome
        yield from aside
        aside.clear()
    yield from aside
