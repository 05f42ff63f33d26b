"""The learned part of reader and judge: a transformer over question and window, in ONNX.

It reads ``[CLS] question [SEP] title [SEP] sentence sentence … [SEP]``, the headings of a paragraph
before its first sentence, and gives a logit for each sentence (does it answer?), one for "none of
these", and for each token whether the answer's words start or end there, as in extractive question
answering (Devlin et al., 2019). The small reader and the judge have the same inputs, outputs and
tokenizer. ``training/`` has the recipe, the README beside each one's weights is its model card.
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

WEIGHTS = files("sourcebot.answering") / "weights"
TOKENIZER = "tokenizer.json"
DIGESTS = "digests.json"
"""Beside the files: the sha256 of each, in hexadecimal. ``training.digests`` writes it."""

MOST_TOKENS = 256
MOST_QUESTION_TOKENS = 48
MOST_TITLE_TOKENS = 24
_MOST_ANSWER_TOKENS = 30
_REINSTALL = "reinstall sourcebot"
_BESIDE = "session.model_external_initializers_file_folder_path"
"""ONNX Runtime's name for the folder of a graph's weights, when the graph itself is in memory."""


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
    """An exported reader; thread-safe."""

    def __init__(self, folder: Path | None = None, threads: int = 0, name: str = "reader") -> None:
        """Load ``name``.onnx from its folder, or from the packaged one; 0 threads: one per core.

        The tokenizer is the packaged reader's where the folder has none.

        Raises:
            ModelError: when it is not as its digests say, or cannot be loaded.
        """
        where = folder or WEIGHTS / name
        graph_name = f"{name}.onnx"
        self._pool = ThreadPoolExecutor(threads or os.cpu_count() or 1)
        # The digests are taken while the libraries are imported.
        checking = self._pool.submit(_checked, where, graph_name)
        import onnxruntime as ort
        from tokenizers import Tokenizer

        graph, tokenizer = checking.result()
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        # The export has fused what can be fused.
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.add_session_config_entry(_BESIDE, str(where))
        try:
            self._tokenizer = Tokenizer.from_str(tokenizer.decode("utf-8"))
            self._session = ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # both libraries raise bare exceptions of their own
            raise ModelError(
                f"the {name} in {where} cannot be loaded: {error}", _REINSTALL
            ) from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._cls, self._sep = self._tokenizer.encode("").ids

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        """Return a reading of each sentence of the windows that fits into ``MOST_TOKENS``.

        Each window is read by one thread, the longest first. Several in one batch would share
        one scale of int8, and the same window would be judged differently in other company.
        """
        head = [self._cls, *self._ids(question)[:MOST_QUESTION_TOKENS], self._sep]
        order = sorted(range(len(windows)), key=lambda place: -_length(windows[place]))
        read = self._pool.map(lambda place: self._read_one(head, windows[place]), order)
        found = dict(zip(order, read, strict=True))
        return [reading for place in range(len(windows)) for reading in found[place]]

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def _read_one(self, head: list[int], window: Window) -> list[Reading]:
        title = self._ids(window[0].evidence.source.title)[:MOST_TITLE_TOKENS]
        ids = [*head, *title, self._sep] if title else list(head)
        placed: list[tuple[Sentence, Encoding, int]] = []
        heading = ""
        for sentence in window:
            encoding = self._tokenizer.encode(sentence.text, add_special_tokens=False)
            above = sentence.evidence.paragraph.heading
            lead = self._ids(above)[:MOST_TITLE_TOKENS] if above != heading else []
            heading = above
            room = MOST_TOKENS - 1 - len(ids) - len(lead)
            if not encoding.ids or (placed and len(encoding.ids) > room):
                break
            ids += lead
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


def _length(window: Window) -> int:
    return sum(len(sentence.text) for sentence in window)


def _checked(folder: Traversable, graph: str) -> tuple[bytes, bytes]:
    """Return the contents of a graph and its tokenizer, all files that are noted being whole.

    Raises:
        ModelError: when one is missing or has not the digest noted beside it.
    """
    try:
        noted = json.loads((folder / DIGESTS).read_text("utf-8"))
        altered = [name for name in noted if _digest(folder / name) != noted[name]]
        contents = (folder / graph).read_bytes()
        shared = WEIGHTS / "reader" if TOKENIZER not in noted else folder
        tokenizer = (shared / TOKENIZER).read_bytes()
        known = graph in noted
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"the reader in {folder} is incomplete: {error}", _REINSTALL) from error
    if not known:
        raise ModelError(f"the reader in {folder} is incomplete: no digest of {graph}", _REINSTALL)
    if altered:
        raise ModelError(
            f"the reader in {folder} is damaged: {altered[0]} is not as published", _REINSTALL
        )
    return contents, tokenizer


def _digest(path: Traversable) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 22):
            digest.update(part)
    return digest.hexdigest()


def _best_span(starts: Logits, ends: Logits) -> tuple[float, int, int]:
    """Return the best sum of a start and a later end, and their places."""
    sums = starts[:, np.newaxis] + ends[np.newaxis]
    allowed = np.triu(np.ones(sums.shape, bool)) & ~np.triu(
        np.ones(sums.shape, bool), k=_MOST_ANSWER_TOKENS
    )
    best = int(np.argmax(np.where(allowed, sums, -np.inf)))
    first, last = divmod(best, len(ends))
    return float(sums[first, last]), first, last
