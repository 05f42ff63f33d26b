"""What files say of themselves and nobody wrote: templates' titles are none."""

from __future__ import annotations

import pytest

from sourcebot.adding.extract import extract
from sourcebot.adding.model import Original
from sourcebot.adding.pages import read_page
from sourcebot.adding.stated import believed_title

PROSE = (
    "<p>Tarnwick Mill ground oats and barley from 1743 until 1958, and is a museum since 1971.</p>"
)


@pytest.mark.parametrize(
    "title",
    [
        *(
            "Untitled Document",
            "Untitled-1",
            "untitled",
            "Unbenannt",
            "Sans titre",
            "Microsoft Word - x.docx",
        ),
        *(
            "PowerPoint Presentation",
            "Slide 1",
            "Home",
            "HOME PAGE",
            "Index",
            "index.html",
            "New Page 1",
        ),
        *(
            "Neue Seite 2",
            "Document3",
            "Book1",
            "Startseite",
            "Default",
            "Page Title",
            "Insert title here",
        ),
        *(
            "report_final.pdf",
            "thesis.dvi",
            "",
            "???",
            "Click to edit Master title style",
            "Welcome",
        ),
    ],
)
def test_titles_of_templates_are_refused(title: str) -> None:
    """Neither a program nor a file is what a text is called."""
    assert believed_title(title) == ""


@pytest.mark.parametrize(
    "title",
    [
        *(
            "Home rule in Lowmere",
            "Index of prices 2026",
            "Welcome to Quay.example",
            "Notes on Node.js",
        ),
        *(
            "Documents of the harbour office",
            "New pages of history",
            "The Default",
            "Vol.12",
            "Slide rules 1",
        ),
    ],
)
def test_titles_that_only_resemble_those_stay(title: str) -> None:
    """A title is refused as a whole, or not at all."""
    assert believed_title(title) == title


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<h1>The mill</h1>{PROSE}", "The mill"),
        (f"<h1>Home</h1><h2>The mill of Tarnwick</h2>{PROSE}", "The mill of Tarnwick"),
        (PROSE, "tarnwick mill"),
    ],
)
def test_a_page_is_called_by_its_heading_then_by_its_file(body: str, expected: str) -> None:
    """The title of a template gives way to what the page shows, else to the name of the file."""
    page = f"<html><head><title>Home</title></head><body><main>{body}{PROSE}</main></body></html>"
    original = Original("p", "tarnwick_mill.html", data=page.encode())
    assert [draft.title for draft in extract(original)] == [expected]
    assert read_page(page.encode(), "", "").title in {expected, "Untitled page"}
