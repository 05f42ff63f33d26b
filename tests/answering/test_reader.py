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
from sourcebot.answering.reader_model import ReaderModel, Reading
from sourcebot.answering.stages import JUDGE_COLUMNS, READER_COLUMNS, packaged
from sourcebot.answering.window_model import WEIGHTS
from sourcebot.answering.windows import sentences_of, windows_of
from sourcebot.articles.files import parse_article
from sourcebot.articles.paragraphs import segment
from sourcebot.errors import ModelError
from sourcebot.text.terms import terms_of
from sourcebot.types import Answer, Evidence, Paragraph, Retrieval, Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from conftest import Project

    from sourcebot.answering.reader_model import Reading
    from sourcebot.answering.service import Service
    from sourcebot.answering.windows import Sentence, Window
    from sourcebot.embedding.embedder import OnnxEmbedder


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


def test_off(project: Project, embedder: OnnxEmbedder) -> None:
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


def test_judge_opened_when_first_asked(
    shared_service: Service, small: Counted, tmp_path: Path
) -> None:
    """Not opened at once, it is opened by the first question that needs it, and then answers."""
    folder = tmp_path / "judge"
    reader = LearnedReader(small, Judge(folder, at_once=False))
    shutil.copytree(str(WEIGHTS / "judge"), folder)
    first, *_ = reader.read(found(shared_service, NOT_STATED))
    assert "judge" in first.features


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
    windows: list[tuple[tuple[Sentence, ...], ...]] = [
        (window,) for window in windows_of(sentences)
    ]
    promise = {sentence.number: -sentence.number for sentence in sentences}
    chosen = best_windows(windows, promise, words)
    assert chosen[0][0][0].number == 0
    sizes = [sum(len(s.text.split()) for s in same[0]) for same in chosen]
    assert len(chosen) == 1 or sum(sizes) <= words
    assert len(set(chosen)) == len(chosen)


def columns(
    question: str,
    text: str,
    title: str = "T",
    heading: str = "",
    spoken: tuple[str, str] = ("", ""),
) -> dict[str, float]:
    """Return the columns of a paragraph of one sentence; ``spoken`` are both languages."""
    span = Span(0, len(text))
    paragraph = Paragraph(1, "a.md", 1, heading, span, text, (span,))
    asked, told = spoken
    source = replace(evidence(1, "a.md", [1], 0).source, title=title, language=told)
    weights = dict.fromkeys(terms_of(question), 1.0)
    found = (Evidence(paragraph, source, 0.0, 0.5, 0.0, ()),)
    retrieval = Retrieval(question, weights, found, asked, across=bool(asked))
    return dict(zip(FEATURES, sentence_features(retrieval)[0], strict=True))


@pytest.mark.parametrize(
    ("question", "text", "spoken", "missing"),
    [
        ("Who leads Norvik?", "The company laid off sailors.", ("en", "en"), 1),
        ("¿Quién dirige Norvik?", "La empresa despidió a marineros.", ("es", "es"), 1),
        ("Wer leitet Norvik?", "The company laid off sailors.", ("de", "en"), 0),
        ("Кто правит Норвиком?", "Директор Норвика уволен.", ("ru", "ru"), 0),
        ("Wer leitet die Werft?", "Sie entließ Matrosen.", ("de", "de"), 0),
    ],
)
def test_names_are_compared_where_they_are_written_alike(
    question: str, text: str, spoken: tuple[str, str], missing: int
) -> None:
    """Not across languages, nor where they stand in cases or all nouns have capitals."""
    found = columns(question, text, spoken=spoken)
    assert (found["proper_missing"], found["proper_apart"]) == (missing, missing)


