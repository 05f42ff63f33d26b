"""Text -> unit vectors, by ONNX Runtime; torch is not imported on this path."""

from __future__ import annotations

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from sourcebot.embedding.sessions import open_session
from sourcebot.errors import REPAIR, ModelError
from sourcebot.files import Digests

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt
    from sentence_transformers import SentenceTransformer

    Scores = npt.NDArray[np.float64]
    Vectors = npt.NDArray[np.float32]

DESCRIPTION = "model.json"


class Embedder(Protocol):
    """Turns text into vectors of unit length; thread-safe.

    ``identity`` tells vectors of different models and precisions apart.
    """

    @property
    def identity(self) -> str:
        """A digest over all that the vectors depend on."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    @property
    def reads_all(self) -> bool:
        """Whether it is known to place texts of all languages in one space."""

    def comparable(self, cosines: Scores, *, across: bool) -> Scores:
        """Return cosines of its vectors on the scale of the default model's, the same shape.

        ``across`` says that all texts are in other languages than the question.
        """

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a question, float32 of shape (questions, dimension)."""

    def embed_paragraphs(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Return one unit vector a text, float32 of shape (texts, dimension).

        ``progress`` is told how many texts have been finished so far.
        """


@dataclass(frozen=True, slots=True)
class ExportedModel:
    """What ``model.json`` says of an exported model; see ``export.export_model``."""

    export_version: int
    model: str
    weights_sha256: str
    precision: str
    dimension: int
    max_tokens: int
    inputs: tuple[str, ...]
    question_prompt: str
    paragraph_prompt: str
    sha256: dict[str, str]

    @classmethod
    def read(
        cls, folder: Path, hint: str = REPAIR, digests: Digests | None = None
    ) -> ExportedModel:
        """Return the description of the model exported to ``folder``, its files checked.

        ``hint`` is what to do about damage; without ``digests`` every file is read.

        Raises:
            ModelError: when a file is missing, altered or of another format.
        """
        try:
            data = json.loads((folder / DESCRIPTION).read_text("utf-8"))
            described = cls(**{**data, "inputs": tuple(data["inputs"])})
            altered = (digests or Digests()).altered(folder, described.sha256)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise ModelError(
                f"the exported model in {folder} is incomplete: {error}", hint
            ) from error
        if altered:
            raise ModelError(f"{folder / altered} is damaged: its digest has changed", hint)
        return described


class OwnScale:
    """What holds for a model of which nothing else is known."""

    reads_all = False

    def comparable(self, cosines: Scores, *, across: bool) -> Scores:
        """Return the cosines as they are."""
        del across
        return cosines


class OnnxEmbedder(OwnScale):
    """An exported model run by ONNX Runtime."""

    def __init__(
        self,
        folder: Path,
        threads: int = 0,
        hint: str = REPAIR,
        digests: Digests | None = None,
    ) -> None:
        """Load the model exported to ``folder``; 0 threads means one per core.

        ``hint`` is what to do about damage; without ``digests`` every file is read.

        Raises:
            ModelError: when the files are damaged or cannot be loaded.
        """
        from tokenizers import Tokenizer

        self._model = ExportedModel.read(folder, hint, digests)
        self._threads = threads or os.cpu_count() or 1
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session = open_session(folder / "model.onnx")
        except Exception as error:  # both libraries raise bare exceptions of their own
            raise ModelError(f"the exported model in {folder} cannot be loaded", hint) from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self._model.max_tokens)

    @property
    def identity(self) -> str:
        """A digest over the weights and all that was done with them."""
        model = self._model
        return _digest(
            model.weights_sha256,
            model.export_version,
            model.precision,
            model.max_tokens,
            model.question_prompt,
            model.paragraph_prompt,
        )

    @property
    def weights_sha256(self) -> str:
        """The digest of the weights that the model was exported from."""
        return self._model.weights_sha256

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self._model.dimension

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a question, float32 of shape (questions, dimension)."""
        return self._embed([self._model.question_prompt + text for text in texts], None)

    def embed_paragraphs(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Return one unit vector a text, float32 of shape (texts, dimension)."""
        return self._embed([self._model.paragraph_prompt + text for text in texts], progress)

    def _embed(self, texts: Sequence[str], progress: Callable[[int], None] | None) -> Vectors:
        vectors = np.empty((len(texts), self._model.dimension), np.float32)
        encoded = self._tokenizer.encode_batch(list(texts))
        if len(texts) == 1:
            vectors[0] = self._run(encoded[0].ids)
            return _unit(vectors)
        with ThreadPoolExecutor(self._threads) as pool:
            for row, vector in enumerate(pool.map(self._run, (e.ids for e in encoded))):
                vectors[row] = vector
                if progress:
                    progress(row + 1)
        return _unit(vectors)

    def _run(self, tokens: list[int]) -> Vectors:
        """Embed one text alone.

        Quantization at run time scales over the whole batch, so in company a text would get
        another vector; and without padding, batches are no faster here.
        """
        ids = np.array([tokens], np.int64)
        feeds = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        outputs = self._session.run(
            ["embedding"], {name: feeds[name] for name in self._model.inputs}
        )
        vector: Vectors = outputs[0][0]
        return vector


class TransformerEmbedder(OwnScale):
    """A model that cannot be exported, run by sentence-transformers itself (slow to start)."""

    def __init__(self, model: SentenceTransformer, weights_sha256: str) -> None:
        """Take the loaded model and the digest of its weights."""
        self._model = model
        self.identity = _digest("sentence-transformers", weights_sha256)
        self.dimension = int(model.get_embedding_dimension() or 0)

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a question, float32 of shape (questions, dimension)."""
        return _unit(self._model.encode_query(list(texts), convert_to_numpy=True))

    def embed_paragraphs(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Return one unit vector a text, float32 of shape (texts, dimension)."""
        vectors = self._model.encode_document(list(texts), convert_to_numpy=True)
        if progress:
            progress(len(texts))
        return _unit(vectors)


def _unit(vectors: Any) -> Vectors:  # noqa: ANN401 (whatever the model returned)
    """Return the rows scaled to unit length, so that a dot product is a cosine."""
    array = np.asarray(vectors, np.float32)
    norms = np.linalg.norm(array, axis=1, keepdims=True)
    return np.ascontiguousarray(array / np.maximum(norms, 1e-12))


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
