"""The JSON of timelines (docs/claims.md) as models, for JSON schemas."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (pydantic reads the annotations)
from typing import Annotated, Literal

from pydantic import Field

from sourcebot.render.schema import Excerpt, Model, QuoteModel
from sourcebot.types import AbstentionReason  # noqa: TC001 (pydantic reads the annotations)


class DatedQuoteModel(QuoteModel):
    """A quote of a timeline, which answers no question: no probability belongs to it."""

    probability: Annotated[float, Field(exclude=True)] = 0.0


class EventDateModel(Model):
    """A date or a span that an article states; ``code`` as ISO 8601-2 writes it."""

    code: str
    start: Annotated[dt.date | None, Field(alias="from", description="First day; null when open")]
    end: Annotated[dt.date | None, Field(alias="to", description="Last day; null when open")]
    said: Excerpt


class ReportedModel(Model):
    """A quote, and the day on which it was reported, null when that is not known."""

    reported: dt.date | None
    quote: DatedQuoteModel


class EntryModel(ReportedModel):
    """A quote with the dates that it states."""

    dates: tuple[EventDateModel, ...]


class TimelineModel(Model):
    """What the articles date of a topic, the earliest first."""

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    topic: str
    reason: AbstentionReason | None
    message: Annotated[str | None, Field(description="Why nothing is dated, in a sentence")]
    entries: tuple[EntryModel, ...]
    outside: Annotated[int, Field(ge=0, description="Dated quotes outside the days asked for")]
    undated: tuple[ReportedModel, ...]
