"""Questions in messages: a mention, a direct message, a reply to an answer."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord.utils import MISSING

from sourcebot.errors import ServiceBusy
from sourcebot.frontends.discord.asking import may_ask, talk_embed
from sourcebot.frontends.discord.background import Question
from sourcebot.frontends.discord.buttons import answer_view
from sourcebot.frontends.discord.delivery import (
    WAIT,
    Undelivered,
    close_question,
    explain,
    kept_embed,
    open_question,
    react,
    remember,
    reply_to,
)
from sourcebot.frontends.discord.languages import words_for
from sourcebot.frontends.discord.places import allowed, place_of
from sourcebot.frontends.discord.refusals import Refusal, TooFast
from sourcebot.frontends.discord.rendering import notice_embed
from sourcebot.frontends.discord.throttling import Throttled, count_requests
from sourcebot.text.questions import asks
from sourcebot.text.small_talk import SmallTalk, small_talk
from sourcebot.types import Answer, Filters

if TYPE_CHECKING:
    from sourcebot.frontends.discord.background import KeptReply
    from sourcebot.frontends.discord.bot import Bot
    from sourcebot.frontends.discord.client import BotClient
    from sourcebot.frontends.discord.records import Place
    from sourcebot.frontends.discord.words import Words
    from sourcebot.types import Reply

_log = logging.getLogger(__name__)

QUIETLY = "\U0001f937"
"""Set under questions in quiet channels that find no answer."""

_TYPES = (discord.MessageType.default, discord.MessageType.reply)


async def take_message(client: BotClient, message: discord.Message, *, again: bool = False) -> None:
    """Answer a message if it is a question to the bot; errors are told, never raised.

    ``again`` takes a message that was left open. What Discord does not take stays open.
    """
    bot, me = client.bot, client.user
    if me is None or message.author.bot or message.webhook_id or message.type not in _TYPES:
        return
    mention = re.compile(rf"<@!?{me.id}>")
    mentioned = bool(mention.search(message.content))
    # A reply pings its author without being meant as a question.
    replied = message.reference is not None and message.reference.message_id is not None
    direct = message.guild is None
    if not (mentioned or direct or (replied and me in message.mentions)):
        return
    if not bot.seen.is_new(message.id) and not again:
        return
    count_requests()
    text = " ".join(mention.sub(" ", message.content).split())
    if not (mentioned or direct or asks(text)):
        return
    server, channel = message.guild.id if message.guild else 0, message.channel.id
    user = message.author.id
    if not await open_question(bot, message.id, user, server=server, channel=channel) and not again:
        bot.in_progress.discard(message.id)
        return
    asked = _Asked(text, optional=not (mentioned or direct), again=again)
    try:
        await _respond(client, message, asked)
    except (Undelivered, aiohttp.ClientError, OSError) as error:
        _log.warning("a message waits for its answer: %s", type(error).__name__)
        bot.in_progress.discard(message.id)
        return
    except Throttled as error:
        _log.warning("a message could not be answered: %s", error)
    except discord.HTTPException as error:
        _log.warning("a message could not be answered", extra={"code": error.code})
    await close_question(bot, message.id)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A text that is meant for the bot: as a reply to anything but an answer it is optional."""

    text: str
    optional: bool
    again: bool


async def _respond(client: BotClient, message: discord.Message, asked: _Asked) -> None:
    """Answer a message, or tell what went wrong.

    Raises:
        Undelivered: when Discord fails.
        Throttled: when it wants to be left alone.
    """
    guild = message.guild
    words = words_for(guild.preferred_locale if guild else "")
    try:
        before = await _before(client, message)
        if not (asked.optional and before is None):
            await _answer(client, message, asked, before, words)
    except ServiceBusy as error:
        await reply_to(message, explain(error, words, "message"), words)
    except TooFast:
        await react(message, WAIT)
    except Refusal as refusal:
        await reply_to(message, notice_embed(str(refusal)), words)
    except (Throttled, Undelivered, aiohttp.ClientError, OSError):
        raise
    except Exception as error:
        await reply_to(message, explain(error, words, "message"), words)


