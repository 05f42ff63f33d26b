"""``sourcebot discord`` and ``sourcebot discord sync``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sourcebot.frontends.cli.commands.options import PROJECT, project_config

if TYPE_CHECKING:
    from pathlib import Path

    from sourcebot.answering.service import Service
    from sourcebot.config.settings import Config
    from sourcebot.frontends.discord.store import BotStore


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
    config = project_config(context.obj)
    service, store = _open(config)
    try:
        asyncio.run(run_bot(service, store, config.discord, token))
    finally:
        store.close()


@discord.command()
@PROJECT
@click.pass_context
def sync(context: click.Context, /, project: Path | None) -> None:
    """Register the bot's commands with Discord, now."""
    import asyncio

    from sourcebot.frontends.discord.run import required_token, sync_commands

    token = required_token()
    config = project_config(project or context.obj)
    service, store = _open(config)
    try:
        names = asyncio.run(sync_commands(service, store, config.discord, token))
    finally:
        store.close()
    click.echo(f"Registered: {', '.join(names)}")


def _open(config: Config) -> tuple[Service, BotStore]:
    """Return the service and the bot's store, with logging set up."""
    from sourcebot.answering.service import open_service
    from sourcebot.frontends.cli.logs import set_up
    from sourcebot.frontends.cli.progress import notify_on, progress_on
    from sourcebot.frontends.cli.terminal import make_console
    from sourcebot.frontends.discord.store import BotStore

    set_up(config.log)
    errors = make_console(stderr=True)
    with progress_on(errors) as progress:
        service = open_service(config, notify_on(errors), progress)
    path, keep = config.discord_database, config.discord.log_questions
    return service, BotStore(path, keep_questions=keep)
