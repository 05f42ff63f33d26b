"""Timelines -> words, Markdown and plain values for JSON."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sourcebot.render.as_json import SCHEMA_VERSION, excerpt_to_dict, harmless, quote_to_dict
from sourcebot.render.claims import plain
from sourcebot.render.wording import REASONS, attribution, day
from sourcebot.text.display import counted, one_line
from sourcebot.types import AbstentionReason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcebot.types import Quote
    from sourcebot.types.timelines import EventDate, Timeline

UNDATED = "No date is stated for what these say:"
_NOT_STATED = "The articles touch on the topic, but state no date for it."
_OUTSIDE = "Nothing is dated within the days asked for."
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-\d{2}")


def event_words(date: EventDate) -> str:
    """Return a date as people write it, at the precision at which the article states it."""
    first, stroke, last = date.code.partition("/")
    if not stroke:
        return _one(first)
    if last == "..":
        return f"since {_one(first)}"
    return f"until {_one(last)}" if first == ".." else f"{_one(first)} – {_one(last)}"


def _one(code: str) -> str:
    about = "about " if code.endswith("~") else ""
    code = code.rstrip("~")
    if code.endswith("X"):
        return f"{about}{code[:-1]}0s"
    if _DAY.fullmatch(code):
        return about + day(dt.date.fromisoformat(code))
    if _MONTH.fullmatch(code):
        return f"{about}{dt.date.fromisoformat(f'{code}-01'):%B %Y}"
    return about + code


def reported_line(quote: Quote) -> str:
    """Return when a quote was reported, if that is known, and where it stands, on one line."""
    day_ = quote.source.published
    told = f"reported {day(day_)}" if day_ else "date of the report not stated"
    copies = f" · and {counted(len(quote.also), 'copy', 'copies')}" if quote.also else ""
    return f"{told} · {attribution(replace(quote.source, published=None))}{copies}"


def timeline_refusal(timeline: Timeline) -> str:
    """Return why a timeline has no entry, or ""."""
    if timeline.reason is None:
        return ""
    if timeline.outside:
        outside = counted(timeline.outside, "dated quote lies", "dated quotes lie")
        return f"{_OUTSIDE} {outside} outside them."
    if timeline.reason is AbstentionReason.NOT_STATED:
        return _NOT_STATED
    return REASONS[timeline.reason]


def quotes_of(timeline: Timeline) -> tuple[Quote, ...]:
    """Return all quotes of a timeline, those that state no date last."""
    return (*(entry.quote for entry in timeline.entries), *timeline.undated)


def timeline_to_json(timeline: Timeline) -> str:
    """Return a timeline as indented JSON; safe to show in a terminal."""
    return harmless(json.dumps(timeline_to_dict(timeline), ensure_ascii=False, indent=2))


def timeline_to_dict(timeline: Timeline) -> dict[str, Any]:
    """Return a timeline as plain values."""
    return {
        "schema": SCHEMA_VERSION,
        "topic": timeline.topic,
        "reason": timeline.reason.value if timeline.reason else None,
        "message": timeline_refusal(timeline) or None,
        "entries": [
            {
                "dates": [
                    {
                        "code": date.code,
                        "from": date.start.isoformat() if date.start else None,
                        "to": date.end.isoformat() if date.end else None,
                        "said": excerpt_to_dict(date.said),
                    }
                    for date in entry.dates
                ],
                **_reported(entry.quote),
            }
            for entry in timeline.entries
        ],
        "outside": timeline.outside,
        "undated": [_reported(quote) for quote in timeline.undated],
    }


def _reported(quote: Quote) -> dict[str, Any]:
    published = quote.source.published
    return {
        "reported": published.isoformat() if published else None,
        # Whether a topic is a question or not, a quote is none of its answers.
        "quote": {k: v for k, v in quote_to_dict(quote).items() if k != "probability"},
    }


def timeline_to_markdown(timeline: Timeline) -> str:
    """Return a timeline as Markdown: a heading, then each date with its quote and its source."""
    lines = [f"# Timeline: {plain(timeline.topic)}"]
    if refused := timeline_refusal(timeline):
        lines += ["", refused]
    for entry in timeline.entries:
        dates = "; ".join(event_words(date) for date in entry.dates)
        lines += ["", f"## {dates}", "", *_quoted(entry.quote)]
    if timeline.undated:
        lines += ["", f"## {UNDATED}"]
    for quote in timeline.undated:
        lines += ["", *_quoted(quote)]
    return "\n".join(lines) + "\n"


def _quoted(quote: Quote) -> Iterator[str]:
    yield f"> {plain(one_line(quote.text))}"
    yield ">"
    place = f"{quote.source.path}, characters {quote.span.start}–{quote.span.end}"
    yield f"> — {plain(reported_line(quote))} ({plain(place)})"
