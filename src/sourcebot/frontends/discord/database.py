"""The bot's SQLite file: opening, versions, and the secret that user ids are hashed with."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pydantic import ValidationError

from sourcebot.errors import DiscordError
from sourcebot.frontends.discord.stored import Damaged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

VERSIONS = (
    """
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
""",
    """
CREATE TABLE scopes_by_role (
    server INTEGER NOT NULL, channel INTEGER NOT NULL, role INTEGER NOT NULL, scope TEXT NOT NULL,
    PRIMARY KEY (server, channel, role)
) STRICT;
INSERT INTO scopes_by_role SELECT server, channel, 0, scope FROM scopes;
DROP TABLE scopes;
ALTER TABLE scopes_by_role RENAME TO scopes;
CREATE TABLE questions (
    id INTEGER PRIMARY KEY, taken REAL NOT NULL, server INTEGER NOT NULL, channel INTEGER NOT NULL,
    asker TEXT NOT NULL, token TEXT NOT NULL, locale TEXT NOT NULL, done INTEGER NOT NULL
) STRICT;
CREATE INDEX questions_asker ON questions(asker);
CREATE TABLE helped (person TEXT PRIMARY KEY, at REAL NOT NULL) STRICT;
CREATE INDEX answers_asker ON answers(asker);
INSERT INTO facts VALUES ('begun', (julianday('now') - 2440587.5) * 86400.0);
""",
    """
ALTER TABLE answers ADD COLUMN filters TEXT NOT NULL DEFAULT '{}';
CREATE TABLE followed (
    number INTEGER PRIMARY KEY, server INTEGER NOT NULL, channel INTEGER NOT NULL,
    parent INTEGER NOT NULL, roles TEXT NOT NULL, message INTEGER NOT NULL, locale TEXT NOT NULL,
    alike TEXT NOT NULL, asker TEXT NOT NULL
) STRICT;
CREATE TABLE followers (
    followed INTEGER NOT NULL REFERENCES followed(number) ON DELETE CASCADE, person TEXT NOT NULL,
    muted INTEGER NOT NULL, PRIMARY KEY (followed, person)
) STRICT;
CREATE TABLE posting (notice INTEGER PRIMARY KEY, answer INTEGER NOT NULL) STRICT;
""",
)
"""What makes each version from the one before.

answers: ``server`` 0 is a direct message; ``reason`` is "" for answers; ``alike`` is equal for
questions that count as one; ``reply`` is "" where its asker had it deleted while others' votes
and reports stay. scopes: ``channel`` 0 is the whole server, ``role`` 0 everybody. questions: ``id``
is of the message or interaction that asked; ``token`` is the interaction's, "" for messages.
helped: who was told how to ask. followed: by their number in the project, which has their words.
posting: notices that
are being posted, and the answer of each. In every place of a person stands a keyed hash.
"""


class Database:
    """The file and its key; thread-safe."""

    def __init__(self, path: Path) -> None:
        """Open the file, make it or bring it to this version.

        Raises:
            DiscordError: when it cannot be opened, is damaged or comes from a newer sourcebot.
        """
        self.path = path
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._key = _key(path.with_suffix(".key"))
            # Questions are for nobody else on this machine; the journal takes the same mode.
            path.touch(mode=0o600)
        except OSError as error:
            raise DiscordError(
                f"the bot's database cannot be kept in {path.parent}: {error.strerror or error}",
                "make the folder writable, or set database in [discord] of config.toml",
            ) from error
        with self.mapped():
            self._connection = sqlite3.connect(path, check_same_thread=False, timeout=10.0)
            self._prepare()

    def _prepare(self) -> None:
        # What is deleted is overwritten, not only unlinked.
        for pragma in (
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
            "secure_delete = ON",
        ):
            self._connection.execute(f"PRAGMA {pragma}")
        (version,) = self.rows("PRAGMA user_version")[0]
        if version > len(VERSIONS):
            raise DiscordError(
                f"{self.path} was written by a newer sourcebot (version {version})",
                "update sourcebot, or name another database in [discord] of config.toml",
            )
        for number, script in enumerate(VERSIONS[version:], start=version + 1):
            self._connection.executescript(
                f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;"
            )

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._connection.close()

    def hashed(self, user: int) -> str:
        """Return the keyed hash that stands for a user, 24 hexadecimal digits."""
        return hmac.new(self._key, str(user).encode(), hashlib.sha256).hexdigest()[:24]

    @contextmanager
    def mapped(self) -> Iterator[None]:
        """Turn what SQLite and pydantic raise into ``DiscordError``."""
        try:
            yield
        except (sqlite3.Error, ValidationError, Damaged, UnicodeError) as error:
            damaged = isinstance(error, (ValidationError, Damaged))
            reason = "an entry is damaged" if damaged else error
            raise DiscordError(
                f"the bot's database {self.path} cannot be used: {reason}",
                "move it away to start with an empty one",
            ) from error

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple]:  # type: ignore[type-arg]
        """Return the rows that a query finds."""
        with self.mapped(), self._lock:
            return self._connection.execute(query, values).fetchall()

    def write(self, query: str, values: Sequence[object] = ()) -> int:
        """Run one statement as a transaction and return the number of the row it inserted."""
        with self.mapped(), self._lock, self._connection:
            return self._connection.execute(query, values).lastrowid or 0

    def write_all(self, statements: Sequence[tuple[str, Sequence[object]]]) -> list[int]:
        """Run statements as one transaction and return how many rows each changed."""
        with self.mapped(), self._lock, self._connection:
            return [
                self._connection.execute(query, values).rowcount for query, values in statements
            ]

    def compact(self) -> None:
        """Rewrite the file without what was deleted, and empty the journal beside it."""
        with self.mapped(), self._lock:
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


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
