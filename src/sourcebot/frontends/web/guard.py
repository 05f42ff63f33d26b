"""What every request must pass before any page sees it, and the headers that every answer bears."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException

from sourcebot.frontends.web.access import is_address, is_loopback

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from sourcebot.config.web import WebConfig

MEGABYTE = 1024 * 1024
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_LOCAL = {"localhost", "127.0.0.1", "[::1]"}
_BODY = MEGABYTE
"""Most bytes of a request that brings no files."""

_SILENCE = 15.0
"""Most seconds between two parts of a request's body."""

_PATIENCE = 30.0
"""Most seconds for a whole body without files."""


class Guard:
    """Refuses requests for other hosts, from other pages, and with bodies too large or too slow."""

    def __init__(self, app: ASGIApp, config: WebConfig) -> None:
        """Take what to guard, and the settings that say by which names it is reached."""
        self._app = app
        named = f"[{config.host}]" if ":" in config.host else config.host
        self._hosts = _LOCAL | {_name(named)} | {_name(host) for host in config.hosts}
        self._by_address = not is_loopback(config.host)
        self._upload = config.upload_megabytes * MEGABYTE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1003})
            return

        async def bearing(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-cache")
            await send(message)

        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal:
            await _refuse(bearing, *refusal)
            return
        files = scope["path"] == "/add" and scope["method"] == "POST"
        await self._app(scope, self._bounded(receive, files=files), bearing)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        """Return the status and reason when a request is refused, else None."""
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._is_here(_name(hosts[0])):
            named = f"{hosts[0][:100]!r} is" if len(hosts) == 1 else "none or several names are"
            return 421, f"{named} not what the page is reached by; hosts in [web] says what is"
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            return 400, "the address holds a NUL character"
        if self._is_foreign(scope["method"], headers, hosts[0]):
            return 403, "the request comes from another page"
        if headers.get("content-encoding", "identity").lower() != "identity":
            return 415, "compressed requests are not read"
        length = headers.get("content-length", "0")
        most = self._upload + MEGABYTE if scope["path"] == "/add" else _BODY
        if not (length.isascii() and length.isdigit()) or int(length[:20]) > most:
            return 413, f"more than {most // MEGABYTE} MB"
        return None

    def _is_here(self, name: str) -> bool:
        """Return whether this is a name of this server.

        Where others may come, any address will do: a page that turns its own name to this machine
        (DNS rebinding) sends that name, and never an address.
        """
        return name in self._hosts or (self._by_address and is_address(name))

    def _is_foreign(self, method: str, headers: Headers, host: str) -> bool:
        """Return whether a page of another site makes the request."""
        origin = headers.get("origin")
        if origin is not None:
            return not self._is_own(origin, host)
        site = headers.get("sec-fetch-site", "none")
        return method not in {"GET", "HEAD", "OPTIONS"} and site not in {"same-origin", "none"}

    @staticmethod
    def _is_own(origin: str, host: str) -> bool:
        """Return whether a page of this very host made the request."""
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        return parts.scheme in {"http", "https"} and parts.netloc.lower() == host.lower()

    def _bounded(self, receive: Receive, *, files: bool) -> Receive:
        """Return what gives the body in parts, as long as it is small and quick enough."""
        most = self._upload + MEGABYTE if files else _BODY
        clock = asyncio.get_running_loop().time
        until = clock() + (most / MEGABYTE * 10 if files else 0) + _PATIENCE
        taken, whole = 0, False

        async def bounded() -> Message:
            nonlocal taken, whole
            if whole:
                return await receive()
            try:
                async with asyncio.timeout(max(0.0, min(_SILENCE, until - clock()))):
                    message = await receive()
            except TimeoutError:
                whole = True
                raise HTTPException(408, "the request came too slowly") from None
            taken += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if taken > most:
                whole = True
                raise HTTPException(413, f"more than {most // MEGABYTE} MB")
            return message

        return bounded


def _name(host: str) -> str:
    """Return the name or address in a Host header, in small letters and without a port."""
    name, colon, port = host.lower().rpartition(":")
    if (
        colon
        and port.isascii()
        and port.isdigit()
        and (not name.startswith("[") or name.endswith("]"))
    ):
        return name
    return host.lower()


async def _refuse(send: Send, status: int, detail: str) -> None:
    body = json.dumps(
        {
            "type": "urn:sourcebot:problem:refused",
            "title": "Refused",
            "status": status,
            "detail": detail,
            "hint": None,
        }
    ).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
