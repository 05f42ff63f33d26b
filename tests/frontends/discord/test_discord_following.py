"""Questions that wait for an answer on Discord: followed, asked again, told once, ended."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from discord_standin import screen

from sourcebot.answering.waiting import WaitingQuestions
from sourcebot.errors import WaitingError
from sourcebot.frontends.discord.following import MOST_FOLLOWED
from sourcebot.frontends.discord.records import FollowedHere, Place
from sourcebot.types import Abstention, AbstentionReason, Filters, Scope

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Project
    from discord_running import RunningBot
    from discord_standin import StandIn
    from discord_standin.world import Message

    from sourcebot.embedding.embedder import OnnxEmbedder

    StartBot = Callable[..., RunningBot]

QUESTION = "What colour was the clock tower of Penfold painted?"
TOWER = "The clock tower of Penfold was painted green in 1987."
TELL = "Tell me when"


@pytest.fixture
def own(make_project: Callable[..., Project], embedder: OnnxEmbedder, tmp_path: Path) -> Project:
    """A project of the test's own, indexed."""
    project = make_project(tmp_path / "own")
    project.index(embedder)
    return project


@pytest.fixture
def followed(standin: StandIn, start_bot: StartBot, own: Project) -> Message:
    """A refusal in #news whose question Alice follows."""
    start_bot(own.service())
    refused = ask(standin)
    assert "I ask this again" in standin.alice.click(refused, TELL).screen()
    return refused


def ask(standin: StandIn, question: str = QUESTION) -> Message:
    """Return what Alice's mention in #news gets."""
    asked = standin.alice.say(standin.news, f"{standin.mention} {question}")
    return standin.wait_messages(standin.news, after=asked)[0]


def reindexed(standin: StandIn) -> str:
    """Let an owner take in what has changed, and return what is told of it in the end."""
    pending = standin.owner.slash("reindex")
    answer = pending.answer()
    standin.wait(lambda: "# Indexing" not in screen(answer), "the index")
    return pending.screen()


def notices(standin: StandIn, after: Message) -> list[Message]:
    """Return what the bot has posted for all in #news after a message."""
    return [
        message
        for message in standin.wait_messages(standin.news, 0, after=after)
        if not message.ephemeral
    ]


def told(standin: StandIn, after: Message, count: int = 1) -> list[Message]:
    """Return the same, once there are so many."""
    standin.wait(lambda: len(notices(standin, after)) >= count, f"{count} notices", 90)
    return notices(standin, after)


def test_a_followed_question_is_answered_where_it_was_asked(
    standin: StandIn, followed: Message, own: Project
) -> None:
    """Once, as a reply to the refusal; a change and a withdrawal are told, too."""
    own.write("tower.md", TOWER)
    assert "The index is new" in reindexed(standin)
    [notice] = told(standin, followed)
    assert "The articles now answer a question that is followed here." in screen(notice)
    assert "painted **green**" in screen(notice)
    assert notice.reply_to is followed
    assert notice.pings == []
    assert "Show context" in screen(notice)
    own.write("other.md", "The tower keeper of Penfold owns two dogs and a parrot.")
    reindexed(standin)
    (own.sources / "tower.md").unlink()
    reindexed(standin)
    [_, withdrawn] = told(standin, followed, 2)
    assert "The articles no longer answer a question that is followed here." in screen(withdrawn)


def test_an_index_that_another_process_makes_is_noticed(
    standin: StandIn,
    own: Project,
    embedder: OnnxEmbedder,
    monkeypatch: pytest.MonkeyPatch,
    start_bot: StartBot,
) -> None:
    """`sourcebot index` or `watch` beside the bot is enough."""
    monkeypatch.setattr("sourcebot.frontends.discord.news.LOOK_EVERY", 0.2)
    start_bot(own.service())
    refused = ask(standin)
    standin.alice.click(refused, TELL).answer()
    own.write("tower.md", TOWER)
    own.index(embedder)
    [notice] = told(standin, refused)
    assert "green" in screen(notice)


def test_following_survives_a_restart(
    standin: StandIn, own: Project, start_bot: StartBot, embedder: OnnxEmbedder
) -> None:
    """What changed while the bot was away is told when it is back."""
    bot = start_bot(own.service())
    refused = ask(standin)
    standin.alice.click(refused, TELL).answer()
    bot.stop()
    own.write("tower.md", TOWER)
    own.index(embedder)
    start_bot(own.service())
    [notice] = told(standin, refused)
    assert "green" in screen(notice)


