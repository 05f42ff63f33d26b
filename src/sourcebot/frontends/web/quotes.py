"""Quotes -> what the templates show: verbatim words, those that answer or decide marked."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from sourcebot.frontends.web.views import (
    article_href,
    facts_of,
    place_facts,
    place_of,
    source_view,
)
from sourcebot.render.blocks import Run
from sourcebot.render.links import web_address
from sourcebot.render.markup import is_markdown, visible
from sourcebot.render.wording import percent
from sourcebot.text.display import one_line
from sourcebot.types import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.frontends.web.models import Standing
    from sourcebot.frontends.web.words import Words
    from sourcebot.render.schema import ConflictModel, QuoteModel


def quote_views(
    quotes: Sequence[QuoteModel],
    words: Words,
    answer: str,
    *,
    answers: bool,
    standings: Sequence[Standing] = (),
) -> list[dict[str, Any]]:
    """Return quotes as they are shown; ``answers`` says whether they do.

    ``answer`` is the id of the answer that they are part of, or "".
    """
    became: Sequence[Standing | None] = standings or [None] * len(quotes)
    return [
        {
            **quote_view(quote, words, answer, (span_of(quote.words),) if answers else ()),
            "answers": answers,
            "sure": words.confidence(quote.probability),
            "probability": words.probability.format(percent=percent(quote.probability)),
            **_standing(standing),
        }
        for quote, standing in zip(quotes, became, strict=True)
    ]


def _standing(standing: Standing | None) -> dict[str, Any]:
    """Return what became of a quote; a link to where it stood leads nowhere when it is gone."""
    if standing is None:
        return {"standing": ""}
    gone = {"href": ""} if standing.standing == "gone" else {}
    return {"standing": standing.standing, **gone}


def quote_view(
    quote: QuoteModel, words: Words, answer: str, marked: Sequence[Span]
) -> dict[str, Any]:
    """Return a quote as it is shown, with the words of ``marked`` marked."""
    markdown = is_markdown(quote.source.file)
    opening = quote.opening.text if quote.opening else ""
    cells = [
        {
            "header": one_line(cell.header.text) if cell.header else "",
            "runs": marked_runs(cell.text, cell.start, marked, markdown=markdown),
        }
        for cell in quote.cells
    ]
    return {
        "opening": one_line(visible(opening)[0] if markdown else opening),
        "runs": marked_runs(quote.text, quote.start, marked, markdown=markdown),
        "cells": cells,
        "headed": any(cell["header"] for cell in cells),
        "title": one_line(quote.source.title),
        "headings": [one_line(heading) for heading in quote.headings_read()],
        "facts": [*facts_of(quote.source, words), *place_facts(quote.source, words)],
        "address": web_address(quote.source.url or ""),
        "link": web_address(quote.link or ""),
        "href": article_href(quote.source.file, place_of(quote, answer)),
        "lang": quote.source.language or "",
        "also": [source_view(other, words) for other in quote.also],
    }


def span_of(range_: Any) -> Span:  # noqa: ANN401 (any model with a start and an end)
    """Return the range of a model; one that ends before it begins is empty."""
    return Span(range_.start, max(range_.start, range_.end))


def marked_runs(text: str, at: int, spans: Sequence[Span], *, markdown: bool) -> tuple[Run, ...]:
    """Return words that begin at ``at`` in their article as runs on one line, spans marked."""
    bounds: list[int] = []
    for span in sorted(spans):
        start, end = (min(len(text), max(0, offset - at)) for offset in (span.start, span.end))
        if start < end and start >= (bounds[-1] if bounds else 0):
            bounds += (start, end)
    if markdown:
        text, moved = visible(text, *bounds)
        bounds = list(moved)
    edges = itertools.pairwise([0, *bounds, len(text)])
    pieces = ((shown_text(text[start:end]), i % 2 == 1) for i, (start, end) in enumerate(edges))
    return tuple(Run(piece, marked=marked, strong=marked) for piece, marked in pieces if piece)


def shown_text(text: str) -> str:
    """Return a part of a quote as one harmless line that keeps the spaces at its ends."""
    line = one_line(text)
    before = " " if line and text[:1].isspace() else ""
    after = " " if line and text[-1:].isspace() else ""
    return f"{before}{line}{after}" if line else (" " if text else "")


def conflict_views(
    conflict: ConflictModel | None, words: Words, answer: str
) -> list[dict[str, Any]]:
    """Return the values that sources give, each with who says it, when, and where."""
    return [
        {
            "value": one_line(group.value),
            "lang": group.quotes[0].source.language or "",
            "sources": [
                {
                    **source_view(quote.source, words),
                    "href": article_href(quote.source.file, place_of(quote, answer)),
                }
                for quote in group.quotes
            ],
        }
        for group in (conflict.groups if conflict else ())
    ]
