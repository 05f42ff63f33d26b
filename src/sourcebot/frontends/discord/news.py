"""What is new about followed questions, posted where each was asked.

After each change of the index, by whatever process, the questions are asked again. A notice is
forgotten only when it is posted. Whether one that was begun before the process ended has been
posted is seen in the channel, so that none is posted twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import aiohttp
import discord

from sourcebot.errors import SourcebotError
from sourcebot.frontends.discord.background import KeptReply
from sourcebot.frontends.discord.buttons import Button, answer_view
from sourcebot.frontends.discord.delivery import Undelivered, send_in
from sourcebot.frontends.discord.languages import words_for
from sourcebot.frontends.discord.places import allowed, channel_of
from sourcebot.frontends.discord.refusals import Refusal
from sourcebot.frontends.discord.rendering import reply_embed
from sourcebot.frontends.discord.throttling import Throttled, count_requests
from sourcebot.text.questions import question_key

if TYPE_CHECKING:
    from discord.abc import Messageable

    from sourcebot.frontends.discord.bot import Bot
    from sourcebot.frontends.discord.client import BotClient
    from sourcebot.frontends.discord.records import FollowedHere
    from sourcebot.frontends.discord.words import Words
    from sourcebot.types import Scope
    from sourcebot.types.waiting import Notice

_log = logging.getLogger(__name__)

LOOK_EVERY = 60.0
"""Seconds between two looks whether the index has changed."""

_CLOSED_FOR = 3600.0
"""Seconds until a channel in which the bot may not write is tried again."""

_LOOKED_THROUGH = 100
_FAILURES = (
    SourcebotError,
    discord.HTTPException,
    aiohttp.ClientError,
    OSError,
    Throttled,
    Undelivered,
)


@dataclass(slots=True)
class Following:
    """What is remembered between two looks: the index that was asked, and closed channels."""

    asked: str = ""
    closed: dict[int, float] = field(default_factory=dict)


async def tell_of_followed(client: BotClient) -> None:
    """Ask followed questions again when that may help, and post what is new; never ends."""
    following = Following()
    while True:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(client.bot.changed.wait(), LOOK_EVERY)
        client.bot.changed.clear()
        if not client.is_online:
            continue
        try:
            await look(client, following)
        except _FAILURES as error:
            _log.warning("followed questions could not be looked at: %s", type(error).__name__)


async def look(client: BotClient, following: Following) -> None:
    """Ask again what has not been asked of the index as it is now, and post what is new."""
    bot = client.bot
    here = await bot.background.run(lambda: _known(bot))
    if not here:
        return
    name = await bot.background.run(lambda: bot.project.info().name)
    asked_of_others = False
    for each in here:
        # Whom a direct message is from must be asked of Discord: not every minute.
        if each.place.server or name != following.asked:
            asked_of_others |= await _within_scope(client, each)
    if asked_of_others or name != following.asked:
        await bot.background.check(bot.project.ask_followed)
        following.asked = name
    for key, each in {each.key: each for each in here}.items():
        if following.closed.get(each.place.channel, 0.0) > time.monotonic():
            continue
        by_number = {other.number: other for other in here if other.key == key}
        for notice in await bot.background.run(partial(bot.project.waiting.notices, key)):
            if at := by_number.get(notice.followed.number):
                count_requests()
                await _tell(client, following, at, notice)


def _known(bot: Bot) -> list[FollowedHere]:
    """Return what is followed here; what the project does not know any more is forgotten."""
    # In this order: what somebody follows meanwhile is in the project first.
    here = bot.store.followed.all()
    known = {followed.number: followed.place for followed in bot.project.waiting.list()}
    for each in here:
        if known.get(each.number) != each.key:
            bot.store.followed.remove(each.number)
    return [each for each in here if known.get(each.number) == each.key]


async def _within_scope(client: BotClient, here: FollowedHere) -> bool:
    """See to it that a question is asked of what its place may be answered from.

    Returns whether that has changed, and so the question is to be asked again.
    """
    bot = client.bot
    scope = await _scope_of(client, here)
    listed = await bot.background.run(lambda: bot.project.waiting.list(here.key))
    filters = next((f.filters for f in listed if f.number == here.number), None)
    if scope is None or filters is None or filters.scope == scope:
        return False
    changed = replace(filters, scope=scope)
    await bot.background.run(lambda: bot.project.waiting.ask_of(here.number, changed))
    return True


async def _scope_of(client: BotClient, here: FollowedHere) -> Scope | None:
    """Return what a place may be answered from now; None where nothing is to be told now."""
    user = 0
    if not here.place.server and client.bot.store.scoped_servers():
        count_requests()
        channel = await client.fetch_channel(here.place.channel)
        if not isinstance(channel, discord.DMChannel) or channel.recipient is None:
            return None
        user = channel.recipient.id
    try:
        return await allowed(client.bot, client, here.place, user, words_for(here.locale))
    except Refusal:
        return None


async def _tell(
    client: BotClient, following: Following, here: FollowedHere, notice: Notice
) -> None:
    """Post a notice once, if its place may still be answered from what it quotes."""
    bot = client.bot
    if await _scope_of(client, here) != notice.followed.filters.scope:
        following.asked = ""  # asked again at the next look, of what is allowed by then
        return
    words = words_for(here.locale)
    channel = channel_of(client, here.place.channel, here.place.server)
    given, begun = await bot.background.run(lambda: _kept(bot, here, notice))
    embed = reply_embed(
        notice.reply, words, note=words.happened[notice.happened], readable=given.readable
    )
    if not (begun and await _is_posted(client, channel, embed)):
        reference = discord.MessageReference(
            message_id=here.message,
            channel_id=here.place.channel,
            guild_id=here.place.server or None,
            fail_if_not_exists=False,
        )
        sent = await send_in(
            channel,
            embed,
            _view(given, words, here.number),
            nonce=f"followed {notice.number}",
            reference=reference if here.message else None,
        )
        if sent is None:
            following.closed[here.place.channel] = time.monotonic() + _CLOSED_FOR
            _log.warning(
                "a notice waits: its channel is closed", extra={"channel": here.place.channel}
            )
            return
        if given.number:
            await bot.background.run(
                lambda: bot.store.sent(given.number, sent.id, here.place.channel)
            )
    await bot.background.run(lambda: bot.project.waiting.shown(notice.number))
    await bot.background.run(lambda: bot.store.followed.end_posting(notice.number))
    _log.info("told of a followed question", extra={"server": here.place.server})


def _view(given: KeptReply, words: Words, number: int) -> discord.ui.View:
    view = answer_view(given, words) or discord.ui.View(timeout=None)
    view.add_item(Button("end", number, label=words.stop_telling))
    return view


def _kept(bot: Bot, here: FollowedHere, notice: Notice) -> tuple[KeptReply, bool]:
    """Keep the reply of a notice for its buttons, as its asker's.

    Returns also whether its posting was begun before.
    """
    followed, reply = bot.store.followed, notice.reply
    known = followed.being_posted(notice.number)
    number = known or 0
    if known is None:
        asker = followed.asker(here.number)
        number = bot.store.keep(reply, here.place, asker, question_key(reply.question))
        followed.begin_posting(notice.number, number)
    readable = bool(here.place.server and bot.store.keeps_questions)
    return KeptReply(reply, number, readable), known is not None


async def _is_posted(client: BotClient, channel: Messageable, embed: discord.Embed) -> bool:
    """Return whether a notice stands in its channel already, among the last messages."""
    return any(
        shown.description == embed.description and shown.title == embed.title
        for message in [m async for m in channel.history(limit=_LOOKED_THROUGH)]
        if client.user and message.author.id == client.user.id
        for shown in message.embeds
    )
