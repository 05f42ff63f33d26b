"""Which addresses may be connected to, and which URLs may be asked for."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from yarl import URL

from sourcebot.errors import ConfigError, FetchError

if TYPE_CHECKING:
    from collections.abc import Iterable

    Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_URL = 4000
"""Longest URL in characters."""

_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_RELAYS = ipaddress.IPv4Network("192.88.99.0/24")


class Guard:
    """Tells public addresses from those of this machine, its network and special uses."""

    def __init__(self, private_networks: Iterable[str] = ()) -> None:
        """Take the networks that are allowed although they are not public.

        Raises:
            ConfigError: when one is no network.
        """
        try:
            self._allowed = tuple(map(ipaddress.ip_network, private_networks))
        except ValueError as error:
            raise ConfigError(
                f"web.private_networks: {error}", 'write networks such as "192.168.1.0/24"'
            ) from error

    def allows(self, address: str) -> bool:
        """Return whether a numeric address is public, or allowed by the configuration."""
        try:
            meant = _embedded(ipaddress.ip_address(address.partition("%")[0]))
        except ValueError:
            return False
        if any(meant in network for network in self._allowed):
            return True
        if meant.version == 6:
            return meant in _GLOBAL_V6 and meant.is_global
        return meant.is_global and not meant.is_multicast and meant not in _RELAYS


def _embedded(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        tunnel = address.teredo[1] if address.teredo else address.sixtofour
        return address.ipv4_mapped or tunnel or address
    return address


def checked_url(text: str, base: URL | None = None) -> URL:
    """Return a URL that may be asked for, without its fragment; ``base`` completes it.

    Raises:
        FetchError: when it is none, not of the web, or holds credentials.
    """
    shown = text if len(text) <= 200 else text[:200] + "…"
    if len(text) > MAX_URL:
        raise FetchError(shown, f"the address has more than {MAX_URL:,} characters")
    try:
        url = base.join(URL(text)) if base else URL(text)
        host, _ = url.raw_host, url.port
    except ValueError as error:
        raise FetchError(shown, f"it is not a web address: {error}") from error
    if url.scheme not in {"http", "https"} or not host:
        raise FetchError(shown, "it is not a web address", "it must begin with http:// or https://")
    if url.raw_user is not None or url.raw_password is not None:
        raise FetchError(
            str(url.with_user(None)),
            "the address holds a user name or password, which are never sent",
            "give it without them, or save the page and add the file",
        )
    return url.with_fragment(None)
