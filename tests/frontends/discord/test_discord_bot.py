"""The bot's parts that need no gateway."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import discord
import pytest
from conftest import ANSWERED, OFF_TOPIC, run_cli
from discord_running import opened
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.config.settings import DiscordConfig, LogConfig
from sourcebot.errors import DiscordError, IndexCorrupt, QuestionError, ServiceBusy
from sourcebot.frontends.cli.logs import Structured
from sourcebot.frontends.discord.background import Background, Question
from sourcebot.frontends.discord.bot import Cooldowns, SeenIds, make_bot
from sourcebot.frontends.discord.client import (
    BotClient,
    ShardedBotClient,
    commands_digest,
    intents,
    make_client,
)
from sourcebot.frontends.discord.delivery import explain
from sourcebot.frontends.discord.german import GERMAN
from sourcebot.frontends.discord.health import serving
from sourcebot.frontends.discord.languages import LANGUAGES, words_for
from sourcebot.frontends.discord.records import Place
from sourcebot.frontends.discord.run import required_token
from sourcebot.frontends.discord.store import BotStore
from sourcebot.frontends.discord.titles import choices
from sourcebot.frontends.discord.words import ENGLISH
from sourcebot.text.questions import asks, question_key
from sourcebot.types import Abstention, Answer, Filters, IndexedArticle, Scope, Source

if TYPE_CHECKING:
    from sourcebot.answering.service import Service

HERE = Place(1, 10)


@pytest.fixture
def store(tmp_path: Path) -> BotStore:
    """An empty store."""
    return BotStore(tmp_path / "bot.sqlite")


def article(path: str, title: str) -> IndexedArticle:
    """Return an indexed article."""
    source = Source(path, title, "", "", None, "", "", "utf-8", "")
    return IndexedArticle(1, source, 1, "")


# Asking


def test_the_desk_answers_and_keeps(shared_service: Service, store: BotStore) -> None:
    """A question is answered beside the loop, within its place's scope, and kept."""

    async def ask() -> None:
        background = Background(opened(shared_service), store)
        given = await background.ask(Question(ANSWERED, HERE, 7))
        assert isinstance(given.reply, Answer)
        assert store.answer(given.number) == given.reply
        store.set_scope(1, 0, Scope(sources=("library.txt",)))
        here = Filters(scope=store.scope(HERE))
        scoped = await background.ask(Question(ANSWERED, HERE, 7, here))
        assert isinstance(scoped.reply, Abstention)
        assert {q.source.path for q in scoped.reply.nearest} == {"library.txt"}
        with pytest.raises(QuestionError, match="no article has a source like 'bridge'") as caught:
            await background.ask(Question(ANSWERED, HERE, 7, replace(here, source="bridge")))
        assert "bridge.md" not in caught.value.hint
        background.close()

    asyncio.run(ask())


def test_a_full_queue_is_told(shared_service: Service, store: BotStore) -> None:
    """Whoever comes when all places are taken is told so at once; the others are answered."""

    async def ask() -> list[object]:
        background = Background(opened(shared_service, 1, 2), store)
        asked = [background.ask(Question(ANSWERED, HERE, n)) for n in range(5)]
        done = await asyncio.gather(*asked, return_exceptions=True)
        assert background.open == 0
        background.close()
        return list(done)

    done = asyncio.run(ask())
    assert [isinstance(each, ServiceBusy) for each in done] == [False, False, False, True, True]


