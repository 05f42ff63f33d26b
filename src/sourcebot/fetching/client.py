"""One event loop's requests: redirects, new tries, robots.txt, and the mapping of errors."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp
from protego import Protego

from sourcebot import __version__
from sourcebot.errors import ConfigError, FetchError
from sourcebot.fetching.addresses import Guard, checked_url
from sourcebot.fetching.feeds import PACKED_TYPES
from sourcebot.fetching.fetch import Fetched, NotModified, Validators
from sourcebot.fetching.pace import Pace, Passing, retry_after

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.abc import AbstractResolver
    from yarl import URL

    from sourcebot.config.settings import FetchConfig

AGENT = "sourcebot"
"""The name that robots.txt files know it by."""

PAGE_TYPES = frozenset(
    {
        *PACKED_TYPES,
        "",
        "application/atom+xml",
        "application/feed+json",
        "application/json",
        "application/octet-stream",
        "application/rdf+xml",
        "application/rss+xml",
        "application/x-pdf",
        "application/xhtml+xml",
        "application/xml",
        "application/zip",
        "binary/octet-stream",
        "text/html",
        "text/plain",
        "text/x-markdown",
        "text/xml",
    }
)
"""Content types of pages and feeds, and those that say nothing.

Others are refused before they are read, unless a fetcher is asked to take them."""

_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,application/pdf;q=0.9,*/*;q=0.5"
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})
_NOT_MODIFIED = 304
_PRIVATE = "it leads to a private or special network address, which is not asked"
_MEGABYTE = 1_000_000
_ROBOTS_SECONDS = 24 * 3600.0
_MOST_CRAWL_DELAY = 30.0


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is sent, and what may come back: at most ``limit`` bytes of one of the ``types``.

    ``types`` is None when any will do.
    """

    headers: Mapping[str, str]
    limit: int
    types: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class _Response:
    """What a site answered, however bad its status; ``data`` is read for good ones only."""

    url: URL
    status: int
    reason: str
    content_type: str
    charset: str
    location: str
    validators: Validators
    data: bytes


@dataclass(slots=True)
class _Site:
    """What is known of one scheme, host and port."""

    pace: Pace
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    robots: Protego | None = None
    robots_until: float = 0.0


