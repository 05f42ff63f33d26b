"""Reading in processes of its own: a file that crashes or bloats one costs only itself."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from sourcebot.errors import ExtractionError, SourcebotError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection

    from sourcebot.adding.model import Original

T = TypeVar("T")

MEMORY = 2 * 1024**3
"""Most address space of a worker in bytes, where the system can limit it."""

SECONDS = 120.0
"""Most time for one item."""


class Workers(Generic[T]):
    """A few processes that read originals. Used as a context manager."""

    def __init__(
        self,
        read: Callable[[Original], T],
        count: int = 0,
        *,
        seconds: float = SECONDS,
        memory: int = MEMORY,
    ) -> None:
        """Take how each item is read, by a function of a module; what it gives must be picklable.

        ``count`` is how many processes there may be (0: one per core), ``seconds`` and ``memory``
        (in bytes) are what each item may cost.
        """
        self._read = read
        self._count = count or os.cpu_count() or 1
        self._seconds = seconds
        self._memory = memory
        self._idle: list[_Worker[T]] = []
        self._busy: dict[Connection, _Worker[T]] = {}

    def __enter__(self) -> Self:
        """Return the workers themselves."""
        return self

    def __exit__(self, *_: object) -> None:
        """End all processes."""
        for worker in (*self._idle, *self._busy.values()):
            worker.end()

    def run(self, originals: Iterable[Original]) -> Iterator[tuple[Original, T | ExtractionError]]:
        """Yield each original with what was read of it, or why nothing was, as they are finished.

        Originals are taken one by one when a worker is free, so few are in memory at once.
        """
        for original in originals:
            while not self._idle and len(self._busy) >= self._count:
                yield from self._finished()
            worker = self._idle.pop() if self._idle else _Worker(self._read, self._memory)
            if worker.give(original, self._seconds):
                self._busy[worker.connection] = worker
            else:
                worker.end()
                yield original, ExtractionError("the process that reads it could not be started")
            yield from self._finished(block=False)
        while self._busy:
            yield from self._finished()

    def _finished(self, *, block: bool = True) -> Iterator[tuple[Original, T | ExtractionError]]:
        """Yield what is done by now; wait for at least one, or for one's time to be up."""
        now = time.monotonic()
        patience = min((w.deadline for w in self._busy.values()), default=now) - now
        for connection in wait(list(self._busy), max(0.0, patience) if block else 0):
            worker = self._busy.pop(connection)  # type: ignore[call-overload]
            result = worker.take()
            if result is None:
                worker.end()
                yield (
                    worker.original,
                    ExtractionError(
                        "reading it failed: the process needed too much memory or crashed",
                        "it may be damaged; save it anew or in another format",
                    ),
                )
            else:
                self._idle.append(worker)
                yield worker.original, result
        for connection, worker in list(self._busy.items()):
            if worker.deadline <= time.monotonic():
                del self._busy[connection]
                worker.end()
                yield (
                    worker.original,
                    ExtractionError(
                        f"reading it took more than {self._seconds:g} s",
                        "it may be damaged or made to hang; save it anew or in another format",
                    ),
                )


class _Worker(Generic[T]):
    """One process and the pipe to it."""

    original: Original
    deadline: float

    def __init__(self, read: Callable[[Original], T], memory: int) -> None:
        # Spawned, because forking a process that has threads may hang it.
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, read, memory), daemon=True)
        self._process.start()
        theirs.close()

    def give(self, original: Original, seconds: float) -> bool:
        """Hand over an original; False when the process has gone."""
        self.original = original
        self.deadline = time.monotonic() + seconds
        try:
            self.connection.send(original)
        except OSError:
            return False
        return True

    def take(self) -> T | ExtractionError | None:
        """Return what was made of the original, or None when the process has gone."""
        try:
            result: T | ExtractionError = self.connection.recv()
        except (EOFError, OSError):
            return None
        return result

    def end(self) -> None:
        self.connection.close()
        self._process.kill()
        self._process.join()
        self._process.close()


def _serve(connection: Connection, read: Callable[[Original], T], memory: int) -> None:
    """Read what comes down the pipe until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(memory)
    with contextlib.suppress(EOFError, OSError):
        while True:
            connection.send(what_was_read(read, connection.recv()))


def limit_memory(memory: int) -> None:
    """Bound the address space of this process in bytes, where the system can; no core dumps."""
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def what_was_read(read: Callable[[Original], T], original: Original) -> T | ExtractionError:
    """Return what is read of an original, or why nothing is."""
    try:
        return read(original)
    except SourcebotError as error:
        return ExtractionError(error.message, error.hint)
    except MemoryError:
        return ExtractionError("reading it needs too much memory", "split it, or save it anew")
    except RecursionError:
        return ExtractionError("its parts are nested too deeply", "save it in another format")
    except Exception as error:
        what = " ".join(str(error).split())[:120]
        return ExtractionError(
            f"it cannot be read: {type(error).__name__}{f': {what}' if what else ''}",
            "it may be damaged; save it anew or in another format",
        )
