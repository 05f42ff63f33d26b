"""A conversation -> Markdown: every question with its quotes, and where each of them stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sourcebot.render.conflicts import conflict_lines, later_lines
from sourcebot.render.links import quote_link
from sourcebot.render.markup import headings_read, read_parts
from sourcebot.render.wording import (
    NEAREST,
    attribution,
    day,
    left_open,
    percent,
    refusal,
    taken_as,
)
from sourcebot.text.display import counted, one_line
from sourcebot.types import AbstentionReason, Answer

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from sourcebot.types import Attribution, Quote, Reply

_MARKS = re.compile(r"([\\`*_\[\]<>#|~])|^([^\S\n]*)([-+]|\d+[.)])(?=\s)", re.MULTILINE)


def transcript(replies: Sequence[Reply], today: dt.date) -> str:
    """Return a conversation as a Markdown document; ``today`` is named in its heading."""
    lines = [f"# Questions and quotes, {day(today)}", ""]
    lines.append(
        f"{counted(len(replies), 'question')}. Every quote is verbatim; its source is below it."
    )
    for reply in replies:
        lines += ["", f"## {_plain(reply.question)}", ""]
        lines += _reply(reply)
    return "\n".join(lines).rstrip() + "\n"


def _reply(reply: Reply) -> Iterator[str]:
    if taken := taken_as(reply):
        yield f"*{_plain(taken)}*"
        yield ""
    if isinstance(reply, Answer):
        for quote in reply.quotes:
            yield from _quote(quote, answers=True)
        for remark in (
            *(conflict_lines(reply.conflict) if reply.conflict else ()),
            *later_lines(reply.later),
            *left_open(reply),
        ):
            yield _plain(remark)
            yield ""
        return
    for remark in (" ".join(refusal(reply)), *later_lines(reply.later)):
        yield _plain(remark)
        yield ""
    if reply.nearest and reply.reason is not AbstentionReason.NOTHING_RELEVANT:
        yield _plain(NEAREST)
        yield ""
        for quote in reply.nearest:
            yield from _quote(quote, answers=False)


def _quote(quote: Quote, *, answers: bool) -> Iterator[str]:
    before, words, after = (_plain(part) for part in read_parts(quote))
    marked = f"**{words}**" if answers and words and words == words.strip() else words
    yield f"> {_joined(before, marked, after)}"
    yield ">"
    yield f"> — {_cited(quote)}"
    for source in quote.also:
        yield f"> — also {_named(source)}"
    yield ""


def _joined(*parts: str) -> str:
    return " ".join("".join(parts).split())


def _cited(quote: Quote) -> str:
    link = quote_link(quote)
    named = _plain(attribution(quote.source, headings=headings_read(quote)))
    shown = f"[{named}](<{link}>)" if link else named
    place = f"`{one_line(quote.source.path).replace('`', '’')}`"
    characters = f"characters {quote.span.start}–{quote.span.end}"
    return f"{shown}, {place}, {characters}, confidence {percent(quote.probability)}"


def _named(source: Attribution) -> str:
    return f"{_plain(attribution(source))}, `{one_line(source.path).replace('`', '’')}`"


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is, on one line with its spaces at both ends."""
    lead, trail = text[:1].isspace() and text.strip(), text[-1:].isspace() and text.strip()
    line = _MARKS.sub(lambda m: f"{m[2] or ''}\\{m[1] or m[3]}", one_line(text))
    return f"{' ' if lead else ''}{line}{' ' if trail else ''}"
