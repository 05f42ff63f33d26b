"""What people get on Discord: the real client and service, over the wire, as whole screens."""

from __future__ import annotations

import json
import re
import socket
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED, OFF_TOPIC
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

APPLES = "How many apple trees are in the roof garden of Tarnwick's library?"
LINK = "https://quay.example/bridge#:~:text=The%20old%20harbour%20bridge%20at%20Lowmere%20was%20closed%20on%203%20March%202022%20after%20engineers%20found%20cracks%20in%20two%20of%20its%20main%20beams."
ANSWER = f"""| -- colour 2e8b57
| # {ANSWERED}
| > The old harbour bridge at Lowmere was closed on **3 March 2022** after engineers found cracks in two of its main beams.
|
| [Harbour bridge at Lowmere closed]({LINK}) · The Quay Gazette · Ines Okoro · 4 March 2022 · paragraph 1
| * Also in
|   Cracks shut Lowmere bridge · Northern Wire · 5 March 2022 · paragraph 1
| _ confidence N % · verbatim quote · bridge.md · moderators can read questions
[Show context (secondary)] [👍 Helpful (secondary)] [👎 Not helpful (secondary)]"""
PRIVATE = "(only you can see this)\n"
CONTEXT = f"""(only you can see this)
| -- colour 4f6d8f
| # Show context
| **The old harbour bridge at Lowmere was closed on 3 March 2022 after engineers found cracks in two of its main beams.**
|
| The council said that the repairs would cost £2.4 million and take about eight months.
|
| [Harbour bridge at Lowmere closed]({LINK}) · The Quay Gazette · Ines Okoro · 4 March 2022 · paragraph 1"""
SOURCES = """(only you can see this)
| -- colour 4f6d8f
| # Articles
| - Beekeeping on Mount Ansel
| - [Harbour bridge at Lowmere closed](https://quay.example/bridge) · The Quay Gazette · Ines Okoro · 4 March 2022
| - Cracks shut Lowmere bridge · Northern Wire · 5 March 2022
| - Tarnwick Library Reopens With a Roof Garden · 12 September 2023
| - The night ferry between Saltholm and Varn will stop running in October, its owner…
| _ page 1 of 1 · articles: 5"""
ORIGINAL = (
    f"[Harbour bridge at Lowmere closed]({LINK}) · The Quay Gazette · Ines Okoro · 4 March 2022"
)
COPY = "Cracks shut Lowmere bridge · Northern Wire · 5 March 2022"
ANSWERS = {
    ANSWER,
    ANSWER.replace(ORIGINAL, COPY, 1)
    .replace(f"|   {COPY}", f"|   {ORIGINAL.replace(LINK, LINK.partition('#')[0])}")
    .replace("bridge.md", "copy.md"),
}
"""Which of two copies is quoted first is for the readers to say."""

CONTEXTS = {
    CONTEXT,
    CONTEXT.replace(ORIGINAL, COPY).replace(
        "The council said that the repairs would cost £2.4 million and take about eight months.",
        "Shopkeepers in the lower town fear a quiet spring.",
    ),
}
UNUSABLE = """(only you can see this)
| -- colour 4f6d8f
| # The question cannot be used
| {what}
| _ reference XXXXXXXX"""


def same(text: str) -> str:
    """Return a screen without what differs from run to run."""
    return re.sub(r"reference \w{8}", "reference XXXXXXXX", re.sub(r"\d+ %", "N %", text))


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
        "delete-my-data",
        "Ask about this",
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


def test_reindexing_is_for_the_owners_of_the_application(standin: StandIn, bot: RunningBot) -> None:
    """Who manages a server has no say in the host's folder; a team's members have."""
    refused = standin.mod.slash("reindex").screen()
    assert refused.endswith("| Only the owners of this bot's application can do this.")
    assert "up to date" in standin.owner.slash("reindex").screen()
    users = {"bob": standin.bob.user, "mod": standin.mod.user}
    standin.server.rest.team = {
        "id": "5",
        "name": "team",
        "icon": None,
        "owner_user_id": str(standin.bob.user.id),
        "members": [
            {"membership_state": state, "team_id": "5", "role": role, "user": users[who].payload()}
            for who, state, role in (("bob", 2, "admin"), ("mod", 2, "developer"))
        ],
    }
    assert "up to date" in standin.mod.slash("reindex").screen()
    assert "Only the owners" in standin.owner.slash("reindex").screen()


@pytest.mark.parametrize("name", ["scope", "quiet", "gaps"])
def test_moderators_commands_check_for_themselves(
    standin: StandIn, bot: RunningBot, name: str
) -> None:
    """Also when a server's settings show them to everybody."""
    values = {"on": True} if name == "quiet" else {}
    with pytest.raises(AssertionError, match="not offered"):
        standin.alice.slash(name, **values)
    refused = standin.alice.slash(name, forced=True, **values)
    assert refused.screen() == (
        PRIVATE + "| -- colour 4f6d8f\n| Only people who may manage the server can do this."
    )


