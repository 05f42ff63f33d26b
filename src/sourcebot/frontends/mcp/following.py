"""The tools that follow questions: asked again whenever the articles change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from mcp.server.mcpserver import Context  # noqa: TC002 (the SDK reads the annotations)
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from sourcebot.frontends.mcp.calls import READS, Question, count_question, done, place_of, scope_of
from sourcebot.frontends.mcp.models import FollowedQuestion, FollowedQuestions, News
from sourcebot.render.as_json import reply_to_dict
from sourcebot.render.schema import ReplyModel
from sourcebot.types import Filters, Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mcp.server import MCPServer

    from sourcebot.project import Project
    from sourcebot.types.waiting import Followed, Notice

_FOLLOWS = ToolAnnotations(
    read_only_hint=False, destructive_hint=False, idempotent_hint=False, open_world_hint=False
)


def add_following(server: MCPServer[Any], project: Project) -> None:
    """Give a server the tools that follow questions of a project."""
    tools = FollowTools(project)
    for tool, title, kind in (
        (tools.followed, "List followed questions", READS),
        (tools.follow, "Follow a question", _FOLLOWS),
        (tools.unfollow, "Follow a question no longer", _FOLLOWS),
    ):
        server.add_tool(tool, title=title, annotations=kind, structured_output=True)


class FollowTools:
    """The tools of one project."""

    def __init__(self, project: Project) -> None:
        """Take what they read and follow."""
        self._project = project

    async def follow(self, question: Question, context: Context[Any, Any]) -> FollowedQuestion:
        """Ask a question again whenever the articles change; `followed` then says what is new."""
        count_question(context)
        filters = Filters(scope=scope_of(context))
        made, _ = await done(self._project.follow, question, filters, place_of(context))
        return _followed(made)

    async def followed(self, context: Context[Any, Any]) -> FollowedQuestions:
        """List the followed questions, and what is new about each until it is ended or seen."""
        waiting, mine, allowed = self._project.waiting, place_of(context), scope_of(context)
        news: dict[int, list[News]] = {}
        for notice in await done(waiting.notices, mine):
            news.setdefault(notice.followed.number, []).append(self._news(notice, allowed))
        found = await done(waiting.list, mine)
        return FollowedQuestions(
            followed=tuple(_followed(f, news.get(f.number, ())) for f in found)
        )

    async def unfollow(
        self,
        number: Annotated[int, Field(description="The `number` of a followed question", ge=1)],
        context: Context[Any, Any],
    ) -> FollowedQuestions:
        """Follow a question no longer, and list those that are left."""
        waiting = self._project.waiting
        if number not in {f.number for f in await done(waiting.list, place_of(context))}:
            raise ToolError("no question is followed under that number")
        await done(waiting.end, number)
        return await self.followed(context)

    def _news(self, notice: Notice, scope: Scope) -> News:
        reply = ReplyModel.model_validate(reply_to_dict(notice.reply))
        viewing = self._project.viewing
        seen = all(viewing.allows(source.source(), scope) for source in reply.sources())
        return News(happened=notice.happened.value, reply=reply if seen else None)


def _followed(followed: Followed, news: Sequence[News] = ()) -> FollowedQuestion:
    return FollowedQuestion(
        number=followed.number,
        question=followed.question,
        since=followed.since,
        muted=followed.muted,
        answered=followed.answered,
        news=tuple(news),
    )
