"""The page Followed, and the same for programs: questions that are asked again at each index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from sourcebot.errors import NotFound, QuestionError
from sourcebot.frontends.web.api import body_of, json_response
from sourcebot.frontends.web.models import (
    FilterModel,
    FollowChange,
    FollowedList,
    FollowedModel,
    FollowModel,
    NewsModel,
)
from sourcebot.frontends.web.quotes import quote_views
from sourcebot.frontends.web.site import as_filters, filters_from
from sourcebot.frontends.web.templating import language_of, page
from sourcebot.render.as_json import reply_to_dict
from sourcebot.render.problems import question_problem
from sourcebot.render.schema import ReplyModel
from sourcebot.text.display import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from sourcebot.frontends.web.access import Caller
    from sourcebot.frontends.web.site import Site
    from sourcebot.frontends.web.words import Words
    from sourcebot.types.waiting import Followed, Notice

MOST_FOLLOWED = 100
"""Most questions that one token, or everybody where none is needed, may follow."""

_SHOWN_QUOTES = 2


class Following:
    """Handlers of one site. Each token has its own questions; without tokens all share them."""

    def __init__(self, site: Site) -> None:
        """Take what they share."""
        self._site = site

    # For people

    async def page(self, request: Request) -> Response:
        """Show the followed questions and what is new, or follow another one."""
        site, words = self._site, language_of(request)
        if request.method == "POST":
            async with request.form(max_files=0, max_fields=10) as given:
                values = {name: str(value) for name, value in given.items()}
            try:
                await self._follow(request, values.pop("q", ""), filters_from(values))
            except QuestionError as error:
                wrong = question_problem(error.message, error.hint)
                if not wrong or wrong.name != "followed_already":
                    raise
            return RedirectResponse("/follow", 303)
        caller = site.caller(request, "ask")
        found = await self._list(caller)
        news = [_news_view(f, new, words) for f in found for new in f.news if not f.muted]
        rows = [_row(f, words) for f in found]
        return page(request, site, "followed.html", here="followed", news=news, rows=rows)

    async def change(self, request: Request) -> Response:
        """Mute a question or tell of it again, end it, or forget what was new about it."""
        caller = self._site.caller(request, "ask")
        async with request.form(max_files=0, max_fields=2) as given:
            action = str(given.get("do", ""))
        waiting = self._site.project.waiting
        number = (await self._mine(request, caller)).number
        actions: Mapping[str, Callable[[], None]] = {
            "mute": lambda: waiting.mute(number),
            "unmute": lambda: waiting.mute(number, muted=False),
            "end": lambda: waiting.end(number),
            "seen": lambda: waiting.forget(number),
        }
        if action not in actions:
            raise QuestionError(f"do = {one_line(action)[:50]!r}", f"write {', '.join(actions)}")
        await run_in_threadpool(actions[action])
        return RedirectResponse("/follow", 303)

    # For programs

    async def followed(self, request: Request) -> Response:
        """Give the followed questions, or follow another one."""
        caller = self._site.caller(request, "ask")
        if request.method != "POST":
            return json_response(FollowedList(followed=await self._list(caller)))
        given = await body_of(FollowModel, request)
        made = await self._follow(request, given.question, given.filters())
        return json_response(_model(made, ()), 201)

    async def one(self, request: Request) -> Response:
        """Change or end a followed question, and give it."""
        caller = self._site.caller(request, "ask")
        found = await self._mine(request, caller)
        waiting = self._site.project.waiting
        if request.method == "DELETE":
            await run_in_threadpool(waiting.end, found.number)
            return json_response(found)
        given = await body_of(FollowChange, request)
        if given.muted is not None:
            await run_in_threadpool(lambda: waiting.mute(found.number, muted=bool(given.muted)))
        if given.seen:
            await run_in_threadpool(waiting.forget, found.number)
        return json_response(await self._mine(request, caller))

    # For both

    async def _follow(self, request: Request, question: str, filters: FilterModel) -> Followed:
        """Follow a question; it is asked now, and counts as one.

        Raises:
            QuestionError: when it cannot be used, is followed already, or there are too many.
        """
        site = self._site
        caller = site.counted(request)
        place = caller.place
        if len(await run_in_threadpool(site.project.waiting.list, place)) >= MOST_FOLLOWED:
            raise QuestionError(f"{MOST_FOLLOWED} questions are followed already", "end one first")
        allowed = as_filters(filters, caller)
        followed, _ = await run_in_threadpool(site.project.follow, question, allowed, place)
        return followed

    async def _list(self, caller: Caller) -> tuple[FollowedModel, ...]:
        """Return the caller's followed questions, with what is new about each."""
        waiting, place = self._site.project.waiting, caller.place
        found = await run_in_threadpool(waiting.list, place)
        news: dict[int, list[NewsModel]] = {}
        for notice in await run_in_threadpool(waiting.notices, place):
            news.setdefault(notice.followed.number, []).append(self._news(notice, caller))
        return tuple(_model(f, tuple(news.get(f.number, ()))) for f in found)

    def _news(self, notice: Notice, caller: Caller) -> NewsModel:
        """Return what is new; without the reply when the caller may see it no longer."""
        reply = ReplyModel.model_validate(reply_to_dict(notice.reply))
        viewing = self._site.project.viewing
        seen = all(viewing.allows(s.source(), caller.scope) for s in reply.sources())
        return NewsModel(happened=notice.happened.value, reply=reply if seen else None)

    async def _mine(self, request: Request, caller: Caller) -> FollowedModel:
        """Return the followed question that an address names, if it is the caller's.

        Raises:
            NotFound: when there is none of that number for them.
        """
        name = request.path_params["id"]
        for followed in await self._list(caller):
            if str(followed.number) == name:
                return followed
        raise NotFound("no question is followed under that number", "see the list")


def _model(followed: Followed, news: tuple[NewsModel, ...]) -> FollowedModel:
    filters = followed.filters
    return FollowedModel(
        number=followed.number,
        question=followed.question,
        filters=FilterModel(
            source=filters.source,
            publisher=filters.publisher,
            since=filters.since,
            until=filters.until,
            as_of=filters.as_of,
        ),
        since=followed.since,
        muted=followed.muted,
        answered=followed.answered,
        news=news,
    )


def _row(followed: FollowedModel, words: Words) -> dict[str, Any]:
    """Return a followed question as the list shows it."""
    filters = followed.filters.used()
    return {
        "number": followed.number,
        "question": one_line(followed.question),
        "href": f"/?{urlencode({'q': followed.question, **filters})}",
        "muted": followed.muted,
        "facts": [
            words.follow_answered if followed.answered else words.follow_waiting,
            words.follow_since.format(day=words.day(followed.since.date())),
            *([words.follow_muted] if followed.muted else []),
            *(f"{getattr(words, name)}: {one_line(value)}" for name, value in filters.items()),
        ],
    }


def _news_view(followed: FollowedModel, new: NewsModel, words: Words) -> dict[str, Any]:
    reply = new.reply
    quotes = reply.quotes[:_SHOWN_QUOTES] if reply else ()
    return {
        **_row(followed, words),
        "happened": words.happened[new.happened],
        "quotes": quote_views(quotes, words, "", answers=True),
    }
