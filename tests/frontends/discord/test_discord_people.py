"""What people meet besides answers: small talk, languages, scopes of roles, their own data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED, OFF_TOPIC
from discord_standin import screen

from sourcebot.errors import QuestionError
from sourcebot.frontends.discord import commands, moderation
from sourcebot.frontends.discord.command_names import TEXTS, name_of
from sourcebot.frontends.discord.languages import LANGUAGES
from sourcebot.frontends.discord.refusals import problem
from sourcebot.text.dates import required_bound
from sourcebot.text.small_talk import SmallTalk, small_talk
from sourcebot.types import Filters

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Project
    from discord_running import RunningBot
    from discord_standin import Person, StandIn

    StartBot = Callable[..., RunningBot]


# Small talk


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hi", SmallTalk.GREETING),
        ("Hello there!", SmallTalk.GREETING),
        ("good morning", SmallTalk.GREETING),
        ("Moin \U0001f44b", SmallTalk.GREETING),
        ("buenos días", SmallTalk.GREETING),
        ("thanks!", SmallTalk.THANKS),
        ("Thank you so much, that was very helpful", SmallTalk.THANKS),
        ("ok", SmallTalk.THANKS),
        ("vielen lieben Dank", None),
        ("danke dir", SmallTalk.THANKS),
        ("merci beaucoup", SmallTalk.THANKS),
        ("help", SmallTalk.HELP),
        ("Help me please", SmallTalk.HELP),
        ("What can you do?", SmallTalk.HELP),
        ("¿Cómo funciona?", SmallTalk.HELP),
        ("asdf", SmallTalk.NOISE),
        ("asdfgh jkl;", None),
        ("qwertz", SmallTalk.NOISE),
        ("aaaaaa", SmallTalk.NOISE),
        ("\U0001f602\U0001f602", SmallTalk.NOISE),
        ("???", SmallTalk.NOISE),
        ("1962", None),
        ("Who helps the thankful?", None),
        ("Where is the help desk?", None),
        ("hello, when was the bridge closed?", None),
        ("bridge", None),
        ("Lowmere", None),
        ("good", None),
        ("it?", None),
        ("Where were you?", None),
    ],
)
def test_what_asks_nothing(text: str, kind: SmallTalk | None) -> None:
    """Greetings, thanks, calls for help and keys hit at random; what may ask is left alone."""
    assert small_talk(text) == kind


def said(standin: StandIn, person: Person, text: str) -> str:
    """Return what is answered to a direct message."""
    asked = person.say(person.dm, text)
    return screen(standin.wait_messages(person.dm, after=asked)[0])


def test_small_talk_is_answered_as_such(standin: StandIn, bot: RunningBot) -> None:
    """Shortly, without quotes; how to ask is told once to each person, and to who wants help."""
    alice, bob = standin.alice, standin.bob
    first = said(standin, alice, "hi")
    assert "Hello!" in first
    assert "Ask me a question" in first
    assert "Moderators of a server can read what is asked there" in first
    assert said(standin, alice, "hello").endswith("| Hello!")
    assert said(standin, alice, "asdf").endswith("| I did not understand this as a question.")
    assert said(standin, alice, "thanks!").endswith("| You are welcome.")
    assert "Ask me a question" in said(standin, alice, "help")
    assert "Ask me a question" in said(standin, bob, "asdf")
    assert bot.store.gaps(0) == []


def test_what_finds_nothing_and_asks_nothing_is_not_refused(
    standin: StandIn, bot: RunningBot
) -> None:
    """A word that no article knows gets how to ask, and is no gap of the articles."""
    asked = standin.alice.say(standin.news, f"{standin.mention} Blorptastic")
    [answer] = standin.wait_messages(standin.news, after=asked)
    assert "I did not understand this as a question." in screen(answer)
    assert answer.components == []
    assert bot.store.gaps(standin.guild.id) == []
    asked = standin.alice.say(standin.news, f"{standin.mention} {OFF_TOPIC}")
    assert "No answer" in screen(standin.wait_messages(standin.news, after=asked)[0])
    assert len(bot.store.gaps(standin.guild.id)) == 1


def test_small_talk_to_a_command(standin: StandIn, bot: RunningBot) -> None:
    """Is answered to its person alone."""
    asked = standin.alice.slash("ask", question="hello").answer()
    assert asked.ephemeral
    assert "Ask me a question" in screen(asked)


# Languages


def texts_of(command: object) -> set[str]:
    """Return all names and descriptions that Discord shows of a command."""
    found = {getattr(command, "name", ""), getattr(command, "description", "")}
    for option in getattr(command, "parameters", []):
        found |= {option.display_name, option.description}
    return found - {""}


def test_everything_of_every_command_is_translated() -> None:
    """Names, options and descriptions, in German, French and Spanish; nothing is left over."""
    every = set().union(*(texts_of(c) for c in (*commands.COMMANDS, *moderation.COMMANDS)))
    assert every == TEXTS.keys()
    for english, others in TEXTS.items():
        assert others.keys() == {"de", "fr", "es"}, english
        assert all(len(text) <= 100 for text in others.values()), english


@pytest.mark.parametrize("locale", ["de", "fr", "es-ES", "es-419"])
def test_commands_are_registered_in_every_language(
    standin: StandIn, bot: RunningBot, locale: str
) -> None:
    """With names that differ from each other, as Discord wants them."""
    registered = standin.server.rest.syncs[0]
    names = [c["name_localizations"][locale] for c in registered]
    assert len(set(names)) == len(names)
    ask = next(c for c in registered if c["name"] == "ask")
    assert ask["description_localizations"][locale] != ask["description"]
    for option in ask["options"]:
        assert option["description_localizations"][locale] != option["description"]
    assert name_of("ask", locale[:2]) == f"/{ask['name_localizations'][locale]}"


def test_words_of_all_languages_take_the_same_values() -> None:
    """What is filled in is the same in every language."""
    english = LANGUAGES["en"]
    for words in LANGUAGES.values():
        for name in english.__dataclass_fields__:
            ours, theirs = getattr(english, name), getattr(words, name)
            if isinstance(ours, str):
                assert set(re.findall(r"{\w+}", ours)) == set(re.findall(r"{\w+}", theirs)), name


def test_errors_are_in_the_language_of_their_person(standin: StandIn, bot: RunningBot) -> None:
    """No English stands in a German embed."""
    alice = standin.alice
    alice.user.locale = "de"
    told = alice.slash("ask", question=ANSWERED, since="bald").screen()
    assert "Die Frage lässt sich so nicht stellen" in told
    assert "„bald“ ist kein Datum. Schreib es als 2021-07-20." in told
    told = screen(alice.slash("ask", question=ANSWERED, source="bridgge").followup())
    assert "Kein Artikel heißt wie „bridgge“. /quellen zeigt alle.\n| Meinst du bridge.md?" in told
    assert "did you mean" not in told


def test_every_error_of_a_question_has_words_in_every_language(shared_project: Project) -> None:
    """Each that the service raises for what people can ask on Discord."""
    service = shared_project.service()
    provoked: list[Callable[[], object]] = [
        lambda: required_bound("since", "soon"),
        lambda: service.ask("?!"),
        lambda: service.ask("x" * 1001),
        lambda: service.ask(ANSWERED, Filters(source="no such file")),
        lambda: service.ask(ANSWERED, Filters(publisher="nobody")),
        lambda: service.ask(
            ANSWERED, Filters(source="bees", since=required_bound("since", "2023"))
        ),
    ]
    for provoke in provoked:
        with pytest.raises(QuestionError) as caught:
            provoke()
        told = {problem(caught.value, words) for words in LANGUAGES.values()}
        assert len(told - {""}) == len(LANGUAGES), caught.value


# Servers, roles and direct messages


def test_a_server_that_is_joined_is_greeted(standin: StandIn, bot: RunningBot) -> None:
    """In its language, once, where the bot may write; a server that comes back is not."""
    guild = standin.add_guild("Hafenstadt")
    guild.locale = "de"
    channel = standin.add_channel("allgemein", guild)
    standin.join(guild)
    [hello] = standin.wait_messages(channel)
    assert "Hallo, ich bin sourcebot" in screen(hello)
    assert "/fragen" in screen(hello)
    assert "Ihr könnt die Fragen lesen" in screen(hello)
    standin.alice.slash("ask", question=ANSWERED).answer()
    assert len(standin.wait_messages(channel)) == 1


def test_the_bot_shows_what_it_does(standin: StandIn, bot: RunningBot) -> None:
    """Its presence names the command."""
    [identify] = standin.server.gateway.identifies
    assert identify["presence"]["game"]["state"].startswith("/ask")


def test_a_role_has_its_own_scope(standin: StandIn, start_bot: StartBot) -> None:
    """It takes the place of the server's for who has it; the highest role with one counts."""
    mod, alice, bob = standin.mod, standin.alice, standin.bob
    wire = standin.add_role("wire readers", alice)
    bees = standin.add_role("beekeepers")
    start_bot()
    mod.slash("scope", sources="bees").answer()
    shown = mod.slash("scope", publishers="Northern", role=wire.id).screen()
    assert f"<@&{wire.id}>\n|   Publishers: Northern" in shown
    assert "copy.md" in alice.slash("ask", question=ANSWERED).screen()
    assert "copy.md" not in bob.slash("ask", question=ANSWERED).screen()
    asked = alice.say(standin.chat, f"{standin.mention} {ANSWERED}")
    assert "copy.md" in screen(standin.wait_messages(standin.chat, after=asked)[0])
    bees.members.append(alice.user)
    mod.slash("scope", sources="library", role=bees.id).answer()
    assert "copy.md" not in alice.slash("ask", question=ANSWERED).screen()
    both = mod.slash("scope", sources="bees", role=wire.id, channel=standin.news.id).screen()
    assert both.endswith("| Choose a channel or a role, not both.")
    mod.slash("scope", clear=True, role=bees.id).answer()
    assert "copy.md" in alice.slash("ask", question=ANSWERED).screen()
    assert "copy.md" in alice.slash("ask", alice.dm, question=ANSWERED).screen()
    assert "copy.md" not in bob.slash("ask", bob.dm, question=ANSWERED).screen()


