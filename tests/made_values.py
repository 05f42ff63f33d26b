"""Attributions and quotes that tests make up."""

from __future__ import annotations

from sourcebot.types import Attribution, Quote, Span


def source_of(path: str = "a.md", *, title: str = "Title", paragraph: int = 1) -> Attribution:
    """Return the attribution of an article without publisher, author or date."""
    return Attribution(path, title, "", "", None, "", "0" * 64, "utf-8", "", paragraph, None)


def quote_of(
    text: str, *, probability: float = 0.9, words: Span | None = None, paragraph: str = ""
) -> Quote:
    """Return a quote that begins its article; all of it answers unless ``words`` are given."""
    span = Span(0, len(text))
    whole = paragraph or text
    return Quote(text, span, source_of(), probability, words or span, 1, whole, Span(0, len(whole)))
