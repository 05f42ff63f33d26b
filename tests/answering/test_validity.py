"""Answers as of a day, and for the span of time that a question names."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from conftest import Project

from sourcebot.answering.validity import Validity, asked_range, validity
from sourcebot.frontends.cli.plain import lines_of
from sourcebot.render.as_json import reply_to_dict
from sourcebot.render.transcript import transcript
from sourcebot.text.periods import Period
from sourcebot.types import Abstention, Answer, Filters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


def test_a_refusal_tells_later_articles_apart(archive: sourcebot.Project) -> None:
    """What was published after the day is no near quote: it stands apart, and is called later."""
    question = "How much does a day ticket for the Holm pool cost?"
    reply = archive.ask(question, Filters(as_of=dt.date(2001, 1, 1)))
    assert isinstance(reply, Abstention)
    assert reply.nearest == ()
    assert {q.source.path for q in reply.later} == {"old.md", "new.md"}
    for lines in (list(lines_of(reply)), transcript([reply], dt.date(2026, 1, 1)).splitlines()):
        assert sum(line.startswith("later: ") for line in lines) == 2
    assert [q["source"]["file"] for q in reply_to_dict(reply)["later"]] == [
        q.source.path for q in reply.later
    ]


def test_copies_of_later_days_are_not_named(tmp_path: Path) -> None:
    """As of a day nobody can have known that another paper would print the same words."""
    project = Project(tmp_path)
    project.write("old.md", OLD)
    project.write("copy.md", OLD.replace("2019-04-02", "2024-04-02").replace("Fees", "The fees"))
    with project.opened() as opened:
        question = "How much does a day ticket for the Holm pool cost?"
        reply = opened.ask(question, Filters(as_of=dt.date(2021, 1, 1)))
    assert isinstance(reply, Answer)
    assert [(q.source.path, q.also) for q in reply.quotes] == [("old.md", ())]


def test_values_that_differ_as_of_a_day(tmp_path: Path) -> None:
    """Two articles that were known on the day and differ are set side by side then, too."""
    project = Project(tmp_path)
    project.write("old.md", OLD)
    other = OLD.replace("£4", "£5").replace("Fees of", "A visit to").replace("2019-04", "2019-06")
    project.write("other.md", other)
    project.write("new.md", NEW)
    with project.opened() as opened:
        question = "How much does a day ticket for the Holm pool cost?"
        reply = opened.ask(question, Filters(as_of=dt.date(2021, 1, 1)))
    assert isinstance(reply, Answer)
    assert reply.conflict is not None
    assert {group.value for group in reply.conflict.groups} == {"£4", "£5"}


def test_the_newest_report_known_then_comes_first(tmp_path: Path) -> None:
    """Of two that answer, the one that was the last word on the day is quoted first."""
    project = Project(tmp_path)
    project.write("old.md", OLD)
    project.write("new.md", NEW)
    question = "How much does a day ticket for the Holm pool cost?"
    with project.opened() as opened:
        reply = opened.ask(question, Filters(as_of=dt.date(2025, 1, 1)))
    assert isinstance(reply, Answer)
    assert [q.source.path for q in reply.quotes] == ["new.md", "old.md"]
    assert reply.confidence == reply.quotes[0].probability


def test_a_date_that_lies_ahead_answers_when(tmp_path: Path) -> None:
    """What was planned on the day is told as it was planned then."""
    project = Project(tmp_path)
    plan = "The Holm pool will get a new roof in May 2021, said the pool's manager Dana Wirth."
    project.write("plan.md", f"---\ntitle: A roof\npublished: 2019-03-01\n---\n\n{plan}\n")
    with project.opened() as opened:
        question = "When will the Holm pool get a new roof?"
        reply = opened.ask(question, Filters(as_of=dt.date(2020, 1, 1)))
    assert isinstance(reply, Answer)
    assert "May 2021" in reply.quotes[0].text


def test_what_was_planned_on_a_day(tmp_path: Path) -> None:
    """Asked for a plan, a sentence answers that names a day still to come; for a state, less so."""
    project = Project(tmp_path)
    project.write(
        "plan.md",
        "---\ntitle: A new ferry for Holm\npublished: 2024-05-14\n---\n\n"
        "The new ferry of Holm will cost £4.2 million and is to sail in September 2025.\n",
    )
    project.write(
        "later.md",
        "---\ntitle: Ferry of Holm dearer\npublished: 2025-03-02\n---\n\n"
        "The new ferry of Holm will cost £5.8 million and is to sail in April 2026.\n",
    )
    with project.opened() as opened:
        reply = opened.ask(
            "How much will the new ferry of Holm cost?", Filters(as_of=dt.date(2024, 12, 31))
        )
    assert isinstance(reply, Answer)
    assert [q.source.path for q in reply.quotes] == ["plan.md"]
    assert [q.source.path for q in reply.later] == ["later.md"]
