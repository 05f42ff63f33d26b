"""``sourcebot eval``: measure the answers on questions with known answers."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sourcebot.frontends.cli.commands.options import PROJECT, project_config

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from sourcebot.checks.evaluation import Outcome
    from sourcebot.config.settings import Config


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
    from sourcebot.answering.service import open_service
    from sourcebot.articles.files import require_sources
    from sourcebot.checks import calibration, evaluation
    from sourcebot.embedding.exported import open_embedder
    from sourcebot.frontends.cli.progress import notify_on, progress_on
    from sourcebot.frontends.cli.terminal import make_console
    from sourcebot.index.contract import build_index

    if write and calibrate is None:
        raise click.UsageError("--write goes with --calibrate")
    config = project_config(project)
    cases = evaluation.read_cases(questions)
    errors = make_console(stderr=True)
    with progress_on(errors) as progress:
        apart = _apart(config, sources) if sources else config
        if sources:
            # Before it is opened: the cached index may be of an older format.
            require_sources(apart.sources_folder)
            build_index(apart, open_embedder(config, notify_on(errors)), progress=progress)
        service = open_service(apart, notify_on(errors), progress, models=config)
        outcomes = evaluation.evaluate(service, cases, progress)
    figures = evaluation.measures(outcomes)
    figures["threshold"] = config.answer.threshold
    if calibrate is not None:
        figures["suggested_threshold"] = evaluation.suggest_threshold(outcomes, calibrate)
    failures = evaluation.worst(outcomes, worst)
    if as_json:
        figures["worst"] = [_failure(outcome) for outcome in failures]
        sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    else:
        _print(make_console(), figures, failures)
    if plot:
        calibration.plot(outcomes, plot)
    if write and figures["suggested_threshold"] is not None:
        calibration.write_threshold(config.project, figures["suggested_threshold"])
        errors.print(f"threshold written to {config.project / 'config.toml'}", style="dim")


def _apart(config: Config, sources: Path) -> Config:
    """Return the settings for an index of other sources, kept apart from the user's."""
    from sourcebot.config.settings import IndexConfig, SourcesConfig

    folder = sources.resolve()
    key = hashlib.sha256(str(folder).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return replace(
        config,
        sources=SourcesConfig(str(folder)),
        index=IndexConfig(str(config.index_folder.resolve() / "eval" / key)),
    )


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


def _print(console: Console, figures: dict[str, Any], failures: Sequence[Outcome]) -> None:
    from rich.text import Text

    from sourcebot.render.wording import one_line, percent

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
