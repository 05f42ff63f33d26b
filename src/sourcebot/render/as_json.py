"""Replies -> JSON for programs; the schema is documented in docs/json.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sourcebot.render.links import quote_link
from sourcebot.render.wording import refusal
from sourcebot.text.display import UNSAFE
from sourcebot.types import Answer, Attribution
from sourcebot.types.locators import LocatorKind

if TYPE_CHECKING:
    from sourcebot.types import Abstention, Conflict, Excerpt, Quote, Reply, Source
    from sourcebot.types.locators import Locator

SCHEMA_VERSION = 1
_DIGITS = 4
_NUMBERED = {LocatorKind.PAGE, LocatorKind.SLIDE}


def reply_to_json(reply: Reply) -> str:
    """Return a reply as indented JSON.

    Characters that could steer a terminal are written as escapes; a parser gives them back
    unchanged, so quotes stay verbatim.
    """
    text = json.dumps(reply_to_dict(reply), ensure_ascii=False, indent=2)
    return harmless(text)


def reply_to_dict(reply: Reply) -> dict[str, Any]:
    """Return a reply as plain values."""
    details = _answer(reply) if isinstance(reply, Answer) else _abstention(reply)
    return {
        "schema": SCHEMA_VERSION,
        "question": reply.question,
        "meant": reply.meant or None,
        "answered": isinstance(reply, Answer),
        "reason": None,
        "message": None,
        "missing": None,
        "unread": None,
        "covered": [],
        "options": [],
        "confidence": round(reply.confidence, _DIGITS),
        "quotes": [],
        "conflict": None,
        "later": [],
        "nearest": [],
        "open": list(reply.open) if isinstance(reply, Answer) else [],
        "parts": [reply_to_dict(part) for part in reply.parts],
        **details,
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "quotes": [quote_to_dict(quote) for quote in answer.quotes],
        "conflict": _conflict(answer.conflict) if answer.conflict else None,
        "later": [quote_to_dict(quote) for quote in answer.later],
    }


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "relation": conflict.relation.value,
        "groups": [
            {"value": group.value, "quotes": [quote_to_dict(quote) for quote in group.quotes]}
            for group in conflict.groups
        ],
    }


def _abstention(abstention: Abstention) -> dict[str, Any]:
    return {
        "reason": abstention.reason.value,
        "message": " ".join(refusal(abstention)),
        "missing": abstention.missing.name.lower() if abstention.missing else None,
        "unread": abstention.unread or None,
        "covered": [source_to_dict(source) for source in abstention.covered],
        "options": list(abstention.options),
        "nearest": [quote_to_dict(quote) for quote in abstention.nearest],
        "later": [quote_to_dict(quote) for quote in abstention.later],
    }


def quote_to_dict(quote: Quote) -> dict[str, Any]:
    """Return a quote as plain values."""
    return {
        "text": quote.text,
        "start": quote.span.start,
        "end": quote.span.end,
        "link": quote_link(quote) or None,
        "words": {"start": quote.words.start, "end": quote.words.end},
        "headings": [excerpt_to_dict(heading) for heading in quote.headings],
        "opening": excerpt_to_dict(quote.opening) if quote.opening else None,
        "cells": [
            {
                **excerpt_to_dict(cell.value),
                "header": excerpt_to_dict(cell.header) if cell.header else None,
            }
            for cell in quote.cells
        ],
        "probability": round(quote.probability, _DIGITS),
        "source": source_to_dict(quote.source),
        "also": [source_to_dict(source) for source in quote.also],
        "ranks": {hit.retriever.value: hit.rank for hit in quote.hits},
        "scores": {name: round(value, _DIGITS) for name, value in quote.features.items()},
    }


def excerpt_to_dict(excerpt: Excerpt) -> dict[str, Any]:
    """Return words of an article with their place as plain values."""
    return {"text": excerpt.text, "start": excerpt.span.start, "end": excerpt.span.end}


def source_to_dict(source: Source) -> dict[str, Any]:
    """Return a source as plain values; what is no attribution stands at paragraph 0."""
    locator = source.locator if isinstance(source, Attribution) else None
    return {
        "file": source.path,
        "title": source.title,
        "publisher": source.publisher or None,
        "author": source.author or None,
        "published": source.published.isoformat() if source.published else None,
        "url": source.url or None,
        "language": source.language or None,
        "foreign": isinstance(source, Attribution) and source.foreign,
        **_located(locator),
        "paragraph": source.paragraph if isinstance(source, Attribution) else 0,
        "encoding": source.encoding,
        "sha256": source.sha256,
    }


def _located(locator: Locator | None) -> dict[str, int | str | None]:
    """Return page, slide, sheet and time of a quote; figures of pages and slides as numbers."""
    found: dict[str, int | str | None] = dict.fromkeys(LocatorKind)
    if locator:
        number = locator.label.isdecimal() and locator.kind in _NUMBERED
        found[locator.kind] = int(locator.label) if number else locator.label
    return {str(kind): label for kind, label in found.items()}


def harmless(text: str) -> str:
    """Return JSON with the characters that could steer a terminal written as escapes."""
    return UNSAFE.sub(lambda m: json.dumps(m[0])[1:-1], text)
