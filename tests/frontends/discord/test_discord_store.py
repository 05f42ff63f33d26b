"""What the bot remembers."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED, OFF_TOPIC

from sourcebot.errors import DiscordError
from sourcebot.frontends.discord.records import Place
from sourcebot.frontends.discord.store import BotStore
from sourcebot.text.questions import question_key
from sourcebot.types import Abstention, Reply, Scope

if TYPE_CHECKING:
    from sourcebot.answering.service import Service

HERE = Place(1, 10)


@pytest.fixture
def store(tmp_path: Path) -> BotStore:
    """An empty store."""
    return BotStore(tmp_path / "state" / "bot.sqlite")


@pytest.fixture(scope="session")
def answer(shared_service: Service) -> Reply:
    """A real answer."""
    return shared_service.ask(ANSWERED)


@pytest.fixture(scope="session")
def refusal(shared_service: Service) -> Reply:
    """A real refusal."""
    reply = shared_service.ask(OFF_TOPIC)
    assert isinstance(reply, Abstention)
    return reply


def reopened(store: BotStore) -> BotStore:
    """Return the store as the next process finds it."""
    store.close()
    return BotStore(store.path)


def test_replies_survive_a_restart_whole(store: BotStore, answer: Reply, refusal: Reply) -> None:
    """A reply comes back equal, with all that its buttons show; by number, message and channel."""
    first = store.keep(answer, HERE, 7, "a")
    second = store.keep(refusal, HERE, 7, "b")
    store.sent(first, 500, 10)
    store.sent(second, 501, 10)
    store.keep(answer, HERE, 7, "shown to one person alone")
    again = reopened(store)
    assert again.answer(first) == answer
    assert again.answer(second) == refusal
    assert again.number_of(500) == first
    assert again.last_in(10) == refusal
    assert (again.answer(99), again.number_of(99), again.last_in(99)) == (None, 0, None)


def test_who_asked_is_not_in_the_database(store: BotStore, answer: Reply) -> None:
    """No user id is on the disk; the key is apart, and readable by its owner alone."""
    user = 123456789012345678
    number = store.keep(answer, HERE, user, "a")
    store.vote(number, user, helpful=True)
    store.report(number, user, "wrong")
    store.close()
    key = store.path.with_suffix(".key")
    assert key.stat().st_mode & 0o777 == 0o600
    for file in store.path.parent.iterdir():
        assert str(user).encode() not in file.read_bytes()
        assert file == key or key.read_bytes() not in file.read_bytes()
    assert BotStore(store.path).hashed(user) != BotStore(store.path.with_name("other")).hashed(user)


def test_without_a_log_no_question_is_kept(tmp_path: Path, answer: Reply, refusal: Reply) -> None:
    """With the log off the buttons work, but neither the question nor who asked is on the disk."""
    store = BotStore(tmp_path / "bot.sqlite", keep_questions=False)
    number = store.keep(answer, HERE, 7, question_key(answer.question))
    store.keep(refusal, HERE, 7, question_key(refusal.question))
    kept = store.answer(number)
    assert kept
    assert kept.quotes == answer.quotes  # type: ignore[union-attr]
    assert store.gaps(1) == []
    store.close()
    for file in tmp_path.iterdir():
        if file.is_file():
            assert b"Capablanca" not in file.read_bytes()


def test_gaps_are_counted_by_what_is_asked(store: BotStore, answer: Reply, refusal: Reply) -> None:
    """Questions that differ in wording only count as one; most asked first, by server."""
    other = "Who invented the zip?"
    for user, question in (
        (1, OFF_TOPIC),
        (1, other),
        (2, OFF_TOPIC.upper()),
        (2, "  which CHESS openings did capablanca prefer, against the french defence"),
        (1, OFF_TOPIC),
    ):
        asked = Abstention(question, refusal.reason, (), 0.0)  # type: ignore[union-attr]
        store.keep(asked, HERE, user, question_key(question))
    store.keep(answer, HERE, 1, question_key(ANSWERED))
    store.keep(refusal, Place(2, 20), 1, question_key(OFF_TOPIC))
    gaps = store.gaps(1)
    assert [(gap.times, gap.people) for gap in gaps] == [(4, 2), (1, 1)]
    assert gaps[1].question == other
    assert len(store.gaps(2)) == 1


def test_feedback(store: BotStore, answer: Reply) -> None:
    """The last vote of a person counts; reports and bad votes make a complaint, good ones none."""
    bad, good = (store.keep(answer, HERE, 1, "a") for _ in range(2))
    store.vote(bad, 1, helpful=True)
    store.vote(bad, 1, helpful=False)
    store.vote(bad, 2, helpful=True)
    store.vote(good, 1, helpful=True)
    store.report(bad, 3, "the date is wrong")
    store.vote(999, 1, helpful=False)
    (complaint,) = store.complaints(1)
    assert (complaint.helpful, complaint.not_helpful) == (1, 1)
    assert complaint.reports == ("the date is wrong",)
    assert store.complaints(2) == []


def test_old_answers_are_forgotten_with_their_feedback(store: BotStore, answer: Reply) -> None:
    """Retention deletes what is older, votes and reports included."""
    number = store.keep(answer, HERE, 1, "a")
    store.vote(number, 1, helpful=False)
    store.report(number, 1, "x")
    assert store.forget_before(1) == 0
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE answers SET given = given - 2 * 86400")
    connection.close()
    assert store.forget_before(1) == 1
    assert store.answer(number) is None
    assert store.complaints(1) == []
    with sqlite3.connect(store.path) as connection:
        assert connection.execute("SELECT count(*) FROM votes").fetchone() == (0,)
    connection.close()


def test_scopes_are_inherited(store: BotStore) -> None:
    """A thread has its channel's scope, a channel its server's; the nearest one counts."""
    server, channel = Scope(publishers=("Gazette",)), Scope(sources=("north/*",))
    store.set_scope(1, 0, server)
    store.set_scope(1, 10, channel)
    again = reopened(store)
    assert again.scope(Place(1, 11)) == server
    assert again.scope(Place(1, 10)) == channel
    assert again.scope(Place(1, 12, parent=10)) == channel
    assert again.scope(Place(2, 10)) == Scope()
    assert again.scope(Place(0, 10)) == Scope()
    again.set_scope(1, 10, Scope())
    assert again.scopes(1) == {0: server}
    assert reopened(again).scopes(1) == {0: server}


def test_quiet_channels(store: BotStore) -> None:
    """Quiet is remembered, and threads inherit it."""
    store.set_quiet(10, quiet=True)
    again = reopened(store)
    assert again.is_quiet(Place(1, 10))
    assert again.is_quiet(Place(1, 12, parent=10))
    assert not again.is_quiet(Place(1, 11))
    again.set_quiet(10, quiet=False)
    assert not reopened(again).is_quiet(Place(1, 10))


def test_threads_may_write_at_once(store: BotStore, answer: Reply) -> None:
    """Answers kept from several threads get numbers of their own."""
    numbers: list[int] = []
    threads = [
        threading.Thread(target=lambda: numbers.append(store.keep(answer, HERE, 1, "a")))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(numbers)) == 20


def test_a_damaged_database_is_named(tmp_path: Path, store: BotStore, answer: Reply) -> None:
    """Damage is a clear error that says what to do, never a crash."""
    path = tmp_path / "broken.sqlite"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(DiscordError, match=r"broken\.sqlite cannot be used") as caught:
        BotStore(path)
    assert "move it away" in caught.value.hint
    number = store.keep(answer, HERE, 1, "a")
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE answers SET reply = '{}'")
    connection.close()
    with pytest.raises(DiscordError, match="an entry is damaged"):
        store.answer(number)


def test_a_database_of_the_future_is_left_alone(store: BotStore) -> None:
    """What a newer sourcebot wrote is not misread."""
    with sqlite3.connect(store.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(DiscordError, match="newer"):
        reopened(store)


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    """A place where no database can be is named with the setting."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(DiscordError, match="cannot be kept") as caught:
        BotStore(tmp_path / "file" / "bot.sqlite")
    assert "database" in caught.value.hint
