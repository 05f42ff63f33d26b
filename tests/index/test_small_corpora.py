"""A handful of articles must do: what is answered does not hang on how much else is indexed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.text.answer_types import held
from sourcebot.text.terms import FEW_PARAGRAPHS, term_weight
from sourcebot.types import Abstention, Answer, AnswerType

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Project

    from sourcebot.answering.service import Service
    from sourcebot.embedding.embedder import OnnxEmbedder

MILL = """Fire destroys the old mill at Orrin

The old mill at Orrin burned down in the night to Sunday. Nobody was hurt, the fire brigade said.

The fire was caused by a heater that workers had left running in the drying room, inspector Lena Harrow said on Monday.

The mill, built in 1874, had been bought by the town last year for 310,000 euros. The mayor wants to decide in June whether it will be rebuilt.
"""


@pytest.fixture(scope="module")
def alone(
    make_project: Callable[..., Project],
    embedder: OnnxEmbedder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Service:
    """The service of a project with one short article."""
    folder: Path = tmp_path_factory.mktemp("mill") / "project"
    project = make_project(folder, {"mill.txt": MILL})
    project.index(embedder)
    return project.service()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What caused the mill fire at Orrin?", "heater"),
        ("When was the mill built?", "1874"),
        ("How much did the town pay for the mill?", "310,000 euros"),
        ("Was anybody hurt?", "Nobody was hurt"),
    ],
)
def test_one_article_answers(alone: Service, question: str, words: str) -> None:
    """Plain questions to a single short article are answered."""
    reply = alone.ask(question)
    assert isinstance(reply, Answer)
    assert words in reply.quotes[0].text


@pytest.mark.parametrize(
    "question",
    [
        "Who is the mayor of Orrin?",
        "How many workers did the mill have?",
        "Who owned the mill before the town?",
        "Which chess opening did Capablanca prefer?",
    ],
)
def test_one_article_does_not_answer_all(alone: Service, question: str) -> None:
    """What it does not state is refused, though hardly anything else is there to compare with."""
    assert isinstance(alone.ask(question), Abstention)


@given(st.integers(1, 10**9), st.data())
def test_weights_of_terms(count: int, data: st.DataObject) -> None:
    """Rarer terms weigh more, none weighs nothing, and few paragraphs count as a hundred."""
    frequency = data.draw(st.integers(0, count))
    weight = term_weight(count, frequency)
    assert weight > 0
    assert frequency == 0 or term_weight(count, frequency - 1) > weight
    assert count > FEW_PARAGRAPHS or weight == term_weight(FEW_PARAGRAPHS, frequency)


@pytest.mark.parametrize(
    "text", ["the mayor of orrin, lena harrow", "市长王芳", "THE MAYOR, ADA BRANDT"]
)
def test_names_without_capitals(text: str) -> None:
    """Where capitals do not tell names from other words, nothing is said of names; dates are seen."""
    assert held(AnswerType.NAME, text, "") is None
    assert held(AnswerType.DATE, text, "") is False
    assert held(AnswerType.NAME, "The mayor, Ada Brandt", "") is True
