"""Attacks on the page, the API and the tools: each is refused, or harmless."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import lxml.html
import made_files
import pytest
from conftest import ANSWERED, BRIDGE, FERRY
from local_site import page as served
from local_site import serve
from web_running import TOKENS, bearer, client, running, with_web

from sourcebot.config.loading import load_config
from sourcebot.frontends.web import guard, server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Project
    from starlette.testclient import TestClient

    from sourcebot.answering.service import Service
    from sourcebot.embedding.embedder import OnnxEmbedder

SECRET = "The vault code is four seven one one, said the night porter of Orrin."
QUESTION = "What is the vault code?"

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '"><iframe src=https://evil.example></iframe>',
    "' autofocus onfocus=alert(1) x='",
    "</title><script src=//evil.example/x.js></script>",
    "{{ 7*7 }}{% include '/etc/passwd' %}",
    "[click](javascript:alert(1))",
    "![x](https://evil.example/pixel.gif)",
    '<a href="javascript:alert(1)">x</a>',
    "<style>*{display:none}</style>",
    "<form action=https://evil.example><input name=q></form>",
    "<meta http-equiv=refresh content=0;url=https://evil.example>",
    "<base href=https://evil.example/>",
    "<div hx-get=/add hx-trigger=load data-hx-get=/x>x</div>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u202e\u2066<b>turned</b>\u200b",
    "<!-- --><math><mtext><script>alert(1)</script>",
]
KNOWN = {"/static/htmx-4.0.1.min.js", "/static/page.js"}


def harmless(page: str) -> None:
    """Hold a page to having no script, handler, frame or address of anybody else."""
    tree = lxml.html.document_fromstring(page)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in {"iframe", "object", "embed", "base", "style", "math"}
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (element.tag, name)
            if name.endswith(("href", "src", "action", "formaction", "poster", "cite")):
                assert urlsplit(value.strip()).scheme in {"", "http", "https"}, value
        if element.tag == "script":
            assert element.get("src", "").split("?")[0] in KNOWN
        if element.tag in {"img", "link", "form", "script"}:
            address = element.get("src") or element.get("href") or element.get("action") or "/"
            assert address.startswith("/"), address
            assert not address.startswith("//")
        for name in element.attrib:
            if name.startswith(("hx-", "data-hx-")):
                assert element.tag in {"form", "a", "div"}
                assert element.get("hx-trigger") in {None, "submit, change, input delay:300ms"}


@pytest.fixture(scope="module")
def hostile(
    make_project: Callable[..., Project],
    embedder: OnnxEmbedder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[TestClient]:
    """A page over articles that hold each payload in every place that is shown."""
    articles = {}
    for number, payload in enumerate(PAYLOADS):
        value = json.dumps(payload)
        articles[f"p{number}/{quote(payload, safe=' <>')[:60]}.md"] = (
            f"---\ntitle: {value}\npublisher: {value}\nauthor: {value}\nurl: {value}\n---\n"
            f"# {payload}\n\nThe keeper of lighthouse number {number} is called Ansgar{number} {payload}.\n\n"
            f"> {payload}\n\n| {payload} | b |\n|---|---|\n| {payload} | c |\n\n    {payload}\n"
        )
    project = make_project(tmp_path_factory.mktemp("hostile") / "project", articles)
    project.index(embedder)
    with client(with_web(project.config, project.folder / "web.sqlite", add=True)) as opened:
        yield opened


@pytest.mark.parametrize("number", range(len(PAYLOADS)))
def test_payloads_in_articles_are_text(hostile: TestClient, number: int) -> None:
    """In titles, names, addresses, texts and file names: shown as text on every page."""
    asked = f"What is the keeper of lighthouse number {number} called?"
    listed = hostile.get("/v1/sources", params={"text": f"p{number}/", "limit": 1}).json()
    file = listed["sources"][0]["file"]
    reply = hostile.get("/v1/ask", params={"question": asked, "source": file}).json()
    for path in (
        f"/?{'q=' + quote(asked)}&source={quote(file)}",
        f"/?q={quote(PAYLOADS[number])}",
        "/read",
        f"/read?text={quote(PAYLOADS[number])}&publisher={quote(PAYLOADS[number])}",
        f"/read/{quote(file)}",
        f"/read/{quote(file)}?at=10-50&words=12-20",
        reply["permalink"],
        f"/nowhere/{quote(PAYLOADS[number])}",
        f"/sign-in?next={quote(PAYLOADS[number])}",
        f"/?q={quote(asked)}&source={quote(file)}&after={quote(PAYLOADS[number])}",
        f"/check?claim={quote(PAYLOADS[number])}",
        f"/timeline?topic={quote(PAYLOADS[number])}",
        "/gaps",
    ):
        answer = hostile.get(path)
        harmless(answer.text)
        assert answer.headers["content-security-policy"] == guard.CONTENT_SECURITY_POLICY
    for ending in ("md", "txt", "bib", "ris", "csl.json"):
        made = hostile.get(f"{reply['permalink']}.{ending}")
        assert "text/html" not in made.headers["content-type"]
        assert made.headers["x-content-type-options"] == "nosniff"


def test_payloads_in_drafts_and_followed_questions(hostile: TestClient) -> None:
    """What is checked, quoted and followed is text as well, in the page, its events and its files."""
    claims = [
        f"The keeper of lighthouse number {n} is called Ansgar{n} “{payload}” {payload}."
        for n, payload in enumerate(PAYLOADS[:6])
    ]
    link = hostile.post("/check", data={"text": "\n\n".join(claims)}).headers["location"]
    with hostile.stream("GET", f"{link}/events") as events:
        harmless(json.loads(events.read().decode().split("data: ")[-1]))
    page = hostile.get(link).text
    harmless(page)
    assert "Ansgar0" in page
    for ending in ("md", "json"):
        assert "text/html" not in hostile.get(f"{link}.{ending}").headers["content-type"]
    for payload in PAYLOADS[:3]:
        asked = {"q": f"Who painted {payload}?", "source": payload}
        assert hostile.post("/follow", data=asked).status_code in {303, 422}
        assert hostile.post("/follow", data={"q": f"Who painted {payload}?"}).status_code == 303
    harmless(hostile.get("/follow").text)
    topic = "the keeper of lighthouse number 3"
    harmless(hostile.get("/timeline", params={"topic": topic}).text)


def test_payloads_in_a_feed(
    make_project: Callable[..., Project], embedder: OnnxEmbedder, tmp_path: Path
) -> None:
    """What a feed and its pages say is text when it is added, too."""
    payload = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    escaped = payload.replace("<", "&lt;")
    config = '[fetch]\nprivate_networks = ["127.0.0.1/32"]\ndelay = 0.0\n'
    project = make_project(tmp_path / "project", config=config)
    project.index(embedder)
    with serve({}) as web, client(with_web(project.config, tmp_path / "w", add=True)) as site:
        body = "<p>The mill was built in 1742, and it grinds oats to this very day.</p>" * 4
        web.pages["/a"] = served(
            f"<html><title>{escaped}</title><article>{body}</article>".encode()
        )
        feed = f"<rss version='2.0'><channel><title>{escaped}</title><item><title>{escaped}</title><link>{web.url('/a')}</link></item></channel></rss>"
        web.pages["/feed"] = served(feed.encode(), "application/rss+xml")
        job = site.post("/add", data={"address": web.url("/feed")}).headers["location"]
        with site.stream("GET", f"{job}/events") as events:
            harmless(json.loads(events.read().decode().split("data: ")[-1]))
        harmless(site.get(job).text)
        harmless(site.get("/read").text)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example:8317",
        "127.0.0.1@evil.example", "[::1].evil.example", "127.1", "0.0.0.0", "", "localhost:80:80",
    ],
)  # fmt: skip
def test_names_that_are_not_ours(site: TestClient, host: str) -> None:
    """A page that makes its own name point here (DNS rebinding) gets nothing."""
    for path in ("/", "/v1/sources", "/mcp", "/static/page.js"):
        assert site.get(path, headers={"Host": host}).status_code == 421


def test_names_of_a_server_for_others(site: TestClient, guarded: TestClient) -> None:
    """Where others may come, it is reached by its addresses and the names set, by no other name."""
    for host in ("192.0.2.7:8317", "[2001:db8::7]", "archive.example", "archive.example:443"):
        assert guarded.get("/live", headers={"Host": host}).status_code == 200, host
        assert site.get("/live", headers={"Host": host}).status_code == 421, host
    for host in ("evil.example", "192.0.2.7.evil.example", "192.0.2", "archive.example@192.0.2.7"):
        refused = guarded.get("/live", headers={"Host": host})
        assert (refused.status_code, host in refused.json()["detail"]) == (421, True)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1.evil.example"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "file://127.0.0.1"},
        {"Origin": "http://127.0.0.1@evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_requests_from_other_pages(site: TestClient, headers: dict[str, str]) -> None:
    """A page of somebody else cannot ask, add or index by the visitor's browser."""
    for path in (
        "/v1/ask",
        "/v1/index",
        "/add",
        "/mcp",
        "/sign-out",
        "/check",
        "/follow",
        "/v1/followed",
    ):
        assert site.post(path, headers=headers, json={"question": "x"}).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/read/../config.toml", "/read/%2e%2e/config.toml", "/read/..%2fconfig.toml",
        "/read/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/file/../config.toml", "/file//etc/passwd",
        "/file/%2Fetc%2Fpasswd", "/file/bridge.md%00.txt", "/file/..%5c..%5cconfig.toml",
        "/file/C:%5Cconfig.toml", "/kept/report.md?name=../../config.toml",
        "/kept/report.md?name=ledger.jsonl", "/kept/%2e%2e?name=ledger.jsonl",
        "/kept/../originals/report.md?name=x", "/static/../app.py", "/static/%2e%2e/app.py",
        "/static/..%2fapp.py", "/picture/../config.toml?page=1&at=0-9",
        "/v1/sources/..%2Fconfig.toml", "/v1/sources/%2Fetc%2Fpasswd", "/file/.hidden.md",
        "/file/linked.md",
    ],
)  # fmt: skip
def test_files_that_are_none_of_ours(web_project: Project, site: TestClient, path: str) -> None:
    """No way of writing a path leads to a file that is not an article of the index."""
    (web_project.sources / ".hidden.md").write_text(SECRET)
    with contextlib.suppress(FileExistsError):
        (web_project.sources / "linked.md").symlink_to("/etc/passwd")
    try:
        answer = site.get(path)
    finally:
        (web_project.sources / ".hidden.md").unlink()
        (web_project.sources / "linked.md").unlink()
    assert answer.status_code in {303, 400, 404, 422}, answer.status_code
    for leaked in ("root:x", "[web]", "vault", "make_app", '"origin"'):
        assert leaked not in answer.text


