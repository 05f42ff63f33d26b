"""Making training windows from rows: crops, joins, and the answer taken out.

Positives and near-misses pass through the same crops, joins and dropped sentences, so that
neither the length of a window nor a seam between two sentences tells whether it answers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from training.context import Corpus
from training.rows import ANSWERS, SILENT, UNKNOWN, Row
from training.text import holds

KEEP_WHOLE = 0.4
JOIN = 0.3
DROP_ONE = 0.15
BARE_QUESTION = 0.25
MOST_SENTENCES = 10


@dataclass(frozen=True, slots=True)
class Window:
    """One training example.

    `kind` is how it came about: answerable, natural, removed, swapped or mined.
    """

    dataset: str
    kind: str
    question: str
    sentences: tuple[str, ...]
    labels: tuple[int, ...]
    answer: str | None


def from_row(row: Row, kind: str) -> Window:
    """Return the row as it is."""
    return Window(row.dataset, kind, row.question, row.sentences, row.labels, row.answer)


def join_near(window: Window, corpus: Corpus, number: int, random: Random) -> Window:
    """Put a near row of row `number` before or after the window.

    Its sentences do not answer, as far as known: where they hold the text of the answer the
    label is unknown.
    """
    if not corpus.near[number]:
        return window
    other = corpus.rows[random.choice(corpus.near[number])]
    own = set(window.sentences)
    known = dict(zip(corpus.rows[number].sentences, corpus.rows[number].labels, strict=True))
    added = [sentence for sentence in other.sentences if sentence not in own]
    added = added[: max(0, MOST_SENTENCES - len(window.sentences))]
    labels = [
        known.get(sentence, UNKNOWN if _may_answer(window, sentence) else SILENT)
        for sentence in added
    ]
    if random.random() < 0.5:
        return _with(window, [*added, *window.sentences], [*labels, *window.labels])
    return _with(window, [*window.sentences, *added], [*window.labels, *labels])


def remove_answer(window: Window) -> Window | None:
    """Take the answering sentences out: on topic, not stated.

    None if nothing is left, or if the text of the answer still stands in what is left.
    """
    kept = [
        (sentence, label)
        for sentence, label in zip(window.sentences, window.labels, strict=True)
        if label != ANSWERS
    ]
    if not kept or any(_may_answer(window, sentence) for sentence, _ in kept):
        return None
    bare = replace(window, kind="removed", answer=None)
    return _with(bare, [sentence for sentence, _ in kept], [SILENT] * len(kept))


def crop(window: Window, random: Random) -> Window:
    """Keep a random run of sentences, around an answering one if there is one."""
    window = _drop_one(window, random) if random.random() < DROP_ONE else window
    count = len(window.sentences)
    if count == 1 or random.random() < KEEP_WHOLE:
        return window
    size = random.randint(1, count)
    answering = [place for place, label in enumerate(window.labels) if label == ANSWERS]
    if answering:
        pivot = random.choice(answering)
        first = random.randint(max(0, pivot - size + 1), min(pivot, count - size))
    else:
        first = random.randint(0, count - size)
    part = slice(first, first + size)
    return _with(window, window.sentences[part], window.labels[part])


def bare_question(window: Window, random: Random) -> Window:
    """Sometimes drop the question mark: people who search leave it out."""
    if random.random() < BARE_QUESTION:
        return replace(window, question=window.question.rstrip("? "))
    return window


def _drop_one(window: Window, random: Random) -> Window:
    silent = [place for place, label in enumerate(window.labels) if label != ANSWERS]
    if not silent or len(window.sentences) == 1:
        return window
    gone = random.choice(silent)
    kept = [place for place in range(len(window.sentences)) if place != gone]
    return _with(window, [window.sentences[p] for p in kept], [window.labels[p] for p in kept])


def _may_answer(window: Window, sentence: str) -> bool:
    return window.answer is not None and holds(sentence, window.answer)


def _with(
    window: Window, sentences: list[str] | tuple[str, ...], labels: list[int] | tuple[int, ...]
) -> Window:
    return replace(window, sentences=tuple(sentences), labels=tuple(labels))
