"""The API for programs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ANSWERED, OFF_TOPIC
from prometheus_client.parser import text_string_to_metric_families
from web_running import client, with_web

from sourcebot.frontends.web.openapi import OPERATIONS, document
from sourcebot.frontends.web.words import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Project as Laid
    from httpx2 import Response
    from starlette.testclient import TestClient

    from sourcebot.answering.service import Service
    from sourcebot.embedding.embedder import OnnxEmbedder


def test_ask_and_its_permanent_link(site: TestClient) -> None:
    """A reply in schema 1, the same by POST and GET, and later what became of it."""
    asked = site.post("/v1/ask", json={"question": ANSWERED, "publisher": "quay"})
    reply = asked.json()
    assert reply["schema"] == 1
    assert reply["answered"] is True
    (quote, *_) = reply["quotes"]
    text = site.get("/file/bridge.md").content.decode()
    assert text[quote["start"] : quote["end"]] == quote["text"]
    again = site.get("/v1/ask", params={"question": ANSWERED, "publisher": "quay"}).json()
    assert again == reply
    given = site.get(f"/v1/answers/{reply['id']}").json()
    assert given["reply"]["quotes"] == reply["quotes"]
    assert given["filters"]["publisher"] == "quay"
    assert {s["standing"] for s in given["standings"]} == {"intact"}


def test_refusals_are_answers(site: TestClient) -> None:
    """That the articles do not answer is no error."""
    reply = site.post("/v1/ask", json={"question": OFF_TOPIC})
    assert reply.status_code == 200
    assert reply.json()["answered"] is False
    assert reply.json()["reason"] == "nothing_relevant"


def test_check(site: TestClient) -> None:
    """What the articles say of a claim, within the filters; its quotations are looked up."""
    claim = "The old harbour bridge at Lowmere was closed on 3 March 2022."
    check = site.post("/v1/check", json={"claim": claim, "publisher": "northern"}).json()
    assert check["verdict"] == "supports"
    assert {quote["source"]["file"] for quote in check["quotes"]} == {"copy.md"}
    quoted = {"claim": "She said “We could wait for another inspection”."}
    (quotation,) = site.post("/v1/check", json=quoted).json()["quotations"]
    assert (quotation["wording"], quotation["edits"]) == (
        "altered",
        [{"quoted": "", "original": "not"}],
    )
    assert site.post("/v1/check", json={"claim": "?"}).status_code == 422


def test_verify(site: TestClient) -> None:
    """The quotes of a reply are held against the files; forged ones are told."""
    reply = site.post("/v1/ask", json={"question": ANSWERED}).json()
    assert site.post("/v1/verify", json=reply).json()["verbatim"] is True
    reply["quotes"][0]["text"] = "The bridge was never closed."
    verified = site.post("/v1/verify", json=reply).json()
    assert verified["verbatim"] is False
    assert verified["standings"][0]["standing"] == "altered"
    nothing = site.post("/v1/verify", json={"question": ANSWERED}).json()
    assert nothing == {"verbatim": False, "standings": []}


def test_sources(site: TestClient) -> None:
    """The list in parts, and an article with its outline and a part of its text."""
    listed = site.get("/v1/sources", params={"limit": 2, "offset": 1}).json()
    assert (listed["total"], len(listed["sources"])) == (6, 2)
    article = site.get("/v1/sources/north%2Fferry.txt", params={"start": 4, "end": 9}).json()
    assert article["text"] == "night"
    assert site.get("/v1/sources/bees.md").json()["outline"][1]["text"] == "Why"
    assert site.get("/v1/sources/report.md").json()["kept"][0]["href"].startswith("/kept/")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "kind"),
    [
        ("POST", "/v1/ask", {"question": "?"}, 422, "question"),
        ("POST", "/v1/ask", {"question": "a" * 1001}, 422, "question"),
        ("POST", "/v1/ask", {"query": "x"}, 422, "request"),
        ("POST", "/v1/ask", {"question": "x", "since": "soon"}, 422, "request"),
        ("GET", "/v1/ask", None, 422, "request"),
        ("GET", "/v1/answers/abc", None, 404, "not-found"),
        ("GET", "/v1/sources/nowhere.md", None, 404, "not-found"),
        ("GET", "/v1/sources?limit=0", None, 422, "request"),
        ("GET", "/v1/nothing", None, 404, "not-found"),
        ("DELETE", "/v1/ask", None, 405, "method"),
        ("POST", "/v1/index", None, 403, "scope"),
    ],
)
def test_errors_are_problem_details(
    site: TestClient, method: str, path: str, body: object, status: int, kind: str
) -> None:
    """Every error has a status, a kind and words (RFC 9457)."""
    answer = site.request(method, path, json=body) if body else site.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"urn:sourcebot:problem:{kind}"
    assert answer.json()["status"] == status
    assert answer.json()["detail"]


def test_bodies_that_are_no_json(site: TestClient) -> None:
    """Another type is 415, broken JSON 422."""
    assert site.post("/v1/ask", content="question=x").status_code == 415
    broken = {"Content-Type": "application/json"}
    assert site.post("/v1/ask", content='{"question": ', headers=broken).status_code == 422


def test_chat_completions(site: TestClient) -> None:
    """Chat programs get the quotes in the text and in citations, at once or as a stream."""
    asked = {
        "model": "sourcebot",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": ANSWERED}]},
        ],
        "temperature": 0,
    }
    whole = site.post("/v1/chat/completions", json=asked).json()
    content = whole["choices"][0]["message"]["content"]
    assert "3 March 2022" in content
    assert content.startswith("> ")
    assert "3 March 2022" in whole["citations"][0]["text"]
    stream = site.post("/v1/chat/completions", json={**asked, "stream": True})
    assert stream.headers["content-type"].startswith("text/event-stream")
    events = [line.removeprefix("data: ") for line in stream.text.split("\n\n") if line]
    assert events[-1] == "[DONE]"
    chunks = [json.loads(event) for event in events[:-1]]
    assert (
        "".join(c["choices"][0]["delta"].get("content", "") for c in chunks).strip()
        == content.strip()
    )
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"
    assert chunks[-1]["citations"] == whole["citations"]
    assert site.get("/v1/models").json()["data"][0]["id"] == "sourcebot"
    none = {"messages": [{"role": "system", "content": "x"}]}
    assert site.post("/v1/chat/completions", json=none).status_code == 422


def chat(site: TestClient, *asked: str, **more: object) -> Response:
    """Return the answer to a chat in which a user has said this, and was answered."""
    messages = []
    for text in asked:
        messages += [{"role": "user", "content": text}, {"role": "assistant", "content": "…"}]
    return site.post("/v1/chat/completions", json={"messages": messages[:-1], **more})


def test_chats_go_on(site: TestClient) -> None:
    """A message may refer to those before it, also where these refer to others themselves."""
    first = "Who closed the old harbour bridge at Lowmere?"
    when = chat(site, first, "When was that?").json()
    assert "3 March 2022" in when["citations"][0]["text"]
    again = chat(site, "x" * 5000, "", first, "When was that?").json()
    assert again["citations"] == when["citations"]
    asked = {"question": "Why?", "after": [ANSWERED, "And who closed it?"]}
    assert "harbour bridge" in site.post("/v1/ask", json=asked).json()["meant"]


def test_streams_end_with_usage_where_that_is_wanted(site: TestClient) -> None:
    """As OpenAI's do, in a chunk without choices."""
    options = {"stream": True, "stream_options": {"include_usage": True}}
    events = chat(site, OFF_TOPIC, **options).text.split("\n\n")
    last = json.loads(events[-3].removeprefix("data: "))
    assert (last["choices"], last["usage"]["total_tokens"]) == ([], 0)


