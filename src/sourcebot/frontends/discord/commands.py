"""What everybody may ask for: /ask, /sources, /about and the commands on messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from sourcebot import __version__
from sourcebot.frontends.discord.asking import answer_interaction
from sourcebot.frontends.discord.bot import bot_of
from sourcebot.frontends.discord.buttons import pages_view
from sourcebot.frontends.discord.checking import check, check_message
from sourcebot.frontends.discord.delivery import tell
from sourcebot.frontends.discord.erasing import delete_my_data
from sourcebot.frontends.discord.following import following
from sourcebot.frontends.discord.languages import words_for
from sourcebot.frontends.discord.lists import about_embed, sources_embed
from sourcebot.frontends.discord.places import allowed, here
from sourcebot.frontends.discord.refusals import Refusal
from sourcebot.frontends.discord.rendering import notice_embed
from sourcebot.frontends.discord.titles import choices
from sourcebot.text.dates import required_bound
from sourcebot.text.questions import LONGEST_QUESTION
from sourcebot.types import Filters

if TYPE_CHECKING:
    from sourcebot.types import IndexedArticle

REPORT = re.compile(r"sb:report:(\d{1,18})")
_LONGEST_REPORT = 1000


@app_commands.command(description="Ask a question: answered with quotes from the articles")
@app_commands.describe(
    question="What do you want to know? Moderators can read it, not who asked",
    source="Only articles whose name or title is like this",
    since="Only articles published then or later, such as 2021-07",
    as_of="What was known on that day, such as 2021-07-20; what came later stands apart",
    private="Show the answer to you alone",
)
@app_commands.rename(as_of="as-of")
async def ask(  # noqa: PLR0917 (options of the command)
    interaction: discord.Interaction[Any],
    question: app_commands.Range[str, 1, LONGEST_QUESTION],
    source: app_commands.Range[str, 1, 100] = "",
    since: app_commands.Range[str, 1, 30] = "",
    as_of: app_commands.Range[str, 1, 30] = "",
    private: bool = False,  # noqa: FBT001, FBT002
) -> None:
    """Answer a question."""
    filters = Filters(
        source=source,
        since=required_bound("since", since),
        as_of=required_bound("as-of", as_of),
    )
    await answer_interaction(interaction, question, filters, private=private)


@ask.autocomplete("source")
async def _sources_like(
    interaction: discord.Interaction[Any], current: str
) -> list[app_commands.Choice[str]]:
    try:
        articles = await articles_for(interaction)
    except Refusal:
        return []
    found = choices(articles, current)
    return [app_commands.Choice(name=name, value=value) for name, value in found]


@app_commands.command(description="List the articles that answers are quoted from")
async def sources(interaction: discord.Interaction[Any]) -> None:
    """List the articles, page by page."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    embed, view = await sources_page(interaction, 0)
    await interaction.edit_original_response(embed=embed, view=view)


async def articles_for(interaction: discord.Interaction[Any]) -> tuple[IndexedArticle, ...]:
    """Return the articles that whoever asks may be answered from.

    Raises:
        Refusal: where the person is not answered.
    """
    bot, words = bot_of(interaction), words_for(interaction.locale)
    user = interaction.user.id
    scope = await allowed(bot, interaction.client, here(interaction), user, words)
    return await bot.background.run(lambda: bot.titles.articles(scope))


async def sources_page(
    interaction: discord.Interaction[Any], page: int
) -> tuple[discord.Embed, discord.ui.View | None]:
    """Return a page of the articles that a place answers from, and the buttons to turn it."""
    words = words_for(interaction.locale)
    embed, pages = sources_embed(await articles_for(interaction), page, words)
    return embed, pages_view(min(page, pages - 1), pages, words)


@app_commands.command(description="What this bot is, and what it keeps")
async def about(interaction: discord.Interaction[Any]) -> None:
    """Say what the bot is."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    bot, words = bot_of(interaction), words_for(interaction.locale)
    try:
        count = len(await articles_for(interaction))
    except Refusal:  # who gets no answers here may still know what this is
        count = 0
    embed = about_embed(
        __version__,
        count,
        words,
        retention_days=bot.config.retention_days,
        keeps_questions=bot.config.log_questions,
    )
    await interaction.edit_original_response(embed=embed)


@app_commands.context_menu(name="Ask about this")
async def ask_about(interaction: discord.Interaction[Any], message: discord.Message) -> None:
    """Answer the question that a message asks, for whoever wants to know."""
    text, words = " ".join(message.clean_content.split()), words_for(interaction.locale)
    if not text:
        raise Refusal(words.no_text)
    long = len(text) > LONGEST_QUESTION
    note = words.shortened.format(count=LONGEST_QUESTION) if long else ""
    await answer_interaction(interaction, text[:LONGEST_QUESTION], private=True, note=note)


@app_commands.context_menu(name="Report answer")
async def report(interaction: discord.Interaction[Any], message: discord.Message) -> None:
    """Ask what is wrong with an answer."""
    bot, words = bot_of(interaction), words_for(interaction.locale)
    number = await bot.background.run(lambda: bot.store.number_of(message.id))
    if not number:
        raise Refusal(words.not_mine)
    modal = discord.ui.Modal(title=words.report_title, custom_id=f"sb:report:{number}")
    box: discord.ui.TextInput[Any] = discord.ui.TextInput(
        style=discord.TextStyle.paragraph, custom_id="why", max_length=_LONGEST_REPORT
    )
    modal.add_item(discord.ui.Label(text=words.report_label, component=box))
    await interaction.response.send_modal(modal)


async def take_report(interaction: discord.Interaction[Any], number: int) -> None:
    """Keep what a person wrote into the form of ``report``; works after a restart, too."""
    bot, words = bot_of(interaction), words_for(interaction.locale)
    why = " ".join(_written(interaction.data))[:_LONGEST_REPORT].strip()
    if why:
        await bot.background.run(lambda: bot.store.report(number, interaction.user.id, why))
    await tell(interaction, notice_embed(words.reported))


def _written(part: Any) -> list[str]:  # noqa: ANN401 (Discord's nested payload)
    """Return the values of all fields of a submitted form."""
    if isinstance(part, list):
        return [text for each in part for text in _written(each)]
    if not isinstance(part, dict):
        return []
    own = [part["value"]] if isinstance(part.get("value"), str) else []
    return own + _written(part.get("components")) + _written(part.get("component"))


COMMANDS: tuple[app_commands.Command[Any, ..., Any] | app_commands.ContextMenu, ...] = (
    ask,
    sources,
    about,
    check,
    following,
    delete_my_data,
    ask_about,
    check_message,
    report,
)