@pytest.mark.parametrize(
    "to",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example",
     "javascript:alert(1)", "/x\r\nSet-Cookie: a=b", "http:evil.example", "\t//evil.example"],
)  # fmt: skip
def test_signing_in_leads_nowhere_else(guarded: TestClient, to: str) -> None:
    """Whatever address is named to go to, it is one of this site, and no header comes of it."""
    answer = guarded.post("/sign-in", data={"token": "token-reader", "next": to})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    assert len(answer.headers.get_list("set-cookie")) == 1
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    guarded.cookies.clear()


@pytest.fixture(scope="module")
def guarded(
    make_project: Callable[..., Project],
    embedder: OnnxEmbedder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[TestClient]:
    """A page with tokens, and an article that only some of them open."""
    articles = {
        "bridge.md": BRIDGE,
        "north/ferry.txt": FERRY,
        "secret.md": f"---\ntitle: Rounds\npublisher: Vault Weekly\n---\n{SECRET}\n",
    }
    project = make_project(tmp_path_factory.mktemp("guarded") / "project", articles, TOKENS)
    project.index(embedder)
    kept = project.folder / "originals" / "secret"
    kept.mkdir(parents=True)
    (kept / "2024-01-01-0123abcd.pdf").write_bytes(b"%PDF " + SECRET.encode())
    config = with_web(
        project.config,
        project.folder / "web.sqlite",
        add=True,
        host="0.0.0.0",
        hosts=("Archive.example:8317",),
    )
    assert load_config(project.folder, {}).web.tokens
    with client(config) as opened:
        yield opened


@pytest.fixture(scope="module")
def link(guarded: TestClient) -> str:
    """The permanent link of an answer from the article that few may see."""
    reply = guarded.post("/v1/ask", json={"question": QUESTION}, headers=bearer("chief")).json()
    assert reply["answered"], reply
    assert reply["quotes"][0]["source"]["file"] == "secret.md"
    return str(reply["id"])


OUT_OF_SCOPE = [
    "/read/secret.md", "/file/secret.md", "/read/secret.md?at=0-20",
    "/kept/secret.md?name=2024-01-01-0123abcd.pdf", "/picture/secret.md?page=1&at=0-9",
    "/v1/sources/secret.md", "/v1/sources/secret.md?start=0&end=500", "/a/LINK", "/a/LINK.md",
    "/a/LINK.csl.json", "/v1/answers/LINK", "/read/bridge.md/../secret.md",
]  # fmt: skip


@pytest.mark.parametrize("path", OUT_OF_SCOPE)
def test_scope_by_every_address(guarded: TestClient, link: str, path: str) -> None:
    """An article out of a token's scope is not there: by id, by file, by permanent link."""
    path = path.replace("LINK", link)
    for name in ("north", "quay"):
        answer = guarded.get(path, headers=bearer(name))
        assert answer.status_code == 404, (path, answer.text)
        assert "vault" not in answer.text.lower()
    if ".." not in path and "picture" not in path:
        assert guarded.get(path, headers=bearer("chief")).status_code == 200


def test_scope_by_the_state_of_the_index(guarded: TestClient) -> None:
    """A token is told of the articles that it opens, and not how many there are besides."""
    seen = {
        name: guarded.get("/v1/index", headers=bearer(name)).json()["articles"]
        for name in ("chief", "north", "quay")
    }
    assert seen == {"chief": 3, "north": 1, "quay": 1}
    told = {n: guarded.get("/metrics", headers=bearer(n)) for n in ("chief", "north", "quay")}
    assert {name: answer.status_code for name, answer in told.items()} == {
        "chief": 200,
        "north": 403,
        "quay": 403,
    }
    assert "sourcebot_index_articles 3.0" in told["chief"].text
    assert not any("sourcebot_" in told[name].text for name in ("north", "quay"))


@pytest.mark.parametrize(
    ("name", "to"), [("reader", "/read"), ("asker", ""), ("north", ""), ("adder", "/add")]
)
def test_the_first_page_is_one_that_a_token_allows(guarded: TestClient, name: str, to: str) -> None:
    """Whoever may not ask is led to what they may do, not to a refusal."""
    answer = guarded.get("/", headers=bearer(name))
    assert answer.headers.get("location", "") == to
    assert guarded.get(to or "/", headers=bearer(name)).status_code == 200


def test_scope_by_asking_and_listing(guarded: TestClient) -> None:
    """No question, filter, list or claim in a request widens a scope."""
    for name in ("north", "quay"):
        for body in (
            {"question": QUESTION},
            {"question": QUESTION, "source": "*"},
            {"question": QUESTION, "publisher": ""},
            {"question": QUESTION, "scope": {}},
        ):
            answer = guarded.post("/v1/ask", json=body, headers=bearer(name))
            assert "four seven" not in answer.text
        for path, body in (
            ("/v1/check", {"claim": SECRET}),
            ("/v1/check", {"claim": f"He said “{SECRET[:34]}”."}),
            ("/v1/timeline", {"topic": "the vault code and the night porter of Orrin"}),
        ):
            answer = guarded.post(path, json=body, headers=bearer(name)).json()
            assert "secret.md" not in json.dumps(answer), answer
        link = guarded.post("/check", data={"text": SECRET}, headers=bearer(name)).headers[
            "location"
        ]
        assert "Vault Weekly" not in guarded.get(link, headers=bearer(name)).text
        refused = guarded.post(
            "/v1/ask", json={"question": QUESTION, "source": "secret"}, headers=bearer(name)
        )
        assert "vault" not in refused.text.lower().replace("vault code", "")
        for path in ("/read", "/v1/sources", "/?q=vault", "/v1/sources?text=secret"):
            assert "Rounds" not in guarded.get(path, headers=bearer(name)).text


def test_scope_by_verifying(guarded: TestClient) -> None:
    """A forged title or publisher does not make an article one that may be held against words."""
    forged = {
        "text": SECRET, "start": 50, "end": 60, "words": {"start": 50, "end": 51},
        "source": {"file": "secret.md", "title": "north/x", "publisher": "The Quay Gazette"},
    }  # fmt: skip
    for name, standing in (("north", "gone"), ("quay", "gone"), ("chief", "moved")):
        answer = guarded.post("/v1/verify", json={"quotes": [forged]}, headers=bearer(name))
        assert answer.json()["standings"][0]["standing"] == standing
    for file in ("config.toml", "../config.toml", "/etc/passwd", ".git/config"):
        quote_ = {**forged, "text": "o", "source": {"file": file, "title": "x"}}
        answer = guarded.post("/v1/verify", json={"quotes": [quote_]}, headers=bearer("chief"))
        assert answer.json()["standings"][0]["standing"] == "gone"


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/?q=x", "ask"), ("POST", "/v1/ask", "ask"), ("POST", "/v1/chat/completions", "ask"),
        ("GET", "/v1/models", "ask"), ("GET", "/read", "read"), ("GET", "/read/bridge.md", "read"),
        ("GET", "/file/bridge.md", "read"), ("GET", "/v1/sources", "read"),
        ("POST", "/v1/verify", "read"), ("GET", "/v1/index", "read"), ("GET", "/metrics", "read"),
        ("GET", "/add", "add"),
        ("POST", "/add", "add"), ("GET", "/add/x/events", "add"), ("GET", "/gaps", "admin"),
        ("POST", "/v1/index", "admin"), ("POST", "/mcp", "ask"), ("GET", "/check", "ask"),
        ("POST", "/check", "ask"), ("GET", "/timeline", "ask"), ("POST", "/v1/timeline", "ask"),
        ("GET", "/follow", "ask"), ("POST", "/follow", "ask"), ("POST", "/follow/1", "ask"),
        ("GET", "/v1/followed", "ask"), ("DELETE", "/v1/followed/1", "ask"), ("POST", "/v1/check", "ask"),
    ],
)  # fmt: skip
def test_tokens_are_needed(guarded: TestClient, method: str, path: str, scope: str) -> None:
    """Without a token, with a wrong one, or with one of another scope nothing is done."""
    others = {"ask": "reader", "read": "asker", "add": "quay", "admin": "quay"}
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic dG9rZW4="}):
        answer = guarded.request(method, path, headers=headers)
        assert answer.status_code in {303, 401}, answer.status_code
        if answer.status_code == 303:
            assert answer.headers["location"].startswith("/sign-in?")
    assert guarded.request(method, path, headers=bearer(others[scope])).status_code == 403


