"""What every learned reader of windows shares: opening its graph, and laying words out for it.

The input is ``[CLS] question [SEP] title [SEP] sentence sentence … [SEP]``, the headings of a
paragraph before its first sentence. All have the same tokenizer; ``training/`` has the recipes,
the README beside each one's weights is its model card.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from sourcebot.embedding.sessions import open_session
from sourcebot.errors import ModelError
from sourcebot.files import Digests

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    import numpy.typing as npt
    from tokenizers import Encoding, Tokenizer

    from sourcebot.answering.windows import Sentence, Window

    Ints = npt.NDArray[np.generic]
    Logits = npt.NDArray[np.float32]

T = TypeVar("T")

WEIGHTS = Path(__file__).parent / "weights"
TOKENIZER = "tokenizer.json"
DIGESTS = "digests.json"
"""Beside the files: the sha256 of each, in hexadecimal. ``training.digests`` writes it."""

LOWER = "-lower.onnx"
"""How the graph of a model's first layers is named, where it is divided."""

HIDDEN = "hidden"
"""What lower layers give and upper ones read: float32 of shape (1, tokens, width)."""

MOST_TOKENS = 256
MOST_QUESTION_TOKENS = 48
MOST_TITLE_TOKENS = 24
_REINSTALL = "reinstall sourcebot"


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


class Lower(Protocol):
    """The first layers of models that share them; thread-safe.

    Attributes:
        tokenizer: that of all of them; it neither cuts nor fills up.
        most_tokens: how many tokens of a window they take.
    """

    tokenizer: Tokenizer
    most_tokens: int

    def run(self, ids: Ints, kinds: Ints) -> Logits:
        """Return the hidden states, float32 of shape (1, tokens, width), of int64 (1, tokens)."""


class LowerLayers:
    """The first layers of a packaged model whose graph is divided; thread-safe."""

    most_tokens = MOST_TOKENS

    def __init__(self, graph: Path, tokenizer: Tokenizer) -> None:
        """Open them, their files being as they should.

        Raises:
            Exception: any of ONNX Runtime's, when they cannot be opened.
        """
        self.tokenizer = tokenizer
        self._session = open_session(graph)

    @classmethod
    def packaged(cls, name: str) -> LowerLayers:
        """Return those of a model that comes with sourcebot.

        Raises:
            ModelError: when they are not as their digests say, or cannot be loaded.
        """
        where = WEIGHTS / name
        _checked(where, f"{name}{LOWER}", Digests())
        try:
            return cls(where / f"{name}{LOWER}", _tokenizer(WEIGHTS / "reader"))
        except Exception as error:  # both libraries raise bare exceptions of their own
            raise _unusable(name, where, error) from error

    def run(self, ids: Ints, kinds: Ints) -> Logits:  # noqa: ARG002
        """Return the hidden states, float32 of shape (1, tokens, width), of int64 (1, tokens)."""
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        hidden: Logits = self._session.run([HIDDEN], feed)[0]
        return hidden


class WindowModel:
    """An exported model that reads windows; thread-safe.

    Attributes:
        lower: its first layers, if its graph has only the others.
    """

    def __init__(
        self,
        name: str,
        folder: Path | None = None,
        threads: int = 0,
        digests: Digests | None = None,
        tokenizer: Tokenizer | None = None,
        *,
        lower: Lower | None = None,
    ) -> None:
        """Load ``name``.onnx from its folder, or from the packaged one; 0 threads: one per core.

        Without ``digests`` every file is read and held against its digest. Where the folder has
        no tokenizer it is the one given, or the packaged reader's. ``lower`` holds the first layers
        and the tokenizer of a graph that has only the others and does not bring them itself.

        Raises:
            ModelError: when it is not as its digests say, or cannot be loaded.
        """
        where = folder or WEIGHTS / name
        graph = f"{name}.onnx"
        self._pool = ThreadPoolExecutor(threads or os.cpu_count() or 1)
        # The digests are taken while the libraries are imported.
        checking = self._pool.submit(_checked, where, graph, digests or Digests())
        import onnxruntime  # noqa: F401
        import tokenizers  # noqa: F401

        files = checking.result()
        try:
            if lower is not None:
                tokenizer = lower.tokenizer
            elif tokenizer is None or TOKENIZER in files:
                tokenizer = _tokenizer(where if TOKENIZER in files else WEIGHTS / "reader")
            if lower is None and f"{name}{LOWER}" in files:
                lower = LowerLayers(where / f"{name}{LOWER}", tokenizer)
            self._session = open_session(where / graph)
        except Exception as error:  # both libraries raise bare exceptions of their own
            raise _unusable(name, where, error) from error
        self.lower = lower
        self._inputs = tuple(given.name for given in self._session.get_inputs())
        self._most = lower.most_tokens if lower else MOST_TOKENS
        self.tokenizer = tokenizer
        self._cls, self._sep = self.tokenizer.encode("").ids

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
        feed = encoded.feed()
        if self.lower is not None:
            feed[HIDDEN] = self.lower.run(feed["input_ids"], feed["token_type_ids"])
        results: list[Logits] = self._session.run(
            list(outputs), {name: feed[name] for name in self._inputs}
        )
        return results

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def _encode(self, head: list[int], window: Window) -> Encoded | None:
        """Return the input for the sentences of a window that fit into its length."""
        title = self._ids(window[0].evidence.source.title)[:MOST_TITLE_TOKENS]
        ids = [*head, *title, self._sep] if title else list(head)
        placed: list[Placed] = []
        heading = ""
        for sentence in window:
            encoding = self.tokenizer.encode(sentence.text, add_special_tokens=False)
            above = sentence.evidence.paragraph.heading
            lead = self._ids(above)[:MOST_TITLE_TOKENS] if above != heading else []
            heading = above
            room = self._most - 1 - len(ids) - len(lead)
            if not encoding.ids or (placed and len(encoding.ids) > room):
                break
            ids += lead
            start = len(ids)
            ids += encoding.ids[:room]
            placed.append(Placed(sentence, encoding, start, len(ids)))
        return Encoded((*ids, self._sep), len(head), tuple(placed)) if placed else None


def _tokenizer(folder: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _unusable(name: str, folder: Path, error: Exception) -> ModelError:
    return ModelError(f"the {name} in {folder} cannot be loaded: {error}", _REINSTALL)


def _checked(folder: Path, graph: str, digests: Digests) -> Collection[str]:
    """Return the names of a model's files that are noted, all of them being whole.

    Raises:
        ModelError: when one is missing or has not the digest noted beside it.
    """
    try:
        noted = json.loads((folder / DIGESTS).read_text("utf-8"))
        altered = digests.altered(folder, noted)
        known = graph in noted
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"the reader in {folder} is incomplete: {error}", _REINSTALL) from error
    if not known:
        raise ModelError(f"the reader in {folder} is incomplete: no digest of {graph}", _REINSTALL)
    if altered:
        raise ModelError(
            f"the reader in {folder} is damaged: {altered} is not as published", _REINSTALL
        )
    names: Collection[str] = noted
    return names
