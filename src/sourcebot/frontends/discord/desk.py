"""Where questions are answered: beside the event loop, few at a time, in a bounded queue."""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from sourcebot.answering.followups import alike, new_answer, stands_alone, terms_to_add
from sourcebot.errors import DiscordError
from sourcebot.types import Abstention, Filters, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcebot.answering.service import Service
    from sourcebot.config.settings import DiscordConfig
    from sourcebot.frontends.discord.records import Place
    from sourcebot.frontends.discord.store import BotStore

    Result = TypeVar("Result")

_log = logging.getLogger(__name__)


class Busy(Exception):
    """The queue is full."""


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
    """A reply and its number in the store; 0 when it could not be kept.

    ``added`` names the words of earlier quotes that the question was searched again with.
    """

    reply: Reply
    number: int
    added: tuple[str, ...] = ()


class Desk:
    """Answers questions on threads of its own, so that the event loop goes on."""

    def __init__(self, service: Service, store: BotStore, config: DiscordConfig) -> None:
        """Take what answers, what remembers, and the numbers of workers and waiting places."""
        self._service = service
        self._store = store
        self._places = config.workers + config.queue
        self._workers = ThreadPoolExecutor(config.workers, "answer")
        # What buttons and settings need is short, and must not wait behind questions.
        self._clerk = ThreadPoolExecutor(1, "clerk")
        self.open = 0
        self.building = False

    async def ask(self, question: Question) -> Given:
        """Return the reply to a question.

        Raises:
            Busy: when too many questions wait already.
            SourcebotError: when the question or the index cannot be used.
        """
        if self.open >= self._places:
            raise Busy
        self.open += 1
        try:
            started = time.monotonic()
            given = await _on(self._workers, lambda: self._answer(question))
            seconds = round(time.monotonic() - started, 3)
            _log.info("asked", extra=_facts(given, question.place.server, seconds))
            return given
        finally:
            self.open -= 1

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
        for pool in (self._workers, self._clerk):
            pool.shutdown(wait=False, cancel_futures=True)

    def _answer(self, question: Question) -> Given:
        filters = replace(question.filters, scope=self._store.scope(question.place))
        reply = self._service.ask(question.text, filters)
        added: tuple[str, ...] = ()
        if question.before and (isinstance(reply, Abstention) or not stands_alone(reply.question)):
            terms = terms_to_add(reply.question, question.before)
            if terms:
                wider = self._service.ask(f"{reply.question} {' '.join(terms)}", filters)
                if found := new_answer(reply.question, wider, question.before):
                    reply, added = replace(found, question=reply.question), terms
        try:
            number = self._store.keep(reply, question.place, question.user, alike(reply.question))
        except DiscordError:
            # An answer without buttons is better than none.
            _log.exception("an answer could not be kept")
            number = 0
        return Given(reply, number, added)


def _facts(given: Given, server: int, seconds: float) -> dict[str, object]:
    """Return what is logged of a question: not its words."""
    reply = given.reply
    outcome = reply.reason.value if isinstance(reply, Abstention) else "answered"
    return {"answer": given.number, "server": server, "outcome": outcome, "seconds": seconds}


async def _on(pool: ThreadPoolExecutor, job: Callable[[], Result]) -> Result:
    return await asyncio.get_running_loop().run_in_executor(pool, job)
