"""What the tools give."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (pydantic reads the annotations)
from typing import Annotated, Literal

from pydantic import Field

from sourcebot.render.schema import (
    ConflictModel,
    Model,
    Offset,
    QuoteModel,
    ReplyModel,
    SourceModel,
)


class Listed(Model):
    """A part of the list of articles."""

    total: int
    offset: int
    sources: tuple[SourceModel, ...]


class ArticleText(Model):
    """A part of an article's text: code points ``start`` to ``end`` of ``length``."""

    source: SourceModel
    changed: Annotated[bool, Field(description="Whether the file has changed since the indexing")]
    length: int
    start: Offset
    end: Offset
    text: str


class Checked(Model):
    """What became of words that are said to stand in an article."""

    standing: Annotated[
        Literal["intact", "moved", "altered", "gone"],
        Field(description="intact or moved: the words stand there verbatim; else they do not"),
    ]
    start: Offset | None = None
    end: Offset | None = None


class Result(Model):
    """One result of a search, in the shape that connectors of assistants expect."""

    id: Annotated[str, Field(description="What `fetch` takes")]
    title: str
    url: str
    text: Annotated[str, Field(description="The quote, verbatim")]


class Results(Model):
    """The results of a search, best first."""

    results: tuple[Result, ...]


class Fetched(Model):
    """An article, in the shape that connectors of assistants expect."""

    id: str
    title: str
    text: str
    url: str
    metadata: dict[str, str]


class Reply(Model):
    """An answer, or why there is none."""

    question: str
    meant: Annotated[
        str | None, Field(description="What it was taken to mean, if not as it stands")
    ]
    answered: bool
    message: Annotated[str | None, Field(description="Why there is no answer")] = None
    confidence: Annotated[float, Field(ge=0, le=1, description="That the best quote answers")]
    quotes: Annotated[tuple[QuoteModel, ...], Field(description="Verbatim, best first")]
    nearest: Annotated[
        tuple[QuoteModel, ...], Field(description="The closest quotes, none of them sure to answer")
    ]
    conflict: Annotated[
        ConflictModel | None,
        Field(description="Different values that sources give; none is picked"),
    ]
    later: Annotated[
        tuple[QuoteModel, ...], Field(description="What was published after the day of `as_of`")
    ]
    changed: Annotated[
        int | None,
        Field(
            description="How many source files are not as they were indexed, of which the answer"
            " does not know; null when that is not known or not all may be seen"
        ),
    ]


class News(Model):
    """Something new about a followed question; no reply when it may be seen no longer."""

    happened: Literal["answered", "changed", "withdrawn"]
    reply: ReplyModel | None


class FollowedQuestion(Model):
    """A question that is asked again whenever the index changes."""

    number: int
    question: str
    since: dt.datetime
    muted: bool
    answered: Annotated[bool, Field(description="Whether the articles answered it last")]
    news: tuple[News, ...] = ()


class FollowedQuestions(Model):
    """The followed questions, the oldest first."""

    followed: tuple[FollowedQuestion, ...]
