"""What styles of text documents say of themselves, or the styles that they are based on."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")


def inherited(name: str, stated: Mapping[str, T], based: Mapping[str, str], default: T) -> T:
    """Return what a style states, or else the nearest of those that it is based on.

    ``based`` names for each style the one that it is based on, or "".
    """
    seen: set[str] = set()
    while name and name not in seen:
        if name in stated:
            return stated[name]
        seen.add(name)
        name = based.get(name, "")
    return default
