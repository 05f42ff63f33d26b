"""Windows to arrays: `[CLS] question [SEP] title [SEP] sentence sentence … [SEP]`.

Without a title, its `[SEP]` is left out too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer
from torch import Tensor

from training.rows import ANSWERS, UNKNOWN
from training.windows import Window

MOST_TOKENS = 256
MOST_QUESTION_TOKENS = 48
MOST_TITLE_TOKENS = 24
NO_SPAN = -100

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Example:
    """An encoded window: token ids and, per sentence, its label and half-open token range.

    `span` holds the first and the last token of the answer, or NO_SPAN twice.
    """

    ids: tuple[int, ...]
    question_tokens: int
    bounds: tuple[tuple[int, int], ...]
    labels: tuple[int, ...]
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Batch:
    """B examples of at most T tokens and S sentences.

    input_ids, attention_mask, token_type_ids: int64 [B, T];
    sentence_mask: float32 [B, S, T], 1 at the tokens of the sentence, else 0;
    labels: float32 [B, S], -1 where unknown or padded; spans: int64 [B, 2].
    """

    input_ids: Ints
    attention_mask: Ints
    token_type_ids: Ints
    sentence_mask: Floats
    labels: Floats
    spans: Ints

    def tensors(self, device: str = "cpu") -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return what a reader takes, in its order."""
        inputs = (self.input_ids, self.attention_mask, self.token_type_ids, self.sentence_mask)
        moved = [torch.from_numpy(array).to(device, non_blocking=True) for array in inputs]
        return moved[0], moved[1], moved[2], moved[3]

    def every(self, count: int, first: int) -> Batch:
        """Return every `count`-th window, from `first` on."""
        part = slice(first, None, count)
        return Batch(
            self.input_ids[part],
            self.attention_mask[part],
            self.token_type_ids[part],
            self.sentence_mask[part],
            self.labels[part],
            self.spans[part],
        )


class Encoder:
    """Tokenises windows; sentences are tokenised one by one and remembered."""

    def __init__(self, tokenizer_file: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._cls, self._sep = self._tokenizer.encode("").ids
        self._remembered: dict[str, Encoding] = {}

    def example(self, window: Window) -> Example:
        """Return the encoded window; sentences that do not fit are left out at its end.

        A window whose answer would be cut off loses sentences at its start instead.
        """
        question = self._tokenizer.encode(window.question, add_special_tokens=False)
        head = [self._cls, *question.ids[:MOST_QUESTION_TOKENS], self._sep]
        if window.title:
            title = self._tokenizer.encode(window.title, add_special_tokens=False)
            ids = [*head, *title.ids[:MOST_TITLE_TOKENS], self._sep]
        else:
            ids = list(head)
        room = MOST_TOKENS - len(ids) - 1
        encodings = [self._encode(sentence) for sentence in window.sentences]
        first = _first_fitting(encodings, window.labels, room)
        bounds: list[tuple[int, int]] = []
        labels: list[int] = []
        span = (NO_SPAN, NO_SPAN)
        for place in range(first, len(encodings)):
            left = MOST_TOKENS - 1 - len(ids)
            encoding = encodings[place]
            if not encoding.ids:
                continue
            if bounds and len(encoding.ids) > left:
                break
            start = len(ids)
            ids.extend(encoding.ids[:left])
            bounds.append((start, len(ids)))
            labels.append(window.labels[place])
            if window.labels[place] == ANSWERS and window.answer and span[0] == NO_SPAN:
                span = _span(encoding, window.sentences[place], window.answer, start, len(ids))
        ids.append(self._sep)
        return Example(tuple(ids), len(head), tuple(bounds), tuple(labels), span)

    def decode(self, ids: Sequence[int]) -> str:
        """Return the lower-cased text of the tokens."""
        text: str = self._tokenizer.decode(list(ids))
        return text

    def _encode(self, sentence: str) -> Encoding:
        if sentence not in self._remembered:
            encoding = self._tokenizer.encode(sentence, add_special_tokens=False)
            self._remembered[sentence] = encoding
        return self._remembered[sentence]


def collate(examples: Sequence[Example]) -> Batch:
    """Pad the examples to the longest and the one with most sentences."""
    count = len(examples)
    tokens = max(len(example.ids) for example in examples)
    sentences = max(len(example.bounds) for example in examples)
    input_ids = np.zeros((count, tokens), np.int64)
    attention = np.zeros((count, tokens), np.int64)
    types = np.zeros((count, tokens), np.int64)
    mask = np.zeros((count, sentences, tokens), np.float32)
    labels = np.full((count, sentences), UNKNOWN, np.float32)
    spans = np.array([example.span for example in examples], np.int64)
    for line, example in enumerate(examples):
        length = len(example.ids)
        input_ids[line, :length] = example.ids
        attention[line, :length] = 1
        types[line, example.question_tokens : length] = 1
        labels[line, : len(example.labels)] = example.labels
        for place, (start, end) in enumerate(example.bounds):
            mask[line, place, start:end] = 1
    return Batch(input_ids, attention, types, mask, labels, spans)


def _first_fitting(encodings: list[Encoding], labels: tuple[int, ...], room: int) -> int:
    """Return the first sentence to keep, so that the first answering one still fits."""
    if ANSWERS not in labels:
        return 0
    needed = labels.index(ANSWERS)
    first, total = 0, sum(len(encoding.ids) for encoding in encodings[: needed + 1])
    while first < needed and total > room:
        total -= len(encodings[first].ids)
        first += 1
    return first


def _span(encoding: Encoding, sentence: str, answer: str, start: int, end: int) -> tuple[int, int]:
    """Return the first and last token of the answer's text in the sentence, if it is there."""
    at = sentence.find(answer)
    if at < 0:
        at = sentence.lower().find(answer.lower())
    if at < 0:
        return NO_SPAN, NO_SPAN
    until = at + len(answer)
    inside = [
        place for place, (left, right) in enumerate(encoding.offsets) if left < until and right > at
    ]
    if not inside or start + inside[-1] >= end:
        return NO_SPAN, NO_SPAN
    return start + inside[0], start + inside[-1]
