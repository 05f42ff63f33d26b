"""How many questions are worked on at once, and how many may wait."""

from __future__ import annotations

import os
import threading
from typing import Self

from sourcebot.errors import ServiceBusy

MOST_WAITING = 256
"""About as many as are answered within half a minute on two cores; later ones are told so."""


class Gate:
    """Lets a bounded number of threads in, some more wait, and turns others away.

    Used as a context manager. More at work than there are cores only cost memory.
    """

    def __init__(self, at_once: int = 0, waiting: int = MOST_WAITING) -> None:
        """Let ``at_once`` threads in, 0 for one more than there are cores."""
        inside = at_once or (os.cpu_count() or 1) + 1
        self._inside = threading.Semaphore(inside)
        self._places = threading.Semaphore(inside + waiting)
        self._waiting = waiting

    def __enter__(self) -> Self:
        """Wait for a turn.

        Raises:
            ServiceBusy: when too many wait already.
        """
        if not self._places.acquire(blocking=False):
            raise ServiceBusy(f"{self._waiting} questions are waiting already", "ask again soon")
        self._inside.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        """Let the next one in."""
        self._inside.release()
        self._places.release()
