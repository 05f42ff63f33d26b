"""Connections to PostgreSQL, and its errors in the words of sourcebot."""

from __future__ import annotations

import re
import threading
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sourcebot.errors import (
    ConfigError,
    IndexNotBuilt,
    IndexStoreError,
    IndexUnreachable,
    SourcebotError,
)
from sourcebot.index.postgres.ddl import SESSION

try:
    import psycopg
    from psycopg import conninfo, errors
except ImportError as error:
    raise ConfigError(
        '[index] engine is "postgresql", but psycopg is not installed',
        'run `pip install "sourcebot[postgresql]"`',
    ) from error

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sourcebot.config.settings import IndexConfig

    Connection = psycopg.Connection[tuple[Any, ...]]

_CONNECT_SECONDS = 5
_LONGEST_QUERY = 10_000
"""Milliseconds after which a server gives up a query of a question."""

_KEPT = 16
"""So many idle connections are kept at most."""

_LOST = {"08000", "08001", "08003", "08004", "08006", "57P01", "57P02", "57P03", "HV00N"}
_CHECK = "see that the servers run and that [index] dsn is right; docs/scale.md says more"


def connect(settings: IndexConfig, *, reading: bool, patient: bool = False) -> Connection:
    """Return a new connection.

    One for ``reading`` cannot write, and gives up what takes long unless it is ``patient``.

    Raises:
        ConfigError: when the DSN cannot be understood.
        IndexUnreachable: when the server cannot be reached or refuses.
    """
    session = dict(SESSION)
    if reading and not patient:
        session["statement_timeout"] = str(_LONGEST_QUERY)
    try:
        given = conninfo.conninfo_to_dict(settings.dsn)
    except psycopg.Error:
        # What libpq says may hold parts of the DSN, so of a password.
        raise ConfigError(
            "[index] dsn is not a connection string of PostgreSQL",
            "write it as postgresql://USER@HOST:PORT/DATABASE?sslmode=verify-full",
        ) from None
    options = " ".join(f"-c {key}={value}" for key, value in session.items())
    parameters: dict[str, Any] = {
        "connect_timeout": _CONNECT_SECONDS,
        "application_name": "sourcebot",
        "tcp_user_timeout": 2 * _LONGEST_QUERY,
        **given,
        # Of what is set twice the last one holds, so the user's.
        "options": f"{options} {given.get('options', '')}".strip(),
        "client_encoding": "utf8",
    }
    with mapped_errors():
        try:
            connection = psycopg.connect(**parameters, prepare_threshold=None)
        except psycopg.OperationalError as error:
            raise IndexUnreachable(
                f"the database of the index cannot be reached: {reason_of(error)}", _CHECK
            ) from None  # its text and parameters are not for logs
        if connection.info.parameter_status("server_encoding") != "UTF8":
            connection.close()
            raise IndexStoreError(
                "the database of the index is not in UTF-8", "make one with ENCODING 'UTF8'"
            )
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = reading
    return connection


@contextmanager
def mapped_errors() -> Iterator[None]:
    """Turn errors of psycopg and of the servers into those of sourcebot."""
    try:
        yield
    except psycopg.Error as error:
        raise _mapped(error) from error


def _mapped(error: psycopg.Error) -> SourcebotError:
    reason, state = reason_of(error), error.sqlstate or ""
    if isinstance(error, errors.QueryCanceled | errors.SerializationFailure):
        # A replica breaks off a question that keeps it from following.
        how = "took too long" if isinstance(error, errors.QueryCanceled) else "broke off"
        return IndexUnreachable(f"the database of the index {how}: {reason}", _CHECK)
    if state in _LOST or (isinstance(error, psycopg.OperationalError) and not state):
        return IndexUnreachable(f"a server of the index is lost: {reason}", _CHECK)
    if isinstance(error, errors.UndefinedTable | errors.InvalidSchemaName):
        return IndexNotBuilt(f"there is no index yet: {reason}", "run `sourcebot index`")
    if isinstance(error, errors.InsufficientPrivilege | errors.ReadOnlySqlTransaction):
        return IndexStoreError(
            f"the database of the index forbids it: {reason}",
            "use the role that may: `sourcebot index --print-sql` shows the roles",
        )
    if isinstance(
        error, errors.UndefinedObject | errors.UndefinedFile | errors.FeatureNotSupported
    ):
        return IndexStoreError(
            f"the database of the index lacks something: {reason}",
            "pgvector 0.8 or later is needed",
        )
    return IndexStoreError(f"the database of the index fails: {reason}")


