"""Answers as of a day, and for the span of time that a question names."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from conftest import Project

from sourcebot.answering.validity import Validity, asked_range, validity
from sourcebot.text.periods import Period
from sourcebot.types import Answer, Filters

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sourcebot

OLD = """---
title: Fees of the Holm pool
published: 2019-04-02
---

A day ticket for the Holm pool costs £4, the pool's manager Dana Wirth said.
"""
NEW = """---
title: Holm pool raises its fees
published: 2024-04-05
---

A day ticket for the Holm pool costs £7, the pool's manager Dana Wirth said.
"""
DAY = Period(dt.date(2021, 1, 1), dt.date(2021, 12, 31))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sourcebot.Project]:
    """Index the articles once."""
    project = Project(tmp_path_factory.mktemp("validity"))
    project.write("old.md", OLD)
    project.write("new.md", NEW)
    with project.opened() as opened:
        yield opened


def test_later_articles_stand_beside(archive: sourcebot.Project) -> None:
    """As of a day only what was published by then answers; what came later is told apart."""
    question = "How much does a day ticket for the Holm pool cost?"
    reply = archive.ask(question, Filters(as_of=dt.date(2021, 6, 30)))
    assert isinstance(reply, Answer)
    assert [q.source.path for q in reply.quotes] == ["old.md"]
    assert [q.source.path for q in reply.later] == ["new.md"]
    now = archive.ask(question)
    assert isinstance(now, Answer)
    assert now.later == ()
    assert {q.source.path for q in now.quotes} == {"old.md", "new.md"}


def test_before_everything_nothing_is_known(archive: sourcebot.Project) -> None:
    """No article of that day or before: no answer."""
    reply = archive.ask(
        "How much does a day ticket for the Holm pool cost?", Filters(as_of=dt.date(2001, 1, 1))
    )
    assert not isinstance(reply, Answer)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("She has been mayor since 2019.", Validity.WITHIN),
        ("She was mayor from 2003 to 2011.", Validity.OUTSIDE),
        ("She left the council in 2010.", Validity.OUTSIDE),
        ("She is mayor of Holm.", Validity.UNKNOWN),
    ],
)
def test_validity(sentence: str, expected: Validity) -> None:
    """Stated for the time, for another, or for none."""
    assert validity(sentence, DAY) is expected


def test_spans_of_questions() -> None:
    """A span counts; a single year is left to the reader."""
    assert asked_range("Who was mayor from 2003 to 2011?") == Period(
        dt.date(2003, 1, 1), dt.date(2011, 12, 31)
    )
    assert asked_range("Who was mayor in 2003?") is None
