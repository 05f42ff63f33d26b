"""Templates -> pages: every value is escaped, and assets are named by their digests."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, StreamingResponse

from sourcebot.frontends.web.languages import LANGUAGES
from sourcebot.frontends.web.words import ENGLISH, Words

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection

    from starlette.requests import Request

    from sourcebot.frontends.web.site import Site

LANGUAGE_COOKIE = "sourcebot_language"
_LOOK = 0.2
"""Seconds between two looks at how far a job is."""

MEDIA_TYPES = {
    "htmx-4.0.1.min.js": "text/javascript",
    "htmx-LICENSE.txt": "text/plain",
    "icon.svg": "image/svg+xml",
    "page.css": "text/css",
    "page.js": "text/javascript",
}
"""The assets that are served, and nothing else of the folder."""

_MENU = (
    ("ask", "/", "ask"),
    ("check", "/check", "ask"),
    ("timeline", "/timeline", "ask"),
    ("read", "/read", "read"),
    ("followed", "/follow", "ask"),
    ("gaps", "/gaps", "admin"),
    ("add", "/add", "add"),
)
"""Name, address and scope of each page of the menu."""

_environment = Environment(
    loader=PackageLoader("sourcebot.frontends.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@cache
def asset_bytes(name: str) -> bytes:
    """Return what an asset holds; it must be one of ``MEDIA_TYPES``."""
    return (files("sourcebot.frontends.web") / "static" / name).read_bytes()


@cache
def asset(name: str) -> str:
    """Return the address of an asset, which changes with what it holds."""
    return f"/static/{name}?v={hashlib.sha256(asset_bytes(name)).hexdigest()[:12]}"


@cache
def integrity(name: str) -> str:
    """Return the digest of an asset as browsers check it."""
    digest = hashlib.sha384(asset_bytes(name)).digest()
    return f"sha384-{base64.b64encode(digest).decode()}"


def first_page(scopes: Collection[str]) -> str:
    """Return the address of the first page that somebody with these scopes may see."""
    return next((href for _, href, scope in _MENU if scope in scopes), "/")


def is_fragment(request: Request) -> bool:
    """Return whether htmx asks for a part of a page."""
    return request.headers.get("hx-request") == "true"


def language_of(request: Request) -> Words:
    """Return the words to speak: asked for in the address, else kept, else the browser's."""
    asked = request.query_params.get("lang", "") or request.cookies.get(LANGUAGE_COOKIE, "")
    return words_for(asked, request.headers.get("accept-language", ""))


def rendered(name: str, words: Words, **context: Any) -> str:  # noqa: ANN401 (whatever it shows)
    """Return a template that needs nothing of the request."""
    return _environment.get_template(name).render(words=words, **context)


def page(
    request: Request,
    site: Site,
    name: str,
    *,
    here: str = "",
    status: int = 200,
    **context: Any,  # noqa: ANN401 (whatever the template shows)
) -> HTMLResponse:
    """Return a template as an answer; ``here`` names the entry of the menu that it belongs to."""
    words = language_of(request)
    caller = site.access.caller(request)
    allowed = caller.scopes if caller else frozenset()
    menu = [(n, href, getattr(words, n)) for n, href, scope in _MENU if scope in allowed]

    def in_language(code: str) -> str:
        kept = [(k, v) for k, v in request.query_params.multi_items() if k != "lang"]
        return f"{request.url.path}?{urlencode([*kept, ('lang', code)])}"

    body = _environment.get_template(name).render(
        words=words,
        asset=asset,
        integrity=integrity,
        languages=list(LANGUAGES.values()),
        menu=menu,
        here=here,
        in_language=in_language,
        signed_in=not site.access.open and caller is not None,
        fragment=is_fragment(request),
        base=str(request.base_url).rstrip("/"),
        **context,
    )
    response = HTMLResponse(body, status, {"Vary": "HX-Request, Accept-Language, Cookie"})
    chosen = request.query_params.get("lang", "")
    if chosen in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            chosen,
            max_age=31_536_000,
            httponly=True,
            samesite="lax",
            secure=site.config.https,
        )
    return response


def events_of(
    state: Callable[[], object],
    done: Callable[[], bool],
    name: str,
    words: Words,
    context: Callable[[], dict[str, Any]],
) -> StreamingResponse:
    """Return server-sent events: a template anew whenever ``state`` changes, until ``done``."""

    async def events() -> AsyncIterator[str]:
        seen: object = None
        while True:
            ended, now = done(), state()
            if ended or now != seen:
                seen = now
                text = rendered(name, words, **context())
                yield f"event: {'done' if ended else 'progress'}\ndata: {json.dumps(text)}\n\n"
                if ended:
                    return
            await asyncio.sleep(_LOOK)

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(events(), media_type="text/event-stream", headers=headers)


def words_for(asked: str, accepted: str) -> Words:
    """Return the words of the language that is asked for, else of the browser's first known one.

    ``accepted`` is the value of an Accept-Language header.
    """
    if asked in LANGUAGES:
        return LANGUAGES[asked]
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted[:500].split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            wanted.append((-float(weight or 1), place, tag.split("-")[0].lower()))
        except ValueError:
            continue
    return next((LANGUAGES[tag] for _, _, tag in sorted(wanted) if tag in LANGUAGES), ENGLISH)
