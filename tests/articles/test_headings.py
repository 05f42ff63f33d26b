"""Headings above paragraphs: found with their places, kept by the index, shown with quotes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.articles.files import parse_article
from sourcebot.articles.paragraphs import segment
from sourcebot.articles.version import SPLITTER_VERSION
from sourcebot.errors import IndexCorrupt
from sourcebot.index.open import open_engine
from sourcebot.index.rows import stored_title_above
from sourcebot.render.as_json import reply_to_dict
from sourcebot.render.markup import headings_read
from sourcebot.render.wording import attribution
from sourcebot.types import Answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Project

    from sourcebot.embedding.embedder import OnnxEmbedder

DESK = """---
title: Reading room of Tarnwick
---

# Reading room of Tarnwick

## Borrowing ##

**How long may I keep a book?**

Four weeks.

It can be renewed twice.

**Is there a fee for being late**?

Ten pence a day.

### Lost `cards` *and* bags

The desk keeps them:

- cards for a year
- bags for a month

**History**

The room was opened in 1911.

Visits by
schools
-------

On Tuesdays only.
"""


def above(name: str, text: str) -> list[tuple[str, list[str]]]:
    """Return the paragraphs of a text, each with the headings above it, places checked."""
    article = parse_article(name, text.encode())[0]
    passages = segment(article)
    for heading in (h for p in passages for h in p.headings):
        assert heading.span.of(article.text) == heading.text
    return [(p.span.of(article.text), [h.text for h in p.headings]) for p in passages]


def test_headings_of_markdown() -> None:
    """A paragraph knows all headings above it but the title; lines in bold are headings too."""
    found = dict(above("a.md", DESK))
    assert found["Four weeks."] == ["Borrowing", "How long may I keep a book?"]
    assert found["It can be renewed twice."] == ["Borrowing", "How long may I keep a book?"]
    assert found["Ten pence a day."] == ["Borrowing", "Is there a fee for being late"]
    assert "**How long may I keep a book?**" not in found
    assert found["The room was opened in 1911."] == [
        "Borrowing",
        "Lost `cards` *and* bags",
        "History",
    ]
    assert found["On Tuesdays only."] == ["Visits by\nschools"]


def test_questions_of_plain_text() -> None:
    """Questions that stand alone are headings of the answers, where there are several."""
    page = "Tarnwick baths\n\nIs there parking?\n\nYes, behind the hall.\n\nQ: Who may swim?\n\nAnyone over six."
    found = dict(above("a.txt", page))
    assert found["Yes, behind the hall."] == ["Is there parking?"]
    assert found["Anyone over six."] == ["Who may swim?"]
    assert "Is there parking?" not in found
    prose = "Tarnwick baths\n\nThe baths are old.\n\nBut who cares?\n\nNobody does.\n"
    assert all(headings == [] for _, headings in above("a.txt", prose))


def test_a_title_of_its_own_and_a_first_heading() -> None:
    """A first heading that is not the title stands above what follows it."""
    found = dict(
        above(
            "a.md",
            "---\ntitle: Minutes\n---\n# Part one\n\nIt rained.\n\n# Minutes\n\nIt snowed.\n",
        )
    )
    assert found == {"It rained.": ["Part one"], "It snowed.": []}


@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    "# ",
                    "## ",
                    "### a ##\n",
                    "#\n",
                    "> ## ",
                    "- ## ",
                    "===\n",
                    "---\n",
                    "\n",
                    "\n\n",
                ),
                *(
                    "Words here. ",
                    "**bold**\n",
                    "Is it so?\n",
                    "&amp;",
                    "\\#",
                    "`c`",
                    "[a](b)",
                    "\r\n",
                ),
                *("\t", " #", "é", "\u2028", "| a | b |\n", "| - | - |\n"),
            ]
        ),
        max_size=40,
    ).map("".join)
)
def test_places_are_exact(text: str) -> None:
    """Whatever the Markdown, a heading stands at its place and before its paragraph, on no marks."""
    article = parse_article("a.md", f"Some words.\n\n{text}".encode())[0]
    for passage in segment(article):
        for heading in passage.headings:
            assert heading.span.of(article.text) == heading.text == heading.text.strip() != ""
            assert heading.span.end <= passage.span.start


@pytest.fixture(scope="module")
def answer(
    make_project: Callable[..., Project],
    tmp_path_factory: pytest.TempPathFactory,
    embedder: OnnxEmbedder,
) -> Answer:
    """A real answer whose quote stands below headings."""
    project = make_project(tmp_path_factory.mktemp("desk"), {"desk.md": DESK})
    project.index(embedder)
    reply = project.service().ask("When was the reading room of Tarnwick opened?")
    assert isinstance(reply, Answer)
    return reply


def test_an_answer_names_its_headings(answer: Answer) -> None:
    """The quote's headings are in its attribution as a page shows them, in JSON verbatim."""
    quote = answer.quotes[0]
    assert quote.text == "The room was opened in 1911."
    assert headings_read(quote) == ("Borrowing", "Lost cards and bags", "History")
    shown = attribution(quote.source, headings=headings_read(quote))
    assert shown.startswith(
        "Reading room of Tarnwick › Borrowing › Lost cards and bags › History ·"
    )
    data = json.loads(json.dumps(reply_to_dict(answer)))["quotes"][0]["headings"]
    assert [DESK[h["start"] : h["end"]] for h in data] == [h["text"] for h in data]
    assert [h["text"] for h in data] == ["Borrowing", "Lost `cards` *and* bags", "History"]


def test_an_index_of_another_cut_keeps_its_vectors(
    project: Project, embedder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is embedded alike is not embedded again when the splitter has changed."""
    from sourcebot.index.embedded import generation

    project.index(embedder)
    monkeypatch.setattr(generation, "SPLITTER_VERSION", SPLITTER_VERSION + 1)
    summary = project.index(embedder)
    assert len(summary.added) == summary.articles
    assert summary.embedded == 0


def test_every_stored_heading_is_proven(
    project: Project, embedder: OnnxEmbedder, tmp_path: Path
) -> None:
    """The index keeps headings with their places."""
    project.write("desk.md", DESK)
    project.index(embedder)
    with open_engine(project.config, embedder).reading() as snapshot:
        article = next(a for a in snapshot.store.articles() if a.source.path == "desk.md")
        paragraphs = snapshot.store.paragraphs_of(article.row)
    found = {p.text: p for p in paragraphs}["Four weeks."]
    assert [h.text for h in found.headings] == ["Borrowing", "How long may I keep a book?"]
    assert found.heading == "Borrowing – How long may I keep a book?"
    assert all(h.span.of(DESK) == h.text for p in paragraphs for h in p.headings)


def test_damaged_heading() -> None:
    """A column that is no longer what was written is named as damage."""
    assert stored_title_above("A", "") == "A"
    for coded in ("{", "[]", "7"):
        with pytest.raises(IndexCorrupt, match="heading"):
            stored_title_above("A", coded)
