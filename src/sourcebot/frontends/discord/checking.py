"""What the articles say of sentences: /check, and the command on messages."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from sourcebot.frontends.discord.asking import may_ask
from sourcebot.frontends.discord.bot import bot_of
from sourcebot.frontends.discord.claims import check_embed, checks_embed
from sourcebot.frontends.discord.delivery import PUBLICLY, close_question, open_question
from sourcebot.frontends.discord.languages import words_for
from sourcebot.frontends.discord.places import allowed, here
from sourcebot.frontends.discord.refusals import Refusal
from sourcebot.render.claims import checks_to_markdown
from sourcebot.text.questions import LONGEST_QUESTION  # noqa: TC001 (discord.py reads it)
from sourcebot.types import Filters

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcebot.frontends.discord.bot import Bot
    from sourcebot.types.claims import Check

    Interaction = discord.Interaction[Any]


@app_commands.command(description="What the articles say of a sentence: for, against or nothing")
@app_commands.describe(
    claim="A sentence that says something; words in quotation marks are looked up as words",
    private="Show the answer to you alone",
)
async def check(
    interaction: Interaction,
    claim: app_commands.Range[str, 1, LONGEST_QUESTION],
    private: bool = False,  # noqa: FBT001, FBT002 (an option of the command)
) -> None:
    """Check a sentence."""
    bot, words = bot_of(interaction), words_for(interaction.locale)
    filters = await _begin(interaction, private=private or bot.store.is_quiet(here(interaction)))
    found = await bot.background.check(lambda: bot.project.check(claim, filters))
    await interaction.edit_original_response(embed=check_embed(found, words))
    interaction.extras.pop(PUBLICLY, None)
    await close_question(bot, interaction.id)


@app_commands.context_menu(name="Check with sourcebot")
async def check_message(interaction: Interaction, message: discord.Message) -> None:
    """Check the sentences of a message, for whoever wants to know."""
    bot, words = bot_of(interaction), words_for(interaction.locale)
    text = message.clean_content.strip()
    if not text:
        raise Refusal(words.no_text)
    filters = await _begin(interaction, private=True)
    found = await bot.background.check(_checking(bot, text, filters))
    if not found:
        raise Refusal(words.nothing_to_check)
    embed, shown = checks_embed(found, words)
    files = [] if shown == len(found) and len(found) == 1 else [_report(found)]
    await interaction.edit_original_response(embed=embed, attachments=files)
    await close_question(bot, interaction.id)


def _checking(bot: Bot, text: str, filters: Filters) -> Callable[[], tuple[Check, ...]]:
    return lambda: bot.project.check_text(text.encode("utf-8", "replace"), "message.md", filters)


async def _begin(interaction: Interaction, *, private: bool) -> Filters:
    """Count, defer and note a check; return which articles it may be answered from.

    Raises:
        Refusal: when the person has asked too much, or is not answered here.
    """
    bot, words, place = bot_of(interaction), words_for(interaction.locale), here(interaction)
    may_ask(bot, interaction.user.id, words)
    await interaction.response.defer(ephemeral=private, thinking=True)
    if not private:
        interaction.extras[PUBLICLY] = True
    await open_question(
        bot,
        interaction.id,
        interaction.user.id,
        server=place.server,
        channel=place.channel,
        token=interaction.token,
        locale=str(interaction.locale),
    )
    scope = await allowed(bot, interaction.client, place, interaction.user.id, words)
    return Filters(scope=scope)


def _report(checks: tuple[Check, ...]) -> discord.File:
    text = checks_to_markdown(checks, "Checked with sourcebot")
    return discord.File(io.BytesIO(text.encode("utf-8", "replace")), "checked.md")
