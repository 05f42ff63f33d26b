"""Routes, and what becomes of errors: one application for the page, the API and MCP."""

from __future__ import annotations

from contextlib import asynccontextmanager, nullcontext
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sourcebot.errors import SourcebotError
from sourcebot.frontends.web.adding import Adding
from sourcebot.frontends.web.api import Api
from sourcebot.frontends.web.asking import Asking
from sourcebot.frontends.web.chat import Chat
from sourcebot.frontends.web.checking import Checking
from sourcebot.frontends.web.following import Following
from sourcebot.frontends.web.guard import Guard
from sourcebot.frontends.web.openapi import document
from sourcebot.frontends.web.problems import Refused, chat_error, problem, refused, told
from sourcebot.frontends.web.reading import Reading
from sourcebot.frontends.web.site import Site
from sourcebot.frontends.web.templating import (
    MEDIA_TYPES,
    asset_bytes,
    is_fragment,
    language_of,
    page,
)
from sourcebot.frontends.web.timing import Timing
from sourcebot.frontends.web.tools import Known

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.requests import Request

    from sourcebot.project import Project

_CHAT = ("/v1/chat/", "/v1/models")
_PROGRAMS = ("/v1/", "/mcp", "/openapi.json", "/health", "/live", "/metrics")
_SAID = {
    "Not Found": ("there is nothing at this address", "/openapi.json lists what there is"),
    "Method Not Allowed": ("this method is not offered here", "the header Allow names others"),
}
"""Detail and hint in place of what Starlette says."""

_KINDS = {400: "bad-request", 404: "not-found", 405: "method", 408: "slow", 413: "large"}


def make_app(project: Project, tools: Starlette | None = None) -> Starlette:
    """Return the application that serves a project, which is open and stays so.

    ``tools`` serves ``/mcp`` in it, and is told of each caller what they may see.

    Raises:
        ConfigError: when others than this machine could come without a token.
        WebError: when the file of the answers cannot be used.
    """
    site = Site(project)
    api, adding, checking = Api(site), Adding(site), Checking(site)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with tools.router.lifespan_context(tools) if tools else nullcontext():
            try:
                yield
            finally:
                await adding.close()
                await checking.close()
                await api.close()
                site.close()

    async def failed(request: Request, error: Exception) -> Response:
        return await _told(site, request, error)

    asking, reading, chat = Asking(site), Reading(site), Chat(site)
    following, timing = Following(site), Timing(site)
    app = Starlette(
        routes=[
            Route("/", asking.home),
            Route("/a/{name}", asking.answer),
            Route("/gaps", asking.gaps),
            Route("/add", adding.form, methods=["GET", "POST"]),
            Route("/add/{id}", adding.job),
            Route("/add/{id}/events", adding.events),
            Route("/sign-in", asking.sign_in, methods=["GET", "POST"]),
            Route("/sign-out", asking.sign_out, methods=["POST"]),
            Route("/check", checking.form, methods=["GET", "POST"]),
            Route("/check/{name}", checking.report),
            Route("/check/{name}/events", checking.events),
            Route("/timeline", timing.page),
            Route("/follow", following.page, methods=["GET", "POST"]),
            Route("/follow/{id}", following.change, methods=["POST"]),
            Route("/read", reading.articles),
            Route("/read/{article:path}", reading.article),
            Route("/picture/{article:path}", reading.picture),
            Route("/file/{article:path}", reading.file),
            Route("/kept/{article:path}", reading.kept),
            Route("/v1/ask", api.ask, methods=["GET", "POST"]),
            Route("/v1/answers/{id:path}", api.answer),
            Route("/v1/check", api.check, methods=["POST"]),
            Route("/v1/followed", following.followed, methods=["GET", "POST"]),
            Route("/v1/followed/{id}", following.one, methods=["PATCH", "DELETE"]),
            Route("/v1/timeline", timing.give, methods=["POST"]),
            Route("/v1/verify", api.verify, methods=["POST"]),
            Route("/v1/sources", api.sources),
            Route("/v1/sources/{id:path}", api.source),
            Route("/v1/index", api.index, methods=["GET", "POST"]),
            Route("/v1/models", chat.models),
            Route("/v1/models/{id}", chat.model),
            Route("/v1/chat/completions", chat.complete, methods=["POST"]),
            Route("/openapi.json", _openapi),
            Route("/static/{name}", _static),
            Route("/live", _live),
            Route("/health", _health(site)),
            Route("/metrics", _metrics(site)),
            *([Route("/mcp", Known(tools, site))] if tools else []),
        ],
        middleware=[
            Middleware(Guard, config=site.config),
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5),
        ],
        exception_handlers={
            SourcebotError: failed,
            Refused: failed,
            HTTPException: failed,
            Exception: failed,
        },
        lifespan=lifespan,
    )
    app.state.site = site
    return app


async def _told(site: Site, request: Request, error: Exception) -> Response:
    """Return an error as problem details to programs, as a page to people."""
    if isinstance(error, HTTPException):
        kind = _KINDS.get(error.status_code, "refused")
        detail, hint = _SAID.get(error.detail, (error.detail, ""))
        refusal = Refused(error.status_code, kind, detail, hint, error.headers)
    else:
        refusal = refused(error)
    path = request.url.path
    if path.startswith(_PROGRAMS):
        said = problem(refusal)
        if path.startswith(_CHAT):
            said = said.model_copy(update={"error": chat_error(refusal)})
        return JSONResponse(
            said.model_dump(exclude=None if said.error else {"error"}),
            refusal.status,
            refusal.headers,
            media_type="application/problem+json",
        )
    if refusal.status == 401 and request.method == "GET" and not is_fragment(request):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/sign-in?{urlencode({'next': f'{path}{query}'})}", 303)
    if isinstance(error, HTTPException) and refusal.status == 404:
        refusal.kind = "nowhere"
    problem_told = told(refusal, language_of(request))
    response = page(request, site, "error.html", status=refusal.status, problem=problem_told)
    response.headers.update(refusal.headers)
    return response


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in MEDIA_TYPES:
        raise HTTPException(404, "there is no such file")
    age = "public, max-age=31536000, immutable" if request.query_params.get("v") else "no-cache"
    return Response(asset_bytes(name), media_type=MEDIA_TYPES[name], headers={"Cache-Control": age})


async def _openapi(_: Request) -> Response:
    return JSONResponse(document())


async def _live(_: Request) -> Response:
    return JSONResponse({"ok": True})


def _health(site: Site) -> Callable[[Request], Awaitable[Response]]:
    async def health(_: Request) -> Response:
        """Say whether questions can be answered."""
        try:
            manifest = await run_in_threadpool(site.project.info)
        except SourcebotError:
            return JSONResponse({"ok": False, "index": None}, 503)
        return JSONResponse({"ok": True, "index": manifest.name})

    return health


def _metrics(site: Site) -> Callable[[Request], Awaitable[Response]]:
    figures = site.project.metrics

    async def metrics(request: Request) -> Response:
        """Tell the figures for operators, who may see all articles: they are of all."""
        if site.caller(request, "read").scope:
            raise Refused(403, "scope", "these figures are of all articles, the token of some")
        text = await run_in_threadpool(figures.text)
        return Response(text, headers={"Content-Type": figures.content_type})

    return metrics
