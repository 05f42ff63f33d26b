"""``sourcebot discord`` and ``sourcebot discord sync``."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from sourcebot.frontends.cli.commands.options import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sourcebot.frontends.discord.store import BotStore
    from sourcebot.project import Project


@click.group(invoke_without_command=True)
@PROJECT
@click.pass_context
def discord(context: click.Context, /, project: Path | None) -> None:
    """Run the Discord bot (token in SOURCEBOT_DISCORD_TOKEN; see docs/discord.md)."""
    context.obj = project or context.obj
    if context.invoked_subcommand:
        return
    import asyncio

    from sourcebot.frontends.discord.run import required_token, run_bot

    token = required_token()
    with _open(context.obj) as (opened, store):
        asyncio.run(run_bot(opened, store, opened.config.discord, token))


@discord.command()
@PROJECT
@click.pass_context
def sync(context: click.Context, /, project: Path | None) -> None:
    """Register the bot's commands with Discord, now."""
    import asyncio

    from sourcebot.frontends.discord.run import required_token, sync_commands

    token = required_token()
    with _open(project or context.obj) as (opened, store):
        names = asyncio.run(sync_commands(opened, store, opened.config.discord, token))
    click.echo(f"Registered: {', '.join(names)}")


@contextmanager
def _open(folder: Path | None) -> Iterator[tuple[Project, BotStore]]:
    """Give the project and the bot's store, with logging set up."""
    from sourcebot.frontends.cli.logs import set_up
    from sourcebot.frontends.cli.progress import notify_on, progress_on
    from sourcebot.frontends.cli.terminal import make_console
    from sourcebot.frontends.discord.store import BotStore
    from sourcebot.project import open_project

    errors = make_console(stderr=True)
    with open_project(folder, notify=notify_on(errors)) as project:
        config = project.config
        set_up(config.log)
        project.limit(config.discord.workers, config.discord.queue)
        with progress_on(errors) as progress:
            project.prepare(progress)
        store = BotStore(config.discord_database, keep_questions=config.discord.log_questions)
        try:
            yield project, store
        finally:
            store.close()
