"""The pages Ask, a permanent link, and Gaps; signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from sourcebot.errors import NotFound, SourcebotError
from sourcebot.frontends.web.access import COOKIE
from sourcebot.frontends.web.models import FilterModel
from sourcebot.frontends.web.problems import Refused, refused, told
from sourcebot.frontends.web.quotes import conflict_views, quote_views
from sourcebot.frontends.web.site import MOST_BEFORE, filters_from
from sourcebot.frontends.web.templating import first_page, is_fragment, language_of, page
from sourcebot.frontends.web.views import Pane, pane_of, place_of, source_view
from sourcebot.render.citations import EXPORTS
from sourcebot.text.display import one_line
from sourcebot.types import AbstentionReason, Filters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from sourcebot.frontends.web.access import Caller
    from sourcebot.frontends.web.models import Standing
    from sourcebot.frontends.web.site import Asked, Site
    from sourcebot.frontends.web.words import Words
    from sourcebot.render.schema import QuoteModel, ReplyModel
    from sourcebot.types import IndexedArticle

_MONTH = 30 * 86_400
_MOST_PUBLISHERS = 200
NOTHING: dict[str, Any] = {
    "reply": None,
    "id": "",
    "pane": None,
    "stale": "",
    "box": "",
    **dict.fromkeys(("quotes", "nearest", "covered", "later", "conflict", "taken", "after"), ()),
}
"""What is shown of a reply where there is none."""


class Asking:
    """Handlers of one site."""

    def __init__(self, site: Site) -> None:
        """Take what they share."""
        self._site = site

    async def home(self, request: Request) -> Response:
        """Show the question box, and the answer when there is a question."""
        site, words = self._site, language_of(request)
        question = request.query_params.get("q", "").strip()
        if not question:
            known = site.access.caller(request)
            if known and (first := first_page(known.scopes)) != "/":
                return RedirectResponse(first, 303)
            site.caller(request, "ask")
            return page(request, site, "ask.html", here="ask", **await self._form(request, ""))
        refusal, asked = None, None
        after = _after(request)
        filters = FilterModel()
        try:
            filters = filters_from(request.query_params)
            asked = await site.ask(request, question, filters, after)
        except (Refused, SourcebotError) as error:
            refusal = refused(error)
            if refusal.status in {401, 403}:
                raise
        caller = site.caller(request, "ask")
        context = {
            **await self._form(request, question, filters),
            **(await self._answered(asked, caller, after, words) if asked else NOTHING),
            "problem": told(refusal, words) if refusal else None,
            "following": bool(after),
        }
        template = "reply.html" if is_fragment(request) else "ask.html"
        status = refusal.status if refusal else 200
        response = page(request, site, template, here="ask", status=status, **context)
        response.headers.update(refusal.headers if refusal else {})
        return response

    async def _form(
        self, request: Request, question: str, filters: FilterModel | None = None
    ) -> dict[str, Any]:
        """Return what the form shows."""
        filters = filters or FilterModel()
        articles: Sequence[IndexedArticle] = ()
        caller = self._site.caller(request, "ask")
        readable = "read" in caller.scopes
        if readable:
            allowed = Filters(scope=caller.scope)
            try:
                articles = await run_in_threadpool(self._site.project.viewing.articles, allowed)
            except SourcebotError:  # asking tells what is wrong with the index
                readable = False
        publishers = {one_line(article.source.publisher) for article in articles} - {""}
        return {
            "q": question,
            "filters": filters,
            "filters_used": filters != FilterModel(),
            "publishers": sorted(publishers)[:_MOST_PUBLISHERS],
            "articles": len(articles) if readable else None,
            "given": None,
            "problem": None,
            "following": False,
            "can_follow": not self._site.project.config.sources_elsewhere,
            **NOTHING,
        }

    async def _answered(
        self, asked: Asked, caller: Caller, after: Sequence[str], words: Words
    ) -> dict[str, Any]:
        """Return what is shown of an answer that was given just now."""
        reply, name = asked.reply, asked.id
        standings: Sequence[Standing] = ()
        if asked.changed != 0:
            shown = (*reply.quotes, *reply.nearest)
            standings = await self._site.standings(shown, caller)
        return {
            **_shown(reply, name, words, standings),
            "pane": await self._pane(reply.quotes, caller, name, words),
            "stale": words.stale_files(asked.changed or 0),
            "box": reply.meant or reply.question,
            "after": _next_after(reply, after),
        }

    async def _pane(
        self, quotes: Sequence[QuoteModel], caller: Caller, name: str, words: Words
    ) -> Pane | None:
        """Return the article of the best quote around it, for those who may read."""
        if not quotes or "read" not in caller.scopes:
            return None
        place = place_of(quotes[0], name)
        viewing = self._site.project.viewing
        try:
            view = await run_in_threadpool(viewing.article, quotes[0].source.file, caller.scope)
        except NotFound:
            return None
        same = view.sha256 == quotes[0].source.sha256
        return pane_of(view, place, words, "" if same else words.not_marked)

    async def answer(self, request: Request) -> Response:
        """Show an answer as it was given, or save its quotes in the form that the name ends in."""
        site, words = self._site, language_of(request)
        caller = site.caller(request, "read")
        name, _, ending = request.path_params["name"].partition(".")
        kept = await site.answer(caller, name)
        if ending:
            return _export(kept.reply, ending)
        reply = kept.reply
        standings = await site.standings((*reply.quotes, *reply.nearest), caller)
        asked = kept.filters.used()
        context = {
            **await self._form(request, reply.question, kept.filters),
            **_shown(reply, name, words, standings),
            "given": kept,
            "given_day": words.day(kept.given.date()),
            "filters_shown": ", ".join(
                f"{getattr(words, name)}: {one_line(value)}" for name, value in asked.items()
            ),
            "again": f"/?{urlencode({'q': reply.meant or reply.question, **asked})}",
            "pane": await self._moved_pane(reply, standings, caller, name, words),
        }
        return page(request, site, "ask.html", here="ask", **context)

    async def _moved_pane(
        self,
        reply: ReplyModel,
        standings: Sequence[Standing],
        caller: Caller,
        name: str,
        words: Words,
    ) -> Pane | None:
        """Return the article of the best quote that still stands."""
        for quote, standing in zip(reply.quotes, standings, strict=False):
            if standing.standing in {"intact", "moved"} and standing.start is not None:
                viewing = self._site.project.viewing
                try:
                    view = await run_in_threadpool(viewing.article, quote.source.file, caller.scope)
                except NotFound:
                    continue
                place = place_of(moved(quote, standing.start, view.sha256), name)
                notice = words.has_moved if standing.standing == "moved" else ""
                return pane_of(view, place, words, notice)
        return None

    async def gaps(self, request: Request) -> Response:
        """Show the questions that found no answer."""
        site, words = self._site, language_of(request)
        site.caller(request, "admin")
        rows = [
            {
                "id": gap.id,
                "question": one_line(gap.question),
                "times": words.once if gap.times == 1 else words.times.format(times=gap.times),
                "last": words.last_asked.format(day=words.day(gap.last.date())),
            }
            for gap in await site.gaps()
        ]
        return page(request, site, "gaps.html", here="gaps", gaps=rows)

    async def sign_in(self, request: Request) -> Response:
        """Ask for a token, or keep the one that is given in a cookie."""
        site = self._site
        if request.method == "GET":
            to = _inside(request.query_params.get("next", "/"))
            return page(request, site, "sign_in.html", next=to, wrong=False)
        async with request.form(max_files=0, max_fields=4) as form:
            token, to = str(form.get("token", "")), _inside(str(form.get("next", "/")))
        if site.access.known(token) is None:
            return page(request, site, "sign_in.html", status=403, next=to, wrong=True)
        response = RedirectResponse(to, 303)
        response.set_cookie(
            COOKIE, token, _MONTH, httponly=True, samesite="lax", secure=site.config.https
        )
        return response

    async def sign_out(self, request: Request) -> Response:  # noqa: ARG002 (a handler)
        """Forget the token."""
        response = RedirectResponse("/", 303)
        response.delete_cookie(COOKIE, httponly=True, samesite="lax")
        return response


def _after(request: Request) -> tuple[str, ...]:
    """Return the questions before this one that an address names."""
    named = (question.strip() for question in request.query_params.getlist("after"))
    return tuple(question for question in named if question)[-MOST_BEFORE:]


def _next_after(reply: ReplyModel, after: Sequence[str]) -> tuple[str, ...]:
    """Return the questions that the next one may refer to; what was not clear is none."""
    if reply.reason is AbstentionReason.UNCLEAR:
        return tuple(after)
    return (*after, reply.meant or reply.question)[-MOST_BEFORE:]


def _shown(
    reply: ReplyModel, name: str, words: Words, standings: Sequence[Standing] = ()
) -> dict[str, Any]:
    """Return what of a reply is shown; ``standings`` of its quotes, then the nearest."""
    count = len(reply.quotes)
    return {
        **NOTHING,
        "reply": reply,
        "id": name,
        "quotes": quote_views(reply.quotes, words, name, answers=True, standings=standings[:count]),
        "nearest": quote_views(
            reply.nearest, words, name, answers=False, standings=standings[count:]
        ),
        "covered": [source_view(source, words) for source in reply.covered],
        "later": quote_views(reply.later, words, name, answers=False),
        "conflict": conflict_views(reply.conflict, words, name),
        "taken": [part.meant or part.question for part in reply.parts]
        or ([reply.meant] if reply.meant else []),
        "exports": [(ending, label) for ending, (_, label, _) in EXPORTS.items()],
    }


def moved(quote: QuoteModel, start: int, sha256: str) -> QuoteModel:
    """Return a quote as it stands in the file of today, from the code point ``start``."""
    shift = start - quote.start
    span = quote.words
    return quote.model_copy(
        update={
            "start": start,
            "end": quote.end + shift,
            "words": span.model_copy(update={"start": span.start + shift, "end": span.end + shift}),
            "source": quote.source.model_copy(update={"sha256": sha256}),
        }
    )


def _export(reply: ReplyModel, ending: str) -> Response:
    if ending not in EXPORTS:
        raise NotFound(f"there is no form .{ending}", f"there are {', '.join(EXPORTS)}")
    kind, _, made = EXPORTS[ending]
    body = made([quote.cited() for quote in reply.quotes])
    headers = {"Content-Disposition": f'attachment; filename="quotes.{ending}"'}
    return Response(body, media_type=f"{kind}; charset=utf-8", headers=headers)


def _inside(to: str) -> str:
    """Return an address of this site, whatever is asked for."""
    parts = urlsplit(to) if to.isprintable() and "\\" not in to else None
    if parts is None or parts.scheme or parts.netloc or not to.startswith("/"):
        return "/"
    return "/" if to.startswith("//") else to
