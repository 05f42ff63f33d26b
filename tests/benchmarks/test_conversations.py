"""The sets of follow-up questions hold together."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.conversations.__main__ import Asked, Turn, read_set, table
from sourcebot.types import Abstention, AbstentionReason

HERE = Path(__file__).parents[2] / "benchmarks" / "conversations"


FIRST_KINDS = {"opener", "pronoun", "ellipsis", "change", "correction", "unclear"}
ALL_KINDS = FIRST_KINDS | {"bare", "whole", "comparison"}


@pytest.mark.parametrize(
    ("name", "least", "kinds_"),
    [
        ("first", 60, FIRST_KINDS),
        ("later", 40, FIRST_KINDS),
        ("fifth", 60, ALL_KINDS),
        ("sixth", 60, ALL_KINDS),
        ("seventh", 50, ALL_KINDS - {"comparison"}),
    ],
)
def test_what_is_expected_stands_in_the_articles(name: str, least: int, kinds_: set[str]) -> None:
    """Every expected answer is a piece of an article on its subject; openers begin conversations."""
    conversations = read_set(HERE / f"{name}.jsonl")
    kinds = Counter(turn.kind for turns in conversations for turn in turns)
    assert set(kinds) == kinds_
    assert kinds.total() - kinds["opener"] >= least
    for turns in conversations:
        assert turns[0].kind in {"opener", "unclear"}
        for turn in turns:
            texts = [(HERE / "articles" / file).read_text("utf-8") for file in turn.about]
            for answer in turn.answers:
                assert any(answer in text for text in texts), (turn.question, answer)


def test_the_table_counts() -> None:
    """Each turn is counted for its kind and, unless it opens, in the sum."""
    refused = Abstention("?", AbstentionReason.NOT_STATED, (), 0.0)
    opener = Turn("opener", "When?", "When?", ("1412",), ("a.md",))
    unclear = Turn("unclear", "And it?", "And it?", (), ())
    shown = table([Asked(opener, refused, refused), Asked(unclear, refused, refused)])
    assert "| opener | 1 | 0 (0%) | 1 (100%) | 0 (0%) | 0 (0%) | 0 (0%) |" in shown
    assert "| all follow-ups | 1 | 1 (100%) | 0 (0%) | 0 (0%) | 0 (0%) | 1 (100%) |" in shown
