"""Evidence -> windows: runs of consecutive sentences that a reader reads at once.

News paragraphs are single sentences that make sense only among their neighbours, so a window
may span several paragraphs of one article; a long paragraph becomes several windows.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcebot.text.lengths import words_in
from sourcebot.text.tables import as_read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcebot.text.tables import Readable
    from sourcebot.types import Evidence, Retrieval, Span

MOST_WORDS = 110
"""Longest window in words; about 150 tokens."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the evidence; ``number`` is its place in ``sentences_of``.

    ``readable`` is what is read of it: its words, or a table's row with the header's.
    """

    number: int
    evidence: Evidence
    span: Span
    readable: Readable

    @property
    def text(self) -> str:
        """What is read of it."""
        return self.readable.text


Window = tuple[Sentence, ...]


def sentences_of(retrieval: Retrieval) -> tuple[Sentence, ...]:
    """Return the sentences of all evidence, best paragraph first."""
    places = (
        (evidence, span) for evidence in retrieval.evidence for span in evidence.paragraph.sentences
    )
    return tuple(
        Sentence(number, evidence, span, as_read(evidence.paragraph, span))
        for number, (evidence, span) in enumerate(places)
    )


def windows_of(sentences: tuple[Sentence, ...]) -> list[Window]:
    """Return windows that hold every sentence once, in reading order within each."""
    ordered = sorted(sentences, key=lambda s: (s.evidence.paragraph.article, s.span.start))
    windows: list[Window] = []
    for run in _runs(ordered):
        windows += _cut(run)
    return windows


def _runs(ordered: list[Sentence]) -> Iterator[list[Sentence]]:
    """Yield the sentences of paragraphs that follow each other in one article."""
    run: list[Sentence] = []
    for before, sentence in itertools.pairwise([None, *ordered]):
        if before and sentence and not _adjoin(before, sentence):
            yield run
            run = []
        if sentence:
            run.append(sentence)
    if run:
        yield run


def _adjoin(before: Sentence, after: Sentence) -> bool:
    left, right = before.evidence.paragraph, after.evidence.paragraph
    return left.article == right.article and right.id - left.id <= 1


def _cut(run: list[Sentence]) -> Iterator[Window]:
    """Cut a run into the fewest windows, of about equal length."""
    sizes = [words_in(sentence.text) for sentence in run]
    parts = -(-sum(sizes) // MOST_WORDS) or 1
    target = sum(sizes) / parts
    window: list[Sentence] = []
    filled = 0
    for sentence, size in zip(run, sizes, strict=True):
        if window and filled + size / 2 > target:
            yield tuple(window)
            window, filled = [], 0
        window.append(sentence)
        filled += size
    yield tuple(window)
