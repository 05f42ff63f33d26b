"""What is asked where, and what the store tells of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is asked.

    ``server`` is 0 in direct messages, ``parent`` 0 outside threads.
    """

    server: int
    channel: int
    parent: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that found no answer: how often and by how many people it was asked."""

    question: str
    reason: str
    times: int
    people: int
    last: float


@dataclass(frozen=True, slots=True)
class Complaint:
    """An answer that was reported or voted down."""

    question: str
    given: float
    helpful: int
    not_helpful: int
    reports: tuple[str, ...]
