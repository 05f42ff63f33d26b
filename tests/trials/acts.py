"""The commands that the crash trial kills: what changes before each, and what it must leave."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcebot.articles.files import parse_article
from sourcebot.files import sha256_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Digests = dict[str, str]

PAIR = ("north.md", "south.md")


@dataclass(frozen=True)
class Act:
    """A command that is killed.

    Attributes:
        command: its arguments.
        again: the command that must finish the work.
        change: brings about the state of a number, for the command to take in.
        mark: the file that is written in the midst of its work, below the project.
        in_between: what is wrong with the sources after a kill, given what they were before.
        finished: what is wrong with the sources once the work is finished.
        statuses: those with which ``again`` may end.
        removes: whether the command takes the pair of articles out.
        waits: whether the change is made when the command is at work, which goes on for ever.
    """

    command: tuple[str, ...]
    again: tuple[str, ...]
    change: Callable[[Path, int], None]
    mark: str
    in_between: Callable[[Path, Digests, int], Iterator[str]]
    finished: Callable[[Path, int], Iterator[str]]
    statuses: tuple[int, ...] = (0,)
    removes: bool = False
    waits: bool = False


def digests(folder: Path) -> Digests:
    """Return the digest of every file below a folder."""
    return {str(p.relative_to(folder)): sha256_of(p) for p in folder.rglob("*") if p.is_file()}


def write_pair(folder: Path, number: int) -> None:
    """Write the two articles that tell the state."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PAIR:
        path, side = folder / name, name.removesuffix(".md")
        path.write_text(
            f"---\ntitle: The {side}ern harbour\npublisher: Edition {number}\n---\n"
            f"There are {number + 100} boats in the harbour of the {side}.\n",
            "utf-8",
        )
        later = path.stat().st_mtime_ns + number
        os.utime(path, ns=(later, later))


def write_state(project: Path, number: int) -> None:
    """Write the pair into the sources, and an article that comes and goes."""
    write_pair(project / "sources", number)
    extra = project / "sources" / "extra.md"
    if number % 2:
        extra.write_text(f"# Extra\n\nThe extra note of edition {number} is here.\n", "utf-8")
    else:
        extra.unlink(missing_ok=True)


def _write_incoming(project: Path, number: int) -> None:
    """Write the pair for `add` to bring, and every second time an article that is new."""
    write_pair(project / "incoming", number)
    if number % 2:
        path = project / "incoming" / f"note-{number}.txt"
        path.write_text(f"A note of edition {number}\n\nThe note tells of a storm.\n", "utf-8")


def _untouched(project: Path, before: Digests, _: int) -> Iterator[str]:
    if digests(project / "sources") != before:
        yield "a source file has changed"


def _added(project: Path, before: Digests, number: int) -> Iterator[str]:
    """Each article is the old one or the new one, as a whole, and no other has changed."""
    now = digests(project / "sources")
    for name, digest in now.items():
        path = project / "sources" / name
        if path.name.startswith(".") or before.get(name) == digest:
            continue
        if path.parent.name != "incoming":
            yield f"{name} has changed"
            continue
        article, _ = parse_article(name, path.read_bytes())
        told = "The note tells of a storm." if "note" in name else f"There are {number + 100} boats"
        if told not in article.text or not article.text.endswith(".\n"):
            yield f"{name} is half written: {article.text!r}"
    for name in before.keys() - now.keys():
        if not name.rpartition("/")[2].startswith("."):
            yield f"{name} is gone"


def _removed(project: Path, before: Digests, number: int) -> Iterator[str]:
    """What has gone is one of the pair, and its text is kept."""
    del number
    now = digests(project / "sources")
    kept = {
        digest
        for name, digest in digests(project / "originals").items()
        if not name.rpartition("/")[2].startswith(".")
    }
    for name, digest in before.items():
        if name in now and now[name] != digest:
            yield f"{name} has changed"
        if name not in now and (name not in PAIR or digest not in kept):
            yield f"{name} is lost"


def _holds_pair(project: Path, number: int) -> Iterator[str]:
    for name in PAIR:
        found = [p.read_text("utf-8") for p in (project / "sources").rglob(name)]
        if len(found) != 1 or f"There are {number + 100} boats" not in found[0]:
            yield f"the sources hold {found} of {name}"


def _holds_none(project: Path, _: int) -> Iterator[str]:
    for name in PAIR:
        if found := list((project / "sources").rglob(name)):
            yield f"the sources still hold {found}"


_INDEX, _LEDGER = "embeddings/CURRENT", "originals/ledger.jsonl"
ACTS = {
    "index": Act(("index",), ("index",), write_state, _INDEX, _untouched, _holds_pair),
    "add": Act(
        ("add", "incoming"), ("add", "incoming"), _write_incoming, _LEDGER, _added, _holds_pair
    ),
    # What the killed one has removed cannot be named again: that is told, with status 1.
    "remove": Act(
        ("remove", *PAIR),
        ("remove", *PAIR),
        write_state,
        _LEDGER,
        _removed,
        _holds_none,
        statuses=(0, 1),
        removes=True,
    ),
    "watch": Act(("watch",), ("index",), write_state, _INDEX, _untouched, _holds_pair, waits=True),
}
