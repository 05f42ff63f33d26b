"""A question by an interaction: deferred at once, answered from the desk."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from discord.utils import MISSING

from sourcebot.frontends.discord.bot import bot_of, place_of
from sourcebot.frontends.discord.buttons import answer_view
from sourcebot.frontends.discord.delivery import PUBLICLY, Refusal, given_embed, remember, show
from sourcebot.frontends.discord.desk import Question
from sourcebot.frontends.discord.languages import words_for
from sourcebot.frontends.discord.rendering import notice_embed
from sourcebot.types import Answer, Filters

if TYPE_CHECKING:
    import discord

    from sourcebot.frontends.discord.bot import Bot
    from sourcebot.frontends.discord.records import Place
    from sourcebot.frontends.discord.words import Words


def may_ask(bot: Bot, user: int, words: Words) -> None:
    """Count a question.

    Raises:
        Refusal: when the person has asked too much just now.
    """
    if wait := bot.cooldowns.wait(user):
        raise Refusal(words.cooldown.format(seconds=math.ceil(wait)))


def here(interaction: discord.Interaction[Any]) -> Place:
    """Return the place of an interaction."""
    return place_of(interaction.guild_id, interaction.channel)


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
    may_ask(bot, interaction.user.id, words)
    quiet = not private and bot.store.is_quiet(place)
    await interaction.response.defer(ephemeral=private or quiet, thinking=True)
    if not (private or quiet):
        interaction.extras[PUBLICLY] = True
    given = await bot.desk.ask(Question(question, place, interaction.user.id, filters))
    embed = given_embed(given, words, note)
    if not quiet or not isinstance(given.reply, Answer):
        await show(interaction, bot, given, embed, words)
        return
    # The deferred response is private for good: the answer follows it for all.
    await interaction.edit_original_response(embed=notice_embed(words.here))
    channel, view = interaction.channel_id or 0, answer_view(given, words) or MISSING
    with bot.deliveries.under_way(channel):
        sent = await interaction.followup.send(embed=embed, view=view, wait=True)
        await remember(bot, given, sent.id, channel)
