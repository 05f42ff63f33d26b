"""What tests do with the stand-in: people who write and click, waiting, and trouble."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from discord_standin import app_commands as commands
from discord_standin.components import LABEL, labels, text_inputs
from discord_standin.faults import Fault
from discord_standin.gateway import GUILDS
from discord_standin.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL, Interaction
from discord_standin.mentions import mentioned_users
from discord_standin.server import Server
from discord_standin.transcript import screen
from discord_standin.world import (
    DM,
    MODERATOR,
    PERMISSIONS,
    TEXT,
    THREAD,
    Channel,
    Guild,
    Message,
    Role,
    User,
    bits,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATIENCE = 30.0


class StandIn:
    """Discord with one server, two channels, two members and a moderator to begin with."""

    def __init__(self, folder: Path, heartbeat: float = 5.0) -> None:
        """Start it; see ``Server``."""
        self.server = Server(folder, heartbeat)
        self.me = self.server.me
        self.guild = self.add_guild("Lowmere")
        self.news = self.add_channel("news")
        self.chat = self.add_channel("chat")
        self.alice = self.add_person("alice")
        self.bob = self.add_person("bob")
        self.mod = self.add_person("moira", *MODERATOR)
        self.owner = self.add_person("olga", *MODERATOR)
        self.server.rest.owner = self.owner.user

    def stop(self) -> None:
        """Stop serving."""
        self.server.stop()

    # The world

    def add_guild(self, name: str) -> Guild:
        """Make a server, with the bot in it, before the bot connects."""
        guild = Guild(self.server.ids(), name, {self.me: bits("mention_everyone")})
        self.server.guilds.append(guild)
        return guild

    def add_channel(self, name: str, guild: Guild | None = None) -> Channel:
        """Make a text channel."""
        channel = Channel(self.server.ids(), TEXT, name, guild or self.guild)
        self.server.run(self.server.store.add_channel(channel))
        return channel

    def add_role(self, name: str, *people: Person, guild: Guild | None = None) -> Role:
        """Make a role above all others, before the bot connects."""
        role = Role(self.server.ids(), name, [person.user for person in people])
        (guild or self.guild).roles.append(role)
        return role

    def join(self, guild: Guild) -> None:
        """Take the bot into a server, now, while it is connected."""
        guild.joined = datetime.now(UTC).isoformat()
        event = guild.payload(self.me)
        # Only servers that READY named, or that were unavailable, come with this key.
        del event["unavailable"]
        self.server.run(self.server.gateway.dispatch("GUILD_CREATE", event, GUILDS, guild.id))

    def add_thread(self, parent: Channel, name: str, owner: User | None = None) -> Channel:
        """Make a thread, of the bot's unless an owner is named."""
        thread = Channel(
            self.server.ids(), THREAD, name, parent.guild, parent, owner=owner or self.me
        )
        self.server.run(self.server.store.add_channel(thread))
        return thread

    def add_person(self, name: str, *permissions: str, bot: bool = False) -> Person:
        """Make a member of the server."""
        user = User(self.server.ids(), name, bot=bot)
        self.server.users[user.id] = user
        self.guild.members[user] = bits(*permissions)
        return Person(self, user)

    def deny(self, channel: Channel, *permissions: str) -> None:
        """Take permissions in a channel from the bot, and tell it so."""
        channel.denied |= bits(*permissions)
        assert channel.guild
        event = channel.payload(self.me)
        work = self.server.gateway.dispatch("CHANNEL_UPDATE", event, GUILDS, channel.guild.id)
        self.server.run(work)

    @property
    def mention(self) -> str:
        """What people write to mention the bot."""
        return f"<@{self.me.id}>"

    # Waiting

    def wait(self, condition: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
        """Return the first true value of a condition, or fail with the journal."""
        until = time.monotonic() + patience
        with self.server.changed:
            while not (value := condition()):
                left = until - time.monotonic()
                assert left > 0, f"waited {patience} s for {what}\n{self.journal()}"
                self.server.changed.wait(min(left, 0.05))
        return value

    def journal(self) -> str:
        """Return what happened lately, for a failing test."""
        lines = [str(call) for call in self.server.front.calls[-25:]]
        gateway = self.server.gateway
        lines.append(f"sockets {len(gateway.sockets)}, closed with {gateway.closes}")
        return "\n".join([*lines, *self.server.violations])

    def wait_online(self, sessions: int = 1) -> None:
        """Wait until the bot has a socket and a session."""
        self.wait(lambda: len(self.server.gateway.connected) >= sessions, "the bot to come online")

    def wait_messages(
        self, channel: Channel, count: int = 1, after: Message | None = None
    ) -> list[Message]:
        """Return the bot's messages in a channel, once there are ``count``, those loading left out."""
        since = after.id if after else 0

        def mine() -> list[Message]:
            return [
                m
                for m in channel.messages.values()
                if m.author is self.me and m.id > since and not m.loading and not m.deleted
            ]

        self.wait(lambda: len(mine()) >= count, f"{count} messages in {channel.name or 'the DMs'}")
        return mine()

    # Trouble

    def fail(self, pattern: str, times: int = 1, **what: Any) -> None:
        """Make the next requests matching "METHOD /path" fail; see ``Fault``."""
        self.server.front.faults.append(Fault(re.compile(pattern), times, **what))

    def darken(self) -> None:
        """Let nothing come through, neither requests nor connections, until ``lighten``."""
        self.server.front.dark = True
        self.drop_sockets()

    def lighten(self) -> None:
        """End what ``darken`` began."""
        self.server.front.dark = False

    def drop_sockets(self) -> None:
        """Cut the bot's connections without a word."""
        self._soon(self.server.gateway.drop())

    def close_sockets(self, code: int) -> None:
        """Close the bot's connections with a code."""
        self._soon(self.server.gateway.close(code))

    def send_raw(self, payload: object) -> None:
        """Send any payload at all over the gateway."""
        self.server.run(self.server.gateway.send_raw(payload))

    def ask_to_reconnect(self) -> None:
        """Send op 7."""
        self.send_raw({"op": 7, "d": None})

    def invalidate(self, *, resumable: bool) -> None:
        """Send op 9."""
        self.server.gateway.refuse_resume = not resumable
        for session in self.server.gateway.live:
            session.ended = not resumable
        for session in self.server.gateway.sessions:
            if session.socket:
                self.server.run(
                    session.socket.send(b'{"op":9,"d":%s}' % (b"true" if resumable else b"false"))
                )

    def replay(self, count: int) -> None:
        """Deliver the last events again."""
        self.server.run(self.server.gateway.replay(count))

    def _soon(self, work: Any) -> None:
        self.server.run(work)

    # Looking

    def calls(self, pattern: str = "") -> list[str]:
        """Return the requests made so far that match "METHOD /path status"."""
        return [str(c) for c in self.server.front.calls if re.search(pattern, str(c))]

    def syncs(self) -> int:
        """Return how often commands were registered."""
        return len(self.server.rest.syncs)

    def command(self, name: str, guild: Guild | None = None) -> dict[str, Any]:
        """Return a registered command."""
        registered = [
            *self.server.rest.commands[0],
            *self.server.rest.commands.get(guild.id if guild else 0, []),
        ]
        found = [c for c in registered if c["name"] == name]
        assert found, f"no command {name}; registered: {[c['name'] for c in registered]}"
        return found[0]

    def missed_heartbeats(self) -> int:
        """Return how many heartbeats came too late, over all connections."""
        return sum(socket.missed() for socket in self.server.gateway.sockets)

    def expect(self, pattern: str) -> list[str]:
        """Return the violations that match and forget them: the test provoked them."""
        found = [v for v in self.server.violations if re.search(pattern, v)]
        assert found, f"nothing like {pattern} in {self.server.violations}"
        for violation in found:
            self.server.violations.remove(violation)
        return found


class Person:
    """A user who does things; each returns at once, and the results are waited for."""

    def __init__(self, discord: StandIn, user: User) -> None:
        """See ``StandIn.add_person``."""
        self.discord, self.user = discord, user
        self._server = discord.server

    @property
    def dm(self) -> Channel:
        """The direct messages with the bot."""
        return self._server.store.dm(self.user)

    def say(
        self,
        channel: Channel,
        content: str,
        *,
        reply_to: Message | None = None,
        ping: bool = True,
        times: int = 1,
    ) -> Message:
        """Write a message; a reply notifies its author unless ``ping`` is false."""
        message = Message(self._server.ids(), channel, self.user, content, reply_to=reply_to)
        message.replied_id = reply_to.id if reply_to else None
        ids = mentioned_users(content)
        if reply_to and ping and reply_to.author.id not in ids:
            ids.append(reply_to.author.id)
        message.mentions = [self._server.users[i] for i in ids if i in self._server.users]
        self._server.run(self._server.store.publish(message, times=times))
        return message

    def delete(self, message: Message) -> None:
        """Take a message back."""
        self._server.run(self._server.store.delete(message))

    def slash(
        self, name: str, at: Channel | None = None, /, *, forced: bool = False, **values: object
    ) -> Pending:
        """Use a slash command as the client lets one; ``forced`` as if permissions were set otherwise.

        Options are keywords; ``_`` names a subcommand.
        """
        channel = at or self.discord.news
        command = self._command(name, channel, forced=forced)
        options = commands.fill_options(command, values)
        data = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
        resolved = self._resolved(options)
        return self._interact(COMMAND, data | resolved, channel)

    def complete(
        self, name: str, option: str, typed: str, channel: Channel | None = None, **values: object
    ) -> list[dict[str, Any]]:
        """Return the choices that autocompletion offers for what was typed."""
        channel = channel or self.discord.news
        command = self._command(name, channel, forced=False)
        options = commands.fill_options(command, {**values, option: typed}, focused=option)
        data = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
        pending = self._interact(AUTOCOMPLETE, data, channel)
        pending.acknowledged()
        choices = pending.interaction.choices
        assert choices is not None
        return choices

    def use_on(self, name: str, message: Message, *, forced: bool = False) -> Pending:
        """Use a message command."""
        command = self._command(name, message.channel, forced=forced)
        payload = message.payload(self.discord.me, whole=True)
        data = {
            "id": command["id"],
            "name": command["name"],
            "type": commands.MESSAGE,
            "target_id": str(message.id),
            "resolved": {"messages": {str(message.id): payload}},
        }
        return self._interact(COMMAND, data, message.channel)

    def click(self, message: Message, label: str) -> Pending:
        """Press a button."""
        found = labels(message.components)
        names = [name for name in found if label in name]
        assert len(names) == 1, f"no button {label!r} among {list(found)}"
        button = found[names[0]]
        assert not button.get("disabled"), f"{label} is disabled"
        return self.press(message, button["custom_id"])

    def press(self, message: Message, custom_id: str) -> Pending:
        """Press the button of a custom id, even one that is not there."""
        data = {"component_type": 2, "custom_id": custom_id}
        return self._interact(COMPONENT, data, message.channel, message)

    def select(self, message: Message, custom_id: str, *values: str) -> Pending:
        """Choose from a select menu."""
        data = {"component_type": 3, "custom_id": custom_id, "values": list(values)}
        return self._interact(COMPONENT, data, message.channel, message)

    def submit(self, pending: Pending, *values: str) -> Pending:
        """Fill in the modal that was shown and send it."""
        modal = pending.acknowledged().modal
        assert modal, "no modal was shown"
        inputs = list(text_inputs(modal))
        rows = []
        for (_, item, labelled), value in zip(inputs, values, strict=True):
            least, most = item.get("min_length") or 0, item.get("max_length") or 4000
            required = item.get("required", True)
            assert (least if required else 0) <= len(value) <= most
            filled = {"type": 4, "custom_id": item["custom_id"], "value": value, "id": 2}
            inner = {"component": filled} if labelled else {"components": [filled]}
            rows.append({"type": LABEL if labelled else 1, "id": 1, **inner})
        data = {"custom_id": modal["custom_id"], "components": rows}
        before = pending.interaction
        return self._interact(MODAL, data, before.channel, before.source)

    def _command(self, name: str, channel: Channel, *, forced: bool) -> dict[str, Any]:
        command = self.discord.command(name, channel.guild)
        contexts = command.get("contexts")
        here = 1 if channel.kind == DM else 0
        assert contexts is None or here in contexts or forced, f"{name} is not offered here"
        assert here == 0 or contexts or command["dm_permission"], f"{name} is not offered in DMs"
        required = command.get("default_member_permissions")
        held = channel.permissions(self.user)
        allowed = required is None or (int(required) and held & int(required) == int(required))
        admin = held & PERMISSIONS["administrator"]
        assert forced or here or allowed or admin, f"{self.user.name} is not offered /{name}"
        return command

    def _resolved(self, options: list[dict[str, Any]]) -> dict[str, Any]:
        found: dict[str, dict[str, Any]] = {}
        for option in options:
            if option["type"] == commands.ROLE:
                roles = [
                    r for g in self._server.guilds for r in g.payload(self.discord.me)["roles"]
                ]
                [role] = [r for r in roles if r["id"] == option["value"]]
                found.setdefault("roles", {})[option["value"]] = role
            elif option["type"] == commands.CHANNEL:
                channel = self._server.store.channels[int(option["value"])]
                payload = channel.payload(self.discord.me) | {"permissions": "0"}
                found.setdefault("channels", {})[option["value"]] = payload
            elif option.get("options"):
                inner = self._resolved(option["options"])
                found |= inner.get("resolved", {})
        return {"resolved": found} if found else {}

    def _interact(
        self, kind: int, data: dict[str, Any], channel: Channel, source: Message | None = None
    ) -> Pending:
        interactions = self._server.interactions
        interaction = interactions.begin(kind, data, self.user, channel, source)
        event = interactions.event(interaction)
        shard = channel.guild.id if channel.guild else 0
        self._server.run(self._server.gateway.dispatch("INTERACTION_CREATE", event, 0, shard))
        return Pending(self.discord, interaction)


class Pending:
    """An interaction under way."""

    def __init__(self, discord: StandIn, interaction: Interaction) -> None:
        """See ``Person``."""
        self.discord, self.interaction = discord, interaction

    def acknowledged(self) -> Interaction:
        """Wait for the first response."""
        found = self.interaction
        self.discord.wait(lambda: found.acknowledged_after is not None, "an acknowledgement", 4)
        return found

    def answer(self) -> Message:
        """Wait for the whole answer: the response, no longer loading, or the first follow-up."""
        found = self.interaction
        self.acknowledged()
        self.discord.wait(lambda: found.answered_after is not None, "an answer")
        message = found.followups[0] if found.followups else found.original
        assert message, "the interaction was answered without a message"
        return message

    def followup(self, number: int = 1) -> Message:
        """Wait for a follow-up message."""
        found = self.interaction
        self.discord.wait(lambda: len(found.followups) >= number, f"follow-up {number}")
        return found.followups[number - 1]

    def screen(self) -> str:
        """Return the whole answer as text."""
        return screen(self.answer())

    def deliver_again(self) -> None:
        """Send the interaction's event once more."""
        server = self.discord.server
        event = server.interactions.event(self.interaction)
        server.run(server.gateway.dispatch("INTERACTION_CREATE", event, 0))
