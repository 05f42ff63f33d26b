"""What the bot remembers: answers (for their buttons), feedback, settings. In SQLite.

User ids are kept as keyed hashes only; the key lies in a file beside the database.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import sqlite3
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from sourcebot.errors import DiscordError
from sourcebot.frontends.discord.records import Complaint, Gap, Place
from sourcebot.types import Answer, Reply, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_VERSION = 1
_SCHEMA = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE answers (
    number INTEGER PRIMARY KEY AUTOINCREMENT, given REAL NOT NULL, server INTEGER NOT NULL,
    channel INTEGER NOT NULL, message INTEGER, asker TEXT NOT NULL, question TEXT NOT NULL,
    alike TEXT NOT NULL, reason TEXT NOT NULL, reply TEXT NOT NULL
) STRICT;
CREATE INDEX answers_given ON answers(given);
CREATE INDEX answers_message ON answers(message);
CREATE INDEX answers_channel ON answers(channel, number);
CREATE INDEX answers_alike ON answers(server, alike);
CREATE TABLE votes (
    answer INTEGER NOT NULL REFERENCES answers(number) ON DELETE CASCADE, voter TEXT NOT NULL,
    helpful INTEGER NOT NULL, PRIMARY KEY (answer, voter)
) STRICT;
CREATE TABLE reports (
    answer INTEGER NOT NULL REFERENCES answers(number) ON DELETE CASCADE, reporter TEXT NOT NULL,
    why TEXT NOT NULL, PRIMARY KEY (answer, reporter)
) STRICT;
CREATE TABLE scopes (
    server INTEGER NOT NULL, channel INTEGER NOT NULL, scope TEXT NOT NULL,
    PRIMARY KEY (server, channel)
) STRICT;
CREATE TABLE quiet (channel INTEGER PRIMARY KEY) STRICT;
"""
"""``channel`` 0 in ``scopes`` is the whole server; ``server`` 0 in ``answers`` is a direct
message. ``reason`` is "" for answers; ``alike`` is equal for questions that count as one."""

_DAY = 86_400.0
_REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)
_SCOPE = TypeAdapter(Scope)


