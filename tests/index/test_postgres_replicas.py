"""Questions asked of a replica: while it lives, lags, dies and returns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest
from conftest import ANSWERED, BRIDGE
from postgres_servers import Cluster, Server, cluster_of

from sourcebot.answering.opening import open_service
from sourcebot.config.settings import IndexConfig
from sourcebot.errors import IndexUnreachable
from sourcebot.index.open import build_index
from sourcebot.types import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Project

    from sourcebot.answering.service import Service
    from sourcebot.embedding.embedder import OnnxEmbedder


@pytest.fixture(scope="module")
def pair() -> Iterator[Cluster]:
    """A server and a replica of it, which streams what the first one writes."""
    for cluster in cluster_of(1):
        first, folder = cluster.servers[0], cluster.folder
        rules = folder / "rules"
        rules.write_text(f"{rules.read_text()}local replication postgres trust\n")
        cluster.run("/bin/cp", rules, folder / "data0" / "pg_hba.conf")
        cluster.run(cluster.programs / "pg_ctl", "-D", folder / "data0", "reload")
        copying = ("-h", folder, "-p", str(first.port), "-U", "postgres", "-R", "-c", "fast")
        cluster.run(cluster.programs / "pg_basebackup", *copying, "-D", folder / "data1")
        cluster.servers.append(Server(folder, first.port + 1))
        cluster.start(1)
        yield cluster


@pytest.fixture
def index(pair: Cluster, project: Project, embedder: OnnxEmbedder) -> IndexConfig:
    """The articles, indexed on the first server."""
    settings = IndexConfig(engine="postgresql", dsn=pair.servers[0].dsn(), schema="replicated")
    build_index(replace(project.config, index=settings), embedder)
    wait_for_replica(pair)
    return settings


def asked_of_both(pair: Cluster, index: IndexConfig, attributes: str) -> IndexConfig:
    """Return the settings of somebody whose DSN names both servers."""
    hosts = ",".join(str(server.folder) for server in pair.servers)
    ports = ",".join(str(server.port) for server in pair.servers)
    dsn = f"host={hosts} port={ports} user=postgres dbname=postgres"
    return replace(index, dsn=f"{dsn} target_session_attrs={attributes}")


def wait_for_replica(pair: Cluster) -> None:
    """Wait until the replica has all that the first server has written."""
    with psycopg.connect(pair.servers[0].dsn(), autocommit=True) as first:
        ((place,),) = first.execute("SELECT pg_current_wal_lsn()").fetchall()
    with psycopg.connect(pair.servers[1].dsn(), autocommit=True) as second:
        for _ in range(600):
            query = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn, pg_sleep(0.1)"
            if second.execute(query, [place]).fetchall()[0][0]:
                return
    pytest.fail("the replica did not follow within a minute")


def opened(project: Project, settings: IndexConfig) -> Service:
    """Return a service that asks the database."""
    config = replace(project.config, index=settings)
    return open_service(config, lambda _: None, lambda *_: None, models=project.config)


def askers(server: Server) -> int:
    """Return how many connections of sourcebot a server has."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'sourcebot'"
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        ((count,),) = connection.execute(query).fetchall()
    return int(count)


def test_a_replica_answers_dies_and_returns(
    pair: Cluster, index: IndexConfig, project: Project, embedder: OnnxEmbedder
) -> None:
    """Named first, it answers; once it is gone the next question goes to the first server."""
    service = opened(project, asked_of_both(pair, index, "prefer-standby"))
    assert isinstance(service.ask(ANSWERED), Answer)
    assert [askers(server) for server in pair.servers] == [0, 1]
    pair.stop(1)
    assert isinstance(service.ask(ANSWERED), Answer)
    assert askers(pair.servers[0]) == 1
    pair.start(1)
    service.close()
    wait_for_replica(pair)
    again = opened(project, asked_of_both(pair, index, "prefer-standby"))
    assert isinstance(again.ask(ANSWERED), Answer)
    assert [askers(server) for server in pair.servers] == [0, 1]
    again.close()


def test_without_any_server_of_the_kind_asked_for(
    pair: Cluster, index: IndexConfig, project: Project
) -> None:
    """Where only replicas may be asked and none is there, that is said."""
    service = opened(project, asked_of_both(pair, index, "standby"))
    assert isinstance(service.ask(ANSWERED), Answer)
    pair.stop(1)
    with pytest.raises(IndexUnreachable):
        service.ask(ANSWERED)
    pair.start(1)
    wait_for_replica(pair)
    assert isinstance(service.ask(ANSWERED), Answer)
    service.close()


def test_a_replica_that_lags_answers_from_what_it_has(
    pair: Cluster, index: IndexConfig, project: Project, embedder: OnnxEmbedder
) -> None:
    """It gives whole answers of the index before, and the new ones once it has caught up."""
    config = replace(project.config, index=index)
    service = opened(project, asked_of_both(pair, index, "standby"))
    with psycopg.connect(pair.servers[1].dsn(), autocommit=True) as second:
        second.execute("SELECT pg_wal_replay_pause()")
        before = service.refresh().name
        project.write("bridge.md", BRIDGE.replace("eight months", "nine months"))
        build_index(config, embedder)
        assert service.refresh().name == before
        reply = service.ask(ANSWERED)
        assert isinstance(reply, Answer)
        second.execute("SELECT pg_wal_replay_resume()")
    wait_for_replica(pair)
    assert service.refresh().name != before
    service.close()


def test_a_replica_that_breaks_off_a_question(
    pair: Cluster, index: IndexConfig, project: Project
) -> None:
    """A question that keeps a replica from following may be ended by it: that is said."""
    pair.stop(1)
    pair.start(1, "-c listen_addresses= -c max_standby_streaming_delay=0")
    wait_for_replica(pair)
    service = opened(project, asked_of_both(pair, index, "standby"))
    with service.reading() as snapshot:
        assert snapshot.store.articles()
        with psycopg.connect(pair.servers[0].dsn(), autocommit=True) as first:
            first.execute("UPDATE replicated.articles SET title = title")
            first.execute("VACUUM FULL replicated.articles")
        wait_for_replica(pair)
        with pytest.raises(IndexUnreachable, match="broke off"):
            snapshot.store.articles()
    assert isinstance(service.ask(ANSWERED), Answer)
    service.close()