def test_errors_for_chat_programs(site: TestClient) -> None:
    """They show the message of an error in OpenAI's shape; other programs get none."""
    refused = chat(site, "a" * 1001)
    assert refused.status_code == 422
    assert "at most 1,000 are read" in refused.json()["error"]["message"]
    assert site.get("/v1/models/sourcebot").json()["id"] == "sourcebot"
    unknown = site.get("/v1/models/gpt-9")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "not-found")
    assert "error" not in site.get("/v1/sources/nowhere.md").json()


def test_hints_for_programs_name_no_commands(site: TestClient) -> None:
    """What the terminal would say is said of the API."""
    asked = {"question": ANSWERED, "publisher": "nobody"}
    assert site.post("/v1/ask", json=asked).json()["hint"] == "`GET /v1/sources` lists all"
    assert site.get("/v1/nothing").json()["hint"]
    assert site.delete("/v1/ask").json()["hint"]


def test_too_many_questions_a_minute(
    web_project: Laid, web_service: Service, tmp_path: Path
) -> None:
    """Whoever asks too often is told when to come again; others are not held up."""
    config = with_web(web_project.config, tmp_path / "web.sqlite", questions_per_minute=2)
    with client(config, web_service) as site:
        codes = [site.post("/v1/ask", json={"question": ANSWERED}).status_code for _ in range(3)]
        assert codes == [200, 200, 429]
        refused = site.post("/v1/ask", json={"question": ANSWERED})
        assert int(refused.headers["retry-after"]) > 0
        page = site.get("/", params={"q": ANSWERED})
        assert page.status_code == 429
        assert re.search(ENGLISH.minutes.format(seconds=r"\d+"), page.text)
        assert site.get("/read").status_code == 200


