"""Following the sources folder: what changes there is indexed once it has settled."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import watch as watch_files

from sourcebot.embedding.exported import open_embedder
from sourcebot.errors import SourcebotError
from sourcebot.index.open import build_index
from sourcebot.text.display import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sourcebot.config.settings import Config
    from sourcebot.embedding.embedder import Embedder
    from sourcebot.types import Summary

    Tell = Callable[[str], None]

SETTLED = 1.0
"""Seconds without a change after which the folder counts as settled."""

_LONGEST_UNREST = 60.0
"""Seconds of unceasing change after which it is indexed all the same."""

_LOOK = 1.0
"""Seconds between two looks whether the folder is there and whether a new try is due."""

_LONGEST_PAUSE = 300.0
"""Most seconds between two tries to index after a failure; the pause doubles up to this."""


def watch(config: Config, tell: Tell, ask_followed: Callable[[], int]) -> None:
    """Index now and after each change of the sources folder, until KeyboardInterrupt.

    ``tell`` takes one line for each pass, and one for each trouble; ``ask_followed`` asks the
    followed questions after a pass, and counts what is new.

    Raises:
        SourcebotError: when the model cannot be used, or there is no sources folder at first.
    """
    embedder = open_embedder(config, tell, check=True)
    passes = _Passes(config, embedder, tell, ask_followed)
    folder = config.sources_folder
    tell(f"watching {folder}")
    while True:
        # The first pass comes when the folder is watched, so that no change falls between.
        for count, changed in enumerate(_changes(folder)):
            if count == 0 or changed or passes.due():
                passes.run()
        tell(f"the folder {folder} is gone; the index stays as it is until it is back")
        while not folder.is_dir():
            time.sleep(_LOOK)
        tell(f"the folder {folder} is back")


class _Passes:
    """Runs the indexer; one that failed is run again after a while."""

    def __init__(
        self, config: Config, embedder: Embedder, tell: Tell, ask_followed: Callable[[], int]
    ) -> None:
        self._config = config
        self._embedder = embedder
        self._tell = tell
        self._ask_followed = ask_followed
        self._pause = _LOOK
        self._again_at: float | None = None
        self._left_out = dict[str, str]()

    def due(self) -> bool:
        """Return whether a pass that failed should be tried again now."""
        return self._again_at is not None and time.monotonic() >= self._again_at

    def run(self) -> None:
        """Bring the index up to date and tell of it; an error is told, and tried again later."""
        try:
            summary = build_index(self._config, self._embedder)
        except (SourcebotError, OSError) as error:
            self._again_at = time.monotonic() + self._pause
            self._tell(f"not indexed: {error}; trying again in {self._pause:.0f} s")
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)
            return
        self._again_at, self._pause = None, _LOOK
        left_out = {error.path: error.message for error in summary.failed}
        fresh = dict(left_out.items() - self._left_out.items())
        self._left_out = left_out
        if summary.built or fresh:
            self._tell(_line(summary, fresh))
        self._follow()

    def _follow(self) -> None:
        """Ask the followed questions; what is new is counted here and shown by ``follow``."""
        try:
            news = self._ask_followed()
        except (SourcebotError, OSError) as error:
            self._tell(f"followed questions not asked: {error}; the next pass asks them")
            return
        if news:
            what = counted(news, "followed question has news", "followed questions have news")
            self._tell(f"{what}: `sourcebot follow` shows it")


def _changes(folder: Path) -> Iterator[bool]:
    """Yield True after each change that has settled, and False now and then.

    Ends when the folder is gone, or another one has taken its place.
    """
    try:
        watched = _identity(folder)
        for changes in watch_files(
            folder,
            watch_filter=lambda _, path: not _hidden(Path(path), folder),
            step=int(1000 * SETTLED),
            debounce=int(1000 * _LONGEST_UNREST),
            rust_timeout=int(1000 * _LOOK),
            yield_on_timeout=True,
            ignore_permission_denied=True,
        ):
            if _identity(folder) != watched:
                return
            yield bool(changes)
    except FileNotFoundError:
        return


def _identity(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino


def _hidden(path: Path, folder: Path) -> bool:
    """Return whether the indexer leaves a path out, such as an editor's temporary file."""
    inside = path.relative_to(folder) if path.is_relative_to(folder) else Path(path.name)
    return any(part.startswith(".") for part in inside.parts)


def _line(summary: Summary, fresh: dict[str, str]) -> str:
    """Return what a pass did as one line; ``fresh`` are the files newly left out, and why."""
    took = (
        f"{len(summary.added):,} added, {len(summary.changed):,} changed,"
        f" {len(summary.removed):,} removed; {counted(summary.articles, 'article')},"
        f" {counted(summary.paragraphs, 'paragraph')} ({summary.embedded:,} embedded)"
        f" in {summary.seconds:.1f} s"
    )
    reasons = [f"{name}: {reason}" for name, reason in sorted(fresh.items())]
    shown = "; ".join(reasons[:5]) + (f"; … {len(reasons) - 5:,} more" if len(reasons) > 5 else "")
    return f"{took}; left out {shown}" if reasons else took
