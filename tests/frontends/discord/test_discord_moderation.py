"""What moderators and owners do, and the limits that they set: over the wire, as whole screens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED, OFF_TOPIC
from discord_expected import ANSWERS, CONTEXTS, PRIVATE, same
from discord_running import shown
from discord_standin import screen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Project
    from discord_running import RunningBot
    from discord_standin import StandIn

    from sourcebot.embedding.embedder import OnnxEmbedder

    StartBot = Callable[..., RunningBot]


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
    assert shown(answered).endswith("| Answered below.")
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
    assert rows[0] == "question,times,people,waiting,last asked,reason"
    assert rows[1].startswith(f"{OFF_TOPIC},2,2,0,")
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
    standin.wait(lambda: "The index is new" in shown(building), "the index")
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
