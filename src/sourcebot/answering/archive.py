"""An archive of articles as it is asked: opened by the first question, closed when told to."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from sourcebot.answering.gate import Gate
from sourcebot.answering.measuring import measured, told_when_busy
from sourcebot.types import Filters, Load, Notify, Observe, Progress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

    from sourcebot.answering.followups import Previous
    from sourcebot.answering.service import Service
    from sourcebot.answering.waiting import WaitingQuestions
    from sourcebot.config.settings import Config
    from sourcebot.index.contract import Snapshot
    from sourcebot.types import Copy, IndexedArticle, IndexInfo, Paragraph, Quote, Reply
    from sourcebot.types.claims import Check
    from sourcebot.types.timelines import Timeline
    from sourcebot.types.waiting import Followed


ALL = Filters()
"""Filters that let every article be quoted."""


def quiet(*_: object) -> None:
    """Tell nobody."""


class Archive:
    """Answers questions about the articles of a project; thread-safe, a context manager."""

    def __init__(
        self,
        config: Config,
        *,
        notify: Notify = quiet,
        progress: Progress = quiet,
        service: Service | None = None,
        models: Config | None = None,
    ) -> None:
        """Take the settings, and who is told in words (``notify``) and in numbers.

        ``service`` answers the questions when it is given, and stays open when the project is
        closed; ``models`` names the project whose exported model is used, if another one's.
        """
        self.config = config
        self._notify = notify
        self._progress = progress
        self._models = models or config
        self._gate = Gate()
        self._observer: Observe | None = None
        self._given = service
        self._service = service
        self._opening = threading.RLock()
        self._counting = threading.Lock()
        self._changed = ("", 0, 0.0)  # the index, how many files are not as in it, and when counted

    def __enter__(self) -> Self:
        """Return the archive."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Let go of models, files and connections; another question would open them again."""
        self._gate.close()
        with self._opening:
            service, self._service = self._service, self._given
        if service and service is not self._given:
            service.close()

    # Asking

    def limit(self, at_once: int, waiting: int) -> None:
        """Work on ``at_once`` questions at a time, let ``waiting`` wait and turn others away.

        Without it, a question more than there are cores is worked on, and 256 may wait. To be
        called before the first question.
        """
        self._gate = Gate(at_once, waiting)

    def observe(self, observer: Observe) -> None:
        """Tell ``observer`` how each question fares from now on."""
        self._observer = observer

    @property
    def load(self) -> Load:
        """How much there is to do now."""
        working, waiting = self._gate.load
        with self._opening:
            connections = self._service.connections if self._service else 0
        return Load(working, waiting, connections)

    def prepare(self, progress: Progress | None = None) -> None:
        """Open now what the first question would open; the first index is built if need be.

        Raises:
            SourcebotError: when the model, the index or the sources folder cannot be used.
        """
        with self._opening:
            if self._service is None:
                from sourcebot.answering.opening import open_service

                told = progress or self._progress
                self._service = open_service(self.config, self._notify, told, models=self._models)

    def _open(self) -> Service:
        with self._opening:
            self.prepare()
            assert self._service is not None
            return self._service

    def ask(self, question: str, filters: Filters = ALL, previous: Previous = None) -> Reply:
        """Return quotes that answer the question, or why there are none.

        ``previous`` are the replies of a conversation, the oldest first, or its last one: a
        question such as "since when?" is tried with what went before, and the reply's ``meant``
        says what it was taken to mean. With None the question is asked as it stands.

        Raises:
            QuestionError: when the question or a filter cannot be used.
            ServiceBusy: when too many questions are waiting already.
            IndexStoreError: when the index cannot be used.
        """
        began = time.perf_counter()
        with told_when_busy(self._observer, began), self._gate:
            return self._answered(question, filters, previous, began)

    def submit(
        self, question: str, filters: Filters = ALL, previous: Previous = None
    ) -> Future[Reply]:
        """Answer as ``ask`` does, on another thread; the future holds the reply or the error.

        For programs that must not wait, such as event loops (``asyncio.wrap_future``): the
        number of questions that wait is bounded.

        Raises:
            ServiceBusy: when too many questions are waiting already.
        """
        began = time.perf_counter()
        with told_when_busy(self._observer, began):
            return self._gate.submit(lambda: self._answered(question, filters, previous, began))

    def _answered(self, question: str, filters: Filters, previous: Previous, began: float) -> Reply:
        def answer() -> Reply:
            return self._open().ask(question, filters, previous)

        return measured(answer, self._observer, began)

    def check(self, claim: str, filters: Filters = ALL) -> Check:
        """Return what the articles say of a claim, and how its quotations stand in them.

        Raises:
            QuestionError: when the claim or a filter cannot be used.
            ServiceBusy: when too many questions are waiting already.
            IndexStoreError: when the index cannot be used.
        """
        with self._gate:
            return self._open().check(claim, filters)

    def timeline(self, topic: str, filters: Filters = ALL) -> Timeline:
        """Return what the articles date of a topic, a phrase or a question, in order.

        ``since`` and ``until`` of the filters bound the dates of the events.

        Raises:
            QuestionError: when the topic or a filter cannot be used.
            ServiceBusy: when too many questions are waiting already.
            IndexStoreError: when the index cannot be used.
        """
        with self._gate:
            return self._open().timeline(topic, filters)

    def check_text(
        self,
        text: bytes,
        name: str,
        filters: Filters = ALL,
        progress: Progress | None = None,
    ) -> tuple[Check, ...]:
        """Check the sentences of a text in Markdown (``name`` ends in .md) or plain text.

        Questions and sentences of fewer than three telling words are left out.

        Raises:
            ArticleError: when the text cannot be read.
            QuestionError, ServiceBusy, IndexStoreError: as ``check``.
        """
        from sourcebot.answering.claims.texts import claims_of

        told = progress or self._progress
        claims = claims_of(text, name)
        checks = []
        for number, claim in enumerate(claims, start=1):
            checks.append(self.check(claim, filters))
            told("checking", number, len(claims))
        return tuple(checks)

    @property
    def waiting(self) -> WaitingQuestions:
        """The questions that are asked again whenever the index changes."""
        from sourcebot.answering.waiting import WaitingQuestions

        return WaitingQuestions(self.config.waiting_database)

    def follow(
        self, question: str, filters: Filters = ALL, place: str = ""
    ) -> tuple[Followed, Reply]:
        """Answer a question now, and ask it again whenever the index changes.

        ``place`` says where its notices belong; "" is the terminal.

        Raises:
            QuestionError: as ``ask``, and when the question is followed there already.
            ServiceBusy, IndexStoreError: as ``ask``.
            WaitingError: when the followed questions cannot be written.
        """
        reply = self.ask(question, filters)
        return self.waiting.follow(reply.question, filters, place, reply), reply

    def ask_followed(self, progress: Progress | None = None) -> int:
        """Ask the followed questions that this state of the index was not asked; count the news.

        Also when nothing was built: a run before may have been ended in between.

        Raises:
            IndexStoreError: when the index cannot be used.
            WaitingError: when the followed questions cannot be used.
        """
        told = progress or self._progress
        if not self.config.waiting_database.exists():
            return 0
        told("asking followed questions", 0, 1)
        news = self.waiting.ask_again(self.info().name, self.ask)
        told("asking followed questions", 1, 1)
        return news

    def context(self, quote: Quote, n: int = 1) -> tuple[Paragraph, ...]:
        """Return the paragraph of a quote with up to ``n`` neighbours on each side.

        Raises:
            QuestionError: when the index has changed since the quote was given.
        """
        return self._open().context(quote, n)

    def info(self) -> IndexInfo:
        """Take up what has been indexed since, and return what the index holds.

        Raises:
            IndexStoreError: when the index is missing, damaged or stale.
        """
        with self._reading() as snapshot:
            return snapshot.info

    def articles(self, filters: Filters = ALL) -> tuple[IndexedArticle, ...]:
        """Return the indexed articles that filters allow, sorted by path.

        Raises:
            QuestionError: when the filters leave none; it says what there is.
            IndexStoreError: when the index is missing, damaged or stale.
        """
        with self._reading() as snapshot:
            indexed = snapshot.store.articles()
        allowed = tuple(article for article in indexed if filters.allow(article.source))
        if filters and not allowed:
            from sourcebot.answering.filtering import check_bounds, nothing_left

            check_bounds(filters)
            raise nothing_left(filters, indexed)
        return allowed

    def stories(self) -> tuple[tuple[Copy, ...], ...]:
        """Return the groups of articles that carry largely the same text, the oldest first.

        Raises:
            IndexStoreError: when the index is missing, damaged or stale.
        """
        with self._reading() as snapshot:
            return snapshot.store.stories()

    def require_sources(self) -> None:
        """See to it that there are articles here, unless this machine only asks a database.

        Raises:
            ConfigError: when there is no sources folder.
        """
        from sourcebot.articles.files import require_sources

        if not self.config.sources_elsewhere:
            require_sources(self.config.sources_folder)

    def changed(self, within: float = 0.0) -> int:
        """Return how many source files were added, changed or removed since the indexing.

        A count of the same index that is at most ``within`` seconds old will do. 0 on a machine
        that only asks a database, where there are no sources.

        Raises:
            ConfigError: when there is no sources folder.
            IndexStoreError: when the index is missing, damaged or stale.
        """
        from sourcebot.articles.files import list_sources
        from sourcebot.index.changes import MOST_COMPARED, sources_changed

        if self.config.sources_elsewhere:
            return 0
        with self._counting, self._reading() as snapshot:
            index, count, counted = self._changed
            if index != snapshot.info.name or time.monotonic() - counted >= within:
                listing = list_sources(self.config.sources_folder)
                known = snapshot.store.files()
                count = sources_changed(listing, known, most_compared=MOST_COMPARED)
                self._changed = (snapshot.info.name, count, time.monotonic())
            return count

    def advice(self) -> tuple[str, str]:
        """Return in what the sources are not as they were indexed, and what to do, or ("", "").

        Raises:
            ConfigError: when there is no sources folder.
            IndexStoreError: when the index is missing, damaged or stale.
        """
        from sourcebot.articles.files import list_sources
        from sourcebot.index.changes import advice

        if self.config.sources_elsewhere:
            return "", ""
        folder = self.config.sources_folder
        listing = list_sources(folder)
        with self._reading() as snapshot:
            return advice(folder, listing, snapshot.store.files(), snapshot.info.articles)

    def _tell_unread(self) -> None:
        """Say so where much of what is indexed is in languages that the models do not read."""
        from sourcebot.index.unread import unread

        with self._reading() as snapshot:
            found = unread(self.config, snapshot.store.languages())
        if found:
            self._notify(f"{found[0]}. {found[1][:1].upper()}{found[1][1:]}.")

    @contextmanager
    def _reading(self) -> Iterator[Snapshot]:
        """Give the newest state of the index, by the engine that is open if one is."""
        service = self._service
        if service:
            with service.reading() as snapshot:
                yield snapshot
            return
        from sourcebot.index.open import reading

        with reading(self.config) as snapshot:
            yield snapshot
