"""What adding, indexing and checking report: to programs, and to people by the front ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcebot.errors import ArticleError
    from sourcebot.types.articles import Source
    from sourcebot.types.comparison import Compared, Comparison

Progress = Callable[[str, int, int], None]
"""Told the stage, how much of it is done, and its size."""

Notify = Callable[[str], None]
"""Told in a sentence what takes long, or was left out."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How one question fared.

    Attributes:
        outcome: "answered"; the value of an ``AbstentionReason``; "bad_question" when question or
            filters cannot be used; "busy" when too many waited; or "error".
        waited: seconds until its turn came.
        seconds: from when it came until the reply, waiting included.
        stages: the seconds of "search", "read" and "compose".
    """

    outcome: str
    waited: float
    seconds: float
    stages: Mapping[str, float]


Observe = Callable[[Measured], None]
"""Told of each question when it is done, on the thread that answered it; it must not raise."""


@dataclass(frozen=True, slots=True)
class Load:
    """How much an archive has to do at a moment.

    Attributes:
        working: questions that are worked on.
        waiting: questions whose turn has not come.
        connections: those with a database that are open, used or idle; 0 without one.
    """

    working: int
    waiting: int
    connections: int


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What an index holds and what it was built with, whichever engine keeps it.

    Attributes:
        name: of this state of it; another one after each change.
        fingerprint: a digest of model, splitter and format.
        model: the embedding model as the configuration named it.
        dimension: the length of a vector.
        created: an ISO 8601 time in UTC.
        articles: how many.
        paragraphs: how many.
        recall: the share of the ten nearest paragraphs that compressed vectors find, where
            they do worst; None when all vectors are exact.
        recall_measured_with: what it was measured with, or "".
    """

    name: str
    fingerprint: str
    model: str
    dimension: int
    created: str
    articles: int
    paragraphs: int
    recall: float | None
    recall_measured_with: str


@dataclass(frozen=True, slots=True)
class IndexedArticle:
    """An article as the index knows it."""

    row: int
    source: Source
    paragraphs: int
    notes: str


@dataclass(frozen=True, slots=True)
class FileState:
    """What a file looked like when it was read; ``reason`` is set when it could not be used."""

    size: int
    modified: int
    sha256: str
    reason: str


@dataclass(frozen=True, slots=True)
class Copy:
    """An article of a story; ``similarity`` to the story's first, in [0, 1], is an estimate."""

    source: Source
    similarity: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run of the indexer did.

    ``added``, ``changed`` and ``removed`` are article ids; ``notes`` are remarks on single
    articles; ``embedded`` counts paragraphs whose vectors were computed; ``built`` is
    False when nothing had changed and the old generation goes on.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    failed: tuple[ArticleError, ...]
    notes: tuple[tuple[str, str], ...]
    articles: int
    paragraphs: int
    embedded: int
    seconds: float
    built: bool

    @property
    def missed(self) -> bool:
        """Whether a file of a kind that is read could not be."""
        return any(not error.foreign for error in self.failed)


@dataclass(frozen=True, slots=True)
class Part:
    """One of several machines that embed for one index: ``number``, from 1, of ``of``."""

    number: int
    of: int

    def __str__(self) -> str:
        """Return it as people write it."""
        return f"{self.number}/{self.of}"


@dataclass(frozen=True, slots=True)
class PartSummary:
    """What a run did that embedded one part of what is new.

    Attributes:
        part: which part.
        paragraphs: how many new ones it holds.
        embedded: how many of them had no vector yet.
        failed: the files that could not be used.
    """

    part: Part
    paragraphs: int
    embedded: int
    failed: tuple[ArticleError, ...]


class Status(StrEnum):
    """What became of an item."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    REMOVED = "removed"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item.

    Attributes:
        shown: what people call it.
        status: what became of it.
        article: the article's path below the sources folder, or "".
        detail: the title, or the reason why it was not taken.
        hint: what to do next, or "".
        notes: remarks on the article: what is missing of the original, or unsure.
    """

    shown: str
    status: Status
    article: str = ""
    detail: str = ""
    hint: str = ""
    notes: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the sources folder is no longer as it was."""
        return self.status in {Status.ADDED, Status.UPDATED, Status.REMOVED}

    @property
    def removed(self) -> bool:
        """Whether the article was taken out of the sources folder."""
        return self.status is Status.REMOVED

    @property
    def missed(self) -> bool:
        """Whether it was to be taken and was not."""
        return self.status in {Status.FAILED, Status.KEPT}


@dataclass(frozen=True, slots=True)
class Changes:
    """What adding or removing did.

    Attributes:
        outcomes: what became of each item.
        summary: what the run of the indexer did; None when there was nothing to index, when it
            was not wanted, or when another process was indexing.
    """

    outcomes: tuple[Outcome, ...]
    summary: Summary | None

    @property
    def whole(self) -> bool:
        """Whether everything was done that was asked for."""
        return not any(outcome.missed for outcome in self.outcomes)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked; ``hint`` says what to do when it is not ok."""

    what: str
    detail: str
    hint: str = ""
    ok: bool = True


class Verdict(StrEnum):
    """What became of a quote; the value is what programs read."""

    PROVEN = "proven"
    STILL_THERE = "source changed, quote still there"
    NOT_THERE = "source changed, quote not there"
    GONE = "source gone"
    FALSE = "not in the source"


CHANGED = {Verdict.STILL_THERE, Verdict.NOT_THERE, Verdict.GONE}
"""The verdicts that say that a source is no longer what it was."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One quote of an answer, or one article of the index, held against its file.

    ``text`` is the quote, or "" for a whole article; ``detail`` says more where there is more;
    ``compared`` is what became of it in the original, None where that was not asked.
    """

    file: str
    verdict: Verdict
    text: str = ""
    detail: str = ""
    compared: Compared | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """What checking an index gave; ``checked`` names only what is not proven.

    ``compared`` is what the originals say, None where that was not asked.
    """

    articles: int
    sentences: int
    checked: tuple[Checked, ...]
    compared: Comparison | None = None
