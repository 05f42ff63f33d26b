"""What people get on Discord: the real client and service, over the wire, as whole screens."""

from __future__ import annotations

import json
import socket
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

from conftest import ANSWERED, OFF_TOPIC
from discord_expected import ANSWERS, APPLES, CONTEXTS, PRIVATE, SOURCES, UNUSABLE, same
from discord_standin import screen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Project
    from discord_running import RunningBot
    from discord_standin import StandIn

    from sourcebot.answering.service import Service
    from sourcebot.embedding.embedder import OnnxEmbedder

    StartBot = Callable[..., RunningBot]


def test_logging_in(standin: StandIn, bot: RunningBot) -> None:
    """No privileged intent is asked for; commands are registered once, moderators' ones guarded."""
    assert [i["intents"] for i in standin.server.gateway.identifies] == [1 | 1 << 9 | 1 << 12]
    names = {c["name"]: c["default_member_permissions"] for c in standin.server.rest.syncs[0]}
    hidden = {name for name, needed in names.items() if needed}
    assert hidden == {"reindex", "scope", "quiet", "gaps"}
    assert set(names) - hidden == {
        "ask",
        "sources",
        "about",
        "check",
        "following",
        "delete-my-data",
        "Ask about this",
        "Check with sourcebot",
        "Report answer",
    }


def test_an_answer(standin: StandIn, bot: RunningBot) -> None:
    """Deferred at once, for all to see; quote, attribution, copies, confidence, buttons."""
    asked = standin.alice.slash("ask", question=ANSWERED)
    assert same(asked.screen()) in ANSWERS
    assert asked.interaction.callback == 5
    assert asked.interaction.acknowledged_after
    assert asked.interaction.acknowledged_after < 1
    assert asked.answer().edits == 1


def test_a_private_answer(standin: StandIn, bot: RunningBot) -> None:
    """Only the asker sees it."""
    asked = standin.alice.slash("ask", question=ANSWERED, private=True)
    assert same(asked.screen()) in {PRIVATE + answer for answer in ANSWERS}


def test_a_refusal_looks_different(standin: StandIn, bot: RunningBot) -> None:
    """Another colour, the reason, and nothing in bold."""
    text = standin.alice.slash("ask", question=OFF_TOPIC).screen()
    assert text.startswith("| -- colour c98a1b\n| # No answer in the articles\n")
    assert "Nothing relevant to this was found in the articles." in text
    assert "| * " not in text, "nothing is relevant, so nothing is shown"
    assert "**" not in text


def test_buttons_under_an_answer(standin: StandIn, bot: RunningBot) -> None:
    """Context and thanks are for whoever clicks; votes count, one for each person."""
    alice, answer = standin.alice, standin.alice.slash("ask", question=ANSWERED).answer()
    assert alice.click(answer, "Show context").screen() in CONTEXTS
    thanks = PRIVATE + "| -- colour 4f6d8f\n| Thank you, noted."
    assert standin.bob.click(answer, "Not").screen() == thanks
    assert alice.click(answer, "Not").screen() == thanks
    assert (
        alice.press(answer, answer.components[0]["components"][1]["custom_id"]).screen() == thanks
    )
    [complaint] = bot.store.complaints(standin.guild.id)
    assert (complaint.helpful, complaint.not_helpful) == (1, 1)
    assert same(screen(answer)) in ANSWERS


def test_buttons_and_forms_after_a_restart(standin: StandIn, start_bot: StartBot) -> None:
    """A new process knows what the old one answered."""
    first = start_bot()
    answer = standin.alice.slash("ask", question=ANSWERED).answer()
    form = standin.bob.use_on("Report answer", answer)
    form.acknowledged()
    first.stop()
    second = start_bot()
    assert standin.alice.click(answer, "Show context").screen() in CONTEXTS
    told = standin.bob.submit(form, "The date is wrong.").screen()
    assert told.endswith("| Thank you. The moderators of this server can read your report.")
    assert second.store.complaints(standin.guild.id)[0].reports == ("The date is wrong.",)
    assert standin.syncs() == 1, "the same commands are registered once"


def test_an_answer_that_is_no_longer_kept(standin: StandIn, bot: RunningBot) -> None:
    """Its buttons say so."""
    answer = standin.alice.slash("ask", question=ANSWERED).answer()
    time.sleep(0.01)
    assert bot.store.forget_before(0) == 1
    gone = PRIVATE + "| -- colour 4f6d8f\n| This answer is no longer kept. Please ask again."
    assert standin.alice.click(answer, "Show context").screen() == gone


