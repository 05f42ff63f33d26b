"""A question by an interaction: deferred at once, then answered."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from discord.utils import MISSING

from sourcebot.frontends.discord.background import Question
from sourcebot.frontends.discord.bot import bot_of
from sourcebot.frontends.discord.buttons import answer_view
from sourcebot.frontends.discord.delivery import (
    PUBLICLY,
    close_question,
    kept_embed,
    open_question,
    remember,
    show,
)
from sourcebot.frontends.discord.languages import words_for
from sourcebot.frontends.discord.places import allowed, here
from sourcebot.frontends.discord.refusals import TooFast
from sourcebot.frontends.discord.rendering import notice_embed
from sourcebot.text.small_talk import SmallTalk, small_talk
from sourcebot.types import Answer, Filters

if TYPE_CHECKING:
    import discord

    from sourcebot.frontends.discord.bot import Bot
    from sourcebot.frontends.discord.words import Words


def may_ask(bot: Bot, user: int, words: Words) -> None:
    """Count a question.

    Raises:
        TooFast: when the person has asked too much just now.
    """
    if wait := bot.cooldowns.wait(user):
        raise TooFast(words.cooldown.format(seconds=math.ceil(wait)))


def talk_embed(kind: SmallTalk, words: Words, *, with_help: bool) -> discord.Embed:
    """Return what is said to a message that asks nothing, with how to ask or without."""
    said = {
        SmallTalk.GREETING: words.hello,
        SmallTalk.THANKS: words.welcome,
        SmallTalk.HELP: words.how_to,
        SmallTalk.NOISE: words.not_understood,
    }
    more = with_help and kind in {SmallTalk.GREETING, SmallTalk.NOISE}
    return notice_embed(f"{said[kind]}\n{words.how_to}" if more else said[kind])


async def answer_interaction(
    interaction: discord.Interaction[Any],
    question: str,
    filters: Filters = Filters(),  # noqa: B008 (frozen)
    *,
    private: bool,
    note: str = "",
) -> None:
    """Answer a question, with a note; in quiet places only the asker sees a refusal.

    Raises:
        Exception: whatever went wrong; the command tree tells it.
    """
    bot, words, place = bot_of(interaction), words_for(interaction.locale), here(interaction)
    user = interaction.user.id
    may_ask(bot, user, words)
    if kind := small_talk(question):
        embed = talk_embed(kind, words, with_help=True)
        await interaction.response.send_message(embed=embed, ephemeral=True)
        return
    quiet = not private and bot.store.is_quiet(place)
    await interaction.response.defer(ephemeral=private or quiet, thinking=True)
    if not (private or quiet):
        interaction.extras[PUBLICLY] = True
    await open_question(
        bot,
        interaction.id,
        user,
        server=place.server,
        channel=place.channel,
        token=interaction.token,
        locale=str(interaction.locale),
    )
    scope = await allowed(bot, interaction.client, place, user, words)
    given = await bot.background.ask(Question(question, place, user, replace(filters, scope=scope)))
    embed = kept_embed(given, words, note)
    if not quiet or not isinstance(given.reply, Answer):
        await show(interaction, bot, given, embed, words)
        await close_question(bot, interaction.id)
        return
    # The deferred response is private for good: the answer follows it for all.
    await interaction.edit_original_response(embed=notice_embed(words.here))
    channel, view = interaction.channel_id or 0, answer_view(given, words) or MISSING
    with bot.deliveries.under_way(channel):
        sent = await interaction.followup.send(embed=embed, view=view, wait=True)
        await remember(bot, given, sent.id, channel)
    await close_question(bot, interaction.id)