def test_a_notice_is_posted_once_though_it_could_not_be_noted(
    standin: StandIn, followed: Message, own: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the process ends between the two: it is found in the channel."""
    forget = WaitingQuestions.shown
    failed: list[int] = []

    def failing(waiting: WaitingQuestions, notice: int) -> None:
        if not failed:
            failed.append(notice)
            standin.server.store.nonces.clear()
            raise WaitingError("the disk is full")
        forget(waiting, notice)

    monkeypatch.setattr(WaitingQuestions, "shown", failing)
    own.write("tower.md", TOWER)
    reindexed(standin)
    told(standin, followed)
    standin.wait(lambda: failed, "the failure")
    reindexed(standin)
    key, waiting = f"discord {standin.news.id}", WaitingQuestions(own.config.waiting_database)
    standin.wait(lambda: waiting.notices(key) == (), "the notice to be noted")
    assert len(told(standin, followed)) == 1


def test_a_notice_waits_for_discord(
    standin: StandIn, followed: Message, own: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While Discord fails it is kept, and told later."""
    standin.fail("POST /channels/.*/messages", times=8, status=503)
    own.write("tower.md", TOWER)
    reindexed(standin)
    standin.wait(lambda: standin.calls("POST /channels/.*/messages 503"), "a failure")
    standin.server.front.faults.clear()
    monkeypatch.setattr("sourcebot.frontends.discord.news.LOOK_EVERY", 0.2)
    standin.mod.slash("scope", clear=True).answer()  # wakes it up
    assert len(told(standin, followed)) == 1


def test_refusals_that_cannot_be_followed(standin: StandIn, start_bot: StartBot) -> None:
    """What only one person sees, what nobody understands, answers, and without a log."""
    bot = start_bot()
    assert TELL not in standin.alice.slash("ask", question=QUESTION, private=True).screen()
    assert TELL in standin.alice.slash("ask", question=QUESTION).screen()
    asked = standin.alice.say(standin.alice.dm, "and why?")
    assert TELL not in screen(standin.wait_messages(standin.alice.dm, after=asked)[0])
    bot.stop()
    start_bot(log_questions=False)
    assert TELL not in screen(ask(standin))


def test_scopes_hold_for_what_is_followed(
    standin: StandIn, followed: Message, own: Project
) -> None:
    """What the place may not be answered from by then is not told; a wider scope is asked."""
    standin.mod.slash("scope", sources="bees").answer()
    own.write("tower.md", TOWER)
    reindexed(standin)
    standin.wait(lambda: _filters(own).scope == Scope(("bees",)), "the scope", 90)
    assert notices(standin, followed) == []
    standin.mod.slash("scope", clear=True).answer()
    [notice] = told(standin, followed)
    assert "green" in screen(notice)


def _filters(own: Project) -> Filters:
    [followed] = WaitingQuestions(own.config.waiting_database).list()
    return followed.filters


def test_listing_muting_ending(standin: StandIn, followed: Message, own: Project) -> None:
    """One's own only; the last who ends it ends it in the project, too."""
    alice, bob = standin.alice, standin.bob
    bob.click(followed, TELL).answer()
    waiting = WaitingQuestions(own.config.waiting_database)
    assert len(waiting.list()) == 1
    listed = alice.slash("following").answer()
    assert f"1\\. {QUESTION} (waiting, since" in screen(listed)
    alice.click(listed, "Mute 1")
    standin.wait(lambda: "waiting, muted" in screen(listed), "the list")
    assert not waiting.list()[0].muted
    own_list = bob.slash("following").answer()
    bob.click(own_list, "Mute 1")
    standin.wait(lambda: waiting.list()[0].muted, "both to have muted it")
    own.write("tower.md", TOWER)
    reindexed(standin)
    bob.click(own_list, "Unmute 1")
    standin.wait(lambda: "muted" not in screen(own_list), "the list")
    reindexed(standin)
    [notice] = told(standin, followed)
    assert "green" in screen(notice)
    ended = bob.click(notice, "Do not tell me").screen()
    assert "You follow it no longer." in ended
    assert len(waiting.list()) == 1
    again = bob.click(notice, "Do not tell me")
    assert "You do not follow this question." in screen(again.answer())
    alice.click(alice.slash("following").answer(), "End 1")
    standin.wait(lambda: waiting.list() == (), "the end")
    assert "You follow no question" in alice.slash("following").screen()


def test_moderators_end_what_is_followed_in_their_server(
    standin: StandIn, followed: Message, own: Project
) -> None:
    """They see it, though not who follows it."""
    listed = standin.mod.slash("following").answer()
    assert QUESTION in screen(listed)
    assert "Mute" not in screen(listed)
    standin.mod.click(listed, "End 1")
    waiting = WaitingQuestions(own.config.waiting_database)
    standin.wait(lambda: waiting.list() == (), "the end")


def test_deleting_ones_data_ends_what_one_follows(
    standin: StandIn, start_bot: StartBot, own: Project
) -> None:
    """Its words leave the project's file, too; a question that others asked stays for them."""
    bot = start_bot(own.service())
    refused = ask(standin, "What colour was the Zanzibarian tower painted?")
    standin.alice.click(refused, TELL).answer()
    asked = standin.bob.say(standin.news, f"{standin.mention} {QUESTION}")
    others = standin.wait_messages(standin.news, after=asked)[0]
    for person in (standin.alice, standin.bob):
        person.click(others, TELL).answer()
    confirmed = standin.alice.slash("delete-my-data").answer()
    standin.alice.click(confirmed, "Delete")
    standin.wait(lambda: "Deleted." in screen(confirmed), "a word")
    database = own.config.waiting_database
    assert [f.question for f in WaitingQuestions(database).list()] == [QUESTION]
    asker = bot.store.hashed(standin.alice.user.id).encode()
    for file in (*bot.store.path.parent.iterdir(), database):
        for trace in (b"anzibarian", asker):
            assert trace not in file.read_bytes(), (file, trace)
    [kept] = bot.store.followed.all()
    assert list(bot.store.followed.followers(kept.number)) == [
        bot.store.hashed(standin.bob.user.id)
    ]


def test_nobody_follows_without_end(standin: StandIn, start_bot: StartBot, own: Project) -> None:
    """At most so many each."""
    bot = start_bot(own.service())
    refused = ask(standin)
    for number in range(MOST_FOLLOWED):
        here = FollowedHere(number + 1, Place(standin.guild.id, 1), 0, "", "")
        bot.store.followed.add(here, standin.alice.user.id, "")
    text = standin.alice.click(refused, TELL).answer()
    assert f"You follow {MOST_FOLLOWED} questions already." in screen(text)


def test_following_in_direct_messages(standin: StandIn, start_bot: StartBot, own: Project) -> None:
    """The answer comes there, also when a server has set a scope meanwhile that allows it."""
    start_bot(own.service())
    alice = standin.alice
    asked = alice.say(alice.dm, QUESTION)
    refused = standin.wait_messages(alice.dm, after=asked)[0]
    alice.click(refused, TELL).answer()
    standin.mod.slash("scope", sources="bees; tower").answer()
    own.write("tower.md", TOWER)
    reindexed(standin)
    standin.wait(
        lambda: [
            message
            for message in standin.wait_messages(alice.dm, after=refused)
            if not message.ephemeral and "green" in screen(message)
        ],
        "the notice",
    )


def test_what_is_followed_keeps_the_filters_of_its_question(
    standin: StandIn, start_bot: StartBot, own: Project
) -> None:
    """An article that the asker had left out is no answer."""
    start_bot(own.service())
    refused = standin.alice.slash("ask", question=QUESTION, source="bees").answer()
    standin.alice.click(refused, TELL).answer()
    assert _filters(own) == replace(Filters(), source="bees")


def test_gaps_say_who_waits_and_forget_what_is_answered(
    standin: StandIn, followed: Message, own: Project
) -> None:
    """Ranked by how often they are asked; an answered one is no gap any more."""
    assert f"{QUESTION} (asked 1×, people: 1, waited for by 1)" in screen(
        standin.mod.slash("gaps").answer()
    )
    own.write("tower.md", TOWER)
    reindexed(standin)
    told(standin, followed)
    standin.wait(lambda: QUESTION not in standin.mod.slash("gaps").screen(), "the gap to close")


@pytest.mark.parametrize("reason", AbstentionReason)
def test_every_refusal_is_kept_with_its_filters(
    standin: StandIn, bot: RunningBot, reason: AbstentionReason
) -> None:
    """As the button needs them."""
    reply = Abstention("What is it?", reason, (), 0.0)
    filters = Filters(source="bees")
    number = bot.store.keep(reply, Place(1, 2), 3, "it", filters)
    kept = bot.store.kept(number)
    assert kept
    assert (kept.reply, kept.filters, kept.alike) == (reply, filters, "it")
    assert re.fullmatch(r"[0-9a-f]{24}", kept.asker)
