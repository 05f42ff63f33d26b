"""What the API takes and gives (docs/api.md), and what the page keeps."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (pydantic reads the annotations)
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sourcebot.render.schema import Model, Offset, QuoteModel, ReplyModel, SourceModel, Text


class FilterModel(Model):
    """Which articles may be quoted."""

    source: Annotated[Text, Field(description="Part of the title or file, or a shell pattern")] = ""
    publisher: Annotated[Text, Field(description="Part of the publisher's name")] = ""
    since: Annotated[dt.date | None, Field(description="First day of publication")] = None
    until: Annotated[dt.date | None, Field(description="Last day of publication")] = None
    as_of: Annotated[dt.date | None, Field(description="Answer with what was known then")] = None

    def used(self) -> dict[str, str]:
        """Return the filters that are set, as they stand in an address."""
        values = ((name, getattr(self, name)) for name in FilterModel.model_fields)
        return {name: str(value) for name, value in values if value}

    def filters(self) -> FilterModel:
        """Return the filters alone."""
        return FilterModel(**{name: getattr(self, name) for name in FilterModel.model_fields})


After = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=1000)], ...],
    Field(max_length=6, description="Questions before it, the oldest first, each written out"),
]


class AskModel(FilterModel):
    """A question; one such as "since when?" is tried with those before it."""

    question: Annotated[str, Field(min_length=1, max_length=20_000)]
    after: After = ()


class AskQuery(FilterModel):
    """A question in an address, which is shorter: long ones are not passed on everywhere."""

    question: Annotated[str, Field(min_length=1, max_length=1000)]


class ClaimModel(FilterModel):
    """A claim."""

    claim: Annotated[str, Field(min_length=1, max_length=20_000)]


class FollowModel(FilterModel):
    """A question to follow."""

    question: Annotated[str, Field(min_length=1, max_length=20_000)]


class FollowChange(Model):
    """What becomes of a followed question; null leaves it as it is."""

    muted: Annotated[bool | None, Field(description="Whether what is new is kept back")] = None
    seen: Annotated[bool, Field(description="Forget what is new about it")] = False


class TopicModel(FilterModel):
    """What a timeline is about; ``since`` and ``until`` bound the dates of the events."""

    topic: Annotated[str, Field(min_length=1, max_length=20_000)]


class ListQuery(Model):
    """Which part of the list of articles."""

    text: Annotated[Text, Field(description="Part of the title or file, or a shell pattern")] = ""
    publisher: Annotated[Text, Field(description="Part of the publisher's name")] = ""
    since: Annotated[dt.date | None, Field(description="First day of publication")] = None
    until: Annotated[dt.date | None, Field(description="Last day of publication")] = None
    language: Annotated[str, Field(max_length=20, description="ISO 639 code")] = ""
    offset: Annotated[int, Field(ge=0, le=10**9, description="How many to leave out")] = 0
    limit: Annotated[int, Field(ge=1, le=500, description="How many at most")] = 100


class RangeQuery(Model):
    """Which part of an article's text, in code points."""

    start: Annotated[int, Field(ge=0, le=2**31, description="Where the text begins")] = 0
    end: Annotated[int | None, Field(ge=0, le=2**31, description="Where it ends")] = None
    longest: Annotated[int, Field(ge=0, le=200_000, description="How much at most")] = 100_000


Changed = Annotated[
    int | None,
    Field(
        ge=0,
        description="How many source files are not as they were indexed; null when it is not known"
        " or the token opens only some",
    ),
]


class AskedModel(ReplyModel):
    """A reply with its permanent link; null when answers are not kept."""

    id: str | None = None
    permalink: str | None = None
    changed: Changed = None


class Standing(Model):
    """What became of a quote since: where its words stand now, null when they do not."""

    quote: Annotated[int, Field(ge=1, description="Its number among quotes, then nearest")]
    standing: Literal["intact", "moved", "altered", "gone"]
    start: Offset | None = None
    end: Offset | None = None


class GivenModel(Model):
    """An answer as it was given, and what became of its quotes."""

    id: str
    given: dt.datetime
    filters: FilterModel
    reply: ReplyModel
    standings: tuple[Standing, ...]


class NewsModel(Model):
    """Something new about a followed question; no reply when it may be seen no longer."""

    happened: Literal["answered", "changed", "withdrawn"]
    reply: ReplyModel | None


class FollowedModel(Model):
    """A question that is asked again whenever the index changes."""

    number: Annotated[int, Field(ge=1)]
    question: str
    filters: FilterModel
    since: dt.datetime
    muted: bool
    answered: Annotated[bool, Field(description="Whether the articles answered it last")]
    news: Annotated[tuple[NewsModel, ...], Field(description="What was not marked as seen")]


