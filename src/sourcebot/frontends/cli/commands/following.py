"""``sourcebot follow``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sourcebot.frontends.cli.commands.options import PROJECT, filtered, make_filters, shown_folder
from sourcebot.frontends.cli.styles import NOTICE

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from sourcebot.project import Project


@click.command()
@click.argument("question", nargs=-1)
@click.option("--list", "listed", is_flag=True, help="Show the questions that are followed.")
@click.option("--mute", type=int, metavar="N", help="Keep the notices of question N back.")
@click.option("--unmute", type=int, metavar="N", help="Give the notices of question N again.")
@click.option("--end", type=int, metavar="N", help="Follow question N no longer.")
@filtered
@PROJECT
@click.pass_context
def follow(
    context: click.Context,
    /,
    question: tuple[str, ...],
    listed: bool,
    mute: int | None,
    unmute: int | None,
    end: int | None,
    project: Path | None,
    **filters: str,
) -> None:
    """Ask QUESTION again whenever the index changes, and tell the first sure answer.

    Told once each: that the articles answer now, that the answer has changed, and that they no
    longer answer. `sourcebot index`, `add` and `remove` print what is new at their end; without
    QUESTION, this does.
    """
    from sourcebot.frontends.cli.progress import notify_on
    from sourcebot.frontends.cli.terminal import make_console
    from sourcebot.project import open_project

    console = make_console()
    allowed = make_filters(**filters)
    errors = make_console(stderr=True)
    numbers = [number for number in (mute, unmute, end) if number is not None]
    if len(numbers) + bool(question) + listed > 1:
        raise click.UsageError("give one of: a question, --list, --mute, --unmute, --end")
    with open_project(project or context.obj, notify=notify_on(errors)) as opened:
        if mute is not None:
            opened.waiting.mute(mute)
        elif unmute is not None:
            opened.waiting.mute(unmute, muted=False)
        elif end is not None:
            opened.waiting.end(end)
        elif question:
            followed, reply = opened.follow(" ".join(question), allowed)
            from sourcebot.frontends.cli.terminal import print_reply

            print_reply(console, reply, shown_folder(opened.config))
            console.print(f"Followed as number {followed.number}.", style="bold")
        elif listed:
            _print_followed(console, opened)
        else:
            print_notices(console, opened)


def print_notices(console: Console, project: Project) -> None:
    """Show what is new about the followed questions, and forget it."""
    from sourcebot.frontends.cli.terminal import print_reply
    from sourcebot.render.waiting import notice_line

    for notice in project.waiting.take():
        console.print()
        console.print(notice_line(notice), style="bold")
        print_reply(console, notice.reply, shown_folder(project.config))


def _print_followed(console: Console, project: Project) -> None:
    from sourcebot.render.waiting import followed_line

    followed = project.waiting.list()
    for question in followed:
        console.print(followed_line(question))
    if not followed:
        console.print("No question is followed.", style=NOTICE)
