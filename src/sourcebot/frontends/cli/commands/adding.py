"""``sourcebot add`` and ``sourcebot remove``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sourcebot.frontends.cli.commands.options import PROJECT, Exit, shown_folder
from sourcebot.frontends.cli.progress import progress_on

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from sourcebot.project import Project
    from sourcebot.types import Outcome
    from sourcebot.types.reports import Changes

_LANGUAGES = re.compile(r"[A-Za-z_]{3,16}(?:\+[A-Za-z_]{3,16})*")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing.")
NO_INDEX = click.option("--no-index", is_flag=True, help="Leave the index as it is.")


@click.command()
@click.argument("targets", nargs=-1, metavar="PATH|FOLDER|URL|FEED...")
@DRY_RUN
@click.option("--overwrite", is_flag=True, help="Replace articles that were edited by hand, too.")
@click.option(
    "--again",
    is_flag=True,
    help="Read anew the kept originals that an older sourcebot read otherwise.",
)
@click.option(
    "--ocr",
    is_flag=False,
    flag_value="eng",
    default="",
    metavar="[LANGUAGES]",
    help="Recognize the text of scanned pages with Tesseract; in English, or such as deu+eng.",
)
@NO_INDEX
@PROJECT
@click.pass_context
def add(
    context: click.Context,
    /,
    targets: tuple[str, ...],
    dry_run: bool,
    overwrite: bool,
    again: bool,
    ocr: str,
    no_index: bool,
    project: Path | None,
) -> None:
    """Make articles of files, folders, web pages and feeds, and index them.

    Pages, PDF files, office documents, books, mail, subtitles, tables, Markdown and text are read
    (docs/sources.md). Adding the same again changes nothing; a page that has changed becomes a new
    version of its article, and so does one that sourcebot reads better now. Exit status: 0 all is
    in, 1 something could not be added.
    """
    targets, ocr = without_target(targets, ocr)
    if not (targets or again):
        raise click.UsageError("Name what is to be added, or give --again.")
    opened, errors, told = _opened(project or context.obj, dry_run=dry_run)
    with progress_on(errors) as progress:
        changes = opened.add(
            *targets,
            overwrite=overwrite,
            again=again,
            ocr=ocr,
            dry_run=dry_run,
            index=not no_index,
            progress=progress,
            report=told,
        )
    _finish(context, opened, changes)


def without_target(targets: tuple[str, ...], ocr: str) -> tuple[tuple[str, ...], str]:
    """Return what is to be added, and the languages of --ocr, which may stand before a path."""
    named = _LANGUAGES.fullmatch(ocr)
    if ocr and (not named or (not targets and Path(ocr).exists())):
        return (ocr, *targets), "eng"
    return targets, ocr


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="ARTICLE|FOLDER|PATTERN|URL...")
@click.option("--purge", is_flag=True, help="Delete originals and earlier versions, too.")
@DRY_RUN
@NO_INDEX
@PROJECT
@click.pass_context
def remove(
    context: click.Context,
    /,
    targets: tuple[str, ...],
    purge: bool,
    dry_run: bool,
    no_index: bool,
    project: Path | None,
) -> None:
    """Take articles out of the sources folder and of the index.

    Their texts are kept in the folder of originals unless --purge is given.
    """
    opened, errors, told = _opened(project or context.obj, dry_run=dry_run)
    with progress_on(errors) as progress:
        changes = opened.remove(
            *targets,
            purge=purge,
            dry_run=dry_run,
            index=not no_index,
            progress=progress,
            report=told,
        )
    _finish(context, opened, changes)


def _opened(
    folder: Path | None, *, dry_run: bool
) -> tuple[Project, Console, Callable[[Sequence[Outcome]], None]]:
    """Return the project, the console of errors, and what prints the outcomes."""
    from sourcebot.frontends.cli.outcomes import print_outcomes
    from sourcebot.frontends.cli.progress import notify_on
    from sourcebot.frontends.cli.terminal import make_console
    from sourcebot.project import open_project

    errors = make_console(stderr=True)
    opened = open_project(folder, notify=notify_on(errors))
    sources = shown_folder(opened.config)

    def told(outcomes: Sequence[Outcome]) -> None:
        print_outcomes(make_console(), outcomes, sources, dry_run=dry_run)

    return opened, errors, told


def _finish(context: click.Context, opened: Project, changes: Changes) -> None:
    """Print what the indexer did and what is new about followed questions; leave with the status.

    That is the one which the outcomes call for.
    """
    from sourcebot.frontends.cli.commands.following import print_notices
    from sourcebot.frontends.cli.terminal import make_console, print_summary

    if changes.summary:
        print_summary(make_console(), changes.summary)
        print_notices(make_console(), opened)
    if not changes.whole:
        context.exit(Exit.ERROR)
