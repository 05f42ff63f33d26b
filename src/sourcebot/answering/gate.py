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
        self._counting = threading.Lock()
        self._taken = self._working = 0
        self._workers: ThreadPoolExecutor | None = None
        self._starting = threading.Lock()

    def __enter__(self) -> Self:
        """Wait for a turn.

        Raises:
            ServiceBusy: when too many wait already.
        """
        self._take_place()
        self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        """Let the next one in."""
        self._end()
        self._leave_place()

    @property
    def load(self) -> tuple[int, int]:
        """How many are worked on, and how many wait."""
        with self._counting:
            return self._working, max(0, self._taken - self._working)

    def submit(self, job: Callable[[], Result]) -> Future[Result]:
        """Run a job on a thread of the gate's own when its turn comes, and return at once.

        Raises:
            ServiceBusy: when too many wait already.
        """
        self._take_place()
        try:
            future = self._pool().submit(self._in_turn, job)
        except BaseException:
            self._leave_place()
            raise
        future.add_done_callback(lambda _: self._leave_place())  # also when it is cancelled
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
        with self._counting:
            self._taken += 1

    def _leave_place(self) -> None:
        with self._counting:
            self._taken -= 1
        self._places.release()

    def _begin(self) -> None:
        self._inside.acquire()
        with self._counting:
            self._working += 1

    def _end(self) -> None:
        with self._counting:
            self._working -= 1
        self._inside.release()

    def _pool(self) -> ThreadPoolExecutor:
        with self._starting:
            self._workers = self._workers or ThreadPoolExecutor(self._at_once, "answer")
            return self._workers

    def _in_turn(self, job: Callable[[], Result]) -> Result:
        self._begin()
        try:
            return job()
        finally:
            self._end()
