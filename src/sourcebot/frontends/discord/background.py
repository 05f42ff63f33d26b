"""What the event loop must not wait for: questions, the store, and building the index."""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from sourcebot.errors import DiscordError, ServiceBusy
from sourcebot.text.questions import asks, question_key
from sourcebot.text.small_talk import says_little
from sourcebot.types import Abstention, AbstentionReason, Filters, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcebot.frontends.discord.records import Place
    from sourcebot.frontends.discord.store import BotStore
    from sourcebot.project import Project

    Result = TypeVar("Result")

_log = logging.getLogger(__name__)
_NOTHING = AbstentionReason.NOTHING_RELEVANT
_NEVER_ANSWERED = {AbstentionReason.UNCLEAR, AbstentionReason.NOTHING_INDEXED}
_MOST_CHECKS = 8
"""Messages that are checked or wait for it; a long one takes some seconds."""


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks; ``before`` is the reply that a follow-up question refers to.

    ``filters`` hold the scope of the place.
    """

    text: str
    place: Place
    user: int
    filters: Filters = field(default_factory=Filters)
    before: Reply | None = None


@dataclass(frozen=True, slots=True)
class KeptReply:
    """A reply and its number in the store; 0 when it could not be or was not kept.

    Attributes:
        readable: whether moderators can read the question.
        understood: whether the text was a question, or at least led somewhere.
        followable: whether it can be asked again: its words are kept, and somebody understands it.
    """

    reply: Reply
    number: int
    readable: bool = False
    understood: bool = True
    followable: bool = False


class Background:
    """Runs what takes time on other threads, so that the event loop goes on."""

    def __init__(self, project: Project, store: BotStore) -> None:
        """Take what answers (in a bounded queue of its own) and what remembers."""
        self._project = project
        self._store = store
        # What buttons and settings need is short, and must not wait behind questions.
        self._short_jobs = ThreadPoolExecutor(1, "short jobs")
        # One at a time, so that a long message to check leaves room for questions.
        self._checks = ThreadPoolExecutor(1, "checks")
        self._checks_open = 0
        self.open = 0
        self.building = False

    async def ask(self, question: Question) -> KeptReply:
        """Return the reply to a question.

        Raises:
            ServiceBusy: when too many questions wait already.
            SourcebotError: when the question or the index cannot be used.
        """
        started = time.monotonic()
        self.open += 1
        try:
            reply = await asyncio.wrap_future(
                self._project.submit(question.text, question.filters, question.before)
            )
            given = await self.run(lambda: self._kept(reply, question))
        finally:
            self.open -= 1
        seconds = round(time.monotonic() - started, 3)
        _log.info("asked", extra=_facts(given, question.place.server, seconds))
        return given

    async def run(self, job: Callable[[], Result]) -> Result:
        """Run a short job, such as one of the store's, and return what it returns."""
        return await _on(self._short_jobs, job)

    async def check(self, job: Callable[[], Result]) -> Result:
        """Run a job that asks or checks several things, after those that came before.

        Raises:
            ServiceBusy: when too many wait already.
        """
        if self._checks_open >= _MOST_CHECKS:
            raise ServiceBusy(f"{_MOST_CHECKS} messages are waiting already", "ask again soon")
        self._checks_open += 1
        try:
            return await _on(self._checks, job)
        finally:
            self._checks_open -= 1

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
        self._short_jobs.shutdown(wait=False, cancel_futures=True)
        self._checks.shutdown(wait=False, cancel_futures=True)

    def _kept(self, reply: Reply, question: Question) -> KeptReply:
        """Keep a reply, unless it found nothing for a text that was hardly a question."""
        nothing = isinstance(reply, Abstention) and reply.reason is _NOTHING
        if nothing and says_little(reply.question) and not asks(reply.question):
            return KeptReply(reply, 0, understood=False)
        try:
            key = question_key(reply.question)
            number = self._store.keep(reply, question.place, question.user, key, question.filters)
        except DiscordError:
            # An answer without buttons is better than none.
            _log.exception("an answer could not be kept")
            number = 0
        kept = bool(number and self._store.keeps_questions)
        followable = isinstance(reply, Abstention) and reply.reason not in _NEVER_ANSWERED
        return KeptReply(
            reply, number, bool(kept and question.place.server), followable=kept and followable
        )


def _facts(given: KeptReply, server: int, seconds: float) -> dict[str, object]:
    """Return what is logged of a question: not its words."""
    reply = given.reply
    outcome = reply.reason.value if isinstance(reply, Abstention) else "answered"
    return {"answer": given.number, "server": server, "outcome": outcome, "seconds": seconds}


async def _on(pool: ThreadPoolExecutor, job: Callable[[], Result]) -> Result:
    return await asyncio.get_running_loop().run_in_executor(pool, job)
