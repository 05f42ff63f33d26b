"""How fast a reader reads on this machine."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from sourcebot.answering.windows import MOST_WORDS, sentences_of, windows_of
from sourcebot.types import Attribution, Evidence, Paragraph, Retrieval, Span

if TYPE_CHECKING:
    from sourcebot.answering.reader import Model

_QUESTION = "When was the old harbour bridge closed?"
_SENTENCE = "The council of the lower town said on Monday that the old bridge would stay closed. "
_TIMES = 3


def pace(model: Model, words: int) -> float:
    """Return the seconds that reading so many words for one question takes, once warm.

    The median of three readings of windows of equal length.

    Raises:
        ModelError: when the model cannot be loaded.
    """
    windows = windows_of(sentences_of(_retrieval(words)))
    model.read(_QUESTION, windows)
    times = []
    for _ in range(_TIMES):
        started = time.perf_counter()
        model.read(_QUESTION, windows)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def _retrieval(words: int) -> Retrieval:
    """Return paragraphs of one window each, together of about so many words."""
    source = Attribution("a", "The bridge", "", "", None, "", "", "utf-8", "en", 1, None)
    each = len(_SENTENCE.split())
    fit = MOST_WORDS // each
    counts = [fit] * (words // (fit * each))
    evidence = [
        Evidence(_paragraph(number, count), source, 0.0, 0.0, 0.0, ())
        for number, count in enumerate(counts)
    ]
    return Retrieval(_QUESTION, {}, tuple(evidence))


def _paragraph(number: int, sentences: int) -> Paragraph:
    starts = [place * len(_SENTENCE) for place in range(sentences)]
    spans = tuple(Span(start, start + len(_SENTENCE) - 1) for start in starts)
    text = (_SENTENCE * sentences).rstrip()
    # Every other number, so that no window runs from one into the next.
    return Paragraph(2 * number + 1, "a", 1, "", Span(0, len(text)), text, spans)
