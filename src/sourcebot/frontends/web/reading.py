"""The page Read: the list of articles, an article, pictures of pages, and files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote as percent_encoded
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from sourcebot.errors import NotFound, QuestionError
from sourcebot.frontends.web.asking import moved
from sourcebot.frontends.web.layout import anchor_of, laid_out, parts
from sourcebot.frontends.web.site import as_filters, filters_from
from sourcebot.frontends.web.templating import is_fragment, language_of, page
from sourcebot.frontends.web.views import (
    Place,
    article_href,
    facts_of,
    pane_of,
    picture_href,
    place_of,
    source_view,
)
from sourcebot.render.blocks import Kind
from sourcebot.render.links import web_address
from sourcebot.text.display import one_line
from sourcebot.types import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

    from sourcebot.checks.viewing.view import ArticleView
    from sourcebot.frontends.web.access import Caller
    from sourcebot.frontends.web.site import Site
    from sourcebot.frontends.web.words import Words
    from sourcebot.render.blocks import Block
    from sourcebot.types import Source

ROWS = 50
_RANGE = re.compile(r"(\d{1,10})-(\d{1,10})")
_MOST_BOXED = 5_000


@dataclass(frozen=True, slots=True)
class _Marked:
    """A place in an article as its file is today, None when it is not marked, and why."""

    place: Place | None
    notice: str


class Reading:
    """Handlers of one site."""

    def __init__(self, site: Site) -> None:
        """Take what they share."""
        self._site = site

    async def articles(self, request: Request) -> Response:
        """Show the list of articles that the filters leave."""
        site, words = self._site, language_of(request)
        caller = site.caller(request, "read")
        query = request.query_params
        asked = {k: query.get(k, "") for k in ("text", "publisher", "since", "until", "language")}
        filters = as_filters(filters_from({**asked, "source": asked["text"]}), caller)
        found = await run_in_threadpool(site.project.viewing.articles, filters)
        everything = await run_in_threadpool(
            site.project.viewing.articles, as_filters(filters_from({}), caller)
        )
        rows = [a for a in found if not asked["language"] or a.source.language == asked["language"]]
        start = number_of(query, "from", 0)

        def href(place: int) -> str:
            kept = {k: v for k, v in asked.items() if v}
            return f"/read?{urlencode({**kept, 'from': place})}"

        context: dict[str, Any] = {
            "asked": asked,
            "narrowed": any(value for name, value in asked.items() if name != "text"),
            "rows": [source_view(a.source, words) for a in rows[start : start + ROWS]],
            "first": start + 1,
            "count": words.count(len(rows)),
            "before": href(max(0, start - ROWS)) if start else "",
            "after": href(start + ROWS) if start + ROWS < len(rows) else "",
            "publishers": sorted({one_line(a.source.publisher) for a in everything} - {""}),
            "codes": sorted({a.source.language for a in everything} - {""}),
        }
        template = "rows.html" if is_fragment(request) else "list.html"
        return page(request, site, template, here="read", **context)

    async def article(self, request: Request) -> Response:
        """Show an article, with a quote marked if its place is named."""
        site, words = self._site, language_of(request)
        caller = site.caller(request, "read")
        name = request.path_params["article"]
        view = await run_in_threadpool(site.project.viewing.article, name, caller.scope)
        marked = await self._marked(request, view, caller, words)
        if is_fragment(request) and (marked.place or marked.notice):
            pane = pane_of(view, marked.place, words, marked.notice)
            return page(request, site, "pane.html", pane=pane)
        context = _article_view(view, marked, number_of(request.query_params, "part", 0), words)
        return page(request, site, "article.html", here="read", a=context)

    async def _marked(
        self, request: Request, view: ArticleView, caller: Caller, words: Words
    ) -> _Marked:
        """Return where the quote that an address names stands today."""
        place = place_from(request.query_params)
        if place is None:
            return _Marked(None, "")
        if view.sha256.startswith(place.sha256):
            return _Marked(place, "")
        if place.answer:
            try:
                kept = await self._site.answer(caller, place.answer)
            except NotFound:
                return _Marked(None, words.not_marked)
            wanted = (view.source.path, place.quote.start, place.quote.end)
            for quote in (*kept.reply.quotes, *kept.reply.nearest):
                if (quote.source.file, quote.start, quote.end) == wanted:
                    (stands,) = await self._site.standings((quote,), caller)
                    if stands.start is not None:
                        now = place_of(moved(quote, stands.start, view.sha256), place.answer)
                        return _Marked(now, words.has_moved)
        return _Marked(None, words.not_marked)

    async def picture(self, request: Request) -> Response:
        """Show the page of the original that a quote stands on, its words boxed."""
        site = self._site
        caller = site.caller(request, "read")
        name = request.path_params["article"]
        place, number = place_from(request.query_params), page_from(request.query_params)
        viewing = site.project.viewing
        view = await run_in_threadpool(viewing.article, name, caller.scope)
        if not number:
            raise QuestionError("no page is named", "write ?page=NUMBER, as it is printed")
        words = ""
        if place and place.sha256 and view.sha256.startswith(place.sha256):
            words = view.text[place.quote.start : place.quote.end][:_MOST_BOXED]
        drawn = await run_in_threadpool(viewing.picture, name, number, words, caller.scope)
        return Response(
            drawn.png, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"}
        )

    async def file(self, request: Request) -> Response:
        """Give the text of an article as the bytes that offsets count in."""
        site = self._site
        caller = site.caller(request, "read")
        name = request.path_params["article"]
        data = await run_in_threadpool(site.project.viewing.text_of, name, caller.scope)
        return download(data, name.rsplit("/", 1)[-1])

    async def kept(self, request: Request) -> Response:
        """Give an original or an earlier version of an article."""
        site = self._site
        caller = site.caller(request, "read")
        article, name = request.path_params["article"], request.query_params.get("name", "")
        data = await run_in_threadpool(site.project.viewing.kept, article, name, caller.scope)
        return download(data, name)


def download(data: bytes, name: str) -> Response:
    """Return a file that browsers save and never show, whatever it holds."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", name) or "file"
    headers = {
        "Content-Disposition": (
            f"attachment; filename=\"{plain}\"; filename*=UTF-8''{percent_encoded(name, safe='')}"
        ),
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(data, media_type="application/octet-stream", headers=headers)


def number_of(query: Mapping[str, str], name: str, default: int) -> int:
    """Return a whole number among the parameters of an address.

    Raises:
        QuestionError: when it is none.
    """
    text = query.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise QuestionError(f"{name} = {text!r} is no number", "leave it out")
    return int(text)


def page_from(query: Mapping[str, str]) -> str:
    """Return the page of an original that an address names, as it is printed there, or ""."""
    return query.get("page", "")[:40]


def place_from(query: Mapping[str, str]) -> Place | None:
    """Return the place that the parameters of an address name, None when they name none.

    Raises:
        QuestionError: when they are wrong.
    """
    if "at" not in query:
        return None
    quote = _range(query, "at")
    words = _range(query, "words") if "words" in query else Span(quote.start, quote.start)
    sha = query.get("sha", "")
    if not re.fullmatch("[0-9a-f]{0,64}", sha):
        raise QuestionError(f"sha = {sha!r} is no digest", "leave it out")
    return Place(quote, words, sha, query.get("in", ""), page_from(query))


def _range(query: Mapping[str, str], name: str) -> Span:
    found = _RANGE.fullmatch(query[name])
    if not found or int(found[1]) > int(found[2]):
        raise QuestionError(f"{name} = {query[name]!r} is no range", "write START-END")
    return Span(int(found[1]), int(found[2]))


def _article_view(view: ArticleView, marked: _Marked, part: int, words: Words) -> dict[str, Any]:
    """Return what the page of an article shows."""
    source, place = view.source, marked.place
    divided = parts(_body(view, place))
    if not part and place:
        part = next((i for i, p in enumerate(divided, 1) if _holds(p, place.quote)), 1)
    part = min(max(1, part), len(divided))
    href = article_href(source.path)
    return {
        "title": one_line(source.title),
        "facts": facts_of(source, words),
        "lang": source.language,
        "changed": view.changed,
        "notice": marked.notice,
        "picture": picture_href(view, place) if place else "",
        "page": place.page if place else "",
        "groups": laid_out(divided[part - 1], place.marks() if place else (), top=2),
        "part": part,
        "parts": len(divided),
        "before": f"{href}?part={part - 1}" if part > 1 else "",
        "after": f"{href}?part={part + 1}" if part < len(divided) else "",
        "outline": _outline(view, divided, part, href),
        "table": _table(source, words),
        "address": web_address(source.url),
        "file": one_line(source.path),
        "file_href": f"/file/{percent_encoded(source.path)}",
        "kept": [
            (words.originals, _kept(view, words, version=False)),
            (words.versions, _kept(view, words, version=True)),
        ],
        "copies": [source_view(copy, words) for copy in view.copies],
    }


def _body(view: ArticleView, place: Place | None) -> Sequence[Block]:
    """Return the blocks of an article, without a first heading that only repeats its title."""
    first = view.blocks[0] if view.blocks else None
    repeats = (
        first is not None
        and first.kind is Kind.HEADING
        and first.words == one_line(view.source.title)
        and not (place and _holds((first,), place.quote))
    )
    return view.blocks[1:] if repeats else view.blocks


def _holds(blocks: Sequence[Block], span: Span) -> bool:
    return any(b.span.start <= span.start < max(b.span.end, b.span.start + 1) for b in blocks)


def _outline(
    view: ArticleView, divided: Sequence[Sequence[Block]], part: int, href: str
) -> list[dict[str, Any]]:
    """Return the headings with the addresses of their parts."""
    ends = [blocks[-1].span.start if blocks else 0 for blocks in divided]
    found = []
    shown = {block.span.start for blocks in divided for block in blocks}
    headings = [h for h in view.outline if h.span.start in shown][:300]
    least = min((h.level for h in headings), default=1)
    for heading in headings:
        number = next((i for i, end in enumerate(ends, 1) if heading.span.start <= end), len(ends))
        there = f"#{anchor_of(heading)}"
        found.append(
            {
                "level": min(6, 1 + heading.level - least),
                "text": heading.words,
                "href": there if number == part else f"{href}?part={number}{there}",
            }
        )
    return found


def _table(source: Source, words: Words) -> list[tuple[str, str]]:
    facts = [
        (words.publisher, one_line(source.publisher)),
        (words.author, one_line(source.author)),
        (words.published, words.day(source.published) if source.published else ""),
        (words.written_in, words.language_named(source.language) if source.language else ""),
    ]
    return [(name, value) for name, value in facts if value]


def _kept(view: ArticleView, words: Words, *, version: bool) -> list[dict[str, str]]:
    base = f"/kept/{percent_encoded(view.source.path)}"
    found = []
    for kept in view.kept:
        if kept.version is version:
            day = words.day(kept.day) if kept.day else kept.name
            size = f"{max(1, kept.size // 1024):,} KB"
            ending = kept.name.rsplit(".", 1)[-1].upper() if "." in kept.name else ""
            label = ", ".join(filter(None, (day, ending, size)))
            found.append({"href": f"{base}?{urlencode({'name': kept.name})}", "label": label})
    return found
