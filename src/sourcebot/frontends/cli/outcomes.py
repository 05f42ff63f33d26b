"""What became of added and removed items -> a terminal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text

from sourcebot.frontends.cli.styles import NOTICE
from sourcebot.text.display import one_line
from sourcebot.types import Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from sourcebot.types import Outcome

_SHOWN = 40
_NAMED = 3
_STYLES = {
    Status.ADDED: "green",
    Status.UPDATED: "green",
    Status.REMOVED: "green",
    Status.UNCHANGED: "dim",
    Status.SKIPPED: "dim",
    Status.KEPT: NOTICE,
    Status.FAILED: "red",
}
_TOLD = (Status.ADDED, Status.UPDATED, Status.REMOVED, Status.KEPT, Status.FAILED)


def print_outcomes(
    console: Console, outcomes: Sequence[Outcome], sources: Path, *, dry_run: bool
) -> None:
    """Show what became of each item that needs to be known, and count them all."""
    for status in _TOLD:
        found = [outcome for outcome in outcomes if outcome.status is status]
        # What was left out of an article or why there is none is said of each.
        said = [o for o in found[_SHOWN:] if o.notes or status is Status.FAILED]
        for outcome in (*found[:_SHOWN], *said):
            console.print(_line(outcome, sources), soft_wrap=True)
        if (rest := len(found[_SHOWN:]) - len(said)) > 0:
            console.print(Text(f"{status:>9}  … and {rest:,} more", style=_STYLES[status]))
    _print_skipped(console, [o for o in outcomes if o.status is Status.SKIPPED])
    counts = Counter(outcome.status for outcome in outcomes)
    parts = [f"{counts[status]:,} {status}" for status in Status if counts[status]]
    total = ", ".join(parts) or "nothing to do"
    opening = "Nothing was written; without --dry-run it would be: " if dry_run else "In all: "
    console.print(Text(f"{opening}{total}", "bold"))


def _print_skipped(console: Console, skipped: Sequence[Outcome]) -> None:
    """Show the reasons why items were left out, each with some of their names."""
    reasons = Counter((outcome.detail, outcome.hint) for outcome in skipped)
    for (detail, hint), count in reasons.most_common():
        names = [
            one_line(outcome.shown).rstrip("/").rsplit("/", 1)[-1]
            for outcome in skipped
            if (outcome.detail, outcome.hint) == (detail, hint)
        ]
        more = ", …" if count > _NAMED else ""
        line = f"{Status.SKIPPED:>9}  {', '.join(names[:_NAMED])}{more}: {one_line(detail)}"
        console.print(Text(line, style="dim"), soft_wrap=True)
        if hint:
            console.print(Text(f"{'':11}{one_line(hint)}", style=NOTICE), soft_wrap=True)


def _line(outcome: Outcome, sources: Path) -> Text:
    line = Text(f"{outcome.status:>9}  ", style=_STYLES[outcome.status])
    if outcome.status in {Status.ADDED, Status.UPDATED, Status.REMOVED}:
        line.append(one_line(str(sources / outcome.article)))
    else:
        line.append(one_line(outcome.shown))
    if outcome.detail:
        kept = "kept at " if outcome.status is Status.REMOVED else ""
        line.append(f": {kept}{one_line(outcome.detail)}", style="")
    for remark in (*outcome.notes, *filter(None, [outcome.hint])):
        line.append(f"\n{'':11}{one_line(remark)}", style=NOTICE)
    return line
