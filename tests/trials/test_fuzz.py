"""Hostile files, settings and questions: a few of the cases of benchmarks/reliability.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED

from trials import discord_fuzz, fuzz

if TYPE_CHECKING:
    from discord_running import RunningBot
    from discord_standin import StandIn

    from sourcebot.answering.service import Service

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", fuzz.properties(1))
def test_hostile_input(name: str) -> None:
    """Each kind of hostile input ends in a clear error or a good result."""
    fuzz.properties(150)[name]()


def test_hostile_questions(shared_service: Service) -> None:
    """Whatever is asked gets a reply or a clear error."""
    fuzz.asking(shared_service, 25)()


def test_hostile_payloads(standin: StandIn, bot: RunningBot) -> None:
    """Whatever Discord sends, the bot answers the next good question, and sends nothing wrong."""
    sender = discord_fuzz.Sender(standin, ANSWERED, "3 March 2022")
    for send in discord_fuzz.properties(sender, 100).values():
        send()
    assert sender.sent == 101
    assert bot.error is None
