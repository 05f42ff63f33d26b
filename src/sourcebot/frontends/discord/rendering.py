"""Replies, lists and notices -> Discord embeds within Discord's limits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from sourcebot.frontends.discord.text import clip, emphasized, escape, link, shown, width
from sourcebot.frontends.discord.words import ENGLISH, Words
from sourcebot.render.links import quote_link
from sourcebot.render.markup import headings_read, read_parts
from sourcebot.render.wording import BELOW, percent
from sourcebot.text.display import one_line
from sourcebot.types import AbstentionReason, Answer, Attribution, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.types import Abstention, Conflict, Paragraph, Quote, Reply, Source

TITLE = 256
FIELD_NAME = 256
FIELD = 1024
NEAREST_SHOWN = 3
"""The closest quotes that a refusal shows."""

CONTENT = 2000
_ALL = 5900
"""A little below Discord's 6,000 for an embed in all."""

_DESCRIPTION = 3600
_QUOTE = 2800
_ATTRIBUTION = 1100
_CONTEXT_ATTRIBUTION = 700
_SHORT_QUOTE = 600
_PARAGRAPH = 1900
_NEIGHBOUR = 650
SHOWN_SOURCES = 5

ANSWERED = discord.Colour(0x2E8B57)
REFUSED = discord.Colour(0xC98A1B)
NEUTRAL = discord.Colour(0x4F6D8F)
FAILED = discord.Colour(0xB23A48)


def reply_embed(
    reply: Reply, words: Words = ENGLISH, *, note: str = "", readable: bool = False
) -> discord.Embed:
    """Return the best quote with its attribution, or why there is none.

    ``note`` is a sentence of ours to add; ``readable`` whether moderators can read the question.
    """
    embed = _answer(reply, words) if isinstance(reply, Answer) else _refusal(reply, words)
    meant = _meant(reply, words)
    for text in (meant, note):
        if value := shown(text, FIELD):
            embed.insert_field_at(0, name="\u21b3", value=value, inline=False)
    if readable:
        before = f"{embed.footer.text} · " if embed.footer.text else ""
        embed.set_footer(text=before + words.readable)
    return within(embed)


def _answer(reply: Answer, words: Words) -> discord.Embed:
    quote = reply.quotes[0]
    embed = discord.Embed(
        title=shown(reply.question, TITLE) or None,
        description=_quoted(quote, words),
        colour=ANSWERED,
    )
    if quote.also:
        embed.add_field(name=words.also, value=_also(quote.also, words), inline=False)
    for part in reply.parts:
        if isinstance(part, Answer) and part.quotes[0] != quote:
            text = f"{emphasized(part.quotes[0], _SHORT_QUOTE)}\n"
            text += quote_attribution(part.quotes[0], words, 400)
            name = shown(part.meant or part.question, FIELD_NAME) or "…"
            embed.add_field(name=name, value=text, inline=False)
    if reply.conflict:
        name = words.differ[reply.conflict.relation]
        embed.add_field(name=name, value=_values(reply.conflict, words), inline=False)
    _add_later(embed, reply, words)
    if reply.open:
        text = clip("\n".join(f"- {shown(question, 300)}" for question in reply.open), FIELD)
        embed.add_field(name=words.open, value=text, inline=False)
    embed.set_footer(text=_footer(quote, words))
    return embed


def _meant(reply: Reply, words: Words) -> str:
    """Return what a question was taken to mean where that is not what was asked."""
    parts = [part.meant or part.question for part in reply.parts]
    if parts:
        return words.parts.format(count=len(parts), questions=" ".join(parts))
    return words.meant.format(question=reply.meant) if reply.meant else ""


def _values(conflict: Conflict, words: Words) -> str:
    """Return the values that sources give, a line each with who says it."""
    groups = conflict.groups[:SHOWN_SOURCES]
    room = FIELD // len(groups) - 1
    lines = []
    for group in groups:
        value = f"- “{shown(group.value, room // 3)}” — "
        lines.append(value + attribution(group.quotes[0].source, words, room - width(value)))
    return "\n".join(lines)


