"""What all tests share: an isolated environment, one real model, small projects."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

import sourcebot
from sourcebot.answering.opening import open_service
from sourcebot.config.loading import load_config
from sourcebot.config.settings import Config
from sourcebot.embedding.embedder import Embedder, OnnxEmbedder
from sourcebot.embedding.exported import model_folder
from sourcebot.embedding.model_files import SHIPPED
from sourcebot.index.open import build_index

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from discord_running import RunningBot
    from discord_standin import StandIn
    from starlette.testclient import TestClient

    from sourcebot.adding.model import Original
    from sourcebot.answering.service import Service
    from sourcebot.types import Summary

settings.register_profile(
    "suite", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")

BRIDGE = """---
title: Harbour bridge at Lowmere closed
publisher: The Quay Gazette
author: Ines Okoro
published: 2022-03-04
url: https://quay.example/bridge
---
The old harbour bridge at Lowmere was closed on 3 March 2022 after engineers found cracks in two of its main beams.

The council said that the repairs would cost £2.4 million and take about eight months.

“We could not wait for another inspection,” said Marta Lindqvist, the county engineer. Lorries will be sent round by Penfold.
"""
COPY = """---
title: Cracks shut Lowmere bridge
publisher: Northern Wire
published: 2022-03-05
---
The old harbour bridge at Lowmere was closed on 3 March 2022 after engineers found cracks in two of its main beams.

Shopkeepers in the lower town fear a quiet spring.
"""
LIBRARY = """12/09/2023 10:15 BST | Updated 13/09/2023 07:40 BST

Tarnwick Library Reopens With a Roof Garden

Readers wait four hours on the first day

Jo Harle - Agency via Getty Images

The public library of Tarnwick reopened on Monday after a fire in 2019 destroyed its upper floor.

The new building holds 84,000 books and a roof garden with forty apple trees, the librarian Ada Brandt said.

Members of the parish voted 20 to 12 to keep the library open on Sundays.
"""
FERRY = """The night ferry between Saltholm and Varn will stop running in October, its owner announced on Friday.
Passenger numbers fell to 310 a day last winter, from 900 a day ten years ago.
The company blamed the price of diesel and the opening of the Varn tunnel.
Its captain, Oskar Fjeld, has steered the ship since 1998.
"""
BEES = """# Beekeeping on Mount Ansel

Beekeepers on Mount Ansel harvested eleven tonnes of heather honey this year, the most since records began in 1931.

## Why

- A warm May brought the heather into flower early.
- No hive was lost to mites.

