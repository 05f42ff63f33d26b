"""The connection to Discord: which events there are, and what takes them."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord import app_commands

from sourcebot.frontends.discord import commands, moderation
from sourcebot.frontends.discord.bot import bot_of
from sourcebot.frontends.discord.buttons import Button
from sourcebot.frontends.discord.command_names import TEXTS, Translations
from sourcebot.frontends.discord.conversation import take_message
from sourcebot.frontends.discord.delivery import close_question, explain, tell
from sourcebot.frontends.discord.greeting import PRESENCE, greet
from sourcebot.frontends.discord.languages import words_for
from sourcebot.frontends.discord.staying import Pauses
from sourcebot.frontends.discord.throttling import (
    Throttled,
    count_requests,
    counting_requests,
    request_counter,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from discord.gateway import DiscordWebSocket

    from sourcebot.frontends.discord.bot import Bot

_log = logging.getLogger(__name__)
_SYNCED = "synced commands"


class Tree(app_commands.CommandTree["BotClient"]):
    """The commands; each interaction is taken once, and each error told to its person."""

    async def interaction_check(self, interaction: discord.Interaction[BotClient], /) -> bool:
        """Return whether this interaction is new."""
        count_requests()
        return bot_of(interaction).seen.is_new(interaction.id)

    async def on_error(
        self, interaction: discord.Interaction[BotClient], error: app_commands.AppCommandError, /
    ) -> None:
        """Tell what went wrong."""
        name = interaction.command.qualified_name if interaction.command else "command"
        embed = explain(error, words_for(interaction.locale), name)
        if interaction.type is not discord.InteractionType.autocomplete:
            bot = bot_of(interaction)
            if await tell(interaction, embed):
                await close_question(bot, interaction.id)
            bot.in_progress.discard(interaction.id)


class BotClient(discord.Client):
    """The bot on one connection."""

    def __init__(
        self,
        bot: Bot,
        *,
        connector: aiohttp.BaseConnector | None = None,
        **options: Any,  # noqa: ANN401
    ) -> None:
        """Prepare to connect.

        Args:
            bot: what answers.
            connector: how HTTP and the gateway are reached.
            options: options of ``discord.Client``, such as ``heartbeat_timeout``.
        """
        # Voice is not wanted: its libraries are not missed.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            connector=connector,
            http_trace=request_counter(),
            activity=PRESENCE,
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            **options,
        )
        self.bot = bot
        self.tree = Tree(self)
        for command in (*commands.COMMANDS, *moderation.COMMANDS):
            self.tree.add_command(command)
        self.add_dynamic_items(Button)
        self._guard_parsers()
        self._guard_sockets()
        self.syncs_at_login = True
        self.pauses = Pauses()
        self.was_online = False
        self.session_began = asyncio.Event()
        self._down: set[int | None] = {None}
        self.changed = time.time()

    def _guard_parsers(self) -> None:
        """Let a payload that the library cannot read cost that event alone, not the bot."""
        parsers = self._connection.parsers
        for event, parse in parsers.items():
            parsers[event] = partial(_guarded, event, parse)

    def _guard_sockets(self) -> None:
        """Let a frame that the library cannot read cost that frame alone, not the session.

        A new session would miss what is asked until it has begun.
        """
        connection = self._connection
        begin = connection._update_references  # noqa: SLF001 (the one place that sees every socket)

        def guarded(ws: DiscordWebSocket) -> None:
            ws.received_message = partial(  # type: ignore[method-assign]
                _guarded_frame, ws, ws.received_message
            )
            begin(ws)

        connection._update_references = guarded  # type: ignore[method-assign]  # noqa: SLF001

    async def setup_hook(self) -> None:
        """Register the commands with Discord when they are others than the last time."""
        await self.tree.set_translator(Translations())
        if not self.syncs_at_login:
            return
        digest = commands_digest(self)
        known = await self.bot.background.run(lambda: self.bot.store.fact(_SYNCED))
        if known == digest:
            return
        try:
            with counting_requests():
                await self.sync()
        except (discord.HTTPException, app_commands.AppCommandError, Throttled) as error:
            # The old commands go on; mentions and direct messages work anyway.
            _log.error("the commands could not be registered: %s", error)

    async def sync(self) -> list[app_commands.AppCommand]:
        """Register the commands with Discord and remember which."""
        synced = await self.tree.sync()
        digest = commands_digest(self)
        await self.bot.background.run(lambda: self.bot.store.set_fact(_SYNCED, digest))
        _log.info("commands registered", extra={"commands": len(synced)})
        return synced

    @property
    def is_online(self) -> bool:
        """Whether every session with the gateway is up, as its socket says now."""
        return self.ws is not None and self.ws.open and not self._down

    def release_session(self) -> None:
        """Give the connector back from a login that failed, so that the next one may use it."""
        name = "_HTTPClient__session"  # The library makes a new one at each login and keeps none.
        if isinstance(session := getattr(self.http, name, None), aiohttp.ClientSession):
            session.detach()
            self.http.clear()

    async def close(self) -> None:
        """Close the connection and the connector, also when a login never succeeded."""
        await super().close()
        if isinstance(self.http.connector, aiohttp.BaseConnector):
            await self.http.connector.close()

    async def drop(self) -> None:
        """Close a socket that nobody reads any more."""
        if self.ws is not None and self.ws.open:
            await self.ws.close(code=1000)
        self._down.add(None)

    async def delivered(self, seconds: float) -> None:
        """Wait until what was being answered is sent, at most so long."""
        names = ("discord.py: on_", "CommandTree-invoker", "discord-ui")
        mine = asyncio.current_task()
        sending = [
            task
            for task in asyncio.all_tasks()
            if task is not mine and task.get_name().startswith(names)
        ]
        if sending:
            await asyncio.wait(sending, timeout=seconds)

    # Events

    async def on_ready(self) -> None:
        """Note that the session is up; comes again after each new one."""
        self._up(None)
        self.session_began.set()
        _log.info("ready", extra={"servers": len(self.guilds)})

    async def on_resumed(self) -> None:
        """Note that the session is up again, with nothing missed."""
        self._up(None)
        _log.info("resumed")

    async def on_disconnect(self) -> None:
        """Note that the session is down; the library connects again."""
        if None not in self._down:
            self._down.add(None)
            self.changed = time.time()
            _log.warning("disconnected")

    def _up(self, shard: int | None) -> None:
        self._down.discard(shard)
        self.was_online = True
        self.bot.changed.set()
        self.pauses.over()
        self.changed = time.time()

    async def on_message(self, message: discord.Message) -> None:
        """Answer a message if it is meant for the bot."""
        await take_message(self, message)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Say hello."""
        _log.info("joined a server", extra={"server": guild.id})
        await greet(guild)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Take submitted forms, also those that were opened before a restart."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        data: dict[str, Any] = dict(interaction.data or {})
        found = commands.REPORT.fullmatch(str(data.get("custom_id", "")))
        if not found or not self.bot.seen.is_new(interaction.id):
            return
        try:
            await commands.take_report(interaction, int(found[1]))
        except Exception as error:
            words = words_for(interaction.locale)
            await tell(interaction, explain(error, words, "report"))

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401, ARG002
        """Log an error of an event, without the event's content."""
        _log.exception("an event failed", extra={"event": event_method})