def test_direct_messages_do_not_go_around_a_scope(standin: StandIn, start_bot: StartBot) -> None:
    """By default they have what the shared servers allow; who shares none is told so."""
    start_bot()
    stranger = standin.add_person("stan")
    del standin.guild.members[stranger.user]
    assert "3 March 2022" in stranger.slash("ask", stranger.dm, question=ANSWERED).screen()
    standin.mod.slash("scope", sources="bees").answer()
    alice = standin.alice
    assert "3 March 2022" not in said(standin, alice, ANSWERED)
    assert "In direct messages I answer only members" in said(standin, stranger, ANSWERED)
    refused = stranger.slash("ask", stranger.dm, question=ANSWERED)
    assert "In direct messages I answer only members" in screen(refused.followup())
    assert stranger.complete("ask", "source", "ha", stranger.dm) == []
    lists = alice.slash("sources", alice.dm).screen()
    assert "articles: 1" in lists


def test_direct_messages_can_be_off_or_open(standin: StandIn, start_bot: StartBot) -> None:
    """As the configuration says."""
    bot = start_bot(direct_messages="off")
    assert said(standin, standin.alice, ANSWERED).endswith(
        "| I do not answer in direct messages. Please ask in a server."
    )
    assert "kept for 90 days" in standin.alice.slash("about", standin.alice.dm).screen()
    bot.stop()
    start_bot(direct_messages="all")
    standin.mod.slash("scope", sources="bees").answer()
    assert "3 March 2022" in said(standin, standin.alice, ANSWERED)