| Year | Honey |
| --- | --- |
| 2021 | seven tonnes |
| 2022 | eleven tonnes |
"""
ARTICLES = {
    "bridge.md": BRIDGE,
    "copy.md": COPY,
    "library.txt": LIBRARY,
    "north/ferry.txt": FERRY,
    "bees.md": BEES,
}
ANSWERED = "When was the old harbour bridge at Lowmere closed?"
NOT_STATED = "Who built the old harbour bridge at Lowmere?"
OFF_TOPIC = "Which chess opening did Capablanca prefer against the French defence?"


@pytest.fixture(autouse=True)
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No variables of the user, no network, an empty current folder."""
    for name in list(os.environ):
        if name.startswith("SOURCEBOT_") or name in {"FORCE_COLOR", "NO_COLOR", "COLUMNS"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def exported() -> Path:
    """The folder of the default model, as it comes with sourcebot."""
    return SHIPPED


@pytest.fixture(scope="session")
def embedder(exported: Path) -> OnnxEmbedder:
    """The default model, open."""
    return OnnxEmbedder(exported)


@dataclass(frozen=True)
class Project:
    """A project folder of a test."""

    folder: Path

    @property
    def config(self) -> Config:
        """The settings as sourcebot would load them."""
        return load_config(self.folder, {})

    @property
    def sources(self) -> Path:
        """The folder of the articles."""
        return self.folder / "sources"

    @property
    def embeddings(self) -> Path:
        """The folder of the index."""
        return self.folder / "embeddings"

    def write(self, name: str, content: str | bytes) -> Path:
        """Write an article as it is, byte for byte, noticeably newer than any before."""
        path = self.sources / name
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.stat().st_mtime_ns if path.exists() else 0
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        if before:
            later = max(path.stat().st_mtime_ns, before + 1_000_000_000)
            os.utime(path, ns=(later, later))
        return path

    def index(self, embedder: Embedder, **options: object) -> Summary:
        """Build or update the index in this process."""
        return build_index(self.config, embedder, **options)  # type: ignore[arg-type]

    def service(self) -> Service:
        """Open the service."""
        return open_service(self.config, lambda _: None, lambda *_: None)

    def opened(self) -> sourcebot.Project:
        """Open the project as programs do."""
        return sourcebot.open_project(self.folder)

    def generations(self) -> set[str]:
        """Return the names of what lies in the folder of the generations."""
        return {path.name for path in (self.embeddings / "generations").iterdir()}


@pytest.fixture(scope="session")
def make_project(exported: Path) -> Callable[..., Project]:
    """A function that lays a project out: articles by name, and config.toml.

    With ``own_model`` it has an export of its own, as version 0.1.0 made one.
    """

    def make(
        folder: Path,
        articles: Mapping[str, str | bytes] = ARTICLES,
        config: str = "",
        *,
        own_model: bool = False,
    ) -> Project:
        project = Project(folder)
        (folder / "sources").mkdir(parents=True)
        for name, content in articles.items():
            project.write(name, content)
        if config:
            (folder / "config.toml").write_text(config, "utf-8")
        if own_model:
            shutil.copytree(exported, model_folder(Config(project=folder)))
        return project

    return make


@pytest.fixture
def project(make_project: Callable[..., Project], tmp_path: Path) -> Project:
    """A project with the sample articles, not indexed."""
    return make_project(tmp_path / "project")


@pytest.fixture(scope="session")
def shared_project(
    make_project: Callable[..., Project],
    embedder: OnnxEmbedder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Project:
    """The sample articles, indexed once; tests only read it."""
    project = make_project(tmp_path_factory.mktemp("shared") / "project")
    project.index(embedder)
    return project


@pytest.fixture(scope="session")
def shared_service(shared_project: Project) -> Service:
    """The service of the shared project."""
    return shared_project.service()


@dataclass(frozen=True)
class Ran:
    """What a command printed and its exit status."""

    status: int
    out: str
    err: str


def run_cli(
    *arguments: str | bytes | Path,
    cwd: Path | None = None,
    stdin: str | bytes = b"",
    env: Mapping[str, str] | None = None,
    **options: object,
) -> Ran:
    """Run the command line as users do, in a process of its own. It must never show a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "sourcebot", *arguments],
        cwd=cwd,
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        env={**os.environ, **(env or {})},
        timeout=300,
        check=False,
        **options,  # type: ignore[call-overload]
    )
    ran = Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
    assert "Traceback" not in ran.err, ran.err
    assert "Warning" not in ran.err, ran.err
    return ran


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read what is added in this process: a new one takes seconds to load what reads pages."""
    from sourcebot.adding import add, workers

    class Here(workers.Workers[object]):
        def run(self, originals: Iterable[Original]) -> Iterator[tuple[Original, object]]:
            for original in originals:
                yield original, workers.what_was_read(self._read, original)

    monkeypatch.setattr(add, "Workers", Here)


@pytest.fixture
def unprivileged_after() -> Iterator[Callable[[], None]]:
    """A function after whose call file permissions count, even where tests run as root."""
    root = os.geteuid() == 0

    def drop() -> None:
        if root:
            os.seteuid(65534)

    yield drop
    if root:
        os.seteuid(0)


@pytest.fixture
def standin(tmp_path: Path) -> Iterator[StandIn]:
    """A stand-in of Discord; what the bot does wrong there fails the test."""
    from discord_standin import StandIn

    standin = StandIn(tmp_path)
    yield standin
    standin.stop()
    assert standin.server.violations == []


@pytest.fixture
def start_bot(
    standin: StandIn, shared_service: Service, tmp_path: Path
) -> Iterator[Callable[..., RunningBot]]:
    """A function that starts the bot, by default with the shared service; stopped in the end."""
    from discord_running import RunningBot

    bots: list[RunningBot] = []

    def start(service: Service | None = None, **settings: object) -> RunningBot:
        database = tmp_path / "bot" / "bot.sqlite"
        bots.append(RunningBot(standin, service or shared_service, database, **settings))
        return bots[-1].online()

    yield start
    for bot in bots:
        bot.stop()


@pytest.fixture
def bot(start_bot: Callable[..., RunningBot]) -> RunningBot:
    """The bot, online."""
    return start_bot()


@pytest.fixture(scope="session")
def web_project(
    make_project: Callable[..., Project], tmp_path_factory: pytest.TempPathFactory
) -> Project:
    """The sample articles and one of a PDF file, indexed; tests only read it."""
    import made_files

    from sourcebot.project import open_project

    project = make_project(tmp_path_factory.mktemp("web") / "project")
    report = project.folder / "report.pdf"
    report.write_bytes(made_files.pdf(made_files.TUNNEL, title="Report on the Penfold tunnel"))
    with open_project(project.folder) as opened:
        assert opened.add(str(report)).whole
    return project


@pytest.fixture(scope="session")
def web_service(web_project: Project) -> Iterator[Service]:
    """What answers from it, open once."""
    service = web_project.service()
    yield service
    service.close()


@pytest.fixture(scope="session")
def site(
    web_project: Project, web_service: Service, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """A client of the page that needs no token; adding is off."""
    from web_running import client, with_web

    database = tmp_path_factory.mktemp("answers") / "web.sqlite"
    with client(with_web(web_project.config, database), web_service) as opened:
        yield opened
