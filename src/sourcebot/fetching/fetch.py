"""URL -> bytes: what a site answers, within limits of time, size, place and politeness."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from aiohttp.abc import AbstractResolver

    from sourcebot.config.settings import FetchConfig

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Validators:
    """What a site said of a page's version, to be asked again whether it changed; "" if not."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page or file of the web.

    Attributes:
        url: what was asked for.
        final_url: where the last redirect led to.
        content_type: such as "text/html", in lower case and without parameters; "" if unknown.
        charset: what the site calls the encoding, in lower case, or "".
        data: the bytes, decompressed.
        validators: of this version.
    """

    url: str
    final_url: str
    content_type: str
    charset: str
    data: bytes
    validators: Validators


@dataclass(frozen=True, slots=True)
class NotModified:
    """The page is still the version that the validators belong to."""

    url: str
    final_url: str
    validators: Validators


class Fetcher:
    """Fetches from the web; thread-safe: many threads may fetch at once from different sites.

    Each site gets one request at a time, with pauses, and as its robots.txt allows. Used as
    a context manager.
    """

    def __init__(
        self,
        config: FetchConfig,
        *,
        types: frozenset[str] = frozenset(),
        resolver: AbstractResolver | None = None,
    ) -> None:
        """Take the limits, and the content types that are wanted besides pages and feeds.

        ``resolver`` is asked for the addresses of host names, if given.

        Raises:
            ConfigError: when a setting cannot be used.
        """
        # Imported here: only those who fetch need aiohttp, which takes long to load.
        from sourcebot.fetching.client import Client

        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="fetcher")
        self._thread.start()
        try:
            self._client = self._run(Client.open(config, resolver, types))
        except BaseException:
            self._stop()
            raise

    def __enter__(self) -> Self:
        """Return the fetcher itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close all connections."""
        self.close()

    def get(self, url: str, validators: Validators | None = None) -> Fetched | NotModified:
        """Return what ``url`` holds, or that it is still the version of the ``validators``.

        Raises:
            FetchError: when it cannot be had, with the reason.
        """
        return self._run(self._client.get(url, validators))

    def close(self) -> None:
        """Close all connections."""
        if not self._loop.is_closed():
            self._run(self._client.close())
            self._stop()

    def _run(self, work: Coroutine[object, object, T]) -> T:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
