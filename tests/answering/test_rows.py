"""Questions that one row of a table answers, asked of a real table beside prose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import Project

from sourcebot.types import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sourcebot

ARTICLE = """---
title: The baths of Ellerby
---

# Prices

| Ticket | Adult | Child |
|---|---|---|
| Single | £3.20 | £1.60 |
| Day | £7.50 | £3.75 |
| Month | £48.00 | £24.00 |

# Heats of the summer gala

| Swimmer | Lengths swum | Prize |
|---|---|---|
| Ivo Brandt | 61 | a towel |
| Mina Osei | 88 | a cup |
| Tom Harle | 74 | a cap |
"""


@pytest.fixture(scope="module")
def baths(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sourcebot.Project]:
    """Index the article once."""
    project = Project(tmp_path_factory.mktemp("rows"))
    project.write("baths.md", ARTICLE)
    with project.opened() as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("How much is a day ticket at the baths of Ellerby?", "Day"),
        ("How much does a month ticket cost for a child?", "Month"),
        ("How many lengths did Tom Harle swim at the gala?", "Tom Harle"),
        ("Which swimmer swam the most lengths?", "Mina Osei"),
        ("Which swimmer swam the fewest lengths?", "Ivo Brandt"),
    ],
)
def test_no_other_row_answers(baths: sourcebot.Project, question: str, row: str) -> None:
    """A row that the question names, or that has the highest figure, stands alone."""
    reply = baths.ask(question)
    assert isinstance(reply, Answer)
    rows = [quote.cells[0].value.text for quote in reply.quotes if quote.cells]
    assert rows == [row]


def test_rows_side_by_side_stay(baths: sourcebot.Project) -> None:
    """Two rows that a question names are both shown, and all where it relates them."""
    reply = baths.ask("How much is a day ticket, and how much is a month ticket?")
    assert isinstance(reply, Answer)
    assert {quote.cells[0].value.text for quote in reply.quotes if quote.cells} >= {"Day", "Month"}
    related = baths.ask("Who swam more lengths than Tom Harle?")
    shown = related.quotes if isinstance(related, Answer) else related.nearest
    assert "Mina Osei" in {quote.cells[0].value.text for quote in shown if quote.cells}
