"""The cascade of small reader and judge."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from conftest import ANSWERED, NOT_STATED, OFF_TOPIC
from hypothesis import given
from hypothesis import strategies as st
from test_windows import evidence

from sourcebot.answering.features import FEATURES, sentence_features
from sourcebot.answering.reader import (
    HOPELESS,
    SURE,
    Judge,
    LearnedReader,
    best_windows,
    settled,
)
from sourcebot.answering.reader_model import ReaderModel
from sourcebot.answering.stages import JUDGE_COLUMNS, READER_COLUMNS, packaged
from sourcebot.answering.window_model import WEIGHTS
from sourcebot.answering.windows import sentences_of, windows_of
from sourcebot.articles.files import parse_article
from sourcebot.articles.paragraphs import segment
from sourcebot.errors import ModelError
from sourcebot.types import Answer, Evidence, Paragraph, Retrieval, Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from conftest import Project

    from sourcebot.answering.reader_model import Reading
    from sourcebot.answering.service import Service
    from sourcebot.answering.windows import Window


class Counted:
    """A real reader that notes how many words it was given, question by question."""

    def __init__(self, name: str) -> None:
        """Open the reader of that name."""
        self._model = ReaderModel(name=name)
        self.words: list[int] = []

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        """Read, and note."""
        self.words.append(sum(len(s.text.split()) for window in windows for s in window))
        return self._model.read(question, windows)


@pytest.fixture(scope="module")
def small() -> Counted:
    """The small reader."""
    return Counted("reader")


@pytest.fixture(scope="module")
def judge() -> Counted:
    """The judge."""
    return Counted("judge")


def found(service: Service, question: str) -> Retrieval:
    """Return the evidence for a question."""
    return service.ask_with_evidence(question)[1]


def test_both_read(shared_service: Service, small: Counted, judge: Counted) -> None:
    """A question that is open goes to the judge, whose logits are among the scores."""
    retrieval = found(shared_service, NOT_STATED)
    judge.words.clear()
    candidates = LearnedReader(small, judge).read(retrieval)
    assert len(judge.words) == 1
    assert set(JUDGE_COLUMNS) < set(candidates[0].features)
    alone = LearnedReader(small).read(retrieval)
    assert not set(JUDGE_COLUMNS) - set(READER_COLUMNS) & set(alone[0].features)
    assert set(READER_COLUMNS) < set(alone[0].features)


def test_the_judge_is_not_asked_in_vain(
    shared_service: Service, small: Counted, judge: Counted
) -> None:
    """Where nothing comes near an answer, the small reader alone refuses."""
    judge.words.clear()
    candidates = LearnedReader(small, judge).read(found(shared_service, OFF_TOPIC))
    assert judge.words == []
    assert candidates[0].probability <= HOPELESS


def test_budgets_of_words(shared_service: Service, small: Counted, judge: Counted) -> None:
    """Neither reads more than it may, save a first window that is longer."""
    small.words.clear()
    judge.words.clear()
    LearnedReader(small, judge, words=60, judged_words=30).read(found(shared_service, ANSWERED))
    assert small.words[0] <= 110
    assert not judge.words or judge.words[0] <= 110


def test_off(project: Project, embedder: object) -> None:
    """With `[reader] judge = "off"` no judge is opened, and plain questions are answered still."""
    config = project.folder / "config.toml"
    config.write_text('[reader]\njudge = "off"\n', "utf-8")
    project.index(embedder)
    reply = project.service().ask(ANSWERED)
    assert isinstance(reply, Answer)
    assert "judge" not in reply.quotes[0].features


def test_damaged_judge(shared_service: Service, small: Counted, tmp_path: Path) -> None:
    """A judge that is not as published is an error of the model when it is needed."""
    folder = tmp_path / "judge"
    shutil.copytree(str(WEIGHTS / "judge"), folder)
    (folder / "judge.onnx").write_bytes(b"no graph")
    reader = LearnedReader(small, Judge(folder))
    with pytest.raises(ModelError, match="damaged"):
        reader.read(found(shared_service, NOT_STATED))


def test_nothing_found(small: Counted, judge: Counted) -> None:
    """Without evidence there are no candidates."""
    assert LearnedReader(small, judge).read(Retrieval("Why?", {}, ())) == ()


@given(
    st.lists(st.floats(-20, 20), min_size=1, max_size=8),
    st.lists(st.floats(0, 1), min_size=8, max_size=8),
)
def test_settled_only_where_nothing_is_open(logits: list[float], chances: list[float]) -> None:
    """The judge is left out only where the best is sure and ahead, or hopeless."""
    order, probable = np.array(logits), np.array(chances[: len(logits)])
    best = probable[int(np.argmax(order))]
    if settled(order, probable):
        assert best >= SURE or best <= HOPELESS
    else:
        assert best > HOPELESS


@given(
    st.lists(st.lists(st.integers(1, 60), min_size=1, max_size=5), min_size=1, max_size=8),
    st.integers(1, 300),
)
def test_best_windows_keep_to_the_budget(lengths: list[list[int]], words: int) -> None:
    """The windows chosen fit into the budget, unless it is the one that promises most."""
    paragraphs = tuple(
        evidence(10 * number, f"{number}.md", sizes, 0) for number, sizes in enumerate(lengths)
    )
    sentences = sentences_of(Retrieval("q", {}, paragraphs))
    windows = [(window,) for window in windows_of(sentences)]
    promise = {sentence.number: -sentence.number for sentence in sentences}
    chosen = best_windows(windows, promise, words)
    assert chosen[0][0][0].number == 0
    sizes = [sum(len(s.text.split()) for s in same[0]) for same in chosen]
    assert len(chosen) == 1 or sum(sizes) <= words
    assert len(set(chosen)) == len(chosen)


def columns(question: str, text: str, title: str = "T", heading: str = "") -> dict[str, float]:
    """Return the columns of a paragraph of one sentence."""
    span = Span(0, len(text))
    paragraph = Paragraph(1, "a.md", 1, heading, span, text, (span,))
    source = replace(evidence(1, "a.md", [1], 0).source, title=title)
    retrieval = Retrieval(question, {}, (Evidence(paragraph, source, 0.0, 0.5, 0.0, ()),))
    return dict(zip(FEATURES, sentence_features(retrieval)[0], strict=True))


@pytest.mark.parametrize(
    ("question", "text", "column", "value"),
    [
        ("Who was mayor in 2010?", "Brandt has been mayor since 2019.", "years_missing", 1),
        ("Who was mayor in 2010?", "Brandt has been mayor since 2019.", "other_year", 1),
        ("Who was mayor in 2019?", "Brandt has been mayor since 2019.", "years_missing", 0),
        ("Did 1,480 homes burn?", "It damaged 1\u202f480 houses.", "numbers_missing", 0),
        ("Did 1,480 homes burn?", "It damaged 212 houses.", "other_number", 1),
        ("Who leads Norvik?", "The company laid off 40 sailors.", "proper_missing", 1),
        ("Who leads Norvik?", "Norvik's director is Ingrid Salo.", "proper_missing", 0),
        ("How long is it to Hull?", "The crossing to Fanholm is long.", "place_missing", 1),
        ("How long is it to Hull?", "The crossing is very long.", "place_missing", 1),
        ("How long is it to Hull?", "To Hull or to Fanholm it is long.", "place_missing", 0),
        ("Who was mayor in 2020?", "Brandt has been mayor since 2019.", "years_missing", 0),
        ("Who leads Norvik?", "The company laid off 40 sailors.", "proper_apart", 1),
        ("Is the bridge open?", "Is the bridge open?", "asks", 1),
    ],
)
def test_details_that_do_not_fit(question: str, text: str, column: str, value: float) -> None:
    """Years, numbers and names of the question that stand nowhere around are told."""
    assert columns(question, text)[column] == value


def test_title_and_heading_count_as_surroundings() -> None:
    """What the title or the heading names is not missing."""
    asked, told = "Who was mayor of Lowmere in 2010?", "It was Brandt."
    assert columns(asked, told)["proper_missing"] == 1
    named = columns(asked, told, title="Lowmere", heading="Mayors in 2010")
    assert named["proper_missing"] == 0
    assert named["years_missing"] == 0


def test_a_row_is_judged_by_itself() -> None:
    """What the rows beside it name says nothing about a row of a table; its header's cells do."""
    text = "| Town | Adults | Pupils |\n|---|---|---|\n| Basel | 16 | 8 |\n| York | 9 | 4 |\n"
    (table,) = segment(parse_article("a.md", text.encode())[0])
    rows = table.span.of(text)
    paragraph = Paragraph(1, "a.md", 1, "", table.span, rows, table.sentences, table=table.table)
    source = evidence(1, "a.md", [1], 0).source
    retrieval = Retrieval(
        "What do Adults pay in York?", {}, (Evidence(paragraph, source, 0.0, 0.5, 0.0, ()),)
    )
    basel, york = sentence_features(retrieval)
    for name, values in {
        "proper_missing": (1 / 2, 0),
        "proper_apart": (1 / 2, 0),
    }.items():
        assert (basel[FEATURES.index(name)], york[FEATURES.index(name)]) == values, name


def test_columns_are_named() -> None:
    """No evidence gives no row; the packaged stages know every column."""
    assert sentence_features(Retrieval("Why?", {}, ())).shape == (0, len(FEATURES))
    assert packaged().choosing.columns == FEATURES
