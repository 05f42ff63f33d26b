"""Starting the bot and leaving cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from typing import TYPE_CHECKING, Any

from sourcebot.config.settings import TOKEN_VARIABLE
from sourcebot.errors import DiscordError, DiscordRefused
from sourcebot.frontends.discord.bot import make_bot
from sourcebot.frontends.discord.client import make_client
from sourcebot.frontends.discord.health import serving
from sourcebot.frontends.discord.news import tell_of_followed
from sourcebot.frontends.discord.recovery import recover
from sourcebot.frontends.discord.staying import mapped_errors, stay_connected

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import aiohttp

    from sourcebot.config.settings import DiscordConfig
    from sourcebot.frontends.discord.bot import Bot
    from sourcebot.frontends.discord.client import BotClient
    from sourcebot.frontends.discord.store import BotStore
    from sourcebot.project import Project

_log = logging.getLogger(__name__)
_GRACE = 10.0
"""Seconds that open questions have when the bot is told to stop."""

_FAREWELL = 0.1
_PURGE_EVERY = 6 * 3600.0
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def required_token(environment: Mapping[str, str] = os.environ) -> str:
    """Return the bot's token.

    Raises:
        DiscordRefused: when there is none, or it cannot be one.
    """
    token = environment.get(TOKEN_VARIABLE, "").strip()
    if not token:
        raise DiscordRefused(
            f"there is no token: the environment variable {TOKEN_VARIABLE} is not set",
            "make an application at https://discord.com/developers/applications and set the "
            "variable to its bot's token (docs/discord.md has every step)",
        )
    if not token.isascii() or not token.isprintable() or " " in token:
        raise DiscordRefused(
            f"{TOKEN_VARIABLE} does not hold a token: it has characters that no token has",
            "copy the token again, without quotation marks or line breaks",
        )
    return token


async def run_bot(
    project: Project,
    store: BotStore,
    config: DiscordConfig,
    token: str,
    *,
    connector: aiohttp.BaseConnector | None = None,
    **options: Any,  # noqa: ANN401 (of discord.Client)
) -> None:
    """Run the bot until SIGTERM, SIGINT or a cancellation, then leave cleanly.

    Raises:
        DiscordRefused: when Discord refuses the bot for good.
        DiscordError: when the health endpoint cannot listen.
    """
    bot = make_bot(project, store, config)
    client = make_client(bot, connector=connector, **options)
    stop = asyncio.Event()
    with _signals(stop):
        try:
            async with serving(client, config.health_host, config.health_port):
                running = asyncio.ensure_future(stay_connected(client, token))
                stopping = asyncio.ensure_future(stop.wait())
                purging = asyncio.ensure_future(_purge(bot))
                recovering = asyncio.ensure_future(recover(client))
                following = asyncio.ensure_future(tell_of_followed(client))
                try:
                    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    await _leave(client, running, stopping, purging, recovering, following)
                if running.done() and not running.cancelled():
                    running.result()
        finally:
            bot.background.close()


async def _leave(client: BotClient, *tasks: asyncio.Future[Any]) -> None:
    """Stop listening, answer what was asked, and close the connection as done for good."""
    _log.info("stopping", extra={"open": client.bot.background.open})
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


async def sync_commands(
    project: Project,
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
    bot = make_bot(project, store, config)
    client = make_client(bot, connector=connector)
    client.syncs_at_login = False
    try:
        with mapped_errors():
            await client.login(token)
            return sorted(command.name for command in await client.sync())
    finally:
        await client.close()
        bot.background.close()


async def _purge(bot: Bot) -> None:
    """Delete what is older than the configuration allows, now and from time to time."""
    while True:
        try:
            gone = await bot.background.run(
                lambda: bot.store.forget_before(bot.config.retention_days)
            )
            if gone:
                _log.info("old answers deleted", extra={"answers": gone})
        except DiscordError:
            _log.exception("old answers could not be deleted")
        await asyncio.sleep(_PURGE_EVERY)


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
