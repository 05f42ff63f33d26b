"""What has happened to the sources since they were indexed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcebot.articles.files import Listing, SourceFile
    from sourcebot.types import FileState

ABSENT = -1
"""Size and time of a file that was never opened, such as one of an unknown format."""

Failure = tuple[str, str, int, int]
"""A file that cannot be used: (id, reason, size, modified)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an indexer must do.

    Attributes:
        to_read: files that are new or look different.
        gone: ids of indexed articles whose files are no longer there.
        still_failing: files that could not be used and look the same.
        changed: how many files were added, changed or removed; 0 means nothing to do.
    """

    to_read: tuple[SourceFile, ...]
    gone: tuple[str, ...]
    still_failing: tuple[Failure, ...]
    changed: int


def plan_changes(listing: Listing, known: Mapping[str, FileState]) -> Plan:
    """Return what to do about a folder, given what its files looked like before."""
    to_read: list[SourceFile] = []
    failing = [(error.path, error.message, ABSENT, ABSENT) for error in listing.failed]
    for file in listing.files:
        state = known.get(file.id)
        if state is None or (state.size, state.modified) != (file.size, file.modified):
            to_read.append(file)
        elif state.reason:
            failing.append((file.id, state.reason, file.size, file.modified))
    here = {file.id for file in listing.files}
    return Plan(
        to_read=tuple(to_read),
        gone=tuple(name for name, state in known.items() if state.sha256 and name not in here),
        still_failing=tuple(failing),
        changed=sources_changed(listing, known),
    )


def sources_changed(listing: Listing, known: Mapping[str, FileState]) -> int:
    """Return how many files were added, changed or removed since ``known`` was noted."""
    seen = {file.id: (file.size, file.modified) for file in listing.files}
    seen |= {error.path: (ABSENT, ABSENT) for error in listing.failed}
    noted = {name: (state.size, state.modified) for name, state in known.items()}
    return len(dict(seen.items() ^ noted.items()))
