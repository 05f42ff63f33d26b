"""What the bot's parts share."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import discord
from discord.app_commands import Cooldown

from sourcebot.discord_bot.desk import Desk
from sourcebot.discord_bot.records import Place
from sourcebot.discord_bot.titles import Titles

if TYPE_CHECKING:
    from sourcebot.config import DiscordConfig
    from sourcebot.discord_bot.client import BotClient
    from sourcebot.discord_bot.store import BotStore
    from sourcebot.service import Service

_REMEMBERED = 10_000


class Once:
    """Remembers the last ids, so that an event delivered twice is handled once."""

    def __init__(self) -> None:
        """Start with none."""
        self._seen: OrderedDict[int, None] = OrderedDict()

    def first(self, number: int) -> bool:
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


@dataclass(slots=True)
class Bot:
    """The parts, made by ``make_bot``."""

    service: Service
    store: BotStore
    config: DiscordConfig
    desk: Desk
    cooldowns: Cooldowns
    titles: Titles
    once: Once = field(default_factory=Once)
    started: float = field(default_factory=time.time)


def make_bot(service: Service, store: BotStore, config: DiscordConfig) -> Bot:
    """Put the parts together; must run in the event loop."""
    cooldowns = Cooldowns(config.cooldown_questions, config.cooldown_seconds)
    return Bot(service, store, config, Desk(service, store, config), cooldowns, Titles(service))


def bot_of(interaction: discord.Interaction[Any]) -> Bot:
    """Return the bot that an interaction came to."""
    return cast("BotClient", interaction.client).bot


def place_of(server: int | None, channel: object) -> Place:
    """Return the place of a channel or thread, as Discord's payload describes it."""
    return Place(
        server or 0,
        int(getattr(channel, "id", 0) or 0),
        channel.parent_id if isinstance(channel, discord.Thread) else 0,
    )