def reason_of(error: psycopg.Error) -> str:
    """Return the first line of what the server or libpq says, without any password."""
    lines = str(error.diag.message_primary or error).strip().splitlines() or [type(error).__name__]
    return re.sub(r"(password\s*=\s*|://[^:/@\s]*:)('[^']*'|[^\s@]*)", r"\1***", lines[0])


class Pool:
    """Connections for questions, opened as they are needed; thread-safe."""

    def __init__(self, settings: IndexConfig, *, patient: bool) -> None:
        """Open none yet; see ``connect``."""
        self._settings = settings
        self._patient = patient
        self._idle: list[Connection] = []
        self._lock = threading.Lock()
        self._used = 0
        weakref.finalize(self, _close_all, self._idle)

    @property
    def open(self) -> int:
        """How many connections are open, used or idle."""
        with self._lock:
            return self._used + len(self._idle)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Give a connection in a transaction of its own: one snapshot of the database.

        A connection that has been idle may have died with its server: then a new one is taken.

        Raises:
            IndexUnreachable: when there is none to be had.
        """
        connection = self._begun()
        try:
            yield connection
        finally:
            self._give_back(connection)

    def _begun(self) -> Connection:
        while True:
            with self._lock:
                idle = self._idle.pop() if self._idle else None
            connection = idle or connect(self._settings, reading=True, patient=self._patient)
            try:
                connection.execute("SELECT 1")
            except psycopg.Error as error:
                connection.close()
                if idle is None:
                    raise _mapped(error) from error
            else:
                with self._lock:
                    self._used += 1
                return connection

    def _give_back(self, connection: Connection) -> None:
        try:
            connection.rollback()
        except psycopg.Error:
            connection.close()
        with self._lock:
            self._used -= 1
            if not connection.closed and len(self._idle) < _KEPT:
                self._idle.append(connection)
                return
        connection.close()

    def close(self) -> None:
        """Close the idle connections."""
        with self._lock:
            _close_all(self._idle)


def _close_all(connections: list[Connection]) -> None:
    while connections:
        connections.pop().close()


def run(
    connection: Connection, query: str, parameters: Sequence[object] | Mapping[str, object] = ()
) -> psycopg.Cursor[tuple[Any, ...]]:
    """Execute a statement.

    Raises:
        IndexStoreError: when the server or one behind it fails.
    """
    with mapped_errors():
        return connection.execute(query, parameters or None)


def in_parallel(connection: Connection, statements: str) -> None:
    """Execute statements that make indexes, by several processes of the server if it can.

    These share memory of which containers have little (64 MB in /dev/shm); then one makes them.

    Raises:
        IndexStoreError: when the server or one behind it fails.
    """
    with mapped_errors():
        try:
            with connection.transaction():
                connection.execute(statements)
        except (errors.DiskFull, errors.OutOfMemory):
            connection.execute("SET LOCAL max_parallel_maintenance_workers = 0")
            connection.execute(statements)


def rows_of(
    connection: Connection, query: str, parameters: Sequence[object] | Mapping[str, object] = ()
) -> list[tuple[Any, ...]]:
    """Return the rows of a query.

    Raises:
        IndexStoreError: when the server or one behind it fails.
    """
    cursor = run(connection, query, parameters)
    with mapped_errors():
        return cursor.fetchall()


@contextmanager
def copying(
    connection: Connection, target: str, types: Sequence[str] = ()
) -> Iterator[psycopg.Copy]:
    """Take rows for a table (and its columns); given the types of all, they go in binary.

    Raises:
        IndexStoreError: when the server or one behind it fails.
    """
    binary = " (FORMAT binary)" if types else ""
    query = f"COPY {target} FROM STDIN{binary}"
    with mapped_errors(), connection.cursor() as cursor, cursor.copy(query) as copy:
        if types:
            copy.set_types(types)
        yield copy
