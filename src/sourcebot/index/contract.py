"""What an index must offer to answer questions, whichever engine keeps it.

What asks an index knows these protocols alone; `[index] engine` says who implements them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    import numpy as np
    import numpy.typing as npt

    from sourcebot.embedding.embedder import Embedder
    from sourcebot.types import (
        Attribution,
        Copy,
        FileState,
        Filters,
        IndexedArticle,
        IndexInfo,
        Paragraph,
        Progress,
    )

    Ids = npt.NDArray[np.int64]
    """Numbers of paragraphs or articles, of shape (count,)."""

    Scores = npt.NDArray[np.float32]
    """Cosines or BM25 scores, of shape (count,)."""

    Vector = npt.NDArray[np.float32]
    """A vector of shape (dimension,)."""

    Vectors = npt.NDArray[np.float32]
    """Vectors of shape (count, dimension)."""

    KeyedVectors = tuple[list[bytes], Vectors]
    """Vectors with their keys (``vector_cache.vector_key``)."""

    Carried = Callable[[], Iterable[KeyedVectors]]
    """What gives the vectors that another engine holds, when they are needed."""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How an index is brought up to date.

    Attributes:
        rebuild: whether to start from nothing, and to embed every paragraph again.
        wait: how many seconds to wait for another builder.
        expected: articles that are meant to leave the index, None for whatever has left.
        progress: told the stage, how much of it is done, and its size.
        carried: gives the vectors that another engine holds, None where there are none.
    """

    rebuild: bool
    wait: float
    expected: Collection[str] | None
    progress: Progress
    carried: Carried | None


class Articles(Protocol):
    """The articles and paragraphs of a snapshot.

    Every method raises IndexStoreError when the index cannot be read.
    """

    def paragraphs(self, ids: Sequence[int]) -> dict[int, tuple[Paragraph, Attribution]]:
        """Return the paragraphs with the given ids, each with its attribution."""

    def paragraphs_of(self, article: int) -> tuple[Paragraph, ...]:
        """Return the paragraphs of the article with the row id, in reading order."""

    def around(self, ids: Sequence[int], count: int) -> dict[int, tuple[Paragraph, ...]]:
        """Return each paragraph with up to ``count`` neighbours on each side, in reading order.

        A paragraph that is not there has none.
        """

    def articles(self) -> tuple[IndexedArticle, ...]:
        """Return all articles, sorted by id."""

    def languages(self) -> Mapping[str, int]:
        """Return how many paragraphs are in each language, by ISO 639 code; "" is not known."""

    def stories(self) -> tuple[tuple[Copy, ...], ...]:
        """Return the groups of articles that carry largely the same text, the oldest first."""

    def story_of(self, articles: Sequence[str]) -> Mapping[str, int]:
        """Return the story of each of the given articles that belongs to one."""

    def copies_of(self, article: str, most: int) -> tuple[tuple[Paragraph, Attribution], ...]:
        """Return the paragraphs of up to ``most`` other articles of an article's story."""

    def files(self) -> dict[str, FileState]:
        """Return what each source file looked like when it was read, by article id."""


class Snapshot(Protocol):
    """One state of an index: whatever is indexed meanwhile, it stays as it is.

    Every method raises IndexStoreError when the index cannot be read.
    """

    @property
    def info(self) -> IndexInfo:
        """What it holds and what it was built with."""

    @property
    def store(self) -> Articles:
        """Its articles and paragraphs."""

    def weights(self, question: str) -> dict[str, float]:
        """Return the question's terms, each with what it tells (``terms.term_weight``)."""

    def search_dense(self, vector: Vector, k: int, filters: Filters) -> tuple[Ids, Scores]:
        """Return the ids of the ``k`` paragraphs nearest in meaning and their cosines, best first.

        ``vector`` has shape (dimension,).
        """

    def search_lexical(self, terms: Iterable[str], k: int, filters: Filters) -> tuple[Ids, Scores]:
        """Return the ids of the ``k`` best paragraphs by words and their BM25, best first."""

    def cosines(self, vector: Vector, ids: Ids) -> Scores:
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

    @property
    def connections(self) -> int:
        """The open connections with a database, used or idle; 0 without one."""

    def refresh(self) -> IndexInfo:
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
