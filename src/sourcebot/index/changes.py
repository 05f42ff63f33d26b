"""What has happened to the sources since they were indexed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sourcebot.articles.files import CANNOT_BE_READ
from sourcebot.errors import SourcesLost, UnreadableError
from sourcebot.files import sha256_of
from sourcebot.text.display import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sourcebot.articles.files import Listing, SourceFile
    from sourcebot.types import FileState

MOST_COMPARED = 200
"""So many files are read at most to tell whether they differ in their times alone."""

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
    kept = _unreadable(listing, known)
    failing = [(error.path, error.message, ABSENT, ABSENT) for error in listing.failed]
    for file in listing.files:
        state = known.get(file.id)
        if (
            state is None
            or (state.size, state.modified) != (file.size, file.modified)
            or _may_be_read_now(file, state)
        ):
            to_read.append(file)
        elif state.reason:
            failing.append((file.id, state.reason, file.size, file.modified))
    here = {file.id for file in listing.files} | kept
    return Plan(
        to_read=tuple(to_read),
        gone=tuple(name for name, state in known.items() if state.sha256 and name not in here),
        still_failing=tuple(failing),
        changed=sources_changed(listing, known),
    )


def sources_changed(
    listing: Listing, known: Mapping[str, FileState], *, most_compared: int = 0
) -> int:
    """Return how many files were added, changed or removed since ``known`` was noted.

    Up to ``most_compared`` files of the same size with another time are read: copies and backups
    change times alone. More of them count as changed.
    """
    seen = {file.id: (file.size, file.modified) for file in listing.files}
    seen |= {error.path: (ABSENT, ABSENT) for error in listing.failed}
    kept = _unreadable(listing, known)
    noted = {
        name: (state.size, state.modified)
        for name, state in known.items()
        if name in seen or name not in kept
    }
    again = sum(
        _may_be_read_now(file, known[file.id]) for file in listing.files if file.id in known
    )
    differing = dict(seen.items() ^ noted.items())
    if most_compared:
        touched = [f for f in listing.files if f.id in differing and _has_new_time(f, known)]
        if len(touched) <= most_compared:
            again -= sum(_is_same(file, known[file.id]) for file in touched)
    return len(differing) + again


def _has_new_time(file: SourceFile, known: Mapping[str, FileState]) -> bool:
    state = known.get(file.id)
    return state is not None and bool(state.sha256) and state.size == file.size


def _is_same(file: SourceFile, state: FileState) -> bool:
    try:
        return sha256_of(Path(file.path)) == state.sha256
    except OSError:
        return False


def advice(
    sources: Path, listing: Listing, known: Mapping[str, FileState], indexed: int
) -> tuple[str, str]:
    """Return in what a folder is not as it was indexed, and what to do; ("", "") if in nothing.

    ``indexed`` as in ``check_loss``: what indexing would refuse is told instead of advised.
    """
    try:
        check_loss(sources, listing, known, indexed=indexed)
    except SourcesLost as lost:
        return lost.message, lost.hint
    changed = sources_changed(listing, known, most_compared=MOST_COMPARED)
    what = f"{counted(changed, 'source file')} changed since the indexing"
    return (what, "run `sourcebot index`") if changed else ("", "")


def check_loss(
    sources: Path,
    listing: Listing,
    known: Mapping[str, FileState],
    *,
    indexed: int,
    expected: Collection[str] = (),
) -> None:
    """Refuse to index a folder that has lost most of its articles at once, as when unmounted.

    ``indexed`` counts the articles of the index, which may be of another version than ``known``;
    ``expected`` are articles that are meant to leave. New files make up for as many lost ones, so
    that a folder may be renamed.

    Raises:
        SourcesLost: when it cannot be read, is empty, or lacks more than half of what is indexed.
    """
    unreadable = [error for error in listing.failed if error.path == "."]
    if unreadable:
        reason = unreadable[0].message
        raise SourcesLost(
            f"the sources folder {sources} is left as it was indexed: {reason}",
            "make it readable",
            0,
        )
    here = {file.id for file in listing.files} | _unreadable(listing, known)
    before = {name for name, state in known.items() if state.sha256}
    gone = sorted(before - here - set(expected))
    meant = before and before <= here | set(expected)
    if indexed and not listing.files and not meant:
        raise SourcesLost(
            f"the sources folder {sources} is empty, but its articles are indexed", _HINT, indexed
        )
    lost = len(gone) - len(here - set(known))
    if 2 * lost > len(before):
        raise SourcesLost(
            f"{lost:,} of {counted(len(before), 'indexed article')} are no longer in {sources}:"
            f" {', '.join(gone[:3])}{', …' if len(gone) > 3 else ''}",
            _HINT,
            lost,
        )


_HINT = (
    "see whether the folder is mounted and whole; if they are meant to leave the index, run"
    " `sourcebot index --yes`"
)


def _unreadable(listing: Listing, known: Iterable[str]) -> set[str]:
    """Return the known articles that are there, or whose folder is, but cannot be read."""
    places = [e.path for e in listing.failed if isinstance(e, UnreadableError)]
    return {
        name
        for name in (known if places else ())
        if any(place in {".", name} or name.startswith(f"{place}/") for place in places)
    }


def _may_be_read_now(file: SourceFile, state: FileState) -> bool:
    """Return whether a file that could not be opened should be tried: its time stays the same."""
    return state.reason.startswith(CANNOT_BE_READ) and os.access(file.path, os.R_OK)
