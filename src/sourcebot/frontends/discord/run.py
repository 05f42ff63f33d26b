"""Starting the bot, keeping it up, and leaving cleanly. Discord's errors become ours here."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord import app_commands

from sourcebot.config.settings import TOKEN_VARIABLE
from sourcebot.errors import DiscordError
from sourcebot.frontends.discord.bot import make_bot
from sourcebot.frontends.discord.client import make_client
from sourcebot.frontends.discord.health import serving

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sourcebot.answering.service import Service
    from sourcebot.config.settings import DiscordConfig
    from sourcebot.frontends.discord.bot import Bot
    from sourcebot.frontends.discord.client import BotClient
    from sourcebot.frontends.discord.store import BotStore

_log = logging.getLogger(__name__)
_GRACE = 10.0
"""Seconds that open questions have when the bot is told to stop."""

_FAREWELL = 0.1
_PURGE_EVERY = 6 * 3600.0
_AGAIN = 5.0
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def required_token(environment: Mapping[str, str] = os.environ) -> str:
    """Return the bot's token.

    Raises:
        DiscordError: when there is none, or it cannot be one.
    """
    token = environment.get(TOKEN_VARIABLE, "").strip()
    if not token:
        raise DiscordError(
            f"there is no token: the environment variable {TOKEN_VARIABLE} is not set",
            "make an application at https://discord.com/developers/applications and set the "
            "variable to its bot's token (docs/discord.md has every step)",
        )
    if not token.isascii() or not token.isprintable() or " " in token:
        raise DiscordError(
            f"{TOKEN_VARIABLE} does not hold a token: it has characters that no token has",
            "copy the token again, without quotation marks or line breaks",
        )
    return token


async def run_bot(
    service: Service,
    store: BotStore,
    config: DiscordConfig,
    token: str,
    *,
    connector: aiohttp.BaseConnector | None = None,
    **options: Any,  # noqa: ANN401 (of discord.Client)
) -> None:
    """Run the bot until SIGTERM, SIGINT or a cancellation, then leave cleanly.

    Raises:
        DiscordError: when Discord refuses the bot.
    """
    bot = make_bot(service, store, config)
    client = make_client(bot, connector=connector, **options)
    stop = asyncio.Event()
    with _signals(stop):
        try:
            async with serving(client, config.health_host, config.health_port):
                running = asyncio.ensure_future(_stay(client, token))
                stopping = asyncio.ensure_future(stop.wait())
                purging = asyncio.ensure_future(_purge(bot))
                try:
                    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    await _leave(client, running, stopping, purging)
                if running.done() and not running.cancelled():
                    running.result()
        finally:
            bot.desk.close()


async def _leave(client: BotClient, *tasks: asyncio.Future[Any]) -> None:
    """Stop listening, answer what was asked, and close the connection as done for good."""
    _log.info("stopping", extra={"open": client.bot.desk.open})
    # Cancelled first: a socket that is being read would be closed as broken (4000), and
    # the bot would be shown online until Discord gives up on it.
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await client.delivered(_GRACE)
    await client.close()
    # aiohttp closes TLS connections a moment after it has said so.
    await asyncio.sleep(_FAREWELL)
    _log.info("stopped")


async def _stay(client: BotClient, token: str) -> None:
    """Log in and stay connected, also over payloads that the library cannot read.

    Raises:
        DiscordError: when Discord refuses the bot.
    """
    with mapped_errors():
        await client.login(token)
        while True:
            try:
                await client.connect()
                return
            except (discord.DiscordException, aiohttp.ClientError, OSError):
                raise
            except Exception:
                _log.exception("the connection broke on something unreadable; connecting again")
                await client.drop()
                await asyncio.sleep(_AGAIN)


async def sync_commands(
    service: Service,
    store: BotStore,
    config: DiscordConfig,
    token: str,
    *,
    connector: aiohttp.BaseConnector | None = None,
) -> list[str]:
    """Register the commands with Discord and return their names.

    Raises:
        DiscordError: when Discord refuses the bot or the commands.
    """
    bot = make_bot(service, store, config)
    client = make_client(bot, connector=connector)
    client.syncs_at_login = False
    try:
        with mapped_errors():
            await client.login(token)
            return sorted(command.name for command in await client.sync())
    finally:
        await client.close()
        bot.desk.close()


async def _purge(bot: Bot) -> None:
    """Delete what is older than the configuration allows, now and from time to time."""
    while True:
        try:
            gone = await bot.desk.aside(lambda: bot.store.forget_before(bot.config.retention_days))
            if gone:
                _log.info("old answers deleted", extra={"answers": gone})
        except DiscordError:
            _log.exception("old answers could not be deleted")
        await asyncio.sleep(_PURGE_EVERY)


@contextlib.contextmanager
def mapped_errors() -> Iterator[None]:
    """Turn what discord.py raises for good into our errors."""
    try:
        yield
    except discord.LoginFailure as error:
        raise DiscordError(
            f"Discord does not accept the token in {TOKEN_VARIABLE}",
            "copy it again: Developer Portal, your application, Bot, Reset Token",
        ) from error
    except discord.PrivilegedIntentsRequired as error:
        raise DiscordError(
            "Discord refuses the events that the bot asks for", "update sourcebot"
        ) from error
    except discord.ConnectionClosed as error:
        refused = error.code == 4004
        raise DiscordError(
            "Discord does not accept the token any more"
            if refused
            else f"Discord closed the connection for good (code {error.code})",
            "reset the token in the Developer Portal" if refused else "try again in a while",
        ) from error
    except app_commands.CommandSyncFailure as error:
        raise DiscordError(f"Discord refuses the commands: {error}", "update sourcebot") from error
    except discord.HTTPException as error:
        raise DiscordError(
            f"Discord answered with status {error.status} (code {error.code})",
            "try again in a while; https://discordstatus.com tells of outages",
        ) from error
    except (discord.GatewayNotFound, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise DiscordError(
            f"Discord cannot be reached: {error}", "check the network and try again"
        ) from error


@contextlib.contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """Set ``stop`` when the process is told to end."""
    loop = asyncio.get_running_loop()
    handled = []
    for number in _SIGNALS:
        # Windows' loop raises NotImplementedError, threads other than the main one the others:
        # there the caller ends the bot by cancelling it.
        with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
            loop.add_signal_handler(number, stop.set)
            handled.append(number)
    try:
        yield
    finally:
        for number in handled:
            loop.remove_signal_handler(number)
