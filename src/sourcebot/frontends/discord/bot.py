"""What the bot's parts share."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from discord.app_commands import Cooldown

from sourcebot.frontends.discord.background import Background
from sourcebot.frontends.discord.places import SharedServers
from sourcebot.frontends.discord.titles import Titles

if TYPE_CHECKING:
    from collections.abc import Iterator

    import discord

    from sourcebot.config.settings import DiscordConfig
    from sourcebot.frontends.discord.client import BotClient
    from sourcebot.frontends.discord.store import BotStore
    from sourcebot.project import Project

_REMEMBERED = 10_000
_LONGEST_DELIVERY = 10.0


class SeenIds:
    """Remembers the last ids, so that an event delivered twice is handled once."""

    def __init__(self) -> None:
        """Start with none."""
        self._seen: OrderedDict[int, None] = OrderedDict()

    def is_new(self, number: int) -> bool:
        """Return whether an id is seen for the first time."""
        if number in self._seen:
            return False
        self._seen[number] = None
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return True


class Cooldowns:
    """How many questions each person may still ask."""

    def __init__(self, questions: int, seconds: float) -> None:
        """Allow ``questions`` within ``seconds``."""
        self._questions, self._seconds = questions, seconds
        self._people: dict[int, Cooldown] = {}

    def wait(self, user: int) -> float:
        """Count a question and return how many seconds too early it comes; 0 when it may."""
        if not self._seconds:
            return 0.0
        now = time.time()
        if len(self._people) > _REMEMBERED:
            self._people = {
                p: c for p, c in self._people.items() if c.get_tokens(now) < self._questions
            }
        cooldown = self._people.setdefault(user, Cooldown(self._questions, self._seconds))
        return cooldown.update_rate_limit(now) or 0.0


class Deliveries:
    """The answers that are being sent.

    People see an answer before the bot hears that it was sent, and may reply to it meanwhile.
    """

    def __init__(self) -> None:
        """Start with none."""
        self._open: dict[asyncio.Future[None], int] = {}

    @contextmanager
    def under_way(self, channel: int) -> Iterator[None]:
        """Note that an answer is being sent into a channel, until it is known as sent."""
        done = asyncio.get_running_loop().create_future()
        self._open[done] = channel
        try:
            yield
        finally:
            del self._open[done]
            done.set_result(None)

    async def settled(self, channel: int) -> None:
        """Wait until what is now being sent into a channel is known as sent, or for 10 s."""
        if waited := [done for done, where in self._open.items() if where == channel]:
            await asyncio.wait(waited, timeout=_LONGEST_DELIVERY)


@dataclass(slots=True)
class Bot:
    """The parts, made by ``make_bot``.

    ``in_progress`` holds the messages and interactions that are being answered; ``changed`` is set
    when the index, a scope or the session may be another.
    """

    project: Project
    store: BotStore
    config: DiscordConfig
    background: Background
    cooldowns: Cooldowns
    titles: Titles
    seen: SeenIds = field(default_factory=SeenIds)
    in_progress: set[int] = field(default_factory=set)
    shared: SharedServers = field(default_factory=SharedServers)
    deliveries: Deliveries = field(default_factory=Deliveries)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    started: float = field(default_factory=time.time)


def make_bot(project: Project, store: BotStore, config: DiscordConfig) -> Bot:
    """Put the parts together; must run in the event loop."""
    cooldowns = Cooldowns(config.cooldown_questions, config.cooldown_seconds)
    return Bot(project, store, config, Background(project, store), cooldowns, Titles(project))


def bot_of(interaction: discord.Interaction[Any]) -> Bot:
    """Return the bot that an interaction came to."""
    return cast("BotClient", interaction.client).bot