# One's own data


def test_who_asks_can_know_who_reads(standin: StandIn, bot: RunningBot) -> None:
    """At the command's option, under answers in servers, and in direct messages not."""
    [ask] = [c for c in standin.server.rest.syncs[0] if c["name"] == "ask"]
    assert "Moderators can read it" in ask["options"][0]["description"]
    assert "moderators can read" in standin.alice.slash("ask", question=ANSWERED).screen()
    assert "moderators can read" in standin.alice.slash("ask", question=OFF_TOPIC).screen()
    assert "moderators can read" not in said(standin, standin.alice, ANSWERED)


def test_deleting_ones_data(standin: StandIn, bot: RunningBot) -> None:
    """Asked for and confirmed by oneself; nothing is left in the files, and others' data stays."""
    alice, bob = standin.alice, standin.bob
    answer = alice.slash(
        "ask", question="When was the Zanzibarian bridge at Lowmere closed?"
    ).answer()
    others = bob.slash("ask", question=ANSWERED).answer()
    bob.click(others, "Helpful").answer()
    asked = alice.slash("delete-my-data").answer()
    assert asked.ephemeral
    assert "for good" in screen(asked)
    alice.click(asked, "Keep")
    standin.wait(lambda: "Nothing was deleted." in screen(asked), "a word")
    assert bot.store.number_of(answer.id)
    asked = alice.slash("delete-my-data").answer()
    alice.click(asked, "Delete")
    standin.wait(lambda: "Deleted. Answers: 1." in screen(asked), "a word")
    person = bot.store.hashed(alice.user.id).encode()
    for file in bot.store.path.parent.iterdir():
        for trace in (b"anzibarian", person, str(alice.user.id).encode(), str(answer.id).encode()):
            assert trace not in file.read_bytes(), (file, trace)
    assert bot.store.number_of(answer.id) == 0
    assert bot.store.number_of(others.id)
    assert bot.store.hashed(bob.user.id).encode() in bot.store.path.read_bytes()
    gone = alice.click(answer, "Show context").screen()
    assert "no longer kept" in gone


def test_nobody_deletes_anothers_data(standin: StandIn, bot: RunningBot) -> None:
    """A button of somebody else's confirmation does nothing."""
    answer = standin.alice.slash("ask", question=ANSWERED).answer()
    asked = standin.alice.slash("delete-my-data").answer()
    custom_id = asked.components[0]["components"][0]["custom_id"]
    assert custom_id == f"sb:erase:{standin.alice.user.id}"
    standin.bob.press(asked, custom_id)
    standin.wait(lambda: "Nothing was deleted." in screen(asked), "a word")
    assert bot.store.number_of(answer.id)
