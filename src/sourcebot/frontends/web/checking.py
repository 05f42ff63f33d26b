"""The page Check: a sentence or a draft is set against the articles, and the report is saved."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from sourcebot.errors import NotFound, QuestionError, ServiceBusy, SourcebotError
from sourcebot.frontends.web.checked import check_view, counted_verdicts
from sourcebot.frontends.web.models import FilterModel
from sourcebot.frontends.web.problems import Refused, Told, refused, told
from sourcebot.frontends.web.site import as_filters, filters_from
from sourcebot.frontends.web.templating import events_of, language_of, page
from sourcebot.render.claims import checks_to_json, checks_to_markdown

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from sourcebot.frontends.web.access import Caller
    from sourcebot.frontends.web.site import Site
    from sourcebot.frontends.web.words import Words
    from sourcebot.types import Filters
    from sourcebot.types.claims import Check

LONGEST = 20_000
"""Most characters of a draft."""

_SENTENCE = 1000
"""Up to so many characters, what holds no checkable sentence is checked as it stands."""

_AT_ONCE = 2
_MOST_WAITING = 8
_KEPT_REPORTS = 100
_PATIENCE = 1.5
"""Seconds that the page waits for a report, so that a sentence needs no second look."""

_TITLE = "What the articles say"


class _Stopped(Exception):
    """The server is leaving."""


@dataclass
class Report:
    """A text that is being checked, or has been.

    Attributes:
        id: that cannot be guessed.
        owner: the name of the token that may see it.
        text: what is checked.
        part, size: how many of its sentences are done, and how many there are.
        checks: what was found, as soon as all is done.
        error: why it failed, or None.
        done: set when it has ended.
    """

    id: str
    owner: str
    text: str
    part: int = 0
    size: int = 0
    checks: tuple[Check, ...] = ()
    error: Refused | None = None
    stopped: bool = False
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def progress(self, _: str, part: int, size: int) -> None:
        """Note how far it is.

        Raises:
            _Stopped: when nobody waits for it any more.
        """
        if self.stopped:
            raise _Stopped
        self.part, self.size = part, size

    @property
    def state(self) -> tuple[object, ...]:
        """Return what changes when there is something new to tell."""
        return self.part, self.size, self.done.is_set()


class Checking:
    """Handlers of one site; reports are held in memory, the newest of them."""

    def __init__(self, site: Site) -> None:
        """Take what they share."""
        self._site = site
        self._reports: OrderedDict[str, Report] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def close(self) -> None:
        """Stop what is at work, after the sentence that is."""
        for report in self._reports.values():
            report.stopped = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def form(self, request: Request) -> Response:
        """Show the form, or begin to check what it brings."""
        site, words = self._site, language_of(request)
        site.caller(request, "ask")
        if request.method != "POST":
            return self._form(request, request.query_params.get("claim", ""))
        async with request.form(max_files=0, max_fields=10) as given:
            values = {name: str(value) for name, value in given.items()}
        text = values.pop("text", "").strip()
        if not text:
            return self._form(request, text, Told(words.check_nothing))
        if len(text) > LONGEST:
            problem = words.check_long.format(count=words.number(LONGEST))
            return self._form(request, text, Told(problem))
        try:
            filters = filters_from(values)
        except QuestionError as error:
            return self._form(request, text, told(refused(error), words))
        if len(self._tasks) >= _MOST_WAITING:
            raise ServiceBusy("too many drafts are being checked already", "try again in a minute")
        caller = site.counted(request)
        report = Report(secrets.token_urlsafe(16), caller.name, text)
        self._reports[report.id] = report
        while len(self._reports) > _KEPT_REPORTS:
            self._reports.popitem(last=False)
        task = asyncio.create_task(self._work(report, as_filters(filters, caller)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return RedirectResponse(f"/check/{report.id}", 303)

    def _form(self, request: Request, text: str, problem: Told | None = None) -> Response:
        return page(
            request, self._site, "check.html", here="check", status=422 if problem else 200,
            text=text, problem=problem, longest=LONGEST, filters=FilterModel(), publishers=[],
        )  # fmt: skip

    async def _work(self, report: Report, filters: Filters) -> None:
        try:
            async with self._turns:
                report.checks = await run_in_threadpool(self._checks, report, filters)
        except _Stopped:
            report.error = Refused(503, "stopped", "the server was stopped meanwhile")
        except SourcebotError as error:
            report.error = refused(error)
        except Exception as error:
            report.error = refused(error)
            raise
        finally:
            report.done.set()

    def _checks(self, report: Report, filters: Filters) -> tuple[Check, ...]:
        project, text = self._site.project, report.text
        checks = project.check_text(text.encode(), "draft.md", filters, report.progress)
        if checks or len(text) > _SENTENCE:
            return checks
        return (project.check(" ".join(text.split()), filters),)

    async def report(self, request: Request) -> Response:
        """Show a report or how far it is, or save it in the form that the name ends in."""
        site, words = self._site, language_of(request)
        caller = site.caller(request, "ask")
        name, _, ending = request.path_params["name"].partition(".")
        report = self._found(name, caller)
        if ending:
            return _export(report, ending)
        try:
            async with asyncio.timeout(_PATIENCE):
                await report.done.wait()
        except TimeoutError:
            pass
        return page(request, site, "report.html", here="check", **_shown(report, words))

    async def events(self, request: Request) -> Response:
        """Send how far a report is, as it goes on, by server-sent events."""
        words = language_of(request)
        report = self._found(request.path_params["name"], self._site.caller(request, "ask"))
        return events_of(
            lambda: report.state, report.done.is_set, "checks.html", words,
            lambda: _shown(report, words),
        )  # fmt: skip

    def _found(self, name: str, caller: Caller) -> Report:
        report = self._reports.get(name)
        if report is None or report.owner != caller.name:
            raise Refused(404, "no-report", "there is no such report", "check the text again")
        return report


def _shown(report: Report, words: Words) -> dict[str, Any]:
    """Return a report for the templates."""
    checks = report.checks
    progress = words.checked_of.format(part=report.part, size=report.size)
    nothing = None if checks else Told(words.check_nothing)
    return {
        "report": report,
        "done": report.done.is_set(),
        "progress": progress if report.size else words.checking,
        "checks": [check_view(check, words) for check in checks],
        "counts": counted_verdicts(checks, words) if len(checks) > 1 else [],
        "problem": told(report.error, words) if report.error else nothing,
        "text": report.text,
    }


def _export(report: Report, ending: str) -> Response:
    """Return a report as a file.

    Raises:
        NotFound: when there is no such form.
        Refused: while it is being made.
    """
    forms: dict[str, tuple[str, Callable[[], str]]] = {
        "md": ("text/markdown", lambda: checks_to_markdown(report.checks, _TITLE)),
        "json": ("application/json", lambda: checks_to_json(report.checks)),
    }
    if ending not in forms:
        raise NotFound(f"there is no form .{ending}", f"there are {', '.join(forms)}")
    if not report.done.is_set():
        raise Refused(409, "running", "the report is still being made", "wait until it is done")
    kind, made = forms[ending]
    headers = {"Content-Disposition": f'attachment; filename="report.{ending}"'}
    return Response(made(), media_type=f"{kind}; charset=utf-8", headers=headers)
