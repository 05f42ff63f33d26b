"""Questions that wait for an answer: the button under a refusal, and /following."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from sourcebot.errors import QuestionError
from sourcebot.frontends.discord.bot import bot_of
from sourcebot.frontends.discord.buttons import Button, turning
from sourcebot.frontends.discord.languages import words_for
from sourcebot.frontends.discord.lists import PAGE, following_embed
from sourcebot.frontends.discord.places import allowed, here
from sourcebot.frontends.discord.records import FollowedHere
from sourcebot.frontends.discord.refusals import Refusal
from sourcebot.frontends.discord.rendering import notice_embed
from sourcebot.types import Abstention

if TYPE_CHECKING:
    from sourcebot.frontends.discord.bot import Bot
    from sourcebot.frontends.discord.records import KeptAnswer
    from sourcebot.frontends.discord.words import Words
    from sourcebot.types import Filters
    from sourcebot.types.waiting import Followed

    Interaction = discord.Interaction[Any]

MOST_FOLLOWED = 25
"""So many questions one person may follow: each costs an answer at every change of the index."""


async def follow(interaction: Interaction, bot: Bot, words: Words, number: int) -> None:
    """Follow the question of a refusal, for whoever wants to know.

    Raises:
        Refusal: when it is no longer kept, or the person follows too many.
    """
    await interaction.response.defer(ephemeral=True, thinking=True)
    user = interaction.user.id
    kept = await bot.background.run(lambda: bot.store.kept(number))
    # Without a log of questions their words are not kept.
    if not kept or not isinstance(kept.reply, Abstention) or not kept.reply.question:
        raise Refusal(words.gone)
    if len(await bot.background.run(lambda: bot.store.followed.of_person(user))) >= MOST_FOLLOWED:
        raise Refusal(
            words.too_many_followed.format(most=MOST_FOLLOWED, following=words.command("following"))
        )
    place = here(interaction)
    scope = await allowed(bot, interaction.client, place, user, words)
    filters = replace(kept.filters, scope=scope)
    at = FollowedHere(0, place, kept.message, str(interaction.locale), kept.alike)
    await bot.background.run(lambda: _follow(bot, kept, filters, at, user))
    text = words.followed.format(following=words.command("following"))
    await interaction.edit_original_response(embed=notice_embed(text))


def _follow(bot: Bot, kept: KeptAnswer, filters: Filters, at: FollowedHere, user: int) -> None:
    waiting, reply = bot.project.waiting, kept.reply
    question = reply.meant or reply.question
    try:
        number = waiting.follow(question, filters, at.key, reply).number
    except QuestionError:  # somebody follows it here already
        number = next(
            f.number
            for f in waiting.list(at.key)
            if f.question == question and f.filters == filters
        )
    bot.store.followed.add(replace(at, number=number), user, kept.asker)
    if not all(bot.store.followed.followers(number).values()):
        waiting.mute(number, muted=False)


@app_commands.command(description="The questions that you follow: mute them or end that")
async def following(interaction: Interaction) -> None:
    """List what a person follows; moderators see what is followed in their server."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    await show_followed(interaction, 0)


async def show_followed(interaction: Interaction, page: int, note: str = "") -> None:
    """Show a page of the list in the place of the deferred response."""
    bot, words = bot_of(interaction), words_for(interaction.locale)
    rows = await bot.background.run(lambda: _rows(bot, interaction))
    embed, pages = following_embed(rows, page, words, note)
    page = min(page, pages - 1)
    view = discord.ui.View(timeout=None)
    for place, (question, muted) in enumerate(rows[page * PAGE : (page + 1) * PAGE]):
        row, number = place // 2, page * PAGE + place + 1
        if muted is not None:
            does, label = ("unmute", words.unmute) if muted else ("mute", words.mute)
            text = label.format(number=number)
            view.add_item(Button(does, question.number, label=text, row=row))
        text = words.end.format(number=number)
        view.add_item(Button("end", question.number, label=text, row=row))
    if pages > 1:
        for button in turning("following", page, pages, words):
            view.add_item(button)
    await interaction.edit_original_response(embed=embed, view=view if rows else None)


def _rows(bot: Bot, interaction: Interaction) -> list[tuple[Followed, bool | None]]:
    """Return what a person may see of the followed questions, and whether it is muted for them.

    None is for what others follow.
    """
    store, user = bot.store.followed, interaction.user.id
    found = {each.number: each for each in store.of_person(user)}
    if _moderates(interaction):
        found |= {each.number: each for each in store.in_server(interaction.guild_id or 0)}
    known = {followed.number: followed for followed in bot.project.waiting.list()}
    person = bot.store.hashed(user)
    return [
        (known[number], store.followers(number).get(person))
        for number in sorted(found)
        if number in known
    ]


def _moderates(interaction: Interaction) -> bool:
    allowed_here = interaction.permissions
    return bool(interaction.guild_id) and (allowed_here.manage_guild or allowed_here.administrator)


async def _changing(interaction: Interaction, bot: Bot, words: Words, number: int) -> bool:
    """Defer a click on a followed question; return whether the person follows it.

    Raises:
        Refusal: when the person neither follows it nor moderates the server in which it is.
    """
    shown = interaction.message
    # A list is shown anew in its place; what is clicked under a notice, beside it.
    listed = shown is not None and shown.flags.ephemeral
    await interaction.response.defer(ephemeral=True, thinking=not listed)
    person = bot.store.hashed(interaction.user.id)
    followers = await bot.background.run(lambda: bot.store.followed.followers(number))
    if person in followers:
        return True
    moderated = await bot.background.run(
        lambda: bot.store.followed.in_server(interaction.guild_id or 0)
    )
    if not (_moderates(interaction) and number in {each.number for each in moderated}):
        raise Refusal(words.not_followed)
    return False


async def end(interaction: Interaction, bot: Bot, words: Words, number: int) -> None:
    """Follow a question no longer; a moderator who does not follow it ends it for all."""
    mine = await _changing(interaction, bot, words, number)
    user = interaction.user.id
    await bot.background.run(lambda: _end(bot, number, user if mine else None))
    await show_followed(interaction, 0, words.ended)


def _end(bot: Bot, number: int, user: int | None) -> None:
    if user is None or bot.store.followed.leave(number, user):
        end_followed(bot, number)


def end_followed(bot: Bot, number: int) -> None:
    """End a question for all: first in the project, so that none is left there that nobody knows.

    One that is gone there already is only forgotten here.
    """
    if any(followed.number == number for followed in bot.project.waiting.list()):
        bot.project.waiting.end(number)
    bot.store.followed.remove(number)


async def mute(interaction: Interaction, bot: Bot, words: Words, number: int) -> None:
    """Keep the notices of a question back, as long as all who follow it want that."""
    await _mute(interaction, bot, words, number, muted=True)


async def unmute(interaction: Interaction, bot: Bot, words: Words, number: int) -> None:
    """Give the notices of a question again."""
    await _mute(interaction, bot, words, number, muted=False)


async def _mute(
    interaction: Interaction, bot: Bot, words: Words, number: int, *, muted: bool
) -> None:
    if not await _changing(interaction, bot, words, number):
        raise Refusal(words.not_followed)
    user = interaction.user.id

    def change() -> None:
        everybody = bot.store.followed.mute(number, user, muted=muted)
        bot.project.waiting.mute(number, muted=everybody)

    await bot.background.run(change)
    await show_followed(interaction, 0)


async def turn(interaction: Interaction, _: Bot, __: Words, page: int) -> None:
    """Turn the page of the list."""
    await interaction.response.defer()
    await show_followed(interaction, page)
