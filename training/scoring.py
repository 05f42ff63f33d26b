"""Running a reader, in torch or in ONNX Runtime, over windows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from training.encode import Batch, Encoder, Example, Floats, collate
from training.model import Reader
from training.windows import Window

BATCH = 16
MOST_SPAN_TOKENS = 30

Run = Callable[[Batch], tuple[Floats, Floats, Floats, Floats]]


@dataclass(frozen=True, slots=True)
class Scored:
    """The reader's logits for one encoded window, padding taken off.

    sentences: float32 [S]; start, end: float32 [T].
    """

    example: Example
    sentences: Floats
    none: float
    start: Floats
    end: Floats

    def span(self, place: int) -> tuple[int, int]:
        """Return the first and last token of the best answer within sentence `place`."""
        first, until = self.example.bounds[place]
        sums = self.start[first:until, None] + self.end[None, first:until]
        allowed = np.triu(np.ones_like(sums)) - np.triu(np.ones_like(sums), k=MOST_SPAN_TOKENS)
        best = int(np.argmax(np.where(allowed > 0, sums, -np.inf)))
        left, right = divmod(best, until - first)
        return first + left, first + right


def torch_run(model: Reader) -> Run:
    """Return a function that scores a batch with `model`."""
    model.eval()

    def run(batch: Batch) -> tuple[Floats, Floats, Floats, Floats]:
        with torch.inference_mode():
            outputs = model(
                torch.from_numpy(batch.input_ids),
                torch.from_numpy(batch.attention_mask),
                torch.from_numpy(batch.token_type_ids),
                torch.from_numpy(batch.sentence_mask),
            )
        scores, none, start, end = (output.numpy() for output in outputs)
        return scores, none, start, end

    return run


def onnx_run(path: Path, threads: int) -> Run:
    """Return a function that scores a batch with an exported reader."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def run(batch: Batch) -> tuple[Floats, Floats, Floats, Floats]:
        inputs = {
            "input_ids": batch.input_ids,
            "attention_mask": batch.attention_mask,
            "token_type_ids": batch.token_type_ids,
            "sentence_mask": batch.sentence_mask,
        }
        scores, none, start, end = session.run(None, inputs)
        return scores, none, start, end

    return run


def score(run: Run, encoder: Encoder, windows: Sequence[Window], threads: int = 1) -> list[Scored]:
    """Score the windows, batched by length, and return them in their order."""
    examples = [encoder.example(window) for window in windows]
    order = sorted(range(len(examples)), key=lambda place: len(examples[place].ids))
    scored: dict[int, Scored] = {}
    groups = [order[first : first + BATCH] for first in range(0, len(order), BATCH)]
    with ThreadPoolExecutor(threads) as pool:
        outputs = list(pool.map(lambda g: run(collate([examples[place] for place in g])), groups))
    for places, (sentences, none, start, end) in zip(groups, outputs, strict=True):
        for line, place in enumerate(places):
            example = examples[place]
            length, count = len(example.ids), len(example.bounds)
            scored[place] = Scored(
                example,
                sentences[line, :count],
                float(none[line]),
                start[line, :length],
                end[line, :length],
            )
    return [scored[place] for place in range(len(examples))]
