"""What is asked where, and what the store tells of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where, and with which roles, something is asked.

    ``server`` is 0 in direct messages, ``parent`` 0 outside threads; ``roles`` begin with the
    highest.
    """

    server: int
    channel: int
    parent: int = 0
    roles: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A message or interaction that was taken and is not answered yet.

    ``token`` is the interaction's, "" for messages; ``taken`` is in seconds since 1970.
    """

    id: int
    taken: float
    server: int
    channel: int
    token: str
    locale: str


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
