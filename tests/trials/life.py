"""Hours of the bot's life in fast motion: people ask while Discord, the network and the process fail.

Every question must be answered once, or its asker told why not. The bot is a process of its own; an
hour lasts some seconds, and so the bot's pauses, the sessions of the stand-in and the outages are
shortened; the pauses inside the library are not.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from discord_running import BotProcess
from discord_standin import StandIn, screen

if TYPE_CHECKING:
    from pathlib import Path

    from discord_standin import Pending, Person
    from discord_standin.world import Channel, Message

_MINUTES = 60.0
_OUTAGE = 10 / _MINUTES
_START = 120.0
_SETTLE = 90.0
_MOST_REQUESTS = 5

QUIET_HOURS = 2
TROUBLES = (
    *["nothing"] * QUIET_HOURS,
    "drop",
    "reconnect",
    "invalid session",
    "outage",
    "no gateway",
    "failures",
    "lost responses",
    "limited channel",
    "limited commands",
    "limited everywhere",
    "restart",
    "kill",
    "kill while answering",
)


@dataclass
class Report:
    """What became of the questions, and what should not have happened."""

    told: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    most_requests: int = 0

    def __str__(self) -> str:
        """Return one line."""
        became = ", ".join(f"{count} {name}" for name, count in sorted(self.told.items()))
        happened = ", ".join(f"{name} {count}" for name, count in sorted(self.troubles.items()))
        return (
            f"{sum(self.told.values())} questions: {became}; {happened}; at most "
            f"{self.most_requests} requests for one answer under a lasting 429"
        )


class Life:
    """One bot, three people and all that goes wrong."""

    def __init__(self, folder: Path, project: Path, question: str, seed: int, hour: float) -> None:
        """Prepare; ``folder`` takes the bot's state, ``hour`` is in seconds."""
        self.folder, self.project, self.question = folder, project, question
        self.random, self.hour = random.Random(seed), hour
        self.report = Report()
        self.standin = StandIn(folder, heartbeat=2.0)
        self.people = [self.standin.alice, self.standin.bob, self.standin.mod]
        self.said: list[Message] = []
        self.used: list[Pending] = []
        server = self.standin.server
        server.gateway.session_lasts = 5 / _MINUTES * hour
        self.logs = 0
        self.process: BotProcess | None = None

    def run(self, hours: int) -> Report:
        """Live so many hours and return the report."""
        os.environ["SOURCEBOT_DISCORD_DATABASE"] = str(self.folder / "life.sqlite")
        os.environ["SOURCEBOT_DISCORD_COOLDOWN_SECONDS"] = "0"
        os.environ["STANDIN_SPEED"] = str(3600 / self.hour)
        try:
            self.standin.darken()
            self._begin()
            self._pass(_OUTAGE)
            self.standin.lighten()
            self._wait_online()
            troubles: list[str] = []
            for _ in range(hours):
                if not troubles:
                    troubles = self.random.sample(TROUBLES, len(TROUBLES))
                self._live(troubles.pop())
            self._settle()
            self._judge()
        finally:
            if self.process:
                self.process.kill()
            self.standin.stop()
        self.report.wrong += self.standin.server.violations
        return self.report

    # The bot

    def _begin(self) -> None:
        log = self.folder / f"life-{self.logs}.log"
        self.logs += 1
        self.process = BotProcess(self.standin, self.project, log)

    def _wait_online(self) -> None:
        until = time.monotonic() + _START
        while not self.standin.server.gateway.connected:
            assert self.process
            if self.process.process.poll() is not None or time.monotonic() > until:
                self.report.wrong.append(f"the bot is not online: {self.process.logged()[-500:]}")
                self._begin()
                until = time.monotonic() + _START
            time.sleep(0.05)

    def _end(self, number: int) -> None:
        assert self.process
        if number == signal.SIGKILL:
            self.process.kill()
        elif (status := self.process.end(number)) != 0:
            self.report.wrong.append(f"the bot ended with {status}")
        for session in self.standin.server.gateway.sessions:
            session.socket = None
        self._begin()

    # What people do

    def _ask(self) -> None:
        person = self.random.choice(self.people)
        way = self.random.random()
        if way < 0.3:
            self._use(person)
        elif way < 0.6:
            self._say(person, person.dm)
        else:
            self._say(person, self.random.choice([self.standin.news, self.standin.chat]))

    def _say(self, person: Person, channel: Channel) -> None:
        text = self.question if channel is person.dm else f"{self.standin.mention} {self.question}"
        self.said.append(person.say(channel, text))

    def _use(self, person: Person) -> None:
        self.used.append(person.slash("ask", question=self.question))

    # What happens

    def _pass(self, hours: float) -> None:
        time.sleep(hours * self.hour)

    def _live(self, trouble: str) -> None:
        """Live one hour with one trouble: questions before, during and after it."""
        self.report.troubles[trouble] += 1
        self._ask()
        self._pass(self.random.uniform(0.02, 0.3))
        getattr(self, f"_{trouble.replace(' ', '_')}")()
        self._ask()
        self._pass(self.random.uniform(0.1, 0.4))
        self._wait_online()
        self._ask()
        self._pass(0.2)

    def _nothing(self) -> None:
        self._pass(0.1)

    def _drop(self) -> None:
        self.standin.drop_sockets()
        self._ask()

    def _reconnect(self) -> None:
        self.standin.ask_to_reconnect()
        self._ask()

    def _invalid_session(self) -> None:
        self.standin.invalidate(resumable=False)
        self._ask()
        self._pass(0.1)
        self.standin.server.gateway.refuse_resume = False

    def _outage(self) -> None:
        self.standin.darken()
        self._ask()
        self._pass(_OUTAGE)
        self.standin.lighten()

    def _no_gateway(self) -> None:
        self.standin.server.gateway.refuses = True
        self.standin.drop_sockets()
        self._ask()
        self._pass(_OUTAGE)
        self.standin.server.gateway.refuses = False

    def _failures(self) -> None:
        self.standin.fail("(POST /channels|PATCH /webhooks)", 4, status=503)
        self._ask()

    def _lost_responses(self) -> None:
        self.standin.fail("POST /channels", 2, lost=502)
        self._say(self.standin.alice, self.standin.news)

    def _limited_channel(self) -> None:
        self._limited(f"POST /channels/{self.standin.news.id}", "say")

    def _limited_commands(self) -> None:
        self._limited("PATCH /webhooks", "use")

    def _limited_everywhere(self) -> None:
        self._limited("(POST /channels|POST /users)", "say", everywhere=True)

    def _limited(self, pattern: str, how: str, *, everywhere: bool = False) -> None:
        """Let a route stay at 429 while one person asks, and count the requests for the answer."""
        self._quieten()
        standin = self.standin
        before = len(standin.calls())
        standin.fail(pattern, 10**6, status=429, retry_after=0.1, everywhere=everywhere)
        if how == "say":
            self._say(standin.alice, standin.news)
        else:
            self._use(standin.alice)
        self._quieten()
        made = len([c for c in standin.calls()[before:] if "GET" not in c])
        self.report.most_requests = max(self.report.most_requests, made)
        if made > _MOST_REQUESTS:
            self.report.wrong.append(f"{made} requests for one answer: {standin.calls()[before:]}")
        standin.server.front.faults.clear()

    def _quieten(self) -> None:
        """Wait until Discord has heard nothing for a while."""
        seen, since = -1, time.monotonic()
        until = time.monotonic() + _SETTLE
        while time.monotonic() - since < 2.0 and time.monotonic() < until:
            if (now := len(self.standin.calls())) != seen:
                seen, since = now, time.monotonic()
            time.sleep(0.05)

    def _restart(self) -> None:
        self._end(signal.SIGTERM)

    def _kill(self) -> None:
        self._end(signal.SIGKILL)
        self._ask()

    def _kill_while_answering(self) -> None:
        for _ in range(3):
            self._ask()
        time.sleep(self.random.uniform(0.0, 0.5))
        self._end(signal.SIGKILL)

    # What became of it

    def _settle(self) -> None:
        """Wait until nothing is open any more."""
        until = time.monotonic() + _SETTLE
        while time.monotonic() < until:
            if not any(not self._became(m) and not m.reactions for m in self.said) and not any(
                self._outcome(p) == "" for p in self.used
            ):
                break
            time.sleep(0.5)
        self._quieten()

    def _became(self, asked: Message) -> list[Message]:
        """Return the messages that answer a message."""
        channels = self.standin.server.store.channels.values()
        return [
            message
            for channel in channels
            for message in list(channel.messages.values())
            if message.author is self.standin.me and message.nonce == str(asked.id)
        ]

    def _outcome(self, used: Pending) -> str:
        """Return what became of a command; "" when its person still waits."""
        found = used.interaction
        if found.acknowledged_after is None:
            return "told by Discord that nobody responds"
        message = found.original
        if message is None or (message.loading and not found.followups):
            return ""
        text = "\n".join(screen(m) for m in [message, *found.followups] if not m.deleted)
        return _kind(text)

    def _judge(self) -> None:
        for asked in self.said:
            answers = self._became(asked)
            if not answers and asked.reactions == ["\u23f3"]:
                self.report.told["told by a reaction to wait"] += 1
            elif len(answers) == 1:
                self.report.told[_kind(screen(answers[0]))] += 1
            else:
                self.report.told["wrong"] += 1
                place = asked.channel.name or "a direct message"
                self.report.wrong.append(f"{len(answers)} answers to a message in {place}")
        for used in self.used:
            outcome = self._outcome(used)
            self.report.told[outcome or "wrong"] += 1
            if not outcome:
                self.report.wrong.append("a command stays unanswered")


def _kind(text: str) -> str:
    for sign, kind in (
        ("confidence", "answered"),
        ("rate limit", "told of a rate limit"),
        ("I was interrupted", "told to ask again"),
        ("Something went wrong", "told of a failure"),
    ):
        if sign in text:
            # A direct message may say that it comes because of a rate limit, and answer.
            return kind
    return f"other: {text[:80]}"
