"""What a terminal shows."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from rich.console import Console

from sourcebot.render.terminal import print_sources
from sourcebot.store import IndexedArticle
from sourcebot.types import Source


def article(path: str, title: str) -> IndexedArticle:
    """Return an indexed article of three paragraphs."""
    day = dt.date(2022, 3, 4)
    source = Source(path, title, "The Quay Gazette", "", day, "", path, "0" * 64, "utf-8", 0)
    return IndexedArticle(1, source, 3, "")


@pytest.mark.parametrize("width", [30, 59, 60, 120])
def test_sources_in_any_width(width: int) -> None:
    """A narrow terminal shows the articles as a list: no word is broken, and nothing is missing."""
    console = Console(file=io.StringIO(), width=width, highlight=False)
    print_sources(console, [article("bridge.md", "Harbour bridge at Lowmere closed")])
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert max(map(len, shown.splitlines())) <= width
    assert ("Publisher" in shown) == (width >= 60)
    if width < 60 or width == 120:
        words = " ".join(shown.split())
        for part in (
            "bridge.md",
            "Harbour bridge at Lowmere closed",
            "The Quay Gazette",
            "4 March 2022",
        ):
            assert part in words
