"""The learned part of the reader: a small transformer over question and window, in ONNX.

It reads ``[CLS] question [SEP] sentence sentence … [SEP]`` and gives a logit for each sentence
(does it answer?), one for "none of these", and for each token whether the answer's words start
or end there, as in extractive question answering (Devlin et al., 2019). ``training/`` has the
recipe, ``weights/reader/README.md`` the model card.
"""

from __future__ import annotations

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.errors import ModelError
from sourcebot.types import Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.resources.abc import Traversable
    from pathlib import Path

    import numpy.typing as npt
    from tokenizers import Encoding

    from sourcebot.answering.windows import Sentence, Window

    Logits = npt.NDArray[np.float32]

FILES = ("tokenizer.json", "reader.onnx")
DIGESTS = "digests.json"
"""Beside the files: the sha256 of each, in hexadecimal. ``training.digests`` writes it."""

MOST_TOKENS = 256
MOST_QUESTION_TOKENS = 48
_MOST_ANSWER_TOKENS = 30
_REINSTALL = "reinstall sourcebot"


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


class ReaderModel:
    """The exported reader; thread-safe."""

    def __init__(self, folder: Path | None = None, threads: int = 0) -> None:
        """Load the reader in ``folder``, or the packaged one; 0 threads means one per core.

        Raises:
            ModelError: when it is not as its digests say, or cannot be loaded.
        """
        where = folder or files("sourcebot.answering") / "weights" / "reader"
        self._pool = ThreadPoolExecutor(threads or os.cpu_count() or 1)
        # The digests are taken while the libraries are imported.
        checking = self._pool.submit(_checked, where)
        import onnxruntime as ort
        from tokenizers import Tokenizer

        tokenizer, graph = checking.result()
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        # The export has fused what can be fused.
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
        try:
            self._tokenizer = Tokenizer.from_str(tokenizer.decode("utf-8"))
            self._session = ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # both libraries raise bare exceptions of their own
            raise ModelError(
                f"the reader in {where} cannot be loaded: {error}", _REINSTALL
            ) from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._cls, self._sep = self._tokenizer.encode("").ids

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        """Return a reading of each sentence of the windows that fits into ``MOST_TOKENS``."""
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids
        head = [self._cls, *asked[:MOST_QUESTION_TOKENS], self._sep]
        read = self._pool.map(lambda window: self._read_one(head, window), windows)
        return [reading for readings in read for reading in readings]

    def _read_one(self, head: list[int], window: Window) -> list[Reading]:
        ids = list(head)
        placed: list[tuple[Sentence, Encoding, int]] = []
        for sentence in window:
            encoding = self._tokenizer.encode(sentence.text, add_special_tokens=False)
            room = MOST_TOKENS - 1 - len(ids)
            if not encoding.ids or (placed and len(encoding.ids) > room):
                break
            placed.append((sentence, encoding, len(ids)))
            ids += encoding.ids[:room]
        if not placed:
            return []
        ids.append(self._sep)
        tokens = np.array([ids], np.int64)
        kinds = np.zeros_like(tokens)
        kinds[0, len(head) :] = 1
        mask = np.zeros((1, len(placed), len(ids)), np.float32)
        bounds = [(at, min(at + len(e.ids), len(ids) - 1)) for _, e, at in placed]
        for row, (start, end) in enumerate(bounds):
            mask[0, row, start:end] = 1
        logits, none, starts, ends = self._session.run(
            ["sentence_logits", "none_logit", "start_logits", "end_logits"],
            {
                "input_ids": tokens,
                "attention_mask": np.ones_like(tokens),
                "token_type_ids": kinds,
                "sentence_mask": mask,
            },
        )
        readings = []
        for row, ((sentence, encoding, at), (start, end)) in enumerate(
            zip(placed, bounds, strict=True)
        ):
            score, first, last = _best_span(starts[0, start:end], ends[0, start:end])
            offsets = (
                encoding.offsets[start - at + first][0],
                encoding.offsets[start - at + last][1],
            )
            words = Span(sentence.span.start + offsets[0], sentence.span.start + offsets[1])
            readings.append(Reading(sentence, float(logits[0, row]), float(none[0]), score, words))
        return readings


def _checked(folder: Traversable) -> list[bytes]:
    """Return the contents of ``FILES`` in a folder.

    Raises:
        ModelError: when one is missing or has not the digest noted beside it.
    """
    try:
        noted = json.loads((folder / DIGESTS).read_text("utf-8"))
        contents = [(folder / name).read_bytes() for name in FILES]
        altered = [
            name
            for name, data in zip(FILES, contents, strict=True)
            if hashlib.sha256(data).hexdigest() != noted[name]
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"the reader in {folder} is incomplete: {error}", _REINSTALL) from error
    if altered:
        raise ModelError(
            f"the reader in {folder} is damaged: {altered[0]} is not as published", _REINSTALL
        )
    return contents


def _best_span(starts: Logits, ends: Logits) -> tuple[float, int, int]:
    """Return the best sum of a start and a later end, and their places."""
    sums = starts[:, np.newaxis] + ends[np.newaxis]
    allowed = np.triu(np.ones(sums.shape, bool)) & ~np.triu(
        np.ones(sums.shape, bool), k=_MOST_ANSWER_TOKENS
    )
    best = int(np.argmax(np.where(allowed, sums, -np.inf)))
    first, last = divmod(best, len(ends))
    return float(sums[first, last]), first, last