def test_bodies(site: TestClient) -> None:
    """Too large, compressed, nested without end, and lengths that are none are refused."""
    kind = {"Content-Type": "application/json"}
    large = b'{"question": "' + b"a" * 2_000_000 + b'"}'
    assert site.post("/v1/ask", content=large, headers=kind).status_code == 413
    packed = gzip.compress(b'{"question": "x"}')
    zipped = {**kind, "Content-Encoding": "gzip"}
    assert site.post("/v1/ask", content=packed, headers=zipped).status_code == 415
    nested = b"[" * 100_000
    assert site.post("/v1/ask", content=nested, headers=kind).status_code == 422
    assert site.post("/v1/chat/completions", content=nested, headers=kind).status_code == 422

    def parts() -> Iterator[bytes]:
        for _ in range(40):
            yield b"a" * 50_000

    assert site.post("/v1/ask", content=parts(), headers=kind).status_code == 413
    many = {f"f{i}": "x" for i in range(50)}
    assert site.post("/sign-in", data=many).status_code in {400, 413, 422}


def test_a_file_that_unpacks_without_end(hostile: TestClient) -> None:
    """A document that would unpack to more than is read is refused by the process that reads it."""
    files = {"files": ("bomb.docx", made_files.bomb(70 * 2**20))}
    job = hostile.post("/add", files=files).headers["location"]
    with hostile.stream("GET", f"{job}/events") as events:
        events.read()
    page = hostile.get(job).text
    assert "failed" in page
    assert "has 70 MB, more than 64 MB" in page


