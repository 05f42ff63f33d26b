"""Lists and settings -> Discord embeds: articles, indexing, scopes, gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from sourcebot.frontends.discord.rendering import (
    NEUTRAL,
    SHOWN_SOURCES,
    attribution,
    notice_embed,
    within,
)
from sourcebot.frontends.discord.text import escape, shown
from sourcebot.frontends.discord.words import ENGLISH, Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sourcebot.frontends.discord.records import Gap
    from sourcebot.types import IndexedArticle, Scope, Summary
    from sourcebot.types.waiting import Followed

PAGE = 10
"""Articles on a page of the list."""

_SHOWN_GAPS = 15
_MOST_FIELDS = 25


def sources_embed(
    articles: Sequence[IndexedArticle], page: int, words: Words = ENGLISH
) -> tuple[discord.Embed, int]:
    """Return one page of the list of articles and the number of pages (at least 1).

    ``page`` counts from 0; a page past the end is the last.
    """
    pages = max(1, -(-len(articles) // PAGE))
    page = min(page, pages - 1)
    first = page * PAGE
    lines = [
        f"- {attribution(article.source, words, 320)}" for article in articles[first : first + PAGE]
    ]
    embed = discord.Embed(
        title=words.sources, description="\n".join(lines) or words.no_sources, colour=NEUTRAL
    )
    total = words.page.format(page=page + 1, pages=pages, articles=f"{len(articles):,}")
    embed.set_footer(text=total)
    return embed, pages


def about_embed(
    version: str, articles: int, words: Words, *, retention_days: int, keeps_questions: bool
) -> discord.Embed:
    """Return what the bot is, what it answers from and what it keeps."""
    kept = words.keeps if keeps_questions else words.keeps_nothing
    embed = discord.Embed(title="sourcebot", description=words.about, colour=NEUTRAL)
    embed.add_field(name=words.sources, value=f"{articles:,} ({words.command('sources')})")
    kept = f"{kept.format(days=retention_days)} {words.keeps_followers} " + words.erase_hint.format(
        delete=words.command("delete-my-data")
    )
    embed.add_field(name=words.privacy, value=kept, inline=False)
    embed.set_footer(text=f"sourcebot {version}")
    return embed


def progress_embed(stage: str, done: int, total: int, words: Words = ENGLISH) -> discord.Embed:
    """Return how far re-indexing is."""
    share = done / total if total else 0.0
    bar = "█" * round(20 * share) + "░" * (20 - round(20 * share))
    named = words.stages.get(stage, stage)
    line = f"{escape(named)}: {done:,} / {total:,}" if stage else words.starting
    return notice_embed(f"`{bar}`\n{line}\n\n{words.meanwhile}", words.indexing)


def summary_embed(summary: Summary, words: Words = ENGLISH) -> discord.Embed:
    """Return what re-indexing did."""
    lines = [
        words.summary.format(
            added=len(summary.added),
            changed=len(summary.changed),
            removed=len(summary.removed),
            unchanged=summary.unchanged,
        )
    ]
    if summary.failed:
        lines.append(words.failed_files.format(count=len(summary.failed)))
        lines += [
            f"- {shown(error.path, 100)}: {shown(error.message, 150)}"
            for error in summary.failed[:SHOWN_SOURCES]
        ]
    embed = notice_embed("\n".join(lines), words.indexed if summary.built else words.up_to_date)
    embed.set_footer(
        text=words.totals.format(
            articles=f"{summary.articles:,}",
            paragraphs=f"{summary.paragraphs:,}",
            seconds=f"{summary.seconds:.1f}",
        )
    )
    return embed


def scope_embed(
    scopes: Mapping[tuple[int, int], Scope],
    allowed: Mapping[tuple[int, int], int],
    words: Words = ENGLISH,
) -> discord.Embed:
    """Return what a server, its channels and roles are answered from, and how many articles.

    Both are by channel and role (0 and 0: the server).
    """
    embed = discord.Embed(title=words.scope, colour=NEUTRAL)
    if (0, 0) not in scopes:
        embed.description = words.scope_all
    for key, scope in sorted(scopes.items())[:_MOST_FIELDS]:
        channel, role = key
        where = f"<#{channel}>" if channel else f"<@&{role}>" if role else words.whole_server
        lines = [where]
        if scope.sources:
            lines.append(f"{words.sources}: {shown('; '.join(scope.sources), 400)}")
        if scope.publishers:
            lines.append(f"{words.publishers}: {shown('; '.join(scope.publishers), 400)}")
        name = words.allowed.format(count=f"{allowed[key]:,}")
        embed.add_field(name=name, value="\n".join(lines), inline=False)
    return within(embed)


def following_embed(
    rows: Sequence[tuple[Followed, bool | None]], page: int, words: Words = ENGLISH, note: str = ""
) -> tuple[discord.Embed, int]:
    """Return one page of the followed questions and the number of pages (at least 1).

    Each row says whether whoever looks has muted it, None where others follow it.
    """
    pages = max(1, -(-len(rows) // PAGE))
    first = min(page, pages - 1) * PAGE
    lines = [
        f"{number}\\. {shown(followed.question, 200)} ({_state(followed, muted, words)})"
        for number, (followed, muted) in enumerate(rows[first : first + PAGE], start=first + 1)
    ]
    text = "\n".join(lines) or words.none_followed
    return notice_embed(f"{note}\n\n{text}" if note else text, words.following), pages


def _state(followed: Followed, muted: bool | None, words: Words) -> str:  # noqa: FBT001
    states = [words.answered_now if followed.answered else words.waiting_now]
    if muted:
        states.append(words.muted)
    states.append(words.since_day.format(day=words.day(followed.since.date())))
    return ", ".join(states)


def gaps_embed(
    gaps: Sequence[Gap], complaints: int, words: Words = ENGLISH, *, kept: bool = True
) -> discord.Embed:
    """Return the most asked of the questions that found no answer."""
    lines = [
        f"{number}\\. {shown(gap.question, 150)} "
        f"({words.asked.format(times=gap.times, people=gap.people)}{_waited(gap, words)})"
        for number, gap in enumerate(gaps[:_SHOWN_GAPS], start=1)
    ]
    text = "\n".join(lines) or (words.no_gaps if kept else words.not_kept)
    embed = notice_embed(text, words.gaps)
    if gaps or complaints:
        embed.set_footer(text=words.gaps_total.format(gaps=len(gaps), complaints=complaints))
    return embed


def _waited(gap: Gap, words: Words) -> str:
    return f", {words.waited_for.format(people=gap.waiting)}" if gap.waiting else ""
