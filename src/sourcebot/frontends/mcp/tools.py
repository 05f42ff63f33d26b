"""The tools: they read only, and see only what whoever calls may see."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context  # noqa: TC002 (the SDK reads the annotations)
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from sourcebot import __version__
from sourcebot.errors import NotFound, SourcebotError
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
from sourcebot.render.wording import attribution
from sourcebot.text.display import one_line
from sourcebot.types import Filters, Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcebot.project import Project
    from sourcebot.types import Source

SCOPE = "sourcebot.scope"
"""Key of the ASGI scope under which a server that mounts the tools says what a caller may see."""

LIMIT = "sourcebot.limit"
"""Key of a function that counts a question and returns the seconds to wait, 0 for none."""

LONGEST = 100_000
"""Most code points of an article's text at once."""

_INSTRUCTIONS = (
    "sourcebot answers questions only with verbatim quotes from a fixed collection of articles, "
    "each with its source, and says so when they do not answer. Quote its words unchanged and "
    "name the source. When `answered` is false, the collection does not hold the answer."
)
_READS = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)

Question = Annotated[str, Field(description="A whole question", min_length=1, max_length=1000)]
Words = Annotated[str, Field(max_length=2000)]
File = Annotated[str, Field(description="The `file` of a source", max_length=2000)]
Start = Annotated[int, Field(ge=0, le=2**31)]
Day = Annotated[dt.date | None, Field(description="YYYY-MM-DD")]


def make_server(project: Project) -> MCPServer[Any]:
    """Return a server whose tools read a project, which is open and stays so."""
    server: MCPServer[Any] = MCPServer(
        "sourcebot", version=__version__, instructions=_INSTRUCTIONS, log_level="WARNING"
    )
    tools = Tools(project)
    for tool, title in (
        (tools.ask, "Ask for quotes"),
        (tools.check, "Check a claim"),
        (tools.sources, "List articles"),
        (tools.read, "Read an article"),
        (tools.verify, "Verify a quote"),
        (tools.search, "Search"),
        (tools.fetch, "Fetch"),
    ):
        server.add_tool(tool, title=title, annotations=_READS, structured_output=True)
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
    ) -> Reply:
        """Answer a question with verbatim quotes and their sources, or say why there are none."""
        filters = Filters(source, publisher, since, until, scope=_scope(context))
        return _reply(await self._asked(context, question, filters))

    async def check(
        self,
        claim: Annotated[str, Field(description="A sentence", min_length=1, max_length=1000)],
        context: Context[Any, Any],
    ) -> CheckModel:
        """Say what the articles say of a claim: supports, contradicts, partly, silent, or unsure.

        Words in quotation marks are looked up as well. It is never said whether a claim is true.
        """
        _count(context)
        check = await _done(self._project.check, claim, Filters(scope=_scope(context)))
        return CheckModel.model_validate(check_to_dict(check))

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
        filters = Filters(text, publisher, since, until, scope=_scope(context))
        found = await _done(self._project.viewing.articles, filters)
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
        view = await _done(self._project.viewing.article, file, _scope(context))
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
        scope = _scope(context)
        try:
            source = await _done(viewing.source, file, scope)
        except ToolError:
            return Checked(standing="gone")
        stands = await _done(viewing.standing, source, text, start, scope)
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
        reply = await self._asked(context, query, Filters(scope=_scope(context)))
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
        view = await _done(self._project.viewing.article, id, _scope(context))
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
        _count(context)
        try:
            future = self._project.submit(question, filters)
            reply = await asyncio.wrap_future(future)
        except SourcebotError as error:
            raise ToolError(one_line(str(error))) from error
        return ReplyModel.model_validate(reply_to_dict(reply))


def _count(context: Context[Any, Any]) -> None:
    """Count a question.

    Raises:
        ToolError: when there were too many within a minute.
    """
    request = context.request_context.request
    count = request.scope.get(LIMIT) if request is not None else None
    if count and (seconds := count()):
        raise ToolError(f"too many questions: ask again in {seconds} s")


def _scope(context: Context[Any, Any]) -> Scope:
    """Return what the caller may see: all, on standard input and output."""
    request = context.request_context.request
    found = request.scope.get(SCOPE) if request is not None else Scope()
    if not isinstance(found, Scope):
        raise ToolError("nobody has said what may be seen")
    return found


async def _done(work: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401 (as the work)
    """Return what work gives on another thread; its errors are told to the caller."""
    try:
        return await asyncio.to_thread(work, *arguments)
    except (NotFound, SourcebotError) as error:
        raise ToolError(one_line(str(error))) from error


def _reply(reply: ReplyModel) -> Reply:
    return Reply(
        question=reply.question,
        answered=reply.answered,
        message=reply.message,
        confidence=reply.confidence,
        quotes=reply.quotes,
        nearest=reply.nearest,
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
