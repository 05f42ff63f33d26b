"""Haystack: retrievers over sentences in its in-memory store, one alone or both joined.

Its ExtractiveReader and rankers need weights that are on no package index, so the best sentence is
the quote. The confidence is the cosine of the sentence that is nearest, except for BM25 alone: a
fused rank says nothing of whether a question is covered. `-title`: the title is embedded too
(`meta_fields_to_embed`).
"""

from __future__ import annotations

from pathlib import Path

from protocol import Reply, main, sentences

TOP = 10
STORE = "haystack.json"


class HaystackSide:
    """A Haystack pipeline."""

    settings = {  # noqa: RUF012  # never changed
        "bm25": "plain",
        **dict.fromkeys(("dense", "rrf", "dbrf"), "plain"),
        **{f"{mode}-title": "titled" for mode in ("dense", "rrf", "dbrf")},
    }

    def __init__(self, corpus: Path, index: Path, model: Path, setting: str) -> None:
        """See `protocol.Side`."""
        self._corpus = corpus
        self._path = str(index / STORE)
        self._model = str(model)
        self._mode, _, title = setting.partition("-")
        self._meta = ["title"] if title else []

    def prepare(self) -> None:
        """See `protocol.Side`: nothing."""

    def build(self) -> None:
        """See `protocol.Side`."""
        from haystack import Document
        from haystack.document_stores.in_memory import InMemoryDocumentStore
        from haystack.document_stores.types import DuplicatePolicy
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersDocumentEmbedder,
        )

        documents = [
            Document(content=s.text, meta={"source": s.source, "title": s.title})
            for s in sentences(self._corpus)
        ]
        embedder = SentenceTransformersDocumentEmbedder(
            model=self._model, meta_fields_to_embed=self._meta, progress_bar=False
        )
        embedder.warm_up()
        documents = embedder.run(documents)["documents"]
        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        # A sentence that stands twice in one article is one document.
        store.write_documents(documents, policy=DuplicatePolicy.SKIP)
        store.save_to_disk(self._path)

    def open(self) -> None:
        """See `protocol.Side`."""
        from haystack import Pipeline
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import (
            InMemoryBM25Retriever,
            InMemoryEmbeddingRetriever,
        )
        from haystack.document_stores.in_memory import InMemoryDocumentStore
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersTextEmbedder,
        )

        store = InMemoryDocumentStore.load_from_disk(self._path)
        pipeline = Pipeline()
        if self._mode != "dense":
            pipeline.add_component("bm25", InMemoryBM25Retriever(store, top_k=TOP))
        if self._mode != "bm25":
            embedder = SentenceTransformersTextEmbedder(model=self._model, progress_bar=False)
            pipeline.add_component("embedder", embedder)
            pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=TOP))
            pipeline.connect("embedder.embedding", "dense.query_embedding")
        if self._mode in {"rrf", "dbrf"}:
            names = {"rrf": "reciprocal_rank_fusion", "dbrf": "distribution_based_rank_fusion"}
            pipeline.add_component("joiner", DocumentJoiner(join_mode=names[self._mode]))
            pipeline.connect("bm25", "joiner")
            pipeline.connect("dense", "joiner")
        pipeline.warm_up()
        self._pipeline = pipeline

    def ask(self, question: str) -> Reply:
        """See `protocol.Side`."""
        inputs = {}
        if self._mode != "dense":
            inputs["bm25"] = {"query": question}
        if self._mode != "bm25":
            inputs["embedder"] = {"text": question}
        parts = set(inputs) - {"embedder"} | ({"dense"} if self._mode != "bm25" else set())
        found = self._pipeline.run(inputs, include_outputs_from=parts)
        last = "joiner" if "joiner" in found else self._mode
        judged = "bm25" if self._mode == "bm25" else "dense"
        quotes = tuple((d.content, d.meta["source"]) for d in found[last]["documents"][:3])
        nearest = found[judged]["documents"]
        return Reply(quotes, nearest[0].score if nearest else 0.0)


if __name__ == "__main__":
    main(HaystackSide)