def test_scopes(standin: StandIn, bot: RunningBot) -> None:
    """A channel's scope goes before the server's; threads and direct messages inherit them."""
    mod, alice = standin.mod, standin.alice
    thread = standin.add_thread(standin.news, "in the news")
    shown = mod.slash("scope", publishers="Northern", channel=standin.news.id).screen()
    assert f"<#{standin.news.id}>\n|   Publishers: Northern" in shown
    assert "copy.md" in alice.slash("ask", thread, question=ANSWERED).screen()
    assert "copy.md" in alice.slash("ask", question=ANSWERED).screen()
    assert "3 March 2022" in alice.slash("ask", standin.chat, question=ANSWERED).screen()
    mod.slash("scope", sources="bees").answer()
    assert "3 March 2022" not in alice.slash("ask", standin.chat, question=ANSWERED).screen()
    assert "articles: 1" in alice.slash("sources", standin.chat).screen()
    assert "3 March 2022" not in alice.slash("ask", alice.dm, question=ANSWERED).screen()
    refused = mod.slash("scope", publishers="No such").screen()
    assert refused.endswith("| No article would be left: nothing was changed.")
    mod.slash("scope", clear=True).answer()
    mod.slash("scope", clear=True, channel=standin.news.id).answer()
    assert "3 March 2022" in alice.slash("ask", question=ANSWERED).screen()


def test_quiet_channels(standin: StandIn, bot: RunningBot) -> None:
    """No refusal is said aloud there; answers are."""
    standin.mod.slash("quiet", on=True).answer()
    asked = standin.alice.say(standin.news, f"{standin.mention} {OFF_TOPIC}")
    standin.wait(lambda: asked.reactions, "a reaction")
    assert asked.reactions == ["\U0001f937"]
    refused = standin.alice.slash("ask", question=OFF_TOPIC)
    assert refused.screen().startswith(PRIVATE + "| -- colour c98a1b")
    answered = standin.alice.slash("ask", question=ANSWERED)
    assert same(screen(answered.followup())) in ANSWERS
    assert screen(answered.interaction.original).endswith("| Answered below.")
    standin.mod.slash("quiet", on=False).answer()
    asked = standin.alice.say(standin.news, f"{standin.mention} {OFF_TOPIC}")
    assert "No answer" in screen(standin.wait_messages(standin.news, after=asked)[0])


def test_gaps(standin: StandIn, bot: RunningBot) -> None:
    """Unanswered questions, most asked first, as a list and as a file."""
    other = "Who conquered Mount Everest first?"
    for person in (standin.alice, standin.bob):
        person.slash("ask", question=OFF_TOPIC).answer()
    standin.alice.slash("ask", question=other).answer()
    answer = standin.mod.slash("gaps").answer()
    lines = screen(answer).splitlines()
    assert lines[3] == f"| 1\\. {OFF_TOPIC} (asked 2×, people: 2)"
    assert lines[4] == f"| 2\\. {other} (asked 1×, people: 1)"
    rows = answer.files["gaps.csv"].decode("utf-8-sig").splitlines()
    assert rows[0] == "question,times,people,last asked,reason"
    assert rows[1].startswith(f"{OFF_TOPIC},2,2,")
    assert str(standin.alice.user.id) not in answer.files["gaps.csv"].decode()


def test_reindexing(
    standin: StandIn,
    start_bot: StartBot,
    make_project: Callable[..., Project],
    embedder: OnnxEmbedder,
    tmp_path: Path,
) -> None:
    """Answers go on meanwhile; a new article is then quoted; two builds at once are not begun."""
    project = make_project(tmp_path / "own")
    project.index(embedder)
    start_bot(project.service())
    for number in range(10):
        sentences = [f"Cellar {number}-{n} holds {n} casks of cider." for n in range(20)]
        project.write(f"cellar-{number}.md", "\n\n".join(sentences))
    project.write("tower.md", "The clock tower of Penfold was painted green in 1987.")
    building = standin.owner.slash("reindex")
    building.acknowledged()
    again = standin.owner.slash("reindex")
    assert same(standin.alice.slash("ask", question=ANSWERED).screen()) in ANSWERS
    assert "indexed already" in screen(
        again.followup() if again.interaction.followups else again.answer()
    )
    standin.wait(lambda: "The index is new" in screen(building.interaction.original), "the index")
    assert "11 added, 0 changed, 0 removed, 5 unchanged" in building.screen()
    question = "What colour was the clock tower of Penfold painted?"
    assert "tower.md" in standin.alice.slash("ask", question=question).screen()


def test_cooldown(standin: StandIn, start_bot: StartBot) -> None:
    """A command is told so privately; a mention gets a reaction; others may ask."""
    start_bot(cooldown_questions=1, cooldown_seconds=60)
    standin.alice.slash("ask", question=ANSWERED).answer()
    refused = standin.alice.slash("ask", question=ANSWERED).screen()
    assert re.fullmatch(
        r"\(only you can see this\)\n.*\n\| Please wait \d+ s before you ask again.", refused
    )
    asked = standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    assert standin.wait(lambda: asked.reactions, "a reaction") == ["\u23f3"]
    assert same(standin.bob.slash("ask", question=ANSWERED).screen()) in ANSWERS


def test_the_log_of_questions_can_be_off(standin: StandIn, start_bot: StartBot) -> None:
    """Then no question is found in the database, and buttons work still."""
    bot = start_bot(log_questions=False)
    answer = standin.alice.slash("ask", question=ANSWERED).answer()
    standin.alice.slash("ask", question=OFF_TOPIC).answer()
    assert standin.alice.click(answer, "Show context").screen() in CONTEXTS
    assert "log_questions is off" in standin.mod.slash("gaps").screen()
    kept = b"".join(p.read_bytes() for p in bot.store.path.parent.iterdir())
    assert b"Capablanca" not in kept
    assert str(standin.alice.user.id).encode() not in kept


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
