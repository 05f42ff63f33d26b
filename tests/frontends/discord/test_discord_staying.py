"""Outages, refusals and rate limits: what is waited out, what ends the bot, what people are told."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import discord
import pytest
from conftest import ANSWERED
from discord_running import RunningBot
from discord_standin import screen

from sourcebot.errors import DiscordRefused
from sourcebot.frontends.cli.commands.options import Exit
from sourcebot.frontends.discord import staying

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from discord_standin import StandIn

    from sourcebot.answering.service import Service

UNIT = Path(__file__).parents[3] / "deploy" / "sourcebot-discord.service"


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses a hundred times shorter."""
    monkeypatch.setattr(staying, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(staying, "LONGEST_PAUSE", 0.3)


@pytest.fixture
def begin(
    standin: StandIn, shared_service: Service, tmp_path: Path
) -> Iterator[Callable[..., RunningBot]]:
    """A function that starts the bot without waiting until it is online."""
    bots: list[RunningBot] = []

    def start(**settings: object) -> RunningBot:
        bots.append(RunningBot(standin, shared_service, tmp_path / "bot.sqlite", **settings))
        return bots[-1]

    yield start
    for bot in bots:
        bot.stop()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def health(port: int) -> str:
    """Return what the health endpoint says of the gateway, or why it says nothing."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health") as answer:
            found: str = json.load(answer)["gateway"]
    except urllib.error.HTTPError as error:
        with error:
            found = json.load(error)["gateway"]
    except urllib.error.URLError as error:
        found = str(error.reason)
    return found


def test_an_outage_at_the_start_is_waited_out(
    standin: StandIn, begin: Callable[..., RunningBot]
) -> None:
    """No connection, then 503, then no gateway: said once each, "starting" meanwhile."""
    port = free_port()
    standin.darken()
    bot = begin(health_port=port)
    standin.wait(lambda: health(port) == "starting", "health")
    standin.wait(lambda: bot.logged("cannot be reached"), "a line in the log")
    standin.fail("GET /users/@me", 3, status=503)
    standin.server.gateway.refuses = True
    standin.lighten()
    standin.wait(lambda: len(bot.logged("cannot be reached")) == 2, "the gateway to be tried")
    assert health(port) == "starting"
    standin.server.gateway.refuses = False
    bot.online()
    assert len(standin.calls("GET /users/@me 503")) == 3
    assert len(bot.logged("cannot be reached")) == 2
    assert len(bot.logged("can be reached again")) == 2
    assert not [line for line in bot.log.lines if "Traceback" in line]
    standin.wait(lambda: health(port) == "up", "health")
    assert "**3 March 2022**" in standin.alice.slash("ask", question=ANSWERED).screen()


def test_a_rate_limit_at_the_login_is_waited_out(
    standin: StandIn, begin: Callable[..., RunningBot]
) -> None:
    """Also one that lasts longer than the library's patience of five attempts."""
    standin.fail("GET /users/@me", 6, status=429, retry_after=0.01)
    begin().online()
    assert len(standin.calls("GET /users/@me 429")) == 6


def test_a_limit_on_registering_commands_holds_nothing_up(
    standin: StandIn, begin: Callable[..., RunningBot]
) -> None:
    """Discord allows so many a day; the bot answers without them, and registers at the next start."""
    standin.fail("PUT /applications", 1, status=429, retry_after=3600)
    bot = begin().online()
    assert bot.logged("the commands could not be registered")
    standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    assert "3 March 2022" in screen(standin.wait_messages(standin.news)[0])
    bot.stop()
    begin().online()
    assert standin.syncs() == 1


def test_an_outage_later_is_waited_out_and_resumed(
    standin: StandIn, begin: Callable[..., RunningBot]
) -> None:
    """One line says so; what was asked meanwhile is answered, in the same session."""
    bot = begin().online()
    standin.darken()
    standin.wait(lambda: bot.logged("cannot be reached"), "a line in the log")
    standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    standin.lighten()
    [answer] = standin.wait_messages(standin.news)
    assert "**3 March 2022**" in screen(answer)
    assert len(bot.logged("cannot be reached")) == 1
    assert len(bot.logged("warning disconnected")) == 1
    assert len(standin.server.gateway.identifies) == 1


def test_an_address_for_resuming_that_is_gone_is_given_up(
    standin: StandIn, begin: Callable[..., RunningBot]
) -> None:
    """The main address is tried instead."""
    bot = begin().online()
    standin.server.gateway.refuses_resume_host = True
    standin.drop_sockets()
    standin.wait(lambda: bot.logged("resumed"), "the session to go on")
    assert len(standin.server.gateway.identifies) == 1


@pytest.mark.parametrize(
    ("status", "code", "waited_out"),
    [(500, 0, True), (503, 0, True), (429, 0, True), (403, 0, True), (403, 40002, False), (400, 1, False)],
)  # fmt: skip
def test_what_passes_by_itself(status: int, code: int, waited_out: bool) -> None:
    """Failures of Discord and of the network before it do; refusals with a code do not."""

    class Response:
        def __init__(self) -> None:
            self.status, self.reason = status, ""

    error = discord.HTTPException(Response(), {"code": code, "message": ""})  # type: ignore[arg-type]
    assert staying.passes(error) == waited_out


def test_a_refusal_for_good_has_its_own_exit_status() -> None:
    """Which the unit for systemd does not restart; an unreachable Discord is no refusal."""
    assert f"RestartPreventExitStatus={int(Exit.REFUSED)}" in UNIT.read_text("utf-8")
    with pytest.raises(DiscordRefused), staying.mapped_errors():
        raise discord.LoginFailure
    with pytest.raises(Exception, match="cannot be reached") as caught, staying.mapped_errors():
        raise aiohttp.ClientError
    assert not isinstance(caught.value, DiscordRefused)


# Rate limits


def answering(standin: StandIn) -> list[str]:
    """Return the requests made so far, without the look for missed messages at a session's start."""
    return standin.calls(r"^(?!GET /channels/\d+/messages\b)")


def test_a_channel_that_stays_limited(standin: StandIn, begin: Callable[..., RunningBot]) -> None:
    """Is asked three times; the answer comes in a direct message that says why."""
    begin().online()
    standin.fail("POST /channels/", 3, status=429, retry_after=0.05)
    before = len(answering(standin))
    standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    [answer] = standin.wait_messages(standin.alice.dm)
    assert screen(answer).startswith(f"Discord lets me send nothing to <#{standin.news.id}>")
    assert "**3 March 2022**" in screen(answer)
    assert len(answering(standin)) - before == 5


def test_everything_stays_limited(standin: StandIn, begin: Callable[..., RunningBot]) -> None:
    """Then five requests are all that is made for one answer; the last one is a reaction."""
    bot = begin().online()
    standin.fail("POST /", 1000, status=429, retry_after=0.01)
    before = len(answering(standin))
    asked = standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    standin.wait(lambda: asked.reactions, "a reaction")
    assert asked.reactions == ["\u23f3"]
    assert bot.logged("could not be answered")
    assert len(answering(standin)) - before <= 5
    direct = standin.alice.say(standin.alice.dm, ANSWERED)
    standin.wait(lambda: direct.reactions, "a reaction")


def test_the_network_in_front_of_discord_refuses(
    standin: StandIn, begin: Callable[..., RunningBot]
) -> None:
    """With 429 and a page: the channel is not asked again, and the person hears the reason."""
    begin().online()
    standin.fail("POST /channels/", 1, status=429, before_discord=True)
    standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    [answer] = standin.wait_messages(standin.alice.dm)
    assert "rate limit" in screen(answer)
    assert len(standin.calls(f"POST /channels/{standin.news.id}")) == 1
    standin.fail("PATCH /webhooks", 1, status=429, before_discord=True)
    told = standin.alice.slash("ask", question=ANSWERED).followup()
    assert "rate limit" in screen(told)


def test_a_long_limit_is_not_waited_for(standin: StandIn, begin: Callable[..., RunningBot]) -> None:
    """An hour's wait is told at once."""
    begin().online()
    standin.fail("POST /channels/", 1, status=429, retry_after=3600)
    standin.alice.say(standin.news, f"{standin.mention} {ANSWERED}")
    [answer] = standin.wait_messages(standin.alice.dm)
    assert "rate limit" in screen(answer)


def test_a_command_that_stays_limited(standin: StandIn, begin: Callable[..., RunningBot]) -> None:
    """The person is told why the answer does not come, within five requests."""
    bot = begin().online()
    standin.fail("PATCH /webhooks", 1000, status=429, retry_after=0.05)
    before = len(answering(standin))
    asked = standin.alice.slash("ask", question=ANSWERED)
    standin.wait(lambda: standin.calls("POST /webhooks"), "a word to the person")
    told = asked.interaction.original
    assert told
    standin.wait(lambda: not told.loading, "the word to be shown")
    assert "rate limit" in screen(told)
    assert len(answering(standin)) - before == 5
    assert bot.logged("throttled by Discord")
