"""What goes wrong on the way: injected failures and rate limits, as HTTP middleware."""

from __future__ import annotations

import asyncio
import json
import math
import re
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from discord_standin.errors import NOT_FOUND, UNAUTHORIZED, ApiError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Handler = Callable[[web.Request], Awaitable[Any]]

NO_TOKEN = re.compile(r"/api/v10/(interactions|webhooks)/")
SECRET = re.compile(r"(interactions/\d+|webhooks/\d+)/[\w-]+")


@dataclass(frozen=True)
class Call:
    """A request that the bot made, and what it got."""

    method: str
    path: str
    status: int
    code: int
    at: float

    def __str__(self) -> str:
        """Return one line for a journal."""
        path = SECRET.sub(r"\1/…", self.path)
        return f"{self.method} {path} {self.status} {self.code or ''}".rstrip()


@dataclass
class Fault:
    """The next ``times`` requests that match get ``status`` or wait ``delay`` seconds.

    ``late`` delays the response instead: what was asked for is done at once. ``lost`` is the status
    of a response in the place of the one about what was done. ``before_discord`` answers as the
    network in front of Discord does, with a page instead of JSON.
    """

    pattern: re.Pattern[str]
    times: int
    status: int = 0
    delay: float = 0.0
    late: float = 0.0
    lost: int = 0
    retry_after: float = 0.0
    everywhere: bool = False
    before_discord: bool = False
    error: ApiError | None = None


class Intercepted(Exception):
    """A request that the network in front of Discord refuses with a status, ``args[0]``."""


class Front:
    """Stands before the routes: authority, limits, faults, journal, and errors as JSON."""

    def __init__(self, token: str, violation: Callable[[str], None]) -> None:
        """Take the token accepted, and whom to tell what no bot should do."""
        self.token, self.violation = token, violation
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.dark = False
        self.limit, self.window = 50, 1.0
        self._used: dict[str, deque[float]] = defaultdict(deque)

    async def handle(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer one request; in the dark none, as if there were no way to Discord."""
        if self.dark:
            if request.transport:
                request.transport.abort()
            raise web.HTTPServiceUnavailable
        if request.headers.get("Upgrade", "").lower() == "websocket":
            answer: web.StreamResponse = await handler(request)
            return answer
        headers: dict[str, str] = {}
        late, lost = 0.0, 0
        try:
            late, lost = await self._fail(request, headers)
            self._authorize(request)
            self._count(request, headers)
            body, status = await handler(request), 200
            if lost:
                raise ApiError(lost, 0, f"{lost}: the response was lost on purpose")
        except Intercepted as refused:
            status = refused.args[0]
            path = request.path.removeprefix("/api/v10")
            self.calls.append(Call(request.method, path, status, 0, time.monotonic()))
            return web.Response(
                status=status, text="<html>blocked</html>", content_type="text/html"
            )
        except web.HTTPException as error:
            self.violation(f"no route: {request.method} {request.path}")
            body, status = ApiError(*NOT_FOUND).body, error.status
        except ApiError as error:
            body, status = error.body, error.status
            if error.code == 50035:
                self.violation(f"refused: {request.method} {request.path}: {json.dumps(body)}")
            if status == 429:
                after = math.ceil(body["retry_after"])
                headers |= {"Via": "1.1 google", "Retry-After": str(after)}
        await asyncio.sleep(late)
        if body is None:
            status = 204
        code = body.get("code", 0) if isinstance(body, dict) and status >= 400 else 0
        path = request.path.removeprefix("/api/v10")
        self.calls.append(Call(request.method, path, status, code, time.monotonic()))
        if status == 204:
            return web.Response(status=204, headers=headers)
        headers["Content-Type"] = "application/json"
        return web.Response(status=status, body=json.dumps(body).encode(), headers=headers)

    async def _fail(self, request: web.Request, headers: dict[str, str]) -> tuple[float, int]:
        """Do what was wished for this request, if anything.

        Returns how late to respond, and the status that takes the response's place.

        Raises:
            ApiError: the failure wished for.
        """
        line = f"{request.method} {request.path.removeprefix('/api/v10')}"
        for fault in self.faults:
            if not fault.times or not fault.pattern.search(line):
                continue
            fault.times -= 1
            await asyncio.sleep(fault.delay)
            if fault.error:
                raise fault.error
            if fault.before_discord:
                raise Intercepted(fault.status)
            if fault.status == 429:
                raise self._too_many(fault.retry_after, headers, everywhere=fault.everywhere)
            if fault.status:
                raise ApiError(fault.status, 0, f"{fault.status}: failed on purpose")
            return fault.late, fault.lost
        return 0.0, 0

    def _authorize(self, request: web.Request) -> None:
        if NO_TOKEN.match(request.path):
            return
        if request.headers.get("Authorization") != f"Bot {self.token}":
            raise ApiError(*UNAUTHORIZED)
        if not request.headers.get("User-Agent", "").startswith("DiscordBot ("):
            self.violation(f"user agent: {request.headers.get('User-Agent')}")

    def _count(self, request: web.Request, headers: dict[str, str]) -> None:
        """Count a request against its bucket: one for each route and major parameter."""
        resource = request.match_info.route.resource
        route = f"{request.method} {resource.canonical if resource else ''}"
        major = [request.match_info.get(k, "") for k in ("channel", "guild", "token")]
        now, used = time.monotonic(), self._used["+".join((route, *major))]
        while used and now - used[0] > self.window:
            used.popleft()
        reset = self.window - (now - used[0]) if used else self.window
        headers["X-RateLimit-Limit"] = str(self.limit)
        headers["X-RateLimit-Remaining"] = str(max(0, self.limit - len(used) - 1))
        headers["X-RateLimit-Reset"] = f"{time.time() + reset:.3f}"
        headers["X-RateLimit-Reset-After"] = f"{reset:.3f}"
        headers["X-RateLimit-Bucket"] = f"{hash(route) & 0xFFFFFFFF:08x}"
        if len(used) >= self.limit:
            self.violation(f"over the rate limit that the headers told: {route}")
            raise self._too_many(reset, headers, everywhere=False)
        used.append(now)

    def _too_many(self, after: float, headers: dict[str, str], *, everywhere: bool) -> ApiError:
        headers["X-RateLimit-Scope"] = "global" if everywhere else "user"
        message = "You are being rate limited."
        more: dict[str, object] = {"retry_after": after, "global": everywhere}
        return ApiError(429, 0, message, **more)
