"""The servers, channels, people and messages of the stand-in, and how Discord writes them."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

EPOCH_MS = 1_420_070_400_000
PERMISSIONS = {
    "administrator": 1 << 3,
    "manage_channels": 1 << 4,
    "manage_guild": 1 << 5,
    "add_reactions": 1 << 6,
    "view_channel": 1 << 10,
    "send_messages": 1 << 11,
    "manage_messages": 1 << 13,
    "embed_links": 1 << 14,
    "attach_files": 1 << 15,
    "read_message_history": 1 << 16,
    "mention_everyone": 1 << 17,
    "use_application_commands": 1 << 31,
    "create_public_threads": 1 << 35,
    "send_messages_in_threads": 1 << 38,
}
MODERATOR = ("manage_guild", "manage_messages", "manage_channels")
TEXT, DM, THREAD = 0, 1, 11


def bits(*names: str) -> int:
    """Return the permissions named, as Discord counts them."""
    return sum(PERMISSIONS[name] for name in set(names))


EVERYBODY = bits(*(set(PERMISSIONS) - {"administrator", "mention_everyone", *MODERATOR}))


class Snowflakes:
    """Gives out ids that tell the time, as Discord's do."""

    def __init__(self) -> None:
        """Begin with the number 1."""
        self._numbers = itertools.count(1)

    def __call__(self) -> int:
        """Return a new id."""
        return ((int(time.time() * 1000) - EPOCH_MS) << 22) + next(self._numbers) % (1 << 22)


@dataclass(eq=False)
class User:
    """A person or a bot."""

    id: int
    name: str
    bot: bool = False
    locale: str = "en-US"
    takes_dms: bool = True

    def payload(self) -> dict[str, Any]:
        """Return the user as Discord writes it."""
        return {
            "id": str(self.id),
            "username": self.name,
            "global_name": None if self.bot else self.name.title(),
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }


@dataclass(eq=False)
class Role:
    """A role without permissions of its own, and who has it."""

    id: int
    name: str
    members: list[User] = field(default_factory=list)


@dataclass(eq=False)
class Guild:
    """A server. ``members`` holds the permissions of each beyond everybody's.

    ``roles`` are further ones, the highest last.
    """

    id: int
    name: str
    members: dict[User, int] = field(default_factory=dict)
    channels: list[Channel] = field(default_factory=list)
    locale: str = "en-US"
    roles: list[Role] = field(default_factory=list)
    joined: str = "2026-01-01T00:00:00+00:00"

    def member(self, user: User) -> dict[str, Any]:
        """Return a member without the user, as events carry it."""
        roles = [str(self.id + user.id)] if self.members.get(user) else []
        roles += [str(role.id) for role in self.roles if user in role.members]
        return {
            "roles": roles,
            "joined_at": self.joined,
            "flags": 0,
            "deaf": False,
            "mute": False,
            "nick": None,
            "pending": False,
        }

    def payload(self, me: User) -> dict[str, Any]:
        """Return the server as GUILD_CREATE writes it; of the members only the bot."""
        roles = [(self.id, "@everyone", EVERYBODY)]
        roles += [(self.id + u.id, f"role of {u.name}", p) for u, p in self.members.items() if p]
        roles += [(role.id, role.name, 0) for role in self.roles]
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": "1",
            "roles": [
                {
                    "id": str(number),
                    "name": name,
                    "permissions": str(allowed),
                    "position": place,
                    "colors": {"primary_color": 0},
                    "hoist": False,
                    "managed": False,
                    "mentionable": True,
                    "flags": 0,
                }
                for place, (number, name, allowed) in enumerate(roles)
            ],
            "channels": [c.payload(me) for c in self.channels if c.kind == TEXT],
            "threads": [c.payload(me) for c in self.channels if c.kind == THREAD],
            "members": [{**self.member(me), "user": me.payload()}],
            "member_count": len(self.members),
            "large": False,
            "unavailable": False,
            "joined_at": self.joined,
            "preferred_locale": self.locale,
            "features": [],
            "emojis": [],
            "stickers": [],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }


