"""Running the application: uvicorn, with deadlines for those who send slowly."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from sourcebot.errors import WebError
from sourcebot.frontends.web.app import make_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette

    from sourcebot.config.web import WebConfig
    from sourcebot.project import Project

HEADER_SECONDS = 10.0
"""Most seconds from the beginning of a connection or request to the end of its headers."""

CONNECTIONS = 512
"""Most connections at once; whoever comes then is told that the server is busy."""

_HEADER_BYTES = 32 * 1024
_LEAVING_SECONDS = 20


class PatientProtocol(H11Protocol):
    """HTTP/1.1 that closes connections whose next request does not arrive in time."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the headers."""
        super().connection_made(transport)
        self._await_headers()

    def data_received(self, data: bytes) -> None:
        """Take bytes, and wait on while they are no whole headers."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()
        elif self._deadline is None:
            self._await_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _await_headers(self) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(HEADER_SECONDS, self._too_slow)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        if not self.transport.is_closing() and (self.cycle is None or self.cycle.response_complete):
            self.transport.close()


def listening(config: WebConfig) -> socket.socket:
    """Return a socket that listens at the configured address.

    Raises:
        WebError: when the port cannot be had.
    """
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    opened = socket.socket(family)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((config.host.strip("[]"), config.port))
        opened.listen(1024)
    except OSError as error:
        opened.close()
        raise WebError(
            f"the page cannot listen on {config.host}:{config.port}: {error.strerror or error}",
            "end what listens there, or name another port with --port or in [web]",
        ) from error
    return opened


def serve(project: Project, ready: Callable[[str], None], tools: Starlette | None = None) -> None:
    """Serve a project until it is told to stop; ``ready`` is told the address.

    ``tools`` serves ``/mcp``.

    Raises:
        ConfigError: when others than this machine could come without a token.
        WebError: when the port or the file of the answers cannot be had.
    """
    config = project.config.web
    app = make_app(project, tools)
    with contextlib.closing(listening(config)) as opened:
        port = opened.getsockname()[1]
        host = f"[{config.host}]" if ":" in config.host else config.host
        ready(f"http://{host}:{port}")
        options: dict[str, Any] = {
            "http": PatientProtocol,
            "ws": "none",
            "loop": "asyncio",
            "lifespan": "on",
            "log_config": None,
            "access_log": False,
            "server_header": False,
            "date_header": True,
            "h11_max_incomplete_event_size": _HEADER_BYTES,
            "limit_concurrency": CONNECTIONS,
            "timeout_keep_alive": 15,
            "timeout_graceful_shutdown": _LEAVING_SECONDS,
            # Nobody is believed to be a proxy who is not named.
            "proxy_headers": bool(config.proxies),
            "forwarded_allow_ips": list(config.proxies),
        }
        server = uvicorn.Server(uvicorn.Config(app, **options))
        asyncio.run(server.serve([opened]))
