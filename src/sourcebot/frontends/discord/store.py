"""What the bot remembers: answers (for their buttons), feedback, settings. In SQLite.

User ids are kept as keyed hashes only; the key lies in a file beside the database.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from sourcebot.frontends.discord.database import Database
from sourcebot.frontends.discord.followed import FollowedQuestions
from sourcebot.frontends.discord.questions import Questions
from sourcebot.frontends.discord.records import Complaint, Gap, KeptAnswer, Place
from sourcebot.frontends.discord.stored import decode, encode
from sourcebot.types import Answer, Filters, Scope

if TYPE_CHECKING:
    from pathlib import Path

    from sourcebot.types import Reply
_DAY = 86_400.0
_SCOPE = TypeAdapter(Scope)
_FILTERS = TypeAdapter(Filters)


class BotStore:
    """Answers, feedback and settings; thread-safe.

    What was asked and is not answered yet is in ``questions``, who follows what in ``followed``.
    """

    def __init__(self, path: Path, *, keep_questions: bool = True) -> None:
        """Open or make the database and its key.

        Args:
            path: the database; its folder is made.
            keep_questions: whether the text of questions and who asked is kept.

        Raises:
            DiscordError: when it cannot be opened or is damaged.
        """
        self.path = path
        self.keeps_questions = keep_questions
        self._database = database = Database(path)
        self.questions = Questions(database, keep_askers=keep_questions)
        self.followed = FollowedQuestions(database)
        self._rows, self._write, self._mapped = database.rows, database.write, database.mapped
        self.hashed = database.hashed
        with self._mapped():
            self._scopes = {
                (server, channel, role): _SCOPE.validate_json(scope)
                for server, channel, role, scope in self._rows("SELECT * FROM scopes")
            }
        self._quiet = {channel for (channel,) in self._rows("SELECT channel FROM quiet")}

    def close(self) -> None:
        """Release the file."""
        self._database.close()

    # Answers

    def keep(
        self,
        reply: Reply,
        place: Place,
        user: int | str,
        alike: str,
        filters: Filters = Filters(),  # noqa: B008 (frozen)
    ) -> int:
        """Keep a reply for its buttons and return its number.

        ``user`` is who asked, or the hash that stands for them; ``filters`` are what the articles
        were limited to, of which the scope is not kept.
        """
        reason = "" if isinstance(reply, Answer) else reply.reason.value
        question = reply.question
        asker = user if isinstance(user, str) else self.hashed(user)
        if not self.keeps_questions:
            reply, question, alike, asker = _without_words(reply), "", "", ""
        return self._write(
            "INSERT INTO answers"
            " (given, server, channel, asker, question, alike, reason, reply, filters)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                time.time(),
                place.server,
                place.channel,
                asker,
                question,
                alike,
                reason,
                encode(reply),
                _FILTERS.dump_json(replace(filters, scope=Scope()), exclude_defaults=True).decode(),
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

    def kept(self, number: int) -> KeptAnswer | None:
        """Return a reply by its number with what belongs to it, or None when it is not kept."""
        rows = self._rows(
            "SELECT reply, filters, message, asker, alike FROM answers WHERE number = ?", (number,)
        )
        if not rows or not rows[0][0]:
            return None
        reply, filters, message, asker, alike = rows[0]
        with self._mapped():
            limits = _FILTERS.validate_json(filters)
            return KeptAnswer(decode(reply), limits, message or 0, asker, alike)

    def number_of(self, message: int) -> int:
        """Return the number of the answer that a message shows, or 0."""
        rows = self._rows("SELECT number FROM answers WHERE message = ?", (message,))
        return rows[0][0] if rows else 0

    def last_in(self, channel: int) -> Reply | None:
        """Return the last reply that all could see in a channel or thread."""
        return self._reply("channel = ? AND message IS NOT NULL", channel)

    def direct_channels(self) -> list[int]:
        """Return the channels of direct messages in which something was asked, the latest first."""
        rows = self._rows(
            "SELECT channel FROM questions WHERE server = 0 AND token = ''"
            " GROUP BY channel ORDER BY max(taken) DESC"
        )
        return [channel for (channel,) in rows]

    def _reply(self, where: str, value: int) -> Reply | None:
        rows = self._rows(
            f"SELECT reply FROM answers WHERE {where} ORDER BY number DESC LIMIT 1",  # noqa: S608
            (value,),
        )
        with self._mapped():
            return decode(rows[0][0]) if rows and rows[0][0] else None

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
        """Return the questions that found no answer in a server, most asked first.

        What was answered since is no gap any more. Those that more people wait for come first
        among the equally often asked.
        """
        rows = self._rows(
            "SELECT question, reason, count(*), count(DISTINCT asker), max(given) AS last,"
            " (SELECT count(DISTINCT person) FROM followers JOIN followed f ON f.number = followed"
            " WHERE f.server = a.server AND f.alike = a.alike) AS waiting FROM answers a"
            " WHERE server = ? AND reason != '' AND alike != ''"
            " AND NOT EXISTS (SELECT 1 FROM answers b WHERE b.server = a.server"
            " AND b.alike = a.alike AND b.reason = '' AND b.number > a.number)"
            " GROUP BY alike ORDER BY count(*) DESC, waiting DESC, last DESC",
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
        oldest = time.time() - days * _DAY
        gone, *_ = self._database.write_all(
            [
                ("DELETE FROM answers WHERE given < ?", (oldest,)),
                ("DELETE FROM helped WHERE at < ?", (oldest,)),
            ]
        )
        self.questions.forget_before(time.time() - _DAY)
        return gone

    def forget_person(self, user: int) -> int:
        """Delete everything of one person from the file, and return how many answers went.

        What other people said of the person's answers stays, without question and answer.
        """
        person = self.hashed(user)
        others = (
            "number IN (SELECT answer FROM votes WHERE voter != ?1 UNION"
            " SELECT answer FROM reports WHERE reporter != ?1)"
        )
        *_, gone, kept = self._database.write_all(
            [
                ("DELETE FROM votes WHERE voter = ?", (person,)),
                ("DELETE FROM reports WHERE reporter = ?", (person,)),
                ("DELETE FROM helped WHERE person = ?", (person,)),
                ("DELETE FROM questions WHERE asker = ?", (person,)),
                ("DELETE FROM followed WHERE asker = ?", (person,)),
                ("DELETE FROM followers WHERE person = ?", (person,)),
                (
                    "DELETE FROM followed WHERE number NOT IN (SELECT followed FROM followers)",
                    (),
                ),
                (f"DELETE FROM answers WHERE asker = ?1 AND NOT {others}", (person,)),  # noqa: S608
                (
                    "UPDATE answers SET asker = '', question = '', alike = '', reply = '',"
                    " message = NULL, channel = 0 WHERE asker = ?",
                    (person,),
                ),
            ]
        )
        self._database.compact()
        return gone + kept

    def first_help(self, user: int) -> bool:
        """Note that a person is told how to ask, and return whether it is the first time.

        Without a log of questions nothing is noted of a person, and each time is the first.
        """
        if not self.keeps_questions:
            return True
        note = "INSERT OR IGNORE INTO helped VALUES (?, ?)"
        return self._database.write_all([(note, (self.hashed(user), time.time()))]) == [1]

    # Settings

    def scope(self, place: Place) -> Scope:
        """Return what a place answers a person from.

        That is the place's own scope, else its channel's, else that of the person's highest role
        which has one, else the server's.
        """
        channels = [channel for channel in (place.channel, place.parent) if channel]
        keys = [(c, 0) for c in channels] + [(0, role) for role in (*place.roles, 0)]
        for key in keys:
            if found := self._scopes.get((place.server, *key)):
                return found
        return Scope()

    def set_scope(self, server: int, channel: int, scope: Scope, role: int = 0) -> None:
        """Set what a channel or a role (0 and 0: the server) is answered from; empty clears it."""
        key = (server, channel, role)
        if scope:
            self._write(
                "INSERT OR REPLACE INTO scopes VALUES (?, ?, ?, ?)",
                (*key, _SCOPE.dump_json(scope).decode()),
            )
            self._scopes[key] = scope
        else:
            self._write("DELETE FROM scopes WHERE server = ? AND channel = ? AND role = ?", key)
            self._scopes.pop(key, None)

    def scopes(self, server: int) -> dict[tuple[int, int], Scope]:
        """Return the scopes set in a server, by channel and role (0 and 0: the server)."""
        return {
            (channel, role): scope
            for (where, channel, role), scope in self._scopes.items()
            if where == server
        }

    def scoped_servers(self) -> set[int]:
        """Return the servers in which any scope is set."""
        return {server for server, _, _ in self._scopes}

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


def _without_words(reply: Reply) -> Reply:
    """Return a reply without the words of its question, however they were taken."""
    bare = replace(reply, question="", meant="", parts=())
    return bare if isinstance(bare, Answer) else replace(bare, unclear="", options=())
