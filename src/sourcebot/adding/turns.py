"""One process at a time changes the sources and the ledger."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from sourcebot.errors import SourcebotError
from sourcebot.files import remove_leftovers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcebot.config.settings import Config

_LOCK = ".lock"


@contextmanager
def taking_turns(config: Config) -> Iterator[None]:
    """Keep other processes from adding and removing; clear away what a killed one left.

    Two at once could choose the same name for different articles.

    Raises:
        SourcebotError: when another process is at work, or the folder cannot be written.
    """
    folder = config.originals_folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = FileLock(folder / _LOCK).acquire(timeout=0)
    except Timeout as error:
        raise SourcebotError(
            "another process is adding or removing articles", "wait for it to finish"
        ) from error
    except OSError as error:
        raise SourcebotError(
            f"{folder} cannot be written: {error.strerror or error}",
            "make it writable, or name another folder in [add] of config.toml",
        ) from error
    with held:
        remove_leftovers(config.sources_folder)
        remove_leftovers(folder)
        yield
