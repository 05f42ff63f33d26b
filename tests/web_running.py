"""The page in tests: within this process, or listening on a free port in a thread of its own."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.testclient import TestClient

from sourcebot.frontends.mcp.run import mounted
from sourcebot.frontends.web.access import digest_of
from sourcebot.frontends.web.app import make_app
from sourcebot.frontends.web.server import PatientProtocol, listening
from sourcebot.project import Project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sourcebot.answering.service import Service
    from sourcebot.config.settings import Config

HOST = "http://127.0.0.1"
TOKENS = "".join(
    f'[[web.tokens]]\nname = "{name}"\nsha256 = "{digest_of(f"token-{name}")}"\n{rest}\n'
    for name, rest in {
        "reader": 'scopes = ["read"]',
        "asker": 'scopes = ["ask"]',
        "north": 'scopes = ["ask", "read"]\nsources = ["north/*"]',
        "quay": 'scopes = ["ask", "read"]\npublishers = ["quay"]',
        "adder": 'scopes = ["add"]',
        "chief": 'scopes = ["ask", "read", "add", "admin"]',
    }.items()
)
"""Settings with tokens, each the word "token-" with its name."""


def bearer(name: str) -> dict[str, str]:
    """Return the header of a token of ``TOKENS``."""
    return {"Authorization": f"Bearer token-{name}"}


def with_web(config: Config, database: Path, **changes: Any) -> Config:
    """Return settings whose page keeps its answers in ``database``, without a limit of questions."""
    web: dict[str, Any] = {
        "database": str(database),
        "questions_per_minute": 0,
        "port": 0,
        **changes,
    }
    return replace(config, web=replace(config.web, **web))


@contextlib.contextmanager
def client(config: Config, service: Service | None = None) -> Iterator[TestClient]:
    """Give a client of the page; what the server fails at is an answer, no exception here."""
    with (
        Project(config, service=service) as project,
        TestClient(
            make_app(project, mounted(project)), HOST, raise_server_exceptions=False
        ) as opened,
    ):
        opened.follow_redirects = False
        yield opened


@contextlib.contextmanager
def running(
    config: Config,
    service: Service | None = None,
    prepare: Callable[[Project], None] = lambda _: None,
) -> Iterator[str]:
    """Serve the page on a free port of this machine and give its address.

    ``prepare`` is given the project before it is served.
    """
    with Project(config, service=service) as project:
        prepare(project)
        app = make_app(project, mounted(project))
        with contextlib.closing(listening(config.web)) as opened:
            settings = uvicorn.Config(
                app, http=PatientProtocol, ws="none", log_config=None, timeout_graceful_shutdown=5
            )
            server = uvicorn.Server(settings)
            thread = threading.Thread(target=server.run, args=([opened],))
            thread.start()
            try:
                yield f"{HOST}:{opened.getsockname()[1]}"
            finally:
                server.should_exit = True
                thread.join()
