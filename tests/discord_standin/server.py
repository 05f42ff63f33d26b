"""The stand-in as a running server: a thread of its own, so that a blocked bot is seen."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from aiohttp import web

from discord_standin.faults import Front
from discord_standin.gateway import Gateway
from discord_standin.interactions import Interactions
from discord_standin.message_store import MessageStore
from discord_standin.rest import Rest
from discord_standin.tls import make_certificates
from discord_standin.world import Guild, Snowflakes, User

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

    Result = TypeVar("Result")

TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAw.standin.not-a-real-token-of-anybody"


class Server:
    """Discord, as far as this bot can see it."""

    def __init__(self, folder: Path, heartbeat: float = 5.0) -> None:
        """Start serving; ``folder`` takes the authority's certificate, times are in seconds."""
        self.violations: list[str] = []
        self.changed = threading.Condition()
        self.ids = Snowflakes()
        self.application = self.ids()
        self.me = User(self.ids(), "sourcebot", bot=True)
        self.users: dict[int, User] = {self.me.id: self.me}
        self.guilds: list[Guild] = []
        self.gateway = Gateway(TOKEN, heartbeat, self._ready, self._guild_payloads, self.notify)
        self.store = MessageStore(self.me, self.ids, self.gateway, self.violations.append)
        self.interactions = Interactions(self.store, self.application)
        self.rest = Rest(self.store, self.interactions, self.guilds, self.users)
        self.front = Front(TOKEN, self.violations.append)
        self._tls, self.authority = make_certificates(folder)
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="stand-in", daemon=True)
        self._thread.start()
        self._runner = self.run(self._start())

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do something on the server's loop and return what it returns."""
        future: Future[Result] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return future.result(20)

    def notify(self) -> None:
        """Wake whoever waits for a change."""
        with self.changed:
            self.changed.notify_all()

    def stop(self) -> None:
        """Stop serving and end the thread."""
        self.run(self.gateway.stop())
        self.run(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _ready(self) -> dict[str, Any]:
        application = {"id": str(self.application), "flags": 0}
        return {
            "v": 10,
            "user": self.me.payload() | {"verified": True, "mfa_enabled": True},
            "application": application,
            "private_channels": [],
            "_trace": [],
        }

    def _guild_payloads(self) -> list[dict[str, Any]]:
        return [guild.payload(self.me) for guild in self.guilds]

    async def _start(self) -> web.AppRunner:
        @web.middleware
        async def front(
            request: web.Request, handler: Callable[[web.Request], Any]
        ) -> web.StreamResponse:
            try:
                return await self.front.handle(request, handler)
            except web.HTTPServiceUnavailable:
                raise
            except Exception as error:
                self.violations.append(f"the stand-in failed: {error!r}")
                raise
            finally:
                self.notify()

        app = web.Application(middlewares=[front], client_max_size=30 * 2**20)
        app.router.add_routes(self.rest.routes())
        app.router.add_get("/", self.gateway.handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=self._tls, backlog=1024)
        await site.start()
        self.port = runner.addresses[0][1]
        return runner
