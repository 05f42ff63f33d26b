"""The articles as the bot lists and completes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcebot.frontends.discord.text import clip, width
from sourcebot.text.display import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.project import Project
    from sourcebot.types import IndexedArticle, Scope

_MOST_CHOICES = 25
LONGEST_CHOICE = 100


class Titles:
    """The articles of the current generation, read once for each."""

    def __init__(self, project: Project) -> None:
        """Read nothing yet."""
        self._project = project
        self._name = ""
        self._articles: tuple[IndexedArticle, ...] = ()

    def articles(self, scope: Scope) -> tuple[IndexedArticle, ...]:
        """Return the articles in a scope, by path.

        Raises:
            IndexStoreError: when the index cannot be used.
        """
        name = self._project.info().name
        if name != self._name:
            self._articles = self._project.articles()
            self._name = name
        if not scope:
            return self._articles
        return tuple(a for a in self._articles if scope.allows(a.source))


def choices(articles: Sequence[IndexedArticle], current: str) -> list[tuple[str, str]]:
    """Return what may complete ``current``: names that are shown, values that filter.

    Titles and paths that begin with it come before those that hold it; 25 at most.
    """
    wanted = current.strip().casefold()
    found: list[tuple[int, str, str]] = []
    for article in articles:
        title, path = article.source.title.casefold(), article.source.path.casefold()
        if title.startswith(wanted) or path.startswith(wanted):
            rank = 0
        elif wanted in title or wanted in path:
            rank = 1
        else:
            continue
        name = one_line(article.source.title) or one_line(article.source.path)
        found.append((rank, clip(name, LONGEST_CHOICE), _value(article.source.path)))
    found.sort(key=lambda item: item[0])
    return [(name, value) for _, name, value in found[:_MOST_CHOICES]]


def _value(path: str) -> str:
    """Return a filter for one path, within Discord's limit: its end when it is too long."""
    while width(path) > LONGEST_CHOICE:
        path = path[1:]
    return path
