"""Questions that wait for an answer, and what became of them."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (pydantic reads the annotations)
from dataclasses import dataclass
from enum import StrEnum

from sourcebot.types import Filters, Reply  # noqa: TC001 (as above)


class Happened(StrEnum):
    """What became of a followed question."""

    ANSWERED = "answered"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Followed:
    """A question that is asked again at each index.

    Attributes:
        number: its number in the project.
        question: as it was asked.
        filters: which articles may answer it.
        place: where its notices belong, such as a Discord channel; "" for the terminal.
        since: when following began.
        muted: whether its notices are kept back.
        answered: whether the articles answered when it was last asked.
    """

    number: int
    question: str
    filters: Filters
    place: str
    since: dt.datetime
    muted: bool
    answered: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """Something new about a followed question; each is given once."""

    number: int
    followed: Followed
    happened: Happened
    reply: Reply
