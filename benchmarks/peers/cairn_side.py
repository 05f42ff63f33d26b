"""Cairn: its whole pipeline, from files to a cited sentence with a confidence.

It answers with a language model or, without one, with its extractive stand-in, as in its published
figures; that gives one sentence. Its cross-encoder needs weights that are on no package index. Its
own calibration is left out: the threshold is chosen as for everybody.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from protocol import Reply, main


class CairnSide:
    """cairn.pipeline.Pipeline with the configurations that come with it."""

    settings = {  # noqa: RUF012  # never changed
        "bm25": "hashing",
        "dense-hashing": "hashing",
        "hybrid-hashing": "hashing",
        "dense-local": "local",
        "hybrid-local-norerank": "local",
    }

    def __init__(self, corpus: Path, index: Path, model: Path, setting: str) -> None:
        """See `protocol.Side`."""
        self._corpus = corpus
        self._index = index
        self._model = model
        self._setting = setting

    def _pipeline(self) -> Any:  # noqa: ANN401  # a type of another environment
        import cairn
        from cairn.core.config import load_config
        from cairn.pipeline import Pipeline

        shipped = Path(cairn.__file__).parent / "configs" / f"{self._setting}.yaml"
        own = self._index / f"{self._setting}.yaml"
        shutil.copy(shipped, own)
        config = load_config(own)
        config.name = self.settings[self._setting]
        config.corpus = str(self._corpus / "sources")
        config.index.dir = str(self._index / "cairn")
        config.calibration.dir = str(self._index / "none")
        if config.name == "local":
            config.embedding.params["model"] = str(self._model)
        return Pipeline.from_config(config)

    def prepare(self) -> None:
        """See `protocol.Side`: nothing."""

    def build(self) -> None:
        """See `protocol.Side`."""
        self._pipeline().ingest()

    def open(self) -> None:
        """See `protocol.Side`."""
        self._asked = self._pipeline()
        self._asked.load_index()

    def ask(self, question: str) -> Reply:
        """See `protocol.Side`."""
        # A threshold of 0 keeps the best sentence where it would abstain by its own.
        answer = self._asked.answer(question, threshold=0.0)
        sources = {passage.chunk.id: passage.chunk.source for passage in answer.passages}
        cited = [citation for claim in answer.claims for citation in claim.citations]
        quotes = tuple((c.quote, sources[c.chunk_id]) for c in cited[:3])
        return Reply(quotes, answer.confidence if quotes else 0.0)


if __name__ == "__main__":
    main(CairnSide)
