"""The API for programs, under /v1 (docs/api.md)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote as percent_encoded
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from sourcebot.errors import IndexLocked, SourcebotError
from sourcebot.frontends.web.models import (
    ArticleModel,
    AskedModel,
    AskModel,
    AskQuery,
    ClaimModel,
    FilterModel,
    GivenModel,
    HeadingModel,
    IndexModel,
    KeptModel,
    ListedModel,
    ListQuery,
    RangeQuery,
    SourcesModel,
    VerifiedModel,
    VerifyModel,
)
from sourcebot.frontends.web.problems import Refused
from sourcebot.frontends.web.site import as_filters
from sourcebot.render.claim_schema import CheckModel
from sourcebot.render.claims import check_to_dict
from sourcebot.render.schema import source_model
from sourcebot.text.display import one_line
from sourcebot.types import Filters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from sourcebot.checks.viewing.view import ArticleView
    from sourcebot.frontends.web.access import Caller
    from sourcebot.frontends.web.site import Site

T = TypeVar("T", bound=BaseModel)

_SHOWN = 80
"""So much of a wrong value is named."""


class Api:
    """Handlers of one site."""

    def __init__(self, site: Site) -> None:
        """Take what they share."""
        self._site = site
        self._indexing: asyncio.Task[None] | None = None
        self._index_error: str | None = None

    async def close(self) -> None:
        """Wait for the run of the indexer that was started from here, if any."""
        if self._indexing:
            await self._indexing

    async def ask(self, request: Request) -> Response:
        """Answer a question."""
        self._site.caller(request, "ask")
        given = (
            query_of(AskQuery, request)
            if request.method == "GET"
            else await body_of(AskModel, request)
        )
        after = given.after if isinstance(given, AskModel) else ()
        asked = await self._site.ask(request, given.question, given.filters(), after)
        found = {
            **asked.reply.model_dump(by_alias=True),
            "id": asked.id or None,
            "permalink": f"/a/{asked.id}" if asked.id else None,
            "changed": asked.changed,
        }
        return json_response(AskedModel.model_validate(found))

    async def check(self, request: Request) -> Response:
        """Say what the articles say of a claim."""
        self._site.caller(request, "ask")
        given = await body_of(ClaimModel, request)
        check = await self._site.check(request, given.claim, given.filters())
        return json_response(CheckModel.model_validate(check_to_dict(check)))

    async def answer(self, request: Request) -> Response:
        """Give an answer as it was given, and what became of its quotes."""
        site = self._site
        caller = site.caller(request, "read")
        kept = await site.answer(caller, request.path_params["id"])
        standings = await site.standings((*kept.reply.quotes, *kept.reply.nearest), caller)
        return json_response(
            GivenModel(
                id=kept.id,
                given=kept.given,
                filters=kept.filters,
                reply=kept.reply,
                standings=standings,
            )
        )

    async def verify(self, request: Request) -> Response:
        """Say what became of the quotes of a reply."""
        site = self._site
        caller = site.caller(request, "read")
        given = await body_of(VerifyModel, request)
        standings = await site.standings((*given.quotes, *given.nearest), caller)
        verbatim = bool(standings) and all(s.standing == "intact" for s in standings)
        return json_response(VerifiedModel(verbatim=verbatim, standings=standings))

    async def sources(self, request: Request) -> Response:
        """Give a part of the list of articles."""
        site = self._site
        caller = site.caller(request, "read")
        query = query_of(ListQuery, request)
        wanted = FilterModel(
            source=query.text, publisher=query.publisher, since=query.since, until=query.until
        )
        viewing = site.project.viewing
        found = await run_in_threadpool(viewing.articles, as_filters(wanted, caller))
        rows = [a for a in found if not query.language or a.source.language == query.language]
        part = rows[query.offset : query.offset + query.limit]
        listed = tuple(
            ListedModel(**source_model(a.source).model_dump(), paragraphs=a.paragraphs)
            for a in part
        )
        return json_response(SourcesModel(total=len(rows), offset=query.offset, sources=listed))

    async def source(self, request: Request) -> Response:
        """Give an article and a part of its text."""
        site = self._site
        caller = site.caller(request, "read")
        query = query_of(RangeQuery, request)
        name = request.path_params["id"]
        view = await run_in_threadpool(site.project.viewing.article, name, caller.scope)
        return json_response(article_model(view, query))

    async def index(self, request: Request) -> Response:
        """Say what the index holds, or bring it up to date; answers go on from the old one."""
        if request.method != "POST":
            caller = self._site.caller(request, "read")
            return json_response(await self._state(caller))
        caller = self._site.caller(request, "admin")
        if self._indexing and not self._indexing.done():
            raise IndexLocked("the index is being brought up to date already", "wait for it")
        self._indexing = asyncio.create_task(self._run())
        return json_response(await self._state(caller), 202)

    async def _run(self) -> None:
        try:
            await run_in_threadpool(self._site.project.index)
            self._index_error = None
        except SourcebotError as error:
            self._index_error = one_line(str(error))

    async def _state(self, caller: Caller) -> IndexModel:
        """Return what of the index the caller may see, and how far it is."""
        project = self._site.project
        info = await run_in_threadpool(project.info)
        articles, paragraphs, error = info.articles, info.paragraphs, self._index_error
        if caller.scope:
            seen = await run_in_threadpool(project.viewing.articles, Filters(scope=caller.scope))
            articles, paragraphs = len(seen), sum(article.paragraphs for article in seen)
            # The error may name what they may not see.
            error = error and "it failed; a token for all articles is told why"
        return IndexModel(
            generation=info.name,
            articles=articles,
            paragraphs=paragraphs,
            running=bool(self._indexing and not self._indexing.done()),
            error=error,
        )


def article_model(view: ArticleView, query: RangeQuery) -> ArticleModel:
    """Return an article with the part of its text that is asked for."""
    length = len(view.text)
    start = min(query.start, length)
    end = min(length, max(start, query.end if query.end is not None else start + query.longest))
    end = min(end, start + query.longest)
    href = f"/kept/{percent_encoded(view.source.path)}"
    return ArticleModel(
        source=source_model(view.source),
        changed=view.changed,
        sha256=view.sha256,
        length=length,
        start=start,
        end=end,
        text=view.text[start:end],
        outline=tuple(
            HeadingModel(level=h.level, text=h.words, start=h.span.start) for h in view.outline
        ),
        copies=tuple(map(source_model, view.copies)),
        kept=tuple(
            KeptModel(
                name=kept.name,
                day=kept.day,
                size=kept.size,
                version=kept.version,
                href=f"{href}?{urlencode({'name': kept.name})}",
            )
            for kept in view.kept
        ),
    )


def json_response(value: BaseModel, status: int = 200) -> Response:
    """Return a model as JSON."""
    return Response(value.model_dump_json(by_alias=True), status, media_type="application/json")


async def body_of(model: type[T], request: Request) -> T:
    """Return the JSON that a request brings, as a model.

    Raises:
        Refused: when it is none.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused(415, "type", "the request is not JSON", "send Content-Type: application/json")
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        raise _wrong(error) from error


def query_of(model: type[T], request: Request) -> T:
    """Return the parameters of an address as a model; others are passed over.

    Raises:
        Refused: when one is wrong.
    """
    values: Mapping[str, str] = {
        name: request.query_params[name]
        for name in model.model_fields
        if name in request.query_params
    }
    for name in values:
        if len(request.query_params.getlist(name)) > 1:
            raise Refused(422, "request", f"{name} is given more than once", "give it once")
    try:
        return model.model_validate_strings(values)
    except ValidationError as error:
        raise _wrong(error) from error


def _wrong(error: ValidationError) -> Refused:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "the request"
    given = first["input"]
    shown = f" (it is {str(given)[:_SHOWN]!r})" if isinstance(given, str | int | float) else ""
    detail = f"{where}: {first['msg'].lower()}{shown}"
    return Refused(422, "request", detail, "openapi.json says what is valid")
