"""Replies and articles -> what the templates show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote as percent_encoded
from urllib.parse import urlencode

from sourcebot.frontends.web.layout import Group, around, laid_out
from sourcebot.render.blocks import Mark
from sourcebot.text.display import one_line
from sourcebot.types import Span

if TYPE_CHECKING:
    from sourcebot.checks.viewing.view import ArticleView
    from sourcebot.frontends.web.words import Words
    from sourcebot.render.schema import QuoteModel, SourceModel
    from sourcebot.types import Source

_DIGEST = 16
"""Hexadecimal digits of a file's digest that an address names."""


@dataclass(frozen=True, slots=True)
class Place:
    """A quote's place in an article as an address names it.

    ``sha256`` are the first digits of the file's digest when it was quoted; ``answer`` is the id
    of the answer, or "".
    """

    quote: Span
    words: Span
    sha256: str = ""
    answer: str = ""
    page: str = ""

    def parameters(self) -> str:
        """Return it as the query of an address."""
        values = {
            "at": f"{self.quote.start}-{self.quote.end}",
            "words": f"{self.words.start}-{self.words.end}",
            "sha": self.sha256[:_DIGEST],
            "in": self.answer,
            "page": self.page,
        }
        return urlencode({name: value for name, value in values.items() if value})

    def marks(self) -> tuple[Mark, ...]:
        """Return what is marked in the article."""
        strong = (Mark(self.words, strong=True),) if len(self.words) else ()
        return (Mark(self.quote), *strong)


def place_of(quote: QuoteModel, answer: str) -> Place:
    """Return where a quote stands."""
    return Place(
        Span(quote.start, quote.end),
        Span(quote.words.start, quote.words.end),
        quote.source.sha256,
        answer,
        quote.cited().page,
    )


def article_href(file: str, place: Place | None = None) -> str:
    """Return the address of an article, with a quote marked if its place is given."""
    query = f"?{place.parameters()}" if place else ""
    return f"/read/{percent_encoded(file)}{query}"


def facts_of(source: SourceModel | Source, words: Words) -> list[str]:
    """Return publisher, author and date of a source."""
    parts = [
        one_line(source.publisher or ""),
        one_line(source.author or ""),
        words.day(source.published) if source.published else "",
    ]
    return [part for part in parts if part]


def place_facts(source: SourceModel, words: Words) -> list[str]:
    """Return the language of a quote where the question is in another one, page and paragraph."""
    spoken = [words.in_language(source.language or "")] if source.foreign else []
    located = [words.located(source.locator)] if source.locator else []
    return [*spoken, *located, words.paragraph.format(number=source.paragraph)]


def source_view(source: SourceModel | Source, words: Words) -> dict[str, Any]:
    """Return a source as lists show it."""
    file = source.path if hasattr(source, "path") else source.file
    return {
        "title": one_line(source.title),
        "facts": facts_of(source, words),
        "href": article_href(file),
        "lang": source.language or "",
    }


@dataclass(frozen=True, slots=True)
class Pane:
    """An article beside the answer, or a notice why its quote is not marked."""

    title: str
    facts: list[str]
    href: str
    groups: tuple[Group, ...]
    lang: str
    notice: str
    picture: str
    page: str


def pane_of(view: ArticleView, place: Place | None, words: Words, notice: str) -> Pane:
    """Return the surroundings of a place in an article, or its beginning without a place.

    The place is unmarked where the article is no longer as it was; ``notice`` says so.
    """
    source = view.source
    near = around(view.blocks, place.quote if place else None)
    marked = place if place and view.sha256.startswith(place.sha256[:_DIGEST]) else None
    return Pane(
        title=one_line(source.title),
        facts=facts_of(source, words),
        href=article_href(source.path, place),
        groups=laid_out(near, marked.marks() if marked else (), top=3),
        lang=source.language,
        notice=notice,
        picture=picture_href(view, marked) if marked else "",
        page=place.page if place else "",
    )


def picture_href(view: ArticleView, place: Place) -> str:
    """Return the address of the picture of a quote's page, "" where there is none."""
    if not place.page or not any(kept.name.endswith(".pdf") for kept in view.kept):
        return ""
    return f"/picture/{percent_encoded(view.source.path)}?{place.parameters()}"
