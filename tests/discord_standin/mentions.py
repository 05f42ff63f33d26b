"""Whom a message notifies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

EVERYONE = re.compile(r"@(everyone|here)")
USER = re.compile(r"<@!?(\d+)>")
ROLE = re.compile(r"<@&(\d+)>")


def pings(content: str, allowed: Mapping[str, Any] | None, replied_to: int | None) -> list[str]:
    """Return who is notified by a message of the bot, as "everyone", "role 5", "user 7", "reply 7".

    Strict: backslashes and code spans protect nobody, and the bot may mention everyone.
    """
    if allowed is None:
        allowed = {"parse": ["everyone", "roles", "users"], "replied_user": True}
    parse = allowed.get("parse") or []
    found = []
    if "everyone" in parse and EVERYONE.search(content):
        found.append("everyone")
    for kind, pattern in (("user", USER), ("role", ROLE)):
        named = {str(number) for number in allowed.get(f"{kind}s") or []}
        numbers = dict.fromkeys(pattern.findall(content))
        found += [f"{kind} {n}" for n in numbers if f"{kind}s" in parse or n in named]
    if replied_to is not None and allowed.get("replied_user"):
        found.append(f"reply {replied_to}")
    return found


def mentioned_users(content: str) -> list[int]:
    """Return the users that a person's message mentions, in order."""
    return list(dict.fromkeys(int(number) for number in USER.findall(content)))
