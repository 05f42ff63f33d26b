"""The gateway: sessions that outlive their sockets, heartbeats, and events with their intents."""

from __future__ import annotations

import contextlib
import itertools
import json
import secrets
import time
import zlib
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSCloseCode, WSMsgType, web

if TYPE_CHECKING:
    from collections.abc import Callable

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME = 0, 1, 2, 3, 6
RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 7, 9, 10, 11
GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 0, 1 << 9, 1 << 12
PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
RESUME_HOST = "gateway-resume.discord.gg"


@dataclass(eq=False)
class Session:
    """What a bot has identified for; it goes on without a socket until it is ended."""

    id: str
    intents: int
    shard: tuple[int, int]
    events: list[tuple[int, bytes]] = field(default_factory=list)
    socket: Socket | None = None
    ended: bool = False
    alone_since: float = 0.0


@dataclass(eq=False)
class Socket:
    """One connection and its heartbeats."""

    ws: web.WebSocketResponse
    request: web.Request
    interval: float
    compress: Any = None
    session: Session | None = None
    closed_by_us: int = 0
    beats: list[float] = field(default_factory=list)
    sent: deque[float] = field(default_factory=lambda: deque(maxlen=120))

    def missed(self) -> int:
        """Return how many heartbeats came too late, the one awaited now included."""
        times = self.beats if self.ws.closed else [*self.beats, time.monotonic()]
        return sum(b - a > 1.5 * self.interval for a, b in itertools.pairwise(times))

    async def send(self, data: bytes) -> None:
        """Send one payload; a socket that has gone is no error."""
        with contextlib.suppress(ConnectionError):
            if self.compress:
                packed = self.compress.compress(data) + self.compress.flush(zlib.Z_SYNC_FLUSH)
                await self.ws.send_bytes(packed)
            else:
                await self.ws.send_str(data.decode())


