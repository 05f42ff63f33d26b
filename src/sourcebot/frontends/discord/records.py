"""What is asked where, and what the store tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcebot.types import Filters, Reply


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
class KeptAnswer:
    """A reply as the store has it.

    Attributes:
        reply: what was answered, or why nothing was.
        filters: what the asker limited the articles to, without the scope of the place.
        message: the message that shows it to all, 0 when only its asker saw it.
        asker: the keyed hash of who asked.
        alike: what is equal for questions that count as one.
    """

    reply: Reply
    filters: Filters
    message: int
    asker: str
    alike: str


@dataclass(frozen=True, slots=True)
class FollowedHere:
    """A question that is followed by way of this bot.

    Attributes:
        number: its number in the project, which holds its words.
        place: where it was asked, with the roles of who followed it first.
        message: the message that its notices reply to.
        locale: the language in which it was followed.
        alike: what is equal for questions that count as one.
    """

    number: int
    place: Place
    message: int
    locale: str
    alike: str

    @property
    def key(self) -> str:
        """What the project calls the place."""
        return f"discord {self.place.channel}"


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that found no answer: how often and by how many people it was asked.

    ``waiting`` counts who follows it.
    """

    question: str
    reason: str
    times: int
    people: int
    last: float
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Complaint:
    """An answer that was reported or voted down."""

    question: str
    given: float
    helpful: int
    not_helpful: int
    reports: tuple[str, ...]
