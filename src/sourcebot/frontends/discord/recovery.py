"""Questions that were not answered at the first attempt, and those asked while nobody listened.

Each question is noted before it is answered (``store.questions``: ids, never words). What is still
open when a session begins was cut off by the end of a process or by a failure of Discord: messages
are fetched and answered, people who used a command are told to ask again. After a session that
could not be resumed, channels with messages of the last hour are looked through.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import time
from functools import partial
from typing import TYPE_CHECKING, cast

import aiohttp
import discord

from sourcebot.errors import DiscordError
from sourcebot.frontends.discord.conversation import take_message
from sourcebot.frontends.discord.delivery import close_question
from sourcebot.frontends.discord.languages import words_for
from sourcebot.frontends.discord.places import channel_of
from sourcebot.frontends.discord.rendering import notice_embed
from sourcebot.frontends.discord.throttling import Throttled, count_requests

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sourcebot.frontends.discord.client import BotClient
    from sourcebot.frontends.discord.records import OpenQuestion

_log = logging.getLogger(__name__)

RETRY_AFTER = 30.0
"""Seconds between two attempts to answer what could not be delivered."""

LOOK_BACK = 3600.0
"""Seconds; what was asked longer ago is not answered any more."""

_INTERACTIONS_LAST = 14.5 * 60
"""Seconds; Discord takes no answer to an interaction after fifteen minutes."""

_MOST_CHANNELS = 50
_MOST_MESSAGES = 100
_MOST_MISSED = 300
_GONE = {403, 404}
_FIRST_RESPONSE = cast("int", "@original")
"""What Discord calls the first response to an interaction, in the place of a message's id."""

_FAILURES = (discord.HTTPException, aiohttp.ClientError, OSError, Throttled, DiscordError)


async def recover(client: BotClient) -> None:
    """Answer what was left open, at each new session and as long as something is; never ends."""
    while True:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(client.session_began.wait(), RETRY_AFTER)
        began = client.session_began.is_set()
        client.session_began.clear()
        if not client.is_online:
            continue
        try:
            await _answer_open(client)
            if began:
                await _catch_up(client)
        except _FAILURES as error:
            _log.warning("open questions could not be looked for: %s", type(error).__name__)


async def _answer_open(client: BotClient) -> None:
    bot = client.bot
    for question in await bot.background.run(bot.store.questions.unanswered):
        if question.id in bot.in_progress:
            continue
        # It may have been answered since the list was read.
        if not await bot.background.run(partial(bot.store.questions.is_open, question.id)):
            continue
        count_requests()
        try:
            over = await (_tell(client, question) if question.token else _take(client, question))
        except _FAILURES as error:
            over = getattr(error, "status", 0) in _GONE
            _log.warning("an open question waits: %s", type(error).__name__)
        if over:
            await close_question(bot, question.id)


async def _tell(client: BotClient, question: OpenQuestion) -> bool:
    """Tell who used a command that no answer comes; return whether nothing is left to do."""
    if time.time() - question.taken < _INTERACTIONS_LAST and client.application_id:
        hook = discord.Webhook.partial(client.application_id, question.token, client=client)
        embed = notice_embed(words_for(question.locale).interrupted)
        await hook.edit_message(_FIRST_RESPONSE, embed=embed, content=None)
        _log.info("told who was interrupted", extra={"server": question.server})
    return True


async def _take(client: BotClient, question: OpenQuestion) -> bool:
    """Answer a message that was left open; return whether nothing is left to do."""
    if time.time() - question.taken > LOOK_BACK:
        _log.warning("a question stays unanswered", extra={"channel": question.channel})
        return True
    if question.server and client.get_guild(question.server) is None:
        return True
    channel = channel_of(client, question.channel, question.server)
    message = await channel.fetch_message(question.id)
    later = [m async for m in channel.history(after=message, limit=_MOST_MESSAGES)]
    if message.id in _answered(client, later):
        return True
    _log.info("answering what was left open", extra={"channel": question.channel})
    await take_message(client, message, again=True)
    return False  # which take_message has noted by itself


def _answered(client: BotClient, messages: Iterable[discord.Message]) -> set[int]:
    """Return the messages that the bot has replied to."""
    return {
        message.reference.message_id
        for message in messages
        if client.user and message.author.id == client.user.id
        if message.reference and message.reference.message_id
    }


async def _catch_up(client: BotClient) -> None:
    """Answer what was asked while there was no session to hear it."""
    bot = client.bot
    begun = await bot.background.run(bot.store.questions.begun)
    since = discord.utils.time_snowflake(
        dt.datetime.fromtimestamp(max(begun, time.time() - LOOK_BACK), dt.UTC)
    )
    places: list[tuple[int, int]] = []
    for guild in client.guilds:
        channels: list[discord.TextChannel | discord.Thread] = [*guild.text_channels]
        channels.extend(guild.threads)
        for channel in channels:
            allowed = channel.permissions_for(guild.me)
            if (
                (channel.last_message_id or 0) > since
                and allowed.view_channel
                and allowed.read_message_history
            ):
                places.append((channel.id, guild.id))
    direct = await bot.background.run(bot.store.direct_channels)
    for channel_id, server in [*((c, 0) for c in direct), *places][:_MOST_CHANNELS]:
        where = channel_of(client, channel_id, server)
        count_requests()
        try:
            # The newest of them: in a busy channel the oldest may be all that a limit lets through.
            history = where.history(
                after=discord.Object(since), limit=_MOST_MISSED, oldest_first=False
            )
            found = sorted([message async for message in history], key=lambda m: m.id)
        except _FAILURES as error:
            _log.warning("a channel could not be looked through: %s", type(error).__name__)
            continue
        answered = _answered(client, found)
        for message in found:
            if message.id in answered or message.id in bot.in_progress:
                continue
            if not await bot.background.run(partial(bot.store.questions.is_known, message.id)):
                await take_message(client, message)
