"""Pages and feeds -> originals: fetched conditionally, a feed followed to its pages."""

from __future__ import annotations

import datetime as dt
import html
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sourcebot.adding.ledger import Entry
from sourcebot.adding.model import Original
from sourcebot.adding.naming import safe_part
from sourcebot.adding.targets import Page, page_of
from sourcebot.errors import SourcebotError
from sourcebot.fetching.fetch import Fetched, NotModified, Validators
from sourcebot.text.display import counted
from sourcebot.types import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sourcebot.adding.ledger import Ledger
    from sourcebot.fetching.feeds import FeedEntry
    from sourcebot.fetching.fetch import Fetcher

_AT_ONCE = 6
"""Pages on their way at a time; each site gets one request at a time all the same."""


@dataclass(frozen=True, slots=True)
class _Visit:
    """A page to ask for, or a feed's entry."""

    page: Page
    feed: str = ""
    entry: FeedEntry | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A page that is still the version in the ledger."""

    original: Original
    entry: Entry


@dataclass(frozen=True, slots=True)
class FeedRead:
    """A feed's new state, to be kept in the ledger once its pages are in."""

    entry: Entry
    shown: str
    pages: int


Arrival = Original | Unchanged | FeedRead | Outcome


@dataclass(slots=True)
class Crawl:
    """Fetches pages, a few at a time, in the order in which they were asked for.

    ``validators`` says for a URL what to ask with whether it changed, if that can be asked.
    """

    fetcher: Fetcher
    ledger: Ledger
    validators: Callable[[str], Validators | None]
    _asked: set[str] = field(default_factory=set)

    def run(self, pages: Iterable[Page]) -> Iterator[Arrival]:
        """Yield what became of each page; the pages of feeds follow them."""
        waiting = deque(_Visit(page) for page in pages)
        feeds: list[FeedRead] = []
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            under_way: deque[tuple[_Visit, Future[Fetched | NotModified]]] = deque()
            try:
                while waiting or under_way:
                    while waiting and len(under_way) < _AT_ONCE:
                        visit = waiting.popleft()
                        if visit.page.url not in self._asked:
                            self._asked.add(visit.page.url)
                            known = self.validators(visit.page.url)
                            task = pool.submit(self.fetcher.get, visit.page.url, known)
                            under_way.append((visit, task))
                    if under_way:
                        visit, task = under_way.popleft()
                        for arrival in self._arrived(visit, task):
                            if isinstance(arrival, _Visit):
                                waiting.append(arrival)
                            elif isinstance(arrival, FeedRead):
                                feeds.append(arrival)
                            else:
                                yield arrival
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
        # A feed is noted last: cut short, the next run asks for its pages again.
        yield from feeds

    def _arrived(
        self, visit: _Visit, task: Future[Fetched | NotModified]
    ) -> Iterator[Arrival | _Visit]:
        from sourcebot.fetching.feeds import MOST_PAGES, entries, is_feed, is_sitemap, unpacked

        url, shown = visit.page.url, visit.page.shown
        try:
            answer = task.result()
            if isinstance(answer, NotModified):
                known = self.ledger.of(url)
                if known is None:
                    yield Outcome(shown, Status.FAILED, detail="the site says it has not changed")
                elif known.pages:
                    yield from self._followed(known.pages, {}, url)
                    yield FeedRead(known, shown, len(known.pages))
                else:
                    original = Original(url, shown, validators=answer.validators)
                    yield Unchanged(original, known)
                return
            kind, data = unpacked(answer.content_type, answer.data)
            if is_feed(kind, data):
                named = entries(data, answer.final_url)
                if bare := sum(not entry.url for entry in named):
                    yield _bare(shown, bare)
                    named = tuple(entry for entry in named if entry.url)
                if is_sitemap(data) and len(named) > MOST_PAGES:
                    yield _cut(shown, len(named), MOST_PAGES)
                    named = named[:MOST_PAGES]
                found = {page_of(e.url).url: e for e in named if not e.content}
                yield from self._followed(tuple(found), found, url)
                for text in named:
                    if text.content:
                        yield self._away(text.url) or _text_of(text, url, answer)
                validators = answer.validators
                entry = Entry(
                    url,
                    etag=validators.etag,
                    last_modified=validators.last_modified,
                    pages=tuple(found),
                )
                yield FeedRead(entry, shown, len(found))
            else:
                yield self._original(visit, answer)
        except ValueError as error:
            yield Outcome(shown, Status.FAILED, detail=str(error))
        except SourcebotError as error:
            yield Outcome(shown, Status.FAILED, detail=error.message, hint=error.hint)

    def _followed(
        self, urls: tuple[str, ...], entries: dict[str, FeedEntry], feed: str
    ) -> Iterator[Outcome | _Visit]:
        for url in urls:
            yield self._away(url) or _Visit(Page(url, url), feed, entries.get(url))

    def _away(self, origin: str) -> Outcome | None:
        """Return that what a feed names has been removed by the user, if it has."""
        known = self.ledger.of(origin)
        if known is None or not known.removed:
            return None
        hint = "name its address to have it back" if "#" not in origin else ""
        return Outcome(origin, Status.SKIPPED, known.article, "removed earlier", hint)

    def _original(self, visit: _Visit, answer: Fetched) -> Original:
        """Return a page as it was found; one that redirects lead to is known by its own address."""
        host = safe_part(urlsplit(answer.final_url).hostname or "web")
        asked, found = visit.page.url, page_of(answer.final_url).url
        held = self.ledger.of(asked)
        # A page that has moved since goes on being the same article.
        origin = asked if held and held.article and not held.copy_of else found
        known, entry = self.ledger.of(origin), visit.entry
        # A feed that has not changed is not read again: what it said of its pages is in the ledger.
        said = dt.date.fromisoformat(known.dated) if known and known.dated else None
        return Original(
            origin=origin,
            shown=visit.page.shown,
            place=f"{host.removeprefix('www.')}/",
            data=answer.data,
            content_type=answer.content_type,
            charset=answer.charset,
            url=found,
            asked=asked if asked != origin else "",
            validators=answer.validators,
            feed=visit.feed,
            title=(entry.title if entry else "") or (known.named if known else ""),
            published=(entry.published if entry else None) or said,
        )


def _cut(shown: str, named: int, taken: int) -> Outcome:
    return Outcome(
        shown,
        Status.SKIPPED,
        detail=f"{named - taken:,} of the {named:,} pages that the sitemap names: only the"
        f" {taken:,} that changed last are taken",
        hint="add the sitemap of a part of the site, or name the pages themselves",
    )


def _bare(shown: str, count: int) -> Outcome:
    entries = counted(count, "entry", "entries")
    return Outcome(shown, Status.SKIPPED, detail=f"{entries} of it with neither a page nor a text")


def _text_of(entry: FeedEntry, feed: str, answer: Fetched) -> Original:
    """Return an entry of a feed that has no page but its text as an original."""
    title = html.escape(entry.title)
    page = (
        f"<!doctype html><html><head><meta charset='utf-8'><title>{title}</title></head><body>"
        f"<main><article><h1>{title}</h1>{entry.content}</article></main></body></html>"
    )
    host = safe_part(urlsplit(answer.final_url).hostname or "web")
    return Original(
        origin=entry.url,
        shown=f"{entry.title or entry.url} ({feed})",
        called=urlsplit(feed).path.rstrip("/").rpartition("/")[2] or host,
        place=f"{host.removeprefix('www.')}/",
        data=page.encode("utf-8", "replace"),
        content_type="text/html",
        charset="utf-8",
        feed=feed,
        title=entry.title,
        published=entry.published,
    )
