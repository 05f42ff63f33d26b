"""A project, and every use case of it once: what programs and all front ends work with.

Nothing is loaded, built or written before a method needs it; nothing is ever printed.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sourcebot.answering.archive import Archive, quiet
from sourcebot.config.loading import find_project, load_config
from sourcebot.errors import IndexLocked, IndexStoreError
from sourcebot.types.reports import Changes

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Collection, Sequence

    from sourcebot.checks.evaluation import Evaluation
    from sourcebot.checks.metrics import Metrics
    from sourcebot.checks.verification import GivenAnswer
    from sourcebot.checks.viewing.view import Viewing
    from sourcebot.embedding.embedder import Embedder
    from sourcebot.errors import SourcebotError
    from sourcebot.index.postgres.ddl import Script
    from sourcebot.types import Checked, Finding, Notify, Outcome, Progress, Proof, Reply, Summary
    from sourcebot.types.claims import Check
    from sourcebot.types.reports import Part, PartSummary
    from sourcebot.types.timelines import Timeline


class Project(Archive):
    """A folder of articles with its settings and its index; thread-safe, a context manager.

    How it is asked, listed and closed stands in ``Archive``.

    ``progress`` of a method is told the stage, how much of it is done, and its size; without
    one, the ``progress`` of the project is.
    """

    # Reading it

    @cached_property
    def viewing(self) -> Viewing:
        """Its articles to read: their text, what is kept of them, and pictures of pages."""
        from sourcebot.checks.viewing.view import Viewing

        return Viewing(self.config, self._reading)

    @cached_property
    def metrics(self) -> Metrics:
        """Figures for operators; its questions are counted from the first look on."""
        from sourcebot.checks.metrics import Metrics

        return Metrics(self)

    def close(self) -> None:
        """Let go of models, files, connections and processes; what needs them opens them again."""
        viewing: Viewing | None = self.__dict__.pop("viewing", None)
        if viewing:
            viewing.close()
        super().close()

    # Changing it

    def index(
        self,
        *,
        rebuild: bool = False,
        progress: Progress | None = None,
        expected: Collection[str] | None = (),
    ) -> Summary:
        """Build the index or bring it up to date; questions are answered from the old meanwhile.

        ``rebuild`` starts from nothing: the model is exported and everything embedded again.
        ``expected`` names articles that are meant to leave the index, None whatever has left.

        Raises:
            ConfigError: when there is no sources folder.
            SourcesLost: when the folder has lost most of its articles, and that is not expected.
            IndexLocked: when another process is building.
            IndexStoreError: when the index cannot be written.
            ModelError: when the model cannot be used.
        """
        from sourcebot.articles.files import require_sources
        from sourcebot.index.open import build_index

        require_sources(self.config.sources_folder)
        embedder, told = self._embedder(fresh=rebuild), progress or self._progress
        summary = build_index(
            self.config, embedder, rebuild=rebuild, progress=told, expected=expected
        )
        if rebuild:
            self.close()
        if summary.built:
            self._tell_unread()
        self.ask_followed(told)
        return summary

    def embed_part(self, part: Part, *, progress: Progress | None = None) -> PartSummary:
        """Embed one of several parts of what is new, for the ``index`` that follows.

        So several machines with the same articles embed at the same time for one index in
        PostgreSQL.

        Raises:
            ConfigError: when there is no sources folder, or the engine is another one.
            IndexLocked: when another process works in the same folder.
            IndexStoreError: when the database cannot be reached or written.
            ModelError: when the model cannot be used.
        """
        from sourcebot.articles.files import require_sources
        from sourcebot.index.open import embed_part

        require_sources(self.config.sources_folder)
        return embed_part(self.config, self._embedder(), part, progress=progress or self._progress)

    def _embedder(self, *, fresh: bool = False) -> Embedder:
        """Return the model to index with: the open one, else one whose weights are checked."""
        from sourcebot.embedding.exported import open_embedder

        service = self._service
        if service and not fresh:
            return service.embedder
        return open_embedder(self._models, self._notify, check=True, fresh=fresh)

    def add(
        self,
        *targets: str,
        overwrite: bool = False,
        again: bool = False,
        dry_run: bool = False,
        index: bool = True,
        ocr: str = "",
        progress: Progress | None = None,
        report: Callable[[Sequence[Outcome]], None] = quiet,
    ) -> Changes:
        """Make articles of files, folders, web pages and feeds, and index them.

        ``report`` is told what became of each before the indexing begins; ``overwrite``
        replaces articles edited by hand, too; ``again`` also reads originals anew that an older
        sourcebot read. In ``ocr`` are the languages of scanned pages to recognize: "deu+eng".

        Raises:
            SourcebotError: when nothing can be written; what was written before stays.
        """
        from sourcebot.adding.add import AddOptions, add_all

        options = AddOptions(dry_run=dry_run, overwrite=overwrite, again=again, ocr=ocr)
        outcomes = add_all(self.config, targets, options, progress or self._progress)
        report(outcomes)
        return Changes(outcomes, None if dry_run else self._follow(outcomes, progress, index=index))

    def remove(
        self,
        *targets: str,
        purge: bool = False,
        dry_run: bool = False,
        index: bool = True,
        progress: Progress | None = None,
        report: Callable[[Sequence[Outcome]], None] = quiet,
    ) -> Changes:
        """Take articles out of the sources folder and of the index.

        Their texts are kept in the folder of originals unless ``purge``; ``report`` as in
        ``add``.

        Raises:
            SourcebotError: when something cannot be written.
        """
        from sourcebot.adding.remove import remove

        outcomes = tuple(remove(self.config, targets, purge=purge, dry_run=dry_run))
        report(outcomes)
        return Changes(outcomes, None if dry_run else self._follow(outcomes, progress, index=index))

    def _follow(
        self, outcomes: Sequence[Outcome], progress: Progress | None, *, index: bool
    ) -> Summary | None:
        """Index what has changed, or say how to."""
        if not any(outcome.changed for outcome in outcomes) and not self._is_behind():
            return None
        if not index:
            self._notify("The index is as it was; `sourcebot index` brings it up to date.")
            return None
        try:
            removed = {outcome.article for outcome in outcomes if outcome.removed}
            return self.index(progress=progress, expected=removed)
        except IndexLocked:
            self._notify("Another process is indexing; `sourcebot index` takes in what it missed.")
            return None

    def _is_behind(self) -> bool:
        """Return whether there is an index that lacks changes, such as those of a run cut short."""
        try:
            return self.changed() > 0
        except IndexStoreError:  # the next question or `sourcebot index` deals with that
            return False

    def watch(self, tell: Notify) -> None:
        """Index now and after each change of the sources folder, until KeyboardInterrupt.

        Followed questions are asked again after each pass.
        ``tell`` takes one line for each pass, and one for each trouble.

        Raises:
            SourcebotError: when the model cannot be used, or there is no sources folder at first.
        """
        from sourcebot.articles.files import require_sources
        from sourcebot.index.watch import watch

        require_sources(self.config.sources_folder)
        watch(self.config, tell, lambda: self.ask_followed(quiet))

    def setup_sql(self, shards: Sequence[str] = ()) -> tuple[Script, ...]:
        """Return what an administrator of PostgreSQL runs before the first indexing.

        ``shards`` are servers (HOST:PORT) that each take a part of the index.

        Raises:
            SourcebotError: when the model cannot be used, or a server is named wrongly.
        """
        from sourcebot.embedding.exported import open_embedder
        from sourcebot.index.postgres.ddl import Names, scripts

        dimension = open_embedder(self._models, self._notify).dimension
        return tuple(scripts(Names(self.config.index.schema), dimension, shards))

    # Checking it

    def diagnose(self) -> tuple[Finding, ...]:
        """Return what was found, good and bad, in the order in which to mend it."""
        from sourcebot.checks.doctor import diagnose

        return tuple(diagnose(self.config))

    def repair(self, progress: Progress | None = None) -> Summary:
        """Make anew what is damaged, from the sources and from what is whole.

        Raises:
            SourcebotError: when that cannot be done.
        """
        from sourcebot.checks.doctor import repair

        self.close()
        return repair(self.config, self._notify, progress or self._progress)

    def verify(self, progress: Progress | None = None, *, originals: bool = False) -> Proof:
        """Read every source again and hold every indexed sentence against it.

        With ``originals`` each is also looked for in the original that was added, if it was kept.

        Raises:
            IndexStoreError: when the index is missing or damaged.
            LedgerError: when it cannot be read where the originals came from.
        """
        from sourcebot.checks.originals import compare_index
        from sourcebot.checks.verification import Sources, verify_index

        told = progress or self._progress
        with self._reading() as snapshot:
            snapshot.check_digests()
            sources = Sources(self.config.sources_folder)
            proof = verify_index(snapshot.store, sources, told)
            if not originals:
                return proof
            compared = compare_index(snapshot.store, self.config.originals_folder, told)
            return replace(proof, compared=compared)

    def verify_answer(
        self, answer: bytes, name: str = "the answer", *, originals: bool = False
    ) -> tuple[GivenAnswer, tuple[Checked, ...]]:
        """Hold the quotes of an earlier answer, in its JSON, against the sources as they are.

        ``name`` is what errors call it. Returns the answer as it was read, and the verdicts; with
        ``originals`` also those on the originals that were added, where they are kept.

        Raises:
            ConfigError: when there is no sources folder.
            VerificationError: when it is no answer.
        """
        from sourcebot.checks.verification import Sources, read_answer, verify_answer

        given = read_answer(answer, name)
        checked = verify_answer(given, Sources(self.config.sources_folder))
        if originals:
            from sourcebot.checks.originals import compare_quotes

            checked = compare_quotes(checked, self.config.originals_folder, self._progress)
        return given, checked

    def bundle(self, found: Reply | Timeline | Sequence[Check], target: Path) -> int:
        """Write a reply, a timeline or checks as a ZIP archive with what they quote and a verifier.

        Returns how many quoted files had changed since they were indexed, and are left out.

        Raises:
            VerificationError: when the archive cannot be written.
        """
        from sourcebot.checks.bundle import bundled, write_bundle

        return write_bundle(target, bundled(found), self.config.sources_folder)

    def evaluate(
        self, questions: Path, *, sources: Path | None = None, progress: Progress | None = None
    ) -> Evaluation:
        """Ask questions with known answers, a JSON Lines file (docs/eval.md), and measure.

        ``sources`` are articles to ask instead of the project's, indexed apart and kept.

        Raises:
            SourcebotError: when the questions, the sources or the index cannot be used.
        """
        from sourcebot.checks.evaluation import Evaluation, apart, evaluate, read_cases

        cases = read_cases(questions)
        told = progress or self._progress
        if sources is None:
            return Evaluation(self.config, tuple(evaluate(self._open(), cases, told)))
        other = apart(self.config, sources)
        with Project(other, notify=self._notify, progress=told, models=self.config) as project:
            # Before it is opened: the index kept there may be of an older format.
            project.index()
            return Evaluation(self.config, tuple(evaluate(project._open(), cases, told)))


def open_project(
    path: str | os.PathLike[str] | None = None,
    *,
    notify: Notify = quiet,
    progress: Progress = quiet,
) -> Project:
    """Return the project in a folder; without one, in $SOURCEBOT_PROJECT or the current folder.

    ``notify`` is told in a sentence what takes long or was left out, ``progress`` the stage of
    long work, how much of it is done, and its size.

    Raises:
        ConfigError: when there is no such folder, or its settings are wrong.
    """
    config = load_config(find_project(Path(path) if path is not None else None))
    for notice in config.notices:
        notify(notice)
    return Project(config, notify=notify, progress=progress)


def unusable(error: SourcebotError) -> list[Finding]:
    """Return what ``diagnose`` would find of a project whose settings cannot be used."""
    from sourcebot.checks.doctor import unusable

    return unusable(error)
