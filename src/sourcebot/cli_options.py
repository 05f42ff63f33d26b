"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT = click.option(
    "--project",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder with sources/, embeddings/ and config.toml. "
    "[default: $SOURCEBOTPROJECT, else the current folder]",
)
EXPLAIN = click.option(
    "--explain", is_flag=True, help="Show each quote's offsets, ranks and scores."
)
FILTERS = (
    click.option("--source", default="", metavar="TEXT", help="Only files or titles like this."),
    click.option("--publisher", default="", metavar="TEXT", help="Only this publisher."),
    click.option("--since", default="", metavar="DATE", help="Only published then or later."),
    click.option("--until", default="", metavar="DATE", help="Only published then or before."),
)


def filtered(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of ``FILTERS``."""
    for option in reversed(FILTERS):
        command = option(command)
    return command
