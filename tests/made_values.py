"""Attributions and quotes that tests make up."""

from __future__ import annotations

from sourcebot.types import Attribution, Evidence, Paragraph, Quote, Span


def source_of(path: str = "a.md", *, title: str = "Title", paragraph: int = 1) -> Attribution:
    """Return the attribution of an article without publisher, author or date."""
    return Attribution(path, title, "", "", None, "", "0" * 64, "utf-8", "", paragraph, None)


def evidence_of(
    *sentences: str, start: int = 0, title: str = "Title", heading: str = ""
) -> Evidence:
    """Return a paragraph of these sentences as evidence; it begins at ``start`` in its article."""
    text, spans, at = " ".join(sentences), [], start
    for sentence in sentences:
        spans.append(Span(at, at + len(sentence)))
        at += len(sentence) + 1
    whole = Span(start, start + len(text))
    paragraph = Paragraph(1, "a.md", 1, heading, whole, text, tuple(spans))
    return Evidence(paragraph, source_of(title=title), 0.0, 0.0, 0.0, ())


def quote_of(
    text: str, *, probability: float = 0.9, words: Span | None = None, paragraph: str = ""
) -> Quote:
    """Return a quote that begins its article; all of it answers unless ``words`` are given."""
    span = Span(0, len(text))
    whole = paragraph or text
    return Quote(text, span, source_of(), probability, words or span, 1, whole, Span(0, len(whole)))
