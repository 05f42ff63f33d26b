"""``sourcebot index``, ``sourcebot sources`` and ``sourcebot doctor``."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from sourcebot.config.engines import ENGINES
from sourcebot.frontends.cli.commands.options import (
    PROJECT,
    Exit,
    shown_folder,
    tell_changes,
)
from sourcebot.types.reports import Part

if TYPE_CHECKING:
    from pathlib import Path


class _PartType(click.ParamType[Part]):
    """A part of several, such as 1/4."""

    name = "N/M"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Part:
        """Return the part that ``value`` names."""
        number, _, of = value.partition("/")
        if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
            self.fail(f"{value!r} is no part; write 1/4 for the first of four", param, ctx)
        return Part(int(number), int(of))


def _use_engine(name: str | None) -> None:
    """Let an engine hold for this process, over what the configuration says."""
    if name:
        os.environ["SOURCEBOT_INDEX_ENGINE"] = name


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
@click.option(
    "--yes", is_flag=True, help="Index even when most articles have left the sources folder."
)
@click.option(
    "--engine",
    type=click.Choice(list(ENGINES)),
    callback=lambda _context, _option, name: _use_engine(name),
    expose_value=False,
    help="Index with this engine now, whatever [index] engine says; vectors are taken over.",
)
@click.option(
    "--part",
    type=_PartType(),
    help="Only embed a part of what is new, such as 1/4: four machines then share the work.",
)
@PROJECT
@click.pass_context
def index(
    context: click.Context,
    /,
    rebuild: bool,
    print_sql: bool,
    shards: tuple[str, ...],
    yes: bool,
    part: Part | None,
    project: Path | None,
) -> None:
    """Build the index, or bring it up to date with the sources.

    A sources folder that is empty or has lost most of its articles is not indexed unless you say
    so. Exit status: 0 all is in, 1 a file could not be read or used, or nothing was indexed.
    """
    if shards and not print_sql:
        raise click.UsageError("--shard goes with --print-sql")
    from sourcebot.errors import SourcesLost
    from sourcebot.frontends.cli.commands.following import print_notices
    from sourcebot.frontends.cli.progress import notify_on, progress_on
    from sourcebot.frontends.cli.terminal import make_console, print_part, print_summary
    from sourcebot.project import open_project
    from sourcebot.text.display import one_line

    errors = make_console(stderr=True)
    if part and rebuild:
        raise click.UsageError("--part does not go with --rebuild")
    with open_project(project or context.obj, notify=notify_on(errors)) as opened:
        if part:
            with progress_on(errors) as progress:
                done = opened.embed_part(part, progress=progress)
            print_part(make_console(), done)
            return
        if print_sql:
            for script in opened.setup_sql(shards):
                click.echo(f"-- On {script.server}\n{script.sql}")
            return
        try:
            with progress_on(errors) as progress:
                expected = None if yes else ()
                summary = opened.index(rebuild=rebuild, progress=progress, expected=expected)
        except SourcesLost as error:
            if not (error.lost and sys.stdin.isatty()):
                raise
            click.echo(one_line(error.message), err=True)
            click.confirm("Let them leave the index?", abort=True, err=True)
            with progress_on(errors) as progress:
                summary = opened.index(rebuild=rebuild, progress=progress, expected=None)
    print_summary(make_console(), summary)
    print_notices(make_console(), opened)
    if summary.missed:
        context.exit(Exit.ERROR)


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
        tell_changes(errors, opened.advice())


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