@dataclass(eq=False)
class Channel:
    """A text channel, a thread in one, or the direct messages with one user."""

    id: int
    kind: int
    name: str = ""
    guild: Guild | None = None
    parent: Channel | None = None
    recipient: User | None = None
    owner: User | None = None
    denied: int = 0
    messages: dict[int, Message] = field(default_factory=dict)

    def permissions(self, user: User) -> int:
        """Return what a user may do here; ``denied`` binds the bot alone."""
        if self.guild is None:
            return EVERYBODY
        held = EVERYBODY | self.guild.members.get(user, 0)
        denied = self.denied | (self.parent.denied if self.parent else 0)
        return held & ~denied if user.bot else held

    def payload(self, me: User) -> dict[str, Any]:
        """Return the channel as Discord writes it."""
        last = max((m.id for m in self.messages.values() if not m.ephemeral), default=None)
        base = {
            "id": str(self.id),
            "type": self.kind,
            "last_message_id": str(last) if last else None,
            "flags": 0,
        }
        if self.recipient:
            return {**base, "recipients": [self.recipient.payload()]}
        assert self.guild
        base |= {"guild_id": str(self.guild.id), "name": self.name, "rate_limit_per_user": 0}
        if self.parent and self.owner:
            now = datetime.now(UTC).isoformat()
            return base | {
                "parent_id": str(self.parent.id),
                "owner_id": str(self.owner.id),
                "message_count": len(self.messages),
                "member_count": 2,
                "total_message_sent": len(self.messages),
                "thread_metadata": {
                    "archived": False,
                    "auto_archive_duration": 1440,
                    "archive_timestamp": now,
                    "locked": False,
                },
                "member": {
                    "user_id": str(me.id),
                    "id": str(self.id),
                    "join_timestamp": now,
                    "flags": 0,
                },
            }
        overwrites = [{"id": str(me.id), "type": 1, "allow": "0", "deny": str(self.denied)}]
        return base | {
            "position": 0,
            "parent_id": None,
            "nsfw": False,
            "topic": None,
            "permission_overwrites": overwrites if self.denied else [],
        }


@dataclass(eq=False)
class Message:
    """A message as it stands now; ``pings`` are those of its whole life."""

    id: int
    channel: Channel
    author: User
    content: str = ""
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    flags: int = 0
    kind: int = 0
    reply_to: Message | None = None
    replied_id: int | None = None
    mentions: list[User] = field(default_factory=list)
    interaction: dict[str, Any] | None = None
    nonce: str = ""
    at: float = field(default_factory=time.monotonic)
    edits: int = 0
    deleted: bool = False
    pings: list[str] = field(default_factory=list)
    reactions: list[str] = field(default_factory=list)
    thread: Channel | None = None

    @property
    def ephemeral(self) -> bool:
        """Whether only one user sees it."""
        return bool(self.flags & 1 << 6)

    @property
    def loading(self) -> bool:
        """Whether it says that the bot is thinking."""
        return bool(self.flags & 1 << 7)

    def visible_to(self, me: User) -> bool:
        """Return whether a bot without the intent of message contents may read it."""
        return self.author is me or self.channel.kind == DM or me in self.mentions

    def payload(self, me: User, *, whole: bool = False) -> dict[str, Any]:
        """Return the message as the bot gets it; ``whole`` where contents come unasked."""
        readable = whole or self.visible_to(me)
        data: dict[str, Any] = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "author": self.author.payload(),
            "content": self.content if readable else "",
            "embeds": self.embeds if readable else [],
            "components": self.components if readable else [],
            "attachments": self._attachments() if readable else [],
            "timestamp": datetime.now(UTC).isoformat(),
            "edited_timestamp": datetime.now(UTC).isoformat() if self.edits else None,
            "tts": False,
            "mention_everyone": "everyone" in self.pings,
            "mentions": [user.payload() for user in self.mentions],
            "mention_roles": [],
            "pinned": False,
            "type": self.kind,
            "flags": self.flags,
        }
        if self.interaction:
            data["interaction_metadata"] = self.interaction
        if self.replied_id:
            data["type"] = 19
            reference = {"message_id": str(self.replied_id), "channel_id": str(self.channel.id)}
            if self.channel.guild:
                reference["guild_id"] = str(self.channel.guild.id)
            data["message_reference"] = reference
            replied = self.reply_to if self.reply_to and not self.reply_to.deleted else None
            data["referenced_message"] = replied.payload(me, whole=readable) if replied else None
        if self.thread:
            data["thread"] = self.thread.payload(me)
        return data

    def event(self, me: User) -> dict[str, Any]:
        """Return the message as MESSAGE_CREATE writes it."""
        data = self.payload(me)
        guild = self.channel.guild
        if guild:
            data |= {"guild_id": str(guild.id), "member": guild.member(self.author)}
            for user, entry in zip(self.mentions, data["mentions"], strict=True):
                entry["member"] = guild.member(user)
        return data

    def _attachments(self) -> list[dict[str, Any]]:
        return [
            {
                "id": str(self.id + number),
                "filename": name,
                "size": len(content),
                "url": f"https://cdn.discordapp.com/attachments/{self.channel.id}/{self.id}/{name}",
                "proxy_url": f"https://media.discordapp.net/attachments/{self.id}/{name}",
            }
            for number, (name, content) in enumerate(self.files.items(), 1)
        ]
