"""The page Add: files and addresses become articles, and the page follows how far that is."""

from __future__ import annotations

import asyncio
import re
import secrets
import tempfile
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from sourcebot.errors import NotFound, QuestionError, ServiceBusy, SourcebotError
from sourcebot.frontends.web.guard import MEGABYTE
from sourcebot.frontends.web.problems import Refused, refused, told
from sourcebot.frontends.web.templating import events_of, language_of, page
from sourcebot.frontends.web.views import article_href
from sourcebot.render.links import web_address
from sourcebot.text.display import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.datastructures import FormData
    from starlette.requests import Request

    from sourcebot.frontends.web.site import Site
    from sourcebot.frontends.web.words import Words
    from sourcebot.types.reports import Outcome

MOST_FILES = 20
KINDS = sorted(
    {".csv", ".docx", ".eml", ".epub", ".htm", ".html", ".markdown", ".mbox", ".md", ".mht"}
    | {".mhtml", ".odt", ".pdf", ".pptx", ".rtf", ".srt", ".text", ".tsv", ".txt", ".vtt"}
    | {".xhtml", ".xlsm", ".xlsx"}
)
"""Endings of the files that become articles, for the dialog that chooses them."""

_MOST_WAITING = 8
_KEPT_JOBS = 50
_ODD = re.compile(r"[^\w.() -]+")
_LONGEST_NAME = 120


@dataclass
class Job:
    """Something that is being added, for whoever follows it.

    Attributes:
        id: that cannot be guessed.
        stage, part, size: how far it is; a size of 0 is not known.
        outcomes: what became of each item, as soon as that is known.
        done: whether it has ended.
        error: why it failed, or None.
    """

    id: str
    stage: str = "Reading"
    part: int = 0
    size: int = 0
    outcomes: tuple[Outcome, ...] = ()
    done: bool = False
    error: Refused | None = None

    def progress(self, stage: str, part: int, size: int) -> None:
        """Note how far it is."""
        self.stage, self.part, self.size = stage, part, size

    def report(self, outcomes: Sequence[Outcome]) -> None:
        """Note what became of the items, before they are indexed."""
        self.outcomes = tuple(outcomes)

    @property
    def state(self) -> tuple[object, ...]:
        """Return what changes when there is something new to tell."""
        return self.stage, self.part, self.size, len(self.outcomes), self.done


