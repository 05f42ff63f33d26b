"""How long the stages of a question take: told to who watches an archive, and to nobody else."""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from sourcebot.errors import QuestionError, ServiceBusy
from sourcebot.types import Answer, Measured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sourcebot.types import Observe, Reply

SEARCH, READ, COMPOSE = "search", "read", "compose"
"""The stages: finding evidence, judging its sentences, and making a reply of them."""

_stages: ContextVar[dict[str, float] | None] = ContextVar("stages", default=None)


@contextmanager
def timed(stage: str) -> Iterator[None]:
    """Count what is done meanwhile to a stage of the question that this thread answers."""
    stages = _stages.get()
    began = time.perf_counter()
    try:
        yield
    finally:
        if stages is not None:
            stages[stage] = stages.get(stage, 0.0) + time.perf_counter() - began


def measured(answer: Callable[[], Reply], observe: Observe | None, began: float) -> Reply:
    """Return a reply, and tell ``observe`` how the question fared.

    ``began`` is when it came, by ``time.perf_counter``: what has passed since then was waiting.
    """
    if observe is None:
        return answer()
    stages: dict[str, float] = {}
    token = _stages.set(stages)
    waited = time.perf_counter() - began
    outcome = "error"
    try:
        reply = answer()
        outcome = "answered" if isinstance(reply, Answer) else reply.reason.value
        return reply
    except QuestionError:
        outcome = "bad_question"
        raise
    finally:
        _stages.reset(token)
        observe(Measured(outcome, waited, time.perf_counter() - began, stages))


@contextmanager
def told_when_busy(observe: Observe | None, began: float) -> Iterator[None]:
    """Tell ``observe`` of a question that is turned away because too many wait."""
    try:
        yield
    except ServiceBusy:
        if observe:
            waited = time.perf_counter() - began
            observe(Measured("busy", waited, waited, {}))
        raise
