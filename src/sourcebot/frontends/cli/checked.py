"""Checked claims -> a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from sourcebot.frontends.cli.styles import FAINT, MARK, NOTICE
from sourcebot.frontends.cli.terminal import hanging, marked_spans
from sourcebot.render.claims import part_lines, quotation_lines, verdict_line
from sourcebot.render.wording import attribution
from sourcebot.text.display import one_line
from sourcebot.types.claims import Verdict, Wording

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from sourcebot.types.claims import Check, Stance

_STYLES = {
    Verdict.SUPPORTS: "bold green",
    Verdict.CONTRADICTS: "bold red",
    Verdict.PARTLY: f"bold {NOTICE}",
    Verdict.SILENT: "bold",
    Verdict.UNSURE: f"bold {NOTICE}",
}


_MARKS = {Verdict.SUPPORTS: "+", Verdict.CONTRADICTS: "−", Verdict.UNSURE: "•"}


def print_checks(console: Console, checks: Sequence[Check], sources: Path) -> None:
    """Show what the articles say of each claim, with the quotes behind it."""
    for number, check in enumerate(checks):
        if number:
            console.print()
        if len(checks) > 1:
            console.print(Text(one_line(check.claim), style="italic"))
        console.print(Text(verdict_line(check), style=_STYLES[check.verdict]))
        for line in part_lines(check):
            hanging(console, Text("   "), Text(line))
        for stance in check.stances:
            _print_stance(console, stance, sources)
        for quotation in check.quotations:
            style = "" if quotation.wording is Wording.VERBATIM else NOTICE
            first, *rest = quotation_lines(quotation)
            console.print()
            hanging(console, Text("❝  "), Text(first, style=style))
            for line in rest:
                hanging(console, Text("   "), Text(line, style="dim"))


def _print_stance(console: Console, stance: Stance, sources: Path) -> None:
    console.print()
    mark = Text(f"{_MARKS[stance.verdict]}  ", style=MARK)
    hanging(console, mark, marked_spans(stance.quote, stance.deciding))
    hanging(console, Text("   "), Text(attribution(stance.quote.source), style="dim"))
    place = one_line(str(sources / stance.quote.source.path))
    hanging(console, Text("   "), Text(place, style=FAINT))
