"""The composition root."""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED, BRIDGE, OFF_TOPIC

from sourcebot.errors import ConfigError, QuestionError
from sourcebot.text.questions import LONGEST_QUESTION, clean_question
from sourcebot.types import Abstention, AbstentionReason, Answer, Filters

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Project

    from sourcebot.answering.service import Service
    from sourcebot.embedding.embedder import OnnxEmbedder

STATED = [
    (ANSWERED, "3 March 2022"),
    ("How much will the repairs of the bridge cost?", "£2.4 million"),
    ("How many books does the Tarnwick library hold?", "84,000"),
    ("Who is the captain of the night ferry?", "Oskar Fjeld"),
    ("By what vote did the parish keep the library open on Sundays?", "20 to 12"),
    ("How many tonnes of heather honey were harvested on Mount Ansel?", "eleven tonnes"),
]


@pytest.mark.parametrize(("question", "fact"), STATED)
def test_what_is_stated_is_answered(shared_service: Service, question: str, fact: str) -> None:
    """A question whose answer stands in a small folder of articles is answered first thing."""
    reply = shared_service.ask(question)
    assert isinstance(reply, Answer)
    assert fact in reply.quotes[0].text


@pytest.mark.parametrize(
    "question",
    [OFF_TOPIC, "What is the boiling point of tungsten?", "Who won the cycling race in Bergamo?"],
)
def test_what_is_not_covered_is_refused(shared_service: Service, question: str) -> None:
    """A question on something else is refused as such, with the closest quotes."""
    reply = shared_service.ask(question)
    assert isinstance(reply, Abstention)
    assert reply.reason is AbstentionReason.NOTHING_RELEVANT
    assert 1 <= len(reply.nearest) <= 3


def test_one_article_is_enough(
    make_project: Callable[..., Project], tmp_path: Path, embedder: OnnxEmbedder
) -> None:
    """With a single short article, what it states is answered and what it does not is refused."""
    project = make_project(tmp_path / "project", {"bridge.md": BRIDGE})
    project.index(embedder)
    service = project.service()
    assert isinstance(service.ask(ANSWERED), Answer)
    assert isinstance(service.ask(OFF_TOPIC), Abstention)


def test_quotes_are_verbatim(shared_service: Service, shared_project: Project) -> None:
    """Every quote stands in its file at its offsets, inside its paragraph."""
    for question, _ in [*STATED, (OFF_TOPIC, "")]:
        reply = shared_service.ask(question)
        for quote in reply.quotes if isinstance(reply, Answer) else reply.nearest:
            path = shared_project.sources / quote.source.path
            with path.open(encoding=quote.source.encoding, newline="") as stream:
                text = stream.read()
            assert quote.span.of(text) == quote.text
            assert quote.paragraph_span.of(text) == quote.paragraph
            assert quote.paragraph_span.start <= quote.words.start
            assert quote.span.end <= quote.paragraph_span.end


def test_copies_are_one_quote(shared_service: Service) -> None:
    """The sentence that two outlets carry is quoted once, with both."""
    reply = shared_service.ask(ANSWERED)
    assert isinstance(reply, Answer)
    first = reply.quotes[0]
    assert {s.path for s in (first.source, *first.also)} == {"bridge.md", "copy.md"}


def test_filters_reach_the_answer(shared_service: Service) -> None:
    """With a filter only the allowed articles are quoted."""
    reply = shared_service.ask(ANSWERED, Filters(publisher="Northern"))
    assert isinstance(reply, Answer)
    assert {(q.source.path, q.also) for q in reply.quotes} == {("copy.md", ())}


