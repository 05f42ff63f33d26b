"""Many questions at once: each is answered or told to come again."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED

from sourcebot.answering.archive import Archive
from sourcebot.answering.gate import MOST_WAITING, Gate
from sourcebot.config.settings import Config
from sourcebot.errors import QuestionError, ServiceBusy
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


def test_load_is_what_there_is_to_do() -> None:
    """Those at work and those that wait are counted apart, whoever brings them, and let go."""
    gate, leave = Gate(at_once=2, waiting=4), threading.Event()
    begun = threading.Barrier(3)

    def job() -> bool:
        begun.wait(30)
        return leave.wait(30)

    futures = [gate.submit(job) for _ in range(2)]
    begun.wait(30)
    futures += [gate.submit(lambda: leave.wait(30)) for _ in range(3)]
    assert gate.load == (2, 3)
    assert futures[-1].cancel()
    assert gate.load == (2, 2)
    leave.set()
    for future in futures[:-1]:
        future.result(30)
    with gate:
        assert gate.load == (1, 0)
    with pytest.raises(ZeroDivisionError), gate:
        _ = 1 / 0
    assert gate.load == (0, 0)
    gate.close()


def test_observer_is_told_of_those_turned_away(shared_service: Service) -> None:
    """Of questions too many "busy" is told, of one that is none "bad_question", each once."""
    told: list[str] = []
    archive = Archive(Config(), service=shared_service)
    archive.observe(lambda measured: told.append(measured.outcome))
    archive.limit(1, 0)
    with archive._gate, pytest.raises(ServiceBusy):
        archive.ask(ANSWERED)
    with archive._gate, pytest.raises(ServiceBusy):
        archive.submit(ANSWERED)
    with pytest.raises(QuestionError):
        archive.ask("?")
    archive.ask(ANSWERED)
    assert told == ["busy", "busy", "bad_question", "answered"]


def test_many_questions_at_once(shared_service: Service) -> None:
    """Forty questions at once are all answered."""
    assert MOST_WAITING > 200
    with ThreadPoolExecutor(40) as pool:
        replies = list(pool.map(lambda _: shared_service.ask(ANSWERED), range(40)))
    assert all(isinstance(reply, Answer) for reply in replies)
