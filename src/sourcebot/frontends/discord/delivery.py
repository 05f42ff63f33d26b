"""Getting replies and errors to people, whatever the bot may not do where they are."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord.utils import MISSING

from sourcebot.errors import (
    DiscordError,
    IndexStoreError,
    QuestionError,
    ServiceBusy,
    SourcebotError,
)
from sourcebot.frontends.discord.buttons import answer_view
from sourcebot.frontends.discord.refusals import Refusal, problem
from sourcebot.frontends.discord.rendering import FAILED, as_text, notice_embed, reply_embed
from sourcebot.frontends.discord.throttling import Throttled, gave_up

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sourcebot.frontends.discord.background import KeptReply
    from sourcebot.frontends.discord.bot import Bot
    from sourcebot.frontends.discord.words import Words

_log = logging.getLogger(__name__)

_TOO_MANY = 429
_THEIR_FAULT = 500
"""From this status on it is Discord that failed, and another way would fail as well."""

WAIT = "\u23f3"
"""Set under questions that come too fast, where words would only add to the noise, and where
Discord takes no words."""

PUBLICLY = "deferred publicly"
"""Among the extras of an interaction for which everybody sees that the bot is thinking."""


class Undelivered(Exception):
    """A reply that Discord did not take because it fails; it is to be tried again later."""


def explain(error: BaseException, words: Words, doing: str) -> discord.Embed:
    """Return what a person is told of an error; logs it with the reference that is shown."""
    while isinstance(error, discord.app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, ServiceBusy):
        _log.warning("busy", extra={"doing": doing})
        return notice_embed(words.busy)
    if isinstance(error, Refusal):
        return notice_embed(str(error))
    if isinstance(error, Throttled) or getattr(error, "status", 0) == _TOO_MANY:
        _log.warning("throttled by Discord", extra={"doing": doing})
        return notice_embed(words.throttled)
    reference = secrets.token_hex(4)
    about = {"doing": doing, "reference": reference, "error": type(error).__name__}
    shown = words.reference.format(reference=reference)
    if isinstance(error, QuestionError):
        # Its message repeats what the person wrote: it is not logged.
        _log.info("question refused", extra=about)
        return notice_embed(problem(error, words), words.unusable, reference=shown)
    if isinstance(error, IndexStoreError):
        _log.error("index unusable: %s", error, extra=about)
        return notice_embed(words.no_index, words.wrong, reference=shown, colour=FAILED)
    known = isinstance(error, (SourcebotError, discord.HTTPException))
    _log.error("failed: %s", error if known else "", extra=about, exc_info=None if known else error)
    return notice_embed(words.failed, words.wrong, reference=shown, colour=FAILED)


async def open_question(bot: Bot, number: int, user: int, **about: Any) -> bool:  # noqa: ANN401
    """Note that something is being answered, and return whether it is new.

    Where the database fails, people are answered all the same; see ``Questions.take``.
    """
    bot.in_progress.add(number)
    try:
        return await bot.background.run(lambda: bot.store.questions.take(number, user, **about))
    except DiscordError:
        _log.exception("a question could not be noted")
        return True


async def close_question(bot: Bot, number: int) -> None:
    """Note that something is answered, or its asker told why not."""
    try:
        await bot.background.run(lambda: bot.store.questions.done(number))
    except DiscordError:
        _log.exception("a question could not be noted as answered")
    # Not before: in between it would look like one that was cut off.
    bot.in_progress.discard(number)


async def tell(interaction: discord.Interaction[Any], embed: discord.Embed) -> bool:
    """Answer an interaction for its person's eyes only, whatever was answered before.

    Returns whether there is nothing left to do: it was told, or never can be.
    """
    try:
        if interaction.extras.pop(PUBLICLY, False):
            await _whisper(interaction, embed)
        elif interaction.response.is_done():
            await interaction.followup.send(embed=embed, ephemeral=True)
        else:
            await interaction.response.send_message(embed=embed, ephemeral=True)
    except (discord.HTTPException, Throttled, aiohttp.ClientError, OSError) as error:
        # 10062 and 40060: the interaction has expired or is answered; nobody can be told.
        code = getattr(error, "code", _TOO_MANY if isinstance(error, Throttled) else 0)
        _log.warning("an interaction could not be answered", extra={"code": code})
        return 0 < getattr(error, "status", 0) < _THEIR_FAULT
    return True


async def _whisper(interaction: discord.Interaction[Any], embed: discord.Embed) -> None:
    """Tell the person alone, after everybody was shown that the bot is thinking.

    What comes first after a deferral is as public as that was: only what follows it can be for
    one person.
    """
    if gave_up():
        # One more request must do: it takes the place of the note that all see.
        await interaction.followup.send(embed=embed, ephemeral=True)
        return
    await interaction.edit_original_response(content="…")
    await interaction.followup.send(embed=embed, ephemeral=True)
    await interaction.delete_original_response()


async def show(
    interaction: discord.Interaction[Any],
    bot: Bot,
    given: KeptReply,
    embed: discord.Embed,
    words: Words,
) -> None:
    """Put a reply in the place of the "thinking" note of a deferred interaction."""
    channel, public = interaction.channel_id or 0, PUBLICLY in interaction.extras
    view = answer_view(given, words, seen_by_all=public)
    with bot.deliveries.under_way(channel):
        message = await interaction.edit_original_response(embed=embed, view=view)
        # Nobody can reply to what only one person sees, and nobody else's question builds on it.
        if interaction.extras.pop(PUBLICLY, False):
            await remember(bot, given, message.id, channel)


async def remember(bot: Bot, given: KeptReply, message: int, channel: int) -> None:
    """Note which message shows an answer, so that replies to it are follow-ups."""
    if not given.number:
        return
    try:
        await bot.background.run(lambda: bot.store.sent(given.number, message, channel))
    except DiscordError:
        _log.exception("the message of an answer could not be kept")


def kept_embed(given: KeptReply, words: Words, note: str = "") -> discord.Embed:
    """Return the embed of a reply, with a note when there is one.

    A text that was no question and found nothing gets no refusal, but how to ask.
    """
    if not given.understood:
        return notice_embed(f"{words.not_understood}\n{words.how_to}")
    return reply_embed(given.reply, words, note=note, readable=given.readable)


async def reply_to(
    message: discord.Message,
    embed: discord.Embed,
    words: Words,
    view: discord.ui.View | None = None,
) -> discord.Message | None:
    """Answer a message in the best way that the bot's permissions allow.

    As an embed in reply, as an embed or as plain text that stand alone, or in a direct message.
    Returns what was sent, or None when every way is closed, which is logged (and shown by a
    reaction where it is a rate limit that closes them). By the nonce Discord
    knows an answer again that it took although its response was lost, and makes no second one.

    Raises:
        Undelivered: when Discord fails, and another way would fail as well.
    """
    channel, nonce = message.channel, str(message.id)
    reference = message.to_reference(fail_if_not_exists=False)
    why = words.moved
    try:
        if sent := await send_in(channel, embed, view, nonce=nonce, reference=reference):
            return sent
    except Throttled:
        why = words.limited
    if message.guild is None:
        if why == words.limited:
            await react(message, WAIT)
        return None
    moved = why.format(channel=f"<#{channel.id}>")
    try:
        return await message.author.send(moved, embed=embed, view=view or MISSING, nonce=nonce)
    except discord.HTTPException as error:
        _note_closed(channel, error)
    except Throttled as error:
        _log.warning("a message could not be answered: %s", error)
        # The last request that is left for this answer, and on a route of its own.
        await react(message, WAIT)
    except (aiohttp.ClientError, OSError) as error:
        raise Undelivered from error
    return None


async def send_in(
    channel: discord.abc.Messageable,
    embed: discord.Embed,
    view: discord.ui.View | None,
    *,
    nonce: str,
    reference: discord.MessageReference | None,
) -> discord.Message | None:
    """Write in a channel in the best way that the bot's permissions allow; None when none is open.

    As an embed in reply, as an embed or as plain text that stand alone.

    Raises:
        Undelivered: when Discord fails, and another way would fail as well.
        Throttled: when it wants to be left alone.
    """
    buttons = view or MISSING
    ways: tuple[Callable[[], Awaitable[discord.Message]], ...] = (
        lambda: channel.send(
            embed=embed,
            view=buttons,
            nonce=nonce,
            reference=reference or MISSING,
            mention_author=False,
        ),
        # Nothing can be referred to without "Read Message History".
        lambda: channel.send(embed=embed, view=buttons, nonce=nonce),
        # There are no embeds without "Embed Links".
        lambda: channel.send(as_text(embed), view=buttons, nonce=nonce),
    )
    for way in ways if reference else ways[1:]:
        try:
            return await way()
        except discord.HTTPException as error:
            if error.status == _TOO_MANY:
                # The network in front of Discord refuses at once, without saying how long.
                raise Throttled from error
            _note_closed(channel, error)
        except (aiohttp.ClientError, OSError) as error:
            raise Undelivered from error
    return None


def _note_closed(channel: discord.abc.Messageable, error: discord.HTTPException) -> None:
    """Log a way to a person that is closed.

    Raises:
        Undelivered: when it is Discord that failed.
    """
    number = getattr(channel, "id", 0)
    told = {"channel": number, "status": error.status, "code": error.code}
    _log.warning("a message could not be answered this way", extra=told)
    if error.status >= _THEIR_FAULT:
        raise Undelivered from error


async def react(message: discord.Message, emoji: str) -> None:
    """React to a message, where the bot may."""
    try:
        await message.add_reaction(emoji)
    except (discord.HTTPException, Throttled, aiohttp.ClientError, OSError) as error:
        code = getattr(error, "code", 0)
        _log.warning("may not react", extra={"channel": message.channel.id, "code": code})
