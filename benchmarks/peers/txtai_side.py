"""txtai: an embeddings database whose documents are sentences, alone or beside BM25 ("hybrid").

Its extractive question answering needs weights that are on no package index, so the best sentence
is the quote, and its score the confidence. `-title`: the article's title stands before each
sentence. The weight of the vectors is given with each search; all of it is "dense".
"""

from __future__ import annotations

from pathlib import Path

from protocol import Reply, main, sentences


class TxtaiSide:
    """txtai's Embeddings."""

    settings = {  # noqa: RUF012  # never changed
        "dense": "plain",
        "hybrid": "plain",
        "dense-title": "titled",
        "hybrid-title": "titled",
    }

    def __init__(self, corpus: Path, index: Path, model: Path, setting: str) -> None:
        """See `protocol.Side`."""
        self._index = index
        self._model = model
        self._weight = 0.5 if setting.startswith("hybrid") else 1.0
        self._titled = setting.endswith("-title")
        self._sentences = sentences(corpus)

    def prepare(self) -> None:
        """See `protocol.Side`: nothing."""

    def build(self) -> None:
        """See `protocol.Side`."""
        from txtai import Embeddings

        embeddings = Embeddings(path=str(self._model), hybrid=True)
        texts = [f"{s.title}. {s.text}" if self._titled else s.text for s in self._sentences]
        embeddings.index(enumerate(texts))
        embeddings.save(str(self._index / "txtai"))

    def open(self) -> None:
        """See `protocol.Side`."""
        from txtai import Embeddings

        self._embeddings = Embeddings()
        self._embeddings.load(str(self._index / "txtai"))

    def ask(self, question: str) -> Reply:
        """See `protocol.Side`."""
        found = self._embeddings.search(question, 3, self._weight)
        best = [self._sentences[int(number)] for number, _ in found]
        return Reply(tuple((s.text, s.source) for s in best), found[0][1] if found else 0.0)


if __name__ == "__main__":
    main(TxtaiSide)
