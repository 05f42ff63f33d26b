"""Adding by the page: files, addresses, progress."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import made_files
import pytest
from local_site import page as served
from local_site import serve
from web_running import client, with_web

from sourcebot.adding.formats import BY_SUFFIX
from sourcebot.frontends.web.adding import KINDS, safe_name
from sourcebot.frontends.web.german import GERMAN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Project
    from httpx2 import Response
    from starlette.testclient import TestClient

    from sourcebot.embedding.embedder import OnnxEmbedder

CONFIG = '[fetch]\nprivate_networks = ["127.0.0.1/32"]\ndelay = 0.0\n'
MILL = "<html><title>The mill at Orrin</title><body><article><h1>The mill at Orrin</h1>" + (
    "<p>The water mill at Orrin was built in 1742 by Elspeth Grant and grinds oats to this day.</p>"
    * 3
)


@pytest.fixture(scope="module")
def filled(
    make_project: Callable[..., Project],
    embedder: OnnxEmbedder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[TestClient]:
    """A page that people may add to."""
    project = make_project(tmp_path_factory.mktemp("adding") / "project", config=CONFIG)
    project.index(embedder)
    config = with_web(project.config, project.folder / "web.sqlite", add=True, upload_megabytes=1)
    with client(config) as opened:
        yield opened


def followed(site: TestClient, answer: Response) -> tuple[str, list[str]]:
    """Return the page of a job that has ended, and the events that led there."""
    assert answer.status_code == 303
    job = answer.headers["location"]
    with site.stream("GET", f"{job}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        events = re.findall(r"event: (\w+)\ndata: (.*)\n\n", stream.read().decode())
    assert [name for name, _ in events][-1] == "done"
    return site.get(job).text, [json.loads(data) for _, data in events]


def test_files_are_added_and_answer(filled: TestClient) -> None:
    """A dropped PDF file becomes an article, is indexed, and is quoted at once."""
    data = made_files.pdf(made_files.TUNNEL, title="Report on the Penfold tunnel")
    files = [("files", ("../../Penfold report.pdf", data)), ("files", ("notes.xyz", b"\x00\x01"))]
    page, events = followed(filled, filled.post("/add", files=files))
    assert "added" in page
    assert "notes.xyz" in page
    assert re.search(r"failed|skipped", page)
    (href,) = re.findall(r'href="(/read/[^"]+)"', page)
    assert "Report on the Penfold tunnel" in filled.get(href).text
    assert "progress" in events[0]
    assert "crumble" in filled.get("/", params={"q": "Why was the Penfold tunnel closed?"}).text


def test_addresses_are_fetched(filled: TestClient) -> None:
    """A page of the web becomes an article."""
    with serve({"/mill": served(MILL.encode())}) as site:
        page, _ = followed(filled, filled.post("/add", data={"address": site.url("/mill")}))
    assert "added" in page


@pytest.mark.parametrize(
    "address",
    ["/etc/passwd", "file:///etc/passwd", "config.toml", "javascript:alert(1)", "C:\\x.txt"],
)
def test_paths_are_no_addresses(filled: TestClient, address: str) -> None:
    """Nothing of the server's own disk can be added."""
    answer = filled.post("/add", data={"address": address})
    assert answer.status_code == 422
    assert "is no address of the web" in answer.text


def test_the_form_names_what_is_read(filled: TestClient) -> None:
    """The dialog for files offers every ending that becomes an article, and the page lists them."""
    assert sorted(BY_SUFFIX) == KINDS
    page = filled.get("/add").text
    assert f'accept="{",".join(KINDS)}"' in page
    assert " ".join(KINDS) in page


def test_what_cannot_be_added(filled: TestClient) -> None:
    """Nothing at all, and files that are too large, are told."""
    nothing = filled.post("/add", data={"address": ""}, headers={"Accept-Language": "de"})
    assert (nothing.status_code, GERMAN.add_nothing in nothing.text) == (422, True)
    assert 'type="file"' in nothing.text
    large = filled.post("/add", files={"files": ("large.txt", b"x" * 1_500_000)})
    assert large.status_code == 413
    assert "larger than 1 MB" in large.text
    assert filled.post("/add", files={"files": ("huge.txt", b"x" * 3_000_000)}).status_code == 413
    assert filled.get("/add/nothing").status_code == 404


def test_adding_is_off_by_default(site: TestClient) -> None:
    """Without `add` in the settings there is no form."""
    assert site.get("/add").status_code == 403
    assert site.post("/add", data={"address": "https://example.org"}).status_code == 403


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        (".htaccess", "htaccess"),
        ("a\r\nb\x00.txt", "a b_.txt"),
        ("\u202efdp.exe", "fdp.exe"),
        ("...", "file"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
    ],
)
def test_names_of_files(given: str, safe: str) -> None:
    """A file keeps its name as far as that is harmless."""
    assert safe_name(given) == safe
