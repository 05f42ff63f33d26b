"""The page Timeline, and the same for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.responses import Response

from sourcebot.errors import NotFound, SourcebotError
from sourcebot.frontends.web.api import body_of, json_response
from sourcebot.frontends.web.models import FilterModel, TopicModel
from sourcebot.frontends.web.problems import Refused, refused, told
from sourcebot.frontends.web.quotes import quote_view, span_of
from sourcebot.frontends.web.site import filters_from
from sourcebot.frontends.web.templating import language_of, page
from sourcebot.frontends.web.views import facts_of, place_facts
from sourcebot.render.timeline_schema import TimelineModel
from sourcebot.render.timelines import timeline_to_dict, timeline_to_json, timeline_to_markdown
from sourcebot.types import AbstentionReason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from sourcebot.frontends.web.site import Site
    from sourcebot.frontends.web.words import Words
    from sourcebot.render.timeline_schema import EventDateModel, ReportedModel

FORMS = {
    "md": ("text/markdown", "Markdown", timeline_to_markdown),
    "json": ("application/json", "JSON", timeline_to_json),
}


class Timing:
    """Handlers of one site."""

    def __init__(self, site: Site) -> None:
        """Take what they share."""
        self._site = site

    async def page(self, request: Request) -> Response:
        """Show what the articles date of a topic, or save it in the form that is named."""
        site, words = self._site, language_of(request)
        site.caller(request, "ask")
        query = request.query_params
        topic, form = query.get("topic", "").strip(), query.get("form", "")
        if form and form not in FORMS:
            raise NotFound(f"there is no form {form[:20]!r}", f"there are {', '.join(FORMS)}")
        filters, found, problem = FilterModel(), None, None
        if topic:
            try:
                filters = filters_from(query)
                found = await site.timeline(request, topic, filters)
            except (Refused, SourcebotError) as error:
                problem = refused(error)
        if found and form:
            kind, _, made = FORMS[form]
            headers = {"Content-Disposition": f'attachment; filename="timeline.{form}"'}
            return Response(made(found), media_type=f"{kind}; charset=utf-8", headers=headers)
        response = page(
            request,
            site,
            "timeline.html",
            here="timeline",
            status=problem.status if problem else 200,
            topic=topic,
            filters=filters,
            problem=told(problem, words) if problem else None,
            timeline=_shown(TimelineModel.model_validate(timeline_to_dict(found)), words)
            if found
            else None,
            exports=[
                (f"/timeline?{urlencode({'topic': topic, **filters.used(), 'form': name})}", label)
                for name, (_, label, _) in FORMS.items()
            ],
        )
        response.headers.update(problem.headers if problem else {})
        return response

    async def give(self, request: Request) -> Response:
        """Give what the articles date of a topic."""
        self._site.caller(request, "ask")
        given = await body_of(TopicModel, request)
        found = await self._site.timeline(request, given.topic, given.filters())
        return json_response(TimelineModel.model_validate(timeline_to_dict(found)))


def _shown(timeline: TimelineModel, words: Words) -> dict[str, Any]:
    """Return a timeline for the template."""
    return {
        "why": _why(timeline, words),
        "entries": [
            {
                "when": "; ".join(words.event(date.code) for date in entry.dates),
                **_quoted(entry, words, entry.dates),
            }
            for entry in timeline.entries
        ],
        "undated": [_quoted(entry, words) for entry in timeline.undated],
    }


def _why(timeline: TimelineModel, words: Words) -> str:
    """Return why a timeline has no entry, or ""."""
    if timeline.reason is None:
        return ""
    if timeline.outside:
        return words.outside.format(count=words.number(timeline.outside))
    if timeline.reason is AbstentionReason.NOT_STATED:
        return words.not_dated
    return words.reasons[timeline.reason.value]


def _quoted(
    entry: ReportedModel, words: Words, dates: Sequence[EventDateModel] = ()
) -> dict[str, Any]:
    """Return a quote with the dates in it marked, and when it was reported."""
    quote, day = entry.quote, entry.reported
    undated = quote.source.model_copy(update={"published": None})
    return {
        **quote_view(quote, words, "", [span_of(date.said) for date in dates]),
        "facts": [
            words.reported.format(day=words.day(day)) if day else words.not_reported,
            *facts_of(undated, words),
            *place_facts(quote.source, words),
        ],
    }
