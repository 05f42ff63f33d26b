"""Many at once, and for long: everybody is answered or told to come again, and nothing is left."""

from __future__ import annotations

import gc
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx2
import pytest
from conftest import ANSWERED, OFF_TOPIC
from web_running import running, with_web

if TYPE_CHECKING:
    from sourcebot.answering.service import Service
    from sourcebot.project import Project

READ = ["/read", "/read/bees.md", "/", "/v1/sources", "/static/page.css"]


def open_files() -> int:
    """Return how many files this process has open."""
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


def statuses(address: str, paths: list[str], at_once: int) -> Counter[int]:
    """Return how often each status came, each request over a connection of its own."""

    def status(path: str) -> int:
        return httpx2.get(address + path, timeout=300).status_code

    with ThreadPoolExecutor(at_once) as pool:
        return Counter(pool.map(status, paths))


@pytest.mark.slow
def test_many_at_once_and_for_long(
    web_project: Project, web_service: Service, tmp_path: Path
) -> None:
    """A crowd is answered, a long series leaves neither threads nor files."""
    asked = [f"/?q={quote(q)}" for q in (ANSWERED, OFF_TOPIC)]
    config = with_web(web_project.config, tmp_path / "web.sqlite")
    with running(config, web_service) as address:
        crowd = statuses(address, asked * 20, 40)
        assert crowd == {200: 40}
        threads, files = threading.active_count(), open_files()
        assert statuses(address, (READ * 9 + asked) * 10, 8) == {200: 470}
        # Eight at once need eight workers at most, which the pool keeps for a while.
        assert threading.active_count() <= threads + 8
        assert open_files() <= files + 2


def test_more_than_may_wait_are_told_so(
    web_project: Project, web_service: Service, tmp_path: Path
) -> None:
    """When the queue is full, the next one is told to come again; those inside are answered."""
    config = with_web(web_project.config, tmp_path / "web.sqlite")

    def limited(project: Project) -> None:
        project.limit(1, 2)

    with running(config, web_service, prepare=limited) as address:
        found = statuses(address, [f"/v1/ask?question={quote(ANSWERED)}"] * 12, 12)
    assert set(found) == {200, 503}
    assert sum(found.values()) == 12
