"""Followed questions and notices -> words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcebot.render.wording import day
from sourcebot.text.display import one_line
from sourcebot.types.waiting import Happened

if TYPE_CHECKING:
    from sourcebot.types.waiting import Followed, Notice

HAPPENED = {
    Happened.ANSWERED: "The articles now answer",
    Happened.CHANGED: "The articles now answer differently",
    Happened.WITHDRAWN: "The articles no longer answer",
}


def notice_line(notice: Notice) -> str:
    """Return what became of a followed question, on one line."""
    followed = notice.followed
    return f"{HAPPENED[notice.happened]} question {followed.number}: {one_line(followed.question)}"


def followed_line(followed: Followed) -> str:
    """Return a followed question with its number and state, on one line."""
    state = "answered" if followed.answered else "waiting"
    muted = ", muted" if followed.muted else ""
    place = f", for {one_line(followed.place)}" if followed.place else ""
    since = day(followed.since.date())
    return (
        f"{followed.number}  {one_line(followed.question)} ({state}{muted}, since {since}{place})"
    )
