"""The composition root: one object that answers questions from the current generation."""

from __future__ import annotations

import difflib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from sourcebot.answering.composer import compose
from sourcebot.answering.copies import name_copies
from sourcebot.answering.gate import Gate
from sourcebot.answering.joining import REACH, joined_all
from sourcebot.answering.reader import READ_WORDS, LearnedReader
from sourcebot.answering.reader_model import ReaderModel
from sourcebot.answering.retriever import retrieve
from sourcebot.articles.files import list_sources, require_sources
from sourcebot.embedding.exported import open_embedder
from sourcebot.errors import IndexLocked, IndexNotBuilt, QuestionError
from sourcebot.index.changes import sources_changed
from sourcebot.index.contract import build_index, open_engine
from sourcebot.index.embedded.generation import current_name
from sourcebot.index.filtering import in_scope, matches
from sourcebot.types import Abstention, AbstentionReason, Answer, Filters, Retrieval

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcebot.answering.reader import Reader
    from sourcebot.config.settings import Config
    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.contract import Engine, Snapshot
    from sourcebot.index.embedded.build import Summary
    from sourcebot.index.embedded.generation import Manifest
    from sourcebot.index.embedded.store import IndexedArticle
    from sourcebot.index.paragraph_vectors import Progress
    from sourcebot.types import Paragraph, Quote, Reply

    Notify = Callable[[str], None]

LONGEST_QUESTION = 1000
_BUILD_WAIT = 3600.0
_TOLD_FAILURES = 20


class Service:
    """Answers questions; thread-safe, and follows a new generation by itself."""

    def __init__(self, config: Config, embedder: Embedder, reader: Reader, engine: Engine) -> None:
        """Take the opened parts; see ``open_service``."""
        self._config = config
        self._embedder = embedder
        self._reader = reader
        self._gate = Gate()
        self._engine = engine

    def ask(self, question: str, filters: Filters = Filters()) -> Reply:  # noqa: B008 (frozen)
        """Return quotes that answer the question, or why there are none.

        Raises:
            QuestionError: when the question or a filter cannot be used.
            ServiceBusy: when too many questions are waiting already.
            IndexStoreError: when the index cannot be used.
        """
        return self.ask_with_evidence(question, filters)[0]

    def ask_with_evidence(
        self,
        question: str,
        filters: Filters = Filters(),  # noqa: B008 (frozen)
    ) -> tuple[Reply, Retrieval]:
        """Return the reply as ``ask`` does, and the evidence that it was made from."""
        question = clean_question(question)
        with self._gate, self._engine.reading() as snapshot:
            return self._answer(snapshot, question, filters)

    def _answer(
        self, snapshot: Snapshot, question: str, filters: Filters
    ) -> tuple[Reply, Retrieval]:
        if snapshot.manifest.paragraphs == 0:
            nothing = Abstention(question, AbstentionReason.NOTHING_INDEXED, (), 0.0)
            return nothing, Retrieval(question, {}, ())
        if filters.since and filters.until and filters.since > filters.until:
            raise QuestionError(f"since {filters.since} lies after until {filters.until}")
        settings = self._config.retrieval
        retrieval = retrieve(
            snapshot,
            self._embedder,
            question,
            filters,
            paragraphs=settings.paragraphs,
            dense_weight=settings.dense_weight,
        )
        if filters and not retrieval.evidence:
            raise _nothing_left(filters, snapshot)
        candidates = self._reader.read(retrieval)
        answer = self._config.answer
        reply = compose(retrieval, candidates, quotes=answer.quotes, threshold=answer.threshold)
        reply = name_copies(reply, snapshot.store, filters)
        return _joined(reply, snapshot), retrieval

    def refresh(self) -> Manifest:
        """Take up what has been indexed since, and return what there is.

        Raises:
            IndexStoreError: when the index is missing, damaged or stale.
        """
        return self._engine.refresh()

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
            around = snapshot.store.around(quote.paragraph_id, paragraphs)
        if not any(
            p.article_id == quote.source.article_id and p.span == quote.paragraph_span
            for p in around
        ):
            raise QuestionError(
                "the index has changed since this answer was given", "ask the question again"
            )
        return around

    def changed_files(self) -> int:
        """Return how many source files were added, changed or removed since the indexing."""
        if self._config.sources_elsewhere:
            return 0
        listing = list_sources(self._config.sources_folder)
        with self._engine.reading() as snapshot:
            return sources_changed(listing, snapshot.store.files())

    def reindex(self, progress: Progress) -> Summary:
        """Bring the index up to date; answers go on from the old one meanwhile.

        Raises:
            IndexLocked: when another process is building.
            IndexStoreError: when the index cannot be written.
        """
        return build_index(self._config, self._embedder, progress=progress)


