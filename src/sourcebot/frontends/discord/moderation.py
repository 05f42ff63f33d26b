"""What moderators may do: /scope, /quiet and /gaps. And what owners of the bot may: /reindex.

Discord hides these commands from others (``default_permissions``), which a server can change;
so each checks by itself.
"""

from __future__ import annotations

import asyncio
import io
import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from sourcebot.errors import IndexLocked
from sourcebot.frontends.discord.bot import bot_of
from sourcebot.frontends.discord.languages import words_for
from sourcebot.frontends.discord.lists import gaps_embed, progress_embed, scope_embed, summary_embed
from sourcebot.frontends.discord.places import here
from sourcebot.frontends.discord.refusals import Refusal
from sourcebot.frontends.discord.rendering import notice_embed
from sourcebot.frontends.discord.tables import complaints_csv, gaps_csv
from sourcebot.frontends.discord.text import width
from sourcebot.frontends.discord.titles import LONGEST_CHOICE, choices
from sourcebot.types import Scope

if TYPE_CHECKING:
    from sourcebot.frontends.discord.bot import Bot
    from sourcebot.types import Summary

_log = logging.getLogger(__name__)
_SHOWN_EVERY = 2.0
"""Seconds between two looks at the progress: Discord limits how often a message may change."""

_Channel = app_commands.AppCommandChannel | app_commands.AppCommandThread


def _moderators(
    command: app_commands.Command[Any, ..., None],
) -> app_commands.Command[Any, ..., None]:
    return app_commands.guild_only()(app_commands.default_permissions(manage_guild=True)(command))


async def _as_moderator(interaction: discord.Interaction[Any]) -> Bot:
    """Let only those through who may manage the server, and answer them privately.

    Raises:
        Refusal: for anybody else.
    """
    words = words_for(interaction.locale)
    if not interaction.guild_id:
        raise Refusal(words.servers_only)
    allowed = interaction.permissions
    if not (allowed.manage_guild or allowed.administrator):
        raise Refusal(words.moderators_only)
    await interaction.response.defer(ephemeral=True, thinking=True)
    return bot_of(interaction)


async def _owns(client: discord.Client, user: int) -> bool:
    """Return whether a user owns the bot's application, alone or in its team."""
    application = await client.application_info()
    if not application.team:
        return user == application.owner.id
    return user == application.team.owner_id or any(
        member.id == user
        and member.membership_state is discord.TeamMembershipState.accepted
        and member.role is not discord.TeamMemberRole.read_only
        for member in application.team.members
    )


@_moderators
@app_commands.command(description="Take in added, changed and removed articles (owners of the bot)")
async def reindex(interaction: discord.Interaction[Any]) -> None:
    """Bring the index up to date; answers go on from the old one meanwhile."""
    bot, words = bot_of(interaction), words_for(interaction.locale)
    await interaction.response.defer(ephemeral=True, thinking=True)
    # The folder is the host's: whoever manages a server has no say in it.
    if not await _owns(interaction.client, interaction.user.id):
        raise Refusal(words.owners_only)
    if bot.background.building:
        raise Refusal(words.building)
    now: list[tuple[str, int, int]] = [("", 0, 0)]

    def progress(stage: str, done: int, total: int) -> None:
        now[0] = (stage, done, total)

    def build() -> Summary:
        summary = bot.project.index(progress=progress)
        bot.project.info()
        return summary

    _log.info("re-indexing", extra={"server": interaction.guild_id})
    building = asyncio.ensure_future(bot.background.build(build))
    shown: tuple[str, int, int] | None = None
    while not (await asyncio.wait({building}, timeout=_SHOWN_EVERY))[0]:
        if now[0] != shown:
            shown = now[0]
            await _update(interaction, progress_embed(*shown, words))
    try:
        summary = building.result()
    except IndexLocked as error:
        raise Refusal(words.building) from error
    _log.info(
        "re-indexed", extra={"articles": summary.articles, "seconds": round(summary.seconds, 1)}
    )
    bot.changed.set()
    await _update(interaction, summary_embed(summary, words))


async def _update(interaction: discord.Interaction[Any], embed: discord.Embed) -> None:
    """Show how far it is; a response can be changed for 15 minutes only, then the log has it."""
    try:
        await interaction.edit_original_response(embed=embed)
    except discord.HTTPException as error:
        _log.warning("the progress cannot be shown", extra={"code": error.code})