class ShardedBotClient(BotClient, discord.AutoShardedClient):
    """The bot on several connections, for thousands of servers."""

    @property
    def is_online(self) -> bool:
        """Whether every shard's session is up, as its socket says now."""
        shards = self.shards
        return bool(shards) and not self._down and not any(s.is_closed() for s in shards.values())

    async def on_disconnect(self) -> None:
        """Leave it to ``on_shard_disconnect``."""

    async def on_resumed(self) -> None:
        """Leave it to ``on_shard_resumed``."""

    async def on_shard_ready(self, shard: int) -> None:
        """Note that a shard is up."""
        self._up(shard)
        self.session_began.set()

    async def on_shard_resumed(self, shard: int) -> None:
        """Note that a shard is up again."""
        self._up(shard)
        _log.info("resumed", extra={"shard": shard})

    async def on_shard_disconnect(self, shard: int) -> None:
        """Note that a shard is down."""
        self._down.add(shard)
        self.changed = time.time()
        _log.warning("disconnected", extra={"shard": shard})


def make_client(
    bot: Bot,
    *,
    connector: aiohttp.BaseConnector | None = None,
    **options: Any,  # noqa: ANN401
) -> BotClient:
    """Return the client that the configuration asks for; must run in the event loop."""
    shards = bot.config.shards
    if shards == 1:
        return BotClient(bot, connector=connector, **options)
    count = {"shard_count": shards} if shards else {}
    return ShardedBotClient(bot, connector=connector, **count, **options)


def intents() -> discord.Intents:
    """Return the events that are wanted; none of them is privileged."""
    wanted = discord.Intents.none()
    wanted.guilds = wanted.guild_messages = wanted.dm_messages = True
    return wanted


def commands_digest(client: BotClient) -> str:
    """Return what changes when the commands of this application do."""
    payload = [command.to_dict(client.tree) for command in client.tree.get_commands()]
    payload += [
        menu.to_dict(client.tree)
        for kind in (discord.AppCommandType.message, discord.AppCommandType.user)
        for menu in client.tree.get_commands(type=kind)
    ]
    known = json.dumps([client.application_id, payload, TEXTS], sort_keys=True)
    return hashlib.sha256(known.encode()).hexdigest()


def _guarded(event: str, parse: Callable[[Any], Any], data: Any) -> Any:  # noqa: ANN401
    try:
        return parse(data)
    except Exception:
        _log.exception("an event could not be read", extra={"event": event})
        return None


async def _guarded_frame(
    socket: DiscordWebSocket, receive: Callable[[Any], Awaitable[None]], frame: str | bytes
) -> None:
    try:
        await receive(frame)
    except (TypeError, ValueError, LookupError, AttributeError, RecursionError):
        if not socket.session_id:
            raise  # Without a session there is nothing to go on with.
        _log.exception("a frame could not be read")
