"""What is offered at the end of a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from sourcebot.frontends.cli.completing import completions
from sourcebot.frontends.cli.session import Session, parse_filters
from sourcebot.types import Filters

if TYPE_CHECKING:
    from conftest import Project


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("/sa", ["/save"]),
        ("/explain o", ["on", "off"]),
        ("/filter ", ["source=", "publisher=", "since=", "until=", "as-of=", "off"]),
        ("/filter as-of=2022", ["2022-03-04", "2022-03-05"]),
        ("/filter pu", ["publisher="]),
        ("/filter publisher=", ["'Northern Wire'", "'The Quay Gazette'"]),
        ("/filter publisher=nor", ["'Northern Wire'"]),
        ("/filter publisher='the q", ["'The Quay Gazette'"]),
        ("/filter publisher=wire since=", ["2022-03-04", "2022-03-05", "2023-09-12"]),
        ("/filter publisher=wire s", ["source=", "since="]),
        ("/filter source=bri", ["bridge.md"]),
        ("/filter since=1", []),
        ("What of Cracks sh", ["Cracks shut Lowmere bridge"]),
        ("/context ", []),
    ],
)
def test_what_is_offered(shared_project: Project, line: str, offered: list[str]) -> None:
    """Commands, switches, names of filters, and what the articles have for them."""
    session = Session(shared_project.opened(), Console(), shared_project.sources)
    found = list(completions(session, line))
    assert [text for text, _ in found] == offered
    for text, offset in found:
        done = line[: len(line) + offset] + text
        if "=" in done and not done.endswith("="):
            assert parse_filters(Filters(), done.removeprefix("/filter ")) != Filters()
