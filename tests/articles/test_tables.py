"""Tables and lists: rows with their headers, items with what opens their list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.adding.blocks import to_markdown
from sourcebot.adding.markup import blocks_of
from sourcebot.answering.windows import Sentence
from sourcebot.articles.files import parse_article
from sourcebot.articles.paragraphs import MAX_PARAGRAPH, segment
from sourcebot.index.open import open_engine
from sourcebot.render.as_json import reply_to_dict
from sourcebot.render.links import quote_link
from sourcebot.render.markup import read_parts
from sourcebot.text.tables import cells_of, readable
from sourcebot.types import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Project

    from sourcebot.embedding.embedder import OnnxEmbedder
    from sourcebot.types import Excerpt, Passage

BRIDGES = """---
title: Bridges of Tarnwick
url: https://tarn.example/bridges
---

Three bridges cross the Tarn:

| Bridge | Built | Length |
|---|---|---|
| Kaiser Bridge | 1894 | 298 m |
| Iron \\| Foot Bridge | 1911 |  |
| **Quay** Bridge | 2020 | 112 m |

## Figures

| Owner | Tarnwick Council |
|---|---|
| Yearly cost | CHF 40,000 |

The toll pass covers:

- lorries of less than eight tonnes on weekdays
- coaches
- cars with trailers, if they were paid for before noon
"""
CELL = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="|\\`<"),
    min_size=1,
    max_size=12,
).map(str.strip)


def rows_of(name: str, text: str) -> list[str]:
    """Return the rows of the tables of an article as lines, every cell's place checked."""
    article = parse_article(name, text.encode())[0]

    def check(excerpt: Excerpt) -> None:
        assert excerpt.span.of(article.text) == excerpt.text

    def line(passage: Passage, start: int, end: int) -> str:
        assert passage.table
        cells = cells_of(article.text[start:end], start, passage.table)
        for cell in cells:
            check(cell.value)
            if cell.header:
                check(cell.header)
        return readable(cells).text

    return [line(p, s.start, s.end) for p in segment(article) if p.table for s in p.sentences]


def test_rows_of_markdown() -> None:
    """A row is read with its header; a table of two columns without one as names and values."""
    assert rows_of("a.md", BRIDGES) == [
        "Bridge: Kaiser Bridge · Built: 1894 · Length: 298 m",
        "Bridge: Iron \\| Foot Bridge · Built: 1911",
        "Bridge: **Quay** Bridge · Built: 2020 · Length: 112 m",
        "Owner: Tarnwick Council",
        "Yearly cost: CHF 40,000",
    ]


def test_rows_of_plain_text() -> None:
    """Lines with as many tabs or strokes as their neighbours are rows."""
    prices = "Prices\n\nTicket\tPrice\nAdult\tCHF 12\nChild\tCHF 6\n"
    assert rows_of("a.txt", prices) == [
        "Ticket: Adult · Price: CHF 12",
        "Ticket: Child · Price: CHF 6",
    ]
    hours = (
        "Hours\n\nMonday | 9 am | 5 pm\n-------|------|-----\nFriday | 9 am | 3 pm\n\nOther words."
    )
    assert rows_of("a.txt", hours) == ["Monday · 9 am · 5 pm", "Friday · 9 am · 3 pm"]


def test_years_may_be_headers() -> None:
    """Years above figures are headers; an empty corner changes no column."""
    table = "# A\n\n|  | 2022 | 2023 |\n|--|--|--|\n| Visitors | 1,204 | 1,480 |\n|  | 3 | 4 |\n"
    assert rows_of("a.md", table) == ["Visitors · 2022: 1,204 · 2023: 1,480", "2022: 3 · 2023: 4"]


def test_an_empty_header_is_none() -> None:
    """Below an empty header all rows are data: such tables come from pages whose rows have headers."""
    page = b"""<table><tr><th>Opened</th><td>in spring</td></tr><tr><th>Owner</th><td>nobody</td></tr></table>"""
    body = to_markdown(blocks_of(lxml.html.fromstring(page)))
    assert body.startswith("|  |  |\n| --- | --- |\n| Opened | in spring |\n")
    assert rows_of("a.md", f"# A\n\n{body}") == ["Opened: in spring", "Owner: nobody"]


@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8),
    st.sampled_from(["| {} |", "{}", "> | {} |"]),
)
def test_no_cell_is_lost_or_moved(rows: list[list[str]], shape: str) -> None:
    """Every cell of every row is read below the header of its own column."""
    written = [["aa", "bb", "cc"], *rows]
    lines = [shape.format(" | ".join(row)) for row in written]
    text = "\n".join((lines[0], shape.format("---|---|---"), *lines[1:]))
    found = rows_of("a.md", f"# T\n\nWords.\n\n{text}\n")
    expected = [
        " · ".join(f"{head}: {cell}" for head, cell in zip(written[0], row, strict=True) if cell)
        for row in rows
    ]
    if len(found) == len([line for line in expected if line]):
        assert found == [line for line in expected if line]
    else:
        # A cell of marks may end the table, as the parser has it: then what is read is no other.
        assert set(found) <= {*expected, *found}


