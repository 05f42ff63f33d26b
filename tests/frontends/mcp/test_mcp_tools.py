"""The tools, tried with the client of the protocol's own SDK."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from typing import TYPE_CHECKING

import httpx2
import pytest
from conftest import ANSWERED, OFF_TOPIC
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.types import TextContent
from web_running import TOKENS, bearer, running, with_web

from sourcebot.config.loading import load_config
from sourcebot.frontends.mcp.tools import make_server
from sourcebot.project import Project
from sourcebot.render.wording import REASONS
from sourcebot.types import AbstentionReason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from conftest import Project as Laid
    from mcp.types import CallToolResult, Tool

    from sourcebot.answering.service import Service
    from sourcebot.embedding.embedder import OnnxEmbedder


@pytest.fixture(scope="module")
def tools_project(web_project: Laid, web_service: Service) -> Iterator[Project]:
    """The project that the tools read."""
    with Project(web_project.config, service=web_service) as project:
        yield project


def words_of(result: CallToolResult) -> str:
    """Return the text that a tool gives."""
    (content, *_) = result.content
    assert isinstance(content, TextContent)
    return content.text


def calls(project: Project, *wanted: tuple[str, Mapping[str, object]]) -> list[CallToolResult]:
    """Return what tools give, called one after another by a client of the SDK."""

    async def run() -> list[CallToolResult]:
        async with Client(make_server(project)) as client:
            return [await client.call_tool(name, dict(arguments)) for name, arguments in wanted]

    return asyncio.run(run())


def test_tools_are_described(tools_project: Project) -> None:
    """Eleven tools with schemas; all but those that follow are marked as reading only."""

    async def run() -> list[Tool]:
        async with Client(make_server(tools_project)) as client:
            return (await client.list_tools()).tools

    tools = asyncio.run(run())
    assert [tool.name for tool in tools] == [
        "ask",
        "check",
        "timeline",
        "sources",
        "read",
        "verify",
        "search",
        "fetch",
        "followed",
        "follow",
        "unfollow",
    ]
    for tool in tools:
        assert tool.annotations
        assert tool.output_schema
        assert tool.annotations.read_only_hint == (tool.name not in {"follow", "unfollow"})
        assert tool.output_schema["type"] == "object"
        assert "context" not in tool.input_schema["properties"]
        assert tool.description


def test_ask(tools_project: Project) -> None:
    """An answer holds verbatim quotes with offsets; a refusal says why."""
    answered, refused, wrong = calls(
        tools_project,
        ("ask", {"question": ANSWERED, "publisher": "quay"}),
        ("ask", {"question": OFF_TOPIC}),
        ("ask", {"question": "?"}),
    )
    quote = answered.structured_content["quotes"][0]
    text = (tools_project.config.sources_folder / quote["source"]["file"]).read_text()
    assert text[quote["start"] : quote["end"]] == quote["text"]
    assert json.loads(words_of(answered))["answered"] is True
    assert refused.structured_content["answered"] is False
    assert refused.structured_content["message"].startswith(
        REASONS[AbstentionReason.NOTHING_RELEVANT]
    )
    assert wrong.is_error


def test_check(tools_project: Project) -> None:
    """A claim gets a verdict with verbatim quotes; one that nothing speaks of has none."""
    closed, silent = calls(
        tools_project,
        ("check", {"claim": "The old harbour bridge at Lowmere was closed on 3 March 2022."}),
        ("check", {"claim": "Whales sing for up to twenty hours."}),
    )
    assert closed.structured_content["verdict"] == "supports"
    quote = closed.structured_content["quotes"][0]
    text = (tools_project.config.sources_folder / quote["source"]["file"]).read_text()
    assert text[quote["start"] : quote["end"]] == quote["text"]
    assert silent.structured_content["verdict"] == "silent"
    assert silent.structured_content["quotes"] == []


def test_timeline(tools_project: Project) -> None:
    """Dated quotes in order, each with the words that state its date."""
    (found,) = calls(tools_project, ("timeline", {"topic": "the old harbour bridge at Lowmere"}))
    entry = found.structured_content["entries"][0]
    assert entry["dates"][0]["code"] == "2022-03-03"
    assert entry["dates"][0]["from"] == "2022-03-03"
    said, quote = entry["dates"][0]["said"], entry["quote"]
    text = (tools_project.config.sources_folder / quote["source"]["file"]).read_text()
    assert text[said["start"] : said["end"]] == said["text"]
    assert "3 March 2022" in said["text"]
    assert "probability" not in quote


def test_what_changed_and_as_of(
    make_project: Callable[..., Laid], embedder: OnnxEmbedder, tmp_path: Path
) -> None:
    """An answer says how many sources it does not know of, and keeps what came later apart."""
    project = make_project(tmp_path / "project")
    project.index(embedder)
    asked = ("ask", {"question": ANSWERED, "publisher": "quay", "as_of": "2020-01-01"})
    with Project(project.config) as opened:
        (before,) = calls(opened, asked)
    assert before.structured_content["changed"] == 0
    assert before.structured_content["answered"] is False
    project.write("bridge.md", "Nothing is left of it, said the harbour master on Sunday.\n")
    with Project(project.config) as opened:
        (after,) = calls(opened, ("ask", {"question": ANSWERED}))
    assert after.structured_content["changed"] == 1
    assert after.structured_content["later"] == []


def test_follow(make_project: Callable[..., Laid], embedder: OnnxEmbedder, tmp_path: Path) -> None:
    """A question is followed, told of when the articles answer, and ended."""
    project = make_project(tmp_path / "project")
    project.index(embedder)
    asked = "When did the mill at Orrin open?"
    with Project(project.config) as opened:
        made, again, none = calls(
            opened,
            ("follow", {"question": asked}),
            ("follow", {"question": asked}),
            ("unfollow", {"number": 99}),
        )
        assert made.structured_content["answered"] is False
        assert again.is_error
        assert none.is_error
        project.write("mill.md", "The mill at Orrin opened on 4 May 1999, and it grinds oats.\n")
        opened.index()
        listed, left = calls(opened, ("followed", {}), ("unfollow", {"number": 1}))
    (question,) = listed.structured_content["followed"]
    assert question["news"][0]["happened"] == "answered"
    assert "4 May 1999" in question["news"][0]["reply"]["quotes"][0]["text"]
    assert left.structured_content["followed"] == []


def test_read_verify_and_list(tools_project: Project) -> None:
    """An article is read in parts, and words are proven to stand in it or not."""
    read, intact, moved, altered, gone, listed = calls(
        tools_project,
        ("read", {"file": "bridge.md", "start": 4, "longest": 10}),
        ("verify", {"file": "bridge.md", "text": "title: Har", "start": 4}),
        ("verify", {"file": "bridge.md", "text": "title: Har"}),
        ("verify", {"file": "bridge.md", "text": "never said"}),
        ("verify", {"file": "../secret.md", "text": "x"}),
        ("sources", {"publisher": "quay"}),
    )
    assert read.structured_content["text"] == "title: Har"
    found = [r.structured_content["standing"] for r in (intact, moved, altered, gone)]
    assert found == ["intact", "moved", "altered", "gone"]
    assert [s["file"] for s in listed.structured_content["sources"]] == ["bridge.md"]


def test_search_and_fetch(tools_project: Project) -> None:
    """In the shape that connectors expect: results with ids, and an article by its id."""
    search, fetch, missing = calls(
        tools_project,
        ("search", {"query": ANSWERED}),
        ("fetch", {"id": "bridge.md"}),
        ("fetch", {"id": "nowhere.md"}),
    )
    first = search.structured_content["results"][0]
    assert first.keys() == {"id", "title", "url", "text"}
    assert fetch.structured_content["url"] == "https://quay.example/bridge"
    assert "Marta Lindqvist" in fetch.structured_content["text"]
    assert missing.is_error


def test_over_http_within_a_scope(web_project: Laid, web_service: Service, tmp_path: Path) -> None:
    """On the server a token is needed, and sees by the tools what it sees elsewhere."""
    (tmp_path / "config.toml").write_text(TOKENS)
    tokens = load_config(tmp_path, {}).web.tokens
    config = with_web(web_project.config, tmp_path / "web.sqlite", tokens=tokens)

    async def run(address: str, name: str) -> tuple[CallToolResult, ...]:
        async with (
            httpx2.AsyncClient(headers=bearer(name)) as http,
            Client(streamable_http_client(f"{address}/mcp", http_client=http)) as client,
        ):
            listed = await client.call_tool("sources", {})
            read = await client.call_tool("read", {"file": "bridge.md"})
            asked = await client.call_tool("ask", {"question": ANSWERED})
            verified = await client.call_tool("verify", {"file": "bridge.md", "text": "title"})
            return listed, read, asked, verified

    with running(config, web_service) as address:
        listed, read, asked, verified = asyncio.run(run(address, "north"))
        assert [s["file"] for s in listed.structured_content["sources"]] == ["north/ferry.txt"]
        assert read.is_error
        assert "there is no article" in words_of(read)
        assert asked.structured_content["answered"] is False
        assert verified.structured_content["standing"] == "gone"
        listed, read, *_ = asyncio.run(run(address, "quay"))
        assert not read.is_error
        for name in ("reader", "asker", "nobody"):
            answer = httpx2.post(f"{address}/mcp", json={}, headers=bearer(name))
            assert answer.status_code in {401, 403}


async def asked_over_pipes(project: Laid) -> CallToolResult:
    """Start the server as assistants do, a process of its own, and ask it."""
    process = StdioServerParameters(
        command=sys.executable,
        args=["-m", "sourcebot", "--project", str(project.folder), "mcp"],
        env=dict(os.environ),
    )
    from mcp import stdio_client

    async with Client(stdio_client(process)) as client:
        return await client.call_tool("ask", {"question": ANSWERED})


def test_on_standard_input_and_output(web_project: Laid) -> None:
    """As assistants start it: a process of its own that speaks the protocol and nothing else."""
    assert asyncio.run(asked_over_pipes(web_project)).structured_content["answered"] is True


def test_an_index_of_another_version_is_told_by_the_tools(
    make_project: Callable[..., Laid], embedder: OnnxEmbedder, tmp_path: Path
) -> None:
    """A process that ended at its start would tell the assistant nothing."""
    project = make_project(tmp_path / "project")
    project.index(embedder)
    (current,) = (project.embeddings / "generations").glob("*/manifest.json")
    current.write_text(
        re.sub(r'"format": *\d+', '"format": 1', current.read_text("utf-8")), "utf-8"
    )

    told = asyncio.run(asked_over_pipes(project))
    assert told.is_error
    assert "sourcebot index" in words_of(told)
