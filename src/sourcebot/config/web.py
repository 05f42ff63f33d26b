"""The settings of the page and the API."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Le, MinLen, Predicate

_STRICT = {"extra": "forbid", "strict": True}


def is_digest(text: str) -> bool:
    """Return whether a text is a SHA-256 in hexadecimal, in small letters."""
    return re.fullmatch("[0-9a-f]{64}", text) is not None


@dataclass(frozen=True)
class TokenConfig:
    """Who may do what by a token, of which only the digest is kept.

    ``sources`` and ``publishers`` name the articles that it opens, as in a scope; none: all.
    """

    __pydantic_config__ = _STRICT

    name: Annotated[str, MinLen(1)]
    sha256: Annotated[str, Predicate(is_digest)]
    scopes: Annotated[tuple[Literal["ask", "read", "add", "admin"], ...], MinLen(1)] = (
        "ask",
        "read",
    )
    sources: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()


@dataclass(frozen=True)
class WebConfig:
    """How the page and the API are served."""

    __pydantic_config__ = _STRICT

    host: Annotated[str, MinLen(1)] = "127.0.0.1"
    port: Annotated[int, Ge(0), Le(65_535)] = 8317
    hosts: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    https: bool = False
    add: bool = False
    upload_megabytes: Annotated[int, Ge(1), Le(2000)] = 50
    questions_per_minute: Annotated[int, Ge(0), Le(100_000)] = 60
    keep_days: Annotated[int, Ge(0), Le(36_500)] = 365
    database: Annotated[str, MinLen(1)] = "web.sqlite"
    tokens: tuple[TokenConfig, ...] = ()
