"""Runs ``sourcebot`` with a connector to the stand-in: ``PORT AUTHORITY ARGUMENT…``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from discord_standin.tls import make_connector
from sourcebot.frontends.cli.main import main
from sourcebot.frontends.discord import run


def launch(port: int, authority: Path) -> None:
    """Supply the connector, and nothing else, to the commands that connect."""
    run_bot, sync_commands = run.run_bot, run.sync_commands

    async def connected(*arguments: Any) -> None:
        connector = make_connector(port, authority)
        await run_bot(*arguments, connector=connector, guild_ready_timeout=0.05)

    async def synced(*arguments: Any) -> list[str]:
        return await sync_commands(*arguments, connector=make_connector(port, authority))

    run.run_bot, run.sync_commands = connected, synced  # type: ignore[assignment]
    main()


if __name__ == "__main__":
    _, number, certificate, *rest = sys.argv
    sys.argv = ["sourcebot", *rest]
    launch(int(number), Path(certificate))
