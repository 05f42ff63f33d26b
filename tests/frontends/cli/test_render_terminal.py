"""What a terminal shows."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from made_values import source_of
from rich.console import Console

from sourcebot.frontends.cli.terminal import print_context, print_sources
from sourcebot.types import IndexedArticle, Paragraph, Quote, Source, Span


def article(path: str, title: str) -> IndexedArticle:
    """Return an indexed article of three paragraphs."""
    day = dt.date(2022, 3, 4)
    source = Source(path, title, "The Quay Gazette", "", day, "", "0" * 64, "utf-8", "en")
    return IndexedArticle(1, source, 3, "")


@pytest.mark.parametrize("width", [30, 71, 72, 120])
def test_sources_in_any_width(width: int) -> None:
    """A narrow terminal shows the articles as a list: no word is broken, and nothing is missing."""
    console = Console(file=io.StringIO(), width=width, highlight=False)
    print_sources(console, [article("bridge.md", "Harbour bridge at Lowmere closed")])
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert max(map(len, shown.splitlines())) <= width
    assert ("Publisher" in shown) == ("Language" in shown) == (width >= 72)
    if width < 72 or width == 120:
        words = " ".join(shown.split())
        for part in (
            "bridge.md",
            "Harbour bridge at Lowmere closed",
            "The Quay Gazette",
            "4 March 2022",
            "en",
        ):
            assert part in words


def test_long_names_of_files_make_a_list() -> None:
    """Names that would be broken in a table are shown whole, each on its line."""
    name = "quay.example/harbour-bridge-to-stay-shut-until-autumn.md"
    console = Console(file=io.StringIO(), width=100, highlight=False)
    print_sources(console, [article("bridge.md", "Bridge"), article(name, "Harbour bridge")])
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert f"\n{name} · 3 paragraphs\n" in shown
    assert "  Harbour bridge · The Quay Gazette · 4 March 2022 · en\n" in shown


def test_context_is_shown_as_it_would_be_read() -> None:
    """The marks of Markdown are left out, and no space is put where the text has none."""
    text = "桥的**历史**。桥于三月[关闭](https://a.example)。卡车绕道。"
    start, end = text.index("桥于"), text.index("卡车")
    source = source_of("bridge.md", title="桥")
    whole = Span(5, 5 + len(text))
    quote = Quote(
        text[start:end], Span(5 + start, 5 + end), source, 0.5, Span(5, 5), 1, text, whole
    )
    paragraph = Paragraph(1, "bridge.md", 1, "", whole, text, ())
    console = Console(file=io.StringIO(), width=100, highlight=False, soft_wrap=True)
    print_context(console, quote, [paragraph])
    assert "[1] 桥的历史。桥于三月关闭。卡车绕道。\n" in console.file.getvalue()  # type: ignore[attr-defined]
