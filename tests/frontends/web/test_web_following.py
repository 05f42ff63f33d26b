"""Followed questions, on the page and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from web_running import TOKENS, bearer, client, with_web

from sourcebot.config.loading import load_config
from sourcebot.frontends.web import following
from sourcebot.frontends.web.words import ENGLISH
from sourcebot.project import Project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Project as Laid
    from starlette.testclient import TestClient

    from sourcebot.embedding.embedder import OnnxEmbedder

QUESTION = "When did the mill at Orrin open?"
MILL = (
    "---\ntitle: The mill\npublisher: Northern Wire\n---\nThe mill at Orrin opened on 4 May 1999.\n"
)


@pytest.fixture
def own(make_project: Callable[..., Laid], embedder: OnnxEmbedder, tmp_path: Path) -> Laid:
    """A project of its own, indexed."""
    project = make_project(tmp_path / "project")
    project.index(embedder)
    return project


@pytest.fixture
def page(own: Laid, tmp_path: Path) -> Iterator[TestClient]:
    """Its page."""
    with client(with_web(own.config, tmp_path / "web.sqlite", add=True)) as opened:
        yield opened


def test_follow_under_a_refusal(own: Laid, page: TestClient) -> None:
    """The button stands under a refusal; what the next index brings stands on the page until seen."""
    refused = page.get("/", params={"q": QUESTION, "publisher": "wire"}).text
    assert ENGLISH.follow in refused
    made = page.post("/follow", data={"q": QUESTION, "publisher": "wire"})
    assert made.headers["location"] == "/follow"
    again = page.post("/follow", data={"q": QUESTION, "publisher": "wire"})
    assert (again.status_code, again.headers["location"]) == (303, "/follow")
    shown = page.get("/follow").text
    assert QUESTION in shown
    assert ENGLISH.follow_no_news in shown
    own.write("mill.md", MILL)
    with Project(own.config) as project:
        project.index()
    for _ in range(2):  # reading the page forgets nothing
        shown = page.get("/follow").text
        assert ENGLISH.happened["answered"] in shown
        assert '<mark class="strong">4 May 1999</mark>' in shown
    page.post("/follow/1", data={"do": "mute"})
    assert ENGLISH.happened["answered"] not in page.get("/follow").text
    page.post("/follow/1", data={"do": "unmute"})
    page.post("/follow/1", data={"do": "seen"})
    assert ENGLISH.follow_no_news in page.get("/follow").text
    page.post("/follow/1", data={"do": "end"})
    assert QUESTION not in page.get("/follow").text


def test_an_answer_offers_no_following(site: TestClient) -> None:
    """Where the articles answer, nothing is waited for."""
    assert (
        ENGLISH.follow
        not in site.get(
            "/", params={"q": "When was the old harbour bridge at Lowmere closed?"}
        ).text
    )


def test_by_the_api(own: Laid, page: TestClient) -> None:
    """Programs follow, list with what is new, mute, mark as seen, and end."""
    made = page.post("/v1/followed", json={"question": QUESTION, "publisher": "wire"})
    assert made.status_code == 201
    followed = made.json()
    assert (followed["filters"]["publisher"], followed["answered"]) == ("wire", False)
    again = page.post("/v1/followed", json={"question": QUESTION, "publisher": "wire"})
    assert again.status_code == 422
    assert "followed already" in again.json()["detail"]
    own.write("mill.md", MILL)
    with Project(own.config) as project:
        project.index()
    (listed,) = page.get("/v1/followed").json()["followed"]
    (news,) = listed["news"]
    assert news["happened"] == "answered"
    assert "4 May 1999" in news["reply"]["quotes"][0]["text"]
    path = f"/v1/followed/{listed['number']}"
    assert page.patch(path, json={"muted": True}).json()["news"] == []
    seen = page.patch(path, json={"muted": False, "seen": True}).json()
    assert (seen["muted"], seen["news"]) == (False, [])
    assert page.delete(path).json()["question"] == QUESTION
    assert page.delete(path).status_code == 404
    assert page.get("/v1/followed").json() == {"followed": []}


def test_each_token_has_its_own(own: Laid, tmp_path: Path) -> None:
    """Nobody sees, mutes or ends what another follows, and scopes hold when it is asked again."""
    tokens_file = tmp_path / "tokens"
    tokens_file.mkdir()
    (tokens_file / "config.toml").write_text(TOKENS)
    tokens = load_config(tokens_file, {}).web.tokens
    own.write("mill.md", MILL.replace("Northern Wire", "Secret Press"))
    config = with_web(own.config, tmp_path / "web.sqlite", tokens=tokens)
    with Project(own.config) as project:
        project.follow(QUESTION, place="")
    with client(config) as page:
        number = page.post(
            "/v1/followed", json={"question": QUESTION}, headers=bearer("quay")
        ).json()["number"]
        assert page.get("/v1/followed", headers=bearer("north")).json() == {"followed": []}
        for path in (f"/v1/followed/{number}", "/v1/followed/1", "/v1/followed/x"):
            assert page.delete(path, headers=bearer("north")).status_code == 404
            changed = page.patch(path, json={"muted": True}, headers=bearer("north"))
            assert changed.status_code == 404
        ended = page.post(f"/follow/{number}", data={"do": "end"}, headers=bearer("north"))
        assert ended.status_code == 404
        with Project(own.config) as project:
            project.index()
        (listed,) = page.get("/v1/followed", headers=bearer("quay")).json()["followed"]
        assert listed["news"] == []
        assert page.get("/v1/followed", headers=bearer("reader")).status_code == 403


def test_no_more_than_may_be(page: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of followed questions is bounded."""
    monkeypatch.setattr(following, "MOST_FOLLOWED", 1)
    page.post("/v1/followed", json={"question": QUESTION})
    more = page.post("/v1/followed", json={"question": "When was the tram built?"})
    assert more.status_code == 422
    assert page.post("/follow/1", data={"do": "burn"}).status_code == 422
