"""Which reader reads what: English about English by its own, everything else by another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sourcebot.text.languages import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcebot.answering.reader import Reader
    from sourcebot.types import Candidate, Evidence, Retrieval


class ReaderByLanguage:
    """Gives each paragraph to the reader that knows its language and the question's; thread-safe.

    The probabilities of both are calibrated, so they can be compared.
    """

    def __init__(self, english: Reader, others: Reader, *, across: bool) -> None:
        """Take the reader of English, and that of articles in other languages.

        ``across`` says that the other one also reads English for questions in other languages;
        else names and numbers may still tell the reader of English something.
        """
        self._english = english
        self._others = others
        self._across = across

    def read(self, retrieval: Retrieval) -> tuple[Candidate, ...]:
        """Return the sentences that were read, each with its probability, the best first."""
        return self._each(retrieval, lambda reader, part: reader.read(part))

    def skim(self, retrieval: Retrieval, words: int) -> tuple[Candidate, ...]:
        """Return the sentences of up to ``words`` words of each kind, less surely judged."""
        return self._each(retrieval, lambda reader, part: reader.skim(part, words))

    def _each(
        self, retrieval: Retrieval, read: Callable[[Reader, Retrieval], tuple[Candidate, ...]]
    ) -> tuple[Candidate, ...]:
        own = tuple(e for e in retrieval.evidence if self._in_english(retrieval, e))
        rest = tuple(e for e in retrieval.evidence if not self._in_english(retrieval, e))
        if not rest:
            return read(self._english, retrieval)
        others = read(self._others, replace(retrieval, evidence=rest))
        if not own:
            return others
        return _merged(read(self._english, replace(retrieval, evidence=own)), others)

    def _in_english(self, retrieval: Retrieval, evidence: Evidence) -> bool:
        asked = retrieval.language if self._across else ENGLISH
        return {asked, evidence.source.language} <= {ENGLISH, ""}


def _merged(one: tuple[Candidate, ...], other: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Return both by probability; neither's own order changes."""
    left, right = list(one), list(other)
    merged: list[Candidate] = []
    while left and right:
        first = left if left[0].probability >= right[0].probability else right
        merged.append(first.pop(0))
    return (*merged, *left, *right)
