"""How often one site is asked: one request at a time, pauses between, rests when it is busy."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

MOST_REST = 120.0
"""Longest rest in seconds that a site may ask for; who asks for more is left alone."""


class Passing(Exception):
    """A trouble that may pass; ``rest`` is how many seconds the site asks to wait, or None."""

    def __init__(self, message: str, rest: float | None = None) -> None:
        """Keep the reason as a user would read it."""
        super().__init__(message)
        self.rest = rest


class Pace:
    """When one site may be asked next. Belongs to one event loop."""

    def __init__(self, delay: float) -> None:
        """Take the least seconds between two requests."""
        self.delay = delay
        self._turn = asyncio.Lock()
        self._free_at = 0.0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until the site may be asked, and keep others from asking meanwhile."""
        async with self._turn:
            await asyncio.sleep(max(0.0, self._free_at - time.monotonic()))
            try:
                yield
            finally:
                self._free_at = max(self._free_at, time.monotonic() + self.delay)

    def rest(self, asked: float | None, attempt: int) -> bool:
        """Leave the site alone: as long as it asks, else the longer the more often it failed.

        Returns whether trying again is worth while.
        """
        seconds = self.delay * 2**attempt if asked is None else asked
        self._free_at = time.monotonic() + min(seconds, MOST_REST)
        return seconds <= MOST_REST


def retry_after(value: str) -> float | None:
    """Return the seconds that a Retry-After header names, or None when it names none."""
    if value.strip().isdecimal():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    zoned = until if until.tzinfo else until.replace(tzinfo=dt.UTC)
    return max(0.0, (zoned - dt.datetime.now(dt.UTC)).total_seconds())
