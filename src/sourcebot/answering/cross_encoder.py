"""A reader of the user's own: a sentence-transformers CrossEncoder, run by torch."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from sourcebot.answering.features import COVERED, FEATURES, sentence_features
from sourcebot.answering.stages import packaged
from sourcebot.answering.windows import sentences_of
from sourcebot.embedding.model_files import locate, require_libraries
from sourcebot.errors import ModelError
from sourcebot.index.paragraph_vectors import embedded_text
from sourcebot.types import Candidate, Retrieval, Span

if TYPE_CHECKING:
    from sourcebot.answering.windows import Sentence

MOST_READ = 32
"""So many of the most promising sentences are read for one question."""

_SENTENCE_WORDS = 25
"""About so many words a sentence has."""

_SETTING = "reader.model"


class CrossEncoderReader:
    """Reads each promising sentence with its title; the probability is the score's sigmoid.

    It marks no answering words: ``words`` is empty, at the start of the sentence.
    """

    def __init__(self, name: str) -> None:
        """Load the model from a folder, or from the hub; only safetensors weights are read.

        Raises:
            ModelError: when it cannot be loaded, or gives more than one score.
        """
        self._lock = threading.Lock()
        require_libraries(f"[reader] model = {name!r}")
        folder = locate(name, _SETTING).folder
        from sentence_transformers import CrossEncoder

        try:
            self._model: Any = CrossEncoder(
                str(folder),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except Exception as error:  # the libraries below raise what they like
            raise ModelError(
                f"{_SETTING} names {name}, which cannot be loaded: {error}",
                "name a sentence-transformers CrossEncoder, or leave it at 'default'",
            ) from error
        if self._model.num_labels != 1:
            raise ModelError(
                f"{_SETTING} names {name}, which gives {self._model.num_labels} scores; "
                "one is needed: does the text answer the question?",
                "name a CrossEncoder for ranking",
            )

    def read(self, retrieval: Retrieval) -> tuple[Candidate, ...]:
        """Return the most promising sentences, each with its probability, the best first."""
        return self._read(retrieval, MOST_READ)

    def skim(self, retrieval: Retrieval, words: int) -> tuple[Candidate, ...]:
        """Return likewise the sentences of about ``words`` words."""
        return self._read(retrieval, words // _SENTENCE_WORDS)

    def _read(self, retrieval: Retrieval, most: int) -> tuple[Candidate, ...]:
        sentences = sentences_of(retrieval)
        if not sentences:
            return ()
        basic = sentence_features(retrieval)
        promise = np.argsort(-packaged().choosing.logits(basic), kind="stable")[:most]
        chosen = [sentences[place] for place in promise]
        logits = self._scores(retrieval.question, chosen)
        return tuple(
            Candidate(
                chosen[row].evidence,
                chosen[row].span,
                float(1 / (1 + np.exp(-logits[row]))),
                float(basic[promise[row], COVERED]),
                dict(zip(FEATURES, map(float, basic[promise[row]]), strict=True))
                | {"reader": float(logits[row])},
                Span(chosen[row].span.start, chosen[row].span.start),
            )
            for row in np.argsort(-logits, kind="stable")
        )

    def _scores(self, question: str, sentences: list[Sentence]) -> np.ndarray[Any, Any]:
        """Return the raw scores, float64 of shape (sentences,)."""
        import torch

        pairs = [(question, embedded_text(s.evidence.source.title, s.text)) for s in sentences]
        with self._lock:
            raw = self._model.predict(
                pairs, activation_fn=torch.nn.Identity(), show_progress_bar=False
            )
        return np.clip(np.asarray(raw, np.float64).reshape(-1), -50, 50)
