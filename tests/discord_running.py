"""The bot as tests run it: the whole of it, on a thread or as a process of its own."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from discord_standin import TOKEN, make_connector, screen

from sourcebot.config.settings import DiscordConfig
from sourcebot.frontends.cli.logs import Structured
from sourcebot.frontends.discord.run import run_bot
from sourcebot.frontends.discord.store import BotStore
from sourcebot.project import Project

if TYPE_CHECKING:
    from discord_standin import StandIn
    from discord_standin.driver import Pending

    from sourcebot.answering.service import Service

LOG = logging.getLogger("sourcebot")
SETTINGS = DiscordConfig(cooldown_seconds=0)


def opened(service: Service, workers: int = 2, queue: int = 100) -> Project:
    """Return a project whose questions a service answers that is open already."""
    project = Project(service._config, service=service)
    project.limit(workers, queue)
    return project


class Heard(logging.Handler):
    """Keeps what the bot logs, formatted as a user sees it."""

    def __init__(self) -> None:
        """Hear everything from INFO on."""
        super().__init__(logging.INFO)
        self.setFormatter(Structured(as_json=False))
        self.lines: list[str] = []
        LOG.setLevel(logging.INFO)
        LOG.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(self.format(record))

    def stop(self) -> None:
        """Hear no more."""
        LOG.removeHandler(self)
        LOG.setLevel(logging.NOTSET)


class RunningBot:
    """The bot on a thread, with its store at hand."""

    def __init__(self, standin: StandIn, service: Service, database: Path, **settings: Any) -> None:
        """Start it and wait until it is online; ``settings`` are those of [discord]."""
        self.standin, self.service = standin, service
        self.config = replace(SETTINGS, **settings)
        self.store = BotStore(database, keep_questions=self.config.log_questions)
        self.error: BaseException | None = None
        self.log = Heard()
        self._thread = threading.Thread(target=self._run, name="bot")
        self._started = threading.Event()
        self._thread.start()

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            try:
                runner.run(self._whole())
            except (Exception, asyncio.CancelledError) as error:
                self.error = error

    async def _whole(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._bot())
        self._started.set()
        try:
            await self._task
        finally:
            await asyncio.sleep(0.05)  # TLS connections take a moment to close

    async def _bot(self) -> None:
        server = self.standin.server
        await run_bot(
            opened(self.service, self.config.workers, self.config.queue),
            self.store,
            self.config,
            TOKEN,
            connector=make_connector(server.port, server.authority),
            guild_ready_timeout=0.05,
            heartbeat_timeout=server.gateway.interval * 3,
        )

    def online(self) -> RunningBot:
        """Wait until it is online and knows it."""
        self.standin.wait_online(max(1, self.config.shards))
        self.standin.wait(lambda: self.logged(" ready"), "the bot to be ready")
        return self

    def logged(self, text: str) -> list[str]:
        """Return the lines logged so far that hold a text."""
        return [line for line in self.log.lines if text in line]

    def join(self) -> None:
        """Wait for its end."""
        self._thread.join(60)
        assert not self._thread.is_alive()

    def stop(self) -> None:
        """Stop it, as the end of its process would."""
        self._started.wait(5)
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._task.cancel)
        self.join()
        self.store.close()
        self.log.stop()


class BotProcess:
    """``sourcebot discord`` as a process; only its connector is the tests'."""

    def __init__(
        self, standin: StandIn, project: Path, log: Path, *arguments: str, token: str = TOKEN
    ) -> None:
        """Start it in a project; ``log`` takes its error stream."""
        server, self.log = standin.server, log
        tests = str(Path(__file__).parent)
        environment = {**os.environ, "SOURCEBOT_DISCORD_TOKEN": token}
        environment["PYTHONPATH"] = os.pathsep.join([tests, os.environ.get("PYTHONPATH", "")])
        with log.open("wb") as stream:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "discord_standin.launch",
                    str(server.port),
                    str(server.authority),
                    "discord",
                    *arguments,
                ],
                cwd=project,
                stdout=stream,
                stderr=stream,
                env=environment,
            )

    def logged(self) -> str:
        """Return what it has logged so far."""
        return self.log.read_text("utf-8")

    def end(self, number: int) -> int:
        """Send a signal and return the exit status."""
        self.process.send_signal(number)
        return self.process.wait(30)

    def kill(self) -> None:
        """End it in any case."""
        self.process.kill()
        self.process.wait(10)


def shown(pending: Pending) -> str:
    """Return what stands in the message that a command was answered by, "" before there is one."""
    original = pending.interaction.original
    return screen(original) if original else ""
