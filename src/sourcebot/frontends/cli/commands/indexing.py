"""``sourcebot index``, ``sourcebot sources`` and ``sourcebot doctor``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sourcebot.frontends.cli.commands.options import (
    PROJECT,
    Exit,
    shown_folder,
    tell_changes,
)

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.option(
    "--rebuild", is_flag=True, help="Start from nothing: export the model and embed all again."
)
@click.option(
    "--print-sql",
    is_flag=True,
    help="Only print what an administrator of PostgreSQL runs before the first indexing.",
)
@click.option(
    "--shard",
    "shards",
    metavar="HOST:PORT",
    multiple=True,
    help="With --print-sql: a server that takes a part of the index; give it once for each.",
)
@PROJECT
@click.pass_context
def index(
    context: click.Context,
    /,
    rebuild: bool,
    print_sql: bool,
    shards: tuple[str, ...],
    project: Path | None,
) -> None:
    """Build the index, or bring it up to date with the sources."""
    if shards and not print_sql:
        raise click.UsageError("--shard goes with --print-sql")
    from sourcebot.frontends.cli.progress import notify_on, progress_on
    from sourcebot.frontends.cli.terminal import make_console, print_summary
    from sourcebot.project import open_project

    errors = make_console(stderr=True)
    with open_project(project or context.obj, notify=notify_on(errors)) as opened:
        if print_sql:
            for script in opened.setup_sql(shards):
                click.echo(f"-- On {script.server}\n{script.sql}")
            return
        with progress_on(errors) as progress:
            summary = opened.index(rebuild=rebuild, progress=progress)
    print_summary(make_console(), summary)


@click.command()
@click.option(
    "--duplicates", is_flag=True, help="Only articles that carry largely the same text, in groups."
)
@PROJECT
@click.pass_context
def sources(context: click.Context, /, duplicates: bool, project: Path | None) -> None:
    """List the articles that are indexed."""
    from sourcebot.frontends.cli.progress import notify_on
    from sourcebot.frontends.cli.terminal import make_console, print_sources, print_stories
    from sourcebot.project import open_project

    errors = make_console(stderr=True)
    with open_project(project or context.obj, notify=notify_on(errors)) as opened:
        if duplicates:
            print_stories(make_console(), opened.stories(), shown_folder(opened.config))
        else:
            print_sources(make_console(), opened.articles())
        tell_changes(errors, opened.changed())


@click.command()
@click.option(
    "--repair",
    "mend",
    is_flag=True,
    help="First make anew what is damaged: from the sources and from what is whole.",
)
@PROJECT
@click.pass_context
def doctor(context: click.Context, /, mend: bool, project: Path | None) -> None:
    """Say what is wrong with the project, and what to do about it."""
    from sourcebot.errors import ConfigError
    from sourcebot.frontends.cli.progress import notify_on, progress_on
    from sourcebot.frontends.cli.terminal import make_console, print_findings, print_summary
    from sourcebot.project import open_project, unusable

    errors = make_console(stderr=True)
    folder = project or context.obj
    try:
        opened = open_project(folder, notify=notify_on(errors))
    except ConfigError as error:
        if mend:
            raise
        print_findings(make_console(), unusable(error))
        context.exit(Exit.ERROR)
    if mend:
        with progress_on(errors) as progress:
            summary = opened.repair(progress)
        print_summary(make_console(), summary)
    findings = opened.diagnose()
    print_findings(make_console(), findings)
    if any(not finding.ok for finding in findings):
        context.exit(Exit.ERROR)