@pytest.mark.parametrize(
    ("question", "text", "spoken", "lacking"),
    [
        ("Wann wurde sie gesperrt?", "Sie wurde wegen Rost gesperrt.", ("de", "de"), 1),
        ("Wann wurde sie gesperrt?", "Sie wurde im März gesperrt.", ("de", "de"), 0),
        ("Wann wurde sie gesperrt?", "It was closed in March.", ("de", "en"), 0),
        ("什么时候关闭的？", "It was closed for its rust.", ("zh", "en"), 1),
        ("When was it closed?", "该桥因生锈而关闭。", ("en", "zh"), 1),
    ],
)
def test_facts_are_looked_for_in_any_language(
    question: str, text: str, spoken: tuple[str, str], lacking: int
) -> None:
    """The question says in its language what is asked for, the sentence in its own what it holds."""
    assert columns(question, text, spoken=spoken)["date_lacking"] == lacking


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
        ("Who was mayor in 2019?", "Brandt has been mayor since 2019.", "year_apart", 0),
        ("When was Reyle born?", "Reyle came to town in 1921.", "event_lacking", 1),
        ("when was reyle born", "Reyle came to town in 1921.", "event_lacking", 1),
        ("In what year did Reyle die?", "In 1926 he rented a loft.", "event_lacking", 1),
        ("When did Reyle die?", "Tomas Reyle (1898 – 1961) was a painter.", "event_lacking", 0),
        (
            "When was Reyle born?",
            "Tomas Reyle (born in Ulm; 1898–1961) painted.",
            "event_lacking",
            0,
        ),
        ("How many people died?", "Fourteen people were injured.", "event_lacking", 1),
        ("How many people died?", "Three drowned, and two were hurt.", "event_lacking", 0),
        ("How many people died?", "Nobody was killed.", "event_lacking", 0),
        ("How many were injured?", "Three of the crew drowned.", "event_lacking", 1),
        ("When did she marry?", "Her wedding was in 1901.", "event_lacking", 0),
        ("When did she marry?", "She moved to Hull in 1901.", "event_lacking", 1),
        ("How old was she when she died?", "She was 87.", "event_lacking", 0),
        ("When was the mill opened?", "It closed in 1966.", "event_lacking", 0),
        ("What did Voss say?", "Voss did not resign.", "speech_lacking", 1),
        ("What did Voss say?", "“I stay,” answered Voss.", "speech_lacking", 0),
        ("What did Voss say?", "Voss denied it.", "speech_lacking", 0),
        ("What did Voss do?", "Voss did not resign.", "speech_lacking", 0),
        ("Why did they cut the fund?", "They cut the fund by half.", "reason_lacking", 1),
        ("Why did they move to cut it?", "They moved to cut it by half.", "reason_lacking", 1),
        ("Why did they cut the fund?", "They cut the fund to save tax.", "reason_lacking", 0),
        ("Why is the tower closed?", "Its handrail is rusty.", "reason_lacking", 0),
        ("When did Conrad Marwood die?", "Ilse Marwood died in 1952.", "namesake", 1),
        ("When did Ilse Marwood die?", "Ilse Marwood died in 1952.", "namesake", 0),
        ("When did Ilse Marwood die?", "Marwood died in 1952.", "namesake", 0),
        ("When did Conrad Marwood die?", "Ilse, Conrad's child, died in 1952.", "namesake", 0),
        ("When did Hull's General Board die?", "Ulm's General Board died.", "namesake", 0),
        ("Why not knead the dough long?", "Knead it long, or it turns tough.", "reason_lacking", 0),
        ("When did Queen Victoria die?", "Old Victoria died in 1901.", "namesake", 0),
        ("Where are Elm-Oak-San Marcos?", "Elm, Oak, and San Marcos lie inland.", "namesake", 0),
        ("When did San Pedro burn?", "Santa Pedro burnt in 1901.", "namesake", 0),
    ],
)
def test_details_that_do_not_fit(question: str, text: str, column: str, value: float) -> None:
    """Years, numbers and names of the question that stand nowhere around are told."""
    assert columns(question, text)[column] == value


def test_names_above_a_sentence_count() -> None:
    """Of "she died" the title says who died, and a heading which event it is."""
    asked, told = "When did Conrad Marwood die?", "It was on 8 October 1952."
    named = columns(asked, told, title="Ilse Marwood", heading="Death")
    assert (named["namesake"], named["event_lacking"]) == (1, 0)
    assert columns(asked, told, title="Conrad Marwood")["namesake"] == 0


def test_a_year_that_stands_elsewhere() -> None:
    """The year of another sentence around is not the year of a sentence that has its own."""
    texts = ("In 1950 the mill was old.", "It had a strike.", "It had 640 workers in 1913.")
    text = " ".join(texts)
    ends = [len(" ".join(texts[: n + 1])) for n in range(3)]
    spans = tuple(Span(end - len(t), end) for t, end in zip(texts, ends, strict=True))
    paragraph = Paragraph(1, "a.md", 1, "", Span(0, len(text)), text, spans)
    source = replace(evidence(1, "a.md", [1], 0).source, published=None)
    found = (Evidence(paragraph, source, 0.0, 0.5, 0.0, ()),)
    matrix = sentence_features(Retrieval("How many workers had it in 1950?", {}, found))
    assert matrix[:, FEATURES.index("year_apart")].tolist() == [0, 0, 1]
    assert not matrix[:, FEATURES.index("years_missing")].any()


@pytest.mark.parametrize(
    ("question", "heading", "value"),
    [
        ("Can somebody stay with my child?", "Can somebody stay with my child?", 1),
        ("can my child stay with somebody", "Can somebody stay with my child?", 1),
        ("Can somebody stay?", "Can somebody stay with my child?", 0),
        ("Can somebody stay with my dog?", "Can somebody stay with my child?", 0),
        ("Opening hours", "Opening hours", 0),
    ],
)
def test_a_heading_that_asks_the_question(question: str, heading: str, value: float) -> None:
    """What stands first below the very question is its answer, the rest perhaps."""
    told = columns(question, "One parent may.", heading=heading)
    assert told["asked_above"] == value


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
    question = "What do Adults pay in York?"
    weights = dict.fromkeys(terms_of(question), 1.0)
    retrieval = Retrieval(question, weights, (Evidence(paragraph, source, 0.0, 0.5, 0.0, ()),))
    basel, york = sentence_features(retrieval)
    for name, values in {
        "proper_missing": (1 / 2, 0),
        "proper_apart": (1 / 2, 0),
        "cell_asked": (0, 1),
    }.items():
        assert (basel[FEATURES.index(name)], york[FEATURES.index(name)]) == values, name


def test_columns_are_named() -> None:
    """No evidence gives no row; the packaged stages know every column."""
    assert sentence_features(Retrieval("Why?", {}, ())).shape == (0, len(FEATURES))
    assert packaged().choosing.columns == FEATURES
