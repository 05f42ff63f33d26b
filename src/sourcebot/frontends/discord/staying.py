"""Logging in and staying connected: what is waited out, what ends the bot, and how it is said.

What passes by itself (no network, no name resolution, an outage or a rate limit of Discord) is
waited out with growing, random pauses. What does not (a token that Discord does not accept) ends
the bot at once with ``DiscordRefused``, whose exit status no supervisor should restart.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord import app_commands
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from sourcebot.config.settings import TOKEN_VARIABLE
from sourcebot.errors import DiscordError, DiscordRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcebot.frontends.discord.client import BotClient

_log = logging.getLogger(__name__)

FIRST_PAUSE = 1.0
"""Seconds, about, between the first two attempts; each further pause is twice as long."""

LONGEST_PAUSE = 60.0
_REQUEST_TIMEOUT, _RATE_LIMITED, _FORBIDDEN, _SERVER_ERROR = 408, 429, 403, 500
_NORMAL_CLOSURE, _TOKEN_REFUSED, _INTENTS_REFUSED = 1000, 4004, 4014
_CONNECT_WITHIN = 60.0
_RESUME_ATTEMPTS = 3
_SHORT, _SHORT_ALLOWED = 5.0, 3
"""A connection of fewer seconds is short; after so many in a row there are pauses."""


_UNREACHABLE = (discord.GatewayNotFound, aiohttp.ClientError, OSError, TimeoutError)
_REPEATED = ("Attempting a reconnect", "Failed to connect for shard_id")


class Pauses:
    """The pauses between attempts, and the two lines of the log about them."""

    def __init__(self) -> None:
        """Begin with no attempt made."""
        self._count = 0
        self._began = 0.0

    async def wait(self, error: BaseException) -> None:
        """Pause after a failed attempt; the first of a row is logged."""
        if not self._count:
            self._began = time.monotonic()
            _log.warning("Discord cannot be reached: %s; trying again until it can", _reason(error))
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**self._count)
        self._count += 1
        # Random, so that bots that lost Discord together do not come back together.
        await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 (no secret)

    def over(self) -> None:
        """Log that an attempt has succeeded, if one had failed before."""
        if self._count:
            seconds = round(time.monotonic() - self._began, 1)
            _log.info("Discord can be reached again", extra={"after": seconds})
        self._count = 0


async def stay_connected(client: BotClient, token: str) -> None:
    """Log in and stay connected until cancelled, over outages and unreadable payloads.

    Raises:
        DiscordRefused: when Discord refuses the bot for good.
        DiscordError: when the library gives the connection up.
    """
    with mapped_errors(), _said_once():
        while not await _logged_in(client, token):
            pass
        if isinstance(client, discord.AutoShardedClient):
            await _connect_shards(client)
        else:
            await _connect(client)


async def _logged_in(client: BotClient, token: str) -> bool:
    """Try to log in, and return whether it worked; otherwise pause."""
    try:
        await client.login(token)
    except (discord.HTTPException, *_UNREACHABLE) as error:
        if isinstance(error, discord.HTTPException) and not passes(error):
            raise
        client.release_session()
        await client.pauses.wait(error)
        return False
    client.pauses.over()
    return True


async def _connect(client: BotClient) -> None:
    """Hold one connection after the other, each resuming the session of the one before.

    The library's own loop waits up to 17 minutes between attempts, logs each with a traceback,
    and fails on its own missing socket when the very first attempt does.
    """
    session: dict[str, Any] = {"initial": True}
    failures = short = 0
    while not client.is_closed():
        began = time.monotonic()
        try:
            opening = DiscordWebSocket.from_client(client, shard_id=client.shard_id, **session)
            client.ws = await asyncio.wait_for(opening, _CONNECT_WITHIN)
            failures = 0
            while True:
                await client.ws.poll_event()
        except ReconnectWebSocket as error:
            client.dispatch("disconnect")
            session = _session_of(client, resume=error.resume)
            short = short + 1 if time.monotonic() - began < _SHORT else 0
            if short > _SHORT_ALLOWED:
                await client.pauses.wait(ConnectionError("connections end as soon as they begin"))
        except discord.ConnectionClosed as error:
            client.dispatch("disconnect")
            if error.code == _INTENTS_REFUSED:
                raise discord.PrivilegedIntentsRequired(error.shard_id) from error
            if error.code != _NORMAL_CLOSURE:
                raise
            session = _session_of(client, resume=True)
            await client.pauses.wait(error)
        except Exception as error:
            client.dispatch("disconnect")
            if not isinstance(error, (*_UNREACHABLE, discord.HTTPException)):
                _log.exception("the connection broke on something unreadable")
                await client.drop()
                session = {}
            failures += 1
            if failures >= _RESUME_ATTEMPTS:
                # The address for resuming may be what cannot be reached.
                session.pop("gateway", None)
            await client.pauses.wait(error)


def _session_of(client: BotClient, *, resume: bool) -> dict[str, Any]:
    """Return what the next connection is to go on with; nothing when no session began."""
    ws = client.ws
    if not resume or ws is None or not ws.session_id:
        return {"initial": ws is None}
    return {
        "resume": True,
        "gateway": ws.gateway,
        "session": ws.session_id,
        "sequence": ws.sequence,
    }


async def _connect_shards(client: BotClient) -> None:
    """Connect all shards; the library reconnects each by itself."""
    while True:
        try:
            await client.connect()
            return
        except _UNREACHABLE as error:
            if client.is_closed():
                raise
            await client.pauses.wait(error)


def passes(error: discord.HTTPException) -> bool:
    """Return whether what Discord answered is likely to pass by itself."""
    if error.status == _FORBIDDEN:
        # Without a code of Discord's it comes from the network in front of it.
        return not error.code
    return error.status in {_REQUEST_TIMEOUT, _RATE_LIMITED} or error.status >= _SERVER_ERROR


def _reason(error: BaseException) -> str:
    if isinstance(error, discord.HTTPException):
        return f"it answers with status {error.status}"
    return str(error) or type(error).__name__


@contextlib.contextmanager
def _said_once() -> Iterator[None]:
    """Keep the library from logging every attempt with a traceback; we say it once."""

    def wanted(record: logging.LogRecord) -> bool:
        return not str(record.msg).startswith(_REPEATED)

    loggers = [logging.getLogger(name) for name in ("discord.client", "discord.shard")]
    for logger in loggers:
        logger.addFilter(wanted)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(wanted)


@contextlib.contextmanager
def mapped_errors() -> Iterator[None]:
    """Turn what discord.py raises for good into our errors."""
    try:
        yield
    except discord.LoginFailure as error:
        raise DiscordRefused(
            f"Discord does not accept the token in {TOKEN_VARIABLE}",
            "copy it again: Developer Portal, your application, Bot, Reset Token",
        ) from error
    except discord.PrivilegedIntentsRequired as error:
        raise DiscordRefused(
            "Discord refuses the events that the bot asks for", "update sourcebot"
        ) from error
    except discord.ConnectionClosed as error:
        if error.code == _TOKEN_REFUSED:
            raise DiscordRefused(
                "Discord does not accept the token any more",
                "reset the token in the Developer Portal",
            ) from error
        raise DiscordRefused(
            f"Discord closed the connection for good (code {error.code})", "update sourcebot"
        ) from error
    except app_commands.CommandSyncFailure as error:
        raise DiscordError(f"Discord refuses the commands: {error}", "update sourcebot") from error
    except discord.HTTPException as error:
        raise DiscordError(
            f"Discord answered with status {error.status} (code {error.code})",
            "try again in a while; https://discordstatus.com tells of outages",
        ) from error
    except _UNREACHABLE as error:
        raise DiscordError(
            f"Discord cannot be reached: {error}", "check the network and try again"
        ) from error
