"""The JSON of replies (docs/json.md) as models: for checking what comes, and for JSON schemas."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (pydantic reads the annotations)
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sourcebot.render.as_json import source_to_dict
from sourcebot.render.citations import Cited
from sourcebot.render.markup import is_markdown, visible
from sourcebot.types import AbstentionReason, Relation, Source
from sourcebot.types.locators import Locator, LocatorKind

if TYPE_CHECKING:
    from collections.abc import Iterator

Text = Annotated[str, Field(max_length=300)]
Offset = Annotated[int, Field(ge=0, le=2**31)]


class Model(BaseModel):
    """A value with a fixed set of keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Model):
    """The words of a quote that answer, as a half-open range of code points of the file."""

    start: Offset
    end: Offset


class SourceModel(Model):
    """Where a quote stands; null where it is not known."""

    model_config = ConfigDict(extra="allow", frozen=True)

    file: str
    title: str
    publisher: str | None = None
    author: str | None = None
    published: dt.date | None = None
    url: str | None = None
    language: str | None = None
    foreign: bool = False
    page: int | str | None = None
    slide: int | str | None = None
    sheet: str | None = None
    time: str | None = None
    paragraph: Annotated[int, Field(ge=0, le=10**9)] = 0
    encoding: str = "utf-8"
    sha256: str = ""

    @property
    def locator(self) -> Locator | None:
        """The page, slide, sheet or time of the original."""
        found = {kind: getattr(self, kind.value) for kind in LocatorKind}
        return next((Locator(k, str(label)) for k, label in found.items() if label), None)

    def source(self) -> Source:
        """Return it as the attribution that filters look at."""
        return Source(
            path=self.file,
            title=self.title,
            publisher=self.publisher or "",
            author=self.author or "",
            published=self.published,
            url=self.url or "",
            sha256=self.sha256,
            encoding=self.encoding,
            language=self.language or "",
        )


class Excerpt(Model):
    """Verbatim words of a file, such as a heading."""

    text: str
    start: Offset
    end: Offset


class CellModel(Excerpt):
    """A cell of a table's row, with the cell of the header above it."""

    header: Excerpt | None = None


class QuoteModel(Model):
    """Verbatim words of a file: its text from ``start`` to ``end``, in code points."""

    model_config = ConfigDict(extra="allow", frozen=True)

    text: str
    start: Offset
    end: Offset
    link: str | None = None
    words: Words
    headings: tuple[Excerpt, ...] = ()
    opening: Excerpt | None = None
    cells: tuple[CellModel, ...] = ()
    probability: Annotated[float, Field(ge=0, le=1)] = 0.0
    source: SourceModel
    also: tuple[SourceModel, ...] = ()
    ranks: dict[str, int] = {}
    scores: dict[str, float] = {}

    def headings_read(self) -> tuple[str, ...]:
        """Return the headings above it as they would be read, the outermost first."""
        markdown = is_markdown(self.source.file)
        return tuple(visible(h.text)[0] if markdown else h.text for h in self.headings)

    def cited(self) -> Cited:
        """Return what a citation names."""
        source = self.source
        return Cited(
            text=self.text,
            file=source.file,
            start=self.start,
            end=self.end,
            title=source.title,
            publisher=source.publisher or "",
            author=source.author or "",
            published=source.published,
            url=source.url or "",
            locator=source.locator,
            language=source.language or "",
        )


class ValueModel(Model):
    """A value, and the quotes that give it."""

    value: str
    quotes: tuple[QuoteModel, ...]


class ConflictModel(Model):
    """Different values that sources give, and what they are to each other."""

    relation: Relation
    groups: tuple[ValueModel, ...]


class ReplyModel(Model):
    """An answer, or why there is none."""

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True)

    schema_version: Annotated[Literal[1], Field(alias="schema")] = 1
    question: str
    meant: str | None = None
    answered: bool
    reason: AbstentionReason | None = None
    message: str | None = None
    missing: str | None = None
    unread: str | None = None
    covered: tuple[SourceModel, ...] = ()
    options: tuple[str, ...] = ()
    confidence: Annotated[float, Field(ge=0, le=1)] = 0.0
    quotes: tuple[QuoteModel, ...] = ()
    nearest: tuple[QuoteModel, ...] = ()
    conflict: ConflictModel | None = None
    later: tuple[QuoteModel, ...] = ()
    open: tuple[str, ...] = ()
    parts: tuple[ReplyModel, ...] = ()

    def sources(self) -> tuple[SourceModel, ...]:
        """Return every source that the reply names, wherever it does."""
        return tuple(_sources_in(self.model_dump()))


def _sources_in(value: object) -> Iterator[SourceModel]:
    if isinstance(value, dict):
        if "file" in value and "title" in value:
            yield SourceModel.model_validate(value)
        for inner in value.values():
            yield from _sources_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _sources_in(inner)


def source_model(source: Source) -> SourceModel:
    """Return an attribution in the form of the JSON."""
    return SourceModel.model_validate(source_to_dict(source))
