"""Timelines -> a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from sourcebot.frontends.cli.styles import FAINT, MARK, NOTICE
from sourcebot.frontends.cli.terminal import hanging, marked_spans
from sourcebot.render.timelines import UNDATED, event_words, reported_line, timeline_refusal
from sourcebot.text.display import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from sourcebot.types import Quote, Span
    from sourcebot.types.timelines import Timeline


def print_timeline(console: Console, timeline: Timeline, sources: Path) -> None:
    """Show the dates with their quotes, then what states no date."""
    if refused := timeline_refusal(timeline):
        console.print(Text(refused, style=f"bold {NOTICE}"))
    for number, entry in enumerate(timeline.entries):
        if number:
            console.print()
        dates = "; ".join(event_words(date) for date in entry.dates)
        console.print(Text(dates, style=MARK))
        _print_quote(console, entry.quote, [date.said.span for date in entry.dates], sources)
    if timeline.undated:
        console.print()
        console.print(Text(UNDATED, style=NOTICE))
    for number, quote in enumerate(timeline.undated):
        if number:
            console.print()
        _print_quote(console, quote, (), sources)


def _print_quote(console: Console, quote: Quote, said: Sequence[Span], sources: Path) -> None:
    indent = Text("   ")
    hanging(console, indent, marked_spans(quote, said))
    hanging(console, indent, Text(reported_line(quote), style="dim"))
    hanging(console, indent, Text(one_line(str(sources / quote.source.path)), style=FAINT))