@_moderators
@app_commands.command(
    description="Show or set which articles this server, a channel or a role is answered from"
)
@app_commands.describe(
    sources="Parts of titles or paths, or patterns like north/*; several separated by ;",
    publishers="Parts of publishers' names; several separated by ;",
    channel="Only in this channel and its threads, instead of the whole server",
    role="Only for who has this role, instead of the whole server",
    clear="Answer from all articles again",
)
async def scope(  # noqa: PLR0917 (the options of the command)
    interaction: discord.Interaction[Any],
    sources: app_commands.Range[str, 1, 1000] = "",
    publishers: app_commands.Range[str, 1, 1000] = "",
    channel: _Channel | None = None,
    role: discord.Role | None = None,
    clear: bool = False,  # noqa: FBT001, FBT002 (an option of the command)
) -> None:
    """Show, set or clear a scope."""
    bot, words = await _as_moderator(interaction), words_for(interaction.locale)
    server = interaction.guild_id or 0
    wanted = Scope(_parts(sources), _parts(publishers))
    if wanted or clear:
        if wanted and not await bot.background.run(lambda: bot.titles.articles(wanted)):
            raise Refusal(words.scope_empty)
        where, whose = channel.id if channel else 0, _role(role)
        if where and whose:
            raise Refusal(words.one_place)
        await bot.background.run(lambda: bot.store.set_scope(server, where, wanted, whose))
        bot.shared.known.clear()
        bot.changed.set()
        _log.info("scope changed", extra={"server": server, "channel": where, "role": whose})
    scopes = bot.store.scopes(server)
    allowed = await bot.background.run(
        lambda: {where: len(bot.titles.articles(each)) for where, each in scopes.items()}
    )
    await interaction.edit_original_response(embed=scope_embed(scopes, allowed, words))


@scope.autocomplete("sources")
async def _sources_like(
    interaction: discord.Interaction[Any], current: str
) -> list[app_commands.Choice[str]]:
    bot = bot_of(interaction)
    *before, last = current.split(";")
    found = await bot.background.run(lambda: choices(bot.titles.articles(Scope()), last))
    lead = "".join(f"{part.strip()}; " for part in before)
    return [
        app_commands.Choice(name=name, value=lead + value)
        for name, value in found
        if width(lead + value) <= LONGEST_CHOICE
    ]


def _role(role: discord.Role | None) -> int:
    """Return the id of a role; 0 for none and for everybody's, which is the whole server."""
    return 0 if role is None or role.is_default() else role.id


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


@_moderators
@app_commands.command(description="In a quiet channel I speak only when I can answer")
@app_commands.describe(on="Quiet or not", channel="Which channel, instead of this one")
async def quiet(
    interaction: discord.Interaction[Any],
    on: bool,  # noqa: FBT001 (an option of the command)
    channel: _Channel | None = None,
) -> None:
    """Make a channel quiet, or not."""
    bot, words = await _as_moderator(interaction), words_for(interaction.locale)
    where = channel.id if channel else here(interaction).channel
    await bot.background.run(lambda: bot.store.set_quiet(where, quiet=on))
    text = (words.quiet_on if on else words.quiet_off).format(channel=f"<#{where}>")
    await interaction.edit_original_response(embed=notice_embed(text))


@_moderators
@app_commands.command(description="List the questions that found no answer, most asked first")
async def gaps(interaction: discord.Interaction[Any]) -> None:
    """List the unanswered questions of this server, with all of them as a file."""
    bot, words = await _as_moderator(interaction), words_for(interaction.locale)
    server = interaction.guild_id or 0
    found = await bot.background.run(lambda: bot.store.gaps(server))
    complaints = await bot.background.run(lambda: bot.store.complaints(server))
    files = []
    if found:
        files.append(_file("gaps.csv", gaps_csv(found)))
    if complaints:
        files.append(_file("feedback.csv", complaints_csv(complaints)))
    embed = gaps_embed(found, len(complaints), words, kept=bot.config.log_questions)
    await interaction.edit_original_response(embed=embed, attachments=files)


def _file(name: str, text: str) -> discord.File:
    # The mark tells spreadsheets that it is UTF-8.
    return discord.File(io.BytesIO(text.encode("utf-8-sig", "replace")), name)


COMMANDS = (reindex, scope, quiet, gaps)
