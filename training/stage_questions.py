"""Questions with labelled columns, asked of real indexes: what `training.stages` fits on.

Each held-out window becomes an article, which the real indexer, retriever and reader then serve,
so the columns are exactly those of a question in use. The questions are asked of one large index,
and again of many small ones, because people begin with a handful of articles.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.answering.features import sentence_features
from sourcebot.answering.retriever import retrieve
from sourcebot.answering.windows import sentences_of
from sourcebot.config.settings import Config, IndexConfig, SourcesConfig
from sourcebot.index.embedded.generation import open_current
from sourcebot.index.open import build_index
from sourcebot.types import Filters
from training.rows import ANSWERS, Row
from training.swaps import Lexicon, swapped_questions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from sourcebot.answering.reader import Read
    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.embedded.generation import Generation
    from sourcebot.types import Evidence, Retrieval

SEED = 7
DISTRACTORS = 2000
"""How many other windows are in the large index beside the held-out ones."""

SMALL_SIZES = (1, 1, 2, 2, 3, 4, 5, 6, 8, 10, 12)
"""How many articles a small index holds, each size equally often."""

SHORT_ANSWER = 3
NOT_STATED_SHARE = 0.5
"""How many answerable questions are also asked with all that may answer taken out."""

CHANGED_SHARE = 0.4
"""How many are also asked with a detail changed to another of the same kind, near or far."""

FAR = 12
"""Rows whose sentences such details are taken from, besides the question's own."""

OFF_TOPIC_SHARE = 0.5
"""Of how many small indexes a question of another one is asked too."""

