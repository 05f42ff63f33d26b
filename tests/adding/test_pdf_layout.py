"""How the lines of a PDF page belong together: columns, numbers of lines, notes, fields of forms."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest
from made_files import drawn_pdf, text_at

from sourcebot.adding.pdf import read_pdf
from sourcebot.text.hyphenation import joined

if TYPE_CHECKING:
    from collections.abc import Sequence


def _body(pages: Sequence[Sequence[str]]) -> str:
    return read_pdf(drawn_pdf(pages), "x").body


def _set(
    rows: Sequence[Sequence[tuple[float, str]]], top: float = 780, step: float = 14
) -> list[str]:
    """Return what draws rows of texts, each with its place from the left."""
    return [
        text_at(x, top - number * step, text) for number, row in enumerate(rows) for x, text in row
    ]


STORIES = (
    "The council of Lowmere closed the harbour bridge on Monday after engineers had found cracks in "
    "two of its four pillars, the mayor said at a press conference in the town hall.",
    "Residents had complained about the noise of the joints for years, and a petition with many "
    "names was handed over in March to the members of the council by the clerk.",
    "Repairs will cost about four million pounds and last until the autumn, and buses will use the "
    "northern road in the meantime, according to the transport office of the county.",
)


@pytest.mark.parametrize("apart", [180, 165])
def test_three_columns_drawn_row_by_row_are_no_table(apart: int) -> None:
    """However many columns, each is read by itself: no quote goes across them."""
    columns = [textwrap.wrap(story, 28) for story in STORIES]
    rows = [
        [(50 + n * apart, column[row]) for n, column in enumerate(columns) if row < len(column)]
        for row in range(max(map(len, columns)))
    ]
    body = _body([_set(rows)])
    assert [line for line in body.splitlines() if line and "<!--" not in line] == list(STORIES)


def test_what_runs_over_columns_does_not_go_on_in_the_first() -> None:
    """A byline over the page is a paragraph of its own, though it has no full stop."""
    head = "By Ada Brandt of the Lowmere Gazette, a line that runs over both columns of the page"
    columns = [textwrap.wrap(story, 40) for story in STORIES[:2]]
    rows = [[(50, left), (310, right)] for left, right in zip(*columns, strict=False)]
    drawn = [text_at(50, 790, head), *_set(rows, 760)]
    lines = [line for line in _body([drawn]).splitlines() if line]
    assert lines[1] == head


@pytest.mark.parametrize("in_order", [True, False])
def test_numbers_of_every_fifth_line_are_no_words(in_order: bool) -> None:
    """Poems and transcripts count so; the numbers may be drawn with their lines or after all."""
    lines = textwrap.wrap(" ".join(STORIES * 2), 45)
    numbers = [[(58, str(n))] if n % 5 == 0 else [] for n in range(1, len(lines) + 1)]
    texts = [[(80, line)] for line in lines]
    if in_order:
        drawn = _set([[*number, *text] for number, text in zip(numbers, texts, strict=True)])
    else:
        drawn = [*_set(texts), *_set(numbers)]
    body = _body([drawn])
    assert " ".join(body.split("-->")[1].split()) == " ".join(STORIES * 2)


@pytest.mark.parametrize(("mark", "other"), [("*", "†"), ("(a)", "(b)"), ("§", "¶")])
def test_notes_with_signs_stand_after_the_sentence(mark: str, other: str) -> None:
    """A sentence goes on over the page; notes with stars and letters come after it."""
    lines = textwrap.wrap(" ".join(STORIES), 70)
    said = ["See the report of the engineers.", "Letter of the ferry company to the council."]
    pages = [
        [*_set([[(50, line)] for line in part]), text_at(50, 100, f"{sign} {note}", 8)]
        for part, sign, note in zip((lines[:4], lines[4:]), (mark, other), said, strict=True)
    ]
    body = _body(pages)
    lines = [line.lstrip("\\") for line in body.splitlines() if line and "<!--" not in line]
    notes = [line for line in lines if line.startswith((mark, other))]
    assert " ".join(line for line in lines if line not in notes) == " ".join(STORIES)
    assert notes == [f"{mark} {said[0]}", f"{other} {said[1]}"]


def test_fields_of_a_form_are_not_joined() -> None:
    """Each stands on its own line, on one page and over two."""
    fields = ["Name: Ada Brandt", "Date of birth: 2 March 1970", "Place of birth: Lowmere"]
    page = _set([[(50, field)] for field in fields])
    lines = [line for line in _body([page, page]).splitlines() if line]
    assert [line for line in lines if "<!--" not in line] == fields * 2


def test_a_single_letter_keeps_its_hyphen() -> None:
    """The parts of e-mail may be either word, and those of X-ray are no "xray"."""
    assert joined("Write an e-", "mail to her.", "en") == "Write an e-mail to her."
    assert joined("The X-", "ray was clear.", "en") == "The X-ray was clear."
