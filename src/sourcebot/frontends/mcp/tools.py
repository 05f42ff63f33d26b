"""The tools: they see only what whoever calls may see, and change nothing but what is followed."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context  # noqa: TC002 (the SDK reads the annotations)
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from sourcebot import __version__
from sourcebot.errors import SourcebotError
from sourcebot.frontends.mcp.calls import READS, Question, count_question, done, scope_of
from sourcebot.frontends.mcp.following import add_following
from sourcebot.frontends.mcp.models import (
    ArticleText,
    Checked,
    Fetched,
    Listed,
    Reply,
    Result,
    Results,
)
from sourcebot.render.as_json import reply_to_dict
from sourcebot.render.claim_schema import CheckModel
from sourcebot.render.claims import check_to_dict
from sourcebot.render.links import web_address
from sourcebot.render.schema import ReplyModel, source_model
from sourcebot.render.timeline_schema import TimelineModel
from sourcebot.render.timelines import timeline_to_dict
from sourcebot.render.wording import attribution
from sourcebot.text.display import one_line
from sourcebot.types import Filters, Scope

if TYPE_CHECKING:
    from sourcebot.project import Project
    from sourcebot.types import Source

LONGEST = 100_000
"""Most code points of an article's text at once."""

_INSTRUCTIONS = (
    "sourcebot answers questions only with verbatim quotes from a fixed collection of articles, "
    "each with its source, and says so when they do not answer. Quote its words unchanged and "
    "name the source. When `answered` is false, the collection does not hold the answer."
)
_CHANGED_SECONDS = 30.0
Words = Annotated[str, Field(max_length=2000)]
File = Annotated[str, Field(description="The `file` of a source", max_length=2000)]
Start = Annotated[int, Field(ge=0, le=2**31)]
Day = Annotated[dt.date | None, Field(description="YYYY-MM-DD")]
AsOf = Annotated[dt.date | None, Field(description="Answer with what was known on that day")]


def make_server(project: Project) -> MCPServer[Any]:
    """Return a server whose tools read a project, which is open and stays so."""
    server: MCPServer[Any] = MCPServer(
        "sourcebot", version=__version__, instructions=_INSTRUCTIONS, log_level="WARNING"
    )
    tools = Tools(project)
    for tool, title in (
        (tools.ask, "Ask for quotes"),
        (tools.check, "Check a claim"),
        (tools.timeline, "List dated quotes in order"),
        (tools.sources, "List articles"),
        (tools.read, "Read an article"),
        (tools.verify, "Verify a quote"),
        (tools.search, "Search"),
        (tools.fetch, "Fetch"),
    ):
        server.add_tool(tool, title=title, annotations=READS, structured_output=True)
    add_following(server, project)
    return server


