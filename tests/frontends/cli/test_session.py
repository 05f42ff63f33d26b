"""A chat's lines: conversations, words without a slash, blocks, saving, plain lines."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED, OFF_TOPIC, run_cli
from rich.console import Console

from sourcebot.frontends.cli.session import HELP, Session, questions_in
from sourcebot.types import Filters

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Project


@pytest.fixture
def session(shared_project: Project) -> Session:
    """A chat whose lines go into memory."""
    console = Console(file=io.StringIO(), width=10_000, soft_wrap=True, highlight=False)
    return Session(shared_project.opened(), console, shared_project.sources)


def shown(session: Session) -> str:
    """Return what was shown since the last call."""
    file = session.console.file
    assert isinstance(file, io.StringIO)
    text = file.getvalue()
    file.seek(0)
    file.truncate()
    return text


def test_a_question_refers_to_the_one_before(session: Session) -> None:
    """The reply says what it was taken to mean; after /new nothing is left to refer to."""
    session.handle(ANSWERED)
    shown(session)
    session.handle("How much will its repairs cost?")
    text = shown(session)
    assert text.startswith("Taken as: How much will the old harbour bridge’s repairs cost?\n")
    assert "£2.4 million" in text
    session.handle("/new")
    shown(session)
    session.handle("How much will its repairs cost?")
    assert "not clear what this question refers to" in shown(session)


@pytest.mark.parametrize(
    "word",
    [
        "quit",
        "exit",
        "Exit.",
        "bye",
        "/quit",
        "/exit",
        ":q",
        "q",
        "quit please",
        "please exit!",
        "Quit now, please",
        "goodbye",
        "ok bye",
        "thanks, bye",
    ],
)
def test_words_that_leave(session: Session, word: str) -> None:
    """Leaving needs no slash."""
    assert not session.handle(word)


@pytest.mark.parametrize("word", ["help", "Help!", "?", "/help", "help me please", "/?"])
def test_words_that_help(session: Session, word: str) -> None:
    """Help needs no slash; it lists every command."""
    assert session.handle(word)
    text = shown(session)
    assert all(command in text for command in HELP)


@pytest.mark.parametrize("line", ["quit smoking", "exit here", "please"])
def test_words_that_stay(session: Session, line: str) -> None:
    """More than a command with words of politeness is no command."""
    assert session.handle(line)
    assert "/context N" not in shown(session)


@pytest.mark.parametrize(
    ("line", "told"),
    [("thanks!", "You are welcome."), ("hi", "Hello. Ask a question"), ("who are you?", "/save")],
)
def test_small_talk(session: Session, line: str, told: str) -> None:
    """Is answered as such, and is no part of the conversation."""
    assert session.handle(line)
    assert told in shown(session)
    assert session.replies == []


@pytest.mark.parametrize(
    ("words", "told", "hint"),
    [
        ("publisher=Nosuch", "no article has a publisher like 'Nosuch'", "lists all"),
        ("publisher=Gazete", "no article has a publisher like 'Gazete'", "The Quay Gazette"),
        ("source=brigde.md", "no article has a source like 'brigde.md'", "bridge.md"),
        ("since=2090-01-01", "no article is left", "dated articles run from"),
        ("since=2023-01-01 until=2022-01-01", "lies after until", "exchange"),
        ("publisher=wire source=bees", "no article is left by the filters together", "dated"),
    ],
)
def test_a_filter_that_leaves_nothing_is_refused_at_once(
    session: Session, words: str, told: str, hint: str
) -> None:
    """With what is like it; the filters that were set stay."""
    session.handle("/filter until=2099-01-01")
    before = session.filters
    shown(session)
    session.handle(f"/filter {words}")
    text = shown(session)
    assert told in text
    assert hint in text
    assert session.filters == before


def test_the_state_of_an_earlier_day(session: Session) -> None:
    """``as-of`` is a filter like the others: set, shown, cleared, and refused with a wrong date."""
    session.handle("/filter as-of=2022-03-04")
    assert session.filters.as_of == dt.date(2022, 3, 4)
    assert re.search(r"as-of=2022-03-04 \((\d+) articles, [1-9] of them known then", shown(session))
    session.handle("/filter as-of=")
    assert session.filters == Filters()
    session.handle("/filter as-of=soon")
    assert "as-of" in shown(session).rpartition("error:")[2]


def test_filters_say_how_much_they_leave(session: Session) -> None:
    """Written as they can be typed again."""
    session.handle("/filter 'publisher=The Quay Gazette'")
    assert shown(session) == "filter: publisher='The Quay Gazette' (1 article)\n"


def test_a_block_is_asked_one_by_one(session: Session) -> None:
    """Each question of a pasted block stands above its answer; a later /quit ends the rest."""
    assert session.handle_block(f"{ANSWERED}\n\n  How much will its repairs cost?\n")
    text = shown(session)
    assert text.index(f"ask> {ANSWERED}") < text.index("3 March 2022")
    assert text.index("ask> How much") < text.index("£2.4 million")
    assert not session.handle_block("/filter\nquit\nNever?")
    assert "Never" not in shown(session)


def test_lines_that_go_on_are_joined() -> None:
    """A question that was wrapped when it was copied is one question."""
    assert questions_in("When was the old\nbridge closed?\nWhy?\n") == [
        "When was the old bridge closed?",
        "Why?",
    ]
    assert questions_in("Who paid?\nand when?") == ["Who paid?", "and when?"]
    assert questions_in("\n \n") == []


def test_saving(session: Session, tmp_path: Path) -> None:
    """The conversation is written with its sources; nothing is overwritten."""
    session.handle("/save early.md")
    assert "there is no answer yet" in shown(session)
    session.handle(ANSWERED)
    session.handle(OFF_TOPIC)
    session.handle("/save")
    assert "/save answers.md" in shown(session)
    path = tmp_path / "my answers.md"
    session.handle(f'/save "{path}"')
    assert f"2 questions saved in {path}" in shown(session)
    text = path.read_text("utf-8")
    assert f"## {ANSWERED}" in text
    assert "`copy.md`" in text or "`bridge.md`" in text
    session.handle(f"/save {path}")
    assert "exists already" in shown(session)
    assert path.read_text("utf-8") == text
    session.handle(f"/save {tmp_path}/none/x.md")
    assert "cannot be written" in shown(session)


def test_explanations_begin_in_words(session: Session) -> None:
    """What was found and what the quote holds is said before the numbers."""
    session.handle(ANSWERED)
    shown(session)
    session.handle("/explain")
    lines = shown(session).splitlines()
    assert re.match(r"1  Its paragraph was found (?:first|second|third) by ", lines[0])
    assert (
        "Of your question it holds “old”, “harbour”, “bridge”, “Lowmere” and “closed”." in lines[0]
    )
    assert "% answer." in lines[0]
    assert lines[1].startswith("   characters ")
    session.handle("How much will the repairs of the bridge cost?")
    shown(session)
    session.handle("/explain")
    assert "“much”" not in shown(session), "it asks for a sum"
    session.handle(OFF_TOPIC)
    shown(session)
    session.handle("/explain")
    assert "Not found there: " in shown(session)


def test_plain_lines(shared_project: Project) -> None:
    """Every line says what it is; no colour, no layout, nothing wrapped."""
    ran = run_cli("ask", "--plain", ANSWERED, cwd=shared_project.folder)
    lines = ran.out.splitlines()
    assert lines[0].startswith("Answer: ")
    assert lines[1].startswith("Quote 1: The old harbour bridge at Lowmere was closed")
    assert {line.partition(":")[0] for line in lines[1:]} <= {
        "Quote 1", "Quote 2", "Quote 3", "Source", "Also in", "File", "Address", "Confidence",
    }  # fmt: skip
    assert any(line.startswith("Confidence: ") and line.endswith(" percent.") for line in lines)
    assert "\x1b" not in ran.out
    ran = run_cli("ask", "--plain", OFF_TOPIC, cwd=shared_project.folder)
    assert ran.out.startswith("No answer. ")
    assert ran.status == 3


def test_a_plain_chat(shared_project: Project) -> None:
    """A plain chat answers in the same lines."""
    ran = run_cli("chat", "--plain", cwd=shared_project.folder, stdin=f"{ANSWERED}\nexit\n")
    assert "\nQuote 1: The old harbour bridge" in ran.out
    assert ran.status == 0