PARTED_SHARE = 0.5
PARAGRAPH_ENDS = 0.6
"""In half of the articles of small indexes, so many sentences end a paragraph, as in news."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its evidence, and what of that is right.

    ``group`` says of which index it was asked; ``right`` holds the answering sentences and
    ``answer`` the answer, both flat and empty when the evidence does not answer. ``made`` says that
    it is not as its set has it: its answer was taken out, or its question changed.
    """

    dataset: str
    group: str
    retrieval: Retrieval
    right: tuple[str, ...]
    answer: str
    made: bool = False

    def labels(self, texts: Sequence[str]) -> np.ndarray:
        """Return the labels of sentences: 1 answers, 0 does not, -1 perhaps."""
        labels = np.zeros(len(texts))
        for place, text in enumerate(map(flat, texts)):
            if any(text in known or known in text for known in self.right):
                labels[place] = 1
            elif len(self.answer) > SHORT_ANSWER and self.answer in text:
                labels[place] = -1
        return labels

    def basic(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the columns from which what is read is chosen, and the labels."""
        texts = [sentence.text for sentence in sentences_of(self.retrieval)]
        return sentence_features(self.retrieval), self.labels(texts)


@dataclass(frozen=True, slots=True)
class Question:
    """A question's columns after reading, of shape (sentences, columns), and their labels."""

    dataset: str
    group: str
    answerable: bool
    made: bool
    columns: np.ndarray
    labels: np.ndarray


def as_question(asked: Asked, read: Read) -> Question:
    """Return the question with the columns of what was read."""
    labels = asked.labels([reading.sentence.text for reading in read.readings])
    right = bool(asked.right)
    return Question(asked.dataset, asked.group, right, asked.made, read.matrix, labels)


def flat(text: str) -> str:
    """Return text without case, punctuation and spaces."""
    return "".join(c for c in text.casefold() if c.isalnum())


class Asker:
    """Builds indexes below one project's folder and asks them questions."""

    def __init__(
        self, config: Config, embedder: Embedder, rows: Sequence[Row], held: AbstractSet[int]
    ) -> None:
        self._config = config
        self._embedder = embedder
        self._rows = rows
        self._held = sorted(held)
        self._lexicon = Lexicon(s for number in self._held for s in rows[number].sentences)

    def of_large(self, asked: list[int]) -> Iterator[Asked]:
        """Yield the questions asked of all held-out windows and some others together."""
        others = random.Random(SEED).sample(range(len(self._rows)), DISTRACTORS)
        texts = {
            (self._rows[n].title, " ".join(self._sentences(n))) for n in (*self._held, *others)
        }
        generation = self._built("large", dict(enumerate(sorted(texts))))
        rng = random.Random(SEED)
        for done, number in enumerate(asked):
            yield from self._asked(generation, number, "large", rng)
            if done % 100 == 0:
                print(f"{done} of {len(asked)} questions, large index", flush=True)

    def of_small(self, asked: list[int]) -> Iterator[Asked]:
        """Yield the questions, each asked of one of many small indexes."""
        rng = random.Random(SEED)
        left = rng.sample(asked, len(asked))
        while left:
            part = [left.pop() for _ in range(min(rng.choice(SMALL_SIZES), len(left)))]
            articles = {
                place: (self._rows[n].title, self._laid_out(n, rng)) for place, n in enumerate(part)
            }
            generation = self._built(f"small/{len(left):04}", articles)
            for number in part:
                yield from self._asked(generation, number, "small", rng)
            stranger = rng.choice(asked)
            if rng.random() < OFF_TOPIC_SHARE and stranger not in part:
                dataset = self._rows[stranger].dataset
                yield Asked(dataset, "small", self._retrieved(generation, stranger), (), "")

    def _sentences(self, number: int) -> list[str]:
        return [" ".join(sentence.split()) for sentence in self._rows[number].sentences]

    def _laid_out(self, number: int, rng: random.Random) -> str:
        """Return a window as one paragraph, or as several short ones."""
        parted = rng.random() < PARTED_SHARE
        ends = ["\n\n" if parted and rng.random() < PARAGRAPH_ENDS else " " for _ in range(99)]
        pairs = zip(self._sentences(number), ends, strict=False)
        return "".join(sentence + end for sentence, end in pairs).strip()

    def _built(self, name: str, articles: Mapping[int, tuple[str, str]]) -> Generation:
        """Return the index of articles, which lie in a folder of their own."""
        folder = self._config.project / name
        sources = folder / "sources"
        write_articles(sources, articles)
        config = replace(
            self._config,
            sources=SourcesConfig(str(sources)),
            index=IndexConfig(str(folder / "embeddings")),
        )
        build_index(config, self._embedder)
        return open_current(config.index_folder)

    def _asked(
        self, generation: Generation, number: int, group: str, rng: random.Random
    ) -> Iterator[Asked]:
        """Yield a row's question, and perhaps again with everything taken out that may answer."""
        row = self._rows[number]
        retrieval = self._retrieved(generation, number)
        pairs = zip(row.sentences, row.labels, strict=True)
        right = tuple(flat(sentence) for sentence, label in pairs if label == ANSWERS)
        answer = flat(row.answer or "")
        yield Asked(row.dataset, group, retrieval, right, answer)
        if right and rng.random() < NOT_STATED_SHARE:
            others = tuple(e for e in retrieval.evidence if not may_answer(e, right, answer))
            without = replace(retrieval, evidence=others)
            yield Asked(row.dataset, group, without, (), "", made=True)
        if right and (changed := self._changed(number, group)):
            found = self._retrieved(generation, number, changed)
            yield Asked(row.dataset, group, found, (), "", made=True)

    def _changed(self, number: int, group: str) -> str:
        """Return the question with another detail, which its passage does not answer, or ""."""
        random_ = random.Random(f"{SEED}/{group}/{number}")
        if random_.random() >= CHANGED_SHARE:
            return ""
        row = self._rows[number]
        pairs = list(zip(row.sentences, row.labels, strict=True))
        far = [s for n in random_.sample(self._held, FAR) for s in self._rows[n].sentences]
        made = swapped_questions(
            row.question,
            [sentence for sentence, label in pairs if label == ANSWERS],
            ([sentence for sentence, label in pairs if label != ANSWERS], far),
            row.title,
            self._lexicon,
            random_,
        )
        return random_.choice(made) if made else ""

    def _retrieved(self, generation: Generation, number: int, question: str = "") -> Retrieval:
        """Return the evidence for a row's question, or for another one in its place."""
        settings = self._config.retrieval
        return retrieve(
            generation,
            self._embedder,
            question or self._rows[number].question,
            Filters(),
            paragraphs=settings.paragraphs,
            dense_weight=settings.dense_weight,
        )


def write_articles(sources: Path, articles: Mapping[int, tuple[str, str]]) -> None:
    """Write texts as articles, where they are not there yet: a resumed run finds its index."""
    sources.mkdir(parents=True, exist_ok=True)
    for number, (title, text) in articles.items():
        head = f"---\ntitle: {json.dumps(title)}\n---" if title else f"Passage {number}"
        path, content = sources / f"{number:05}.txt", f"{head}\n\n{text}\n"
        if not path.exists() or path.read_text("utf-8") != content:
            path.write_text(content, "utf-8")


def may_answer(evidence: Evidence, right: tuple[str, ...], answer: str) -> bool:
    """Return whether a paragraph holds an answering sentence or the answer's words."""
    text = flat(evidence.paragraph.text)
    return any(known in text for known in right) or (len(answer) > SHORT_ANSWER and answer in text)
