"""How many questions a minute one person may ask."""

from __future__ import annotations

import time
from collections import OrderedDict

_MOST_KNOWN = 10_000
_BURST = 0.25
"""Share of a minute's questions that may come at once, but ten in any case."""


class RateLimit:
    """A bucket for each person that fills evenly; for one event loop, not thread-safe."""

    def __init__(self, per_minute: int) -> None:
        """Take how many a minute may be asked; 0 for no limit."""
        self._rate = per_minute / 60
        self._most = max(min(10.0, per_minute), _BURST * per_minute)
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, who: str) -> int:
        """Count a question and return 0, or return how many seconds to wait before the next."""
        if not self._rate:
            return 0
        now = time.monotonic()
        left, before = self._left.pop(who, (self._most, now))
        left = min(self._most, left + (now - before) * self._rate)
        allowed = left >= 1
        self._left[who] = (left - allowed, now)
        if len(self._left) > _MOST_KNOWN:
            self._left.popitem(last=False)
        return 0 if allowed else int((1 - left) / self._rate) + 1
