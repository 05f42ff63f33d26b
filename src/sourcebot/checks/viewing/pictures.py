"""Pictures of pages from a process of its own: a file that crashes it costs only itself."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from sourcebot.adding.workers import limit_memory
from sourcebot.checks.viewing.pages import Picture, draw_page
from sourcebot.checks.viewing.standing import digest_of
from sourcebot.errors import ExtractionError, SourcebotError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

__all__ = ["Picture", "Pictures"]

MEMORY = 2 * 1024**3
"""Most address space of the process in bytes, where the system can limit it."""

SECONDS = 20.0
"""Most time for one page."""

STARTING = 120.0
"""Most time until the process has started, which on a busy machine takes longer than any page."""

_KEPT = 32


class Pictures:
    """Draws pages, one at a time, and keeps the last ones; thread-safe."""

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        """Take what a page may cost; the process starts with the first one."""
        self._seconds = seconds
        self._memory = memory
        self._lock = threading.Lock()
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._drawn: OrderedDict[tuple[str, str, str], Picture] = OrderedDict()

    def draw(self, data: bytes, page: str, words: str) -> Picture:
        """Return the picture of a page of a PDF file with ``words`` boxed.

        Raises:
            NotFound: when there is no such page.
            ExtractionError: when it cannot be drawn, or takes too long.
        """
        key = (digest_of(data), page, words)
        with self._lock:
            if found := self._drawn.get(key):
                self._drawn.move_to_end(key)
                return found
            result = self._ask(data, page, words)
            if isinstance(result, SourcebotError):
                raise result
            self._drawn[key] = result
            if len(self._drawn) > _KEPT:
                self._drawn.popitem(last=False)
            return result

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _ask(self, data: bytes, page: str, words: str) -> Picture | SourcebotError:
        try:
            connection = self._started()
            if connection is None:
                return ExtractionError(f"page {page} cannot be drawn: its process does not start")
            connection.send((data, page, words))
            if not connection.poll(self._seconds):
                self._end()
                return ExtractionError(f"drawing page {page} took more than {self._seconds:g} s")
            result: Picture | SourcebotError = connection.recv()
        except (EOFError, OSError):
            self._end()
            return ExtractionError(f"drawing page {page} needed too much memory or crashed")
        return result

    def _started(self) -> Connection | None:
        """Return the pipe to the process that draws; None when it does not start in time."""
        if self._connection is None or self._process is None or not self._process.is_alive():
            self._end()
            # Spawned, because forking a process that has threads may hang it.
            context = multiprocessing.get_context("spawn")
            self._connection, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs, self._memory), daemon=True)
            self._process.start()
            theirs.close()
            if not self._connection.poll(STARTING):
                self._end()
                return None
            self._connection.recv()
        return self._connection

    def _end(self) -> None:
        if self._connection:
            self._connection.close()
        if self._process:
            self._process.kill()
            self._process.join()
            self._process.close()
        self._connection = self._process = None


def _serve(connection: Connection, memory: int) -> None:
    """Draw what comes down the pipe until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import pypdfium2  # noqa: F401 (what a page needs is loaded before its time runs)

    limit_memory(memory)
    with contextlib.suppress(EOFError, OSError):
        connection.send("ready")
        while True:
            connection.send(_drawn(*connection.recv()))


def _drawn(data: bytes, page: str, words: str) -> Picture | SourcebotError:
    try:
        return draw_page(data, page, words)
    except SourcebotError as error:
        return error
    except MemoryError:
        return ExtractionError(f"drawing page {page} needs too much memory")
    except Exception as error:
        return ExtractionError(f"page {page} cannot be drawn: {type(error).__name__}")