async def _answer(
    client: BotClient, message: discord.Message, asked: _Asked, before: Reply | None, words: Words
) -> None:
    bot, user = client.bot, message.author.id
    text = _with_names(message, asked.text)
    if not text:
        await reply_to(message, notice_embed(words.how_to), words)
        return
    if not asked.again:
        may_ask(bot, user, words)
    server = message.guild.id if message.guild else None
    place = place_of(server, await _whole_channel(message), await _member(message))
    if kind := small_talk(text):
        await _talk(bot, message, kind, place, words)
        return
    scope = await allowed(bot, client, place, user, words)
    question = Question(text, place, user, Filters(scope=scope), before)
    given = await bot.background.ask(question)
    if not isinstance(given.reply, Answer) and bot.store.is_quiet(place):
        await react(message, QUIETLY)
        return
    await _send(bot, message, given, words)


async def _member(message: discord.Message) -> object:
    """Return who wrote a message with the roles, which a fetched message does not name."""
    if message.guild is None or isinstance(message.author, discord.Member):
        return message.author
    try:
        return await message.guild.fetch_member(message.author.id)
    except discord.HTTPException as error:
        _log.warning("a member is unknown", extra={"code": error.code})
        return message.author


async def _talk(
    bot: Bot, message: discord.Message, kind: SmallTalk, place: Place, words: Words
) -> None:
    """Answer what asks nothing; how to ask is said once to each person, and to who wants help."""
    if bot.store.is_quiet(place) and kind is not SmallTalk.HELP:
        await react(message, QUIETLY)
        return
    first = await bot.background.run(lambda: bot.store.first_help(message.author.id))
    await reply_to(message, talk_embed(kind, words, with_help=first), words)


async def _send(bot: Bot, message: discord.Message, given: KeptReply, words: Words) -> None:
    embed, view = kept_embed(given, words), answer_view(given, words, seen_by_all=True)
    thread = await _thread(bot, message, given.reply.question)
    with bot.deliveries.under_way((thread or message.channel).id):
        sent: discord.Message | None = None
        if thread:
            try:
                sent = await thread.send(embed=embed, view=view or MISSING, nonce=str(message.id))
            except discord.HTTPException as error:
                _log.warning("may not write in a thread", extra={"code": error.code})
        sent = sent or await reply_to(message, embed, words, view)
        if sent:
            await remember(bot, given, sent.id, sent.channel.id)


async def _thread(bot: Bot, message: discord.Message, question: str) -> discord.Thread | None:
    """Return a thread for the answer, where that is wanted and allowed."""
    if not bot.config.threads or not isinstance(message.channel, discord.TextChannel):
        return None
    try:
        return await message.create_thread(name=question[:90], auto_archive_duration=1440)
    except discord.HTTPException as error:
        _log.warning(
            "may not open a thread", extra={"channel": message.channel.id, "code": error.code}
        )
        return None


async def _whole_channel(message: discord.Message) -> object:
    """Return the channel of a message with what it belongs to, also one not heard of before."""
    channel = message.channel
    if message.guild is None or not isinstance(channel, discord.PartialMessageable):
        return channel
    try:
        return await message.guild.fetch_channel(channel.id)
    except discord.HTTPException as error:
        _log.warning("a channel is unknown", extra={"channel": channel.id, "code": error.code})
        return channel


async def _before(client: BotClient, message: discord.Message) -> Reply | None:
    """Return the reply that a message refers to.

    That is the answer which it replies to; in a thread of the bot and in direct messages the
    last one.
    """
    bot = client.bot
    replied = message.reference.message_id if message.reference else None
    await bot.deliveries.settled(message.channel.id)
    if replied:
        number = await bot.background.run(lambda: bot.store.number_of(replied))
        return await bot.background.run(lambda: bot.store.answer(number)) if number else None
    channel = message.channel
    own = (
        isinstance(channel, discord.Thread)
        and client.user is not None
        and channel.owner_id == client.user.id
    )
    if own or message.guild is None:
        return await bot.background.run(lambda: bot.store.last_in(channel.id))
    return None


def _with_names(message: discord.Message, text: str) -> str:
    """Return a text with the names of people, roles and channels in place of their ids."""
    names = {
        **{f"<@{u.id}>": u.display_name for u in message.mentions},
        **{f"<@!{u.id}>": u.display_name for u in message.mentions},
        **{f"<@&{r.id}>": r.name for r in message.role_mentions},
        **{f"<#{c.id}>": getattr(c, "name", "") for c in message.channel_mentions},
    }
    for mention, name in names.items():
        text = text.replace(mention, name)
    return text
