"""The routes of ``https://discord.com/api/v10`` that bots of this kind use."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from aiohttp import BodyPartReader, web

from discord_standin.app_commands import check_commands
from discord_standin.errors import ApiError, unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discord_standin.interactions import Interaction, Interactions
    from discord_standin.message_store import MessageStore
    from discord_standin.world import Guild, Message, User

    Files = dict[str, bytes]

API = "/api/v10"


async def read_body(request: web.Request) -> tuple[Any, Files]:
    """Return the JSON of a request and the files uploaded with it.

    Raises:
        ApiError: 50109 when the body is not JSON.
    """
    files: Files = {}
    text = b"null"
    if request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            content = bytes(await part.read(decode=True))
            if part.name == "payload_json":
                text = content
            else:
                files[part.filename or ""] = content
    elif request.can_read_body:
        if request.content_type != "application/json":
            raise ApiError(400, 50035, 'Expected "Content-Type" header to be application/json.')
        text = await request.read()
    try:
        return json.loads(text), files
    except ValueError as error:
        raise ApiError(400, 50109, "The request body contains invalid JSON.") from error


class Rest:
    """Answers requests with JSON-like values; ``server`` turns them into responses."""

    def __init__(
        self,
        store: MessageStore,
        interactions: Interactions,
        guilds: list[Guild],
        users: dict[int, User],
    ) -> None:
        """Take the parts that hold the state."""
        self.store, self.interactions = store, interactions
        self.guilds, self.users = guilds, users
        self.commands: dict[int, list[dict[str, Any]]] = {0: []}
        self.syncs: list[list[dict[str, Any]]] = []
        self.owner: User | None = None
        self.team: dict[str, Any] | None = None

    def routes(self) -> list[web.RouteDef]:
        """Return all routes."""
        app = f"{API}/applications/{{application}}"
        hook = f"{API}/webhooks/{{application}}/{{token}}"
        message = f"{API}/channels/{{channel}}/messages/{{message}}"
        table: list[tuple[str, str, Any]] = [
            ("GET", f"{API}/users/@me", self.get_me),
            ("POST", f"{API}/users/@me/channels", self.open_dm),
            ("GET", f"{API}/users/{{user}}", self.get_user),
            ("GET", f"{API}/oauth2/applications/@me", self.get_application),
            ("GET", f"{API}/applications/@me", self.get_application),
            ("GET", f"{API}/gateway/bot", self.get_gateway),
            ("GET", f"{API}/gateway", self.get_gateway),
            ("GET", f"{API}/guilds/{{guild}}", self.get_guild),
            ("GET", f"{API}/guilds/{{guild}}/members/{{user}}", self.get_member),
            ("GET", f"{app}/commands", self.get_commands),
            ("PUT", f"{app}/commands", self.put_commands),
            ("GET", f"{app}/guilds/{{guild}}/commands", self.get_commands),
            ("PUT", f"{app}/guilds/{{guild}}/commands", self.put_commands),
            ("GET", f"{API}/channels/{{channel}}", self.get_channel),
            ("POST", f"{API}/channels/{{channel}}/typing", self.typing),
            ("GET", f"{API}/channels/{{channel}}/messages", self.list_messages),
            ("POST", f"{API}/channels/{{channel}}/messages", self.post_message),
            ("GET", message, self.get_message),
            ("PATCH", message, self.patch_message),
            ("DELETE", message, self.delete_message),
            ("POST", f"{message}/threads", self.post_thread),
            ("PUT", f"{message}/reactions/{{emoji}}/@me", self.put_reaction),
            ("DELETE", f"{message}/reactions/{{emoji}}/@me", self.delete_reaction),
            ("POST", f"{API}/interactions/{{id}}/{{token}}/callback", self.callback),
            ("POST", hook, self.post_hook),
            ("GET", f"{hook}/messages/{{message}}", self.get_hook),
            ("PATCH", f"{hook}/messages/{{message}}", self.patch_hook),
            ("DELETE", f"{hook}/messages/{{message}}", self.delete_hook),
        ]
        return [web.route(method, path, handler) for method, path, handler in table]

    async def get_me(self, _: web.Request) -> object:
        """The bot's own user."""
        return self.store.me.payload() | {"verified": True, "mfa_enabled": True, "locale": "en-US"}

    async def get_user(self, request: web.Request) -> object:
        """Another user."""
        user = self.users.get(int(request.match_info["user"]))
        if user is None:
            raise unknown(10013, "User")
        return user.payload()

    async def get_application(self, _: web.Request) -> object:
        """The application that the bot belongs to."""
        return {
            "id": str(self.interactions.application),
            "name": "sourcebot",
            "description": "",
            "icon": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": 0,
            "owner": (self.owner or self.store.me).payload(),
            "team": self.team,
            "integration_types_config": {},
        }

    async def get_gateway(self, _: web.Request) -> object:
        """Where the gateway is."""
        limit = {"total": 1000, "remaining": 999, "reset_after": 1000, "max_concurrency": 1}
        return {"url": "wss://gateway.discord.gg", "shards": 2, "session_start_limit": limit}

    async def get_guild(self, request: web.Request) -> object:
        """A server that the bot is in."""
        for guild in self.guilds:
            if str(guild.id) == request.match_info["guild"]:
                return guild.payload(self.store.me)
        raise unknown(10004, "Guild")

    async def get_member(self, request: web.Request) -> object:
        """A member of a server; needs no privileged intent."""
        for guild in self.guilds:
            if str(guild.id) == request.match_info["guild"]:
                user = self.users.get(int(request.match_info["user"]))
                if user is None:
                    raise unknown(10013, "User")
                if user not in guild.members:
                    raise unknown(10007, "Member")
                return guild.member(user) | {"user": user.payload()}
        raise unknown(10004, "Guild")

    async def get_commands(self, request: web.Request) -> object:
        """The commands registered, of the application or of a server."""
        return self.commands.get(self._scope(request), [])

    async def put_commands(self, request: web.Request) -> object:
        """Replace the commands registered."""
        commands, _ = await read_body(request)
        scope = self._scope(request)
        check_commands(commands)
        ids = {(c["name"], c["type"]): c["id"] for c in self.commands.get(scope, [])}
        self.commands[scope] = [
            {
                "type": 1,
                "description": "",
                "dm_permission": True,
                "default_member_permissions": None,
            }
            | command
            | {
                "id": ids.get((command["name"], command.get("type", 1)), str(self.store.ids())),
                "application_id": str(self.interactions.application),
                "version": str(self.store.ids()),
            }
            | ({"guild_id": str(scope)} if scope else {})
            for command in commands
        ]
        self.syncs.append(commands)
        return self.commands[scope]

    def _scope(self, request: web.Request) -> int:
        if int(request.match_info["application"]) != self.interactions.application:
            raise ApiError(403, 20012, "You are not authorized to perform this action")
        return int(request.match_info.get("guild", 0))

    async def open_dm(self, request: web.Request) -> object:
        """The channel of the direct messages with a user."""
        payload, _ = await read_body(request)
        user = self.users.get(int(payload["recipient_id"]))
        if user is None:
            raise unknown(10013, "User")
        return self.store.dm(user).payload(self.store.me)

    async def get_channel(self, request: web.Request) -> object:
        """A channel."""
        return self.store.channel(request.match_info["channel"]).payload(self.store.me)

    async def typing(self, request: web.Request) -> object:
        """Shows that the bot is writing."""
        self.store.require(self.store.channel(request.match_info["channel"]), "send_messages")
        return None

    async def list_messages(self, request: web.Request) -> object:
        """The last messages of a channel, newest first."""
        channel = self.store.channel(request.match_info["channel"])
        self.store.require(channel, "read_message_history")
        limit = int(request.query.get("limit", 50))
        after, before = (int(request.query.get(k, d)) for k, d in (("after", 0), ("before", 2**63)))
        shown = [
            message
            for number, message in sorted(channel.messages.items())
            if after < number < before and not message.deleted and not message.ephemeral
        ]
        # After a message the oldest of the newer ones come, else the newest; newest first.
        picked = shown[:limit] if after else shown[-limit:]
        return [self._told(message) for message in reversed(picked)]

    async def post_message(self, request: web.Request) -> object:
        """Send a message."""
        channel = self.store.channel(request.match_info["channel"])
        payload, files = await read_body(request)
        return self._told(await self.store.send(channel, self.store.refuse_empty(payload), files))

    async def get_message(self, request: web.Request) -> object:
        """A message."""
        message = self._message(request)
        self.store.require(message.channel, "read_message_history")
        return self._told(message)

    async def patch_message(self, request: web.Request) -> object:
        """Change a message of the bot."""
        message = self._own(request)
        payload, files = await read_body(request)
        await self.store.edit(message, payload, files)
        return self._told(message)

    async def delete_message(self, request: web.Request) -> object:
        """Take away a message of the bot."""
        await self.store.delete(self._own(request))
        return None

    async def post_thread(self, request: web.Request) -> object:
        """Begin a thread at a message."""
        payload, _ = await read_body(request)
        thread = await self.store.open_thread(self._message(request), payload.get("name"))
        return thread.payload(self.store.me)

    async def put_reaction(self, request: web.Request) -> object:
        """React to a message."""
        message, emoji = self._message(request), unquote(request.match_info["emoji"])
        self.store.require(message.channel, "add_reactions", "read_message_history")
        if emoji.isascii():
            raise ApiError(400, 10014, "Unknown Emoji")
        if emoji not in message.reactions:
            message.reactions.append(emoji)
        return None

    async def delete_reaction(self, request: web.Request) -> object:
        """Take a reaction back."""
        message, emoji = self._message(request), unquote(request.match_info["emoji"])
        if emoji not in message.reactions:
            raise ApiError(400, 10014, "Unknown Emoji")
        message.reactions.remove(emoji)
        return None

    async def callback(self, request: web.Request) -> object:
        """Respond to an interaction."""
        payload, files = await read_body(request)
        number, token = request.match_info["id"], request.match_info["token"]
        told = await self.interactions.respond(number, token, payload, files)
        return told if request.query.get("with_response") in {"1", "true"} else None

    async def post_hook(self, request: web.Request) -> object:
        """Send a further message in answer to an interaction."""
        payload, files = await read_body(request)
        found = self._interaction(request)
        message = await self.interactions.follow_up(found, self.store.refuse_empty(payload), files)
        return self._told(message, whole=True)

    async def get_hook(self, request: web.Request) -> object:
        """A message that answers an interaction."""
        return self._told(self._answer(request), whole=True)

    async def patch_hook(self, request: web.Request) -> object:
        """Change a message that answers an interaction."""
        payload, files = await read_body(request)
        found = self._interaction(request)
        if request.match_info["message"] == "@original":
            message = await self.interactions.edit_original(found, payload, files)
        else:
            message = self._answer(request)
            await self.store.edit(message, payload, files)
        return self._told(message, whole=True)

    async def delete_hook(self, request: web.Request) -> object:
        """Take away a message that answers an interaction."""
        await self.store.delete(self._answer(request))
        return None

    def _interaction(self, request: web.Request) -> Interaction:
        return self.interactions.find(request.match_info["token"])

    def _answer(self, request: web.Request) -> Message:
        found, name = self._interaction(request), request.match_info["message"]
        mine = [found.original] if found.original else []
        for message in [*mine, *found.followups]:
            if name in {str(message.id), "@original"} and not message.deleted:
                return message
        raise unknown(10008, "Message")

    def _message(self, request: web.Request) -> Message:
        channel = self.store.channel(request.match_info["channel"])
        return self.store.message(channel, request.match_info["message"])

    def _own(self, request: web.Request) -> Message:
        message = self._message(request)
        if message.author is not self.store.me:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        return message

    def _told(self, message: Message, *, whole: bool = False) -> Mapping[str, Any]:
        return message.payload(self.store.me, whole=whole)
