"""``sourcebot discord`` as a process: signals, tokens, logs."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED
from discord_running import BotProcess
from discord_standin import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Project
    from discord_standin import StandIn

    Launch = Callable[..., BotProcess]


@pytest.fixture
def launch(
    standin: StandIn, shared_project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Launch]:
    """A function that starts the process; killed in the end."""
    monkeypatch.setenv("SOURCEBOT_DISCORD_DATABASE", str(tmp_path / "bot.sqlite"))
    monkeypatch.setenv("SOURCEBOT_DISCORD_COOLDOWN_SECONDS", "0")
    started: list[BotProcess] = []

    def start(*arguments: str, token: str = TOKEN) -> BotProcess:
        log = tmp_path / f"log-{len(started)}"
        started.append(BotProcess(standin, shared_project.folder, log, *arguments, token=token))
        return started[-1]

    yield start
    for process in started:
        process.kill()


def test_sigterm_leaves_cleanly(standin: StandIn, launch: Launch) -> None:
    """What was asked is answered, then the session is ended: the bot is offline at once."""
    process = launch()
    standin.wait_online()
    standin.wait(lambda: "ready" in process.logged(), "the log")
    standin.alice.slash("ask", question=ANSWERED).answer()
    asked = [standin.alice.slash("ask", question=ANSWERED) for _ in range(6)]
    for pending in asked:
        pending.acknowledged()
    assert process.end(signal.SIGTERM) == 0
    assert all("**3 March 2022**" in pending.screen() for pending in asked)
    standin.wait(lambda: not standin.server.gateway.live, "the end of the session")
    assert standin.server.gateway.closes == [1000]
    log = process.logged()
    assert "Traceback" not in log
    assert "Warning" not in log
    for secret in ("bridge", TOKEN, *(p.interaction.token for p in asked)):
        assert secret not in log


def test_a_wrong_token(standin: StandIn, launch: Launch) -> None:
    """Is told in one line, with what to do; the gateway is not tried."""
    process = launch(token="MTIz.another.token")
    assert process.process.wait(60) == 78
    lines = process.logged().splitlines()
    assert "error: Discord does not accept the token in SOURCEBOT_DISCORD_TOKEN" in lines
    assert standin.server.gateway.identifies == []


def test_registering_commands(standin: StandIn, launch: Launch) -> None:
    """``sourcebot discord sync`` does so; the bot itself only when they have changed since."""
    process = launch("sync")
    assert process.process.wait(60) == 0
    assert (
        "Registered: Ask about this, Check with sourcebot, Report answer, about, ask"
        in process.logged()
    )
    assert standin.syncs() == 1
    process = launch()
    standin.wait(lambda: "ready" in process.logged(), "the log")
    assert standin.syncs() == 1
    assert process.end(signal.SIGINT) == 0
