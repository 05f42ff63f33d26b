"""Taking articles out of ``sources/``; their texts stay recoverable unless purged."""

from __future__ import annotations

import fnmatch
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sourcebot.adding.ledger import Entry, Ledger
from sourcebot.adding.targets import is_url, page_of
from sourcebot.adding.turns import taking_turns
from sourcebot.articles.files import list_sources
from sourcebot.errors import SourcebotError
from sourcebot.files import copy_atomically, sha256_of
from sourcebot.types import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.config.settings import Config


def remove(config: Config, targets: Sequence[str], *, purge: bool, dry_run: bool) -> list[Outcome]:
    """Take out the articles that targets name, and return what became of each target.

    A target is an article's file, a folder of them, a pattern such as ``quay.example/*``, or the
    address or file that an article was added from. ``purge`` deletes originals and earlier
    versions too.

    Raises:
        SourcebotError: when something cannot be written, or another process adds or removes.
    """
    if dry_run:
        return _remove(config, targets, purge=purge, dry_run=True)
    with taking_turns(config):
        return _remove(config, targets, purge=purge, dry_run=False)


def _remove(config: Config, targets: Sequence[str], *, purge: bool, dry_run: bool) -> list[Outcome]:
    ledger = Ledger(config.originals_folder)
    listing = list_sources(config.sources_folder)
    present = [file.id for file in listing.files] + [error.path for error in listing.failed]
    outcomes: list[Outcome] = []
    gone: set[str] = set()
    for target in targets:
        names = [name for name in _named(config, ledger, present, target) if name not in gone]
        if not names and not gone.intersection(_named(config, ledger, present, target)):
            outcomes.append(
                Outcome(
                    target,
                    Status.FAILED,
                    detail="no article is named so",
                    hint="`sourcebot sources` lists all; name one as it stands there",
                )
            )
        for name in names:
            gone.add(name)
            kept = "" if dry_run else _taken_out(config, ledger, name, purge=purge)
            outcomes.append(Outcome(target, Status.REMOVED, name, kept))
    return outcomes


def _named(config: Config, ledger: Ledger, present: list[str], target: str) -> list[str]:
    """Return the articles that a target names."""
    origin = page_of(target).url if is_url(target) else str(Path(target).resolve())
    if articles := ledger.articles_of(origin):
        return [name for name in present if name in articles]
    path = Path(target).resolve()
    root = config.sources_folder.resolve()
    for wanted in (path.relative_to(root).as_posix() if path.is_relative_to(root) else "", target):
        below = wanted.rstrip("/")
        found = [
            name
            for name in present
            if name == below or name.startswith(f"{below}/") or fnmatch.fnmatchcase(name, below)
        ]
        if below and found:
            return found
    return []


def _taken_out(config: Config, ledger: Ledger, name: str, *, purge: bool) -> str:
    """Take an article out, and return where its text is kept, or ""."""
    path = config.sources_folder / name
    archive = config.originals_folder / name.removesuffix(".md")
    kept = ""
    try:
        if purge:
            shutil.rmtree(archive, ignore_errors=True)
        else:
            archive.mkdir(parents=True, exist_ok=True)
            target = archive / f"removed-{sha256_of(path)[:8]}{path.suffix}"
            copy_atomically(path, target)
            kept = str(target)
        entries = ledger.of_article(name) or [Entry(str(path.resolve()), name)]
        ledger.append(
            replace(entry, removed=True, original="" if purge else entry.original)
            for entry in entries
        )
        path.unlink()
    except OSError as error:
        raise SourcebotError(
            f"{error.filename or path} cannot be written: {error.strerror or error}",
            "make the folder writable; what was removed before stays removed",
        ) from error
    return kept