def test_filters(standin: StandIn, bot: RunningBot) -> None:
    """Source and date narrow the articles; what cannot be used is told to the asker alone."""
    alice = standin.alice
    assert "library.txt" in alice.slash("ask", question=APPLES, source="library").screen()
    assert "bridge.md" not in alice.slash("ask", question=ANSWERED, since="2023").screen()
    as_of: dict[str, Any] = {"as-of": "2022-03-04"}
    then = alice.slash("ask", question=ANSWERED, **as_of).screen()
    later = then[then.index("| * Said later\n") :]
    assert "main beams.” — Cracks shut Lowmere bridge · Northern Wire · 5 March 2022" in later
    assert "Also in" not in then, "what came later is no copy of what was known"
    bad = alice.slash("ask", question=ANSWERED, since="soon")
    what = "since 'soon' is not a date\n| write it as 2021-07-20"
    assert same(bad.screen()) == UNUSABLE.format(what=what)
    none = alice.slash("ask", question=ANSWERED, source="atlas")
    what = "no article has a source like 'atlas'\n| /sources lists all"
    assert same(screen(none.followup())) == UNUSABLE.format(what=what)
    standin.wait(
        lambda: none.interaction.original and none.interaction.original.deleted, "tidiness"
    )


def test_completion(standin: StandIn, bot: RunningBot) -> None:
    """Titles that begin with what was typed come first; values filter."""
    found = standin.alice.complete("ask", "source", "ha")
    assert found[0] == {"name": "Harbour bridge at Lowmere closed", "value": "bridge.md"}
    assert standin.alice.complete("ask", "source", "zzz") == []
    assert len(standin.mod.complete("scope", "sources", "")) == 5


def test_lists(standin: StandIn, bot: RunningBot) -> None:
    """/sources and /about, for the asker alone."""
    assert standin.alice.slash("sources").screen() == SOURCES
    about = standin.alice.slash("about", standin.alice.dm).screen()
    assert "5 (/sources)" in about
    assert "kept for 90 days" in about


def test_pages(
    standin: StandIn,
    start_bot: StartBot,
    make_project: Callable[..., Project],
    embedder: OnnxEmbedder,
    tmp_path: Path,
) -> None:
    """A long list is turned with buttons; completion offers 25 at most."""
    articles = {f"{n:02}.md": f"# Report {n:02}\n\nIt rained {n} days.\n" for n in range(26)}
    project = make_project(tmp_path / "wide", articles)
    project.index(embedder)
    start_bot(project.service())
    pages = standin.alice.slash("sources").answer()
    assert "page 1 of 3" in screen(pages)
    standin.alice.click(pages, "Next").answer()
    assert "page 2 of 3" in screen(pages)
    assert "Report 10" in screen(pages)
    standin.alice.click(pages, "Next").answer()
    assert screen(pages).endswith("[Previous (secondary)] [Next (secondary, disabled)]")
    standin.alice.click(pages, "Previous").answer()
    assert "page 2 of 3" in screen(pages)
    assert len(standin.alice.complete("ask", "source", "report")) == 25


def test_a_mention_is_answered_in_a_reply(standin: StandIn, bot: RunningBot) -> None:
    """Which notifies nobody."""
    asked = standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    [answer] = standin.wait_messages(standin.news)
    assert same(screen(answer)) in ANSWERS
    assert answer.reply_to is asked
    assert answer.pings == []
    asked = standin.alice.say(standin.chat, standin.mention)
    assert "Ask me a question" in screen(standin.wait_messages(standin.chat)[0])


def test_what_is_not_asked_is_not_answered(standin: StandIn, bot: RunningBot) -> None:
    """Talk among people, thanks, other bots, and replies that ping by accident."""
    other = standin.add_person("robot", bot=True)
    answer = standin.alice.slash("ask", question=ANSWERED).answer()
    standin.alice.say(standin.news, ANSWERED)
    standin.alice.say(standin.news, "thanks", reply_to=answer)
    standin.alice.say(standin.news, "I see, on 3 March", reply_to=answer)
    standin.alice.say(standin.news, APPLES, reply_to=answer, ping=False)
    other.say(standin.news, f"{standin.mention} {ANSWERED}")
    other.say(standin.news, ANSWERED, reply_to=answer)
    last = standin.alice.say(standin.chat, f"{standin.mention} {APPLES}")
    standin.wait_messages(standin.chat, after=last)
    assert [m for m in standin.wait_messages(standin.news) if m is not answer] == []


def test_direct_messages_and_follow_ups(standin: StandIn, bot: RunningBot) -> None:
    """In direct messages a question is about what was asked before, and the reply says so."""
    alice = standin.alice
    alice.say(alice.dm, ANSWERED)
    [first] = standin.wait_messages(alice.dm)
    assert same(screen(first)) in {
        a.replace(" · moderators can read questions", "") for a in ANSWERS
    }
    alice.say(alice.dm, "How much will its repairs cost?")
    [second] = standin.wait_messages(alice.dm, after=first)
    assert "£2.4 million" in screen(second)
    meant = second.embeds[0]["fields"][0]["value"]
    assert meant == "Taken as: How much will the old harbour bridge’s repairs cost?"


