"""The PostgreSQL engine, against real servers: one alone, and one with three shards."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
import threading
import traceback
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import psycopg
import pytest
import trustme
from conftest import ANSWERED, ARTICLES, BRIDGE, NOT_STATED, OFF_TOPIC, Project, run_cli
from postgres_servers import (
    PASSWORDS,
    Cluster,
    Server,
    cluster_of,
    encrypted_server,
    one_server,
    set_up,
)
from test_retriever import FILTERS
from test_stories import WIRED

from sourcebot.answering.opening import open_service
from sourcebot.checks.verification import Sources, verify_index
from sourcebot.config.loading import load_config
from sourcebot.config.settings import IndexConfig
from sourcebot.errors import (
    ConfigError,
    IndexCorrupt,
    IndexLocked,
    IndexNotBuilt,
    IndexStale,
    IndexStoreError,
    IndexUnreachable,
)
from sourcebot.index.open import build_index, open_engine, reading
from sourcebot.index.postgres import pruning
from sourcebot.index.postgres.connection import connect, in_parallel, rows_of
from sourcebot.index.postgres.ddl import Names, scripts
from sourcebot.project import Project as Opened
from sourcebot.types import Answer, Filters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sourcebot.answering.service import Service
    from sourcebot.config.settings import Config
    from sourcebot.embedding.embedder import OnnxEmbedder
    from sourcebot.index.contract import Snapshot
    from sourcebot.types import Quote, Reply, Summary

QUESTIONS = [
    ANSWERED,
    NOT_STATED,
    OFF_TOPIC,
    "How many books does the library hold?",
    "Who steers the boat to Varn?",
    "How much honey was harvested on Mount Ansel?",
    "Was kostet die Brücke?",
    "Who is it?",
]


@dataclass(frozen=True)
class Place:
    """A database: how its indexer and its readers reach it, and the servers behind it."""

    indexer: IndexConfig
    reader: IndexConfig
    cluster: Cluster | None = None

    def index(self, project: Project, embedder: OnnxEmbedder, **options: Any) -> Summary:
        """Bring the index in the database up to date with a project."""
        config = replace(project.config, index=self.indexer)
        return build_index(config, embedder, **options)

    def config(self, project: Project) -> Config:
        """The settings of somebody who asks."""
        return replace(project.config, index=self.reader)

    def service(self, project: Project) -> Service:
        """A service that reads the database."""
        return open_service(
            self.config(project), lambda _: None, lambda *_: None, models=project.config
        )


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server."""
    yield from one_server()


@pytest.fixture(scope="session")
def cluster(embedder: OnnxEmbedder) -> Iterator[Cluster]:
    """A server with three shards, set up as `sourcebot index --print-sql` says."""
    for cluster in cluster_of(4):
        set_up(cluster, Names("sourcebot"), embedder.dimension)
        yield cluster


@pytest.fixture
def alone(server: Server, tmp_path: Path) -> Place:
    """A schema of its own on the one server, which lets everybody in."""
    schema = f"test_{random.Random(str(tmp_path)).getrandbits(40):x}"
    folder = str(tmp_path / "indexing")
    settings = IndexConfig(folder, engine="postgresql", dsn=server.dsn(), schema=schema)
    return Place(settings, settings)


@pytest.fixture
def sharded(cluster: Cluster, tmp_path: Path) -> Place:
    """The cluster, each role with its password; it holds what the test before has left."""
    settings = [
        IndexConfig(
            str(tmp_path / role),
            engine="postgresql",
            dsn=f"{cluster.servers[0].dsn(f'sourcebot_{role}')} password='{PASSWORDS[variable]}'",
        )
        for role, variable in (("indexer", "indexer_password"), ("reader", "reader_password"))
    ]
    indexer, reader = settings
    return Place(indexer, reader, cluster)


@pytest.fixture(params=["alone", "sharded"])
def place(request: pytest.FixtureRequest) -> Place:
    """Either kind of database."""
    found: Place = request.getfixturevalue(request.param)
    return found


def quoted(reply: Reply) -> list[tuple[str, str, list[str]]]:
    """Return what a reply quotes, from where, and who else carries it."""
    quotes: tuple[Quote, ...] = reply.quotes if isinstance(reply, Answer) else reply.nearest
    return [(q.text, q.source.path, [s.path for s in q.also]) for q in quotes]