class BotStore:
    """The bot's database; thread-safe."""

    def __init__(self, path: Path, *, keep_questions: bool = True) -> None:
        """Open or make the database and its key.

        Args:
            path: the database; its folder is made.
            keep_questions: whether the text of questions and who asked is kept.

        Raises:
            DiscordError: when it cannot be opened or is damaged.
        """
        self.path = path
        self._keep = keep_questions
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._key = _key(path.with_suffix(".key"))
        except OSError as error:
            raise DiscordError(
                f"the bot's database cannot be kept in {path.parent}: {error.strerror or error}",
                "make the folder writable, or set database in [discord] of config.toml",
            ) from error
        with self._mapped():
            self._connection = sqlite3.connect(path, check_same_thread=False, timeout=10.0)
            self._prepare()
            self._scopes = {
                (server, channel): _SCOPE.validate_json(scope)
                for server, channel, scope in self._rows("SELECT * FROM scopes")
            }
            self._quiet = {channel for (channel,) in self._rows("SELECT channel FROM quiet")}

    def _prepare(self) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        (version,) = self._rows("PRAGMA user_version")[0]
        if version > _VERSION:
            raise DiscordError(
                f"{self.path} was written by a newer sourcebot (version {version})",
                "update sourcebot, or name another database in [discord] of config.toml",
            )
        if version == 0:
            self._connection.executescript(
                f"BEGIN; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;"
            )

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValidationError, UnicodeError) as error:
            reason = "an entry is damaged" if isinstance(error, ValidationError) else error
            raise DiscordError(
                f"the bot's database {self.path} cannot be used: {reason}",
                "move it away to start with an empty one",
            ) from error

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple]:  # type: ignore[type-arg]
        with self._mapped(), self._lock:
            return self._connection.execute(query, values).fetchall()

    def _write(self, query: str, values: Sequence[object] = ()) -> int:
        with self._mapped(), self._lock, self._connection:
            return self._connection.execute(query, values).lastrowid or 0

    def hashed(self, user: int) -> str:
        """Return the keyed hash that stands for a user."""
        return hmac.new(self._key, str(user).encode(), hashlib.sha256).hexdigest()[:24]

    # Answers

    def keep(self, reply: Reply, place: Place, user: int, alike: str) -> int:
        """Keep a reply for its buttons and return its number."""
        reason = "" if isinstance(reply, Answer) else reply.reason.value
        question, asker = reply.question, self.hashed(user)
        if not self._keep:
            reply, question, alike, asker = replace(reply, question=""), "", "", ""
        return self._write(
            "INSERT INTO answers (given, server, channel, asker, question, alike, reason, reply)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                time.time(),
                place.server,
                place.channel,
                asker,
                question,
                alike,
                reason,
                _REPLY.dump_json(reply).decode(),
            ),
        )

    def sent(self, number: int, message: int, channel: int) -> None:
        """Remember which message shows an answer to all, and where."""
        self._write(
            "UPDATE answers SET message = ?, channel = ? WHERE number = ?",
            (message, channel, number),
        )

    def answer(self, number: int) -> Reply | None:
        """Return a reply by its number, or None when it is no longer kept."""
        return self._reply("number = ?", number)

    def number_of(self, message: int) -> int:
        """Return the number of the answer that a message shows, or 0."""
        rows = self._rows("SELECT number FROM answers WHERE message = ?", (message,))
        return rows[0][0] if rows else 0

    def last_in(self, channel: int) -> Reply | None:
        """Return the last reply that all could see in a channel or thread."""
        return self._reply("channel = ? AND message IS NOT NULL", channel)

    def _reply(self, where: str, value: int) -> Reply | None:
        rows = self._rows(
            f"SELECT reply FROM answers WHERE {where} ORDER BY number DESC LIMIT 1",  # noqa: S608
            (value,),
        )
        with self._mapped():
            return _REPLY.validate_json(rows[0][0]) if rows else None

    # Feedback

    def vote(self, number: int, user: int, *, helpful: bool) -> None:
        """Count one person's judgement of an answer; the last one stands."""
        self._write(
            "INSERT INTO votes SELECT number, ?, ? FROM answers WHERE number = ?"
            " ON CONFLICT DO UPDATE SET helpful = excluded.helpful",
            (self.hashed(user), int(helpful), number),
        )

    def report(self, number: int, user: int, why: str) -> None:
        """Keep what a person says is wrong with an answer; the last report stands."""
        self._write(
            "INSERT INTO reports SELECT number, ?, ? FROM answers WHERE number = ?"
            " ON CONFLICT DO UPDATE SET why = excluded.why",
            (self.hashed(user), why, number),
        )

    def gaps(self, server: int) -> list[Gap]:
        """Return the questions that found no answer in a server, most asked first."""
        rows = self._rows(
            "SELECT question, reason, count(*), count(DISTINCT asker), max(given) FROM answers"
            " WHERE server = ? AND reason != '' AND alike != ''"
            " GROUP BY alike ORDER BY count(*) DESC, max(given) DESC",
            (server,),
        )
        return [Gap(*row) for row in rows]

    def complaints(self, server: int) -> list[Complaint]:
        """Return the answers of a server that were reported or voted down, newest first."""
        rows = self._rows(
            "SELECT question, given,"
            " (SELECT count(*) FROM votes WHERE answer = number AND helpful),"
            " (SELECT count(*) FROM votes WHERE answer = number AND NOT helpful),"
            " (SELECT json_group_array(why) FROM reports WHERE answer = number)"
            " FROM answers WHERE server = ? AND ("
            " EXISTS (SELECT 1 FROM votes WHERE answer = number AND NOT helpful)"
            " OR EXISTS (SELECT 1 FROM reports WHERE answer = number)) ORDER BY number DESC",
            (server,),
        )
        return [
            Complaint(question, given, helpful, unhelpful, tuple(json.loads(reports)))
            for question, given, helpful, unhelpful, reports in rows
        ]

    def forget_before(self, days: int) -> int:
        """Delete answers and feedback older than ``days`` and return how many answers went."""
        with self._mapped(), self._lock, self._connection:
            oldest = time.time() - days * _DAY
            done = self._connection.execute("DELETE FROM answers WHERE given < ?", (oldest,))
            return done.rowcount

    # Settings

    def scope(self, place: Place) -> Scope:
        """Return what a place answers from: its own scope, its channel's, else its server's."""
        for channel in (place.channel, place.parent, 0):
            if found := self._scopes.get((place.server, channel)):
                return found
        return Scope()

    def set_scope(self, server: int, channel: int, scope: Scope) -> None:
        """Set what a channel (0: the server) answers from; an empty scope clears it."""
        if scope:
            self._write(
                "INSERT OR REPLACE INTO scopes VALUES (?, ?, ?)",
                (server, channel, _SCOPE.dump_json(scope).decode()),
            )
            self._scopes[server, channel] = scope
        else:
            self._write("DELETE FROM scopes WHERE server = ? AND channel = ?", (server, channel))
            self._scopes.pop((server, channel), None)

    def scopes(self, server: int) -> dict[int, Scope]:
        """Return the scopes set in a server, by channel (0: the server)."""
        return {channel: s for (where, channel), s in self._scopes.items() if where == server}

    def is_quiet(self, place: Place) -> bool:
        """Return whether refusals are not said aloud in a place."""
        return place.channel in self._quiet or place.parent in self._quiet

    def set_quiet(self, channel: int, *, quiet: bool) -> None:
        """Make a channel quiet, or not."""
        if quiet:
            self._write("INSERT OR IGNORE INTO quiet VALUES (?)", (channel,))
            self._quiet.add(channel)
        else:
            self._write("DELETE FROM quiet WHERE channel = ?", (channel,))
            self._quiet.discard(channel)

    def fact(self, name: str) -> str:
        """Return a fact kept by name, or ""."""
        rows = self._rows("SELECT value FROM facts WHERE name = ?", (name,))
        return rows[0][0] if rows else ""

    def set_fact(self, name: str, value: str) -> None:
        """Keep a fact by name."""
        self._write("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))


def _key(path: Path) -> bytes:
    """Return the secret in a file, made at first and readable by its owner alone.

    Raises:
        OSError: when it cannot be read or written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as stream:
        secret = secrets.token_bytes(32)
        stream.write(secret)
    return secret