class Client:
    """Fetches within one event loop; see ``Fetcher``."""

    def __init__(
        self, config: FetchConfig, session: aiohttp.ClientSession, types: frozenset[str]
    ) -> None:
        """Take the parts; see ``open``."""
        self._config = config
        self._session = session
        self._types = PAGE_TYPES | types
        self._sites: dict[URL, _Site] = {}

    @classmethod
    async def open(
        cls, config: FetchConfig, resolver: AbstractResolver | None, types: frozenset[str]
    ) -> Client:
        """Return a client of the running event loop.

        Raises:
            ConfigError: when a setting cannot be used.
        """
        guard = Guard(config.private_networks)
        if not (config.contact.isascii() and config.contact.isprintable()):
            raise ConfigError(f"web.contact = {config.contact!r} is not plain ASCII")

        def guarded_socket(info: aiohttp.AddrInfoType) -> socket.socket:
            family, kind, protocol, _, address = info
            if not guard.allows(str(address[0])):
                raise PermissionError(errno.EPERM, _PRIVATE)
            return socket.socket(family, kind, protocol)

        # Every connection begins with this socket, so that no redirect, other spelling or
        # second look-up of a name can lead to an address that was not checked.
        connector = aiohttp.TCPConnector(
            resolver=resolver, ssl=ssl.create_default_context(), socket_factory=guarded_socket
        )
        contact = f" (+{config.contact})" if config.contact else ""
        session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={
                "User-Agent": f"{AGENT}/{__version__}{contact}",
                "Accept": _ACCEPT,
                "Accept-Encoding": "gzip, deflate",
            },
            timeout=aiohttp.ClientTimeout(total=config.timeout),
        )
        return cls(config, session, types)

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    async def get(self, url: str, validators: Validators | None) -> Fetched | NotModified:
        """Return what ``url`` holds; see ``Fetcher.get``."""
        known = validators or Validators()
        headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        wish = _Wish(
            {name: value for name, value in headers.items() if value},
            self._config.max_megabytes * _MEGABYTE,
            self._types,
        )
        answer = await self._follow(checked_url(url), wish, robots=self._config.robots)
        final = str(answer.url)
        if answer.status == _NOT_MODIFIED and wish.headers:
            return NotModified(url, final, known)
        if not 200 <= answer.status < 300:
            raise FetchError(url, f"the site answers {answer.status} ({answer.reason})")
        return Fetched(
            url, final, answer.content_type, answer.charset, answer.data, answer.validators
        )

    async def _follow(self, url: URL, wish: _Wish, *, robots: bool) -> _Response:
        """Return the first answer that is no redirect, each step checked like the first."""
        steps = [url]
        while True:
            if robots:
                await self._check_robots(url)
            answer = await self._patiently(url, wish)
            if answer.status not in _MOVED or not answer.location:
                return answer
            url = checked_url(answer.location, base=url)
            if url in steps:
                raise FetchError(
                    str(steps[0]), f"its redirects go round in a circle, by way of {url}"
                )
            if len(steps) > self._config.redirects:
                raise FetchError(
                    str(steps[0]), f"it is redirected more than {self._config.redirects} times"
                )
            steps.append(url)

    async def _patiently(self, url: URL, wish: _Wish) -> _Response:
        """Return what a site answers; when it is busy or silent, it is asked again later."""
        pace = self._site(url).pace
        for attempt in range(self._config.retries + 1):
            async with pace.turn():
                try:
                    return await self._once(url, wish)
                except Passing as error:
                    trouble = error
                    if not pace.rest(error.rest, attempt):
                        break
        raise FetchError(str(url), str(trouble), "try again later") from trouble

    async def _once(self, url: URL, wish: _Wish) -> _Response:
        """Ask once.

        Raises:
            Passing: when it may go better the next time.
            FetchError: when it will not.
        """
        try:
            async with self._session.get(url, headers=wish.headers, allow_redirects=False) as sent:
                if sent.status in _BUSY:
                    after = retry_after(sent.headers.get("Retry-After", ""))
                    raise Passing(f"the site answers {sent.status} ({sent.reason})", after)
                good = 200 <= sent.status < 300
                kind = sent.content_type.lower() if "Content-Type" in sent.headers else ""
                if good and wish.types and kind not in wish.types:
                    raise FetchError(str(url), f"it is {kind}, which holds no article")
                return _Response(
                    url,
                    sent.status,
                    sent.reason or "",
                    kind,
                    (sent.charset or "").lower(),
                    sent.headers.get("Location", ""),
                    Validators(sent.headers.get("ETag", ""), sent.headers.get("Last-Modified", "")),
                    await _body(sent, wish.limit) if good else b"",
                )
        except TimeoutError as error:
            raise Passing(f"it is not there within {self._config.timeout:g} s") from error
        except aiohttp.ClientConnectorDNSError as error:
            raise FetchError(
                str(url), f"no site has the name {url.host}", "check the spelling and the network"
            ) from error
        except aiohttp.ClientSSLError as error:
            raise FetchError(str(url), f"the site's identity cannot be checked: {error}") from error
        except aiohttp.ClientOSError as error:
            if error.errno == errno.EPERM:
                raise FetchError(
                    str(url),
                    _PRIVATE,
                    "if you trust it, name its network in private_networks of [fetch]",
                ) from error
            raise Passing(f"no connection: {error.strerror or error}") from error
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError) as error:
            raise Passing(f"the connection broke off: {error}") from error
        except aiohttp.InvalidURL as error:
            raise FetchError(str(url), f"it is not a web address: {error}") from error
        except aiohttp.ClientError as error:
            raise FetchError(str(url), f"the site answers nothing usable: {error}") from error

    async def _check_robots(self, url: URL) -> None:
        """Obey the site's robots.txt, read once a day (RFC 9309).

        Raises:
            FetchError: when it forbids ``url`` or cannot be read.
        """
        site = self._site(url)
        async with site.asking:
            if site.robots is None or time.monotonic() > site.robots_until:
                site.robots = await self._read_robots(url)
                asked = site.robots.crawl_delay(AGENT) or 0.0
                site.pace.delay = max(self._config.delay, min(asked, _MOST_CRAWL_DELAY))
                site.robots_until = time.monotonic() + _ROBOTS_SECONDS
        if not site.robots.can_fetch(str(url), AGENT):
            raise FetchError(
                str(url),
                "the site's robots.txt asks programs not to read it",
                "save the page with a browser and add the file",
            )

    async def _read_robots(self, url: URL) -> Protego:
        wish = _Wish({}, self._config.max_megabytes * _MEGABYTE, None)
        try:
            answer = await self._follow(url.origin() / "robots.txt", wish, robots=False)
        except FetchError as error:
            passing = isinstance(error.__cause__, Passing)
            where = "its robots.txt cannot be read: " if passing else ""
            raise FetchError(str(url), where + error.message, error.hint) from error
        # A site that has none allows all: its status is then 404, and there is no data.
        return Protego.parse(answer.data.decode("utf-8", "replace"))

    def _site(self, url: URL) -> _Site:
        return self._sites.setdefault(url.origin(), _Site(Pace(self._config.delay)))


async def _body(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """Return the bytes of an answer, decompressed, which may be at most ``limit``."""
    data = bytearray()
    if (response.content_length or 0) <= limit:
        async for chunk in response.content.iter_any():
            data += chunk
            if len(data) > limit:
                break
        else:
            return bytes(data)
    raise FetchError(
        str(response.url),
        f"it is larger than {limit // _MEGABYTE} MB",
        "raise max_megabytes in [fetch] of config.toml",
    )
