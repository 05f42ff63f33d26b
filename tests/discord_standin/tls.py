"""How an unpatched client reaches the stand-in: names that resolve to it, and its certificate."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

import aiohttp
import trustme
from aiohttp.abc import AbstractResolver, ResolveResult

if TYPE_CHECKING:
    from pathlib import Path

HOSTS = ("discord.com", "gateway.discord.gg", "gateway-resume.discord.gg")


def make_certificates(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Return the server's TLS settings and the file of the authority that clients are to trust."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*HOSTS).configure_cert(context)
    path = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return context, path


class Resolver(AbstractResolver):
    """Knows Discord's hosts, which are all at one local port, and no other host."""

    def __init__(self, port: int) -> None:
        """Take the port of the stand-in."""
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the local address of a host of Discord's.

        Raises:
            OSError: for any other host.
        """
        if host not in HOSTS:
            raise OSError(f"the tests reach no {host}")
        return [
            ResolveResult(
                hostname=host,
                host="127.0.0.1",
                port=self._port,
                family=socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        """Close nothing."""


def make_connector(port: int, authority: Path) -> aiohttp.TCPConnector:
    """Return the connector that takes ``discord.Client`` to the stand-in; needs a running loop."""
    context = ssl.create_default_context(cafile=str(authority))
    return aiohttp.TCPConnector(resolver=Resolver(port), ssl=context, limit=0)
