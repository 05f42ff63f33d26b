"""Articles laid out, with words marked exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import ARTICLES
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.articles.files import parse_article
from sourcebot.errors import ArticleError
from sourcebot.render.blocks import Kind, Mark, article_blocks, shown
from sourcebot.types import Span
from sourcebot.types.locators import Locator, LocatorKind

if TYPE_CHECKING:
    from sourcebot.render.blocks import Block

MIXED = """# A bridge

Some **bold** words and a [link](https://a.example/) here,
on two lines.

> quoted **once
> and** again

1. one
   - nested `code`

   more of one
2. two

<!-- page 4 -->

| a | b\\|c |
|---|---|
| 1 | |

```
x = 1
```

---
"""


def blocks_of(text: str, name: str = "a.md") -> tuple[str, tuple[Block, ...]]:
    """Return an article's text and its blocks."""
    article, _ = parse_article(name, text.encode())
    return article.text, article_blocks(article)


def test_kinds() -> None:
    """Headings, paragraphs, quotations, items, pages, rows, code and rules are told apart."""
    _, blocks = blocks_of(MIXED)
    assert [(b.kind, b.level, b.label, b.words) for b in blocks] == [
        (Kind.HEADING, 1, "", "A bridge"),
        (Kind.PARAGRAPH, 0, "", "Some bold words and a link here, on two lines."),
        (Kind.PARAGRAPH, 0, "", "quoted **once and** again"),
        (Kind.ITEM, 1, "1.", "one"),
        (Kind.ITEM, 2, "", "nested code"),
        (Kind.PARAGRAPH, 1, "", "more of one"),
        (Kind.ITEM, 1, "2.", "two"),
        (Kind.PLACE, 0, "", ""),
        (Kind.ROW, 1, "", "a b|c"),
        (Kind.ROW, 0, "", "1 "),
        (Kind.CODE, 0, "", "x = 1"),
        (Kind.RULE, 0, "", ""),
    ]
    assert blocks[2].quoted
    assert blocks[7].locator == Locator(LocatorKind.PAGE, "4")


@pytest.mark.parametrize("name", ARTICLES)
def test_pieces_stand_where_they_say(name: str) -> None:
    """Every piece is verbatim, and they follow one another."""
    text, blocks = blocks_of(ARTICLES[name], name)
    pieces = [piece for block in blocks for piece in block.pieces]
    assert pieces
    assert all(piece.span.of(text) == piece.text for piece in pieces)
    assert [p.span.start for p in pieces] == sorted(p.span.start for p in pieces)


LINES = st.lists(
    st.sampled_from(
        ["# x", "- item", "> quoted", "| a | b |", "|---|---|", "", "plain *text*", "  - deep",
         "```", "<b>raw</b>", "1) one", "\tcode", "<!-- page 3 -->", "Two\\", "a | b", "===", "\r"]
    ),
    min_size=1,
    max_size=12,
)  # fmt: skip


@given(LINES)
def test_any_markdown(lines: list[str]) -> None:
    """Whatever Markdown comes, pieces are verbatim and marks cover just what they should."""
    try:
        text, blocks = blocks_of("Words first.\n\n" + "\n".join(lines) + "\n")
    except ArticleError:
        return
    for block in blocks:
        for piece in block.pieces:
            assert piece.span.of(text) == piece.text
            runs = shown(piece, [Mark(piece.span)], markdown=block.markdown)
            assert all(run.marked for run in runs)
            assert not any(r.marked for r in shown(piece, [], markdown=block.markdown))


def test_marks_within_markup() -> None:
    """A mark that begins within emphasis and ends behind a link covers the words between."""
    text, blocks = blocks_of(MIXED)
    start, end = text.index("words and"), text.index(" here")
    bold = text.index("bold")
    runs = shown(
        blocks[1].pieces[0],
        [Mark(Span(start, end)), Mark(Span(bold, bold + 4), strong=True)],
        markdown=True,
    )
    assert "".join(run.text for run in runs if run.marked and not run.strong) == "words and a link"
    assert "".join(run.text for run in runs if run.strong) == "bold"


def test_controls_are_left_out() -> None:
    """What could turn text round is not shown."""
    _, (block, *_) = blocks_of("Turned \u202eround\u202c and \x1b[31m red.")
    (piece,) = block.pieces
    assert "".join(r.text for r in shown(piece, (), markdown=True)) == "Turned round and [31m red."
