"""What the event loop must not wait for: questions, the store, and building the index."""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from sourcebot.errors import DiscordError
from sourcebot.text.questions import question_key
from sourcebot.types import Abstention, Filters, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcebot.frontends.discord.records import Place
    from sourcebot.frontends.discord.store import BotStore
    from sourcebot.project import Project

    Result = TypeVar("Result")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks; ``before`` is the reply that a follow-up question refers to."""

    text: str
    place: Place
    user: int
    filters: Filters = field(default_factory=Filters)
    before: Reply | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A reply and its number in the store; 0 when it could not be kept."""

    reply: Reply
    number: int


class Desk:
    """Runs what takes time on other threads, so that the event loop goes on."""

    def __init__(self, project: Project, store: BotStore) -> None:
        """Take what answers (in a bounded queue of its own) and what remembers."""
        self._project = project
        self._store = store
        # What buttons and settings need is short, and must not wait behind questions.
        self._clerk = ThreadPoolExecutor(1, "clerk")
        self.open = 0
        self.building = False

    async def ask(self, question: Question) -> Given:
        """Return the reply to a question.

        Raises:
            ServiceBusy: when too many questions wait already.
            SourcebotError: when the question or the index cannot be used.
        """
        started = time.monotonic()
        self.open += 1
        try:
            scope = await self.aside(lambda: self._store.scope(question.place))
            filters = replace(question.filters, scope=scope)
            reply = await asyncio.wrap_future(
                self._project.submit(question.text, filters, question.before)
            )
            given = Given(reply, await self.aside(lambda: self._kept(reply, question)))
        finally:
            self.open -= 1
        seconds = round(time.monotonic() - started, 3)
        _log.info("asked", extra=_facts(given, question.place.server, seconds))
        return given

    async def aside(self, job: Callable[[], Result]) -> Result:
        """Run a short job, such as one of the store's, and return what it returns."""
        return await _on(self._clerk, job)

    async def build(self, job: Callable[[], Result]) -> Result:
        """Run a long job that may be left unfinished; ``building`` is set meanwhile."""
        done: Future[Result] = Future()

        def run() -> None:
            try:
                done.set_result(job())
            except BaseException as error:
                done.set_exception(error)

        self.building = True
        # A daemon, unlike the threads of a pool, does not keep a process that is told to end.
        Thread(target=run, name="index", daemon=True).start()
        try:
            return await asyncio.wrap_future(done)
        finally:
            self.building = False

    def close(self) -> None:
        """Take no more work; what has begun goes on."""
        self._clerk.shutdown(wait=False, cancel_futures=True)

    def _kept(self, reply: Reply, question: Question) -> int:
        """Keep a reply and return its number, 0 when it could not be kept."""
        try:
            return self._store.keep(
                reply, question.place, question.user, question_key(reply.question)
            )
        except DiscordError:
            # An answer without buttons is better than none.
            _log.exception("an answer could not be kept")
            return 0


def _facts(given: Given, server: int, seconds: float) -> dict[str, object]:
    """Return what is logged of a question: not its words."""
    reply = given.reply
    outcome = reply.reason.value if isinstance(reply, Abstention) else "answered"
    return {"answer": given.number, "server": server, "outcome": outcome, "seconds": seconds}


async def _on(pool: ThreadPoolExecutor, job: Callable[[], Result]) -> Result:
    return await asyncio.get_running_loop().run_in_executor(pool, job)
