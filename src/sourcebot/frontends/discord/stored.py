"""Replies as the bot's database keeps them: a form of its own, with a version.

The types of the program may change; what is written here is read for good. Form 1, which had no
number, was what pydantic made of the types, and called kinds of facts by their wording.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from sourcebot.types import (
    Abstention,
    AbstentionReason,
    Answer,
    AnswerType,
    Attribution,
    Cell,
    Conflict,
    Excerpt,
    Hit,
    Quote,
    Relation,
    Retriever,
    Span,
    ValueGroup,
)
from sourcebot.types.locators import Locator, LocatorKind

if TYPE_CHECKING:
    from sourcebot.types import Reply

FORM = 2

_WORDED = {
    "a date or time": AnswerType.DATE,
    "a number": AnswerType.NUMBER,
    "a sum of money": AnswerType.SUM,
    "a name": AnswerType.NAME,
    "a place": AnswerType.PLACE,
    "a reason": AnswerType.REASON,
}
"""How form 1 called the kinds of facts."""


class Damaged(ValueError):
    """What is stored is no reply."""


def encode(reply: Reply) -> str:
    """Return a reply as JSON of the newest form."""
    return json.dumps({"form": FORM, **_from_reply(reply)}, ensure_ascii=True)


def _from_reply(reply: Reply) -> dict[str, Any]:
    data: dict[str, Any] = {
        "question": reply.question,
        "confidence": reply.confidence,
        "meant": reply.meant,
        "parts": [_from_reply(part) for part in reply.parts],
        "later": [_from_quote(quote) for quote in reply.later],
    }
    if isinstance(reply, Answer):
        data["quotes"] = [_from_quote(quote) for quote in reply.quotes]
        data["conflict"] = _from_conflict(reply.conflict) if reply.conflict else None
    else:
        data["reason"] = reply.reason.value
        data["nearest"] = [_from_quote(quote) for quote in reply.nearest]
        data["missing"] = reply.missing.value if reply.missing else None
        data["covered"] = [_from_source(source) for source in reply.covered]
        data["unclear"] = reply.unclear
        data["options"] = list(reply.options)
        data["unread"] = reply.unread
    return data


def decode(text: str) -> Reply:
    """Return the reply that any form holds.

    Raises:
        Damaged: when it holds none.
    """
    try:
        data = json.loads(text)
        if data.get("form", 1) > FORM:
            raise Damaged(f"form {data['form']} is of a newer sourcebot")
        return _reply(data)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Damaged(f"{type(error).__name__}: {error}") from error


def _reply(data: dict[str, Any]) -> Reply:
    question, confidence = _text(data["question"]), float(data["confidence"])
    meant = _text(data.get("meant", ""))
    parts = tuple(map(_reply, data.get("parts", ())))
    later = tuple(map(_quote, data.get("later", ())))
    if "quotes" in data:
        quotes = tuple(map(_quote, data["quotes"]))
        conflict = _conflict(data["conflict"]) if data.get("conflict") else None
        return Answer(question, quotes, confidence, meant, conflict, parts, later)
    missing = data.get("missing")
    return Abstention(
        question=question,
        reason=AbstentionReason(data["reason"]),
        nearest=tuple(map(_quote, data["nearest"])),
        confidence=confidence,
        missing=(_WORDED.get(missing) or AnswerType(missing)) if missing else None,
        covered=tuple(map(_source, data.get("covered", ()))),
        meant=meant,
        unclear=_text(data.get("unclear", "")),
        options=tuple(map(_text, data.get("options", ()))),
        parts=parts,
        later=later,
        unread=_text(data.get("unread", "")),
    )


def _from_conflict(conflict: Conflict) -> dict[str, Any]:
    groups = [
        {"value": group.value, "quotes": [_from_quote(quote) for quote in group.quotes]}
        for group in conflict.groups
    ]
    return {"relation": conflict.relation.value, "groups": groups}


def _conflict(data: dict[str, Any]) -> Conflict:
    groups = tuple(
        ValueGroup(_text(group["value"]), tuple(map(_quote, group["quotes"])))
        for group in data["groups"]
    )
    return Conflict(Relation(data["relation"]), groups)


def _from_quote(quote: Quote) -> dict[str, Any]:
    return {
        "text": quote.text,
        "span": _from_span(quote.span),
        "source": _from_source(quote.source),
        "probability": quote.probability,
        "words": _from_span(quote.words),
        "also": [_from_source(source) for source in quote.also],
        "hits": [
            {
                "paragraph_id": h.paragraph_id,
                "rank": h.rank,
                "score": h.score,
                "retriever": h.retriever,
            }
            for h in quote.hits
        ],
        "features": dict(quote.features),
        "paragraph_id": quote.paragraph_id,
        "paragraph": quote.paragraph,
        "paragraph_span": _from_span(quote.paragraph_span),
        "headings": list(map(_from_excerpt, quote.headings)),
        "opening": _from_excerpt(quote.opening) if quote.opening else None,
        "cells": [
            {
                "value": _from_excerpt(cell.value),
                "header": _from_excerpt(cell.header) if cell.header else None,
            }
            for cell in quote.cells
        ],
    }


def _quote(data: dict[str, Any]) -> Quote:
    return Quote(
        text=_text(data["text"]),
        span=_span(data["span"]),
        source=_source(data["source"]),
        probability=float(data["probability"]),
        words=_span(data["words"]),
        also=tuple(map(_source, data.get("also", ()))),
        hits=tuple(
            Hit(
                int(h["paragraph_id"]), int(h["rank"]), float(h["score"]), Retriever(h["retriever"])
            )
            for h in data.get("hits", ())
        ),
        features={_text(name): float(value) for name, value in data.get("features", {}).items()},
        paragraph_id=int(data["paragraph_id"]),
        paragraph=_text(data["paragraph"]),
        paragraph_span=_span(data["paragraph_span"]),
        headings=tuple(map(_excerpt, data.get("headings", ()))),
        opening=_excerpt(data["opening"]) if data.get("opening") else None,
        cells=tuple(
            Cell(_excerpt(cell["value"]), _excerpt(cell["header"]) if cell["header"] else None)
            for cell in data.get("cells", ())
        ),
    )


def _from_excerpt(excerpt: Excerpt) -> dict[str, Any]:
    return {"text": excerpt.text, "span": _from_span(excerpt.span)}


def _excerpt(data: dict[str, Any]) -> Excerpt:
    return Excerpt(_text(data["text"]), _span(data["span"]))


def _from_source(source: Attribution) -> dict[str, Any]:
    return {
        "title": source.title,
        "publisher": source.publisher,
        "author": source.author,
        "published": source.published.isoformat() if source.published else None,
        "url": source.url,
        "path": source.path,
        "sha256": source.sha256,
        "encoding": source.encoding,
        "paragraph": source.paragraph,
        "locator": str(source.locator) if source.locator else None,
        "language": source.language,
        "foreign": source.foreign,
    }


def _source(data: dict[str, Any]) -> Attribution:
    published = data["published"]
    names = ("title", "publisher", "author", "url", "path", "sha256", "encoding")
    return Attribution(
        **{name: _text(data[name]) for name in names},
        published=dt.date.fromisoformat(published) if published else None,
        paragraph=int(data["paragraph"]),
        locator=_locator(data),
        language=_text(data.get("language", "")),
        foreign=data.get("foreign") is True,
    )


def _locator(data: dict[str, Any]) -> Locator | None:
    if data.get("page") is not None:  # form 1 knew pages only
        return Locator(LocatorKind.PAGE, str(int(data["page"])))
    return Locator.read(_text(data["locator"])) if data.get("locator") else None


def _from_span(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}


def _span(data: dict[str, Any]) -> Span:
    return Span(int(data["start"]), int(data["end"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
