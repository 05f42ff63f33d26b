"""What the bot remembers."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED, OFF_TOPIC
from pydantic import TypeAdapter

from sourcebot.errors import DiscordError
from sourcebot.frontends.discord.database import VERSIONS
from sourcebot.frontends.discord.records import Place
from sourcebot.frontends.discord.store import BotStore
from sourcebot.text.questions import question_key
from sourcebot.types import Abstention, Answer, Reply, Scope

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
    assert store.path.stat().st_mode & 0o777 == 0o600
    for file in store.path.parent.iterdir():
        assert str(user).encode() not in file.read_bytes()
        assert file == key or key.read_bytes() not in file.read_bytes()
    assert BotStore(store.path).hashed(user) != BotStore(store.path.with_name("other")).hashed(user)


def test_without_a_log_no_question_is_kept(tmp_path: Path, answer: Reply, refusal: Reply) -> None:
    """With the log off the buttons work, but neither the question nor who asked is on the disk."""
    store = BotStore(tmp_path / "bot.sqlite", keep_questions=False)
    number = store.keep(answer, HERE, 7, question_key(answer.question))
    store.keep(refusal, HERE, 7, question_key(refusal.question))
    assert isinstance(answer, Answer)
    assert isinstance(refusal, Abstention)
    part = replace(refusal, question="Which Zanzibarian?", unclear="Zanzibarian")
    store.keep(replace(answer, meant="Zanzibarian", parts=(part,)), HERE, 7, "Zanzibarian")
    store.keep(replace(part, options=("Zanzibarian",)), HERE, 7, "Zanzibarian")
    kept = store.answer(number)
    assert kept
    assert kept.quotes == answer.quotes  # type: ignore[union-attr]
    assert store.gaps(1) == []
    store.close()
    for file in tmp_path.iterdir():
        if file.is_file():
            assert b"Capablanca" not in file.read_bytes()
            assert b"Zanzibarian" not in file.read_bytes()


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
    assert again.scopes(1) == {(0, 0): server}
    assert reopened(again).scopes(1) == {(0, 0): server}


def test_the_scope_of_a_role(store: BotStore) -> None:
    """It goes before the server's and after a channel's; the highest role with one counts."""
    server, low, high = (Scope(sources=(name,)) for name in ("server", "low", "high"))
    store.set_scope(1, 0, server)
    store.set_scope(1, 0, low, role=5)
    store.set_scope(1, 0, high, role=6)
    again = reopened(store)
    assert again.scope(Place(1, 10, roles=(7, 6, 5))) == high
    assert again.scope(Place(1, 10, roles=(5,))) == low
    assert again.scope(Place(1, 10, roles=(7,))) == server
    again.set_scope(1, 10, Scope(sources=("channel",)))
    assert again.scope(Place(1, 10, roles=(6,))).sources == ("channel",)
    assert again.scoped_servers() == {1}


def test_a_database_of_the_first_version_is_taken_over(tmp_path: Path, answer: Reply) -> None:
    """Its answers, scopes and settings are there, and what is new works."""
    path = tmp_path / "bot.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(f"{VERSIONS[0]} PRAGMA user_version = 1;")
        reply = TypeAdapter(Reply).dump_json(answer).decode()
        row = (1.0, 1, 10, 500, "someone", "q", "q", "", reply)
        connection.execute("INSERT INTO answers VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        connection.execute("""INSERT INTO scopes VALUES (1, 0, '{"sources": ["north/*"]}')""")
        connection.execute("INSERT INTO quiet VALUES (10)")
    connection.close()
    store = BotStore(path)
    assert store.answer(store.number_of(500)) == answer
    assert store.scopes(1) == {(0, 0): Scope(sources=("north/*",))}
    assert store.is_quiet(HERE)
    assert store.questions.take(9, 7)
    assert reopened(store).questions.is_known(9)


def test_a_persons_data_can_be_deleted(store: BotStore, answer: Reply, refusal: Reply) -> None:
    """No byte of it is left in any file; what others asked, voted and reported is."""
    marked = replace(answer, question="Which xylograph hangs in Lowmere?")
    mine, voted, others = (
        store.keep(reply, HERE, user, key)
        for reply, user, key in (
            (marked, 7, "xylograph"),
            (marked, 7, "xylograph"),
            (refusal, 8, "chess"),
        )
    )
    store.sent(mine, 777_000_111, 10)
    store.vote(voted, 8, helpful=False)
    store.report(voted, 8, "a report by eight")
    store.vote(voted, 7, helpful=True)
    store.report(others, 7, "a report by seven")
    store.vote(others, 8, helpful=True)
    store.first_help(7)
    store.first_help(8)
    store.questions.take(888_000_222, 7, token="secret-of-seven")
    store.questions.take(888_000_333, 8, token="secret-of-eight")
    store.set_scope(1, 0, Scope(sources=("kept scope",)))
    assert store.forget_person(7) == 2
    kept = b"".join(file.read_bytes() for file in store.path.parent.iterdir())
    seven = store.hashed(7).encode()
    for trace in (b"xylograph", seven, b"by seven", b"secret-of-seven"):
        assert trace not in kept
    for data in (store.hashed(8).encode(), b"by eight", b"secret-of-eight", b"kept scope"):
        assert data in kept
    assert (store.answer(mine), store.answer(voted)) == (None, None)
    assert store.answer(others) == refusal
    assert not store.questions.is_known(888_000_222)
    assert store.questions.is_known(888_000_333)
    assert store.first_help(7)
    assert not store.first_help(8)
    [complaint] = store.complaints(1)
    assert (complaint.question, complaint.reports) == ("", ("a report by eight",))
    assert (complaint.helpful, complaint.not_helpful) == (0, 1)
    assert store.forget_person(7) == 0


def test_questions_are_open_until_they_are_done(store: BotStore) -> None:
    """Also for the next process; a question is taken once."""
    assert store.questions.take(1, 7, server=1, channel=10, locale="de")
    assert store.questions.take(2, 7, token="abc")
    assert not store.questions.take(1, 7)
    store.questions.done(2)
    again = reopened(store)
    [left] = again.questions.unanswered()
    assert (left.id, left.server, left.channel, left.token, left.locale) == (1, 1, 10, "", "de")
    assert again.questions.is_known(2)
    assert [again.questions.is_open(number) for number in (1, 2, 3)] == [True, False, False]
    again.questions.forget_before(left.taken + 1)
    assert again.questions.unanswered() == []


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
