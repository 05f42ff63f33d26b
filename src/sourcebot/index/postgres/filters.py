"""A question's filters as SQL, with the same meaning as ``filtering.matches``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcebot.types.filters import compared

if TYPE_CHECKING:
    from sourcebot.types import Filters

_WILD = frozenset("*?[")


def condition(filters: Filters) -> tuple[str, list[object]]:
    """Return the condition on the table of articles, named ``a``, and its parameters."""
    parts: list[str] = []
    values: list[object] = []

    def add(alternatives: list[tuple[str, list[object]]]) -> None:
        if alternatives:
            parts.append(f"({' OR '.join(sql for sql, _ in alternatives)})")
            values.extend(value for _, own in alternatives for value in own)

    if filters.source:
        add([_named(filters.source)])
    add([_published_by(filters.publisher)] if filters.publisher else [])
    add([_named(pattern) for pattern in filters.scope.sources])
    add([_published_by(name) for name in filters.scope.publishers])
    if filters.since or filters.until:
        first = filters.since.isoformat() if filters.since else "0000"
        last = filters.until.isoformat() if filters.until else "9999-99"
        add([("a.published BETWEEN %s AND %s", [first, last])])
    return " AND ".join(parts) or "true", values


def _published_by(name: str) -> tuple[str, list[object]]:
    return "strpos(a.publisher_folded, %s) > 0", [_asked(name)]


def _named(pattern: str) -> tuple[str, list[object]]:
    wanted = _asked(pattern)
    sql, values = "strpos(a.path_folded, %s) > 0 OR strpos(a.title_folded, %s) > 0", [wanted] * 2
    if _WILD & set(wanted):
        sql += " OR a.path_folded ~ %s OR a.title_folded ~ %s"
        values += [shell_pattern(wanted)] * 2
    return sql, [*values]


def _asked(text: str) -> str:
    """Return what a person typed as the database can compare it."""
    return compared(text).replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def shell_pattern(pattern: str) -> str:
    """Return a regular expression of PostgreSQL that matches as ``fnmatch.fnmatchcase`` does."""
    found, place = [], 0
    while place < len(pattern):
        letter = pattern[place]
        place += 1
        if letter == "*":
            found.append(".*")
        elif letter == "?":
            found.append(".")
        elif letter == "[" and (end := _closing(pattern, place)):
            found.append(_bracket(pattern[place:end]))
            place = end + 1
        else:
            found.append(_literal(letter))
    return f"^(?:{''.join(found)})$"


def _closing(pattern: str, place: int) -> int:
    """Return where the bracket ends that is open before ``place``, or 0."""
    start = place + (pattern[place : place + 1] == "!")
    start += pattern[start : start + 1] == "]"
    return max(pattern.find("]", start), 0)


def _bracket(inside: str) -> str:
    negated = inside.startswith("!")
    letters = inside[negated:]
    parts, place = [], 0
    while place < len(letters):
        low = high = letters[place]
        if letters[place + 1 : place + 2] == "-" and place + 2 < len(letters):
            high = letters[place + 2]
            place += 2
        place += 1
        if low <= high:
            parts.append(_literal(low) if low == high else f"{_literal(low)}-{_literal(high)}")
    if not parts:  # an empty range allows nothing
        return "." if negated else "(?!a)a"
    return f"[{'^' * negated}{''.join(parts)}]"


def _literal(letter: str) -> str:
    return letter if letter.isascii() and letter.isalnum() else f"\\U{ord(letter):08x}"
