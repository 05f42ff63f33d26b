"""``sourcebot timeline``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sourcebot.frontends.cli.commands.options import PROJECT, Exit, make_filters, shown_folder
from sourcebot.frontends.cli.exporting import BUNDLE, EXPORT, MARKDOWN

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("topic", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON (see docs/claims.md).")
@MARKDOWN
@EXPORT
@BUNDLE
@click.option("--source", default="", metavar="TEXT", help="Only files or titles like this.")
@click.option("--publisher", default="", metavar="TEXT", help="Only this publisher.")
@click.option("--since", default="", metavar="DATE", help="Only what happened then or later.")
@click.option("--until", default="", metavar="DATE", help="Only what happened then or before.")
@click.option("--as-of", default="", metavar="DATE", help="Only what had been published then.")
@PROJECT
@click.pass_context
def timeline(
    context: click.Context,
    /,
    topic: tuple[str, ...],
    as_json: bool,
    markdown: bool,
    export: Path | None,
    bundle: Path | None,
    project: Path | None,
    **filters: str,
) -> None:
    """List what the articles date of a TOPIC, a phrase or a question, in order.

    The date of an event is what the quote itself states, or the heading above it; the day of the
    report stands beside it. Quotes that state no date are listed apart.

    Exit status: 0 something is dated, 3 nothing is, 1 error, 2 usage.
    """
    from sourcebot.frontends.cli import timed
    from sourcebot.frontends.cli.exporting import Report, check_form, keep
    from sourcebot.frontends.cli.progress import notify_on, progress_on
    from sourcebot.frontends.cli.terminal import make_console
    from sourcebot.project import open_project
    from sourcebot.render.timelines import (
        quotes_of,
        timeline_to_json,
        timeline_to_markdown,
    )

    check_form(export, as_json=as_json, markdown=markdown)
    allowed = make_filters(**filters)
    errors = make_console(stderr=True)
    with open_project(project or context.obj, notify=notify_on(errors)) as opened:
        with progress_on(errors) as progress:
            opened.prepare(progress)
        found = opened.timeline(" ".join(topic), allowed)
        report = Report(
            quotes_of(found),
            lambda: timeline_to_json(found),
            lambda: timeline_to_markdown(found),
        )
        if not report.print_as(as_json=as_json, markdown=markdown):
            timed.print_timeline(make_console(), found, shown_folder(opened.config))
        keep(report, errors, export, bundle, lambda file: opened.bundle(found, file))
    context.exit(Exit.ANSWERED if found.entries else Exit.NOT_COVERED)