def _refusal(reply: Abstention, words: Words) -> discord.Embed:
    parts = [f"*{question}*"] if (question := shown(reply.question, TITLE)) else []
    parts.append(words.reasons[reply.reason])
    if reply.options:
        options = words.either.join(shown(option, 100) for option in reply.options)
        parts.append(words.refers.format(word=shown(reply.unclear, 50), options=options))
    if reply.unread:
        parts.append(words.unread.format(language=words.language_named(reply.unread)))
    if reply.missing:
        parts.append(words.missing.format(fact=words.facts[reply.missing]))
    if reply.covered:
        articles = (
            f"- {attribution(source, words, 300)}" for source in reply.covered[:SHOWN_SOURCES]
        )
        parts.append("\n".join((words.covered, *articles)))
    # Where nothing is relevant, the nearest quotes would only look absurd.
    relevant = reply.reason is not AbstentionReason.NOTHING_RELEVANT
    nearest = reply.nearest[:NEAREST_SHOWN] if relevant else ()
    if nearest:
        parts.append(words.nearest)
    embed = discord.Embed(title=words.refused, description="\n\n".join(parts), colour=REFUSED)
    for number, quote in enumerate(nearest, start=1):
        words_read = shown("".join(read_parts(quote)), _SHORT_QUOTE)
        text = f"{words_read}\n{quote_attribution(quote, words, 300)}"
        embed.add_field(name=f"{number}.", value=text, inline=False)
    _add_later(embed, reply, words)
    return embed


