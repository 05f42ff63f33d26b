"""One object that answers questions from the newest state of the index."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from sourcebot.answering.composer import collapse, compose, naming_what_is_missing
from sourcebot.answering.conflicts import find_conflict, may_conflict, not_yet_read
from sourcebot.answering.copies import name_copies
from sourcebot.answering.filtering import check_bounds, nothing_left
from sourcebot.answering.joining import REACH, joined_all
from sourcebot.answering.measuring import COMPOSE, READ, SEARCH, timed
from sourcebot.answering.parts import ask_parts
from sourcebot.answering.retriever import retrieve, unread_in
from sourcebot.answering.rows import own_rows
from sourcebot.answering.time_stage import in_time
from sourcebot.answering.validity import asked_range, parted, valid_on
from sourcebot.errors import QuestionError
from sourcebot.text.periods import without_periods
from sourcebot.text.questions import clean_question
from sourcebot.text.terms import terms_of
from sourcebot.types import Abstention, AbstentionReason, Answer, Filters, Retrieval

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sourcebot.answering.claims.model import ClaimModel
    from sourcebot.answering.followups import Previous
    from sourcebot.answering.reader import Judge, Reader
    from sourcebot.config.settings import Config
    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.contract import Engine, Snapshot
    from sourcebot.types import Candidate, IndexedArticle, IndexInfo, Paragraph, Quote, Reply
    from sourcebot.types.claims import Check
    from sourcebot.types.timelines import Timeline

_MOST_LATER = 2
"""So many quotes of later articles stand beside an answer as of a day."""


_MOST_PASSES = 3
"""So often the reader goes on to articles of which it has read nothing, to see whether they differ.
On sets with such articles that raised the values shown from .38 to .60 (docs/benchmarks.md)."""


class Service:
    """Answers questions; thread-safe, and follows a new generation by itself."""

    def __init__(
        self,
        config: Config,
        embedder: Embedder,
        reader: Reader,
        engine: Engine,
        judge: Judge | None = None,
    ) -> None:
        """Take the opened parts; see ``opening.open_service``.

        ``judge`` is the one that the reader asks: checking a claim shares its first layers.
        """
        self._config = config
        self._embedder = embedder
        self._reader = reader
        self._engine = engine
        self._judge = judge
        self._loading = threading.Lock()
        self._claim_model: ClaimModel | None = None

    @property
    def embedder(self) -> Embedder:
        """The model that makes the vectors of questions."""
        return self._embedder

    def ask(
        self,
        question: str,
        filters: Filters = Filters(),  # noqa: B008 (frozen)
        previous: Previous = None,
    ) -> Reply:
        """Return quotes that answer the question, or why there are none.

        ``previous`` are the replies that a follow-up question such as "since when?" may refer
        to; see ``followups.ask_following``.

        Raises:
            QuestionError: when the question or a filter cannot be used.
            IndexStoreError: when the index cannot be used.
        """
        question = clean_question(question)
        # Written out it is the same question still, asked of the same snapshot.
        with self._engine.reading() as snapshot:
            return ask_parts(
                lambda words, allowed: self._answer(snapshot, words, allowed)[0],
                question,
                filters,
                previous,
            )

    def ask_with_evidence(
        self,
        question: str,
        filters: Filters = Filters(),  # noqa: B008 (frozen)
    ) -> tuple[Reply, Retrieval]:
        """Return the reply as ``ask`` does, and the evidence that it was made from."""
        question = clean_question(question)
        with self._engine.reading() as snapshot:
            return self._answer(snapshot, question, filters)

    def _answer(
        self, snapshot: Snapshot, question: str, filters: Filters
    ) -> tuple[Reply, Retrieval]:
        if snapshot.info.paragraphs == 0:
            nothing = Abstention(question, AbstentionReason.NOTHING_INDEXED, (), 0.0)
            return nothing, Retrieval(question, {}, ())
        check_bounds(filters)
        retrieval = self._found(snapshot, question, filters, 2 if filters.as_of else 1)
        if filters and not retrieval.evidence:
            raise nothing_left(filters, snapshot.store.articles())
        # What came later is read apart: it takes no words from what was known.
        retrieval, after = parted(retrieval, filters)
        with timed(READ):
            candidates = own_rows(question, self._reader.read(retrieval))
        if not filters.as_of and (span := asked_range(question)):
            candidates = in_time(candidates, self._without_span(snapshot, question, filters), span)
        with timed(COMPOSE):
            reply = self._composed(snapshot, retrieval, candidates, filters)
            if after.evidence:
                sure = (
                    c
                    for c in self._reader.read(after)
                    if c.probability >= self._config.answer.threshold
                )
                reply = replace(reply, later=collapse(sure, _MOST_LATER))
            return _joined(reply, snapshot), retrieval

    def _found(
        self, snapshot: Snapshot, question: str, filters: Filters, times: int = 1
    ) -> Retrieval:
        """Return the evidence for a question: as many paragraphs as are set, or so many times."""
        settings = self._config.retrieval
        with timed(SEARCH):
            return retrieve(
                snapshot,
                self._embedder,
                question,
                filters,
                paragraphs=settings.paragraphs * times,
                dense_weight=settings.dense_weight,
            )

    def _without_span(
        self, snapshot: Snapshot, question: str, filters: Filters
    ) -> tuple[Candidate, ...]:
        """Return what answers a question at whatever time."""
        plain = without_periods(question)
        if not terms_of(plain):
            return ()
        retrieval = self._found(snapshot, plain, filters)
        with timed(READ):
            return own_rows(plain, self._reader.read(retrieval))

    def _composed(
        self,
        snapshot: Snapshot,
        retrieval: Retrieval,
        candidates: tuple[Candidate, ...],
        filters: Filters,
    ) -> Reply:
        """Return the reply that candidates make."""
        question = retrieval.question
        if filters.as_of:
            candidates = valid_on(question, candidates, filters.as_of)
        answer = self._config.answer
        reply = compose(retrieval, candidates, quotes=answer.quotes, threshold=answer.threshold)
        reply = name_copies(reply, snapshot.store, filters)
        if isinstance(reply, Answer):
            return self._with_conflict(reply, retrieval, candidates, snapshot)
        if self._config.english_only:
            return replace(reply, unread=unread_in(retrieval))
        return reply

    def _with_conflict(
        self,
        answer: Answer,
        retrieval: Retrieval,
        candidates: tuple[Candidate, ...],
        snapshot: Snapshot,
    ) -> Answer:
        """Return an answer with the values that sources give, where they differ.

        Articles that the reader had no words left for are read now, the nearest ones.
        """
        if not may_conflict(answer.question):
            return answer
        for _ in range(_MOST_PASSES):
            further = not_yet_read(retrieval, candidates)
            if not further:
                break
            candidates += self._reader.read(replace(retrieval, evidence=further))
        by_probability = sorted(candidates, key=lambda c: -c.probability)
        articles = sorted({c.evidence.source.path for c in candidates})
        conflict = find_conflict(
            answer.question,
            by_probability,
            snapshot.store.story_of(articles),
            self._config.answer.threshold,
        )
        return replace(answer, conflict=conflict)

    def check(self, claim: str, filters: Filters = Filters()) -> Check:  # noqa: B008 (frozen)
        """Return what the articles say of a claim.

        Raises:
            QuestionError: when the claim or a filter cannot be used.
            IndexStoreError: when the index cannot be used.
            ModelError: when the model of claims cannot be loaded.
        """
        from sourcebot.answering.claims.checking import check_claim

        claim = clean_question(claim)
        settings = self._config.retrieval
        with self._engine.reading() as snapshot:
            if filters and not any(filters.allow(a.source) for a in snapshot.store.articles()):
                raise nothing_left(filters, snapshot.store.articles())
            return check_claim(
                claim,
                snapshot,
                self._embedder,
                self._claims(),
                filters,
                paragraphs=settings.paragraphs,
                dense_weight=settings.dense_weight,
            )

    def timeline(self, topic: str, filters: Filters = Filters()) -> Timeline:  # noqa: B008 (frozen)
        """Return what the articles date of a topic.

        Raises:
            QuestionError: when the topic or a filter cannot be used.
            IndexStoreError: when the index cannot be used.
        """
        from sourcebot.answering.timeline import make_timeline

        topic = clean_question(topic)
        check_bounds(filters)
        with self._engine.reading() as snapshot:
            allowed = replace(filters, since=None, until=None)
            if allowed and not any(allowed.allow(a.source) for a in snapshot.store.articles()):
                raise nothing_left(allowed, snapshot.store.articles())
            return make_timeline(
                topic,
                snapshot,
                self._embedder,
                self._reader,
                filters,
                dense_weight=self._config.retrieval.dense_weight,
            )

    def _claims(self) -> ClaimModel:
        """Return the model of claims, loaded by the first one."""
        from sourcebot.answering.claims.model import ClaimModel

        with self._loading:
            if self._claim_model is None:
                lower = self._judge.lower() if self._judge else None
                threads = self._config.embedding.threads
                self._claim_model = ClaimModel(threads=threads, lower=lower)
            return self._claim_model

    @property
    def connections(self) -> int:
        """The open connections of the index with a database."""
        return self._engine.connections

    def refresh(self) -> IndexInfo:
        """Take up what has been indexed since, and return what there is.

        Raises:
            IndexStoreError: when the index is missing, damaged or stale.
        """
        return self._engine.refresh()

    def reading(self) -> AbstractContextManager[Snapshot]:
        """Give the newest state of the index, for one purpose.

        Raises:
            IndexStoreError: when the index is missing, damaged or stale.
        """
        return self._engine.reading()

    def articles(self) -> tuple[IndexedArticle, ...]:
        """Return the articles of the current generation, sorted by path."""
        with self._engine.reading() as snapshot:
            return snapshot.store.articles()

    def context(self, quote: Quote, paragraphs: int) -> tuple[Paragraph, ...]:
        """Return the paragraph of a quote with its neighbours on each side.

        Raises:
            QuestionError: when the index has changed since the quote was given.
        """
        with self._engine.reading() as snapshot:
            number = quote.paragraph_id
            around = snapshot.store.around([number], paragraphs).get(number, ())
        if not any(
            p.article == quote.source.path and p.span == quote.paragraph_span for p in around
        ):
            raise QuestionError(
                "the index has changed since this answer was given", "ask the question again"
            )
        return around

    def close(self) -> None:
        """Let go of the index's files and connections."""
        self._engine.close()


def _joined(reply: Reply, snapshot: Snapshot) -> Reply:
    """Return a reply whose quotes can be understood alone, as far as may be."""
    quotes = reply.quotes if isinstance(reply, Answer) else reply.nearest
    found = snapshot.store.around([quote.paragraph_id for quote in quotes], REACH)

    def around(quote: Quote) -> tuple[Paragraph, ...]:
        return found.get(quote.paragraph_id, ())

    if isinstance(reply, Answer):
        return replace(reply, quotes=joined_all(quotes, around))
    return naming_what_is_missing(replace(reply, nearest=joined_all(quotes, around)))
