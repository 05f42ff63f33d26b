"""What all handlers share: the project, who may do what, and the answers that are kept."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from sourcebot.errors import NotFound, QuestionError, SourcebotError
from sourcebot.frontends.web.access import Access, Caller
from sourcebot.frontends.web.limits import RateLimit
from sourcebot.frontends.web.models import FilterModel, Standing
from sourcebot.frontends.web.problems import Refused
from sourcebot.frontends.web.store import AnswerStore, Gap, KeptAnswer
from sourcebot.render.as_json import reply_to_dict
from sourcebot.render.schema import ReplyModel
from sourcebot.types import Filters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import HTTPConnection

    from sourcebot.config.web import WebConfig
    from sourcebot.project import Project
    from sourcebot.render.schema import QuoteModel
    from sourcebot.types import Reply
    from sourcebot.types.claims import Check
    from sourcebot.types.timelines import Timeline


MOST_BEFORE = 6
"""Most questions before one that it may refer to."""

_RECENT = 500
_CHANGED_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A reply, the id that it is kept under ("": not kept), and how many files are not as indexed.

    ``changed`` is None when that is not known, or not for whoever asks.
    """

    reply: ReplyModel
    id: str
    changed: int | None


class Site:
    """The project as the page and the API see it. Its coroutines run on one event loop."""

    def __init__(self, project: Project) -> None:
        """Take an open project.

        Raises:
            ConfigError: when others than this machine could come without a token.
            WebError: when the file of the answers cannot be used.
        """
        self.project = project
        self.config: WebConfig = project.config.web
        self.access = Access(self.config)
        self.limit = RateLimit(self.config.questions_per_minute)
        keep = self.config.keep_days
        self.store = AnswerStore(project.config.web_database, keep) if keep else None
        self._recent: OrderedDict[tuple[str, Filters, tuple[str, ...]], Reply] = OrderedDict()

    def close(self) -> None:
        """Let go of the file of the answers; the project stays open."""
        if self.store:
            self.store.close()

    def caller(self, connection: HTTPConnection, scope: str) -> Caller:
        """Return who asks, if they may do what ``scope`` names.

        Raises:
            Refused: when a token is needed, or theirs does not allow it.
        """
        caller = self.access.caller(connection)
        if caller is None:
            raise Refused(
                401,
                "token",
                "a token is needed",
                "send it as `Authorization: Bearer TOKEN`, or sign in on the page",
                {"WWW-Authenticate": "Bearer"},
            )
        if scope not in caller.scopes:
            raise Refused(403, "scope", f"the scope {scope!r} is needed for this")
        return caller

    @staticmethod
    def who(connection: HTTPConnection, caller: Caller) -> str:
        """Return whose questions are counted: a token's, else an address's."""
        address = connection.client.host if connection.client else ""
        return f"token {caller.name}" if caller.name else address

    async def ask(
        self,
        connection: HTTPConnection,
        question: str,
        filters: FilterModel,
        after: Sequence[str] = (),
    ) -> Asked:
        """Answer a question of who asks, and keep the answer.

        ``after`` are the questions before it that it may refer to, the oldest first; each may
        itself refer to those before it.

        Raises:
            Refused: when they may not ask, or not so soon again.
            SourcebotError: as ``Project.ask``.
        """
        caller = self.counted(connection)
        allowed = as_filters(filters, caller)
        before: list[Reply] = []
        for earlier in after[-MOST_BEFORE:]:
            known = self._known(earlier, allowed, before)
            if known is None:
                self.counted(connection)  # it is asked anew
                with contextlib.suppress(QuestionError):
                    known = await self._replied(earlier, allowed, before)
            before += [known] if known else []
        given, changed = await asyncio.gather(
            self._replied(question, allowed, before), self._changed(caller)
        )
        reply = ReplyModel.model_validate(reply_to_dict(given))
        store = self.store
        name = await run_in_threadpool(store.keep, reply, filters) if store else ""
        return Asked(reply, name, changed)

    async def _replied(self, question: str, filters: Filters, before: Sequence[Reply]) -> Reply:
        """Return the reply to a question, tried with what went before it if anything did."""
        future = self.project.submit(question, filters, before or None)
        reply = await asyncio.wrap_future(future)
        self._recent[question, filters, _asked(before)] = reply
        if reply.meant:
            self._recent[reply.meant, filters, ()] = reply
        while len(self._recent) > _RECENT:
            self._recent.popitem(last=False)
        return reply

    def _known(self, question: str, filters: Filters, before: Sequence[Reply]) -> Reply | None:
        """Return what a question got after others, or written out, if that is remembered."""
        known = self._recent.get((question, filters, _asked(before)))
        return known or self._recent.get((question, filters, ()))

    async def _changed(self, caller: Caller) -> int | None:
        """Return how many source files are not as they were indexed, if the caller sees all."""
        if caller.scope:
            return None
        try:
            return await run_in_threadpool(self.project.changed, _CHANGED_SECONDS)
        except SourcebotError:  # asking tells what is wrong with the index
            return None

    async def check(self, connection: HTTPConnection, claim: str, filters: FilterModel) -> Check:
        """Say what the articles say of a claim; it counts as a question of who asks.

        Raises:
            Refused: when they may not ask, or not so soon again.
            SourcebotError: as ``Project.check``.
        """
        caller = self.counted(connection)
        return await run_in_threadpool(self.project.check, claim, as_filters(filters, caller))

    async def timeline(
        self, connection: HTTPConnection, topic: str, filters: FilterModel
    ) -> Timeline:
        """Return what the articles date of a topic; it counts as a question of who asks.

        Raises:
            Refused: when they may not ask, or not so soon again.
            SourcebotError: as ``Project.timeline``.
        """
        caller = self.counted(connection)
        return await run_in_threadpool(self.project.timeline, topic, as_filters(filters, caller))

    def counted(self, connection: HTTPConnection) -> Caller:
        """Return who asks, with the question counted.

        Raises:
            Refused: when they may not ask, or not so soon again.
        """
        caller = self.caller(connection, "ask")
        if seconds := self.limit.wait(self.who(connection, caller)):
            raise Refused(
                429,
                "rate",
                f"more than {self.config.questions_per_minute} questions a minute",
                f"ask again in {seconds} s",
                {"Retry-After": str(seconds)},
            )
        return caller

    async def answer(self, caller: Caller, name: str) -> KeptAnswer:
        """Return an answer given earlier, if all of it lies in the caller's scope.

        Raises:
            NotFound: when there is none of that id for them.
        """
        store = self.store
        if store is None:
            raise NotFound("answers are not kept here", "keep_days in [web] is 0")
        kept = await run_in_threadpool(store.answer, name)
        viewing = self.project.viewing
        if not all(viewing.allows(s.source(), caller.scope) for s in kept.reply.sources()):
            raise NotFound("there is no answer of that id", "ask the question again")
        return kept

    async def standings(
        self, quotes: tuple[QuoteModel, ...], caller: Caller
    ) -> tuple[Standing, ...]:
        """Return what became of quotes, in order; those out of scope look gone."""
        return await run_in_threadpool(self._standings, quotes, caller)

    def _standings(self, quotes: tuple[QuoteModel, ...], caller: Caller) -> tuple[Standing, ...]:
        found = []
        for number, quote in enumerate(quotes, start=1):
            stands = self.project.viewing.standing(
                quote.source.source(), quote.text, quote.start, caller.scope
            )
            span = stands.span
            found.append(
                Standing(
                    quote=number,
                    standing=stands.standing.value,
                    start=span.start if span else None,
                    end=span.end if span else None,
                )
            )
        return tuple(found)

    async def gaps(self) -> tuple[Gap, ...]:
        """Return the questions that found no answer."""
        return await run_in_threadpool(self.store.gaps) if self.store else ()


def _asked(replies: Sequence[Reply]) -> tuple[str, ...]:
    return tuple(reply.meant or reply.question for reply in replies)


def as_filters(filters: FilterModel, caller: Caller) -> Filters:
    """Return filters within the scope of who asks."""
    return Filters(
        filters.source,
        filters.publisher,
        filters.since,
        filters.until,
        scope=caller.scope,
        as_of=filters.as_of,
    )


def filters_from(parameters: Mapping[str, str]) -> FilterModel:
    """Return the filters among the parameters of an address.

    Raises:
        QuestionError: when one cannot be used.
    """
    values = {
        name: value.strip()
        for name in FilterModel.model_fields
        if (value := parameters.get(name, "")).strip()
    }
    try:
        return FilterModel.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        if isinstance(getattr(FilterModel(), name), str):
            wrong = QuestionError(f"{name}: {first['msg'].lower()}", "write less of it")
        else:
            wrong = QuestionError(
                f"{name} {values[name][:40]!r} is not a date", "write it as 2024-05-31"
            )
        raise wrong from error