def test_items_know_what_opens_their_list() -> None:
    """An item has the sentence before its list, be the list short, long or plain text."""
    long = "\n".join(f"- item number {n} of a long list of things to bring" for n in range(60))
    text = f"# Camp\n\nPlease read this. For the camp you need:\n\n{long}\n\nGoodbye.\n"
    article = parse_article("a.md", text.encode())[0]
    passages = segment(article)
    items = [p for p in passages if "item number" in p.span.of(article.text)]
    assert len(text) > MAX_PARAGRAPH < sum(len(p.span) for p in items)
    for passage in items:
        assert passage.opening
        assert passage.opening.text == "For the camp you need:"
        assert passage.opening.span.of(article.text) == passage.opening.text
    assert passages[-1].opening is None
    plain = parse_article("b.txt", b"Camp\n\nYou need:\n- a tent\n- a lamp\n\nThat is all.\n")[0]
    found = {p.span.of(plain.text): p.opening and p.opening.text for p in segment(plain)}
    assert found["- a lamp"] == "You need:"
    assert found["That is all."] is None


@pytest.fixture(scope="module")
def ask(
    make_project: Callable[..., Project],
    tmp_path_factory: pytest.TempPathFactory,
    embedder: OnnxEmbedder,
) -> Callable[[str], Answer]:
    """Ask a project that holds the tables above."""
    project = make_project(tmp_path_factory.mktemp("bridges"), {"bridges.md": BRIDGES})
    project.index(embedder)
    service = project.service()

    def asked(question: str) -> Answer:
        reply = service.ask(question)
        assert isinstance(reply, Answer)
        return reply

    return asked


def test_a_row_answers(ask: Callable[[str], Answer]) -> None:
    """A row is quoted as it stands, shown with its header, and in JSON each cell has its place."""
    answer = ask("When was the Kaiser Bridge built?")
    quote = answer.quotes[0]
    assert quote.text == "Kaiser Bridge | 1894 | 298 m" == quote.span.of(BRIDGES)
    before, words, after = read_parts(quote)
    line = "Bridge: Kaiser Bridge · Built: 1894 · Length: 298 m"
    assert before + words + after == f"Three bridges cross the Tarn: … {line}"
    assert "1894" in words
    data = reply_to_dict(answer)["quotes"][0]
    for cell in data["cells"]:
        for part in (cell, cell["header"]):
            assert BRIDGES[part["start"] : part["end"]] == part["text"]
    assert [c["header"]["text"] for c in data["cells"]] == ["Bridge", "Built", "Length"]
    assert data["opening"]["text"] == "Three bridges cross the Tarn:"
    assert quote_link(quote) == "https://tarn.example/bridges#:~:text=Kaiser%20Bridge,298%20m"


def test_an_item_is_shown_with_what_opens_its_list(ask: Callable[[str], Answer]) -> None:
    """An item further down stands with the sentence that opens the list, not with the items between."""
    answer = ask("Does the toll pass cover cars with trailers that were paid for before noon?")
    quote = next(q for q in answer.quotes if q.text.startswith("cars"))
    assert quote.text == "cars with trailers, if they were paid for before noon"
    assert "".join(read_parts(quote)) == f"The toll pass covers: … {quote.text}"


def test_words_of_a_row_have_their_places(project: Project, embedder: OnnxEmbedder) -> None:
    """Any part of a row as it is read lies within the row, and whole cells give their own words."""
    project.write("bridges.md", BRIDGES)
    project.index(embedder)
    with open_engine(project.config, embedder).reading() as snapshot:
        article = next(a for a in snapshot.store.articles() if a.source.path == "bridges.md")
        (table, *_) = [p for p in snapshot.store.paragraphs_of(article.row) if p.table]
    from sourcebot.text.tables import as_read

    row = table.sentences[0]
    read = as_read(table, row)
    for start in range(len(read.text)):
        for end in range(start + 1, len(read.text) + 1):
            place = read.place(start, end)
            assert row.start <= place.start < place.end <= row.end
    for word in ("Kaiser Bridge", "1894", "298 m", "894"):
        at = read.text.index(word)
        assert read.place(at, at + len(word)).of(BRIDGES) == word
    assert Sentence(0, None, row, read).text == read.text  # type: ignore[arg-type]  # no evidence
