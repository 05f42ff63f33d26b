"""Letters that look the same are found the same, and the text stays as it is."""

from __future__ import annotations

import unicodedata

import pytest
from conftest import Project, run_cli
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.text.folding import folded
from sourcebot.text.terms import terms_of


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Die Bür\u00adger\u00admeis\u00adte\u00adrin", "Die Bürgermeisterin"),
        (
            "the dock\u200bworkers of Ost\u200bhaven, 4\u2060 May",
            "the dockworkers of Osthaven, 4 May",
        ),
        ("Cafe\u0301 in Zu\u0308rich", "Café in Zürich"),
        ("\u200eMirza\u200f Okonkwo", "Mirza Okonkwo"),
    ],
)
def test_what_looks_the_same_has_the_same_terms(written: str, asked: str) -> None:
    """Soft hyphens, characters of no width and parted accents make no other words."""
    for language in ("de", "en", ""):
        assert terms_of(written, language) == terms_of(asked, language)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """Folded texts are composed, and folding them again leaves them as they are."""
    once = folded(text)
    assert folded(once) == once
    assert unicodedata.is_normalized("NFC", once)


def test_an_article_with_parted_accents_is_found_and_quoted_as_it_is(project: Project) -> None:
    """Questions and filters in the usual form find it; the quote is verbatim."""
    sentence = "Die Bäckerin Zoë Müller eröffnete im März ein Café in Zürich, das nur Brötchen aus Dinkel verkauft."
    parted = unicodedata.normalize("NFD", sentence)
    project.write("cafe.txt", f"{unicodedata.normalize('NFD', 'Café in Zürich')}\n\n{parted}\n")
    ran = run_cli(
        "ask", "--source", "Zürich", "Wer eröffnete ein Café in Zürich?", cwd=project.folder
    )
    assert parted in ran.out
