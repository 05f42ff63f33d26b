"""The tables of the index in PostgreSQL, and who may do what with them.

Paragraphs and their words are parted by a hash of their article, so that the paragraphs of one lie
together; a part may be a table here or one on another server. All other tables are small and lie
where sourcebot connects to.

Nothing in the parts is ever changed, only added and, later, deleted. A generation sees the
paragraphs with ``born`` between its ``first`` and its number whose articles are not in ``removed``,
so it stays whole although servers do not share a snapshot (docs/scale.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcebot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

LAYOUT_VERSION = 2
"""Raised whenever the tables change their meaning."""

PARTS = 4
"""Into so many tables paragraphs are parted on a single server."""

DIMENSIONS = 1_000_000_000
"""The dimension of the vectors of terms: the most that pgvector takes."""

SESSION = {
    "hnsw.iterative_scan": "strict_order",
    "hnsw.ef_search": "100",
    "hnsw.max_scan_tuples": "100000",
    "cursor_tuple_fraction": "0.001",
    "jit": "off",
    "datestyle": "ISO",
}
"""How every server is to search, the shards as well."""

_FORBIDDEN = frozenset("\\'\"\n\r\t ")

_PARAGRAPHS = """
    id bigint NOT NULL, article bigint NOT NULL, born bigint NOT NULL,
    ordinal integer NOT NULL, heading text NOT NULL, locator text, start integer NOT NULL,
    text text NOT NULL, sentences bytea NOT NULL, vector bytea NOT NULL, gap text,
    mark bigint NOT NULL, embedding halfvec({dimension}) NOT NULL
"""
# ``baked`` keeps its name: whoever renames it in the parts must do so on every server at once, and
# would make indexes that are there unreadable, for a word that stands in this package alone.
_WORDS = """
    paragraph bigint NOT NULL, article bigint NOT NULL, born bigint NOT NULL,
    baked bigint NOT NULL, body integer NOT NULL, title integer NOT NULL,
    terms integer[] NOT NULL, weights sparsevec NOT NULL
"""
_LOCAL = """
CREATE TABLE {schema}.generations (
    number bigint PRIMARY KEY, name text NOT NULL, layout integer NOT NULL,
    fingerprint text NOT NULL, model text NOT NULL, dimension integer NOT NULL,
    created timestamptz NOT NULL DEFAULT clock_timestamp(),
    articles bigint NOT NULL, paragraphs bigint NOT NULL, languages text[] NOT NULL,
    first bigint NOT NULL, baked bigint NOT NULL,
    last_article bigint NOT NULL, last_paragraph bigint NOT NULL,
    body_tokens bigint NOT NULL, title_tokens bigint NOT NULL,
    body_average float8 NOT NULL, title_average float8 NOT NULL
);
CREATE TABLE {schema}.attempts (number bigint PRIMARY KEY);
CREATE TABLE {schema}.articles (
    row bigint PRIMARY KEY, id text COLLATE "C" UNIQUE NOT NULL, title text NOT NULL,
    publisher text NOT NULL, author text NOT NULL, published text COLLATE "C", url text NOT NULL,
    sha256 text NOT NULL, encoding text NOT NULL, notes text NOT NULL, language text NOT NULL,
    mark bigint NOT NULL, size bigint NOT NULL, modified bigint NOT NULL,
    signature bytea NOT NULL, bands integer[] NOT NULL, story bigint, paragraphs integer NOT NULL,
    path_folded text COLLATE "C" NOT NULL, title_folded text COLLATE "C" NOT NULL,
    publisher_folded text COLLATE "C" NOT NULL
);
CREATE INDEX articles_story ON {schema}.articles (story) WHERE story IS NOT NULL;
CREATE INDEX articles_bands ON {schema}.articles USING gin (bands);
CREATE INDEX articles_published ON {schema}.articles (published);
CREATE TABLE {schema}.removed (article bigint PRIMARY KEY, died bigint NOT NULL);
CREATE TABLE {schema}.failures (
    id text PRIMARY KEY, reason text NOT NULL, size bigint NOT NULL, modified bigint NOT NULL
);
CREATE TABLE {schema}.terms (
    id integer PRIMARY KEY,
    term text COLLATE "C" UNIQUE NOT NULL,
    body bigint NOT NULL, title bigint NOT NULL
);
"""
_INDEXES = """
CREATE INDEX IF NOT EXISTS {paragraphs}_id_idx ON {schema}.{paragraphs} (id);
CREATE INDEX IF NOT EXISTS {paragraphs}_article_id_idx ON {schema}.{paragraphs} (article, id);
CREATE INDEX IF NOT EXISTS {words}_article_idx ON {schema}.{words} (article);
CREATE INDEX IF NOT EXISTS {words}_terms_idx ON {schema}.{words} USING gin (terms)
    WITH (fastupdate = off);
CREATE INDEX IF NOT EXISTS {paragraphs}_embedding_idx ON {schema}.{paragraphs}
    USING hnsw (embedding halfvec_ip_ops) WITH (m = 16, ef_construction = 64);
