"""``sourcebot watch``."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import click

from sourcebot.frontends.cli.commands.options import PROJECT, project_config

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

    from sourcebot.articles.files import require_sources
    from sourcebot.index.watch import watch as follow
    from sourcebot.render.wording import one_line

    def tell(message: str) -> None:
        now = dt.datetime.now().astimezone()
        click.echo(f"{now:%Y-%m-%d %H:%M:%S} {one_line(message)}")

    config = project_config(project or context.obj)
    require_sources(config.sources_folder)
    # A build may be cut off at any instant without harm, so both signals simply end it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        follow(config, tell)
    except KeyboardInterrupt:
        tell("stopped")