class Tools:
    """The tools of one project."""

    def __init__(self, project: Project) -> None:
        """Take what they read."""
        self._project = project

    async def ask(
        self,
        question: Question,
        context: Context[Any, Any],
        *,
        source: Annotated[Words, Field(description="Part of the title or file")] = "",
        publisher: Annotated[Words, Field(description="Part of the publisher's name")] = "",
        since: Day = None,
        until: Day = None,
        as_of: AsOf = None,
    ) -> Reply:
        """Answer a question with verbatim quotes and their sources, or say why there are none."""
        scope = scope_of(context)
        filters = Filters(source, publisher, since, until, scope=scope, as_of=as_of)
        reply, changed = await asyncio.gather(
            self._asked(context, question, filters), self._changed(scope)
        )
        return _reply(reply, changed)

    async def check(
        self,
        claim: Annotated[str, Field(description="A sentence", min_length=1, max_length=1000)],
        context: Context[Any, Any],
        as_of: AsOf = None,
    ) -> CheckModel:
        """Say what the articles say of a claim: supports, contradicts, partly, silent, or unsure.

        Words in quotation marks are looked up as well. It is never said whether a claim is true.
        """
        count_question(context)
        filters = Filters(scope=scope_of(context), as_of=as_of)
        check = await done(self._project.check, claim, filters)
        return CheckModel.model_validate(check_to_dict(check))

    async def timeline(
        self,
        topic: Annotated[
            str, Field(description="A phrase or a question", min_length=1, max_length=1000)
        ],
        context: Context[Any, Any],
        *,
        since: Day = None,
        until: Day = None,
        as_of: AsOf = None,
    ) -> TimelineModel:
        """List what the articles date of a topic, in order: verbatim quotes that state a date.

        `since` and `until` bound the dates of the events, not the days of the reports.
        """
        count_question(context)
        filters = Filters(since=since, until=until, scope=scope_of(context), as_of=as_of)
        found = await done(self._project.timeline, topic, filters)
        return TimelineModel.model_validate(timeline_to_dict(found))

    async def sources(
        self,
        context: Context[Any, Any],
        *,
        text: Annotated[Words, Field(description="Part of the title or file")] = "",
        publisher: Annotated[Words, Field(description="Part of the publisher's name")] = "",
        since: Day = None,
        until: Day = None,
        offset: Start = 0,
        limit: Annotated[int, Field(ge=1, le=200)] = 50,
    ) -> Listed:
        """List the articles of the collection, with publisher, author and date."""
        filters = Filters(text, publisher, since, until, scope=scope_of(context))
        found = await done(self._project.viewing.articles, filters)
        part = found[offset : offset + limit]
        listed = tuple(source_model(article.source) for article in part)
        return Listed(total=len(found), offset=offset, sources=listed)

    async def read(
        self,
        file: File,
        context: Context[Any, Any],
        start: Annotated[Start, Field(description="Code point to begin at")] = 0,
        longest: Annotated[int, Field(ge=1, le=LONGEST)] = 20_000,
    ) -> ArticleText:
        """Read the text of an article, or a part of it, as its offsets count."""
        view = await done(self._project.viewing.article, file, scope_of(context))
        begin = min(start, len(view.text))
        end = min(len(view.text), begin + longest)
        return ArticleText(
            source=source_model(view.source),
            changed=view.changed,
            length=len(view.text),
            start=begin,
            end=end,
            text=view.text[begin:end],
        )

    async def verify(
        self,
        file: File,
        text: Annotated[str, Field(description="The words, verbatim", max_length=20_000)],
        context: Context[Any, Any],
        start: Annotated[Start, Field(description="Code point where they should begin")] = 0,
    ) -> Checked:
        """Say whether words stand verbatim in an article, and where."""
        viewing = self._project.viewing
        scope = scope_of(context)
        try:
            source = await done(viewing.source, file, scope)
        except ToolError:
            return Checked(standing="gone")
        stands = await done(viewing.standing, source, text, start, scope)
        span = stands.span
        return Checked(
            standing=stands.standing.value,
            start=span.start if span else None,
            end=span.end if span else None,
        )

    async def search(
        self,
        query: Annotated[str, Field(description="A question or words", max_length=1000)],
        context: Context[Any, Any],
    ) -> Results:
        """Search the articles; each result is a verbatim quote, which may not answer."""
        reply = await self._asked(context, query, Filters(scope=scope_of(context)))
        found: dict[str, Result] = {}
        for quote in (*reply.quotes, *reply.nearest):
            source = quote.source
            found.setdefault(
                source.file,
                Result(
                    id=source.file,
                    title=one_line(source.title),
                    url=quote.link or web_address(source.url or ""),
                    text=quote.text,
                ),
            )
        return Results(results=tuple(found.values()))

    async def fetch(
        self,
        id: Annotated[str, Field(description="The `id` of a result", max_length=2000)],  # noqa: A002
        context: Context[Any, Any],
    ) -> Fetched:
        """Fetch an article that a search found."""
        view = await done(self._project.viewing.article, id, scope_of(context))
        source = view.source
        return Fetched(
            id=source.path,
            title=one_line(source.title),
            text=view.text[:LONGEST],
            url=web_address(source.url),
            metadata=_metadata(source),
        )

    async def _asked(
        self, context: Context[Any, Any], question: str, filters: Filters
    ) -> ReplyModel:
        count_question(context)
        try:
            future = self._project.submit(question, filters)
            reply = await asyncio.wrap_future(future)
        except SourcebotError as error:
            raise ToolError(one_line(str(error))) from error
        return ReplyModel.model_validate(reply_to_dict(reply))

    async def _changed(self, scope: Scope) -> int | None:
        """Return how many source files are not as they were indexed, if all may be seen."""
        if scope:
            return None
        try:
            return await asyncio.to_thread(self._project.changed, _CHANGED_SECONDS)
        except SourcebotError:  # asking tells what is wrong with the index
            return None


def _reply(reply: ReplyModel, changed: int | None) -> Reply:
    return Reply(
        question=reply.question,
        meant=reply.meant,
        answered=reply.answered,
        message=reply.message,
        confidence=reply.confidence,
        quotes=reply.quotes,
        nearest=reply.nearest,
        conflict=reply.conflict,
        later=reply.later,
        changed=changed,
    )


def _metadata(source: Source) -> dict[str, str]:
    found = {
        "citation": attribution(source, paragraph=False),
        "publisher": source.publisher,
        "author": source.author,
        "published": source.published.isoformat() if source.published else "",
        "language": source.language,
        "sha256": source.sha256,
    }
    return {name: value for name, value in found.items() if value}