def assert_alike(
    here: Snapshot, there: Snapshot, embedder: OnnxEmbedder, rel: float = 1e-5
) -> None:
    """Both find the same with the same scores, whatever they number things with."""
    assert (here.info.articles, here.info.paragraphs) == (
        there.info.articles,
        there.info.paragraphs,
    )
    for question in QUESTIONS:
        weights = here.weights(question)
        assert weights == pytest.approx(there.weights(question), rel=1e-9)
        vector = embedder.embed_questions([question])[0]
        for filters in (Filters(), Filters(source="*b*"), Filters(publisher="nobody")):
            scores = []
            for snapshot in (here, there):
                for ids, found in (
                    snapshot.search_dense(vector, 200, filters),
                    snapshot.search_lexical(weights, 200, filters),
                ):
                    stored = snapshot.store.paragraphs(ids.tolist())
                    texts = [(stored[i][1].path, stored[i][0].span) for i in ids.tolist()]
                    scores.append(dict(zip(texts, found.tolist(), strict=True)))
                    assert list(found) == sorted(found, reverse=True)
            assert scores[0] == pytest.approx(scores[2], abs=1e-3)
            assert scores[1] == pytest.approx(scores[3], rel=rel)


def test_same_answers_as_embedded(
    place: Place, shared_project: Project, shared_service: Service, embedder: OnnxEmbedder
) -> None:
    """Both engines find the same paragraphs with the same scores, and answer with the same quotes."""
    place.index(shared_project, embedder, rebuild=True)
    with (
        open_engine(shared_project.config, embedder).reading() as here,
        open_engine(place.config(shared_project), embedder).reading() as there,
    ):
        assert_alike(here, there, embedder)
        assert [(a.source, a.paragraphs, a.notes) for a in here.store.articles()] == [
            (a.source, a.paragraphs, a.notes) for a in there.store.articles()
        ]
        assert here.store.files() == there.store.files()
    service = place.service(shared_project)
    for question in QUESTIONS:
        one, other = shared_service.ask(question), service.ask(question)
        assert quoted(one) == quoted(other)
        assert one.confidence == pytest.approx(other.confidence, abs=0.01)


def test_filters(alone: Place, shared_project: Project, embedder: OnnxEmbedder) -> None:
    """Filters mean the same in SQL as to the embedded engine, patterns and scopes included."""
    from hypothesis import given, settings
    from hypothesis import strategies as st

    from sourcebot.types import Scope

    alone.index(shared_project, embedder)
    vector = embedder.embed_questions([ANSWERED])[0]
    letters = st.text("abdgirNORTH/.*?[]!-^\\é\x00 ", max_size=6)
    patterns = st.one_of(letters, st.sampled_from(["[a-c]*.md", "[!b]*", "*/*", "[]b]*", "[z-a]*"]))
    names = st.lists(patterns, max_size=2).map(tuple)
    made = st.builds(Filters, patterns, patterns, scope=st.builds(Scope, names, names))
    with open_engine(alone.config(shared_project), embedder).reading() as snapshot:
        articles = [article.source for article in snapshot.store.articles()]

        def check(filters: Filters) -> None:
            allowed = {source.path for source in articles if filters.allow(source)}
            ids, _ = snapshot.search_dense(vector, 100, filters)
            assert {s.path for _, s in snapshot.store.paragraphs(ids.tolist()).values()} == allowed

        for filters, _ in FILTERS:
            check(filters)
        settings(max_examples=100)(given(made)(check))()


def test_follows_changes(
    place: Place, make_project: Callable[..., Project], tmp_path: Path, embedder: OnnxEmbedder
) -> None:
    """After many changes the index is as one built at once, and only what is new is embedded."""
    project = make_project(tmp_path / "project", {**ARTICLES, **WIRED})
    assert place.index(project, embedder, rebuild=True).embedded > 0
    opened = Opened(place.config(project))
    assert place.index(project, embedder).built is False
    project.write("bridge.md", BRIDGE.replace("eight months", "nine months"))
    project.write("long.md", "# Long\n\n" + "The ferry, the tram and the bridge. " * 60 + "\n")
    (project.sources / "copy.md").unlink()
    (project.sources / "echo.md").unlink()
    (project.sources / "bees.md").rename(project.sources / "honey.md")
    project.write("broken.md", b"\x00\x01\x02" * 50)
    assert opened.changed() == 7
    summary = place.index(project, embedder)
    assert summary.changed == ("bridge.md",)
    assert summary.added == ("honey.md", "long.md")
    assert summary.removed == ("bees.md", "copy.md", "echo.md")
    assert [error.path for error in summary.failed] == ["broken.md"]
    assert opened.changed() == 0
    # Of the changed article one paragraph is new, of the moved one none.
    with open_engine(place.config(project), embedder).reading() as there:
        new = sum(a.paragraphs for a in there.store.articles() if a.source.path == "long.md")
        assert summary.embedded == new + 1
        project.index(embedder)
        with open_engine(project.config, embedder).reading() as here:
            assert_alike(here, there, embedder, rel=0.01)
            stories = [[c.source.path for c in group] for group in here.store.stories()]
            assert [[c.source.path for c in group] for group in there.store.stories()] == stories
        there.check_digests()
        proof = verify_index(there.store, Sources(project.sources), lambda *_: None)
        assert proof.checked == ()
        assert proof.articles == summary.articles