def test_a_reply_to_an_answer_is_a_follow_up(standin: StandIn, bot: RunningBot) -> None:
    """Its contents come because the reply mentions the bot."""
    answer = standin.alice.slash("ask", question=ANSWERED).answer()
    asked = standin.alice.say(standin.news, "What would the repairs cost?", reply_to=answer)
    [reply] = standin.wait_messages(standin.news, after=asked)
    assert "£2.4 million" in screen(reply)


def test_a_reply_may_overtake_the_news_that_its_answer_was_sent(
    standin: StandIn, bot: RunningBot
) -> None:
    """People see an answer, and reply, before the bot hears from Discord that it was sent."""
    standin.fail("PATCH /webhooks", late=1.5)
    answer = standin.alice.slash("ask", question=ANSWERED).answer()
    asked = standin.alice.say(standin.news, "What would the repairs cost?", reply_to=answer)
    [reply] = standin.wait_messages(standin.news, after=asked)
    assert "£2.4 million" in screen(reply)


def test_two_questions_in_one(standin: StandIn, bot: RunningBot) -> None:
    """Both are answered, and the answer is kept whole for its buttons."""
    both = "When was the old harbour bridge at Lowmere closed and who is the captain of the night ferry?"
    answer = standin.alice.slash("ask", question=both).answer()
    assert "3 March 2022" in screen(answer)
    assert "Oskar Fjeld" in screen(answer)
    assert "Taken as 2 questions" in screen(answer)
    number = standin.wait(lambda: bot.store.number_of(answer.id), "the answer to be kept")
    kept = bot.store.answer(number)
    assert kept
    assert len(kept.parts) == 2


def test_message_commands(standin: StandIn, bot: RunningBot) -> None:
    """One reads any message as a question; the other knows only the bot's own answers."""
    talk = standin.bob.say(standin.chat, f"Does anybody know? {ANSWERED}")
    asked = standin.alice.use_on("Ask about this", talk)
    assert "**3 March 2022**" in asked.screen()
    assert asked.answer().ephemeral
    unknown = standin.alice.use_on("Report answer", talk).screen()
    assert unknown.endswith("| This is not an answer of mine that I still know.")
    answer = standin.alice.slash("ask", question=ANSWERED).answer()
    form = standin.alice.use_on("Report answer", answer)
    standin.alice.submit(form, "Out of date").answer()
    assert bot.store.complaints(standin.guild.id)[0].reports == ("Out of date",)


def test_answers_in_threads(standin: StandIn, start_bot: StartBot) -> None:
    """Where they are wanted, a mention's answer opens one, in which questions go on."""
    start_bot(threads=True)
    asked = standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    thread = standin.wait(lambda: asked.thread, "a thread")
    assert thread.name == ANSWERED
    [answer] = standin.wait_messages(thread)
    assert same(screen(answer)) in ANSWERS
    asked = standin.alice.say(thread, f"{standin.mention} What would the repairs cost?")
    assert "£2.4 million" in screen(standin.wait_messages(thread, after=asked)[0])


def test_languages(standin: StandIn, bot: RunningBot) -> None:
    """The bot speaks the language of the person's client; quotes stay as they are."""
    standin.alice.user.locale = "de"
    text = standin.alice.slash("ask", question=ANSWERED).screen()
    assert "4. März 2022" in text
    assert "was closed on **3 March 2022**" in text
    assert "[Zusammenhang (secondary)]" in text


def test_shards(standin: StandIn, start_bot: StartBot) -> None:
    """With two connections every place is answered once."""
    start_bot(shards=2)
    assert {tuple(i["shard"]) for i in standin.server.gateway.identifies} == {(0, 2), (1, 2)}
    asked = standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    standin.alice.say(standin.alice.dm, ANSWERED)
    assert len(standin.wait_messages(standin.news, after=asked)) == 1
    assert len(standin.wait_messages(standin.alice.dm)) == 1


def test_health(standin: StandIn, start_bot: StartBot) -> None:
    """The endpoint follows the socket, not what the library believes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    start_bot(health_port=port)

    def health() -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health") as answer:
                return answer.status, json.load(answer)["gateway"]
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)["gateway"]

    standin.wait(lambda: health() == (200, "up"), "health")
    asked = standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    standin.wait_messages(standin.news, after=asked)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        assert 'sourcebot_questions_total{outcome="answered"} 1.0' in answer.read().decode()
    standin.server.gateway.refuses = True
    standin.drop_sockets()
    standin.wait(lambda: health() == (503, "down"), "illness")
    standin.server.gateway.refuses = False
    standin.wait(lambda: health() == (200, "up"), "health again")


def test_two_services_share_nothing(
    standin: StandIn, bot: RunningBot, shared_service: Service
) -> None:
    """What the bot answers is what the service answers."""
    reply = shared_service.ask(ANSWERED)
    shown = standin.alice.slash("ask", question=ANSWERED).screen()
    assert f"confidence {round(100 * reply.confidence)} %" in shown