def _add_later(embed: discord.Embed, reply: Reply, words: Words) -> None:
    """Add what articles say that were published after the day as of which was asked."""
    if not reply.later:
        return
    room = FIELD // len(reply.later) - 1
    lines = []
    for quote in reply.later:
        source = attribution(quote.source, words, room // 2, address=quote_link(quote))
        text = shown(quote.text, room - width(source) - len("- “” — "))
        lines.append(f"- “{text}” — {source}")
    embed.add_field(name=words.later, value="\n".join(lines), inline=False)


def quotes_embed(reply: Reply, words: Words = ENGLISH) -> discord.Embed | None:
    """Return the quotes after the first, or None when there are none."""
    answers = isinstance(reply, Answer)
    first = 1 if isinstance(reply, Answer) else NEAREST_SHOWN
    rest = (reply.quotes if isinstance(reply, Answer) else reply.nearest)[first:]
    if not rest:
        return None
    embed = discord.Embed(title=words.more_quotes, colour=NEUTRAL)
    for number, quote in enumerate(rest, start=first + 1):
        confidence = words.confidence.format(percent=percent(quote.probability))
        text = f"{emphasized(quote, _SHORT_QUOTE)}\n{quote_attribution(quote, words, 300)}"
        name = f"{number}. {confidence}" if answers else f"{number}."
        embed.add_field(name=name, value=text, inline=False)
    return within(embed)


def context_embed(
    quote: Quote, around: Sequence[Paragraph], words: Words = ENGLISH
) -> discord.Embed:
    """Return the paragraph of a quote, the quote in bold, between its neighbours."""
    shown_spans = [(p.span, p.text) for p in around] or [(quote.paragraph_span, quote.paragraph)]
    parts = [_in_paragraph(quote, span, text) for span, text in shown_spans]
    source = quote_attribution(quote, words, _CONTEXT_ATTRIBUTION)
    return discord.Embed(
        title=words.context, description="\n\n".join((*parts, source)), colour=NEUTRAL
    )


def _in_paragraph(quote: Quote, span: Span, text: str) -> str:
    """Return a paragraph with what stands in it of the quote in bold.

    A quote may begin in a paragraph before the one of the sentence that answers.
    """
    start, end = max(quote.span.start, span.start), min(quote.span.end, span.end)
    limit = _PARAGRAPH if span == quote.paragraph_span else _NEIGHBOUR
    if start >= end:
        return shown(text, limit)
    return emphasized(replace(quote, text=text, span=span, words=Span(start, end)), limit)


def notice_embed(
    text: str, title: str = "", *, reference: str = "", colour: discord.Colour = NEUTRAL
) -> discord.Embed:
    """Return a short notice; ``text`` and ``title`` must be harmless already."""
    embed = discord.Embed(
        title=clip(title, TITLE) or None, description=clip(text, _DESCRIPTION), colour=colour
    )
    if reference:
        embed.set_footer(text=reference)
    return embed


def quote_attribution(quote: Quote, words: Words, limit: int = _ATTRIBUTION) -> str:
    """Return the attribution of a quote, with the headings above it and a link to its words."""
    return attribution(quote.source, words, limit, headings_read(quote), quote_link(quote))


def attribution(
    source: Source,
    words: Words,
    limit: int = _ATTRIBUTION,
    headings: Sequence[str] = (),
    address: str = "",
) -> str:
    """Return title, headings, publisher, author, date and place.

    The title is a link to ``address``, or to the article's where that is none or too long.
    """
    rest = [
        one_line(source.publisher),
        one_line(source.author),
        words.day(source.published) if source.published else "",
    ]
    if isinstance(source, Attribution):
        rest += [
            words.in_language(source.language) if source.foreign else "",
            words.located(source.locator) if source.locator else "",
            words.paragraph.format(number=source.paragraph),
        ]
    below = shown(" ".join(f"{BELOW} {one_line(heading)}" for heading in headings), limit // 3)
    tail = shown(" · ".join(part for part in rest if part), limit // 2)
    after = (f" {below}" if below else "") + (f" · {tail}" if tail else "")
    return link(source.title, (address, source.url), limit - width(after)) + after


def _quoted(quote: Quote, words: Words) -> str:
    return f"> {emphasized(quote, _QUOTE)}\n\n{quote_attribution(quote, words)}"


def _also(sources: Sequence[Attribution], words: Words) -> str:
    each = (FIELD - 20) // min(len(sources), SHOWN_SOURCES) - 1
    lines = [attribution(source, words, each) for source in sources[:SHOWN_SOURCES]]
    if len(sources) > SHOWN_SOURCES:
        lines.append(f"… + {len(sources) - SHOWN_SOURCES}")
    return "\n".join(lines)


def _footer(quote: Quote, words: Words) -> str:
    confidence = words.confidence.format(percent=percent(quote.probability))
    parts = (confidence, words.verbatim, one_line(quote.source.path))
    return clip(" · ".join(parts).replace("\\", "/"), 300)


def within(embed: discord.Embed) -> discord.Embed:
    """Drop the last fields until the embed is within Discord's limit in all."""
    while _size(embed) > _ALL and embed.fields:
        embed.remove_field(len(embed.fields) - 1)
    if _size(embed) > _ALL:
        rest = _size(embed) - width(embed.description or "")
        embed.description = clip(embed.description or "", _ALL - rest)
    return embed


def _size(embed: discord.Embed) -> int:
    texts = [embed.title, embed.description, embed.footer.text, embed.author.name]
    texts += [text for field in embed.fields for text in (field.name, field.value)]
    return sum(width(text) for text in texts if text)


def as_text(embed: discord.Embed) -> str:
    """Return an embed as a plain message, for channels where the bot may not embed."""
    parts = [f"**{embed.title}**" if embed.title else "", embed.description or ""]
    parts += [f"{field.name} {field.value}" for field in embed.fields]
    parts.append(f"-# {escape(embed.footer.text)}" if embed.footer.text else "")
    return _clip_lines([part for part in parts if part], CONTENT)


def _clip_lines(parts: list[str], limit: int) -> str:
    """Return the parts joined, whole parts left out at the end where they do not fit."""
    text = ""
    for part in parts:
        joined = f"{text}\n{part}" if text else part
        if width(joined) > limit:
            return text or clip(part, limit)
        text = joined
    return text
