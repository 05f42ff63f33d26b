"""What was asked and is not answered yet, so that nothing is lost when the process ends."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sourcebot.frontends.discord.records import OpenQuestion

if TYPE_CHECKING:
    from sourcebot.frontends.discord.database import Database


class Questions:
    """The table of questions: ids and places, never words; thread-safe."""

    def __init__(self, database: Database, *, keep_askers: bool = True) -> None:
        """Take the database that holds the table, and whether to keep hashes of who asks."""
        self._database = database
        self._keep_askers = keep_askers

    def take(
        self,
        number: int,
        user: int,
        *,
        server: int = 0,
        channel: int = 0,
        token: str = "",
        locale: str = "",
    ) -> bool:
        """Note that a message or interaction is being answered; return whether it is new."""
        person = self._database.hashed(user) if self._keep_askers else ""
        statement = "INSERT OR IGNORE INTO questions VALUES (?, ?, ?, ?, ?, ?, ?, 0)"
        values = (number, time.time(), server, channel, person, token, locale)
        return self._database.write_all([(statement, values)]) == [1]

    def done(self, number: int) -> None:
        """Note that it was answered, or that its asker was told why not."""
        self._database.write("UPDATE questions SET done = 1, token = '' WHERE id = ?", (number,))

    def is_known(self, number: int) -> bool:
        """Return whether it was taken before, answered or not."""
        return bool(self._database.rows("SELECT 1 FROM questions WHERE id = ?", (number,)))

    def is_open(self, number: int) -> bool:
        """Return whether it was taken and is not answered."""
        query = "SELECT 1 FROM questions WHERE id = ? AND NOT done"
        return bool(self._database.rows(query, (number,)))

    def unanswered(self) -> list[OpenQuestion]:
        """Return what was taken and is not answered, oldest first."""
        rows = self._database.rows(
            "SELECT id, taken, server, channel, token, locale FROM questions"
            " WHERE NOT done ORDER BY id"
        )
        return [OpenQuestion(*row) for row in rows]

    def begun(self) -> float:
        """Return when this database began to note questions, in seconds since 1970."""
        [(when,)] = self._database.rows("SELECT value FROM facts WHERE name = 'begun'")
        return float(when)

    def forget_before(self, when: float) -> None:
        """Delete what was taken before a time in seconds since 1970."""
        self._database.write("DELETE FROM questions WHERE taken < ?", (when,))
