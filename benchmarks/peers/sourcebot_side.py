"""sourcebot: the service as `sourcebot ask` and the bot use it, with its defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcebot.config.settings import Config

import sys
from pathlib import Path

from protocol import Reply, main


def say(message: str) -> None:
    """Print what is under way."""
    print(message, file=sys.stderr)


class SourcebotSide:
    """sourcebot.answering.service.Service."""

    settings = {"default": "default"}  # noqa: RUF012  # never changed

    def __init__(self, corpus: Path, index: Path, model: Path, setting: str) -> None:
        """See `protocol.Side`."""
        del model, setting
        self._corpus = corpus
        self._index = index

    def _config(self) -> Config:
        from sourcebot.config.loading import load_config

        config = self._index / "config.toml"
        config.write_text(f'[sources]\nfolder = "{self._corpus / "sources"}"\n', "utf-8")
        return load_config(self._index, {})

    def prepare(self) -> None:
        """See `protocol.Side`: the embedding model is exported."""
        from sourcebot.embedding.exported import open_embedder

        open_embedder(self._config(), say)

    def build(self) -> None:
        """See `protocol.Side`."""
        from sourcebot.embedding.exported import open_embedder
        from sourcebot.index.open import build_index

        config = self._config()
        build_index(config, open_embedder(config, say))

    def open(self) -> None:
        """See `protocol.Side`."""
        from sourcebot.answering.opening import open_service

        self._service = open_service(self._config(), say, lambda *_: None)

    def ask(self, question: str) -> Reply:
        """See `protocol.Side`."""
        from sourcebot.types import Answer

        reply = self._service.ask(question)
        quotes = reply.quotes if isinstance(reply, Answer) else reply.nearest
        return Reply(tuple((q.text, q.source.path) for q in quotes[:3]), reply.confidence)


if __name__ == "__main__":
    main(SourcebotSide)
