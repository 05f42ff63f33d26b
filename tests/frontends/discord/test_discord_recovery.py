"""What was asked and not answered, through restarts and failures of Discord."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED
from discord_running import shown
from discord_standin import screen

from sourcebot.frontends.discord import recovery, run
from sourcebot.frontends.discord.records import OpenQuestion

if TYPE_CHECKING:
    from collections.abc import Callable

    from discord_running import RunningBot
    from discord_standin import StandIn

    StartBot = Callable[..., RunningBot]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be delivered is tried again soon."""
    monkeypatch.setattr(recovery, "RETRY_AFTER", 0.2)


def once(standin: StandIn, channel: object, after: object) -> None:
    """See that there is one answer after a message, and none too many a little later."""
    [answer] = standin.wait_messages(channel, after=after)  # type: ignore[arg-type]
    assert "3 March 2022" in screen(answer)
    time.sleep(0.5)
    assert len(standin.wait_messages(channel, after=after)) == 1  # type: ignore[arg-type]


def test_what_is_asked_while_the_bot_is_away_is_answered(
    standin: StandIn, start_bot: StartBot
) -> None:
    """In servers and in direct messages, once, at the next start; what was answered is not again."""
    first = start_bot()
    alice = standin.alice
    earlier = alice.say(standin.chat, f"{standin.mention} {ANSWERED}")
    standin.wait_messages(standin.chat)
    before = alice.say(alice.dm, ANSWERED)
    standin.wait_messages(alice.dm)
    first.stop()
    standin.wait(lambda: not standin.server.gateway.live, "the bot to be offline")
    asked = alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    direct = alice.say(alice.dm, ANSWERED)
    alice.say(standin.news, "talk among people")
    start_bot()
    once(standin, standin.news, asked)
    once(standin, alice.dm, direct)
    assert len(standin.wait_messages(standin.chat, after=earlier)) == 1
    assert len(standin.wait_messages(alice.dm, after=before)) == 2


def test_a_busy_channel_hides_no_question(standin: StandIn, start_bot: StartBot) -> None:
    """The newest messages are looked through, however many came before them."""
    first = start_bot()
    for number in range(310):
        standin.bob.say(standin.news, f"talk {number}")
    first.stop()
    standin.wait(lambda: not standin.server.gateway.live, "the bot to be offline")
    asked = standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    start_bot()
    once(standin, standin.news, asked)


def test_what_was_asked_before_there_was_a_bot_is_left_alone(
    standin: StandIn, start_bot: StartBot
) -> None:
    """Its first start answers nothing old."""
    standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    time.sleep(0.01)
    start_bot()
    asked = standin.alice.say(standin.chat, f"{standin.mention} {ANSWERED}")
    once(standin, standin.chat, asked)
    assert [m for m in standin.news.messages.values() if m.author is standin.me] == []


def test_a_session_that_is_lost_loses_no_question(standin: StandIn, bot: RunningBot) -> None:
    """After op 9 what was asked between the sessions is looked for."""
    standin.server.gateway.refuses = True
    standin.drop_sockets()
    standin.server.gateway.refuse_resume = True
    for session in standin.server.gateway.live:
        session.ended = True
    asked = standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    standin.server.gateway.refuses = False
    once(standin, standin.news, asked)


def test_a_failure_of_discord_is_outlasted(standin: StandIn, bot: RunningBot) -> None:
    """An answer that Discord does not take is given when it takes it again."""
    standin.fail("POST /channels", 3, status=503)
    asked = standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    once(standin, standin.news, asked)
    assert bot.logged("a message waits for its answer")
    assert bot.store.questions.unanswered() == []


def test_who_was_cut_off_is_told(
    standin: StandIn, start_bot: StartBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who sees that the bot is thinking, and it has ended, is told to ask again."""
    monkeypatch.setattr(run, "_GRACE", 0.1)
    bot = start_bot()
    standin.fail("PATCH /webhooks", 1, delay=3)
    cut = standin.alice.slash("ask", question=ANSWERED)
    cut.acknowledged()
    standin.wait(bot.store.questions.unanswered, "a note")
    bot.stop()
    again = start_bot()
    standin.wait(lambda: "I was interrupted" in shown(cut), "a word")
    standin.wait(lambda: not again.store.questions.unanswered(), "the note to be closed")


def test_a_question_that_is_deleted_is_closed(standin: StandIn, bot: RunningBot) -> None:
    """Nobody waits for its answer."""
    standin.fail("POST /channels", 2, status=503)
    asked = standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    standin.wait(lambda: bot.logged("a message waits"), "a failure")
    standin.alice.delete(asked)
    standin.wait(lambda: not bot.store.questions.unanswered(), "the note to be closed")


def test_what_is_answered_while_the_open_ones_are_listed_is_answered_once(
    standin: StandIn, start_bot: StartBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of open questions may be older than their answers; each is looked at again."""
    bot = start_bot()
    asked = standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    standin.wait_messages(standin.news, after=asked)
    standin.wait(lambda: not bot.store.questions.is_open(asked.id), "the question to be closed")
    place = (time.time(), standin.guild.id, standin.news.id, "", "")
    listed = []

    def as_it_was() -> list[OpenQuestion]:
        listed.append(asked.id)
        return [OpenQuestion(asked.id, *place)]

    monkeypatch.setattr(bot.store.questions, "unanswered", as_it_was)
    looks = len(standin.calls(rf"GET /channels/\d+/messages/{asked.id}"))
    standin.wait(lambda: len(listed) > 1, "two looks")
    once(standin, standin.news, asked)
    assert len(standin.calls(rf"GET /channels/\d+/messages/{asked.id}")) == looks


def test_what_is_being_answered_is_not_taken_up_again(
    standin: StandIn, start_bot: StartBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it is still open: who answers it closes it."""
    bot = start_bot()
    looks = []
    unanswered = bot.store.questions.unanswered

    def counted() -> list[OpenQuestion]:
        looks.append(len(found := unanswered()))
        return found

    monkeypatch.setattr(bot.store.questions, "unanswered", counted)
    answer, going_on = bot.service.ask, threading.Event()

    def slowly(*args: object, **options: object) -> object:
        going_on.wait(20)
        return answer(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(bot.service, "ask", slowly)
    asked = standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    standin.wait(lambda: looks[-2:] == [1, 1], "two looks at it")
    going_on.set()
    once(standin, standin.news, asked)