def test_busy(
    web_project: Laid, web_service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When too many wait, the answer is 503 with the time to come again."""
    from sourcebot.errors import ServiceBusy
    from sourcebot.project import Project

    def busy(*_: object) -> None:
        raise ServiceBusy("256 questions are waiting already", "ask again soon")

    with client(with_web(web_project.config, tmp_path / "web.sqlite"), web_service) as site:
        monkeypatch.setattr(Project, "submit", busy)
        for answer in (site.post("/v1/ask", json={"question": "Who?"}), site.get("/?q=Who")):
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "5"


def test_index(make_project: Callable[..., Laid], embedder: OnnxEmbedder, tmp_path: Path) -> None:
    """Whoever may can bring the index up to date, and see what it holds."""
    project = make_project(tmp_path / "project")
    project.index(embedder)
    with client(with_web(project.config, tmp_path / "web.sqlite", add=True)) as site:
        before = site.get("/v1/index").json()
        assert before["articles"] == 5
        project.write("new.txt", "A new mill opened at Orrin in 1999, and it grinds oats.\n")
        assert site.post("/v1/index").status_code == 202
        for _ in range(100):
            state = site.get("/v1/index").json()
            if not state["running"]:
                break
        assert (state["articles"], state["error"]) == (6, None)
        assert site.get("/health").json() == {"ok": True, "index": state["generation"]}
        assert site.get("/live").json() == {"ok": True}


def figures(site: TestClient) -> dict[tuple[str, ...], float]:
    """Return the figures of /metrics by name and labels."""
    answer = site.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_metrics(make_project: Callable[..., Laid], embedder: OnnxEmbedder, tmp_path: Path) -> None:
    """Questions are counted by outcome, their stages take no longer than they, the index is told."""
    project = make_project(tmp_path / "project")
    project.index(embedder)
    with client(with_web(project.config, tmp_path / "web.sqlite")) as site:
        assert figures(site)["sourcebot_question_seconds_count",] == 0
        for question in (ANSWERED, OFF_TOPIC, "?"):
            site.post("/v1/ask", json={"question": question})
        told = figures(site)
        names = [key[1] for key in told if key[0] == "sourcebot_questions_total"]
        assert sorted(names) == ["answered", "bad_question", "nothing_relevant"]
        assert told["sourcebot_question_seconds_count",] == 3
        stages = sum(told["sourcebot_stage_seconds_sum", s] for s in ("search", "read", "compose"))
        assert 0 < stages < told["sourcebot_question_seconds_sum",]
        assert told["sourcebot_stage_seconds_count", "read"] == 2
        assert told["sourcebot_index_articles",] == 5
        assert told["sourcebot_index_usable",] == 1
        assert 0 <= told["sourcebot_index_age_seconds",] < 3600
        assert [told[f"sourcebot_{n}",] for n in ("working", "waiting", "connections")] == [0, 0, 0]
        assert told["process_open_fds",] > 0


def test_description_is_whole(site: TestClient) -> None:
    """Every operation is described, and every reference leads somewhere."""
    described = site.get("/openapi.json").json()
    assert described == json.loads(json.dumps(document()))
    assert described["openapi"].startswith("3.1")
    names = set(described["components"]["schemas"])
    used = {part.split('"')[0] for part in json.dumps(described).split("#/components/schemas/")[1:]}
    assert used <= names
    routes = {(o.path, o.method) for o in OPERATIONS}
    app: Any = site.app
    served = {
        (route.path.replace(":path", ""), method.lower())
        for route in app.routes
        if route.path.startswith("/v1/")
        for method in route.methods - {"HEAD"}
    }
    assert routes == served
