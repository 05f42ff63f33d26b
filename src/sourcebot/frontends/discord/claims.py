"""Checked claims -> Discord embeds within Discord's limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from sourcebot.frontends.discord.rendering import (
    ANSWERED,
    FAILED,
    NEUTRAL,
    REFUSED,
    TITLE,
    attribution,
    quote_attribution,
    within,
)
from sourcebot.frontends.discord.text import clip, escape, shown, width
from sourcebot.frontends.discord.words import ENGLISH, Words
from sourcebot.render.wording import percent
from sourcebot.types.claims import Verdict, Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.types.claims import Check, Edit, Quotation, Stance

_COLOURS = {
    Verdict.SUPPORTS: ANSWERED,
    Verdict.CONTRADICTS: FAILED,
    Verdict.PARTLY: REFUSED,
    Verdict.UNSURE: REFUSED,
    Verdict.SILENT: NEUTRAL,
}
_MARKS = {
    Verdict.SUPPORTS: "\u2705",
    Verdict.CONTRADICTS: "\u26d4",
    Verdict.PARTLY: "\u25d0",
    Verdict.UNSURE: "\u2753",
    Verdict.SILENT: "\u2796",
}
_QUOTE = 700
_STANCE = 1020
_ROOM = 5600
"""Of the 6,000 units of an embed, those for the fields of a text's sentences."""

_MOST_FIELDS = 25
_SENTENCE = 240


def check_embed(check: Check, words: Words = ENGLISH) -> discord.Embed:
    """Return what the articles say of one claim, with the quotes behind it."""
    lines = [f"**{_verdict(check, words)}**", *_parts(check, words)]
    embed = discord.Embed(
        title=shown(check.claim, TITLE),
        description=clip("\n".join(lines), 1800),
        colour=_COLOURS[check.verdict],
    )
    for stance in check.stances:
        name = words.stances[stance.verdict]
        embed.add_field(name=name, value=_quoted(stance, words, _STANCE), inline=False)
    for quotation in check.quotations:
        first, *rest = _quotation(quotation, words)
        embed.add_field(name=first, value=clip("\n".join(rest), 1000) or "…", inline=False)
    embed.set_footer(text=words.no_truth)
    return within(embed)


def checks_embed(checks: Sequence[Check], words: Words = ENGLISH) -> tuple[discord.Embed, int]:
    """Return what the articles say of the sentences of a text, and how many of them are shown.

    As many as an embed holds; the footer says so where some are left out.
    """
    if len(checks) == 1:
        return check_embed(checks[0], words), 1
    embed = discord.Embed(title=words.checked, colour=NEUTRAL)
    room = _ROOM
    for check in checks[:_MOST_FIELDS]:
        name = f"{_MARKS[check.verdict]} {shown(check.claim, _SENTENCE)}"
        value = _sentence(check, words)
        room -= width(name) + width(value)
        if room < 0:
            break
        embed.add_field(name=name, value=value, inline=False)
    count = len(embed.fields)
    notes = [words.no_truth]
    if count < len(checks):
        notes.insert(0, words.first_sentences.format(shown=count, count=len(checks)))
    embed.set_footer(text=" · ".join(notes))
    return embed, count


def _sentence(check: Check, words: Words) -> str:
    """Return the verdict on one of several sentences, with its first quote."""
    lines = [_verdict(check, words), *_parts(check, words)]
    if check.stances:
        lines.append(_quoted(check.stances[0], words, 560))
    for quotation in check.quotations:
        if quotation.wording is not Wording.VERBATIM or not check.stances:
            lines += _quotation(quotation, words)[:3]
    return clip("\n".join(lines), 1000)


def _verdict(check: Check, words: Words) -> str:
    said = words.verdicts[check.verdict]
    if check.verdict in {Verdict.SUPPORTS, Verdict.CONTRADICTS, Verdict.PARTLY}:
        return f"{said} ({percent(check.probability)})."
    # Why it is unsure is said in English only.
    reason = f" ({escape(check.reason)})" if check.reason and words.language == "en" else ""
    return f"{said}{reason}."


def _parts(check: Check, words: Words) -> list[str]:
    return [
        f"- {words.stated if part.verdict is Verdict.SUPPORTS else words.not_stated}: "
        f"“{shown(part.span.of(check.claim), 300)}”"
        for part in check.parts
    ]


def _quoted(stance: Stance, words: Words, limit: int) -> str:
    source = quote_attribution(stance.quote, words, limit // 3)
    return f"> {_marked(stance, min(_QUOTE, limit - width(source) - 4))}\n{source}"


def _marked(stance: Stance, limit: int) -> str:
    """Return a quote escaped, the words that decide in bold unless it is too long for that."""
    quote, at, parts = stance.quote, 0, []
    for span in stance.deciding:
        start, end = span.start - quote.span.start, span.end - quote.span.start
        if at <= start < end <= len(quote.text):
            # Bold type begins and ends at words.
            words = quote.text[start:end]
            core = words.strip()
            if core:
                start += words.index(core)
                parts += [_escaped(quote.text[at:start]), f"**{escape(core)}**"]
                at = start + len(core)
    marked = "".join([*parts, _escaped(quote.text[at:])]).strip()
    return marked if width(marked) <= limit else shown(quote.text, limit)


def _escaped(text: str) -> str:
    """Return a part of a text escaped, with the spaces at its ends."""
    bare = escape(text)
    if not bare:
        return " " if text else ""
    lead = " " if text[:1].isspace() else ""
    return lead + bare + (" " if text[-1:].isspace() else "")


def _quotation(quotation: Quotation, words: Words) -> list[str]:
    """Return how words in quotation marks stand in the articles: a line each, the first short."""
    lines = [f"“{shown(quotation.text, 120)}”: {words.wordings[quotation.wording]}"]
    lines += [_edit(edit, words) for edit in quotation.edits[:8]]
    lines += [words.left_out.format(words=shown(w, 200)) for w in quotation.left_out[:4]]
    if quotation.turning:
        lines.append(words.turning.format(words=", ".join(shown(w, 40) for w in quotation.turning)))
    if quotation.source:
        if quotation.wording is Wording.ALTERED:
            lines.append(f"> {shown(quotation.original, 400)}")
        if quotation.speaker:
            lines.append(words.beside.format(words=shown(quotation.speaker, 150)))
        lines.append(attribution(quotation.source, words, 300))
    return lines


def _edit(edit: Edit, words: Words) -> str:
    if not edit.original:
        return words.added_words.format(words=shown(edit.quoted, 100))
    if not edit.quoted:
        return words.missing_words.format(words=shown(edit.original, 100))
    return words.other_words.format(
        quoted=shown(edit.quoted, 100), original=shown(edit.original, 100)
    )
