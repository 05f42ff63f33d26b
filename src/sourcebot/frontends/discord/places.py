"""Where something is asked, and from which articles whoever asks there may be answered."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import discord

from sourcebot.frontends.discord.records import Place
from sourcebot.frontends.discord.refusals import Refusal
from sourcebot.types import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sourcebot.frontends.discord.bot import Bot
    from sourcebot.frontends.discord.words import Words

_log = logging.getLogger(__name__)
_REMEMBERED_FOR = 300.0
_MOST_LOOKUPS = 50
_NOT_A_MEMBER = {10007, 10013}
"""Discord's codes for an unknown member and an unknown user."""


def place_of(server: int | None, channel: object, person: object = None) -> Place:
    """Return the place of a channel or thread, as Discord's payload describes it."""
    return Place(
        server or 0,
        int(getattr(channel, "id", 0) or 0),
        channel.parent_id if isinstance(channel, discord.Thread) else 0,
        _roles_of(person) if server else (),
    )


def _roles_of(person: object) -> tuple[int, ...]:
    """Return the roles of a member, the highest first; none of who is not known as a member."""
    if not isinstance(person, discord.Member):
        return ()
    return tuple(role.id for role in reversed(person.roles) if not role.is_default())


def here(interaction: discord.Interaction[Any]) -> Place:
    """Return the place of an interaction."""
    return place_of(interaction.guild_id, interaction.channel, interaction.user)


def channel_of(client: discord.Client, number: int, server: int) -> discord.abc.Messageable:
    """Return a channel as the bot knows it, else as far as its id says."""
    known = client.get_channel(number)
    if isinstance(known, discord.TextChannel | discord.Thread | discord.VoiceChannel):
        return known
    return client.get_partial_messageable(number, guild_id=server or None)


@dataclass(slots=True)
class SharedServers:
    """What people may be answered from in direct messages, remembered for five minutes."""

    known: dict[int, tuple[float, Scope]] = field(default_factory=dict)


async def allowed(bot: Bot, client: discord.Client, place: Place, user: int, words: Words) -> Scope:
    """Return what somebody may be answered from in a place; an empty scope is everything.

    Raises:
        Refusal: in direct messages, when they are off or no server is shared.
    """
    if place.server:
        return bot.store.scope(place)
    setting = bot.config.direct_messages
    if setting == "off":
        raise Refusal(words.no_direct)
    if setting == "all" or not bot.store.scoped_servers():
        return Scope()
    now, known = time.monotonic(), bot.shared.known
    expires, scope = known.get(user, (0.0, Scope()))
    if expires < now:
        found = await _scopes_of(bot, client.guilds, user)
        if not found:
            raise Refusal(words.no_shared)
        scope = await bot.background.run(lambda: _joined(bot, found))
        for person in [p for p, (until, _) in known.items() if until < now]:
            del known[person]
        known[user] = (now + _REMEMBERED_FOR, scope)
    return scope


async def _scopes_of(bot: Bot, guilds: Iterable[discord.Guild], user: int) -> list[Scope]:
    """Return what each server that a person shares with the bot allows that person.

    Where Discord does not say whether it is shared, only what that server has limited counts.
    """
    scoped = bot.store.scoped_servers()
    found = []
    for guild in sorted(guilds, key=lambda g: g.id in scoped)[:_MOST_LOOKUPS]:
        try:
            member = await guild.fetch_member(user)
        except discord.HTTPException as error:
            if error.code in _NOT_A_MEMBER:
                continue
            _log.warning("a membership is unknown", extra={"server": guild.id, "code": error.code})
            if scope := bot.store.scope(Place(guild.id, 0)):
                found.append(scope)
            continue
        scope = bot.store.scope(Place(guild.id, 0, 0, _roles_of(member)))
        found.append(scope)
        if not scope:
            break
    return found


def _joined(bot: Bot, scopes: Sequence[Scope]) -> Scope:
    """Return one scope that allows what any of several does, and nothing else.

    Scopes of different kinds cannot be joined so; then the one with the most articles counts.
    """
    if not all(scopes):
        return Scope()
    if not any(scope.publishers for scope in scopes):
        return Scope(sources=tuple(dict.fromkeys(s for scope in scopes for s in scope.sources)))
    if not any(scope.sources for scope in scopes):
        names = dict.fromkeys(p for scope in scopes for p in scope.publishers)
        return Scope(publishers=tuple(names))
    return max(scopes, key=lambda scope: len(bot.titles.articles(scope)))
