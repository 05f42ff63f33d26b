"""How many questions are worked on at once, and how many may wait."""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Self, TypeVar

from sourcebot.errors import ServiceBusy

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")

MOST_WAITING = 256
"""About as many as are answered within half a minute on two cores; later ones are told so."""


class Gate:
    """Lets a bounded number of questions in, some more wait, and turns others away.

    A thread that asks waits in it (a context manager); a program that must not wait hands its
    question over with ``submit``. Both count together. More at work than there are cores only
    cost memory.
    """

    def __init__(self, at_once: int = 0, waiting: int = MOST_WAITING) -> None:
        """Let ``at_once`` in, 0 for one more than there are cores."""
        self._at_once = at_once or (os.cpu_count() or 1) + 1
        self._inside = threading.Semaphore(self._at_once)
        self._places = threading.Semaphore(self._at_once + waiting)
        self._waiting = waiting
        self._workers: ThreadPoolExecutor | None = None
        self._starting = threading.Lock()

    def __enter__(self) -> Self:
        """Wait for a turn.

        Raises:
            ServiceBusy: when too many wait already.
        """
        self._take_place()
        self._inside.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        """Let the next one in."""
        self._inside.release()
        self._places.release()

    def submit(self, job: Callable[[], Result]) -> Future[Result]:
        """Run a job on a thread of the gate's own when its turn comes, and return at once.

        Raises:
            ServiceBusy: when too many wait already.
        """
        self._take_place()
        try:
            future = self._pool().submit(self._in_turn, job)
        except BaseException:
            self._places.release()
            raise
        future.add_done_callback(lambda _: self._places.release())  # also when it is cancelled
        return future

    def close(self) -> None:
        """Let what has begun go on, and cancel the jobs that wait; a later one starts anew."""
        with self._starting:
            workers, self._workers = self._workers, None
        if workers:
            workers.shutdown(wait=False, cancel_futures=True)

    def _take_place(self) -> None:
        if not self._places.acquire(blocking=False):
            raise ServiceBusy(f"{self._waiting} questions are waiting already", "ask again soon")

    def _pool(self) -> ThreadPoolExecutor:
        with self._starting:
            self._workers = self._workers or ThreadPoolExecutor(self._at_once, "answer")
            return self._workers

    def _in_turn(self, job: Callable[[], Result]) -> Result:
        with self._inside:
            return job()
