"""The buttons under an answer.

They work for ever, also after a restart: all that one needs is its name and the store.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Self

import discord

from sourcebot.errors import QuestionError
from sourcebot.frontends.discord.bot import bot_of
from sourcebot.frontends.discord.languages import words_for
from sourcebot.frontends.discord.rendering import (
    NEAREST_SHOWN,
    context_embed,
    notice_embed,
    quotes_embed,
)
from sourcebot.frontends.discord.throttling import count_requests
from sourcebot.types import AbstentionReason, Answer

if TYPE_CHECKING:
    import re
    from collections.abc import Awaitable, Callable

    from sourcebot.frontends.discord.background import KeptReply
    from sourcebot.frontends.discord.bot import Bot
    from sourcebot.frontends.discord.words import Words
    from sourcebot.types import Paragraph, Quote, Reply

    Interaction = discord.Interaction[Any]
    Action = Callable[[Interaction, Bot, Words, int], Awaitable[None]]

_AROUND = 1


class Button(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"sb:(?P<does>more|context|up|down|sources|erase|spare|follow|following|mute|unmute|end):(?P<number>\d{1,20})",
):
    """A button that does one of ``ACTIONS`` with a number: of an answer, or of a page."""

    def __init__(self, does: str, number: int, **looks: Any) -> None:  # noqa: ANN401
        """Take what it does and with which number; ``looks`` are discord.ui.Button's options."""
        super().__init__(discord.ui.Button(custom_id=f"sb:{does}:{number}", **looks))
        self.does, self.number = does, number

    @classmethod
    async def from_custom_id(
        cls,
        interaction: Interaction,  # noqa: ARG003
        item: discord.ui.Item[Any],  # noqa: ARG003
        match: re.Match[str],
        /,
    ) -> Self:
        """Return the button that was clicked."""
        return cls(match["does"], int(match["number"]), label=match["does"])

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Return whether this click is new."""
        count_requests()
        return bot_of(interaction).seen.is_new(interaction.id)

    async def callback(self, interaction: Interaction) -> None:
        """Do what the button says, and tell the person what went wrong."""
        from sourcebot.frontends.discord.delivery import explain, tell

        words = words_for(interaction.locale)
        try:
            await ACTIONS[self.does](interaction, bot_of(interaction), words, self.number)
        except Exception as error:
            await tell(interaction, explain(error, words, self.does))


async def _more(interaction: Interaction, bot: Bot, words: Words, number: int) -> None:
    """Show the further quotes to whoever wants them."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    reply = await bot.background.run(lambda: bot.store.answer(number))
    embed = quotes_embed(reply, words) if reply else notice_embed(words.gone)
    await interaction.edit_original_response(embed=embed or notice_embed(words.no_more))


async def _context(interaction: Interaction, bot: Bot, words: Words, number: int) -> None:
    """Show the paragraph around the best quote, and its neighbours."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    reply = await bot.background.run(lambda: bot.store.answer(number))
    quotes = quotes_of(reply) if reply else ()
    embed = notice_embed(words.gone)
    if quotes:
        around = await bot.background.run(lambda: _around(bot, quotes[0]))
        embed = context_embed(quotes[0], around, words)
    await interaction.edit_original_response(embed=embed)


def _around(bot: Bot, quote: Quote) -> tuple[Paragraph, ...]:
    """Return the paragraphs around a quote; none when the index has changed since."""
    try:
        return bot.project.context(quote, _AROUND)
    except QuestionError:
        return ()


async def _vote(
    interaction: Interaction, bot: Bot, words: Words, number: int, *, helpful: bool
) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    user = interaction.user.id
    await bot.background.run(lambda: bot.store.vote(number, user, helpful=helpful))
    await interaction.edit_original_response(embed=notice_embed(words.thanks))


async def _up(interaction: Interaction, bot: Bot, words: Words, number: int) -> None:
    await _vote(interaction, bot, words, number, helpful=True)


async def _down(interaction: Interaction, bot: Bot, words: Words, number: int) -> None:
    await _vote(interaction, bot, words, number, helpful=False)


async def _sources(interaction: Interaction, _: Bot, __: Words, page: int) -> None:
    """Turn the page of the list of articles."""
    from sourcebot.frontends.discord.commands import sources_page

    await interaction.response.defer()
    embed, view = await sources_page(interaction, page)
    await interaction.edit_original_response(embed=embed, view=view)


async def _erase(interaction: Interaction, bot: Bot, words: Words, user: int) -> None:
    from sourcebot.frontends.discord.erasing import erase

    await erase(interaction, bot, words, user)


async def _spare(interaction: Interaction, _: Bot, words: Words, __: int) -> None:
    """Delete nothing, and say so."""
    await interaction.response.edit_message(embed=notice_embed(words.kept), view=None)


async def _followed(
    does: str, interaction: Interaction, bot: Bot, words: Words, number: int
) -> None:
    """Follow a question, or change how it is followed."""
    from sourcebot.frontends.discord import following

    actions: dict[str, Action] = {
        "follow": following.follow,
        "following": following.turn,
        "mute": following.mute,
        "unmute": following.unmute,
        "end": following.end,
    }
    await actions[does](interaction, bot, words, number)


ACTIONS: dict[str, Action] = {
    "more": _more,
    "context": _context,
    "up": _up,
    "down": _down,
    "sources": _sources,
    "erase": _erase,
    "spare": _spare,
    **{does: partial(_followed, does) for does in ("follow", "following", "mute", "unmute", "end")},
}


def answer_view(
    given: KeptReply, words: Words, *, seen_by_all: bool = False
) -> discord.ui.View | None:
    """Return the buttons of a reply; None when it could not be kept or has none.

    Only a refusal that is ``seen_by_all`` is offered to be followed: its notices stand there.
    """
    quotes, number = quotes_of(given.reply), given.number
    view = discord.ui.View(timeout=None)
    if seen_by_all and given.followable:
        view.add_item(Button("follow", number, label=words.follow, emoji="\U0001f514"))
    if not number or not quotes:
        return view if view.children else None
    if len(quotes) > (1 if isinstance(given.reply, Answer) else NEAREST_SHOWN):
        view.add_item(Button("more", number, label=words.more_quotes))
    view.add_item(Button("context", number, label=words.context))
    view.add_item(Button("up", number, label=words.helpful, emoji="\U0001f44d"))
    view.add_item(Button("down", number, label=words.not_helpful, emoji="\U0001f44e"))
    return view


def pages_view(page: int, pages: int, words: Words) -> discord.ui.View | None:
    """Return the buttons that turn from a page (from 0) to its neighbours; None for one page."""
    if pages == 1:
        return None
    view = discord.ui.View(timeout=None)
    for button in turning("sources", page, pages, words):
        view.add_item(button)
    return view


def turning(does: str, page: int, pages: int, words: Words) -> tuple[Button, Button]:
    """Return the two buttons that turn a list from a page (from 0) to its neighbours."""
    last = page == pages - 1
    return (
        Button(does, max(page - 1, 0), label=words.previous, disabled=page == 0),
        Button(does, page + 1, label=words.next, disabled=last),
    )


def quotes_of(reply: Reply) -> tuple[Quote, ...]:
    """Return the quotes that answer, or the closest ones if anything is relevant."""
    if isinstance(reply, Answer):
        return reply.quotes
    return () if reply.reason is AbstentionReason.NOTHING_RELEVANT else reply.nearest