@pytest.mark.parametrize(
    ("filters", "named"),
    [
        (Filters(publisher="The Quay Gazete"), ["publisher", "The Quay Gazette"]),
        (Filters(source="brigde.md"), ["source", "bridge.md"]),
        (Filters(since=dt.date(2030, 1, 1)), ["2022-03-04", "2023-09-12"]),
        (
            Filters(since=dt.date(2022, 2, 2), until=dt.date(2022, 1, 1)),
            ["2022-02-02", "2022-01-01"],
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_filters_that_leave_nothing(
    shared_service: Service, filters: Filters, named: list[str]
) -> None:
    """A filter that leaves no article is an error that says what there is, not an abstention."""
    with pytest.raises(QuestionError) as caught:
        shared_service.ask(ANSWERED, filters)
    for part in named:
        assert part in str(caught.value)


@pytest.mark.parametrize("question", ["", "   ", "?!…", "\n\t", "—"])
def test_empty_questions(shared_service: Service, question: str) -> None:
    """A question without words is refused with an example."""
    with pytest.raises(QuestionError, match="empty"):
        shared_service.ask(question)


def test_overlong_questions() -> None:
    """A question longer than is read is refused with its length; the longest is not."""
    assert clean_question("a" * LONGEST_QUESTION) == "a" * LONGEST_QUESTION
    with pytest.raises(QuestionError, match="1,001"):
        clean_question("a" * (LONGEST_QUESTION + 1))


def test_questions_are_put_on_one_line() -> None:
    """White space and halves of characters do no harm in a question."""
    assert clean_question("  Why\n\tnot\udcff? ") == "Why not??"


def test_nothing_indexed(
    make_project: Callable[..., Project], tmp_path: Path, embedder: OnnxEmbedder
) -> None:
    """With no articles at all the reason says so."""
    project = make_project(tmp_path / "project", {})
    project.index(embedder)
    reply = project.service().ask(ANSWERED)
    assert isinstance(reply, Abstention)
    assert reply.reason is AbstentionReason.NOTHING_INDEXED


def test_first_index_is_built_by_itself(project: Project) -> None:
    """Opening the service of a project without an index builds it, and says so and what was left out."""
    from sourcebot.answering.opening import open_service

    project.write("empty.md", b"")
    told: list[str] = []
    service = open_service(project.config, told.append, lambda *_: None)
    assert len(service.articles()) == 5
    assert any("no index yet" in line for line in told)
    assert any("empty.md" in line and "empty" in line for line in told)


def test_no_sources_folder(make_project: Callable[..., Project], tmp_path: Path) -> None:
    """Without sources nothing is built, and the error says where they belong."""
    project = make_project(tmp_path / "project", {})
    project.sources.rmdir()
    with pytest.raises(ConfigError, match="no sources folder"):
        project.service()


def test_context(shared_service: Service) -> None:
    """Around a quote stand its neighbours, in reading order."""
    reply = shared_service.ask("How much will the repairs of the bridge cost?")
    assert isinstance(reply, Answer)
    around = shared_service.context(reply.quotes[0], 1)
    assert [p.ordinal for p in around] == [1, 2, 3]
    assert around[1].text == reply.quotes[0].paragraph
    assert len(shared_service.context(reply.quotes[0], 0)) == 1


def test_context_after_a_change(project: Project, embedder: OnnxEmbedder) -> None:
    """When the article was changed since, its old context is refused instead of shown wrong."""
    project.index(embedder)
    service = project.service()
    reply = service.ask("How much will the repairs of the bridge cost?")
    quotes = reply.quotes if isinstance(reply, Answer) else reply.nearest
    project.write("bridge.md", BRIDGE.replace("---\nThe old", "---\nAn opening. The old"))
    project.index(embedder)
    with pytest.raises(QuestionError, match="has changed"):
        service.context(quotes[0], 1)


def test_threads(project: Project, embedder: OnnxEmbedder) -> None:
    """Many threads may ask while the index is replaced; every reply is whole and verbatim."""
    project.index(embedder)
    service = project.service()
    wrong: list[object] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                reply = service.ask(ANSWERED)
                quotes = reply.quotes if isinstance(reply, Answer) else reply.nearest
                if "3 March 2022" not in quotes[0].text:
                    wrong.append(reply)
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(4):
        project.write(f"n{number}.md", f"# Note\n\nNote number {number} of the day.\n")
        project.index(embedder)
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(service.articles()) == 9
