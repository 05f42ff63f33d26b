"""The answers that the page gave, in a small SQLite file: permanent links and gaps."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import re
import secrets
import sqlite3
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from sourcebot.errors import NotFound, WebError
from sourcebot.frontends.web.models import FilterModel
from sourcebot.render.schema import ReplyModel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_VERSION = 1
_SCHEMA = f"""
CREATE TABLE key (value BLOB NOT NULL);
CREATE TABLE answers (
    id TEXT PRIMARY KEY,
    given TEXT NOT NULL,
    again TEXT NOT NULL,
    times INTEGER NOT NULL,
    question TEXT NOT NULL,
    answered INTEGER NOT NULL,
    filters TEXT NOT NULL,
    reply TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX answers_again ON answers (answered, again);
PRAGMA user_version = {_VERSION};
"""
_ID = re.compile(r"[A-Za-z0-9_-]{22}")
_MOST_GAPS = 200


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it was given."""

    id: str
    given: dt.datetime
    filters: FilterModel
    reply: ReplyModel


@dataclass(frozen=True, slots=True)
class Gap:
    """A question without an answer: how often it was asked, when last, and the last reply."""

    question: str
    times: int
    last: dt.datetime
    id: str


class AnswerStore:
    """Keeps answers by an id that cannot be guessed; thread-safe."""

    def __init__(self, path: Path, keep_days: int) -> None:
        """Open the file, which is made if need be; answers older than ``keep_days`` are removed.

        Raises:
            WebError: when it cannot be used.
        """
        self._path = path
        self._keep_days = keep_days
        self._lock = threading.Lock()
        with self._mapped():
            self._connection = sqlite3.connect(path, check_same_thread=False, timeout=10)
            path.chmod(0o600)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
            if version == 0:
                self._connection.executescript(_SCHEMA)
                self._connection.execute("INSERT INTO key VALUES (?)", (secrets.token_bytes(32),))
            elif version != _VERSION:
                self._connection.close()
                raise WebError(
                    f"{path} was written by another version of sourcebot ({version})",
                    "name another database in [web] of config.toml",
                )
            (self._key,) = self._connection.execute("SELECT value FROM key").fetchone()
            self._purge(_now())
            self._connection.commit()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def keep(self, reply: ReplyModel, filters: FilterModel) -> str:
        """Keep an answer and return its id; the same answer has the same id.

        Raises:
            WebError: when it cannot be written.
        """
        body = reply.model_dump_json(by_alias=True)
        asked = filters.model_dump_json()
        digest = hmac.digest(
            self._key, f"{asked}\n{body}".encode("utf-8", "replace"), hashlib.sha256
        )
        name = base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")
        now = _now()
        with self._mapped(), self._lock, self._connection:
            self._connection.execute(
                "INSERT INTO answers VALUES (?1, ?2, ?2, 1, ?3, ?4, ?5, ?6)"
                " ON CONFLICT (id) DO UPDATE SET again = ?2, times = times + 1",
                (name, now, reply.question, reply.answered, asked, body),
            )
            self._purge(now)
        return name

    def answer(self, name: str) -> KeptAnswer:
        """Return the answer with an id.

        Raises:
            NotFound: when there is none.
            WebError: when it cannot be read.
        """
        row = None
        if _ID.fullmatch(name):
            with self._mapped(), self._lock:
                row = self._connection.execute(
                    "SELECT given, filters, reply FROM answers WHERE id = ?", (name,)
                ).fetchone()
        if row is None:
            raise NotFound(
                "there is no answer of that id",
                f"answers are kept for {self._keep_days} days; ask the question again",
            )
        try:
            given, filters, reply = row
            return KeptAnswer(
                name,
                dt.datetime.fromisoformat(given),
                FilterModel.model_validate_json(filters),
                ReplyModel.model_validate_json(reply),
            )
        except (ValidationError, ValueError) as error:
            raise WebError(
                f"{self._path} is damaged: answer {name} is not as it was written",
                "remove the file; answers that are given from now on are kept anew",
            ) from error

    def gaps(self) -> tuple[Gap, ...]:
        """Return the questions without an answer, the latest first.

        Raises:
            WebError: when they cannot be read.
        """
        with self._mapped(), self._lock:
            rows = self._connection.execute(
                "SELECT question, sum(times), max(again), id FROM answers WHERE answered = 0"
                " GROUP BY lower(question) ORDER BY max(again) DESC LIMIT ?",
                (_MOST_GAPS,),
            ).fetchall()
        return tuple(Gap(q, n, dt.datetime.fromisoformat(last), name) for q, n, last, name in rows)

    def _purge(self, now: str) -> None:
        until = dt.datetime.fromisoformat(now) - dt.timedelta(days=self._keep_days)
        self._connection.execute("DELETE FROM answers WHERE again < ?", (until.isoformat(),))

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, OverflowError) as error:
            raise WebError(
                f"{self._path} cannot be used: {error}",
                "make it writable, or remove it: answers are then kept anew",
            ) from error


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
