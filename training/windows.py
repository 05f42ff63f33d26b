"""Making training windows from rows: joins, crops, and the answer taken out.

Positives and near-misses pass through the same crops, joins and dropped sentences, so that
neither the length of a window nor a seam between two sentences tells whether it answers.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random

from training.rows import ANSWERS, SILENT, UNKNOWN, Corpus, Row
from training.swaps import Lexicon, swapped_questions
from training.text import holds

KEEP_WHOLE = 0.5
JOIN, JOIN_REMOVED = 0.3, 0.6
DROP_ONE = 0.15
BARE_QUESTION = 0.2
SMALL_LETTERS = 0.12
UNTITLED = 0.3
MOST_SENTENCES = 10
_OTHER_PASSAGE = 0.7
_LOOKED_AT = 4


@dataclass(frozen=True, slots=True)
class Window:
    """One training example.

    `kind` is how it came about: answerable, natural (unanswerable as the set has it), removed (its
    answer was taken out), swapped (its question was changed), mined (BM25 finds it, and it does not
    hold the answer) or found (BM25 finds it, and nobody knows).
    """

    dataset: str
    kind: str
    title: str
    question: str
    sentences: tuple[str, ...]
    labels: tuple[int, ...]
    answer: str | None


def from_row(row: Row, kind: str) -> Window:
    """Return the row as it is."""
    return Window(row.dataset, kind, row.title, row.question, row.sentences, row.labels, row.answer)


class Maker:
    """Makes windows of a kind from the rows of a corpus."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._of_passage: dict[int, list[int]] = defaultdict(list)
        for number, row in enumerate(corpus.rows):
            if number not in corpus.held:
                self._of_passage[row.passage].append(number)

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(s for row in self._corpus.rows for s in row.sentences)

    def make(self, kind: str, number: int, random: Random) -> Window | None:
        """Return a window of row `number`, or None if it does not lend itself to the kind."""
        window: Window | None = from_row(self._corpus.rows[number], kind)
        assert window is not None
        if kind in {"mined", "found"}:
            window = self._brought(window, number, random)
        elif random.random() < (JOIN_REMOVED if kind == "removed" else JOIN):
            window = self._joined(window, number, random)
        if window and kind == "removed":
            window = remove_answer(window)
        if window is None:
            return None
        window = crop(window, random)
        if kind == "swapped":  # after the crop, so that what seemed to answer stays in
            window = self.swapped(window, number, random)
        return window and blurred(window, random)

    def swapped(self, window: Window, number: int, random: Random) -> Window | None:
        """Return the window with another question, which it does not answer; None if none fits."""
        pairs = zip(window.sentences, window.labels, strict=True)
        answering = [sentence for sentence, label in pairs if label != SILENT]
        silent = [s for s in window.sentences if s not in answering]
        near = [s for _ in range(_LOOKED_AT) for s in self._near_sentences(window, number, random)]
        questions = swapped_questions(
            window.question, answering, (silent, near), window.title, self._lexicon, random
        )
        if not questions:
            return None
        labels = (SILENT,) * len(window.sentences)
        return replace(window, question=random.choice(questions), labels=labels, answer=None)

    def _near(self, number: int, random: Random) -> Row | None:
        """Return a row of the same passage, or of another one of the same article."""
        row = self._corpus.rows[number]
        others = [p for p in self._corpus.near.get(row.passage, ()) if self._of_passage.get(p)]
        if others and random.random() < _OTHER_PASSAGE:
            return self._corpus.rows[random.choice(self._of_passage[random.choice(others)])]
        own = self._of_passage.get(row.passage, [])
        return self._corpus.rows[random.choice(own)] if len(own) > 1 else None

    def _near_sentences(self, window: Window, number: int, random: Random) -> list[str]:
        other = self._near(number, random)
        return [s for s in other.sentences if s not in window.sentences] if other else []

    def _joined(self, window: Window, number: int, random: Random) -> Window:
        """Put near sentences before or after the window.

        They do not answer, as far as known: where they hold the text of the answer the label is
        unknown.
        """
        row = self._corpus.rows[number]
        known = dict(zip(row.sentences, row.labels, strict=True))
        added = self._near_sentences(window, number, random)
        added = added[: max(0, MOST_SENTENCES - len(window.sentences))]
        labels = [known.get(s, UNKNOWN if _may_answer(window, s) else SILENT) for s in added]
        if random.random() < 0.5:
            return _with(window, [*added, *window.sentences], [*labels, *window.labels])
        return _with(window, [*window.sentences, *added], [*window.labels, *labels])

    def _brought(self, window: Window, number: int, random: Random) -> Window | None:
        """Return the question with another row's sentences, which BM25 brings for it."""
        mined = window.kind == "mined"
        others = (self._corpus.mined if mined else self._corpus.found).get(number)
        if not others:
            return None
        other = self._corpus.rows[random.choice(others)]
        labels = [SILENT if mined else UNKNOWN] * len(other.sentences)
        return _with(replace(window, title=other.title, answer=None), other.sentences, labels)


def remove_answer(window: Window) -> Window | None:
    """Take the answering sentences out: on topic, not stated.

    None if nothing is left, or if the text of the answer may still stand in what is left.
    """
    kept = [
        (sentence, label)
        for sentence, label in zip(window.sentences, window.labels, strict=True)
        if label != ANSWERS
    ]
    if not kept or any(lab == UNKNOWN or _may_answer(window, sent) for sent, lab in kept):
        return None
    bare = replace(window, answer=None)
    return _with(bare, [sentence for sentence, _ in kept], [SILENT] * len(kept))


def crop(window: Window, random: Random) -> Window:
    """Keep a random run of sentences, around an answering one if there is one."""
    window = _drop_one(window, random) if random.random() < DROP_ONE else window
    count = len(window.sentences)
    if count == 1 or random.random() < KEEP_WHOLE:
        return window
    size = random.randint(max(1, count // 3), count)
    answering = [place for place, label in enumerate(window.labels) if label == ANSWERS]
    if answering:
        pivot = random.choice(answering)
        first = random.randint(max(0, pivot - size + 1), min(pivot, count - size))
    else:
        first = random.randint(0, count - size)
    part = slice(first, first + size)
    return _with(window, window.sentences[part], window.labels[part])


def blurred(window: Window, random: Random) -> Window:
    """Sometimes drop the question mark, the capitals or the title: people and articles do."""
    question = window.question
    if random.random() < BARE_QUESTION:
        question = question.rstrip("? ")
    if random.random() < SMALL_LETTERS:
        question = question.lower()
    title = "" if random.random() < UNTITLED else window.title
    return replace(window, question=question, title=title)


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
