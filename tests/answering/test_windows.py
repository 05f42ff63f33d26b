"""Evidence -> windows."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st
from made_values import source_of

from sourcebot.answering.windows import MOST_WORDS, Window, sentences_of, windows_of
from sourcebot.types import Evidence, Paragraph, Retrieval, Span


def evidence(number: int, article: str, lengths: list[int], start: int) -> Evidence:
    """Return a paragraph with sentences of the given numbers of words."""
    spans, text = [], ""
    for length in lengths:
        text += " " if text else ""
        spans.append(Span(start + len(text), start + len(text) + 2 * length - 1))
        text += " ".join("w" * length)
    paragraph = Paragraph(
        number, article, 1, "", Span(start, start + len(text)), text, tuple(spans)
    )
    return Evidence(paragraph, source_of(article), 0.0, 0.0, 0.0, ())


PARAGRAPHS = st.lists(
    st.tuples(st.integers(1, 30), st.lists(st.integers(1, 60), min_size=1, max_size=6)),
    min_size=1,
    max_size=12,
    unique_by=lambda pair: pair[0],
)


@given(PARAGRAPHS)
def test_windows_hold_every_sentence_once(paragraphs: list[tuple[int, list[int]]]) -> None:
    """Every sentence stands in one window, in reading order, with those of one article only."""
    found = tuple(
        evidence(number, f"article-{number // 10}.md", lengths, 1000 * number)
        for number, lengths in paragraphs
    )
    sentences = sentences_of(Retrieval("q", {}, found))
    windows = windows_of(sentences)
    assert sorted(s.number for w in windows for s in w) == list(range(len(sentences)))
    for window in windows:
        assert len({s.evidence.paragraph.article for s in window}) == 1
        assert all(a.span.end <= b.span.start for a, b in itertools.pairwise(window))
        numbers = [s.evidence.paragraph.id for s in window]
        assert all(b - a <= 1 for a, b in itertools.pairwise(numbers))


def words(window: Window) -> int:
    """Return the number of words of a window."""
    return sum(len(sentence.text.split()) for sentence in window)


def test_neighbours_share_a_window() -> None:
    """Short paragraphs that follow each other are read together, others apart."""
    found = tuple(evidence(number, "a.md", [10], 100 * number) for number in (7, 3, 4))
    windows = windows_of(sentences_of(Retrieval("q", {}, found)))
    assert [[s.evidence.paragraph.id for s in w] for w in windows] == [[3, 4], [7]]


def test_long_paragraphs_are_cut_evenly() -> None:
    """A paragraph of twice the longest window becomes windows of about equal length."""
    found = (evidence(1, "a.md", [20] * 11, 0),)
    windows = windows_of(sentences_of(Retrieval("q", {}, found)))
    assert len(windows) == 2
    assert all(80 <= words(window) <= MOST_WORDS + 20 for window in windows)
