"""What an index must offer to answer questions, whichever engine keeps it.

The retriever and the service know these protocols alone; `[index] engine` says who implements them.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from sourcebot.errors import CacheDamaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    import numpy as np
    import numpy.typing as npt

    from sourcebot.config.settings import Config
    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.embedded.build import Summary
    from sourcebot.index.embedded.generation import Manifest
    from sourcebot.index.embedded.store import FileState, IndexedArticle
    from sourcebot.index.paragraph_vectors import Progress
    from sourcebot.index.rows import Copy
    from sourcebot.types import Filters, Paragraph, Source

    Ids = npt.NDArray[np.int64]
    Scores = npt.NDArray[np.float32]


class Articles(Protocol):
    """The articles and paragraphs of a snapshot.

    Every method raises IndexStoreError when the index cannot be read.
    """

    def paragraphs(self, ids: Sequence[int]) -> dict[int, tuple[Paragraph, Source]]:
        """Return the paragraphs with the given ids, each with its attribution."""

    def paragraphs_of(self, article: int) -> tuple[Paragraph, ...]:
        """Return the paragraphs of the article with the row id, in reading order."""

    def around(self, paragraph_id: int, count: int) -> tuple[Paragraph, ...]:
        """Return a paragraph with up to ``count`` neighbours on each side, in reading order."""

    def articles(self) -> tuple[IndexedArticle, ...]:
        """Return all articles, sorted by id."""

    def stories(self) -> tuple[tuple[Copy, ...], ...]:
        """Return the groups of articles that carry largely the same text, the oldest first."""

    def story_of(self, article_ids: Sequence[str]) -> Mapping[str, int]:
        """Return the story of each of the given articles that belongs to one."""

    def retold(self, article_id: str, most: int) -> tuple[tuple[Paragraph, Source], ...]:
        """Return the paragraphs of up to ``most`` other articles of an article's story."""

    def files(self) -> dict[str, FileState]:
        """Return what each source file looked like when it was read, by article id."""


class Snapshot(Protocol):
    """One state of an index: whatever is indexed meanwhile, it stays as it is.

    Every method raises IndexStoreError when the index cannot be read.
    """

    @property
    def manifest(self) -> Manifest:
        """What it holds and what it was built with."""

    @property
    def store(self) -> Articles:
        """Its articles and paragraphs."""

    def weights(self, question: str) -> dict[str, float]:
        """Return the question's terms, each with what it tells (``terms.term_weight``)."""

    def search_dense(
        self, vector: npt.NDArray[np.float32], k: int, filters: Filters
    ) -> tuple[Ids, Scores]:
        """Return the ids of the ``k`` paragraphs nearest in meaning and their cosines, best first.

        ``vector`` has shape (dimension,).
        """

    def search_lexical(self, terms: Iterable[str], k: int, filters: Filters) -> tuple[Ids, Scores]:
        """Return the ids of the ``k`` best paragraphs by words and their BM25, best first."""

    def cosines(self, vector: npt.NDArray[np.float32], ids: Ids) -> Scores:
        """Return the cosine of ``vector`` with each of the paragraphs ``ids``."""

    def check_digests(self) -> None:
        """Hold what is stored against what was noted when it was written.

        Raises:
            IndexCorrupt: when it is not the same.
        """

    def kept_by(self) -> str:
        """Return the servers' names and versions, "" when there are none."""

    def check_fingerprint(self, embedder: Embedder) -> None:
        """Refuse vectors that ``embedder`` did not make.

        Raises:
            IndexStale: when the model or the splitter has changed since.
        """


class Engine(Protocol):
    """An index, open for questions; thread-safe."""

    def refresh(self) -> Manifest:
        """Take up what has been indexed since, and return what there is.

        Raises:
            IndexStoreError: when the index is missing, damaged or stale.
        """

    def reading(self) -> AbstractContextManager[Snapshot]:
        """Give the newest state of the index, for one question.

        Raises:
            IndexStoreError: as ``refresh``.
        """

    def close(self) -> None:
        """Let go of files and connections."""


def open_engine(config: Config, embedder: Embedder) -> Engine:
    """Return the configured engine, open, with an index that ``embedder`` can search.

    Raises:
        IndexNotBuilt: when there is no index yet.
        IndexStoreError: when the index cannot be used.
    """
    if config.index.engine == "postgresql":
        from sourcebot.index.postgres.engine import PostgresEngine

        return PostgresEngine(config.index, embedder)
    from sourcebot.index.embedded.engine import EmbeddedEngine

    return EmbeddedEngine(config.index_folder, embedder)


@contextmanager
def reading(config: Config) -> Iterator[Snapshot]:
    """Give the newest state of the configured index to one who asks no questions of it.

    Raises:
        IndexNotBuilt: when there is no index yet.
        IndexStoreError: when the index cannot be used.
    """
    if config.index.engine == "postgresql":
        from sourcebot.index.postgres.engine import PostgresEngine

        engine = PostgresEngine(config.index, None)
        try:
            with engine.reading() as snapshot:
                yield snapshot
        finally:
            engine.close()
        return
    from sourcebot.index.embedded.generation import open_current

    yield open_current(config.index_folder)


def build_index(
    config: Config,
    embedder: Embedder,
    *,
    rebuild: bool = False,
    wait: float = 0.0,
    progress: Progress = lambda *_: None,
) -> Summary:
    """Bring the index of the configured engine up to date with the sources.

    Questions are answered from the old state until the new one is whole. ``rebuild`` starts from
    nothing; ``wait`` is how many seconds to wait for another builder.

    Raises:
        ConfigError: when there is no sources folder.
        IndexLocked: when another process is building.
        IndexStoreError: when the index cannot be written.
    """
    if config.index.engine == "postgresql":
        from sourcebot.index.postgres.indexer import build_index as build
    else:
        from sourcebot.index.embedded.build import build_index as build
    try:
        return build(config, embedder, rebuild=rebuild, wait=wait, progress=progress)
    except CacheDamaged:
        # It has been made anew, and what it held is embedded again.
        return build(config, embedder, rebuild=rebuild, wait=wait, progress=progress)
