"""Measuring the answers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_values import quote_of

from sourcebot.checks.calibration import expected_error, plot, write_threshold
from sourcebot.checks.counts import by_kind, by_language
from sourcebot.checks.evaluation import (
    Case,
    Outcome,
    auroc,
    bins,
    evaluate,
    measures,
    read_cases,
    suggest_threshold,
    worst,
)
from sourcebot.config.loading import load_config
from sourcebot.errors import EvaluationError
from sourcebot.types import Span

if TYPE_CHECKING:
    from pathlib import Path

    from sourcebot.answering.service import Service


def outcome(
    *, right: bool = True, answerable: bool = True, confidence: float = 0.5, answered: bool = True
) -> Outcome:
    """Return what became of a question."""
    case = Case("q?", ("yes",) if answerable else (), ("a.md",) if answerable else ())
    text = "Oh yes, it is." if right else "Not at all."
    quote = quote_of(text, probability=confidence, words=Span(0, 2))
    return Outcome(case, answered, confidence, (quote,), 1 if right else 0, 0.01)


@pytest.mark.parametrize(
    ("answer", "quote", "accepted"),
    [
        ("20 votes to 12", "It passed by 20 votes to 12.", True),
        ("toxic culture", "a “Toxic   culture”, they said", True),
        ("art", "the party", False),
        ("*", "anything", True),
        ("U.S.", "in the U.S. today", True),
        ("1943", "in 1934", False),
        ("裂缝", "因为工程师在主梁上发现了裂缝。", True),
        ("2022年3月3日", "旧桥于2022年 3月 3日关闭。", True),
        ("รอยร้าว", "วิศวกรพบรอยร้าวในคาน", True),
        ("木梁", "两根主梁上发现了裂缝", False),
        ("bei", "Beijing 北京", False),
    ],
)
def test_answers_are_compared_by_words(answer: str, quote: str, accepted: bool) -> None:
    """Case, punctuation and spacing do not matter; whole words do, where there are any."""
    assert Case("q", (answer,), ()).accepts(quote) is accepted


def test_figures() -> None:
    """Each figure counts what its name says."""
    found = measures(
        [
            outcome(confidence=0.9),
            outcome(right=False, confidence=0.8),
            outcome(confidence=0.2, answered=False),
            outcome(right=False, answerable=False, confidence=0.7),
            outcome(right=False, answerable=False, confidence=0.1, answered=False),
        ]
    )
    assert found["questions"] == 5
    assert found["answerable"] == 3
    assert found["hit@1"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["answered_right"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["refused_answerable"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["refused_unanswerable"] == 0.5
    assert found["wrong_among_answered"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["auroc"] == pytest.approx(5 / 6, abs=1e-4)
    assert found["recall@1"] == pytest.approx(2 / 3, abs=1e-4)


def test_kinds_are_counted() -> None:
    """Of each kind, what was answered or refused rightly counts as right."""
    named = [
        replace(o, case=replace(o.case, kind="who"))
        for o in (
            outcome(),
            outcome(answered=False),
            outcome(answerable=False, right=False, answered=False),
            outcome(right=False),
        )
    ]
    assert by_kind([*named, outcome()]) == {"who": {"questions": 4, "right": 2, "refused": 2}}
    spoken = [replace(o, language="de about en") for o in named]
    counted = {"questions": len(named), "right": 2, "refused": 2}
    assert by_language([*spoken, outcome()]) == {"de about en": counted}


def test_calibration_error() -> None:
    """Sure and right, unsure and wrong are no error; half sure and always right is half of one."""
    good = [outcome(confidence=1.0)] * 4 + [outcome(right=False, confidence=0.0)] * 4
    assert expected_error(bins(good)) == 0
    half = [outcome(confidence=0.5)] * 4
    assert expected_error(bins(half)) == pytest.approx(0.5)
    assert measures([*good, *half])["calibration_error"] == pytest.approx(0.5 / 3, abs=1e-4)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=50))
def test_bins_hold_all_questions(pairs: list[tuple[bool, float]]) -> None:
    """Every question is in one tenth, and the error lies between 0 and 1."""
    found = bins([outcome(right=right, confidence=c) for right, c in pairs])
    assert sum(tenth.count for tenth in found) == len(pairs)
    assert 0 <= expected_error(found) <= 1
    assert [t.confidence for t in found] == sorted(t.confidence for t in found)


def test_reliability_is_drawn(tmp_path: Path) -> None:
    """The picture is a PNG; a folder that is not there is an error."""
    pytest.importorskip("matplotlib")
    outcomes = [outcome(confidence=n / 20, right=n % 2 == 0) for n in range(20)]
    plot(outcomes, tmp_path / "drawn.png")
    assert (tmp_path / "drawn.png").read_bytes()[:4] == b"\x89PNG"
    with pytest.raises(EvaluationError, match="cannot be written"):
        plot(outcomes, tmp_path / "nowhere" / "drawn.png")


def test_nothing_to_measure_is_none() -> None:
    """Where no question is to be refused, what needs some is None."""
    found = measures([outcome()])
    assert found["auroc"] is None
    assert found["refused_unanswerable"] is None


@given(st.lists(st.floats(0, 1), min_size=1), st.lists(st.floats(0, 1), min_size=1))
def test_auroc_is_symmetric(one: list[float], other: list[float]) -> None:
    """Swapping the sides gives the complement."""
    forth, back = auroc(one, other), auroc(other, one)
    assert forth is not None
    assert back is not None
    assert forth + back == pytest.approx(1, abs=2e-4)


@given(
    st.lists(st.tuples(st.booleans(), st.floats(0.002, 0.998)), min_size=1, max_size=40),
    st.floats(0, 1),
)
def test_suggested_threshold_keeps_its_promise(
    pairs: list[tuple[bool, float]], rate: float
) -> None:
    """Among the answers at the suggested threshold at most the wished-for share is wrong."""
    outcomes = [outcome(right=right, confidence=round(c, 2) or 0.01) for right, c in pairs]
    threshold = suggest_threshold(outcomes, rate)
    if threshold is None:
        best = max(o.confidence for o in outcomes)
        top = [o for o in outcomes if o.confidence == best]
        assert sum(not o.right for o in top) > rate * len(top)
    else:
        answered = [o for o in outcomes if o.confidence >= threshold]
        assert sum(not o.right for o in answered) <= rate * len(answered)


def test_worst_are_the_surest_mistakes() -> None:
    """Wrong answers come first, the surest ahead; then refusals, the least sure ahead."""
    found = worst(
        [
            outcome(confidence=0.99),
            outcome(right=False, confidence=0.6),
            outcome(right=False, confidence=0.9),
            outcome(confidence=0.1, answered=False),
        ],
        3,
    )
    assert [o.confidence for o in found] == [0.9, 0.6, 0.1]


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("{", "line 2"),
        ("[]", "question"),
        ('{"question": " "}', "question"),
        ('{"question": "q", "answers": "a"}', "answers"),
        ('{"question": "q", "answers": [1]}', "answers"),
        ('{"question": "q", "answers": ["?!"]}', "without words"),
        ('{"question": "q", "sources": {}}', "sources"),
        ('{"question": "q", "answer": ["a"]}', 'unknown key "answer"; valid: question, answers'),
        ('{"question": "q", "kind": 1}', '"kind" in line 2'),
        ("[" * 100_000, "line 2"),
    ],
)
def test_bad_lines_are_named(tmp_path: Path, line: str, named: str) -> None:
    """A line that cannot be used is named with its number and what is wrong."""
    path = tmp_path / "q.jsonl"
    path.write_text('{"question": "fine?"}\n' + line + "\n", "utf-8")
    with pytest.raises(EvaluationError, match=named):
        read_cases(path)


def test_missing_and_empty_files(tmp_path: Path) -> None:
    """A file that is not there or holds nothing is an error."""
    with pytest.raises(EvaluationError, match="cannot be read"):
        read_cases(tmp_path / "none.jsonl")
    (tmp_path / "empty.jsonl").write_text("\n\n", "utf-8")
    with pytest.raises(EvaluationError, match="no questions"):
        read_cases(tmp_path / "empty.jsonl")


def test_real_questions(shared_service: Service) -> None:
    """Questions about the articles are measured through the real service."""
    cases = [
        Case(
            "When was the old harbour bridge at Lowmere closed?", ("3 March 2022",), ("bridge.md",)
        ),
        Case("Who won the chess tournament in Reykjavik?", (), ()),
    ]
    outcomes = evaluate(shared_service, cases, lambda *_: None)
    found = measures(outcomes)
    assert found["hit@1"] == 1
    assert found["recall@5"] == 1
    assert found["auroc"] == 1


def test_threshold_is_written_beside_comments(tmp_path: Path) -> None:
    """Writing a threshold keeps the rest of config.toml, comments included."""
    path = tmp_path / "config.toml"
    path.write_text("# mine\n[answer]\nquotes = 2  # few\nthreshold = 0.9\n", "utf-8")
    write_threshold(tmp_path, 0.25)
    assert path.read_text("utf-8") == "# mine\n[answer]\nquotes = 2  # few\nthreshold = 0.25\n"
    assert load_config(tmp_path, {}).answer.threshold == 0.25


def test_threshold_is_written_to_a_new_file(tmp_path: Path) -> None:
    """Without a config.toml one is made."""
    write_threshold(tmp_path, 0.25)
    assert load_config(tmp_path, {}).answer.threshold == 0.25


def test_case_lines(tmp_path: Path) -> None:
    """A line may leave out answers and sources; a byte order mark does no harm."""
    path = tmp_path / "q.jsonl"
    lines = [{"question": "a?", "answers": ["b"], "sources": ["c.md"]}, {"question": "d?"}]
    path.write_text("\ufeff" + "\n".join(map(json.dumps, lines)), "utf-8")
    assert read_cases(path) == (Case("a?", ("b",), ("c.md",)), Case("d?", (), ()))
