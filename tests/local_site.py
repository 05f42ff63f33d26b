"""A real web server on this machine whose pages tests lay out, and look-ups of made-up names."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, cast

from aiohttp.abc import AbstractResolver

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator, Mapping

    from aiohttp.abc import ResolveResult

    Page = Callable[["Asked"], None]


@dataclass(frozen=True)
class Asked:
    """One request, and the means to answer it."""

    path: str
    headers: Mapping[str, str]
    handler: BaseHTTPRequestHandler

    def answer(self, status: int, headers: Mapping[str, str] = {}, body: bytes = b"") -> None:
        """Answer with exactly these headers (and a length, unless one is given)."""
        self.handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()
        self.handler.wfile.write(body)


def page(
    body: bytes, kind: str = "text/html; charset=utf-8", status: int = 200, **more: str
) -> Page:
    """Return a page that always answers the same."""
    headers = {"Content-Type": kind, **{k.replace("_", "-"): v for k, v in more.items()}}
    return lambda asked: asked.answer(status, headers, body)


def in_turn(*pages: Page) -> Page:
    """Return a page that answers differently each time, at last always like the last."""
    left = list(pages)

    def answer(asked: Asked) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(asked)

    return answer


def moved(to: str, status: int = 302) -> Page:
    """Return a page that redirects."""
    return lambda asked: asked.answer(status, {"Location": to})


def versioned(body: bytes, etag: str, kind: str = "text/html") -> Page:
    """Return a page that answers 304 to whoever has this version."""

    def answer(asked: Asked) -> None:
        if asked.headers.get("If-None-Match") == etag:
            asked.answer(304, {"ETag": etag})
        else:
            asked.answer(200, {"Content-Type": kind, "ETag": etag}, body)

    return answer


@dataclass
class Site:
    """A running server. Paths without a page answer 404; ``asked`` keeps all requests."""

    pages: dict[str, Page]
    asked: list[Asked] = field(default_factory=list)
    port: int = 0
    scheme: str = "http"

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the address of a page."""
        return f"{self.scheme}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        """Return what was asked for, in order, without robots.txt."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]


@contextlib.contextmanager
def serve(
    pages: dict[str, Page], *, tls: ssl.SSLContext | None = None, address: str = "127.0.0.1"
) -> Iterator[Site]:
    """Run a site while the context lasts."""
    site = Site(pages, scheme="https" if tls else "http")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = Asked(self.path, cast("Mapping[str, str]", self.headers), self)
            site.asked.append(asked)
            with contextlib.suppress(OSError):  # the client may have had enough
                site.pages.get(self.path, page(b"nothing here", status=404))(asked)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass

    with Server((address, 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        site.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


class Names(AbstractResolver):
    """Answers look-ups of names from a list, one answer after another; the last one stays."""

    def __init__(self, **answers: list[str]) -> None:
        """Take the addresses by name; an underscore stands for a dot."""
        self.left = {name.replace("_", "."): list(found) for name, found in answers.items()}
        self.looked_up: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: int = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the next address of a name."""
        self.looked_up.append(host)
        if host not in self.left:
            raise OSError(None, "no such name")
        found = self.left[host]
        address = found.pop(0) if len(found) > 1 else found[0]
        version = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [
            {
                "hostname": host,
                "host": address,
                "port": port,
                "family": version,
                "proto": 0,
                "flags": 0,
            }
        ]

    async def close(self) -> None:
        """Nothing is open."""
