"""``sourcebot eval``: measure the answers on questions with known answers."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sourcebot.frontends.cli.commands.options import PROJECT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from sourcebot.checks.evaluation import Outcome


@click.command("eval")
@click.argument("questions", type=click.Path(path_type=Path))
@click.option(
    "--sources",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Articles to ask, indexed apart (and cached). [default: the project's]",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--worst", metavar="N", default=0, type=click.IntRange(0), help="Show the N surest mistakes."
)
@click.option(
    "--plot",
    metavar="FILE.png",
    type=click.Path(path_type=Path),
    help="Draw risk against coverage, and calibration.",
)
@click.option(
    "--calibrate",
    metavar="RATE",
    type=click.FloatRange(0, 1),
    help="Suggest the threshold for at most this share of wrong answers.",
)
@click.option("--write", is_flag=True, help="Write the suggested threshold to config.toml.")
@PROJECT
@click.pass_context
def evaluate(
    context: click.Context,
    /,
    questions: Path,
    sources: Path | None,
    project: Path | None,
    **options: Any,  # noqa: ANN401 (of several types, checked by click)
) -> None:
    """Measure the answers on QUESTIONS, a JSON Lines file (see docs/eval.md)."""
    _evaluate(questions, sources, project or context.obj, **options)


def _evaluate(
    questions: Path,
    sources: Path | None,
    project: Path | None,
    *,
    as_json: bool,
    worst: int,
    plot: Path | None,
    calibrate: float | None,
    write: bool,
) -> None:
    """Measure and print; see the command's options.

    Raises:
        SourcebotError: when the questions, the sources or the index cannot be used.
    """
    from sourcebot.frontends.cli.progress import notify_on, progress_on
    from sourcebot.frontends.cli.terminal import make_console
    from sourcebot.project import open_project

    if write and calibrate is None:
        raise click.UsageError("--write goes with --calibrate")
    errors = make_console(stderr=True)
    with open_project(project, notify=notify_on(errors)) as opened, progress_on(errors) as progress:
        evaluation = opened.evaluate(questions, sources=sources, progress=progress)
    figures = evaluation.measures()
    suggested = None if calibrate is None else evaluation.suggest_threshold(calibrate)
    if calibrate is not None:
        figures["suggested_threshold"] = suggested
    failures = evaluation.worst(worst)
    if as_json:
        figures |= evaluation.details()
        figures["worst"] = [_failure(outcome) for outcome in failures]
        sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    else:
        _print(make_console(), figures, failures)
        _print_languages(make_console(), evaluation.languages())
    if plot:
        evaluation.plot(plot)
    if write and suggested is not None:
        errors.print(f"threshold written to {evaluation.write_threshold(suggested)}", style="dim")


def _failure(outcome: Outcome) -> dict[str, Any]:
    return {
        "question": outcome.case.question,
        "answers": list(outcome.case.answers),
        "answered": outcome.answered,
        "confidence": round(outcome.confidence, 4),
        "quote": outcome.quotes[0].text if outcome.quotes else None,
        "file": outcome.quotes[0].source.path if outcome.quotes else None,
        "rank": outcome.rank,
    }


def _print_languages(console: Console, languages: Mapping[str, Mapping[str, int]]) -> None:
    from rich.text import Text

    if languages:
        console.print()
    for name, counts in languages.items():
        told = ", ".join(f"{what} {count}" for what, count in counts.items())
        console.print(Text(f"{name}: {told}"))


def _print(console: Console, figures: dict[str, Any], failures: Sequence[Outcome]) -> None:
    from rich.text import Text

    from sourcebot.render.wording import percent
    from sourcebot.text.display import one_line

    width = max(map(len, figures))
    for name, value in figures.items():
        console.print(Text(f"{name:{width}}  {'—' if value is None else value}"))
    for outcome in failures:
        kind = "wrong answer" if outcome.answered else "refused"
        console.print()
        console.print(
            Text(f"{kind} ({percent(outcome.confidence)}): {outcome.case.question}", "bold")
        )
        wanted = " | ".join(outcome.case.answers) or "to be refused"
        console.print(Text(f"  wanted: {one_line(wanted)}"))
        if outcome.quotes:
            console.print(Text(f"  quoted: {one_line(outcome.quotes[0].text)}"))