def test_a_long_build_holds_nothing_up(shared_service: Service, store: BotStore) -> None:
    """While an index is built questions are answered, and its errors come back."""
    free = threading.Event()

    async def work() -> None:
        background = Background(opened(shared_service), store)
        building = asyncio.ensure_future(background.build(lambda: free.wait(60)))
        await background.ask(Question(OFF_TOPIC, HERE, 1))
        assert background.building
        free.set()
        assert await building
        assert not background.building
        with pytest.raises(ZeroDivisionError):
            await background.build(lambda: 1 // 0)
        background.close()

    asyncio.run(work())


def test_an_answer_is_given_though_it_cannot_be_kept(
    shared_service: Service, store: BotStore
) -> None:
    """When the database fails, people get their answer without buttons."""

    async def ask() -> None:
        background = Background(opened(shared_service), store)
        store.close()
        given = await background.ask(Question(ANSWERED, HERE, 7))
        assert isinstance(given.reply, Answer)
        assert given.number == 0
        background.close()

    asyncio.run(ask())


def test_a_question_of_one_word_is_about_what_was_just_given(
    shared_service: Service, store: BotStore
) -> None:
    """Bare, "since when?" is answered from anywhere; after an answer it is about that."""

    async def ask() -> None:
        background = Background(opened(shared_service), store)
        first = await background.ask(Question("Who is the captain of the night ferry?", HERE, 7))
        alone = await background.ask(Question("Since when?", HERE, 7))
        assert not alone.reply.meant
        given = await background.ask(Question("Since when?", HERE, 7, before=first.reply))
        assert isinstance(given.reply, Answer)
        assert given.reply.question == "Since when?"
        assert "1998" in given.reply.quotes[0].text
        assert "Oskar Fjeld" in given.reply.meant
        background.close()

    asyncio.run(ask())


@pytest.mark.parametrize(
    ("text", "is_question"),
    [
        ("When did it close?", True),
        ("who said that", True),
        ("wann war das", True),
        ("thanks!", False),
        ("ok, thank you", False),
        ("", False),
    ],
)
def test_what_reads_like_a_question(text: str, is_question: bool) -> None:
    """Replies to an answer are follow-ups only when they ask."""
    assert asks(text) == is_question


def test_questions_that_count_as_one() -> None:
    """Case, order and function words do not make another question; other words do."""
    assert question_key("Who closed the bridge?") == question_key("the BRIDGE: who closed?")
    assert question_key("Who closed the bridge?") != question_key("Who opened the bridge?")
    assert question_key("?!") == "?!"


# Limits


def test_events_are_taken_once() -> None:
    """An id counts once, also among thousands."""
    seen = SeenIds()
    assert seen.is_new(1)
    assert not seen.is_new(1)
    assert all(seen.is_new(n) for n in range(2, 12_000))
    assert not seen.is_new(11_999)


def test_cooldown_is_per_person() -> None:
    """Within the period a person has so many questions; others have their own; 0 is no limit."""
    cooldowns = Cooldowns(2, 1000.0)
    assert [cooldowns.wait(1) > 0 for _ in range(3)] == [False, False, True]
    assert cooldowns.wait(2) == 0
    assert 0 < cooldowns.wait(1) <= 1000
    unlimited = Cooldowns(1, 0.0)
    assert [unlimited.wait(1) for _ in range(3)] == [0, 0, 0]


@given(st.lists(st.tuples(st.text(min_size=1), st.text(min_size=1)), max_size=40), st.text())
def test_choices_are_within_discords_limits(names: list[tuple[str, str]], typed: str) -> None:
    """Whatever titles there are: 25 choices, 1 to 100 characters each, values that match."""
    articles = [article(f"{path * 60}.md", title * 60) for path, title in names]
    for name, value in choices(articles, typed):
        assert 1 <= len(name) <= 100
        assert 1 <= len(value) <= 100
        assert any(value in each.source.path for each in articles)
    assert len(choices(articles, typed)) <= 25


def test_choices_begin_with_what_was_typed() -> None:
    """Titles and paths that begin like it come first; others that hold it follow."""
    articles = [
        article("a.md", "The bridge"),
        article("b.md", "Bridge closed"),
        article("c.md", "Bees"),
    ]
    assert choices(articles, "bri") == [("Bridge closed", "b.md"), ("The bridge", "a.md")]
    assert [value for _, value in choices(articles, "")] == ["a.md", "b.md", "c.md"]


# The client


def test_no_event_is_privileged() -> None:
    """The bot asks for nothing that Discord grants to few."""
    wanted = intents()
    seen = {name for name, on in wanted if on}
    assert seen == {"guilds", "guild_messages", "dm_messages"}


def test_shards_follow_the_configuration(shared_service: Service, store: BotStore) -> None:
    """One connection by default, which can resume; shards when they are wanted."""

    async def kinds() -> list[tuple[type, int | None]]:
        made = []
        for shards in (1, 0, 4):
            bot = make_bot(opened(shared_service), store, DiscordConfig(shards=shards))
            client = make_client(bot)
            made.append((type(client), client.shard_count))
            bot.background.close()
        return made

    assert asyncio.run(kinds()) == [
        (BotClient, None), (ShardedBotClient, None), (ShardedBotClient, 4)
    ]  # fmt: skip


def test_commands_as_discord_gets_them(shared_service: Service, store: BotStore) -> None:
    """Names, texts within limits, and moderators' commands hidden from others by default."""

    async def payloads() -> tuple[list[dict[str, object]], str, str]:
        bot = make_bot(opened(shared_service), store, DiscordConfig())
        client, other = make_client(bot), make_client(bot)
        other.tree.remove_command("about")
        found = [command.to_dict(client.tree) for command in client.tree.get_commands()]
        digests = commands_digest(client), commands_digest(other)
        bot.background.close()
        await client.close()
        await other.close()
        return found, *digests

    found, digest, other = asyncio.run(payloads())
    assert digest != other
    by_name = {command["name"]: command for command in found}
    assert by_name.keys() == {
        "ask", "check", "following", "sources", "about", "delete-my-data", "Ask about this",
        "Check with sourcebot", "Report answer", "reindex", "scope", "quiet", "gaps",
    }  # fmt: skip
    manage = str(discord.Permissions(manage_guild=True).value)
    for name, command in by_name.items():
        moderators = name in {"reindex", "scope", "quiet", "gaps"}
        assert (str(command["default_member_permissions"]) == manage) == moderators
        for part in (command, *command.get("options", [])):  # type: ignore[misc]
            assert len(part.get("description", "")) <= 100


def test_health_without_a_connection(
    shared_service: Service, store: BotStore, unused_port: int
) -> None:
    """A process that lives but is not connected is live and not healthy."""

    async def look() -> tuple[int, int, dict[str, object]]:
        bot = make_bot(opened(shared_service), store, DiscordConfig())
        client = make_client(bot)
        url = f"http://127.0.0.1:{unused_port}"
        async with serving(client, "127.0.0.1", unused_port), aiohttp.ClientSession() as session:
            live = (await session.get(f"{url}/live")).status
            health = await session.get(f"{url}/health")
            with pytest.raises(DiscordError, match=f"cannot listen on 127.0.0.1:{unused_port}"):
                async with serving(client, "127.0.0.1", unused_port):
                    pass
            seen = await health.json()
        bot.background.close()
        await client.close()
        return live, health.status, seen

    live, health, seen = asyncio.run(look())
    assert (live, health) == (200, 503)
    assert (seen["ok"], seen["gateway"], bool(seen["index"])) == (False, "starting", True)


@pytest.fixture
def unused_port() -> int:
    """A port that was free just now."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# Errors and logs


def test_errors_have_a_reference_that_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """A person sees no path and no traceback, but a reference; the log has both."""
    caplog.set_level(logging.INFO, "sourcebot")
    for error in (IndexCorrupt("/srv/secret/vectors.faiss is damaged"), RuntimeError("inside")):
        try:
            raise error
        except Exception as raised:
            embed = explain(raised, ENGLISH, "ask")
        shown = json.dumps(embed.to_dict())
        assert "/srv" not in shown
        assert "inside" not in shown
        record = caplog.records[-1]
        assert f"reference {record.reference}" == embed.footer.text  # type: ignore[attr-defined]
        line = Structured(as_json=True).format(record)
        assert record.reference in line  # type: ignore[attr-defined]
        assert type(error).__name__ in line


def test_a_refused_question_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The text of a question is not in the log, not even when it is wrong."""
    caplog.set_level(logging.DEBUG)
    embed = explain(QuestionError("since 'my secret' is not a date", "write it"), ENGLISH, "ask")
    assert "my secret" in (embed.description or "")
    line = Structured(as_json=False).format(caplog.records[-1])
    assert "my secret" not in line
    assert "reference=" in line


def test_logs_hold_no_tokens() -> None:
    """Tokens of interactions and bots are masked, whichever library wrote them."""
    interaction = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4OkFCQ0RFRg"
    token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDe.abcdefghijklmnopqrstuvwxyz0123456789AB"
    for address in (
        f"https://discord.com/api/v10/webhooks/12/{interaction}/messages/@original",
        f"https://discord.com/api/v10/interactions/12/{interaction}/callback",
        f"Bot {token}",
    ):
        record = logging.LogRecord("x", logging.WARNING, "", 0, "with %s", (address,), None)
        for as_json in (True, False):
            line = Structured(as_json=as_json).format(record)
            assert interaction not in line
            assert token not in line
            assert "***" in line


def test_logs_are_one_object_a_line() -> None:
    """JSON logs hold the extra fields and the traceback on one line."""
    try:
        raise ValueError("x\ny")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", (), info)
    record.reference = "ab12"
    line = Structured(as_json=True).format(record)
    assert "\n" not in line
    seen = json.loads(line)
    assert (seen["message"], seen["level"], seen["reference"]) == ("failed", "error", "ab12")
    assert "ValueError" in seen["traceback"]
    assert LogConfig().format == "text"


@pytest.mark.parametrize("command", [["discord"], ["discord", "sync"]])
def test_without_a_token(command: list[str], tmp_path: Path) -> None:
    """The error names the variable and where to get a token; exit status 78."""
    ran = run_cli(*command, cwd=tmp_path)
    assert ran.status == 78
    assert "SOURCEBOT_DISCORD_TOKEN is not set" in ran.err
    assert "discord.com/developers" in ran.err


def test_the_token_comes_from_the_environment() -> None:
    """Spaces and line ends around it are not part of it."""
    assert required_token({"SOURCEBOT_DISCORD_TOKEN": " abc\n"}) == "abc"
    for value in ("  ", "two words", "line\nbreak", "“quoted”"):
        with pytest.raises(DiscordError):
            required_token({"SOURCEBOT_DISCORD_TOKEN": value})


# Languages


def test_every_language_fills_in_the_same() -> None:
    """Each sentence of each language has the same braces as the English one."""
    import string

    for words in LANGUAGES.values():
        for name in type(ENGLISH).__slots__:
            english, other = getattr(ENGLISH, name), getattr(words, name)
            if not isinstance(english, str):
                assert other.keys() == english.keys()
                continue
            fields = [
                {f for _, f, _, _ in string.Formatter().parse(text) if f is not None}
                for text in (english, other)
            ]
            assert fields[0] == fields[1], name
            assert other
        assert len(words.months.split()) == 12
        for label in (words.more_quotes, words.context, words.helpful, words.not_helpful):
            assert len(label) <= 30
        assert len(words.report_title) <= 45
        assert len(words.report_label) <= 45


def test_the_language_follows_the_locale() -> None:
    """Regional locales have their language's words; unknown ones English."""
    assert words_for(discord.Locale.british_english) is ENGLISH
    assert words_for(discord.Locale.german) is GERMAN
    assert words_for(discord.Locale.korean) is ENGLISH
    assert words_for("") is ENGLISH
