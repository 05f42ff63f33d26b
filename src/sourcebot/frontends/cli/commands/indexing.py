"""``sourcebot index``, ``sourcebot sources`` and ``sourcebot doctor``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sourcebot.frontends.cli.commands.options import (
    PROJECT,
    Exit,
    project_config,
    shown_folder,
    tell_changes,
)

if TYPE_CHECKING:
    from pathlib import Path

    from sourcebot.config.settings import Config


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
    if print_sql:
        _print_sql(project_config(project or context.obj), shards)
        return
    from sourcebot.articles.files import require_sources
    from sourcebot.embedding.exported import open_embedder
    from sourcebot.frontends.cli.progress import notify_on, progress_on
    from sourcebot.frontends.cli.terminal import make_console, print_summary
    from sourcebot.index.contract import build_index

    config = project_config(project or context.obj)
    require_sources(config.sources_folder)
    errors = make_console(stderr=True)
    with progress_on(errors) as progress:
        embedder = open_embedder(config, notify_on(errors), check=True, fresh=rebuild)
        summary = build_index(config, embedder, rebuild=rebuild, progress=progress)
    print_summary(make_console(), summary)


def _print_sql(config: Config, shards: tuple[str, ...]) -> None:
    """Print the SQL that sets servers up, with the server of each part above it."""
    from sourcebot.embedding.exported import open_embedder
    from sourcebot.frontends.cli.progress import notify_on
    from sourcebot.frontends.cli.terminal import make_console
    from sourcebot.index.postgres.ddl import Names, scripts

    dimension = open_embedder(config, notify_on(make_console(stderr=True))).dimension
    for script in scripts(Names(config.index.schema), dimension, shards):
        click.echo(f"-- On {script.server}\n{script.sql}")


@click.command()
@click.option(
    "--duplicates", is_flag=True, help="Only articles that carry largely the same text, in groups."
)
@PROJECT
@click.pass_context
def sources(context: click.Context, /, duplicates: bool, project: Path | None) -> None:
    """List the articles that are indexed."""
    from sourcebot.articles.files import list_sources
    from sourcebot.frontends.cli.terminal import make_console, print_sources, print_stories
    from sourcebot.index.changes import sources_changed
    from sourcebot.index.contract import reading

    config = project_config(project or context.obj)
    with reading(config) as snapshot:
        store = snapshot.store
        if duplicates:
            print_stories(make_console(), store.stories(), shown_folder(config))
        else:
            print_sources(make_console(), store.articles())
        if config.sources_elsewhere:
            return
        changed = sources_changed(list_sources(config.sources_folder), store.files())
    tell_changes(make_console(stderr=True), changed)


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
    from sourcebot.checks.doctor import diagnose, repair
    from sourcebot.frontends.cli.progress import notify_on, progress_on
    from sourcebot.frontends.cli.terminal import make_console, print_findings, print_summary

    if mend:
        config = project_config(project or context.obj)
        errors = make_console(stderr=True)
        with progress_on(errors) as progress:
            summary = repair(config, notify_on(errors), progress)
        print_summary(make_console(), summary)
    findings = diagnose(project or context.obj)
    print_findings(make_console(), findings)
    if any(not finding.ok for finding in findings):
        context.exit(Exit.ERROR)
