"""Who follows which question where, in the bot's database; the questions are the project's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sourcebot.frontends.discord.records import FollowedHere, Place

if TYPE_CHECKING:
    from sourcebot.frontends.discord.database import Database

_HERE = "number, server, channel, parent, roles, message, locale, alike"


class FollowedQuestions:
    """The tables of followed questions and their followers; thread-safe.

    A question is known by its number in the project (``Project.waiting``), which holds its words.
    """

    def __init__(self, database: Database) -> None:
        """Take the database that holds the tables."""
        self._database = database

    def add(self, here: FollowedHere, user: int, asker: str) -> None:
        """Note that a person follows a question; ``asker`` is the hash of who asked it."""
        place = here.place
        self._database.write_all(
            [
                (
                    "INSERT OR IGNORE INTO followed VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        here.number,
                        place.server,
                        place.channel,
                        place.parent,
                        json.dumps(place.roles),
                        here.message,
                        here.locale,
                        here.alike,
                        asker,
                    ),
                ),
                (
                    "INSERT OR IGNORE INTO followers VALUES (?, ?, 0)",
                    (here.number, self._database.hashed(user)),
                ),
            ]
        )

    def all(self) -> list[FollowedHere]:
        """Return every question that is followed by way of this bot, the oldest first."""
        return self._found("TRUE", ())

    def of_person(self, user: int) -> list[FollowedHere]:
        """Return what a person follows, everywhere."""
        where = "number IN (SELECT followed FROM followers WHERE person = ?)"
        return self._found(where, (self._database.hashed(user),))

    def in_server(self, server: int) -> list[FollowedHere]:
        """Return what anybody follows in a server."""
        return self._found("server = ?", (server,))

    def asker(self, number: int) -> str:
        """Return the hash of who asked a question, "" when it is not followed."""
        rows = self._database.rows("SELECT asker FROM followed WHERE number = ?", (number,))
        return rows[0][0] if rows else ""

    def followers(self, number: int) -> dict[str, bool]:
        """Return the hashes of who follows a question, and whether each has muted it."""
        query = "SELECT person, muted FROM followers WHERE followed = ?"
        return {who: bool(muted) for who, muted in self._database.rows(query, (number,))}

    def mute(self, number: int, user: int, *, muted: bool) -> bool:
        """Mute a question for a person, or not; return whether all who follow it have muted it."""
        self._database.write(
            "UPDATE followers SET muted = ? WHERE followed = ? AND person = ?",
            (int(muted), number, self._database.hashed(user)),
        )
        return all(self.followers(number).values())

    def leave(self, number: int, user: int) -> bool:
        """Let a person follow a question no longer; return whether nobody follows it now."""
        self._database.write(
            "DELETE FROM followers WHERE followed = ? AND person = ?",
            (number, self._database.hashed(user)),
        )
        return not self.followers(number)

    def remove(self, number: int) -> None:
        """Forget a question with its followers."""
        self._database.write("DELETE FROM followed WHERE number = ?", (number,))

    def of_asker_or_alone(self, user: int) -> list[int]:
        """Return the questions that end when a person's data are deleted.

        Those that the person has asked, and those that nobody else follows.
        """
        person = self._database.hashed(user)
        rows = self._database.rows(
            "SELECT number FROM followed WHERE asker = ?1 OR (number IN (SELECT followed FROM"
            " followers WHERE person = ?1) AND number NOT IN (SELECT followed FROM followers"
            " WHERE person != ?1))",
            (person,),
        )
        return [number for (number,) in rows]

    def being_posted(self, notice: int) -> int | None:
        """Return the answer of a notice that was begun to be posted; None when it was not."""
        rows = self._database.rows("SELECT answer FROM posting WHERE notice = ?", (notice,))
        return rows[0][0] if rows else None

    def begin_posting(self, notice: int, answer: int) -> None:
        """Note that a notice is being posted, with the number under which its answer is kept."""
        self._database.write("INSERT OR REPLACE INTO posting VALUES (?, ?)", (notice, answer))

    def end_posting(self, notice: int) -> None:
        """Note that a notice is posted, or never can be."""
        self._database.write("DELETE FROM posting WHERE notice = ?", (notice,))

    def _found(self, where: str, values: tuple[object, ...]) -> list[FollowedHere]:
        rows = self._database.rows(
            f"SELECT {_HERE} FROM followed WHERE {where} ORDER BY number",  # noqa: S608 (constants)
            values,
        )
        return [
            FollowedHere(
                number, Place(server, channel, parent, tuple(json.loads(roles))), message, *rest
            )
            for number, server, channel, parent, roles, message, *rest in rows
        ]
