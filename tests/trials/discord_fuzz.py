"""Hostile payloads of Discord: the bot survives them and answers the next good question.

The whole bot, with the real client library, is connected to the tests' stand-in of Discord, which
fails on whatever Discord would refuse. Events that are right are altered at random places and sent
in batches; each batch is followed by a question that must be answered. The payloads are derived
from fixed seeds (hypothesis, derandomized).
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from discord_standin.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL
from discord_standin.world import Message
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from trials.fuzz import JSON_VALUES, PIECED

if TYPE_CHECKING:
    from collections.abc import Callable

    from discord_standin import StandIn
    from discord_standin.world import Channel

    Payload = dict[str, Any]
    Change = tuple[int, Any]
    Spec = tuple[str, list[Change]]

BATCH = 25
GONE = "\0gone"
"""In the place of a value: its key is left out."""

_HUGE = "9" * 400
_VALUES = st.one_of(
    st.just(GONE),
    JSON_VALUES,
    PIECED,
    st.sampled_from(
        [-1, 0, 2**63, 2**64, 10**30, 1e308, "", "0", "-1", _HUGE, "9" * 5000, "\ud800", "../1", "1/2",
         [], {}, [[]], [None], {"id": None}, "sb:more:1", "sb:context:999999999999999999",
         "sb:report:" + "9" * 30, "2026-13-45T99:00:00+00:00", "@everyone", "x" * 5000]
    ),
)  # fmt: skip
EVENTS = (
    "mention", "direct", "reply", "ask", "ask with options", "sources", "about", "message command",
    "report", "more", "context", "helpful", "page", "form", "completion", "edited", "deleted",
    "server", "server gone", "channel", "thread", "role", "member", "unknown",
)  # fmt: skip
SPECS = st.lists(
    st.tuples(
        st.sampled_from(EVENTS),
        st.lists(st.tuples(st.integers(0, 10_000), _VALUES), max_size=4),
    ),
    min_size=BATCH,
    max_size=BATCH,
)
FRAMES = st.fixed_dictionaries(
    {},
    optional={
        "op": st.sampled_from([0, 1, 2, 6, 8, 11, 99, -1, None, "0", 1e9, []]),
        "t": st.sampled_from(["MESSAGE_CREATE", "INTERACTION_CREATE", "RESUMED", "X", None, 7, []]),
        "s": st.none() | st.integers(),
        "d": JSON_VALUES,
    },
)


class Sender:
    """Makes events that are right, with ids of their own, alters them and sends them."""

    def __init__(self, standin: StandIn, question: str, answer: str) -> None:
        """Take a stand-in whose bot is online, and a question with words of its answer."""
        self.standin = standin
        self.sent = 0
        self._question, self._answer = question, answer
        self._server = standin.server
        # What the events tell is told of a channel apart from that of the good questions.
        self._at = standin.chat
        self._thread = standin.add_thread(standin.chat, "a thread")
        self._first = standin.alice.slash("ask", question=question).answer()

    def send(self, specs: list[Spec]) -> None:
        """Send a batch, then ask a good question and have it answered."""
        for name, changes in specs:
            event, payload = self._event(name)
            for place, value in changes:
                payload = altered(payload, place, value)
            self.standin.send_raw({"op": 0, "t": event, "s": None, "d": payload})
            self.sent += 1
        self.check()

    def send_frame(self, frame: object) -> None:
        """Send a whole frame, whatever it is, then ask a good question."""
        self.standin.send_raw(frame)
        self.sent += 1
        self.check()

    def check(self) -> None:
        """A good question is answered, and Discord has had nothing to refuse."""
        self.standin.wait_online()
        shown = self.standin.alice.slash("ask", question=self._question).screen()
        assert self._answer in shown, shown
        assert self._server.violations == []

    def _event(self, name: str) -> tuple[str, Payload]:
        """Return an event by name, and its payload as Discord would send it."""
        standin, at, me = self.standin, self._at, self.standin.me
        assert at.guild
        if name in {"mention", "direct", "reply", "edited"}:
            channel = standin.bob.dm if name == "direct" else at
            asked = self._message(channel, f"{standin.mention} {self._question}")
            if name == "reply":
                asked.reply_to, asked.replied_id = self._first, self._first.id
            return ("MESSAGE_UPDATE" if name == "edited" else "MESSAGE_CREATE"), asked.event(me)
        if name == "deleted":
            return "MESSAGE_DELETE", {"id": str(self._first.id), "channel_id": str(at.id)}
        if name == "server":
            return "GUILD_UPDATE", at.guild.payload(me)
        if name == "server gone":
            return "GUILD_DELETE", {"id": str(self._server.ids()), "unavailable": True}
        if name in {"channel", "thread"}:
            found = at if name == "channel" else self._thread
            return f"{name.upper()}_UPDATE", found.payload(me)
        if name == "role":
            role = at.guild.payload(me)["roles"][0]
            return "GUILD_ROLE_UPDATE", {"guild_id": str(at.guild.id), "role": role}
        if name == "member":
            member = {**at.guild.member(standin.bob.user), "user": standin.bob.user.payload()}
            return "GUILD_MEMBER_UPDATE", {**member, "guild_id": str(at.guild.id)}
        if name == "unknown":
            return "SOMETHING_NEW", {"id": "1", "data": [1, {"a": None}]}
        return "INTERACTION_CREATE", self._interaction(name)

    def _message(self, channel: Channel, content: str) -> Message:
        message = Message(self._server.ids(), channel, self.standin.bob.user, content)
        message.mentions = [self.standin.me]
        return message

    def _interaction(self, name: str) -> Payload:
        """Return the payload of an interaction, which the stand-in lets the bot answer."""
        source = self._first if name in _BUTTONS else None
        kind, data = self._used(name)
        interactions = self._server.interactions
        begun = interactions.begin(kind, data, self.standin.bob.user, self._at, source)
        return copy.deepcopy(interactions.event(begun))

    def _used(self, name: str) -> tuple[int, Payload]:
        if name in _BUTTONS:
            return COMPONENT, {"component_type": 2, "custom_id": _BUTTONS[name]}
        if name == "form":
            field = {"type": 4, "custom_id": "why", "value": "It is wrong.", "id": 2}
            rows = [{"type": 18, "id": 1, "component": field}]
            return MODAL, {"custom_id": "sb:report:1", "components": rows}
        if name in {"message command", "report"}:
            command = self.standin.command(
                "Ask about this" if name == "message command" else "Report answer"
            )
            about = self._message(self._at, self._question)
            payload = (about if name == "message command" else self._first).payload(
                self.standin.me, whole=True
            )
            resolved = {"messages": {payload["id"]: payload}}
            data = {"id": command["id"], "name": command["name"], "type": 3}
            return COMMAND, {**data, "target_id": payload["id"], "resolved": resolved}
        command = self.standin.command("ask" if name not in {"sources", "about"} else name)
        data = {"id": command["id"], "name": command["name"], "type": 1, "options": []}
        if name == "completion":
            typed = {"name": "source", "type": 3, "value": "bri", "focused": True}
            return AUTOCOMPLETE, {**data, "options": [typed]}
        if command["name"] == "ask":
            data["options"] = [{"name": "question", "type": 3, "value": self._question}]
        if name == "ask with options":
            data["options"] += [
                {"name": "since", "type": 3, "value": "2021-07"},
                {"name": "private", "type": 5, "value": True},
            ]
        return COMMAND, data


_BUTTONS = {
    "more": "sb:more:1",
    "context": "sb:context:1",
    "helpful": "sb:up:1",
    "page": "sb:sources:1",
}


def altered(payload: Any, place: int, value: Any) -> Any:
    """Return a payload with another value at one of its places, counted from the outside."""
    changed = {"whole": copy.deepcopy(payload)}
    places: list[tuple[Any, Any]] = []
    todo: list[Any] = [changed]
    while todo:
        part = todo.pop(0)
        keys = list(part) if isinstance(part, dict) else range(len(part))
        places += [(part, key) for key in keys]
        todo += [part[key] for key in keys if isinstance(part[key], dict | list)]
    part, key = places[place % len(places)]
    if value == GONE and part is not changed:
        del part[key]
    else:
        part[key] = value
    return changed["whole"]


def properties(sender: Sender, examples: int) -> dict[str, Callable[[], None]]:
    """Return the properties by name: events in batches, and frames one by one."""

    def usual(batches: int) -> settings:
        return settings(
            max_examples=max(1, batches),
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            # Each case needs the bot as the others left it: what fails is shown whole.
            phases=[Phase.generate],
        )

    return {
        "events of Discord": usual(examples // BATCH)(given(SPECS)(sender.send)),
        "frames of Discord": usual(examples // 100)(given(FRAMES)(sender.send_frame)),
    }