class Gateway:
    """Serves ``wss://gateway.discord.gg``."""

    def __init__(
        self,
        token: str,
        interval: float,
        ready: Callable[[], dict[str, Any]],
        guilds: Callable[[], list[dict[str, Any]]],
        changed: Callable[[], None],
    ) -> None:
        """Take the token accepted, the heartbeat interval in seconds and what READY tells."""
        self.token, self.interval = token, interval
        self._ready, self._guilds, self._changed = ready, guilds, changed
        self.sessions: list[Session] = []
        self.sockets: list[Socket] = []
        self.identifies: list[dict[str, Any]] = []
        self.resumes: list[str] = []
        self.closes: list[int | None] = []
        self.refuse_resume = False
        self.session_lasts = 180.0
        """Seconds that a session can be resumed after its socket has gone."""

        self.refuses = self.refuses_resume_host = False
        self.answers_heartbeats = True

    @property
    def live(self) -> list[Session]:
        """The sessions that have not ended: while there is one, the bot is shown online."""
        return [session for session in self.sessions if not session.ended]

    @property
    def connected(self) -> list[Session]:
        """The sessions that have a socket."""
        return [session for session in self.live if session.socket]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one socket from HELLO to its end."""
        resuming = request.headers.get("Host", "").startswith(RESUME_HOST)
        if self.refuses or (self.refuses_resume_host and resuming):
            return web.Response(status=503)
        ws = web.WebSocketResponse(max_msg_size=4096 * 4, autoclose=False)
        await ws.prepare(request)
        compress = request.query.get("compress", "")
        assert compress in {"", "zlib-stream"}, f"the stand-in cannot compress by {compress}"
        packer = zlib.compressobj() if compress else None
        socket = Socket(ws, request, self.interval, packer)
        self.sockets.append(socket)
        hello = {"op": HELLO, "d": {"heartbeat_interval": int(1000 * self.interval)}}
        await socket.send(pack(hello))
        while (message := await ws.receive()).type is WSMsgType.TEXT:
            await self._receive(socket, message.data)
        left = message.data if message.type is WSMsgType.CLOSE else WSCloseCode.ABNORMAL_CLOSURE
        code = socket.closed_by_us or left
        with contextlib.suppress(ConnectionError):
            await ws.close()
        self.closes.append(code)
        if (session := socket.session) and session.socket in {socket, None}:
            session.socket, session.alone_since = None, time.monotonic()
            session.ended = session.ended or code in {1000, 1001}
        self._changed()
        return ws

    async def _receive(self, socket: Socket, text: str) -> None:
        now = time.monotonic()
        payload = json.loads(text)
        op, data = payload["op"], payload.get("d")
        if len(socket.sent) == 120 and now - socket.sent[0] < 60:
            await socket.ws.close(code=4008, message=b"Rate limited.")
            return
        socket.sent.append(now)
        if op == HEARTBEAT:
            socket.beats.append(now)
            if self.answers_heartbeats:
                await socket.send(pack({"op": HEARTBEAT_ACK}))
        elif op == IDENTIFY:
            await self._identify(socket, data)
        elif op == RESUME:
            await self._resume(socket, data)
        elif socket.session is None:
            await socket.ws.close(code=4003, message=b"Not authenticated.")
        elif op != PRESENCE:
            await socket.ws.close(code=4001, message=b"Unknown opcode.")

    async def _identify(self, socket: Socket, data: dict[str, Any]) -> None:
        self.identifies.append(data)
        intents = data.get("intents")
        if socket.session:
            await socket.ws.close(code=4005, message=b"Already authenticated.")
        elif data.get("token") != self.token:
            await socket.ws.close(code=4004, message=b"Authentication failed.")
        elif not isinstance(intents, int):
            await socket.ws.close(code=4013, message=b"Invalid intent(s).")
        elif intents & PRIVILEGED:
            await socket.ws.close(code=4014, message=b"Disallowed intent(s).")
        else:
            await self._begin(socket, intents, tuple(data.get("shard") or (0, 1)))
        self._changed()

    async def _begin(self, socket: Socket, intents: int, shard: tuple[int, int]) -> None:
        session = Session(secrets.token_hex(16), intents, shard, socket=socket)
        socket.session = session
        self.sessions.append(session)
        mine = [g for g in self._guilds() if (int(g["id"]) >> 22) % shard[1] == shard[0]]
        ready = self._ready() | {
            "session_id": session.id,
            "resume_gateway_url": f"wss://{RESUME_HOST}",
            "guilds": [{"id": guild["id"], "unavailable": True} for guild in mine],
            "shard": shard,
        }
        await self._deliver(session, "READY", ready)
        if intents & GUILDS:
            for guild in mine:
                await self._deliver(session, "GUILD_CREATE", guild)

    async def _resume(self, socket: Socket, data: dict[str, Any]) -> None:
        found = [s for s in self.live if s.id == data.get("session_id")]
        if data.get("token") != self.token:
            await socket.ws.close(code=4004, message=b"Authentication failed.")
        elif not found or self.refuse_resume or self._has_expired(found[0]):
            await socket.send(pack({"op": INVALID_SESSION, "d": False}))
        elif not 0 <= (data.get("seq") or 0) <= len(found[0].events):
            await socket.ws.close(code=4007, message=b"Invalid seq.")
        else:
            session = found[0]
            socket.session, session.socket = session, socket
            self.resumes.append(session.id)
            for number, event in session.events:
                if number > data["seq"]:
                    await socket.send(event)
            await self._deliver(session, "RESUMED", {"_trace": []})
        self._changed()

    def _has_expired(self, session: Session) -> bool:
        waited = time.monotonic() - session.alone_since
        if session.socket is None and session.alone_since and waited > self.session_lasts:
            session.ended = True
        return session.ended

    async def dispatch(self, event: str, data: dict[str, Any], intent: int, guild: int = 0) -> None:
        """Send an event to the sessions that want it; those without a socket get it later."""
        for session in self.live:
            number, count = session.shard
            if (not intent or session.intents & intent) and (guild >> 22) % count == number:
                await self._deliver(session, event, data)

    async def _deliver(self, session: Session, event: str, data: dict[str, Any]) -> None:
        number = len(session.events) + 1
        packed = pack({"op": DISPATCH, "t": event, "s": number, "d": data})
        session.events.append((number, packed))
        if session.socket:
            await session.socket.send(packed)

    async def replay(self, count: int) -> None:
        """Send the last events again, with their old numbers."""
        for session in self.connected:
            for _, packed in session.events[-count:]:
                assert session.socket
                await session.socket.send(packed)

    async def send_raw(self, payload: object) -> None:
        """Send anything at all to every socket."""
        for session in self.connected:
            assert session.socket
            await session.socket.send(pack(payload))

    async def drop(self) -> None:
        """Cut every connection without a word, as a failing network does."""
        for session in self.connected:
            assert session.socket
            transport = session.socket.request.transport
            session.socket, session.alone_since = None, time.monotonic()
            if transport:
                transport.abort()
        self._changed()

    async def close(self, code: int) -> None:
        """Close every socket with a code of Discord's."""
        for socket in [s.socket for s in self.connected]:
            assert socket
            socket.closed_by_us = code
            # aiohttp's close() does not await the reply while another task reads: the client
            # then fails to send it and forgets the code.
            writer = socket.ws._writer
            assert writer
            await writer.close(code)

    async def stop(self) -> None:
        """End all sockets with the server."""
        for socket in self.sockets:
            await socket.ws.close(code=WSCloseCode.GOING_AWAY)


def pack(payload: object) -> bytes:
    """Return a payload as it goes over the wire."""
    return json.dumps(payload, separators=(",", ":")).encode()