def raw(address: str, *parts: bytes, pause: float = 0.0, wait: float = 20.0) -> bytes:
    """Send bytes over a connection of their own, and return all that comes back."""
    at = urlsplit(address)
    with socket.create_connection((at.hostname, at.port), timeout=wait) as connection:
        for part in parts:
            with contextlib.suppress(OSError):
                connection.sendall(part)
            time.sleep(pause)
        found = b""
        with contextlib.suppress(OSError):
            while data := connection.recv(65_536):
                found += data
        return found


def test_slow_and_broken_clients(
    web_project: Project, web_service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sends slowly is cut off, whoever sends nonsense is refused; others are answered."""
    monkeypatch.setattr(server, "HEADER_SECONDS", 0.4)
    monkeypatch.setattr(guard, "_SILENCE", 0.4)
    with running(with_web(web_project.config, tmp_path / "web.sqlite"), web_service) as address:
        host = urlsplit(address).netloc.encode()
        assert raw(address, b"GET / HTTP/1.1\r\nHo") == b""
        assert raw(address, b"") == b""
        begun = (
            b"POST /v1/ask HTTP/1.1\r\nHost: " + host + b"\r\nContent-Type: application/json\r\n"
        )
        slow = raw(address, begun + b"Content-Length: 50\r\n\r\n{")
        assert slow.split(b" ")[1] == b"408"
        for request in (
            b"GET / HTTP/1.1\r\nHost: " + host + b"\r\nHost: evil.example\r\n\r\n",
            b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
            b"GET / HTTP/1.1\r\n\r\n",
            b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: " + host + b"\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: " + host + b"\r\nX: a\r\n b: c\nEvil\x00: d\r\n\r\n",
            begun + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            begun + b"Content-Length: -4\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        ):
            status = raw(address, request).split(b" ")
            assert status == [b""] or int(status[1]) >= 400, request[:60]
        fine = raw(
            address, b"GET /live HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n"
        )
        assert fine.startswith(b"HTTP/1.1 200")


def test_headers_of_proxies_are_not_believed(
    web_project: Project, web_service: Service, tmp_path: Path
) -> None:
    """Without a proxy in the settings, nobody changes who they are by a header."""
    config = with_web(web_project.config, tmp_path / "web.sqlite", questions_per_minute=1)
    with client(config, web_service) as site:
        codes = {
            site.get(
                "/", params={"q": ANSWERED}, headers={"X-Forwarded-For": f"10.0.0.{i}"}
            ).status_code
            for i in range(4)
        }
        assert codes == {200, 429}
