"""Runs ``sourcebot`` with a connector to the stand-in: ``PORT AUTHORITY ARGUMENT…``.

In the variable STANDIN_SPEED stands how many times faster than usual the bot's pauses are.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from discord_standin.tls import make_connector
from sourcebot.frontends.cli.main import main
from sourcebot.frontends.discord import recovery, run, staying


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


def hurry(speed: float) -> None:
    """Shorten the bot's own pauses; those of the library stay."""
    staying.FIRST_PAUSE /= speed
    staying.LONGEST_PAUSE /= speed
    recovery.RETRY_AFTER /= speed


if __name__ == "__main__":
    _, number, certificate, *rest = sys.argv
    sys.argv = ["sourcebot", *rest]
    hurry(float(os.environ.get("STANDIN_SPEED", "1")))
    launch(int(number), Path(certificate))
