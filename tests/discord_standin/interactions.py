"""Interactions: three seconds to acknowledge, then fifteen minutes to answer."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from discord_standin.app_commands import STRING, check_choices
from discord_standin.components import check_modal
from discord_standin.errors import ALREADY_ACKNOWLEDGED, ApiError, Form, unknown
from discord_standin.limits import EPHEMERAL, LOADING, check_message, check_not_empty
from discord_standin.world import DM, Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discord_standin.message_store import MessageStore
    from discord_standin.world import Channel, User

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
REPLY, DEFER_REPLY, DEFER_UPDATE, UPDATE, CHOICES, SHOW_MODAL = 4, 5, 6, 7, 8, 9
ALLOWED = {
    COMMAND: {REPLY, DEFER_REPLY, SHOW_MODAL},
    COMPONENT: {REPLY, DEFER_REPLY, DEFER_UPDATE, UPDATE, SHOW_MODAL},
    AUTOCOMPLETE: {CHOICES},
    MODAL: {REPLY, DEFER_REPLY, DEFER_UPDATE, UPDATE},
}
ACKNOWLEDGE_WITHIN, ANSWER_WITHIN = 3.0, 900.0


@dataclass(eq=False)
class Interaction:
    """What a user did, and what the bot has made of it."""

    id: int
    token: str
    kind: int
    data: dict[str, Any]
    user: User
    channel: Channel
    source: Message | None = None
    began: float = field(default_factory=time.monotonic)
    acknowledged_after: float | None = None
    answered_after: float | None = None
    callback: int | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    choices: list[dict[str, Any]] | None = None
    modal: dict[str, Any] | None = None

    @property
    def age(self) -> float:
        """Seconds since the user acted."""
        return time.monotonic() - self.began


class Interactions:
    """Keeps the interactions and answers what bots do with them."""

    def __init__(self, store: MessageStore, application: int) -> None:
        """Take where messages are kept and the application's id."""
        self.store, self.application = store, application
        self.all: list[Interaction] = []
        self.locale: dict[str, str] = {}

    def begin(
        self, kind: int, data: dict[str, Any], user: User, channel: Channel, source: Message | None
    ) -> Interaction:
        """Keep a new interaction; ``source`` is the message of a button."""
        found = Interaction(self.store.ids(), secrets.token_urlsafe(48), kind, data, user, channel)
        found.source = source
        self.all.append(found)
        return found

    def event(self, interaction: Interaction) -> dict[str, Any]:
        """Return an interaction as INTERACTION_CREATE writes it."""
        channel, user = interaction.channel, interaction.user
        guild = channel.guild
        payload: dict[str, Any] = {
            "id": str(interaction.id),
            "application_id": str(self.application),
            "type": interaction.kind,
            "token": interaction.token,
            "version": 1,
            "data": interaction.data,
            "channel_id": str(channel.id),
            "channel": channel.payload(self.store.me)
            | {"permissions": str(channel.permissions(user))},
            "app_permissions": str(channel.permissions(self.store.me)),
            "locale": user.locale,
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(guild.id) if guild else "0"},
            "context": 1 if channel.kind == DM else 0,
            "attachment_size_limit": 10 * 2**20,
        }
        if guild:
            member = guild.member(user) | {"user": user.payload()}
            payload |= {
                "guild_id": str(guild.id),
                "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
                "guild_locale": guild.locale,
                "member": member | {"permissions": str(channel.permissions(user))},
            }
        else:
            payload["user"] = user.payload()
        if interaction.source:
            payload["message"] = interaction.source.payload(self.store.me, whole=True)
        return payload

    def find(self, token: str) -> Interaction:
        """Return the interaction of a token that may still answer.

        Raises:
            ApiError: 10015 before the acknowledgement, 50027 after fifteen minutes.
        """
        found = next((i for i in self.all if i.token == token), None)
        if found is None or found.callback is None:
            raise unknown(10015, "Webhook")
        if found.age > ANSWER_WITHIN:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        return found

    async def respond(
        self, number: str, token: str, payload: Mapping[str, Any], files: Mapping[str, bytes]
    ) -> dict[str, Any]:
        """Take the first response to an interaction and return what Discord tells of it.

        Raises:
            ApiError: 10062 when it comes too late, 40060 when it is the second, 50035.
        """
        found = next((i for i in self.all if i.token == token and str(i.id) == number), None)
        if found is None or (found.age > ACKNOWLEDGE_WITHIN and found.callback is None):
            raise unknown(10062, "interaction")
        if found.callback is not None:
            raise ApiError(*ALREADY_ACKNOWLEDGED)
        kind, data = payload.get("type"), payload.get("data") or {}
        form = Form()
        form.choice(("type",), kind, tuple(ALLOWED[found.kind]))
        form.done()
        after = found.age
        if kind in {REPLY, DEFER_REPLY}:
            await self._reply(found, data, files, loading=kind == DEFER_REPLY)
        elif kind == UPDATE:
            await self._update(found, data, files)
        elif kind == CHOICES:
            found.choices = _checked_choices(found, data)
        elif kind == SHOW_MODAL:
            check_modal(data)
            found.modal = dict(data)
        if kind in {DEFER_UPDATE, UPDATE}:
            found.original = found.source
        assert isinstance(kind, int)
        found.callback, found.acknowledged_after = kind, after
        if kind not in {DEFER_REPLY, DEFER_UPDATE}:
            found.answered_after = after
        return self._told(found)

    async def _reply(
        self,
        found: Interaction,
        data: Mapping[str, Any],
        files: Mapping[str, bytes],
        *,
        loading: bool,
    ) -> None:
        if not loading:
            check_message(data, len(files), ephemeral=True)
            check_not_empty(data, len(files))
        message = self._message(found)
        message.flags = (data.get("flags") or 0) & EPHEMERAL | (LOADING if loading else 0)
        if not loading:
            self.store.fill(message, data, files)
        found.original = message
        await self.store.publish(message)

    async def _update(
        self, found: Interaction, data: Mapping[str, Any], files: Mapping[str, bytes]
    ) -> None:
        if found.source is None:
            raise ApiError(400, 50035, "Invalid Form Body")
        await self.store.edit(found.source, data, files)

    def _message(self, found: Interaction) -> Message:
        metadata = {
            "id": str(found.id),
            "type": found.kind,
            "user": found.user.payload(),
            "authorizing_integration_owners": {"0": "0"},
        }
        kind = 20 if found.kind == COMMAND else 0
        message = Message(self.store.ids(), found.channel, self.store.me, interaction=metadata)
        message.kind = kind
        if found.kind == COMPONENT and found.source:
            message.replied_id, message.reply_to = found.source.id, found.source
        return message

    async def edit_original(
        self, found: Interaction, payload: Mapping[str, Any], files: Mapping[str, bytes]
    ) -> Message:
        """Change the first response, which ends its loading.

        Raises:
            ApiError: when there is none, or Discord would refuse the new one.
        """
        message = found.original
        if message is None or message.deleted:
            raise unknown(10008, "Message")
        await self.store.edit(message, payload, files)
        found.answered_after = found.answered_after or found.age
        return message

    async def follow_up(
        self, found: Interaction, payload: Mapping[str, Any], files: Mapping[str, bytes]
    ) -> Message:
        """Send a further message; the first after a deferred reply becomes that reply.

        Raises:
            ApiError: when Discord would refuse it.
        """
        if found.original and found.original.loading:
            return await self.edit_original(found, payload, files)
        check_message(payload, len(files), ephemeral=True)
        check_not_empty(payload, len(files))
        message = self._message(found)
        message.flags = (payload.get("flags") or 0) & EPHEMERAL
        self.store.fill(message, payload, files)
        found.followups.append(message)
        found.answered_after = found.answered_after or found.age
        await self.store.publish(message)
        return message

    def _told(self, found: Interaction) -> dict[str, Any]:
        told: dict[str, Any] = {"id": str(found.id), "type": found.kind}
        message = found.original
        if message and found.callback in {REPLY, DEFER_REPLY}:
            told["response_message_id"] = str(message.id)
            told["response_message_loading"] = message.loading
            told["response_message_ephemeral"] = message.ephemeral
        body: dict[str, Any] = {"interaction": told, "resource": {"type": found.callback}}
        if message and found.callback != DEFER_UPDATE:
            body["resource"]["message"] = message.payload(self.store.me, whole=True)
        return body


def _checked_choices(found: Interaction, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    form = Form()
    choices = form.items(("data", "choices"), data.get("choices"), 25)
    check_choices(form, ("data", "choices"), choices, STRING)
    form.done()
    return choices