class FollowedList(Model):
    """The followed questions, the oldest first."""

    followed: tuple[FollowedModel, ...]


class ListedModel(SourceModel):
    """An article in the list."""

    paragraphs: Annotated[int, Field(ge=0)]


class SourcesModel(Model):
    """A part of the list of articles."""

    total: Annotated[int, Field(ge=0)]
    offset: Offset
    sources: tuple[ListedModel, ...]


class HeadingModel(Model):
    """A heading of an article."""

    level: Annotated[int, Field(ge=1, le=6)]
    text: str
    start: Offset


class KeptModel(Model):
    """A file that is kept of an article: the original, or an earlier version of its text."""

    name: str
    day: dt.date | None
    size: Annotated[int, Field(ge=0)]
    version: bool
    href: str


class ArticleModel(Model):
    """An article, and a part of its text: code points ``start`` to ``end`` of ``length``."""

    source: SourceModel
    changed: Annotated[bool, Field(description="Whether the file has changed since the indexing")]
    sha256: Annotated[str, Field(description="Digest of the file's bytes as they are now")]
    length: Annotated[int, Field(ge=0)]
    start: Offset
    end: Offset
    text: str
    outline: tuple[HeadingModel, ...]
    copies: tuple[SourceModel, ...]
    kept: tuple[KeptModel, ...]


class VerifyModel(Model):
    """A reply in schema 1, of which the quotes are checked."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    question: str = ""
    quotes: Annotated[tuple[QuoteModel, ...], Field(max_length=200)] = ()
    nearest: Annotated[tuple[QuoteModel, ...], Field(max_length=200)] = ()


class VerifiedModel(Model):
    """What became of each quote, in the order of quotes, then nearest."""

    verbatim: Annotated[bool, Field(description="Whether quotes are there and all stand")]
    standings: tuple[Standing, ...]


class IndexModel(Model):
    """What the index holds."""

    generation: str
    articles: Annotated[int, Field(ge=0)]
    paragraphs: Annotated[int, Field(ge=0)]
    running: bool
    error: Annotated[str | None, Field(description="Why the last run from here failed")] = None


class Message(BaseModel):
    """A message of a chat; the last of the role "user" is answered, and may refer to others."""

    model_config = ConfigDict(extra="ignore")

    role: Annotated[str, Field(max_length=50)]
    content: str | list[dict[str, Any]] | None = None


class StreamOptions(BaseModel):
    """What a stream ends with; other keys are ignored."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool = False


class ChatModel(BaseModel):
    """A request in the shape of OpenAI's chat completions; other keys are ignored."""

    model_config = ConfigDict(extra="ignore")

    model: Annotated[str, Field(max_length=200)] = "sourcebot"
    messages: Annotated[list[Message], Field(min_length=1, max_length=1000)]
    stream: bool = False
    stream_options: StreamOptions | None = None


class ChatMessage(Model):
    """The reply as a message."""

    role: Literal["assistant"] = "assistant"
    content: str


class Choice(Model):
    """The only choice."""

    index: Literal[0] = 0
    message: ChatMessage
    finish_reason: Literal["stop"] = "stop"


class Usage(Model):
    """No model generates text, so no tokens are counted."""

    prompt_tokens: Literal[0] = 0
    completion_tokens: Literal[0] = 0
    total_tokens: Literal[0] = 0


class ChatCompletion(Model):
    """The reply in the shape of OpenAI's chat completions, with the quotes in ``citations``."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: Annotated[int, Field(ge=0)]
    model: str
    choices: tuple[Choice, ...]
    usage: Usage = Usage()
    citations: tuple[QuoteModel, ...]


class ModelCard(Model):
    """The one model that chat programs can choose."""

    id: Literal["sourcebot"] = "sourcebot"
    object: Literal["model"] = "model"
    created: Literal[0] = 0
    owned_by: Literal["sourcebot"] = "sourcebot"


class ModelList(Model):
    """The models that chat programs can choose."""

    object: Literal["list"] = "list"
    data: tuple[ModelCard, ...] = (ModelCard(),)


class ChatError(Model):
    """An error in OpenAI's shape, as chat programs show it."""

    message: str
    type: str
    param: None = None
    code: str


class Problem(Model):
    """An error (RFC 9457); ``error`` repeats it for chat programs."""

    type: Annotated[str, Field(description="urn:sourcebot:problem:NAME, the same for its kind")]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    hint: Annotated[str | None, Field(description="What to do next")] = None
    error: Annotated[ChatError | None, Field(description="To chat programs alone")] = None
