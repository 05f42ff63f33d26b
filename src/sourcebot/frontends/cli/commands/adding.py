"""``sourcebot add`` and ``sourcebot remove``."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from sourcebot.frontends.cli.commands.options import PROJECT, Exit, project_config, shown_folder

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from sourcebot.config.settings import Config

DRY_RUN = click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing.")
NO_INDEX = click.option("--no-index", is_flag=True, help="Leave the index as it is.")


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="PATH|FOLDER|URL|FEED...")
@DRY_RUN
@click.option("--overwrite", is_flag=True, help="Replace articles that were edited by hand, too.")
@NO_INDEX
@PROJECT
@click.pass_context
def add(
    context: click.Context,
    /,
    targets: tuple[str, ...],
    dry_run: bool,
    overwrite: bool,
    no_index: bool,
    project: Path | None,
) -> None:
    """Make articles of files, folders, web pages and feeds, and index them.

    HTML, PDF, DOCX, EPUB, Markdown and text are read. Adding the same again changes nothing; a
    page that has changed becomes a new version of its article. Exit status: 0 all is in, 1
    something could not be added.
    """
    from sourcebot.adding.add import AddOptions, add
    from sourcebot.adding.model import Status
    from sourcebot.adding.turns import taking_turns
    from sourcebot.errors import SourcebotError
    from sourcebot.fetching.fetch import Fetcher
    from sourcebot.frontends.cli.outcomes import print_outcomes
    from sourcebot.frontends.cli.progress import progress_on
    from sourcebot.frontends.cli.terminal import make_console

    config = project_config(project or context.obj)
    errors = make_console(stderr=True)
    try:
        if not dry_run:
            config.sources_folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourcebotError(
            f"{config.sources_folder} cannot be made: {error.strerror or error}",
            "make the project folder writable, or name another with --project",
        ) from error
    turn = nullcontext() if dry_run else taking_turns(config)
    with turn, progress_on(errors) as progress:
        outcomes = list(
            add(
                config,
                targets,
                AddOptions(dry_run=dry_run, overwrite=overwrite),
                open_fetcher=lambda: Fetcher(config.fetch),
                progress=progress,
            )
        )
    print_outcomes(make_console(), outcomes, shown_folder(config), dry_run=dry_run)
    changed = any(o.status in {Status.ADDED, Status.UPDATED} for o in outcomes)
    if not dry_run:
        _bring_up_to_date(config, errors, changed=changed, wanted=not no_index)
    if any(outcome.status in {Status.FAILED, Status.KEPT} for outcome in outcomes):
        context.exit(Exit.ERROR)


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
    from sourcebot.adding.model import Status
    from sourcebot.adding.remove import remove
    from sourcebot.adding.turns import taking_turns
    from sourcebot.frontends.cli.outcomes import print_outcomes
    from sourcebot.frontends.cli.terminal import make_console

    config = project_config(project or context.obj)
    with nullcontext() if dry_run else taking_turns(config):
        outcomes = remove(config, targets, purge=purge, dry_run=dry_run)
    print_outcomes(make_console(), outcomes, shown_folder(config), dry_run=dry_run)
    changed = any(outcome.status is Status.REMOVED for outcome in outcomes)
    if not dry_run:
        _bring_up_to_date(config, make_console(stderr=True), changed=changed, wanted=not no_index)
    if any(outcome.status is Status.FAILED for outcome in outcomes):
        context.exit(Exit.ERROR)


def _bring_up_to_date(config: Config, errors: Console, *, changed: bool, wanted: bool) -> None:
    """Index what has changed, or say how to."""
    from sourcebot.embedding.exported import open_embedder
    from sourcebot.errors import IndexLocked
    from sourcebot.frontends.cli.progress import notify_on, progress_on
    from sourcebot.frontends.cli.terminal import make_console, print_summary
    from sourcebot.index.contract import build_index

    if not changed and not _is_behind(config):
        return
    notify = notify_on(errors)
    if not wanted:
        notify("The index is as it was; `sourcebot index` brings it up to date.")
        return
    try:
        with progress_on(errors) as progress:
            embedder = open_embedder(config, notify, check=True)
            summary = build_index(config, embedder, progress=progress)
    except IndexLocked:
        notify("Another process is indexing; `sourcebot index` takes in what it has missed.")
        return
    print_summary(make_console(), summary)


def _is_behind(config: Config) -> bool:
    """Return whether there is an index that lacks changes, such as those of a run cut short."""
    from sourcebot.articles.files import list_sources
    from sourcebot.errors import IndexStoreError
    from sourcebot.index.changes import sources_changed
    from sourcebot.index.contract import reading

    try:
        with reading(config) as snapshot:
            known = snapshot.store.files()
    except IndexStoreError:  # the next question or `sourcebot index` deals with that
        return False
    return sources_changed(list_sources(config.sources_folder), known) > 0
