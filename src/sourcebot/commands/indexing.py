"""``sourcebot index``, ``sourcebot sources`` and ``sourcebot doctor``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sourcebot.commands.options import PROJECT, Exit, project_config, shown_folder, tell_changes

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.option(
    "--rebuild", is_flag=True, help="Start from nothing: export the model and embed all again."
)
@PROJECT
@click.pass_context
def index(context: click.Context, /, rebuild: bool, project: Path | None) -> None:
    """Build the index, or bring it up to date with the sources."""
    from sourcebot.articles import require_sources
    from sourcebot.engine import build_index
    from sourcebot.model_store import open_embedder
    from sourcebot.progress import notify_on, progress_on
    from sourcebot.render.terminal import make_console, print_summary

    config = project_config(project or context.obj)
    require_sources(config.sources_folder)
    errors = make_console(stderr=True)
    with progress_on(errors) as progress:
        embedder = open_embedder(config, notify_on(errors), check=True, fresh=rebuild)
        summary = build_index(config, embedder, rebuild=rebuild, progress=progress)
    print_summary(make_console(), summary)


@click.command()
@click.option(
    "--duplicates", is_flag=True, help="Only articles that carry largely the same text, in groups."
)
@PROJECT
@click.pass_context
def sources(context: click.Context, /, duplicates: bool, project: Path | None) -> None:
    """List the articles that are indexed."""
    from sourcebot.articles import list_sources
    from sourcebot.changes import sources_changed
    from sourcebot.engine import reading
    from sourcebot.render.terminal import make_console, print_sources, print_stories

    config = project_config(project or context.obj)
    with reading(config) as snapshot:
        store = snapshot.store
        if duplicates:
            print_stories(make_console(), store.stories(), shown_folder(config))
        else:
            print_sources(make_console(), store.articles())
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
    from sourcebot.doctor import diagnose, repair
    from sourcebot.progress import notify_on, progress_on
    from sourcebot.render.terminal import make_console, print_findings, print_summary

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
