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

    from sourcebot.embedding.embedder import OnnxEmbedder

KINDS = Path(__file__).parents[2] / "benchmarks" / "kinds"
CASES = read_cases(KINDS / "questions.jsonl")
SAMPLE = CASES[::4]
FLOOR = 0.85
"""Share of the sample's answerable questions whose first quote must answer; 29 of 31 did."""

WANTED = {
    *("who", "when", "where", "how many", "how much", "why", "how", "yes/no", "who is"),
    *("comparison", "list", "table", "heading", "near-miss year", "near-miss place"),
    *("near-miss person", "near-miss number", "near-miss thing", "off topic"),
}


def test_the_set_is_whole() -> None:
    """At least 120 questions of all kinds, none twice, over at least 15 articles; answers stand there."""
    assert len({case.question for case in CASES}) == len(CASES) >= 120
    assert {case.kind for case in CASES} == WANTED
    articles = [normalized(path.read_text("utf-8")) for path in (KINDS / "sources").iterdir()]
    assert len(articles) >= 15
    for case in CASES:
        assert case.answerable != case.kind.startswith(("near-miss", "off topic"))
        for answer in case.answers:
            assert any(f" {normalized(answer)} " in f" {text} " for text in articles), answer


@pytest.mark.slow
def test_a_sample_is_answered(project: Project, embedder: OnnxEmbedder) -> None:
    """Of every fourth question of the set nearly all are answered by the first quote."""
    shutil.rmtree(project.sources)
    shutil.copytree(KINDS / "sources", project.sources)
    project.index(embedder)
    service = project.service()
    asked = [case for case in SAMPLE if case.answerable]
    wrong = []
    for case in asked:
        reply = service.ask(case.question)
        if not isinstance(reply, Answer) or not case.accepts(reply.quotes[0].text):
            wrong.append(case.question)
    assert len(wrong) <= (1 - FLOOR) * len(asked), wrong
