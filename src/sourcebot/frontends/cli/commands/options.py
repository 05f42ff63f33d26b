"""What several commands share: options, exit statuses, and how a project is named."""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sourcebot.frontends.cli.styles import NOTICE

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from sourcebot.config.settings import Config
    from sourcebot.types import Filters


class Exit(IntEnum):
    """The exit statuses; 78 is EX_CONFIG of sysexits.h: starting again does not help."""

    ANSWERED = 0
    ERROR = 1
    USAGE = 2
    NOT_COVERED = 3
    CHANGED = 4
    REFUSED = 78
    STOPPED = 130


PROJECT = click.option(
    "--project",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder with sources/, embeddings/ and config.toml. "
    "[default: $SOURCEBOT_PROJECT, else the current folder]",
)
EXPLAIN = click.option(
    "--explain", is_flag=True, help="Show each quote's offsets, ranks and scores."
)
PLAIN = click.option(
    "--plain", is_flag=True, help="Plain lines without colours or layout, for screen readers."
)
FILTERS = (
    click.option("--source", default="", metavar="TEXT", help="Only files or titles like this."),
    click.option("--publisher", default="", metavar="TEXT", help="Only this publisher."),
    click.option("--since", default="", metavar="DATE", help="Only published then or later."),
    click.option("--until", default="", metavar="DATE", help="Only published then or before."),
    click.option(
        "--as-of", default="", metavar="DATE", help="Answer with what was known and valid then."
    ),
)


def filtered(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of ``FILTERS``."""
    for option in reversed(FILTERS):
        command = option(command)
    return command


def make_filters(source: str, publisher: str, since: str, until: str, as_of: str = "") -> Filters:
    """Return the filters that the options name.

    Raises:
        QuestionError: when a date is none.
    """
    from sourcebot.text.dates import required_bound
    from sourcebot.types import Filters

    return Filters(
        source,
        publisher,
        required_bound("since", since),
        required_bound("until", until),
        as_of=required_bound("as-of", as_of),
    )


def shown_folder(config: Config) -> Path:
    """Return the sources folder as people would name it from here."""
    folder = config.sources_folder
    return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder


def tell_changes(console: Console, advice: tuple[str, str]) -> None:
    """Say in what the sources are not as they were indexed, and what to do, if there is that."""
    from rich.text import Text

    what, hint = advice
    if what:
        console.print(Text(f"{what}: {hint}.", style=NOTICE))
