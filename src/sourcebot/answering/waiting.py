"""Questions that wait: asked again of each new state of the index, told once when that helps.

What a question's last sure answer was is kept beside it, in SQLite, and a notice is written in the
same transaction as the new state: whenever a process is killed, no notice is made twice. It is
taken out before it is shown, so that it is not shown twice either.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from sourcebot.errors import QuestionError, WaitingError
from sourcebot.text.likeness import alike
from sourcebot.types import Answer, Filters, Reply
from sourcebot.types.waiting import Followed, Happened, Notice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    Ask = Callable[[str, Filters], Reply]

SURE = 0.5
"""The least confidence of an answer that a notice tells; a doubtful one would cry wolf."""

_VERSION = 1
_SCHEMA = """
CREATE TABLE followed (
    number INTEGER PRIMARY KEY AUTOINCREMENT, question TEXT NOT NULL, filters TEXT NOT NULL,
    place TEXT NOT NULL, since TEXT NOT NULL, muted INTEGER NOT NULL DEFAULT 0,
    seen TEXT NOT NULL DEFAULT '', quote TEXT NOT NULL DEFAULT '',
    UNIQUE (question, filters, place)
) STRICT;
CREATE TABLE notices (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    followed INTEGER NOT NULL REFERENCES followed(number) ON DELETE CASCADE,
    happened TEXT NOT NULL, reply TEXT NOT NULL
) STRICT;
"""
"""``seen`` is the state of the index that was asked last, ``quote`` the words that answered."""

_COLUMNS = "number, question, filters, place, since, muted, quote"
_FOLLOW = (
    "INSERT INTO followed (question, filters, place, since, quote)"  # noqa: S608 (constants)
    f" VALUES (?, ?, ?, ?, ?) RETURNING {_COLUMNS}"
)
_REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)
_FILTERS = TypeAdapter(Filters)


class WaitingQuestions:
    """The followed questions of a project; safe to use from several processes."""

    def __init__(self, path: Path) -> None:
        """Take the file; it is made by the first question that is followed."""
        self._path = path

    def follow(self, question: str, filters: Filters, place: str, reply: Reply) -> Followed:
        """Ask a question again at each index from now on; ``reply`` is what it got just now.

        Raises:
            QuestionError: when it is followed there already.
            WaitingError: when the file cannot be used.
        """
        kept = _FILTERS.dump_json(filters).decode()
        since = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        with self._open(make=True) as connection:
            try:
                row = connection.execute(
                    _FOLLOW,
                    (question, kept, place, since, _quote_of(reply)),
                ).fetchone()
            except sqlite3.IntegrityError:
                raise QuestionError(
                    f"this question is followed already: {question!r}",
                    "`sourcebot follow --list` lists all",
                ) from None
        return _followed(row)

    def ask_of(self, number: int, filters: Filters) -> None:
        """Ask a question of other articles from now on, as if it had not been asked before.

        Raises:
            QuestionError: when there is no such question, or the same is followed there already.
            WaitingError: when the file cannot be used.
        """
        kept = _FILTERS.dump_json(filters).decode()
        with self._open() as connection:
            connection.execute("DELETE FROM notices WHERE followed = ?", (number,))
            try:
                changed = connection.execute(
                    "UPDATE followed SET filters = ?, seen = '', quote = '' WHERE number = ?",
                    (kept, number),
                ).rowcount
            except sqlite3.IntegrityError:
                raise QuestionError(
                    f"question {number} is followed already with these filters",
                    "end one of the two",
                ) from None
        if not changed:
            raise _unknown(number)

    def list(self, place: str | None = None) -> tuple[Followed, ...]:
        """Return the followed questions, those of one place or all, the oldest first.

        Raises:
            WaitingError: when the file cannot be used.
        """
        where, values = ("WHERE place = ?", (place,)) if place is not None else ("", ())
        with self._open() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM followed {where} ORDER BY number",  # noqa: S608 (constants)
                values,
            ).fetchall()
        return tuple(_followed(row) for row in rows)

    def mute(self, number: int, *, muted: bool = True) -> None:
        """Keep the notices of a question back, or give them again.

        Raises:
            QuestionError: when there is no such question.
            WaitingError: when the file cannot be used.
        """
        self._change("UPDATE followed SET muted = ? WHERE number = ?", (int(muted), number), number)

    def end(self, number: int) -> None:
        """Follow a question no longer; its notices go with it.

        Raises:
            QuestionError: when there is no such question.
            WaitingError: when the file cannot be used.
        """
        self._change("DELETE FROM followed WHERE number = ?", (number,), number)

    def _change(self, statement: str, values: Sequence[object], number: int) -> None:
        with self._open() as connection:
            if not connection.execute(statement, values).rowcount:
                raise _unknown(number)

    def ask_again(self, state: str, ask: Ask) -> int:
        """Ask all questions that have not been asked of a state of the index; count the notices.

        ``state`` names the state; ``ask`` answers from it.

        Raises:
            SourcebotError: as ``ask``, and WaitingError when the file cannot be used.
        """
        if not self._path.exists():
            return 0
        with self._open() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM followed WHERE seen <> ? ORDER BY number",  # noqa: S608
                (state,),
            ).fetchall()
        made = 0
        for row in rows:
            followed = _followed(row)
            reply = ask(followed.question, followed.filters)
            made += self._note(followed.number, state, reply)
        return made

    def _note(self, number: int, state: str, reply: Reply) -> bool:
        """Keep the new state of a question with the notice that it calls for, if any."""
        with self._open() as connection:
            row = connection.execute(
                "SELECT quote FROM followed WHERE number = ? AND seen <> ?", (number, state)
            ).fetchone()
            if row is None:  # ended, or asked by another process meanwhile
                return False
            (before,) = row
            happened = happened_since(before, reply)
            quote = before if happened is None else _quote_of(reply)
            connection.execute(
                "UPDATE followed SET seen = ?, quote = ? WHERE number = ?", (state, quote, number)
            )
            if happened is None:
                return False
            connection.execute(
                "INSERT INTO notices (followed, happened, reply) VALUES (?, ?, ?)",
                (number, happened.value, _REPLY.dump_json(reply).decode()),
            )
        return True

    def notices(self, place: str = "") -> tuple[Notice, ...]:
        """Return the notices that belong to a place, the oldest first; they stay.

        Those of muted questions are left out.

        Raises:
            WaitingError: when the file cannot be used.
        """
        with self._open() as connection:
            return _notices(connection, place)

    def take(self, place: str = "") -> tuple[Notice, ...]:
        """Return the notices that belong to a place, the oldest first, and forget them.

        Notices of muted questions stay until they are wanted again.

        Raises:
            WaitingError: when the file cannot be used.
        """
        with self._open() as connection:
            found = _notices(connection, place)
            connection.executemany(
                "DELETE FROM notices WHERE number = ?", [(notice.number,) for notice in found]
            )
        return found

    def forget(self, number: int) -> None:
        """Forget the notices of the question ``number``, seen or not.

        Raises:
            WaitingError: when the file cannot be used.
        """
        with self._open() as connection:
            connection.execute("DELETE FROM notices WHERE followed = ?", (number,))

    def shown(self, notice: int) -> None:
        """Forget one notice, as it has been shown.

        Raises:
            WaitingError: when the file cannot be used.
        """
        with self._open() as connection:
            connection.execute("DELETE FROM notices WHERE number = ?", (notice,))

    @contextmanager
    def _open(self, *, make: bool = False) -> Iterator[sqlite3.Connection]:
        """Give the database within one transaction that takes the write lock at once."""
        if not make and not self._path.exists():
            yield from _empty()
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=30, isolation_level=None)) as opened:
                opened.execute("PRAGMA foreign_keys = ON")
                # What is ended is overwritten, not only unlinked: it may be a person's question.
                opened.execute("PRAGMA secure_delete = ON")
                opened.execute("BEGIN IMMEDIATE")
                (version,) = opened.execute("PRAGMA user_version").fetchone()
                if version == 0:
                    _create(opened)
                elif version != _VERSION:
                    raise WaitingError(
                        f"{self._path} is of version {version}, not {_VERSION}",
                        "update sourcebot",
                    )
                yield opened
                opened.execute("COMMIT")
        except (sqlite3.DatabaseError, OSError) as error:
            raise WaitingError(
                f"the followed questions in {self._path} cannot be used: {error}",
                "make the file readable and writable, or move it away to begin anew",
            ) from error


def happened_since(before: str, reply: Reply) -> Happened | None:
    """Return what a reply changes for whoever knows the words that answered before ("": none)."""
    if not isinstance(reply, Answer):
        return Happened.WITHDRAWN if before else None
    if reply.confidence < SURE:
        return None
    if not before:
        return Happened.ANSWERED
    still = any(alike(before, quote.text) for quote in reply.quotes)
    return None if still else Happened.CHANGED


def _unknown(number: int) -> QuestionError:
    return QuestionError(
        f"no question is followed under the number {number}",
        "`sourcebot follow --list` lists all",
    )


def _quote_of(reply: Reply) -> str:
    """Return the words of the best quote of a sure answer, else ""."""
    sure = isinstance(reply, Answer) and reply.confidence >= SURE
    return reply.quotes[0].text if isinstance(reply, Answer) and sure else ""


def _notices(connection: sqlite3.Connection, place: str) -> tuple[Notice, ...]:
    rows = connection.execute(
        "SELECT n.number, n.happened, n.reply, f.* FROM notices n JOIN"  # noqa: S608 (constants)
        f" (SELECT {_COLUMNS} FROM followed) f ON f.number = n.followed"
        " WHERE f.place = ? AND NOT f.muted ORDER BY n.number",
        (place,),
    ).fetchall()
    return tuple(
        Notice(number, _followed(rest), Happened(happened), _REPLY.validate_json(reply))
        for number, happened, reply, *rest in rows
    )


def _create(connection: sqlite3.Connection) -> None:
    for statement in _SCHEMA.split(";"):
        if statement.strip():
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {_VERSION}")


def _empty() -> Iterator[sqlite3.Connection]:
    """Give an empty database in memory, for a project where nothing is followed."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        _create(connection)
        yield connection


def _followed(row: Sequence[object]) -> Followed:
    number, question, filters, place, since, muted, quote = row
    return Followed(
        number=int(str(number)),
        question=str(question),
        filters=_FILTERS.validate_json(str(filters)),
        place=str(place),
        since=dt.datetime.fromisoformat(str(since)),
        muted=bool(muted),
        answered=bool(quote),
    )
