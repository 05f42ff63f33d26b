"""Questions that wait: told once each time that something is new."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED, ARTICLES, Project
from hypothesis import given, settings
from hypothesis import strategies as st
from made_values import quote_of

from sourcebot.answering.waiting import SURE, WaitingQuestions
from sourcebot.errors import QuestionError, WaitingError
from sourcebot.types import Abstention, AbstentionReason, Answer, Filters
from sourcebot.types.waiting import Happened

if TYPE_CHECKING:
    from sourcebot.types import Reply

NONE = Abstention("q", AbstentionReason.NOT_STATED, (), 0.1)


def answer(text: str, confidence: float = 0.9) -> Answer:
    """Return an answer with one quote."""
    return Answer("q", (quote_of(text, probability=confidence),), confidence)


EAST = answer("The east quay closed in May 2024.")
WEST = answer("The west gate opened again in June.")


def told(path: Path, replies: list[Reply]) -> list[Happened]:
    """Follow a question that has no answer yet, and return what each further state tells."""
    waiting = WaitingQuestions(path / "followed.sqlite")
    waiting.follow("q", Filters(), "", NONE)
    happened = []
    for number, reply in enumerate(replies):
        waiting.ask_again(f"state {number}", lambda *_, reply=reply: reply)
        happened += [notice.happened for notice in waiting.take()]
    return happened


def test_each_change_is_told_once(tmp_path: Path) -> None:
    """First answer, other answer, no answer; what stays the same is not told."""
    replies: list[Reply] = [NONE, EAST, EAST, WEST, NONE, NONE, EAST]
    assert told(tmp_path, replies) == [
        Happened.ANSWERED, Happened.CHANGED, Happened.WITHDRAWN, Happened.ANSWERED,
    ]  # fmt: skip


def test_a_doubtful_answer_is_no_news(tmp_path: Path) -> None:
    """Under ``SURE`` nothing is told, and what was known stays known."""
    doubtful = answer("Perhaps the quay.", SURE - 0.01)
    assert told(tmp_path, [doubtful, EAST, doubtful, EAST]) == [Happened.ANSWERED]


def test_a_state_is_asked_once(tmp_path: Path) -> None:
    """The same state of the index gives no second look and no second notice."""
    waiting = WaitingQuestions(tmp_path / "followed.sqlite")
    waiting.follow("q", Filters(publisher="Daily"), "", NONE)
    asked: list[tuple[str, Filters]] = []

    def noted(words: str, of: Filters) -> Reply:
        asked.append((words, of))
        return EAST

    for _ in range(2):
        waiting.ask_again("one", noted)
    assert asked == [("q", Filters(publisher="Daily"))]
    assert len(waiting.take()) == 1
    assert waiting.take() == ()


def test_places_mute_and_end(tmp_path: Path) -> None:
    """Notices go where the question was followed; muted ones wait, ended ones are gone."""
    waiting = WaitingQuestions(tmp_path / "followed.sqlite")
    here = waiting.follow("q", Filters(), "", NONE)
    there = waiting.follow("q", Filters(), "channel 7", NONE)
    waiting.mute(here.number)
    waiting.ask_again("one", lambda *_: EAST)
    assert waiting.take() == ()
    assert [n.followed.place for n in waiting.take("channel 7")] == ["channel 7"]
    waiting.mute(here.number, muted=False)
    assert len(waiting.take()) == 1
    waiting.end(there.number)
    assert [f.number for f in waiting.list()] == [here.number]
    with pytest.raises(QuestionError, match="under the number 99"):
        waiting.end(99)
    with pytest.raises(QuestionError, match="followed already"):
        waiting.follow("q", Filters(), "", NONE)


def test_nothing_is_made_until_something_is_followed(tmp_path: Path) -> None:
    """Looking makes no file."""
    waiting = WaitingQuestions(tmp_path / "followed.sqlite")
    assert (waiting.list(), waiting.take()) == ((), ())
    assert waiting.ask_again("one", lambda *_: EAST) == 0
    assert not list(tmp_path.iterdir())


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    """It is never taken for an empty one."""
    path = tmp_path / "followed.sqlite"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(WaitingError, match=r"followed\.sqlite"):
        WaitingQuestions(path).list()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([NONE, EAST, WEST]), max_size=8))
def test_what_is_told_follows_what_is_so(replies: list[Reply]) -> None:
    """A notice for each step between different states, and only for those."""
    import tempfile

    steps = zip([NONE, *replies], replies, strict=False)
    with tempfile.TemporaryDirectory() as folder:
        assert len(told(Path(folder), replies)) == sum(a is not b for a, b in steps)


KILLED = """
import sys
from pathlib import Path
sys.path[:0] = {paths!r}
from test_waiting import EAST, NONE, WaitingQuestions
waiting = WaitingQuestions(Path({file!r}))
print("ready", flush=True)
for state in range(100000):
    waiting.ask_again(str(state // 2), lambda *_: EAST if state // 2 % 2 else NONE)
"""


@pytest.mark.slow
def test_no_notice_twice_after_kills(tmp_path: Path) -> None:
    """Killed at any instant, notices alternate as the states do: none is doubled or lost."""
    file = tmp_path / "followed.sqlite"
    waiting = WaitingQuestions(file)
    waiting.follow("q", Filters(), "", NONE)
    code = KILLED.format(paths=[str(Path(__file__).parent), *sys.path], file=str(file))
    for number in range(50):
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        time.sleep(0.01 + number % 7 * 0.013)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
    happened = [notice.happened for notice in waiting.take()]
    assert happened
    assert all(a is not b for a, b in itertools.pairwise(happened))


def test_indexing_asks_the_questions_that_wait(project: Project) -> None:
    """An article that answers is noticed by the run that takes it in."""
    for name in list(ARTICLES):
        (project.sources / name).unlink()
    project.write("other.md", "# Weather\n\nIt rained in the hills for a week.\n")
    with project.opened() as opened:
        opened.index()
        opened.follow(ANSWERED)
        for name, text in ARTICLES.items():
            project.write(name, text)
        opened.index()
        notices = opened.waiting.take()
        assert [(n.happened, n.followed.question) for n in notices] == [
            (Happened.ANSWERED, ANSWERED)
        ]
        opened.index(rebuild=False)
        assert opened.waiting.take() == ()