def test_a_question_sees_one_state(
    place: Place, project: Project, embedder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has begun to read goes on with the old state, even of shards not looked at yet."""
    place.index(project, embedder, rebuild=True)
    engine = open_engine(place.config(project), embedder)
    with engine.reading() as old:
        before = {a.source.path: a.row for a in old.store.articles()}
        for name, text in ARTICLES.items():
            project.write(name, text.replace("the", "teh"))
        place.index(project, embedder)
        with engine.reading() as new:
            assert new.info.name != old.info.name
            vector = embedder.embed_questions([ANSWERED])[0]
            for snapshot, word in ((old, " the "), (new, " teh ")):
                ids, _ = snapshot.search_dense(vector, 100, Filters())
                texts = [p.text for p, _ in snapshot.store.paragraphs(ids.tolist()).values()]
                assert len(texts) == snapshot.info.paragraphs
                assert any(word in text for text in texts)
                assert not any((" teh " if word == " the " else " the ") in t for t in texts)
        assert {a.source.path: a.row for a in old.store.articles()} == before
    # Once nobody can need them any more, the old paragraphs are deleted.
    monkeypatch.setattr(pruning, "_GRACE", "0 seconds")
    project.write("bees.md", "# Bees\n\nNo honey was harvested on Mount Ansel this year.\n")
    place.index(project, embedder)
    place.index(project, embedder, rebuild=True)
    project.write("bees.md", "# Bees\n\nTwo jars of honey were harvested this year.\n")
    summary = place.index(project, embedder)
    with engine.reading() as snapshot:
        snapshot.check_digests()
    with psycopg.connect(place.indexer.dsn) as connection:
        for table in ("paragraphs", "words"):
            query = f"SELECT count(*) FROM {place.indexer.schema}.{table} WHERE article NOT IN (SELECT row FROM {place.indexer.schema}.articles)"
            ((left,),) = connection.execute(query).fetchall()
            assert left <= 2, "only what the last pass has removed"
    assert summary.articles == len(ARTICLES)


def edition(number: int) -> dict[str, str]:
    """Return articles that all name one number."""
    return {
        f"{place}.md": f"# {place}\n\nIn the harbour of {place} lie {number} boats, {number} people said.\n"
        for place in ("Varn", "Lowmere", "Tarnwick", "Saltholm", "Penfold")
    }


def test_several_read_while_one_writes(
    sharded: Place, make_project: Callable[..., Project], tmp_path: Path, embedder: OnnxEmbedder
) -> None:
    """Every answer comes from one edition alone, although servers change one after another."""
    project = make_project(tmp_path / "project", edition(100), "[answer]\nquotes = 5")
    sharded.index(project, embedder, rebuild=True)
    bots = [sharded.service(project) for _ in range(2)]
    stopped, mixed, seen = threading.Event(), [], set()

    def ask(bot: Service) -> None:
        while not stopped.is_set():
            reply, retrieval = bot.ask_with_evidence("How many boats lie in the harbour of Varn?")
            numbers = {e.paragraph.text.split()[-3] for e in retrieval.evidence}
            seen.update(numbers)
            if len(numbers) != 1 or len(retrieval.evidence) != 5:
                mixed.append((numbers, reply))

    threads = [threading.Thread(target=ask, args=(bot,)) for bot in (*bots, bots[0])]
    for thread in threads:
        thread.start()
    for number in range(101, 106):
        for name, text in edition(number).items():
            project.write(name, text)
        sharded.index(project, embedder)
    stopped.set()
    for thread in threads:
        thread.join()
    assert mixed == []
    assert len(seen) > 1


def test_connections_are_counted(alone: Place, project: Project, embedder: OnnxEmbedder) -> None:
    """One for each question at a time, kept open afterwards, and none when all is closed."""
    alone.index(project, embedder)
    engine = open_engine(alone.config(project), embedder)
    before = engine.connections
    with engine.reading(), engine.reading():
        assert engine.connections == max(2, before)
    assert engine.connections == 2
    engine.close()
    assert engine.connections == 0


def test_indexes_are_made_by_one_where_several_cannot(server: Server) -> None:
    """Where the processes of a server have no memory to share, one makes the indexes alone."""
    refusing = """DO $$ BEGIN
        IF current_setting('max_parallel_maintenance_workers') <> '0' THEN
            RAISE EXCEPTION 'could not resize shared memory segment' USING ERRCODE = '%s';
        END IF;
        CREATE TEMPORARY TABLE made AS SELECT 1 AS one;
    END $$"""
    settings = IndexConfig(engine="postgresql", dsn=server.dsn())
    for code in ("53100", "53200"):
        connection = connect(settings, reading=False)
        in_parallel(connection, refusing % code)
        assert rows_of(connection, "SELECT one FROM made") == [(1,)]
        connection.close()
    connection = connect(settings, reading=False)
    with pytest.raises(IndexStoreError, match="shared memory"):
        in_parallel(connection, refusing % "53400")
    connection.close()


def test_torn_pass(sharded: Place, project: Project, embedder: OnnxEmbedder) -> None:
    """What a pass has left that ended on some servers only is never seen, and goes in the next one."""
    sharded.index(project, embedder, rebuild=True)
    with psycopg.connect(sharded.indexer.dsn) as connection:
        connection.execute(
            "INSERT INTO sourcebot.attempts SELECT max(number) + 1 FROM sourcebot.generations"
        )
        for table, columns in (
            (
                "paragraphs",
                "article, born, ordinal, heading, locator, start, text, sentences, vector, gap, mark, embedding",
            ),
            ("words", "article, born, baked, body, title, terms, weights"),
        ):
            key = "id" if table == "paragraphs" else "paragraph"
            shifted = columns.replace("born", "(SELECT number FROM sourcebot.attempts)", 1)
            connection.execute(
                f"INSERT INTO sourcebot.{table} ({key}, {columns})"
                f" SELECT {key} + 1000000, {shifted} FROM sourcebot.{table}"
                " WHERE born <= (SELECT max(number) FROM sourcebot.generations)"
            )
    engine = open_engine(sharded.config(project), embedder)
    for _ in range(2):
        with engine.reading() as snapshot:
            snapshot.check_digests()
            ids, _ = snapshot.search_dense(embedder.embed_questions([ANSWERED])[0], 100, Filters())
            assert len(ids) == snapshot.info.paragraphs
        project.write("bees.md", ARTICLES["bees.md"].replace("eleven", "twelve"))
        sharded.index(project, embedder)
    with psycopg.connect(sharded.indexer.dsn) as connection:
        assert (
            connection.execute("SELECT FROM sourcebot.paragraphs WHERE id > 1000000").fetchall()
            == []
        )
        assert connection.execute("SELECT FROM sourcebot.attempts").fetchall() == []


def test_a_shard_is_lost_and_returns(
    sharded: Place, project: Project, embedder: OnnxEmbedder
) -> None:
    """A lost shard is said to be lost, to askers and to the indexer; nothing has to be restarted."""
    assert sharded.cluster
    sharded.index(project, embedder, rebuild=True)
    service = sharded.service(project)
    before = quoted(service.ask(ANSWERED))
    sharded.cluster.stop(2)
    project.write("bees.md", "# Bees\n\nNo honey was harvested on Mount Ansel this year.\n")
    try:
        for _ in range(2):
            with pytest.raises(IndexUnreachable) as lost:
                service.ask(ANSWERED)
            assert not any(password in str(lost.value) for password in PASSWORDS.values())
            assert lost.value.hint
        with pytest.raises(IndexUnreachable):
            sharded.index(project, embedder)
    finally:
        sharded.cluster.start(2)
    assert quoted(service.ask(ANSWERED)) == before
    assert sharded.index(project, embedder).changed == ("bees.md",)
    assert quoted(service.ask("How much honey was harvested on Mount Ansel?"))[0][1] == "bees.md"


def test_the_server_restarts(sharded: Place, project: Project, embedder: OnnxEmbedder) -> None:
    """A service whose connections have died takes new ones, without an error to anybody."""
    assert sharded.cluster
    sharded.index(project, embedder, rebuild=True)
    service = sharded.service(project)
    before = quoted(service.ask(ANSWERED))
    sharded.cluster.stop(0)
    try:
        with pytest.raises(IndexUnreachable, match="cannot be reached"):
            service.ask(ANSWERED)
    finally:
        sharded.cluster.start(0)
    assert quoted(service.ask(ANSWERED)) == before


def test_roles(sharded: Place, project: Project, embedder: OnnxEmbedder) -> None:
    """The reader's role can ask and change nothing; the indexer's is told from it at once."""
    sharded.index(project, embedder, rebuild=True)
    assert quoted(sharded.service(project).ask(ANSWERED))
    with pytest.raises(IndexStoreError, match="may not write") as refused:
        build_index(sharded.config(project), embedder)
    assert "--print-sql" in refused.value.hint
    with psycopg.connect(sharded.reader.dsn, autocommit=True) as connection:
        for table in ("generations", "articles", "paragraphs", "paragraphs_0", "words", "terms"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"DELETE FROM sourcebot.{table}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE sourcebot.mine (n int)")


def test_tls(
    project: Project, embedder: OnnxEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The DSN decides how the way to the server is secured, and nothing weaker is used silently."""
    authority, stranger = trustme.CA(), trustme.CA()
    for name, known in (("right.pem", authority), ("wrong.pem", stranger)):
        known.cert_pem.write_to_path(str(tmp_path / name))
    for cluster in encrypted_server(authority.issue_cert("localhost")):
        set_up(cluster, Names("sourcebot"), embedder.dimension)

        def settings(role: str, options: str) -> IndexConfig:
            where = f"localhost:{cluster.servers[0].port}/postgres?{options}"  # noqa: B023
            monkeypatch.setenv("PGPASSWORD", PASSWORDS[f"{role}_password"])
            dsn = f"postgresql://sourcebot_{role}@{where}"
            return IndexConfig(str(tmp_path / role), engine="postgresql", dsn=dsn)

        verified = f"sslmode=verify-full&sslrootcert={tmp_path / 'right.pem'}"
        build_index(replace(project.config, index=settings("indexer", verified)), embedder)
        reader = replace(project.config, index=settings("reader", verified))
        with open_engine(reader, embedder).reading() as snapshot:
            assert snapshot.kept_by().endswith("reached over TLS")
        service = open_service(reader, lambda _: None, lambda *_: None, models=project.config)
        assert isinstance(service.ask(ANSWERED), Answer)
        for options, reason in (
            (f"sslmode=verify-full&sslrootcert={tmp_path / 'wrong.pem'}", "certificate"),
            ("sslmode=disable", "no encryption"),
        ):
            refused = replace(project.config, index=settings("reader", options))
            with pytest.raises(IndexUnreachable, match=reason):
                open_engine(refused, embedder)


def test_one_indexer_at_a_time(alone: Place, project: Project, embedder: OnnxEmbedder) -> None:
    """While one indexes, another is told so, wherever it runs; both may wait."""
    alone.index(project, embedder)
    elsewhere = replace(alone.indexer, folder=f"{alone.indexer.folder}-elsewhere")
    with psycopg.connect(alone.indexer.dsn) as connection:
        connection.execute(
            "SELECT pg_advisory_lock(hashtextextended(%s, 0))",
            [f"sourcebot index {alone.indexer.schema}"],
        )
        with pytest.raises(IndexLocked, match="another process"):
            build_index(replace(project.config, index=elsewhere), embedder)
        release = threading.Timer(0.5, connection.execute, ["SELECT pg_advisory_unlock_all()"])
        release.start()
        summary = build_index(replace(project.config, index=elsewhere), embedder, wait=60)
        release.join()
    assert summary.built is False


def test_no_index_yet(alone: Place, project: Project) -> None:
    """Whoever asks before anything is indexed is told so; a bot does not index by itself."""
    with pytest.raises(IndexNotBuilt) as missing:
        alone.service(project)
    assert "sourcebot index" in missing.value.hint


def test_other_model(
    alone: Place, project: Project, embedder: OnnxEmbedder, exported: Path
) -> None:
    """Vectors of another model are refused until the index is built anew; of another size, always."""

    class Other(type(embedder)):  # type: ignore[misc]
        """The same model under another name."""

        identity = "other"

    class Wider(Other):
        """A model with longer vectors."""

        dimension = 512

    alone.index(project, embedder)
    other = Other(exported)
    with pytest.raises(IndexStale, match="another model"):
        open_engine(alone.config(project), other)
    summary = alone.index(project, other)
    assert len(summary.added) == len(ARTICLES)
    with open_engine(alone.config(project), other).reading() as snapshot:
        snapshot.check_digests()
    with pytest.raises(IndexStoreError, match="vectors of 384 numbers; the model makes 512"):
        alone.index(project, Wider(exported))


def test_other_splitter(
    alone: Place, project: Project, embedder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index of another splitter is built anew in its tables, from the vectors that it has."""
    project.write("desk.md", "# Desk\n\n## Borrowing\n\nFour weeks.\n")
    alone.index(project, embedder)
    generations = "sourcebot.index.postgres.generations.SPLITTER_VERSION"
    monkeypatch.setattr(generations, 1000)
    with pytest.raises(IndexStale, match="splitter"):
        open_engine(alone.config(project), embedder)
    summary = alone.index(project, embedder)
    assert len(summary.added) == summary.articles
    assert summary.embedded == 0
    with open_engine(alone.config(project), embedder).reading() as snapshot:
        snapshot.check_digests()
        (desk,) = (a for a in snapshot.store.articles() if a.source.path == "desk.md")
        (paragraph,) = snapshot.store.paragraphs_of(desk.row)
        assert [heading.text for heading in paragraph.headings] == ["Borrowing"]


def test_damaged_row(alone: Place, project: Project, embedder: OnnxEmbedder) -> None:
    """A word changed in the database is never quoted, and a paragraph that is missing is noticed."""
    alone.index(project, embedder)
    service, schema = alone.service(project), alone.indexer.schema
    with psycopg.connect(alone.indexer.dsn) as connection:
        connection.execute(
            f"UPDATE {schema}.paragraphs SET text = replace(text, '3 March 2022', '5 March 2022')"
        )
    with pytest.raises(IndexCorrupt, match="is damaged: paragraph"):
        service.ask(ANSWERED)
    with psycopg.connect(alone.indexer.dsn) as connection:
        connection.execute(f"DELETE FROM {schema}.paragraphs WHERE text LIKE '%5 March 2022%'")
    with (
        open_engine(alone.config(project), embedder).reading() as snapshot,
        pytest.raises(IndexCorrupt, match="does not hold what was written"),
    ):
        snapshot.check_digests()
    alone.index(project, embedder, rebuild=True)
    assert quoted(service.ask(ANSWERED))[0][1] in {"bridge.md", "copy.md"}


def test_odd_articles(
    alone: Place, make_project: Callable[..., Project], tmp_path: Path, embedder: OnnxEmbedder
) -> None:
    """Text that a database may stumble over is kept and quoted verbatim."""
    text = "The wörd 🐝 of \\N and \\. and {\"a\",'b'} $1 %s\t漢字 was told on Monday by Tarnwick."
    project = make_project(
        tmp_path / "odd",
        {"o'dd \\ %s.md": f'---\ntitle: "A \\0 title % {{}}"\n---\n{text}\n', "e.md": "# Empty\n"},
    )
    assert alone.index(project, embedder).articles == 1
    reply = alone.service(project).ask("What was told on Monday by Tarnwick?")
    assert quoted(reply)[0][0] == text
    with open_engine(alone.config(project), embedder).reading() as snapshot:
        assert verify_index(snapshot.store, Sources(project.sources), lambda *_: None).checked == ()


def test_commands(alone: Place, project: Project) -> None:
    """The commands work as with the embedded engine; the settings come from the environment."""
    env = {
        "SOURCEBOT_INDEX_ENGINE": "postgresql",
        "SOURCEBOT_INDEX_DSN": alone.indexer.dsn,
        "SOURCEBOT_INDEX_SCHEMA": alone.indexer.schema,
    }
    assert run_cli("index", cwd=project.folder, env=env).status == 0
    ran = run_cli("ask", ANSWERED, cwd=project.folder, env=env)
    assert "3 March 2022" in ran.out
    assert ran.status == 0
    assert "north/ferry.txt" in run_cli("sources", cwd=project.folder, env=env).out
    assert run_cli("verify", cwd=project.folder, env=env).status == 0
    ran = run_cli("doctor", cwd=project.folder, env=env)
    assert (ran.status, "PostgreSQL 18" in ran.out, "pgvector" in ran.out) == (0, True, True)
    assert not (project.embeddings / "generations").exists()
    with psycopg.connect(alone.indexer.dsn) as connection:
        connection.execute(f"DELETE FROM {alone.indexer.schema}.words")
    ran = run_cli("doctor", "--repair", cwd=project.folder, env=env)
    assert (ran.status, "16 paragraphs" in ran.out) == (0, True)
    # A machine that only asks has no articles.
    project.sources.rename(project.folder / "elsewhere")
    ran = run_cli("ask", ANSWERED, cwd=project.folder, env=env)
    assert (ran.status, "3 March 2022" in ran.out, ran.err) == (0, True, "")


def test_an_index_moves_to_the_database_and_back(alone: Place, project: Project) -> None:
    """Another engine takes over all vectors, and neither index loses anything by it."""
    env = {"SOURCEBOT_INDEX_DSN": alone.indexer.dsn, "SOURCEBOT_INDEX_SCHEMA": alone.indexer.schema}
    assert "(16 embedded)" in run_cli("index", cwd=project.folder, env=env).out
    ran = run_cli("index", "--engine", "postgresql", cwd=project.folder, env=env)
    assert (ran.status, "(0 embedded)" in ran.out) == (0, True)
    there = {**env, "SOURCEBOT_INDEX_ENGINE": "postgresql"}
    asked = [
        json.loads(run_cli("ask", ANSWERED, "--json", cwd=project.folder, env=which).out)
        for which in (env, there)
    ]
    assert asked[0]["quotes"][0]["text"] == asked[1]["quotes"][0]["text"]
    shutil.rmtree(project.embeddings)
    ran = run_cli("index", cwd=project.folder, env=env)
    assert (ran.status, "(0 embedded)" in ran.out) == (0, True)
    # A database that is gone costs the economy alone.
    shutil.rmtree(project.embeddings)
    gone = {"SOURCEBOT_INDEX_DSN": "host=/nowhere dbname=none"}
    ran = run_cli("index", cwd=project.folder, env=gone)
    assert (ran.status, "(16 embedded)" in ran.out) == (0, True)


def test_parts(alone: Place, project: Project, tmp_path: Path) -> None:
    """Several machines embed, one writes: the index is as one machine alone makes it."""
    env = {
        "SOURCEBOT_INDEX_ENGINE": "postgresql",
        "SOURCEBOT_INDEX_DSN": alone.indexer.dsn,
        "SOURCEBOT_INDEX_SCHEMA": alone.indexer.schema,
    }
    other = tmp_path / "other"
    shutil.copytree(project.folder, other)
    embedded = 0
    for number, folder in ((1, project.folder), (2, other), (3, other)):
        ran = run_cli("index", "--part", f"{number}/3", cwd=folder, env=env)
        found = re.search(rf"Part {number}/3: (\d+) new paragraphs?, (\d+) embedded", ran.out)
        assert (ran.status, bool(found)) == (0, True), ran
        assert found
        assert found[1] == found[2]
        embedded += int(found[2])
    assert embedded == 16
    asked = run_cli("ask", ANSWERED, cwd=project.folder, env=env)
    assert (asked.status, "no index" in asked.err) == (1, True)
    ran = run_cli("index", cwd=project.folder, env=env)
    assert (ran.status, "16 paragraphs (0 embedded)" in ran.out) == (0, True)
    with psycopg.connect(alone.indexer.dsn) as connection:
        left = connection.execute(
            "SELECT to_regclass(%s)", [f"{alone.indexer.schema}.prepared"]
        ).fetchone()
        vectors = (
            f"SELECT vector, embedding::text FROM {alone.indexer.schema}.paragraphs ORDER BY 1"
        )
        shared = connection.execute(vectors).fetchall()
    assert left == (None,)
    assert run_cli("index", "--rebuild", cwd=project.folder, env=env).status == 0
    with psycopg.connect(alone.indexer.dsn) as connection:
        newest = vectors.replace(
            " ORDER",
            f" WHERE born = (SELECT max(born) FROM {alone.indexer.schema}.paragraphs) ORDER",
        )
        assert connection.execute(newest).fetchall() == shared


@pytest.mark.parametrize("wrong", ["0/4", "5/4", "1", "a/b", "1/0", "-1/2"])
def test_no_part(wrong: str, project: Project) -> None:
    """A part that there is not is refused, and one of an index that no other machine reaches."""
    ran = run_cli("index", f"--part={wrong}", cwd=project.folder)
    assert (ran.status, "write 1/4 for the first of four" in ran.err) == (2, True)
    ran = run_cli("index", "--part", "1/2", cwd=project.folder)
    assert (ran.status, "several machines reach" in ran.err) == (1, True)


def test_print_sql(shared_project: Project) -> None:
    """An administrator gets SQL for each server, by name."""
    ran = run_cli(
        *("index", "--print-sql", "--shard", "db1:5432", "--shard", "db2:5432"),
        cwd=shared_project.folder,
    )
    assert ran.status == 0
    assert "halfvec(384)" in ran.out
    assert [line for line in ran.out.splitlines() if line.startswith("-- On ")] == [
        "-- On db1:5432",
        "-- On db2:5432",
        "-- On the server that [index] dsn names",
    ]
    (alone,) = scripts(Names("mine"), 384)
    assert "PARTITION BY HASH" in alone.sql
    assert "FOREIGN" not in alone.sql
    assert run_cli("index", "--shard", "a:1", cwd=shared_project.folder).status == 2


@pytest.mark.parametrize("wrong", ["db1", ":5432", "db1:x", "d'b:1", "db 1:5432"])
def test_no_shard(wrong: str) -> None:
    """What is no HOST:PORT is refused by its name."""
    with pytest.raises(ConfigError, match="is no shard"):
        scripts(Names("sourcebot"), 384, [wrong])


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://bot:s3cr3t@127.0.0.1:1/x",
        "host=127.0.0.1 port=1 password=s3cr3t user=bot",
        "postgresql://bot:s3cr3t@[127.0.0.1:1/x",
        "host 127.0.0.1 password=s3cr3t",
        "host=/nowhere s3cr3t=1 password=s3cr3t",
    ],
)
def test_secrets_are_not_shown(project: Project, dsn: str) -> None:
    """No error of a connection shows the password, whether the server or the DSN is wrong."""
    settings = IndexConfig(engine="postgresql", dsn=dsn)
    with (
        pytest.raises((ConfigError, IndexUnreachable)) as wrong,
        reading(replace(project.config, index=settings)),
    ):
        pass
    assert "s3cr3t" not in "".join(traceback.format_exception(wrong.value))
    assert "s3cr3t" not in repr(settings)
    (project.folder / "config.toml").write_text(f'[index]\ndsn = "{dsn}"\n', "utf-8")
    with pytest.raises(ConfigError, match="holds a password") as told:
        load_config(project.folder, {})
    assert "s3cr3t" not in str(told.value)


def test_secrets_in_a_command(project: Project) -> None:
    """A command that cannot reach the database says so on two lines, without the password."""
    env = {
        "SOURCEBOT_INDEX_ENGINE": "postgresql",
        "SOURCEBOT_INDEX_DSN": "postgresql://bot:s3cr3t@127.0.0.1:1/x",
    }
    ran = run_cli("ask", ANSWERED, cwd=project.folder, env=env)
    assert (ran.status, len(ran.err.splitlines()), "s3cr3t" in ran.err) == (1, 2, False)


def test_without_psycopg(project: Project) -> None:
    """Who chooses the engine without its library is told what to install."""
    program = "import sys; sys.modules['psycopg'] = None\nfrom sourcebot.frontends.cli.main import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", program, "sources"],
        capture_output=True,
        text=True,
        check=False,
        cwd=project.folder,
        env={"SOURCEBOT_INDEX_ENGINE": "postgresql", "PYTHONPATH": ":".join(sys.path)},
    )
    assert done.returncode == 1
    assert 'pip install "sourcebot[postgresql]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_scores_without_a_server(tmp_path: Path) -> None:
    """The product of the two vectors is tantivy's score, for short and long texts and titles."""
    from sourcebot.index.embedded.lexical import LexicalIndex, add_to_lexical
    from sourcebot.index.postgres.bm25 import (
        Averages,
        KnownTerm,
        paragraph_vector,
        question_vector,
    )
    from sourcebot.index.postgres.ddl import DIMENSIONS

    rng = random.Random(3)
    words = [f"w{n}" for n in range(40)]
    rows = [
        (
            number,
            1,
            " ".join(rng.choices(words, k=rng.choice((0, 3, 23, 24, 39, 41, 57, 90, 400, 3000)))),
            " ".join(rng.choices(words, k=rng.choice((0, 1, 9, 50)))),
            "",
        )
        for number in range(1, 300)
    ]
    add_to_lexical(tmp_path / "lexical", rows)
    ids, scores = LexicalIndex(tmp_path / "lexical").search(words[:7], 1000)
    fields = [[[words.index(w) for w in str(row[f]).split()] for row in rows] for f in (2, 3)]
    averages = Averages(*(sum(map(len, texts)) / len(rows) for texts in fields))
    known = [
        KnownTerm(n, *(sum(n in text for text in texts) for texts in fields)) for n in range(7)
    ]
    asked = question_vector(known, len(rows))
    for number, score in zip(ids.tolist(), scores.tolist(), strict=True):
        body, title = (texts[number - 1] for texts in fields)
        dimensions, packed = paragraph_vector(body, title, averages)
        size = len(dimensions)
        assert np.frombuffer(packed, ">i4", 3).tolist() == [DIMENSIONS, size, 0]
        values = np.frombuffer(packed, ">f4", size, 12 + 4 * size)
        own = sum(asked.get(d, 0) * v for d, v in zip(dimensions, values.tolist(), strict=True))
        assert own == pytest.approx(score, rel=1e-5)
