"""The reader: which sentences of a window answer a question, and which words of them.

It gives a logit for each sentence (does it answer?), one for "none of these", and for each token
whether the answer's words start or end there, as in extractive question answering (Devlin et al.,
2019, https://arxiv.org/abs/1810.04805). The small reader and the judge have the same outputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.answering.window_model import WindowModel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tokenizers import Tokenizer

    from sourcebot.answering.window_model import Encoded, Logits, Lower
    from sourcebot.answering.windows import Sentence, Window
    from sourcebot.files import Digests
    from sourcebot.types import Span

_MOST_ANSWER_TOKENS = 30
_OUTPUTS = ("sentence_logits", "none_logit", "start_logits", "end_logits")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader says of one sentence.

    Attributes:
        sentence: what was read.
        logit: whether it answers, comparable between windows and questions.
        none: whether nothing in its window answers.
        span_logit: the best sum of start and end logits in it.
        words: where the words that answer would stand, in the article.
    """

    sentence: Sentence
    logit: float
    none: float
    span_logit: float
    words: Span


class ReaderModel(WindowModel):
    """An exported reader; thread-safe."""

    def __init__(
        self,
        folder: Path | None = None,
        threads: int = 0,
        name: str = "reader",
        digests: Digests | None = None,
        tokenizer: Tokenizer | None = None,
        *,
        lower: Lower | None = None,
    ) -> None:
        """Load ``name``.onnx from its folder, or from the packaged one; see ``WindowModel``.

        ``lower`` holds the first layers and the tokenizer of a graph without them.

        Raises:
            ModelError: when it is not as its digests say, or cannot be loaded.
        """
        super().__init__(name, folder, threads, digests, tokenizer, lower=lower)

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        """Return a reading of each sentence of the windows that fits into ``MOST_TOKENS``."""
        return [
            reading for found in self.each(question, windows, self._read_one) for reading in found
        ]

    def _read_one(self, encoded: Encoded) -> list[Reading]:
        logits, none, starts, ends = self.run(_OUTPUTS, encoded)
        readings = []
        for row, place in enumerate(encoded.placed):
            score, first, last = _best_span(
                starts[0, place.start : place.end], ends[0, place.start : place.end]
            )
            offsets = place.encoding.offsets
            words = place.sentence.readable.place(offsets[first][0], offsets[last][1])
            readings.append(
                Reading(place.sentence, float(logits[0, row]), float(none[0]), score, words)
            )
        return readings


def _best_span(starts: Logits, ends: Logits) -> tuple[float, int, int]:
    """Return the best sum of a start and a later end, and their places."""
    sums = starts[:, np.newaxis] + ends[np.newaxis]
    allowed = np.triu(np.ones(sums.shape, bool)) & ~np.triu(
        np.ones(sums.shape, bool), k=_MOST_ANSWER_TOKENS
    )
    best = int(np.argmax(np.where(allowed, sums, -np.inf)))
    first, last = divmod(best, len(ends))
    return float(sums[first, last]), first, last
