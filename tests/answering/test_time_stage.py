"""Answers for the span of time that a question names."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from conftest import Project
from hypothesis import given
from hypothesis import strategies as st
from made_values import evidence_of

from sourcebot.answering.time_stage import FEATURES, columns_of, in_time
from sourcebot.text.periods import Period, without_periods
from sourcebot.types import Answer, Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sourcebot

OFFICE = """---
title: The mayors of Lowmere
published: 2022-01-09
---

Adele Brandt became mayor of Lowmere in 1998 and held the office until 2003.

From 2003 to 2011 Karl Vogt was the mayor of Lowmere.

Ines Haller has been the mayor of Lowmere since 2011.
"""
SPAN = Period(dt.date(2003, 1, 1), dt.date(2011, 12, 31))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sourcebot.Project]:
    """Index the article once."""
    project = Project(tmp_path_factory.mktemp("spans"))
    project.write("mayors.md", OFFICE)
    with project.opened() as opened:
        yield opened


@pytest.mark.parametrize(
    ("span", "name"),
    [
        ("from 1998 to 2003", "Brandt"),
        ("from 2003 to 2011", "Vogt"),
        ("from 2012 to 2015", "Haller"),
    ],
)
def test_the_one_of_that_time(archive: sourcebot.Project, span: str, name: str) -> None:
    """Of those who held an office the one of the span comes first, be it sure or not."""
    reply = archive.ask(f"Who was the mayor of Lowmere {span}?")
    first, *_ = reply.quotes if isinstance(reply, Answer) else reply.nearest
    assert name in first.text


def test_before_all_of_them(archive: sourcebot.Project) -> None:
    """For a span before everything that is told there is a refusal."""
    assert not isinstance(archive.ask("Who was the mayor of Lowmere from 1911 to 1914?"), Answer)


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("Who was mayor from 2003 to 2011?", "Who was mayor?"),
        ("From May 1963 to Oct 1966, who led it?", "who led it?"),
        ("Who led it between 1914 and 1918, and why?", "Who led it, and why?"),
        ("Who led it?", "Who led it?"),
    ],
)
def test_question_without_its_span(question: str, plain: str) -> None:
    """What is left is the question at whatever time."""
    assert without_periods(question) == plain


def candidates(*sentences: str, probability: float = 0.5) -> list[Candidate]:
    """Return a paragraph's sentences as candidates."""
    evidence = evidence_of(*sentences)
    spans = evidence.paragraph.sentences
    return [Candidate(evidence, span, probability, 0.0, {}, span) for span in spans]


def test_columns() -> None:
    """Each column says what its name says, of a sentence alone or of the one before it."""
    read = candidates(
        "She was mayor from 2003 to 2011.",
        "She liked the office.",
        "He was mayor until 1998.",
        "He did not like it.",
    )
    found = columns_of(read, candidates("She was mayor from 2003 to 2011."), SPAN)
    told = {name: found.matrix[:, n].tolist() for n, name in enumerate(FEATURES)}
    assert told["asked"] == [0.0] * 4
    assert told["better"] == [0.0] * 4
    np.testing.assert_allclose(told["without_probability"], [0.5, *[0.001] * 3])
    assert told["within"] == [1, 0, 0, 0]
    assert told["outside"] == [0, 0, 1, 0]
    assert told["within_before"] == [0, 1, 0, 0]
    assert told["outside_before"] == [0, 0, 0, 1]
    assert told["same_start"] == told["same_end"] == [1, 0, 0, 0]
    np.testing.assert_allclose(np.expm1(told["nearest_year"]), [0, 30, 5, 30])
    np.testing.assert_allclose(np.expm1(told["begun_before"]), [0, 60, 60, 60])
    assert told["behind_asked"] == [0.0] * 4
    assert told["behind_without"][1] < -5


def test_nothing_read() -> None:
    """Without candidates there are none."""
    assert in_time([], [], SPAN) == ()


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3), st.floats(0, 1), st.booleans())
def test_probability_rises_with_each_reading(
    chances: list[float], more: float, plain: bool
) -> None:
    """What is read with more probability, as asked or without the span, does not become less so."""
    sentences = ("She was mayor from 2003 to 2011.", "He was in 1998.", "It is a town.")
    read = [
        replace(candidate, probability=chance)
        for candidate, chance in zip(candidates(*sentences), chances, strict=True)
    ]
    raised = [replace(read[0], probability=max(more, chances[0])), *read[1:]]
    before = in_time(read, read, SPAN)
    after = in_time(read, raised, SPAN) if plain else in_time(raised, read, SPAN)

    def of_first(found: tuple[Candidate, ...]) -> float:
        return next(c.probability for c in found if c.span.start == 0)

    assert of_first(after) >= of_first(before) - 1e-12
    assert all(0 <= c.probability <= 1 for c in after)
