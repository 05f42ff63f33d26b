"""Conversations saved as Markdown."""

from __future__ import annotations

import datetime as dt
import re

from hypothesis import given
from hypothesis import strategies as st

from sourcebot.render.transcript import transcript
from sourcebot.types import Abstention, AbstentionReason, Answer, Attribution, Quote, Span

DAY = dt.date(2026, 5, 14)
SOURCE = Attribution(
    "north/a.md", "The *old* bridge", "The Quay Gazette", "", dt.date(2022, 3, 4), "https://quay.example/bridge",
    "", "utf-8", "", 3, None,
)  # fmt: skip


def quote(text: str, words: str = "") -> Quote:
    """Return a quote of the sample source that stands at character 10."""
    start = 10 + (text.index(words) if words else 0)
    span = Span(10, 10 + len(text))
    answering = Span(start, start + len(words or text))
    return Quote(text, span, SOURCE, 0.8, answering, 1, text, span)


def test_questions_quotes_and_where_they_stand() -> None:
    """Everything that is needed to check a quote stands below it."""
    answer = Answer(
        "And why?",
        (quote("It was closed in March for cracks.", "for cracks"),),
        0.8,
        "Why was it closed?",
    )
    refusal = Abstention("Who paid?", AbstentionReason.NOTHING_RELEVANT, (quote("Nobody."),), 0.1)
    text = transcript([answer, refusal], DAY)
    assert text.startswith("# Questions and quotes, 14 May 2026\n")
    assert "## And why?\n\n*Taken as: Why was it closed?*\n" in text
    assert "> It was closed in March **for cracks**.\n" in text
    cited = next(line for line in text.splitlines() if line.startswith("> —"))
    for part in (
        r"The \*old\* bridge",
        "The Quay Gazette",
        "4 March 2022",
        "`north/a.md`",
        "characters 10–44",
        "80 %",
    ):
        assert part in cited
    assert "](<https://quay.example/bridge#:~:text=" in cited
    assert "## Who paid?" in text
    assert "Nothing relevant to this was found" in text
    assert "Nobody." not in text


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_nothing_in_a_source_changes_the_document(question: str, words: str) -> None:
    """Whatever is asked or quoted, it makes no heading, no rule and no line of its own."""
    text = transcript([Answer(question, (quote(words),), 0.8)], DAY)
    headings = [line for line in text.split("\n") if line.startswith("#")]
    assert len(headings) == 2
    body = text.split("\n")[6:]
    assert all(line == "" or line.startswith(">") for line in body)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", text)
