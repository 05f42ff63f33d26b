"""Who asks, and what they may do: tokens with scopes, of which only digests are kept."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcebot.errors import ConfigError
from sourcebot.types import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import HTTPConnection

    from sourcebot.config.web import TokenConfig, WebConfig

COOKIE = "sourcebot_token"
SCOPES = ("ask", "read", "add", "admin")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        name: of their token, or "" where none is needed.
        scopes: what they may do: ask, read, add, admin.
        scope: the articles that they may see.
    """

    name: str
    scopes: frozenset[str]
    scope: Scope

    @property
    def place(self) -> str:
        """Where the notices of their followed questions belong."""
        return f"web {self.name}".strip()


class Access:
    """Tells callers by their tokens."""

    def __init__(self, config: WebConfig) -> None:
        """Take the tokens; without any, everybody may do what the settings allow.

        Raises:
            ConfigError: when others than this machine could come without a token.
        """
        self._tokens = config.tokens
        names = [token.name for token in config.tokens]
        if len(set(names)) < len(names):
            raise ConfigError("two tokens of [web] have the same name", "give each its own name")
        if not config.tokens and not is_loopback(config.host):
            raise ConfigError(
                f"[web] host = {config.host!r} lets other machines in, and there are no tokens",
                "make one with `sourcebot token NAME`, or set host to 127.0.0.1",
            )
        scopes = {"ask", "read", *(("add", "admin") if config.add else ())}
        self._everybody = Caller("", frozenset(scopes), Scope())
        self._may_add = config.add

    @property
    def open(self) -> bool:
        """Whether no token is needed."""
        return not self._tokens

    def caller(self, connection: HTTPConnection) -> Caller | None:
        """Return who asks, by a bearer token or the cookie; None when a token is needed."""
        if not self._tokens:
            return self._everybody
        kind, _, value = connection.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return self.known(value.strip())
        return self.known(connection.cookies.get(COOKIE, ""))

    def known(self, token: str) -> Caller | None:
        """Return whose token it is, None when it is nobody's."""
        if not token or len(token) > _LONGEST:
            return None
        digest = digest_of(token)
        # All are compared, so that the time says nothing of which is near.
        found = [t for t in self._tokens if hmac.compare_digest(t.sha256, digest)]
        return self._as_caller(found[0]) if found else None

    def _as_caller(self, token: TokenConfig) -> Caller:
        scopes = set(token.scopes) - (set() if self._may_add else {"add"})
        return Caller(token.name, frozenset(scopes), Scope(token.sources, token.publishers))


def digest_of(token: str) -> str:
    """Return what is kept of a token; it is long and random, so a plain SHA-256 will do."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def new_token() -> str:
    """Return a token that nobody can guess."""
    return f"sb_{secrets.token_urlsafe(32)}"


def token_table(name: str, token: str, scopes: Iterable[str], scope: Scope) -> str:
    """Return the lines of config.toml that let a token in."""
    import json

    def array(values: Iterable[str]) -> str:
        return json.dumps(list(values), ensure_ascii=False)

    lines = [
        "[[web.tokens]]",
        f"name = {json.dumps(name, ensure_ascii=False)}",
        f'sha256 = "{digest_of(token)}"',
        f"scopes = {array(scopes)}",
    ]
    if scope.sources:
        lines.append(f"sources = {array(scope.sources)}")
    if scope.publishers:
        lines.append(f"publishers = {array(scope.publishers)}")
    return "\n".join(lines) + "\n"


def is_address(host: str) -> bool:
    """Return whether a host is named by its IP address."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Return whether an address is reached from this machine alone."""
    bare = host.strip("[]")
    return host == "localhost" or (is_address(bare) and ipaddress.ip_address(bare).is_loopback)