def _joined(reply: Reply, snapshot: Snapshot) -> Reply:
    """Return a reply whose quotes can be understood alone, as far as may be."""

    def around(quote: Quote) -> tuple[Paragraph, ...]:
        return snapshot.store.around(quote.paragraph_id, REACH)

    if isinstance(reply, Answer):
        return replace(reply, quotes=joined_all(reply.quotes, around))
    return replace(reply, nearest=joined_all(reply.nearest, around))


def open_service(
    config: Config, notify: Notify, progress: Progress, *, models: Config | None = None
) -> Service:
    """Return the service of a project; its first index is built when there is none.

    ``models`` names the project whose exported model is used, when it is another one.

    Raises:
        SourcebotError: when the model, the index or the sources folder cannot be used.
    """
    # The reader opens on another thread meanwhile: the first answer comes sooner by as much.
    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(_open_reader, config)
        engine, embedder = _open_index(config, notify, progress, models or config)
        return Service(config, embedder, opening.result(), engine)


def _open_reader(config: Config) -> Reader:
    if config.reader.model in {"", "default"}:
        return LearnedReader(ReaderModel(threads=config.embedding.threads), READ_WORDS)
    from sourcebot.answering.cross_encoder import CrossEncoderReader

    return CrossEncoderReader(config.reader.model)


def _open_index(
    config: Config, notify: Notify, progress: Progress, models: Config
) -> tuple[Engine, Embedder]:
    """Return the index and the embedder of its vectors; both made if need be."""
    if config.index.engine != "embedded":
        # Whoever asks a database may be somebody else, and elsewhere, than who indexes into it.
        embedder = open_embedder(models, notify)
        return open_engine(config, embedder), embedder
    try:
        current_name(config.index_folder)
        embedder = open_embedder(models, notify)
    except IndexNotBuilt:
        require_sources(config.sources_folder)
        embedder = open_embedder(models, notify)
        notify(f"There is no index yet; building it from {config.sources_folder} …")
        summary = _build_or_wait(config, embedder, notify, progress)
        for error in summary.failed[:_TOLD_FAILURES]:
            notify(f"Left out {error.path}: {error.message}")
        if len(summary.failed) > _TOLD_FAILURES:
            rest = len(summary.failed) - _TOLD_FAILURES
            notify(f"… and {rest:,} more files; `sourcebot doctor` lists all")
    return open_engine(config, embedder), embedder


def _build_or_wait(
    config: Config, embedder: Embedder, notify: Notify, progress: Progress
) -> Summary:
    try:
        return build_index(config, embedder, progress=progress)
    except IndexLocked:
        notify("Another process is building it; waiting …")
        return build_index(config, embedder, wait=_BUILD_WAIT, progress=progress)


def clean_question(question: str) -> str:
    """Return a question on one line.

    Raises:
        QuestionError: when it holds no words or is too long.
    """
    words = " ".join(question.split())
    if not any(character.isalnum() for character in words):
        raise QuestionError("the question is empty", "ask something, such as: what is sourcebot?")
    if len(words) > LONGEST_QUESTION:
        raise QuestionError(
            f"the question has {len(words):,} characters; at most {LONGEST_QUESTION:,} are read",
            "ask a shorter question",
        )
    return words.encode("utf-8", "replace").decode("utf-8")


def _nothing_left(filters: Filters, snapshot: Snapshot) -> QuestionError:
    """Say which filter leaves no article, and what there is within the scope."""
    articles = [a for a in snapshot.store.articles() if in_scope(a.source, filters.scope)]
    if not articles:
        return QuestionError(
            "no article is left by the scope that is set here", "a moderator can widen it"
        )
    for name, wanted, known in (
        ("publisher", filters.publisher, {a.source.publisher for a in articles}),
        ("source", filters.source, {a.source.path for a in articles}),
    ):
        only = {"publisher": wanted} if name == "publisher" else {"source": wanted}
        alone = Filters(**only, scope=filters.scope)  # type: ignore[arg-type]  # strings
        if wanted and not any(matches(a.source, alone) for a in articles):
            close = difflib.get_close_matches(wanted, known - {""}, n=3, cutoff=0.4)
            hint = f"did you mean {', '.join(close)}?" if close else "`sourcebot sources` lists all"
            return QuestionError(f"no article has a {name} like {wanted!r}", hint)
    dated = [a.source.published for a in articles if a.source.published]
    span = (
        f"dated articles run from {min(dated)} to {max(dated)}" if dated else "no article is dated"
    )
    return QuestionError("no article is left by the filters together", span)
