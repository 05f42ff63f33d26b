"""Choosing sentences by words, numbers and names alone: where no reader knows the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcebot.answering.features import COVERED, FEATURES, sentence_features
from sourcebot.answering.stages import packaged_words
from sourcebot.answering.windows import sentences_of
from sourcebot.types import Candidate, Span

if TYPE_CHECKING:
    from sourcebot.answering.stages import Stack
    from sourcebot.types import Retrieval


class WordReader:
    """Judges sentences by the features that need no reader; thread-safe."""

    def __init__(self, stack: Stack | None = None) -> None:
        """Take what was fitted, or the packaged stages."""
        self._stack = stack or packaged_words()

    def read(self, retrieval: Retrieval) -> tuple[Candidate, ...]:
        """Return all sentences with their probabilities, the best first; none marks words."""
        return self.skim(retrieval, 0)

    def skim(self, retrieval: Retrieval, words: int) -> tuple[Candidate, ...]:
        """Return all sentences likewise: comparing words costs little, however many there are."""
        del words
        matrix = sentence_features(retrieval)
        logits, probabilities = self._stack.judge(matrix)
        sentences = sentences_of(retrieval)
        return tuple(
            Candidate(
                sentences[row].evidence,
                sentences[row].span,
                float(probabilities[row]),
                float(matrix[row, COVERED]),
                dict(zip(FEATURES, map(float, matrix[row]), strict=True)),
                Span(sentences[row].span.start, sentences[row].span.start),
            )
            for row in np.argsort(-logits, kind="stable")
        )
