"""What the bot says without being asked: when it joins a server. And its presence."""

from __future__ import annotations

import datetime as dt
import logging

import discord

from sourcebot.frontends.discord.languages import words_for
from sourcebot.frontends.discord.rendering import notice_embed
from sourcebot.frontends.discord.words import ENGLISH, Words

_log = logging.getLogger(__name__)
_JUST = dt.timedelta(hours=1)

PRESENCE = discord.CustomActivity(name=f"{ENGLISH.command('ask')} · quotes, never made-up text")


def joined_embed(words: Words) -> discord.Embed:
    """Return what the bot says of itself to a server."""
    names = ("ask", "sources", "about", "scope", "quiet", "gaps")
    commands = {name: f"`{words.command(name)}`" for name in names}
    delete = f"`{words.command('delete-my-data')}`"
    return notice_embed(words.joined.format(**commands, delete=delete), words.joined_title)


async def greet(guild: discord.Guild) -> None:
    """Say hello in a server that was joined just now, where the bot may.

    A server may also appear after an outage of Discord, or be joined long ago: nothing is said.
    """
    me = guild.me
    if not (me and me.joined_at and discord.utils.utcnow() - me.joined_at < _JUST):
        return
    places = [guild.system_channel] if guild.system_channel else []
    for channel in (*places, *guild.text_channels):
        allowed = channel.permissions_for(me)
        if allowed.view_channel and allowed.send_messages and allowed.embed_links:
            try:
                await channel.send(embed=joined_embed(words_for(guild.preferred_locale)))
            except discord.HTTPException as error:
                _log.warning("a server could not be greeted", extra={"code": error.code})
            return
