"""/delete-my-data: everything of one person goes, after that person has confirmed it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from sourcebot.frontends.discord.buttons import Button
from sourcebot.frontends.discord.following import end_followed
from sourcebot.frontends.discord.languages import words_for
from sourcebot.frontends.discord.rendering import FAILED, notice_embed

if TYPE_CHECKING:
    from sourcebot.frontends.discord.bot import Bot
    from sourcebot.frontends.discord.words import Words

_log = logging.getLogger(__name__)


@app_commands.command(
    name="delete-my-data",
    description="Delete what this bot keeps of you: questions, answers, votes, reports",
)
async def delete_my_data(interaction: discord.Interaction[Any]) -> None:
    """Ask whether everything of the person is to be deleted."""
    words, user = words_for(interaction.locale), interaction.user.id
    view = discord.ui.View(timeout=None)
    view.add_item(Button("erase", user, label=words.delete_yes, style=discord.ButtonStyle.danger))
    view.add_item(Button("spare", user, label=words.delete_no))
    await interaction.response.send_message(
        embed=notice_embed(words.delete_ask, colour=FAILED), view=view, ephemeral=True
    )


async def erase(interaction: discord.Interaction[Any], bot: Bot, words: Words, user: int) -> None:
    """Delete everything of the person who confirms it; nobody else's button does."""
    await interaction.response.defer()
    text = words.kept
    if user == interaction.user.id:
        count = await bot.background.run(lambda: _forget(bot, user))
        _log.info("a person's data deleted", extra={"answers": count})
        text = words.deleted.format(count=count)
    await interaction.edit_original_response(embed=notice_embed(text), view=None)


def _forget(bot: Bot, user: int) -> int:
    """Delete everything of a person, followed questions before their followers.

    Returns how many answers went.
    """
    for number in bot.store.followed.of_asker_or_alone(user):
        end_followed(bot, number)
    return bot.store.forget_person(user)