"""


@dataclass(frozen=True, slots=True)
class Names:
    """How things are called in the database: the schema, and the roles that use it."""

    schema: str
    indexer: str = "sourcebot_indexer"
    reader: str = "sourcebot_reader"


@dataclass(frozen=True, slots=True)
class Script:
    """SQL and the server on which an administrator runs it."""

    server: str
    sql: str


def tables(schema: str, dimension: int, parts: int = PARTS) -> str:
    """Return the SQL that makes the tables on a single server, without the parts' indexes."""
    return _whole(
        schema,
        dimension,
        "".join(
            f"CREATE TABLE {schema}.{table}_{part} PARTITION OF {schema}.{table}\n"
            f"    FOR VALUES WITH (MODULUS {parts}, REMAINDER {part});\n"
            for table in ("paragraphs", "words")
            for part in range(parts)
        ),
    )


def indexes(schema: str) -> str:
    """Return the SQL that indexes the parts where they are not; quicker once the rows are in."""
    return _INDEXES.format(schema=schema, paragraphs="paragraphs", words="words")


def scripts(
    names: Names, dimension: int, shards: Sequence[str] = (), database: str = "sourcebot"
) -> tuple[Script, ...]:
    """Return what an administrator runs with psql, in this order, before the first indexing.

    The variables ``indexer_password`` and ``reader_password`` give the passwords.
    ``shards`` are HOST:PORT of further servers; without any, all parts lie on one server.

    Raises:
        ConfigError: when a shard is not HOST:PORT.
    """
    places = [_place(shard) for shard in shards]
    on_shards = tuple(
        Script(shard, _shard(names, dimension, part)) for part, shard in enumerate(shards)
    )
    if not shards:
        made = tables(names.schema, dimension)
    else:
        made = _whole(names.schema, dimension, _foreign(names.schema, len(shards)))
    connected = "".join(
        _server(names, f"{names.schema}_shard_{part}", host, port, database)
        for part, (host, port) in enumerate(places)
    )
    fdw = "CREATE EXTENSION IF NOT EXISTS postgres_fdw;\n" if shards else ""
    main = (
        f"{_roles(names)}{fdw}{connected}SET ROLE {names.indexer};\n{made}"
        f"RESET ROLE;\n{_granted(names)}"
    )
    return (*on_shards, Script("the server that [index] dsn names", main))


def _whole(schema: str, dimension: int, parts: str) -> str:
    return (
        _LOCAL.format(schema=schema)
        + f"CREATE TABLE {schema}.paragraphs ({_PARAGRAPHS.format(dimension=dimension)})"
        " PARTITION BY HASH (article);\n"
        f"CREATE TABLE {schema}.words ({_WORDS}) PARTITION BY HASH (article);\n" + parts
    )


def _shard(names: Names, dimension: int, part: int) -> str:
    schema, paragraphs, words = names.schema, f"paragraphs_{part}", f"words_{part}"
    return (
        _roles(names)
        + f"SET ROLE {names.indexer};\n"
        + f"CREATE TABLE {schema}.{paragraphs} ({_PARAGRAPHS.format(dimension=dimension)});\n"
        + f"CREATE TABLE {schema}.{words} ({_WORDS});\n"
        + _INDEXES.format(schema=schema, paragraphs=paragraphs, words=words)
        + f"RESET ROLE;\n{_granted(names)}"
    )


def _foreign(schema: str, shards: int) -> str:
    return "".join(
        f"CREATE FOREIGN TABLE {schema}.{table}_{part} PARTITION OF {schema}.{table}\n"
        f"    FOR VALUES WITH (MODULUS {shards}, REMAINDER {part})\n"
        f"    SERVER {schema}_shard_{part};\n"
        for table in ("paragraphs", "words")
        for part in range(shards)
    )


def _server(names: Names, server: str, host: str, port: str, database: str) -> str:
    session = " ".join(f"-c {key}={value}" for key, value in SESSION.items())
    # Short limits: a server that is gone must be noticed while somebody waits for an answer.
    mappings = "".join(
        f"CREATE USER MAPPING FOR {role} SERVER {server}\n"
        f"    OPTIONS (user '{role}', password :'{variable}');\n"
        for role, variable in _logins(names)
    )
    return (
        f"CREATE SERVER {server} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (\n"
        f"    host '{host}', port '{port}', dbname '{database}', extensions 'vector',\n"
        f"    fetch_size '15', batch_size '200', async_capable 'true', connect_timeout '3',\n"
        f"    keepalives_idle '5', keepalives_interval '2', keepalives_count '3',\n"
        f"    tcp_user_timeout '10000', options '{session}');\n"
        f"GRANT USAGE ON FOREIGN SERVER {server} TO {names.indexer}, {names.reader};\n{mappings}"
    )


def _roles(names: Names) -> str:
    return (
        "CREATE EXTENSION IF NOT EXISTS vector;\n"
        + "".join(
            f"CREATE ROLE {role} LOGIN PASSWORD :'{variable}';\n"
            for role, variable in _logins(names)
        )
        + f"CREATE SCHEMA {names.schema} AUTHORIZATION {names.indexer};\n"
        f"GRANT USAGE ON SCHEMA {names.schema} TO {names.reader};\n"
    )


def _logins(names: Names) -> tuple[tuple[str, str], ...]:
    """Return the roles, each with the variable of psql that holds its password."""
    return (names.indexer, "indexer_password"), (names.reader, "reader_password")


def _granted(names: Names) -> str:
    return f"GRANT SELECT ON ALL TABLES IN SCHEMA {names.schema} TO {names.reader};\n"


def _place(shard: str) -> tuple[str, str]:
    host, _, port = shard.rpartition(":")
    if not host or not port.isdecimal() or _FORBIDDEN & set(host):
        raise ConfigError(f"{shard!r} is no shard", "name it as HOST:PORT, such as db2:5432")
    return host, port
