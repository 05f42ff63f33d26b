"""Many questions at once: each is answered or told to come again."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED

from sourcebot.answering.gate import MOST_WAITING, Gate
from sourcebot.errors import ServiceBusy
from sourcebot.types import Answer

if TYPE_CHECKING:
    from sourcebot.answering.service import Service


def test_gate_is_bounded() -> None:
    """No more than allowed are inside, the next wait, others are turned away, and all is given back."""
    gate = Gate(at_once=2, waiting=3)
    inside, most, leave = [], [], threading.Event()

    def enter() -> bool:
        try:
            with gate:
                inside.append(1)
                most.append(len(inside))
                leave.wait(30)
                inside.pop()
        except ServiceBusy as error:
            assert "3 questions are waiting" in error.message
            leave.set()
            return False
        return True

    for _ in range(2):
        leave.clear()
        with ThreadPoolExecutor(6) as pool:
            results = list(pool.map(lambda _: enter(), range(6)))
        assert results.count(False) == 1
        assert max(most) == 2
    with pytest.raises(ZeroDivisionError), gate:
        _ = 1 / 0
    assert Gate(1, 0).__enter__()


def test_many_questions_at_once(shared_service: Service) -> None:
    """Forty questions at once are all answered."""
    assert MOST_WAITING > 200
    with ThreadPoolExecutor(40) as pool:
        replies = list(pool.map(lambda _: shared_service.ask(ANSWERED), range(40)))
    assert all(isinstance(reply, Answer) for reply in replies)
