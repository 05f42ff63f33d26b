"""The health endpoint: what a supervisor or a container asks."""

from __future__ import annotations

import json
import math
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sourcebot.errors import DiscordError, SourcebotError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sourcebot.frontends.discord.client import BotClient


async def state(client: BotClient) -> dict[str, Any]:
    """Return what can be said of the bot now; ``ok`` when it can hear and answer."""
    bot = client.bot
    try:
        generation = (await bot.background.run(bot.project.info)).name
    except SourcebotError:
        generation = ""
    online = client.is_online
    latency = client.latency if online else math.nan
    return {
        "ok": online and bool(generation),
        "gateway": "up" if online else "down" if client.was_online else "starting",
        "since": round(time.time() - client.changed, 1),
        "latency": round(latency, 3) if math.isfinite(latency) else None,
        "servers": len(client.guilds),
        "index": generation or None,
        "questions_open": bot.background.open,
        "indexing": bot.background.building,
        "uptime": round(time.time() - bot.started, 1),
    }


@asynccontextmanager
async def serving(client: BotClient, host: str, port: int) -> AsyncIterator[None]:
    """Serve /health, /live and /metrics meanwhile; port 0 serves nothing.

    ``/health`` is 200 when the gateway is connected and the index can be used, else 503;
    ``/live`` is 200 as long as the event loop runs; ``/metrics`` has figures for Prometheus.

    Raises:
        DiscordError: when the port cannot be had.
    """
    if not port:
        yield
        return

    async def health(_: web.Request) -> web.Response:
        now = await state(client)
        return _json(now, 200 if now["ok"] else 503)

    figures = client.bot.project.metrics

    async def metrics(_: web.Request) -> web.Response:
        body = await client.bot.background.run(figures.text)
        return web.Response(body=body, headers={"Content-Type": figures.content_type})

    async def live(_: web.Request) -> web.Response:
        return _json({"ok": True}, 200)

    application = web.Application()
    application.router.add_get("/health", health)
    application.router.add_get("/live", live)
    application.router.add_get("/metrics", metrics)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise DiscordError(
                f"the health endpoint cannot listen on {host}:{port}: {error.strerror or error}",
                "set another health_port in [discord] of config.toml",
            ) from error
        yield
    finally:
        await runner.cleanup()


def _json(value: dict[str, Any], status: int) -> web.Response:
    return web.Response(text=json.dumps(value), status=status, content_type="application/json")
