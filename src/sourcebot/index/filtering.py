"""Which articles may be quoted: filters of a question, scopes of a place."""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcebot.types import Filters, Scope, Source


def matches(source: Source, filters: Filters) -> bool:
    """Return whether a filter allows an article."""
    if filters.source and not _named(source, filters.source):
        return False
    if filters.publisher.casefold() not in source.publisher.casefold():
        return False
    if not in_scope(source, filters.scope):
        return False
    if filters.since or filters.until:
        day = source.published
        return day is not None and (filters.since or day) <= day <= (filters.until or day)
    return True


def in_scope(source: Source, scope: Scope) -> bool:
    """Return whether a place with this scope may quote the article."""
    publisher = source.publisher.casefold()
    return (not scope.sources or any(_named(source, p) for p in scope.sources)) and (
        not scope.publishers or any(p.casefold() in publisher for p in scope.publishers)
    )


def _named(source: Source, pattern: str) -> bool:
    wanted = pattern.casefold()
    names = (source.path.casefold(), source.title.casefold())
    return any(wanted in name or fnmatch.fnmatchcase(name, wanted) for name in names)
