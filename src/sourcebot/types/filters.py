"""Which articles may be quoted: the filters of a question, the scope of a place."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (pydantic reads the annotations of scopes)
import fnmatch
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcebot.types.articles import Source


@dataclass(frozen=True, slots=True)
class Scope:
    """The articles that a place (such as a Discord server) answers from; empty: all.

    Attributes:
        sources: shell patterns or parts of paths or titles; any one must match.
        publishers: parts of publishers' names; any one must match.
    """

    sources: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything is left out."""
        return bool(self.sources or self.publishers)

    def allows(self, source: Source) -> bool:
        """Return whether a place with this scope may quote the article."""
        publisher = compared(source.publisher)
        return (not self.sources or any(_named(source, p) for p in self.sources)) and (
            not self.publishers or any(compared(p) in publisher for p in self.publishers)
        )


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may be quoted; an empty filter allows all.

    Attributes:
        source: shell pattern or part of the path or title, compared without case.
        publisher: part of the publisher's name, compared without case.
        since: first day of publication allowed; articles without a date are left out.
        until: last day of publication allowed; articles without a date are left out.
        as_of: the day as of which to answer: later articles are told apart, not quoted as answers.
        scope: what the place allows, whatever is asked for.
    """

    source: str = ""
    publisher: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    scope: Scope = Scope()
    as_of: dt.date | None = None

    def __bool__(self) -> bool:
        """Return whether anything is filtered."""
        return bool(self.source or self.publisher or self.since or self.until or self.scope)

    def known(self, source: Source) -> bool:
        """Return whether the article was known on the day as of which is asked, if one is named.

        Articles without a date count as known.
        """
        return not (self.as_of and source.published and source.published > self.as_of)

    def allow(self, source: Source) -> bool:
        """Return whether the article may be quoted."""
        if self.source and not _named(source, self.source):
            return False
        if compared(self.publisher) not in compared(source.publisher):
            return False
        if not self.scope.allows(source):
            return False
        if self.since or self.until:
            day = source.published
            return day is not None and (self.since or day) <= day <= (self.until or day)
        return True


def compared(name: str) -> str:
    """Return a name as it is compared: some systems take letters and their accents apart."""
    return unicodedata.normalize("NFC", name).casefold()


def _named(source: Source, pattern: str) -> bool:
    path, title = compared(source.path), compared(source.title)
    wanted = compared(pattern)
    return any(
        pattern in name or fnmatch.fnmatchcase(name, pattern)
        # Windows writes folders with backslashes; paths of articles have none there.
        for name, pattern in ((path, wanted), (path, wanted.replace("\\", "/")), (title, wanted))
    )
