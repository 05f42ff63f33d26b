"""Keys that stood in another section in earlier versions, and are still read there."""

from __future__ import annotations

from typing import Any

_FETCH = (
    "contact",
    "timeout",
    "max_megabytes",
    "redirects",
    "retries",
    "delay",
    "robots",
    "private_networks",
)
"""What [web] held before it became the section of the page."""


def home_of(section: str, key: str) -> str:
    """Return the section that a key belongs to now."""
    return "fetch" if section == "web" and key in _FETCH else section


def move_keys(data: dict[str, Any], origins: dict[tuple[str, str], str]) -> tuple[str, ...]:
    """Put keys into the section that they belong to now, and return a notice of each origin.

    ``data`` and ``origins`` (which file or variable set a section's key) are changed. A key that
    stands in both sections counts where it belongs.
    """
    old = data.get("web")
    new = data.setdefault("fetch", {}) if isinstance(old, dict) else None
    if not isinstance(old, dict) or not isinstance(new, dict):
        return ()
    found: dict[str, list[str]] = {}
    for key in [key for key in _FETCH if key in old]:
        value, origin = old.pop(key), origins.pop(("web", key), "")
        found.setdefault(origin, []).append(key)
        if key not in new:
            new[key] = value
            origins["fetch", key] = origin
    return tuple(
        f"{origin} sets {', '.join(keys)} in [web]; the section of fetching is called [fetch] now"
        for origin, keys in found.items()
    )
