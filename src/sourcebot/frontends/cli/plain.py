"""Replies in plain lines, for screen readers and programs that read aloud.

Nothing is said by colour, weight, indentation or position alone: every line begins with what it
is, and there is one fact a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from sourcebot.frontends.cli.explaining import in_numbers, in_words
from sourcebot.render.conflicts import conflict_lines, later_lines
from sourcebot.render.markup import headings_read, read_parts
from sourcebot.render.wording import NEAREST, attribution, left_open, percent, refusal, taken_as
from sourcebot.text.display import counted, one_line
from sourcebot.types import AbstentionReason, Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from sourcebot.types import Quote, Reply


def print_plain(console: Console, reply: Reply, *, explain: bool = False) -> None:
    """Print a reply as plain lines, none of them wrapped."""
    for line in lines_of(reply, explain=explain):
        console.print(Text(line), soft_wrap=True)


def lines_of(reply: Reply, *, explain: bool = False) -> Iterator[str]:
    """Yield the lines of a reply."""
    if taken := taken_as(reply):
        yield taken
    if isinstance(reply, Answer):
        yield f"Answer: {counted(len(reply.quotes), 'quote')}."
        # Before the quotes: whoever listens may not listen to the end.
        yield from left_open(reply)
        for number, quote in enumerate(reply.quotes, start=1):
            yield from _quote(f"Quote {number}", quote, reply, explain=explain)
        yield from later_lines(reply.later)
        if reply.conflict:
            yield from conflict_lines(reply.conflict)
        return
    yield f"No answer. {' '.join(refusal(reply))}"
    yield from later_lines(reply.later)
    if reply.nearest and (explain or reply.reason is not AbstentionReason.NOTHING_RELEVANT):
        yield NEAREST
        for number, quote in enumerate(reply.nearest, start=1):
            yield from _quote(f"Near quote {number}", quote, reply, explain=explain)


def _quote(name: str, quote: Quote, reply: Reply, *, explain: bool) -> Iterator[str]:
    yield f"{name}: {one_line(''.join(read_parts(quote)))}"
    yield f"Confidence: {percent(quote.probability).replace('%', 'percent')}."
    yield f"Source: {attribution(quote.source, headings=headings_read(quote))}."
    for source in quote.also:
        yield f"Also in: {attribution(source)}."
    yield f"File: {one_line(quote.source.path)}"
    if quote.source.url:
        yield f"Address: {one_line(quote.source.url)}"
    if explain:
        yield f"Why: {in_words(quote, reply)}"
        yield f"Numbers: {in_numbers(quote)}"
