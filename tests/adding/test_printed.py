"""Trees of HTML as their readers see them: struck-through words, raised figures, spread cells."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from made_files import epub

from sourcebot.adding.blocks import cleaned
from sourcebot.adding.extract import extract
from sourcebot.adding.markup import blocks_of
from sourcebot.adding.model import Draft, Original
from sourcebot.adding.printed import as_printed

PROSE = (
    "The harbour office of Lowmere counted the boats that had left the quay without paying, and"
    " wrote to each of their owners before the end of the month."
)


def draft_of(data: bytes, name: str) -> Draft:
    """Return the article of a file."""
    (draft,) = extract(Original(origin=name, shown=name, data=data))
    return draft


def printed(inside: str) -> tuple[list[str], tuple[str, ...]]:
    """Return the blocks of a text in HTML as printed, and the remarks."""
    tree = html.fromstring(f"<div><p>{PROSE}</p>{inside}</div>")
    notes = as_printed(tree)
    return [cleaned(block.text) for block in blocks_of(tree)][1:], notes


@pytest.mark.parametrize(
    ("inside", "text", "left_out"),
    [
        ("<p>A berth is <del>30</del><ins>35</ins> crowns.</p>", "A berth is 35 crowns.", 1),
        ("<p>A berth is <s>not yet <s>free</s></s> taken.</p>", "A berth is taken.", 3),
        ("<p>Take <strong>two</strong> <span>boats</span>.</p>", "Take two boats.", 0),
        ("<p>About 10<sup>2</sup> boats.<sup><a href='#n'>3</a></sup></p>", "About 10² boats.³", 0),
        ("<p>Some m<sup>-2</sup> and 1<sup>st</sup>.</p>", "Some m⁻² and 1st.", 0),
        ("<p>Some mud.<sup>1, 4–6</sup></p>", "Some mud.¹, ⁴–⁶", 0),
    ],
)
def test_no_figure_is_joined_to_what_it_does_not_belong_to(
    inside: str, text: str, left_out: int
) -> None:
    """Words that are struck through are left out and counted, figures that stand high stay so."""
    blocks, notes = printed(inside)
    assert blocks == [text]
    assert [f"({left_out} word" in note for note in notes] == [True] * bool(left_out)


def test_a_page_that_is_all_struck_through_is_read() -> None:
    """Nobody strikes out a whole page: the mark was not ended."""
    tree = html.fromstring(f"<div><s><p>{PROSE}</p></s></div>")
    assert as_printed(tree) == ()
    assert [block.text for block in blocks_of(tree)] == [PROSE]


@pytest.mark.parametrize("name", ["a.html", "a.epub", "a.eml"])
def test_in_every_kind_that_is_markup(name: str) -> None:
    """Pages, books and messages are read alike, and say what was struck through."""
    inside = f"<p>{PROSE}</p><p>A berth is <s>30</s>35 crowns, for 10<sup>2</sup> boats a year.</p>"
    mail = f"From: Ada <a@x.example>\nSubject: Berths\nContent-Type: text/html\n\n{inside}"
    page = (
        f"<html><head><title>Berths</title></head><body><article>{inside}</article></body></html>"
    )
    data = {"a.html": page.encode(), "a.epub": epub([inside]), "a.eml": mail.encode()}[name]
    draft = draft_of(data, name)
    assert "A berth is 35 crowns, for 10² boats a year." in draft.body
    assert "struck-through text is left out (1 word): “30”" in draft.notes


def test_cells_that_span_rows_and_columns_keep_their_headers() -> None:
    """A cell is never shown below the header of another; two rows of headers become one."""
    blocks, _ = printed(
        "<table><tr><th rowspan=2>Boat</th><th colspan=2>Fee</th></tr>"
        "<tr><th>Summer</th><th>Winter</th></tr><tr><td>Yacht</td><td>40</td><td>30</td></tr>"
        "<tr><td rowspan=2>Barge</td><td>90</td><td>80</td></tr><tr><td>95</td><td>85</td></tr>"
        "<tr><td>Raft</td><td colspan=2>free</td></tr></table>"
    )
    assert blocks == [
        "Boat Fee Summer Fee Winter",
        "Yacht 40 30",
        "Barge 90 80",
        "Barge 95 85",
        "Raft free",
    ]


@st.composite
def tables(draw: st.DrawFn) -> list[list[tuple[str, int, int]]]:
    """Draw rows of cells that span rows and columns, also further than the table reaches."""
    names = (f"{a}{b}" for a in string.ascii_lowercase for b in string.ascii_lowercase)
    sizes = st.integers(1, 4)
    rows = draw(st.lists(st.integers(0, 4), min_size=1, max_size=6))
    return [[(next(names), draw(sizes), draw(sizes)) for _ in range(count)] for count in rows]


def shown(table: list[list[tuple[str, int, int]]]) -> list[list[str]]:
    """Return the cells of a table once it is spread."""
    written = "".join(
        f"<tr>{''.join(f'<td rowspan={d} colspan={a}>{word}</td>' for word, d, a in row)}</tr>"
        for row in table
    )
    tree = html.fromstring(f"<div><p>{PROSE}</p><table>{written}</table></div>")
    as_printed(tree)
    return [[cell.text or "" for cell in row.iter("td")] for row in tree.iter("tr")]


@given(tables())
@settings(max_examples=100, deadline=None)
def test_no_cell_is_lost(table: list[list[tuple[str, int, int]]]) -> None:
    """Each cell is shown in its row, whatever reaches over or beside it."""
    for row, found in zip(table, shown(table), strict=True):
        assert [word for word in found if word in {w for w, _, _ in row}] == [w for w, _, _ in row]


@given(tables())
@settings(max_examples=100, deadline=None)
def test_cells_that_span_rows_stand_where_a_browser_shows_them(
    table: list[list[tuple[str, int, int]]],
) -> None:
    """A cell takes the first free column of its row, and that column of the rows it reaches."""
    table = [[("", 1, 1), *((word, down, 1) for word, down, _ in row)] for row in table]
    taken: dict[tuple[int, int], str] = {}
    for y, row in enumerate(table):
        x = 0
        for word, down, _ in row:
            while (y, x) in taken:
                x += 1
            taken |= {(below, x): word for below in range(y, min(y + down, len(table)))}
    for y, found in enumerate(shown(table)):
        columns = {x: word for (row, x), word in taken.items() if row == y}
        assert [w for w in found if w] == [columns[x] for x in sorted(columns) if columns[x]]