class Adding:
    """Handlers of one site; one job is at work at a time."""

    def __init__(self, site: Site) -> None:
        """Take what they share."""
        self._site = site
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()

    async def close(self) -> None:
        """Wait for the job that is at work, and leave out those that wait."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def form(self, request: Request) -> Response:
        """Show the form, or begin to add what it brings."""
        site = self._site
        site.caller(request, "add")
        if request.method != "POST":
            return self._form(request)
        if len(self._tasks) >= _MOST_WAITING:
            raise ServiceBusy("too much is being added already", "wait until it is done")
        folder = tempfile.TemporaryDirectory(prefix="sourcebot-", ignore_cleanup_errors=True)
        try:
            async with request.form(max_files=MOST_FILES, max_fields=5) as given:
                targets = await self._targets(given, Path(folder.name))
        except (QuestionError, Refused) as error:
            folder.cleanup()
            return self._form(request, refused(error))
        except BaseException:
            folder.cleanup()
            raise
        if not targets:
            folder.cleanup()
            return self._form(request, Refused(422, "no-files", "nothing is given to add"))
        job = Job(secrets.token_urlsafe(16))
        self._jobs[job.id] = job
        if len(self._jobs) > _KEPT_JOBS:
            self._jobs.popitem(last=False)
        task = asyncio.create_task(self._work(job, targets, folder))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return RedirectResponse(f"/add/{job.id}", 303)

    def _form(self, request: Request, wrong: Refused | None = None) -> Response:
        megabytes = self._site.config.upload_megabytes
        problem = told(wrong, language_of(request)) if wrong else None
        return page(
            request, self._site, "add.html", here="add", status=wrong.status if wrong else 200,
            problem=problem, megabytes=megabytes, kinds=KINDS,
        )  # fmt: skip

    async def _targets(self, given: FormData, folder: Path) -> list[str]:
        """Return the files, saved in a folder, and the address that a form brings.

        Raises:
            Refused: when a file is too large.
            QuestionError: when the address is none of the web.
        """
        most = self._site.config.upload_megabytes * MEGABYTE
        targets: list[str] = []
        for number, upload in enumerate(given.getlist("files")):
            if not isinstance(upload, UploadFile) or not upload.filename:
                continue
            name = safe_name(upload.filename)
            if (upload.size or 0) > most:
                raise Refused(
                    413,
                    "large",
                    f"{name} is larger than {most // MEGABYTE} MB",
                    "raise upload_megabytes in [web] of config.toml",
                )
            path = folder / str(number) / name
            path.parent.mkdir()
            await run_in_threadpool(path.write_bytes, await upload.read())
            targets.append(str(path))
        address = str(given.get("address", "")).strip()
        if address:
            # A path of this machine must never be taken for an address.
            safe = web_address(address)
            if not safe:
                raise QuestionError(
                    f"{one_line(address)[:200]!r} is no address of the web",
                    "write https://…",
                )
            targets.append(safe)
        return targets

    async def _work(
        self, job: Job, targets: Sequence[str], folder: tempfile.TemporaryDirectory[str]
    ) -> None:
        try:
            async with self._turn:
                await run_in_threadpool(self._add, job, targets)
        except SourcebotError as error:
            job.error = refused(error)
        except Exception as error:
            job.error = refused(error)
            raise
        finally:
            job.done = True
            await run_in_threadpool(folder.cleanup)

    def _add(self, job: Job, targets: Sequence[str]) -> None:
        self._site.project.add(*targets, progress=job.progress, report=job.report)

    async def job(self, request: Request) -> Response:
        """Show how far a job is."""
        self._site.caller(request, "add")
        job = self._found(request)
        words = language_of(request)
        return page(request, self._site, "job.html", here="add", **shown_job(job, words))

    async def events(self, request: Request) -> Response:
        """Send how far a job is, as it goes on, by server-sent events."""
        self._site.caller(request, "add")
        job = self._found(request)
        words = language_of(request)
        return events_of(
            lambda: job.state, lambda: job.done, "progress.html", words,
            lambda: shown_job(job, words),
        )  # fmt: skip

    def _found(self, request: Request) -> Job:
        job = self._jobs.get(request.path_params["id"])
        if job is None:
            raise NotFound("there is no such job", "what was added stands in the list of articles")
        return job


def shown_job(job: Job, words: Words) -> dict[str, Any]:
    """Return how far a job is, for the templates."""
    return {
        "job": job,
        "stage": words.stages.get(job.stage, job.stage),
        "problem": told(job.error, words) if job.error else None,
        "outcomes": [
            {
                "shown": one_line(outcome.shown.rsplit("/", 1)[-1] or outcome.shown),
                "href": article_href(outcome.article) if outcome.article and job.done else "",
                "status": words.statuses.get(outcome.status.value, outcome.status.value),
                "detail": one_line(outcome.detail),
                "hint": one_line(outcome.hint),
            }
            for outcome in job.outcomes
        ],
    }


def safe_name(name: str) -> str:
    """Return a file name without folders, control characters and leading dots."""
    last = re.split(r"[/\\]", name)[-1]
    plain = _ODD.sub("_", one_line(last)).lstrip(". ")
    stem, dot, ending = plain.rpartition(".")
    if len(plain) > _LONGEST_NAME:
        plain = f"{stem[: _LONGEST_NAME - len(ending) - 1]}{dot}{ending[:20]}"
    return plain or "file"
