"""``sourcebot watch``."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import click

from sourcebot.frontends.cli.commands.options import PROJECT

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@PROJECT
@click.pass_context
def watch(context: click.Context, /, project: Path | None) -> None:
    """Index now, and again whenever the sources folder has changed, until stopped.

    Prints one line for each pass. `chat` and the Discord bot take up each new index by
    themselves. Ctrl-C or SIGTERM stops it at any time; the last whole index goes on answering.
    """
    import datetime as dt

    from sourcebot.project import open_project
    from sourcebot.text.display import one_line

    def tell(message: str) -> None:
        now = dt.datetime.now().astimezone()
        click.echo(f"{now:%Y-%m-%d %H:%M:%S} {one_line(message)}")

    opened = open_project(project or context.obj, notify=tell)
    # A build may be cut off at any instant without harm, so both signals simply end it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        opened.watch(tell)
    except KeyboardInterrupt:
        tell("stopped")
