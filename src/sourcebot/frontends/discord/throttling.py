"""How often Discord is asked for one answer when it says "too many requests" (429).

The library asks five times on each route, and there are several routes to a person. Here the
requests for one answer are counted together: after three refusals the route is given up, which
leaves two requests to tell the person.
"""

from __future__ import annotations

import contextlib
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import SimpleNamespace

MOST_REFUSALS = 3
MOST_REQUESTS = 5
LONGEST_WAIT = 30.0
"""Seconds; whoever is to wait longer is told instead."""

_TOO_MANY = 429


class Throttled(Exception):
    """A route stays at "too many requests"; ``seconds`` is how long Discord wants it left alone."""

    def __init__(self, seconds: float = 0.0) -> None:
        """Keep the seconds."""
        super().__init__(f"too many requests; to be left alone for {seconds:.0f} s")
        self.seconds = seconds


@dataclass(slots=True)
class _Requests:
    """The requests made for one answer, and how many of them were refused as too many."""

    made: int = 0
    refused: int = 0


_requests: ContextVar[_Requests | None] = ContextVar("requests", default=None)


def count_requests() -> None:
    """Count the requests of this task from now on as those for one answer."""
    _requests.set(_Requests())


@contextlib.contextmanager
def counting_requests() -> Iterator[None]:
    """Count the requests made within as those for one thing."""
    token = _requests.set(_Requests())
    try:
        yield
    finally:
        _requests.reset(token)


def gave_up() -> bool:
    """Return whether a route was given up in this task."""
    counted = _requests.get()
    return counted is not None and counted.refused >= MOST_REFUSALS


async def _begin(_: object, __: object, ___: object) -> None:
    counted = _requests.get()
    if counted is None:
        return
    if counted.refused and counted.made >= MOST_REQUESTS:
        raise Throttled
    counted.made += 1


async def _end(_: object, __: SimpleNamespace, answered: aiohttp.TraceRequestEndParams) -> None:
    counted, response = _requests.get(), answered.response
    if counted is None or response.status != _TOO_MANY:
        return
    counted.refused += 1
    seconds = _seconds(response)
    if counted.refused >= MOST_REFUSALS or seconds > LONGEST_WAIT:
        response.close()
        raise Throttled(seconds)


def _seconds(response: aiohttp.ClientResponse) -> float:
    with contextlib.suppress(ValueError):
        return float(response.headers.get("Retry-After", ""))
    return 0.0


def request_counter() -> aiohttp.TraceConfig:
    """Return what the client's HTTP session must be traced with for the counting to work."""
    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(_begin)
    trace.on_request_end.append(_end)
    return trace
