"""Quotes as people paste them."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.render.citations import EXPORTS, Cited, as_bibtex, as_csl_json, as_markdown, as_ris
from sourcebot.types.locators import Locator, LocatorKind

BRIDGE = Cited(
    text="The bridge was\nclosed on **3 March** 2022.",
    file="bridge.md",
    start=10,
    end=52,
    title="Harbour bridge & quay at 100 %",
    publisher="The Quay Gazette",
    author="Ines Okoro",
    published=dt.date(2022, 3, 4),
    url="https://quay.example/bridge_(old)",
    locator=Locator(LocatorKind.PAGE, "4"),
    language="en",
)


def test_markdown() -> None:
    """A block quotation with its source below, nothing of which is taken for markup."""
    assert as_markdown([BRIDGE]) == (
        "> The bridge was closed on 3 March 2022.\n>\n"
        "> — [Harbour bridge & quay at 100 %](https://quay.example/bridge_%28old%29), "
        "The Quay Gazette, Ines Okoro, 4 March 2022, page 4 (bridge.md, characters 10–52)\n"
    )


def test_text() -> None:
    """The quote in quotation marks, and who wrote it when on the line below."""
    made = EXPORTS["txt"][2]([BRIDGE, replace(BRIDGE, author="", url="javascript:alert(1)")])
    assert "— Ines Okoro, “Harbour bridge & quay at 100 %”, The Quay Gazette" in made
    assert "javascript" not in made


def test_bibtex() -> None:
    """An entry a quote, with different keys and LaTeX's characters escaped."""
    made = as_bibtex([BRIDGE, BRIDGE])
    assert re.findall(r"^@misc\{(.*),$", made, re.MULTILINE) == [
        "ines2022harbour",
        "ines2022harbour-2",
    ]
    assert r"title = {{Harbour bridge \& quay at 100 \%}}" in made
    assert "url = {https://quay.example/bridge_(old)}" in made


def test_ris() -> None:
    """Tags in the order that reference managers expect, lines ended as they do."""
    lines = as_ris([BRIDGE]).split("\r\n")
    assert lines[0] == "TY  - ELEC"
    assert "DA  - 2022/03/04" in lines
    assert lines[-2] == "ER  - "


def test_csl_json() -> None:
    """Items as citation processors read them."""
    (item,) = json.loads(as_csl_json([BRIDGE]))
    assert item["issued"] == {"date-parts": [[2022, 3, 4]]}
    assert item["author"] == [{"literal": "Ines Okoro"}]
    assert item["type"] == "webpage"


HOSTILE = st.text(
    st.characters(codec="utf-8") | st.sampled_from("\r\n{}\\%-\x00\u202e]<>`"), max_size=60
)


@given(HOSTILE, HOSTILE, HOSTILE)
def test_nothing_breaks_out_of_its_place(text: str, title: str, author: str) -> None:
    """Whatever a file says of itself, no form gains a line, an entry or a tag by it."""
    quote = replace(BRIDGE, text=text, title=title, author=author, publisher=author)
    assert all(re.match(r"[A-Z0-9]{2}  - ", line) for line in as_ris([quote]).split("\r\n")[:-1])
    assert as_ris([quote]).count("ER  - ") >= 1
    bibtex = as_bibtex([quote])
    assert len(re.findall(r"^@", bibtex, re.MULTILINE)) == 1
    bare = re.sub(r"\\[{}]", "", bibtex)
    assert bare.count("{") == bare.count("}")
    assert len(json.loads(as_csl_json([quote]))) == 1
    assert all(line.startswith(">") for line in as_markdown([quote]).rstrip("\n").split("\n"))


@pytest.mark.parametrize("ending", EXPORTS)
def test_without_quotes(ending: str) -> None:
    """Nothing is made of nothing."""
    assert EXPORTS[ending][2]([]).strip() in {"", "[]"}
