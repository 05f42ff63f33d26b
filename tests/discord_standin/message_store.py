"""What bots do with messages: create, edit and delete them under Discord's rules."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from discord_standin.errors import (
    CANNOT_DM,
    EMPTY_MESSAGE,
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    ApiError,
    Form,
    unknown,
)
from discord_standin.gateway import DIRECT_MESSAGES, GUILD_MESSAGES, GUILDS
from discord_standin.limits import EPHEMERAL, LOADING, SILENT, check_message, check_not_empty
from discord_standin.mentions import pings
from discord_standin.world import DM, PERMISSIONS, THREAD, Channel, Message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from discord_standin.gateway import Gateway
    from discord_standin.world import Snowflakes, User

    Note = Callable[[str], None]


class MessageStore:
    """Keeps the messages of all channels."""

    def __init__(self, me: User, ids: Snowflakes, gateway: Gateway, violation: Note) -> None:
        """Take the bot's user, where ids come from, where events go and whom to tell of pings."""
        self.me, self.ids, self.gateway = me, ids, gateway
        self.violation = violation
        self.channels: dict[int, Channel] = {}
        self.messages: list[Message] = []
        self.nonces: dict[tuple[int, str], Message] = {}
        self.nonces_last = 300.0
        """Seconds within which a nonce that is to be enforced makes no second message."""

    def channel(self, number: str | int) -> Channel:
        """Return a channel that the bot may see.

        Raises:
            ApiError: 10003 or 50001.
        """
        channel = self.channels.get(int(number))
        if channel is None:
            raise unknown(10003, "Channel")
        if not channel.permissions(self.me) & PERMISSIONS["view_channel"]:
            raise ApiError(*MISSING_ACCESS)
        return channel

    def message(self, channel: Channel, number: str | int) -> Message:
        """Return a message that is still there.

        Raises:
            ApiError: 10008.
        """
        message = channel.messages.get(int(number))
        if message is None or message.deleted or message.ephemeral:
            raise unknown(10008, "Message")
        return message

    def require(self, channel: Channel, *names: str) -> None:
        """Refuse what the bot may not do in a channel.

        Raises:
            ApiError: 50013.
        """
        if any(not channel.permissions(self.me) & PERMISSIONS[name] for name in names):
            raise ApiError(*MISSING_PERMISSIONS)

    async def send(
        self, channel: Channel, payload: Mapping[str, Any], files: Mapping[str, bytes]
    ) -> Message:
        """Create a message as ``POST /channels/…/messages`` does.

        Raises:
            ApiError: when Discord would refuse it.
        """
        if channel.recipient and not channel.recipient.takes_dms:
            raise ApiError(*CANNOT_DM)
        speak = "send_messages_in_threads" if channel.kind == THREAD else "send_messages"
        self.require(channel, speak)
        if payload.get("embeds"):
            self.require(channel, "embed_links")
        if files:
            self.require(channel, "attach_files")
        check_message(payload, len(files))
        check_not_empty(payload, len(files))
        key = (channel.id, str(payload.get("nonce")))
        known = self.nonces.get(key) if payload.get("enforce_nonce") else None
        if known and time.monotonic() - known.at < self.nonces_last:
            return known
        replied = self._replied(channel, payload.get("message_reference"))
        message = Message(self.ids(), channel, self.me, reply_to=replied)
        message.nonce = str(payload.get("nonce") or "")
        message.replied_id = replied.id if replied else None
        self.fill(message, payload, files)
        if payload.get("enforce_nonce"):
            self.nonces[key] = message
        await self.publish(message)
        return message

    def _replied(self, channel: Channel, reference: Mapping[str, Any] | None) -> Message | None:
        if reference is None:
            return None
        self.require(channel, "read_message_history")
        found = channel.messages.get(int(reference["message_id"]))
        if found is not None and not found.deleted:
            return found
        if reference.get("fail_if_not_exists", True):
            form = Form()
            form.wrong(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            form.done()
        return None

    def fill(
        self, message: Message, payload: Mapping[str, Any], files: Mapping[str, bytes]
    ) -> None:
        """Write what a valid payload says into a message; keys that are absent change nothing."""
        if "content" in payload:
            message.content = payload["content"] or ""
        if "embeds" in payload:
            message.embeds = [{**embed, "type": "rich"} for embed in payload["embeds"] or []]
        if "components" in payload:
            message.components = payload["components"] or []
        if "attachments" in payload and not files:
            kept = {str(a["id"]) for a in payload["attachments"]}
            numbered = enumerate(list(message.files.items()), 1)
            message.files = {n: c for i, (n, c) in numbered if str(message.id + i) in kept}
        message.files.update(files)
        silent = (payload.get("flags") or 0) & SILENT
        message.flags = message.flags & (EPHEMERAL | LOADING) | silent
        replied = message.reply_to.author.id if message.reply_to and not message.edits else None
        new = pings(message.content, payload.get("allowed_mentions"), replied)
        for ping in new:
            self.violation(f"the bot notifies {ping}: {message.content[:80]!r}")
        message.pings += new

    async def edit(
        self, message: Message, payload: Mapping[str, Any], files: Mapping[str, bytes]
    ) -> None:
        """Change a message of the bot.

        Raises:
            ApiError: when Discord would refuse it.
        """
        check_message(payload, len(files), ephemeral=True)
        shown = {"content": message.content, "embeds": message.embeds}
        shown |= {"components": message.components, **payload}
        check_not_empty(shown, len(files) or len(message.files))
        message.edits += 1
        message.flags &= ~LOADING
        self.fill(message, payload, files)
        await self.publish(message, "MESSAGE_UPDATE")

    async def delete(self, message: Message) -> None:
        """Take a message away and tell the bot."""
        message.deleted = True
        data = {"id": str(message.id), "channel_id": str(message.channel.id)}
        guild = message.channel.guild
        if guild:
            data["guild_id"] = str(guild.id)
        await self._dispatch(message.channel, "MESSAGE_DELETE", data)

    async def publish(
        self, message: Message, event: str = "MESSAGE_CREATE", *, times: int = 1
    ) -> None:
        """Keep a message, and tell the bot unless only one user sees it."""
        message.channel.messages[message.id] = message
        if message not in self.messages:
            self.messages.append(message)
        if not message.ephemeral:
            for _ in range(times):
                await self._dispatch(message.channel, event, message.event(self.me))

    async def _dispatch(self, channel: Channel, event: str, data: dict[str, Any]) -> None:
        if not channel.permissions(self.me) & PERMISSIONS["view_channel"]:
            return
        intent = DIRECT_MESSAGES if channel.kind == DM else GUILD_MESSAGES
        await self.gateway.dispatch(event, data, intent, channel.guild.id if channel.guild else 0)

    async def open_thread(self, message: Message, name: object) -> Channel:
        """Begin a thread at a message.

        Raises:
            ApiError: when Discord would refuse it.
        """
        parent = message.channel
        if parent.guild is None or parent.kind == THREAD:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        self.require(parent, "create_public_threads")
        form = Form()
        form.text(("name",), name, 100, required=True)
        form.done()
        if message.thread:
            raise ApiError(400, 160004, "A thread has already been created for this message")
        thread = Channel(message.id, THREAD, str(name), parent.guild, parent, owner=self.me)
        message.thread = thread
        await self.add_channel(thread)
        return thread

    async def add_channel(self, channel: Channel) -> None:
        """Keep a channel and tell the bot of it."""
        self.channels[channel.id] = channel
        if channel.guild:
            channel.guild.channels.append(channel)
            event = "THREAD_CREATE" if channel.kind == THREAD else "CHANNEL_CREATE"
            payload = channel.payload(self.me)
            await self.gateway.dispatch(event, payload, GUILDS, channel.guild.id)

    def dm(self, user: User) -> Channel:
        """Return the channel of the direct messages with a user."""
        found = [c for c in self.channels.values() if c.recipient is user]
        if not found:
            found = [Channel(self.ids(), DM, recipient=user)]
            self.channels[found[0].id] = found[0]
        return found[0]

    def refuse_empty(self, payload: object) -> Mapping[str, Any]:
        """Return a payload that is there.

        Raises:
            ApiError: 50006.
        """
        if not isinstance(payload, dict):
            raise ApiError(*EMPTY_MESSAGE)
        return payload
