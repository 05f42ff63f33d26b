"""Questions of every kind about the invented articles of benchmarks/kinds: a floor for the answers."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sourcebot.checks.evaluation import normalized, read_cases
from sourcebot.types import Answer

if TYPE_CHECKING:
    from conftest import Project

    from sourcebot.answering.service import Service
    from sourcebot.embedding.embedder import OnnxEmbedder

KINDS = Path(__file__).parents[2] / "benchmarks" / "kinds"
CASES = read_cases(KINDS / "questions.jsonl")
LATER = read_cases(KINDS / "later.jsonl")
SAMPLE = CASES[::4]
NEAR_MISSES = [
    case
    for case in (*CASES, *LATER)
    if case.kind in {"near-miss year", "near-miss place", "near-miss person"}
]
REFUSED_FLOOR = 0.8
"""Share of every third of these that must be refused; of all of them 43 of 47 were."""

FLOOR = 0.85
"""Share of the sample's answerable questions whose first quote must answer; 29 of 31 did."""

WANTED = {
    *("who", "when", "where", "how many", "how much", "why", "how", "yes/no", "who is"),
    *("comparison", "list", "table", "heading", "near-miss year", "near-miss place"),
    *("near-miss person", "near-miss number", "near-miss thing", "off topic"),
}


def test_the_set_is_whole() -> None:
    """At least 120 questions of all kinds, none twice, over at least 15 articles; answers stand there."""
    asked = (*CASES, *LATER)
    assert len(CASES) >= 120
    assert len({case.question for case in asked}) == len(asked)
    assert {case.kind for case in CASES} == WANTED
    articles = [normalized(path.read_text("utf-8")) for path in (KINDS / "sources").iterdir()]
    assert len(articles) >= 15
    for case in asked:
        assert case.answerable != case.kind.startswith(("near-miss", "off topic"))
        for answer in case.answers:
            assert any(f" {normalized(answer)} " in f" {text} " for text in articles), answer


def asked_of_the_articles(project: Project, embedder: OnnxEmbedder) -> Service:
    """Return the service over the invented articles."""
    shutil.rmtree(project.sources)
    shutil.copytree(KINDS / "sources", project.sources)
    project.index(embedder)
    return project.service()


@pytest.mark.slow
def test_a_sample_is_answered(project: Project, embedder: OnnxEmbedder) -> None:
    """Of every fourth question of the set nearly all are answered by the first quote."""
    service = asked_of_the_articles(project, embedder)
    asked = [case for case in SAMPLE if case.answerable]
    wrong = []
    for case in asked:
        reply = service.ask(case.question)
        if not isinstance(reply, Answer) or not case.accepts(reply.quotes[0].text):
            wrong.append(case.question)
    assert len(wrong) <= (1 - FLOOR) * len(asked), wrong


@pytest.mark.slow
def test_another_year_place_or_person_is_refused(project: Project, embedder: OnnxEmbedder) -> None:
    """Nearly all questions about another year, place or person than the articles' are refused."""
    service = asked_of_the_articles(project, embedder)
    asked = NEAR_MISSES[::3]
    wrong = [case.question for case in asked if isinstance(service.ask(case.question), Answer)]
    assert len(wrong) <= (1 - REFUSED_FLOOR) * len(asked), wrong
