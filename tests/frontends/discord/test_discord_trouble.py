"""What goes wrong on Discord, and that every question is answered exactly once all the same."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED, OFF_TOPIC
from discord_standin import active, every_text, screen
from discord_standin.markdown import LINK

from sourcebot.errors import DiscordError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Project
    from discord_running import RunningBot
    from discord_standin import StandIn
    from discord_standin.interactions import Interaction

    from sourcebot.embedding.embedder import OnnxEmbedder

    StartBot = Callable[..., RunningBot]

HOSTILE = """---
title: "@everyone **free** [money](https://evil.example/t) `x`"
publisher: "<@&1> || @here"
author: "<@1> <:party:1>"
url: https://good.example/page_(1)
---
The mayor of Grubdorf, @everyone and @here, is <@111> Hans\u202e Orr\u200b of [the party](https://evil.example/a) at https://evil.example/b, said `code` and ```fence``` with ||spoiler||, ~~strike~~, __under__, <t:0:R>, </ask:1>, <#5>, <a:dance:7> and :smile: today.

# not a heading, said the clerk of Grubdorf.
"""
LONG = "The charter of Longwick grants " + ", ".join(
    f"the right of fishing in pond number {n} to the *{n}th* guild" for n in range(80)
)
ROUGH = {"hostile.md": HOSTILE, "long.md": LONG + ".\n"}


def answers(standin: StandIn, count: int) -> None:
    """Wait for the answers in the news, and a little for one too many."""
    standin.wait_messages(standin.news, count)
    time.sleep(0.3)
    assert len(standin.wait_messages(standin.news, count)) == count


@pytest.fixture(scope="module")
def rough(
    make_project: Callable[..., Project],
    embedder: OnnxEmbedder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Project:
    """Articles that mean harm, indexed."""
    project = make_project(tmp_path_factory.mktemp("rough") / "project", ROUGH)
    project.index(embedder)
    return project


@pytest.mark.parametrize("trouble", ["drop", "op 7", "op 9 true", "close 4000", "close 1001"])
def test_a_question_during_an_outage_is_answered_once(
    standin: StandIn, bot: RunningBot, trouble: str
) -> None:
    """The session is resumed, and what was missed arrives."""
    standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    answers(standin, 1)
    troubles: dict[str, Callable[[], object]] = {
        "drop": standin.drop_sockets,
        "op 7": standin.ask_to_reconnect,
        "op 9 true": lambda: standin.invalidate(resumable=True),
        "close 4000": lambda: standin.close_sockets(4000),
        "close 1001": lambda: standin.close_sockets(4008),
    }
    troubles[trouble]()
    asked = standin.alice.slash("ask", question=ANSWERED)
    standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    assert "**3 March 2022**" in asked.screen()
    answers(standin, 3)
    assert len(standin.server.gateway.identifies) == 1
    assert len(standin.server.gateway.resumes) == 1


def test_a_new_session_is_no_second_bot(standin: StandIn, bot: RunningBot) -> None:
    """After op 9 "ready" comes again: commands are not registered again, answers come once."""
    standin.invalidate(resumable=False)
    standin.wait(lambda: len(bot.logged(" ready")) == 2, "a new session")
    standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    answers(standin, 1)
    assert standin.syncs() == 1
    assert len(standin.server.gateway.identifies) == 2


def test_events_delivered_twice(standin: StandIn, bot: RunningBot) -> None:
    """Messages, commands and clicks count once."""
    standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}", times=2)
    answers(standin, 1)
    standin.replay(2)
    asked = standin.alice.slash("ask", question=ANSWERED)
    asked.deliver_again()
    answer = asked.answer()
    click = standin.alice.click(answer, "Not")
    click.deliver_again()
    click.answer()
    answers(standin, 3)
    assert standin.calls(" 40060") == []
    assert bot.logged("error") == []


def test_a_payload_that_cannot_be_read_costs_itself_alone(
    standin: StandIn, bot: RunningBot
) -> None:
    """Broken messages and interactions, and events unknown so far."""
    for event, data in (
        ("MESSAGE_CREATE", {"id": "1", "channel_id": str(standin.news.id), "content": "x"}),
        ("INTERACTION_CREATE", {"id": "1", "type": 2, "token": "x"}),
        ("INTERACTION_CREATE", None),
        ("GUILD_CREATE", {"id": "not a number"}),
        ("A_NEW_EVENT", {"anything": [1]}),
    ):
        standin.send_raw({"op": 0, "t": event, "s": None, "d": data})
    standin.send_raw({"op": 99, "d": None})
    assert "**3 March 2022**" in standin.alice.slash("ask", question=ANSWERED).screen()
    assert len(standin.server.gateway.sockets) == 1
    assert bot.logged("could not be read")


@pytest.mark.parametrize(
    "frame",
    [
        [],
        {"op": 0, "t": "RESUMED", "s": None, "d": []},
        {"op": 0, "t": [], "s": None, "d": {}},
        {"op": 10, "d": None},
    ],
)
def test_a_frame_that_cannot_be_read_costs_itself_alone(
    standin: StandIn, bot: RunningBot, frame: object
) -> None:
    """The session goes on: what is asked right after it is answered at the first time of asking."""
    standin.send_raw(frame)
    assert "**3 March 2022**" in standin.alice.slash("ask", question=ANSWERED).screen()
    assert len(standin.server.gateway.sockets) == 1
    assert bot.logged("a frame could not be read")


def test_a_late_acknowledgement(standin: StandIn, bot: RunningBot) -> None:
    """The interaction has expired: it is logged, and the next is answered."""
    standin.fail("POST /interactions", delay=3.1)
    lost = standin.alice.slash("ask", question=ANSWERED)
    standin.wait(lambda: bot.logged("10062"), "a line in the log")
    assert lost.interaction.original is None
    assert "**3 March 2022**" in standin.alice.slash("ask", question=ANSWERED).screen()


def test_many_questions_hold_no_heartbeat_up(standin: StandIn, start_bot: StartBot) -> None:
    """Twenty at once are all acknowledged in time and answered, and the gateway hears the bot."""
    standin.server.gateway.interval = 1.0
    start_bot()
    asked = [standin.alice.slash("ask", question=ANSWERED) for _ in range(20)]
    assert all("**3 March 2022**" in pending.screen() for pending in asked)
    assert max(p.interaction.acknowledged_after or 9 for p in asked) < 3
    assert standin.missed_heartbeats() == 0


def test_too_many_questions_are_told(standin: StandIn, start_bot: StartBot) -> None:
    """Each is answered or told, privately, to come again."""
    start_bot(workers=1, queue=2)
    asked = [standin.alice.slash("ask", question=ANSWERED) for _ in range(8)]
    told = 0
    for pending in asked:
        found = pending.interaction
        standin.wait(partial(_is_told, found), "a word")
        if found.followups:
            assert found.followups[0].ephemeral
            assert "I am busy" in screen(found.followups[0])
            told += 1
        else:
            assert "**3 March 2022**" in pending.screen()
    assert 0 < told < 8


def test_rate_limits_and_failures_of_discord(standin: StandIn, bot: RunningBot) -> None:
    """The answer comes after them, once."""
    standin.fail("PATCH /webhooks", 2, status=429, retry_after=0.1)
    standin.fail("POST /channels", 1, status=429, retry_after=0.1, everywhere=True)
    standin.fail("POST /channels", 1, status=502)
    standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    assert "**3 March 2022**" in standin.alice.slash("ask", question=ANSWERED).screen()
    answers(standin, 2)
    assert [c[-3:] for c in standin.calls("PATCH /webhooks")] == ["429", "429", "200"]


def test_an_answer_whose_response_is_lost_is_not_sent_twice(
    standin: StandIn, bot: RunningBot
) -> None:
    """Discord took it and failed to say so: by its nonce the second request is known again."""
    standin.fail("POST /channels", 1, lost=502)
    standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    standin.wait(lambda: len(standin.calls("POST /channels")) == 2, "a second request")
    answers(standin, 1)


def test_a_failure_that_stays_is_told(standin: StandIn, bot: RunningBot) -> None:
    """With a reference that stands in the log, to the asker alone."""
    standin.fail("PATCH /webhooks", 1, status=400)
    asked = standin.alice.slash("ask", question=ANSWERED)
    told = asked.followup()
    assert told.ephemeral
    text = screen(told)
    assert "Something went wrong" in text
    assert bot.logged(text[-8:])


def test_an_unusable_index(
    standin: StandIn,
    start_bot: StartBot,
    make_project: Callable[..., Project],
    embedder: OnnxEmbedder,
    tmp_path: Path,
) -> None:
    """Is told as such, to those who ask in any way."""
    project = make_project(tmp_path / "own")
    project.index(embedder)
    bot = start_bot(project.service())
    (project.embeddings / "CURRENT").write_text("gone")
    told = screen(standin.alice.slash("ask", question=ANSWERED).followup())
    assert "The index cannot be used just now." in told
    assert bot.logged(told[-8:])
    asked = standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    assert "The index cannot" in screen(standin.wait_messages(standin.news, after=asked)[0])


def test_where_the_bot_may_not_write(standin: StandIn, bot: RunningBot) -> None:
    """Without embeds as plain text; without messages in private; silence is never all."""
    standin.deny(standin.news, "embed_links")
    asked = standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    [plain] = standin.wait_messages(standin.news, after=asked)
    assert plain.embeds == []
    assert "closed on **3 March 2022**" in plain.content
    standin.deny(standin.news, "read_message_history")
    asked = standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    [plain] = standin.wait_messages(standin.news, after=asked)
    assert plain.reply_to is None
    standin.deny(standin.news, "send_messages")
    standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    [moved] = standin.wait_messages(standin.alice.dm)
    assert screen(moved).startswith(f"I may not write in <#{standin.news.id}>, so I answer here.")
    assert "**3 March 2022**" in screen(moved)
    standin.alice.user.takes_dms = False
    standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    standin.wait(lambda: bot.logged("code=50007"), "a line in the log")
    assert "**3 March 2022**" in standin.alice.slash("ask", question=ANSWERED).screen()


def test_a_question_taken_back(standin: StandIn, bot: RunningBot) -> None:
    """Is answered without a reference."""
    standin.fail("POST /channels", 1, delay=0.3)
    asked = standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    standin.alice.delete(asked)
    [answer] = standin.wait_messages(standin.news)
    assert answer.reply_to is None


def test_hostile_articles_come_out_harmless(
    standin: StandIn, start_bot: StartBot, rough: Project
) -> None:
    """In answers, refusals, context, lists and completion: nothing acts, nobody is notified."""
    start_bot(rough.service())
    alice, question = standin.alice, "Who is the mayor of Grubdorf?"
    answer = alice.slash("ask", question=question).answer()
    assert "Hans" in screen(answer)
    standin.deny(standin.chat, "embed_links")
    asked = alice.say(standin.chat, f"{standin.mention} {question}")
    [plain] = standin.wait_messages(standin.chat, after=asked)
    shown = [
        answer,
        plain,
        alice.click(answer, "Show context").answer(),
        alice.slash("ask", question="Which planet is the largest?").answer(),
        alice.slash("sources").answer(),
    ]
    assert "everyone" in plain.content
    links = [url for m in shown for t in every_text(m) for url in LINK.findall(t)]
    assert all(url.startswith("https://good.example/page_%281%29") for url in links)
    assert [found for m in shown for text in every_text(m) if (found := active(text, *links))] == []
    assert all("\u202e" not in c["name"] for c in alice.complete("ask", "source", ""))


HARM = [
    "@everyone <@1> who is <@&5> in <#7>?",
    "Who is [the mayor](https://evil.example) of `Grubdorf`? ||x|| ~~y~~ __z__ :smile:",
    "# Who\n> is\n- the mayor of Grubdorf <t:1:R> </ask:1> <:a:1>?",
    "\u202eWho is the mayor of Grubdorf?\u200b",
    "`" * 900,
    "*" * 1000,
    "\\" * 999 + "?",
]


@pytest.mark.parametrize("question", HARM, ids=range(len(HARM)))
def test_hostile_questions_come_out_harmless(
    standin: StandIn, bot: RunningBot, question: str
) -> None:
    """As a command, as a mention, and as a message asked about."""
    pending = standin.alice.slash("ask", question=question)
    said = standin.bob.say(standin.chat, f"{standin.mention} {question}")
    about = standin.alice.use_on("Ask about this", said).answer()
    [reply] = standin.wait_messages(standin.chat, after=said)[:1]
    shown = [pending.answer(), about, reply]
    links = [
        url
        for m in shown
        for text in every_text(m)
        for url in LINK.findall(text)
        if url.partition("#:~:text=")[0] == "https://quay.example/bridge"
    ]
    found = [a for m in shown for text in every_text(m) for a in active(text, *links)]
    assert found == []


def test_what_is_too_long_is_cut(standin: StandIn, start_bot: StartBot, rough: Project) -> None:
    """A sentence of 5,000 characters, and a message of 2,000 asked about."""
    assert len(LONG) > 4000
    start_bot(rough.service())
    question = "Who has the right of fishing in pond number 40 by the charter of Longwick?"
    answer = standin.alice.slash("ask", question=question).answer()
    assert "…" in screen(answer)
    standin.alice.click(answer, "Show context").answer()
    talk = standin.bob.say(standin.chat, ("Who fishes in pond 40? " * 100)[:2000])
    assert "only its first 1000" in standin.alice.use_on("Ask about this", talk).screen()


def test_a_token_that_is_revoked(standin: StandIn, bot: RunningBot) -> None:
    """Ends the bot with an error that says so."""
    standin.close_sockets(4004)
    bot.join()
    assert isinstance(bot.error, DiscordError)
    assert "does not accept the token" in str(bot.error)


def test_the_log_holds_no_question(standin: StandIn, bot: RunningBot) -> None:
    """Nor names, nor tokens, whatever happens."""
    standin.alice.slash("ask", question=OFF_TOPIC).answer()
    standin.alice.slash("ask", question=ANSWERED, source="Zanzibar").followup()
    standin.alice.say(standin.news, f"{standin.mention} {OFF_TOPIC}")
    standin.wait_messages(standin.news, 2)
    standin.fail("PATCH /webhooks", 1, status=400)
    standin.alice.slash("ask", question=OFF_TOPIC).followup()
    text = "\n".join(bot.log.lines)
    assert "reference=" in text
    for secret in ("Capablanca", "Zanzibar", "alice", standin.server.front.token):
        assert secret not in text
    assert not [i.token for i in standin.server.interactions.all if i.token in text]


def _is_told(interaction: Interaction) -> bool:
    return bool((interaction.original and interaction.original.embeds) or interaction.followups)
