"""What every learned reader of windows shares: opening its graph, and laying words out for it.

The input is ``[CLS] question [SEP] title [SEP] sentence sentence … [SEP]``, the headings of a
paragraph before its first sentence. All have the same tokenizer; ``training/`` has the recipes,
the README beside each one's weights is its model card.
"""

from __future__ import annotations

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from sourcebot.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.resources.abc import Traversable
    from pathlib import Path

    import numpy.typing as npt
    from tokenizers import Encoding

    from sourcebot.answering.windows import Sentence, Window

    Logits = npt.NDArray[np.float32]

T = TypeVar("T")

WEIGHTS = files("sourcebot.answering") / "weights"
TOKENIZER = "tokenizer.json"
DIGESTS = "digests.json"
"""Beside the files: the sha256 of each, in hexadecimal. ``training.digests`` writes it."""

MOST_TOKENS = 256
MOST_QUESTION_TOKENS = 48
MOST_TITLE_TOKENS = 24
_REINSTALL = "reinstall sourcebot"
_BESIDE = "session.model_external_initializers_file_folder_path"
"""ONNX Runtime's name for the folder of a graph's weights, when the graph itself is in memory."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A sentence, its encoding, and where its tokens stand in the input."""

    sentence: Sentence
    encoding: Encoding
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Encoded:
    """The input for one window: token ids, where the question ends, and the sentences."""

    ids: tuple[int, ...]
    head: int
    placed: tuple[Placed, ...]

    def feed(self) -> dict[str, npt.NDArray[np.generic]]:
        """Return the graph's inputs, the first dimension 1."""
        tokens = np.array([self.ids], np.int64)
        kinds = np.zeros_like(tokens)
        kinds[0, self.head :] = 1
        mask = np.zeros((1, len(self.placed), len(self.ids)), np.float32)
        for row, place in enumerate(self.placed):
            mask[0, row, place.start : place.end] = 1
        return {
            "input_ids": tokens,
            "attention_mask": np.ones_like(tokens),
            "token_type_ids": kinds,
            "sentence_mask": mask,
        }


class WindowModel:
    """An exported model that reads windows; thread-safe."""

    def __init__(self, name: str, folder: Path | None = None, threads: int = 0) -> None:
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

    def each(
        self, question: str, windows: Sequence[Window], read: Callable[[Encoded], T]
    ) -> list[T]:
        """Return what ``read`` makes of each window that holds a word, in their order.

        Each window is read by one thread, the longest first. Several in one batch would share
        one scale of int8, and the same window would be judged differently in other company.
        """
        head = [self._cls, *self._ids(question)[:MOST_QUESTION_TOKENS], self._sep]
        encoded = [e for window in windows if (e := self._encode(head, window))]
        order = sorted(range(len(encoded)), key=lambda place: -len(encoded[place].ids))
        done = self._pool.map(lambda place: read(encoded[place]), order)
        found = dict(zip(order, done, strict=True))
        return [found[place] for place in range(len(encoded))]

    def run(self, outputs: Sequence[str], encoded: Encoded) -> list[Logits]:
        """Return outputs of the graph, float32, the first dimension 1."""
        results: list[Logits] = self._session.run(list(outputs), encoded.feed())
        return results

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def _encode(self, head: list[int], window: Window) -> Encoded | None:
        """Return the input for the sentences of a window that fit into ``MOST_TOKENS``."""
        title = self._ids(window[0].evidence.source.title)[:MOST_TITLE_TOKENS]
        ids = [*head, *title, self._sep] if title else list(head)
        placed: list[Placed] = []
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
            start = len(ids)
            ids += encoding.ids[:room]
            placed.append(Placed(sentence, encoding, start, len(ids)))
        return Encoded((*ids, self._sep), len(head), tuple(placed)) if placed else None


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
