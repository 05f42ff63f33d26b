"""Opening what answers questions: the model, the reader and the index, made if need be."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from sourcebot.articles.files import require_sources
from sourcebot.config.settings import LanguageConfig
from sourcebot.embedding.multilingual import prepared_folder
from sourcebot.errors import IndexLocked, IndexStale, SourcebotError
from sourcebot.index.open import build_index, is_built, open_engine

if TYPE_CHECKING:
    from concurrent.futures import Future

    from sourcebot.answering.reader import Judge, Reader
    from sourcebot.answering.service import Service
    from sourcebot.config.settings import Config
    from sourcebot.embedding.embedder import Embedder
    from sourcebot.files import Digests
    from sourcebot.index.contract import Engine
    from sourcebot.types import Notify, Progress, Summary


_BUILD_WAIT = 3600.0
_TOLD_FAILURES = 20


def open_service(
    config: Config, notify: Notify, progress: Progress, *, models: Config | None = None
) -> Service:
    """Return the service of a project; its first index is built when there is none.

    ``models`` names the project whose exported model is used, when it is another one. An index that
    the other models of ``[language]`` made is asked with those until it is made anew.

    Raises:
        SourcebotError: when the model, the index or the sources folder cannot be used.
    """
    try:
        return _open(config, notify, progress, models)
    except IndexStale:
        if (service := _opened_as_before(config, notify, progress, models)) is None:
            raise
        return service


def _opened_as_before(
    config: Config, notify: Notify, progress: Progress, models: Config | None
) -> Service | None:
    """Return the service with the other models of ``[language]`` if these made the index."""
    english = config.language.models == "english"
    if english and not prepared_folder(config).is_dir():
        return None
    before = LanguageConfig("multilingual" if english else "english")
    by = replace(models, language=before) if models else None
    try:
        service = _open(replace(config, language=before), notify, progress, by)
    except SourcebotError:
        return None
    notify(
        f'The index was made with [language] models = "{before.models}" and is asked with them'
        " still; `sourcebot index` makes it anew."
    )
    return service


def _open(config: Config, notify: Notify, progress: Progress, models: Config | None) -> Service:
    # Libraries and models are loaded beside each other: reading files and building sessions leave
    # the interpreter to others, so the first answer comes sooner by as much.
    with ThreadPoolExecutor(2) as pool:
        embedding = pool.submit(_open_embedder, models or config, notify)
        reading = pool.submit(_open_reader, config, embedding)
        from sourcebot.answering.service import Service

        engine, embedder = _open_index(config, notify, progress, embedding)
        reader, judge = reading.result()
        return Service(config, embedder, reader, engine, judge)


def _open_embedder(models: Config, notify: Notify) -> Embedder:
    from sourcebot.embedding.exported import open_embedder

    return open_embedder(models, notify)


def _open_reader(config: Config, embedding: Future[Embedder]) -> tuple[Reader, Judge | None]:
    """Return the reader, and the judge that it asks, if it does."""
    if config.reader.model in {"", "default"}:
        from sourcebot.answering.by_language import ReaderByLanguage
        from sourcebot.answering.reader import Judge, LearnedReader
        from sourcebot.answering.reader_model import ReaderModel
        from sourcebot.answering.word_reader import WordReader
        from sourcebot.embedding.exported import checked_file
        from sourcebot.files import Digests

        threads, digests = config.embedding.threads, Digests(checked_file(config))
        small = ReaderModel(threads=threads, digests=digests)
        asks = config.reader.judge == "auto"
        alone = config.language.models == "english"
        # Beside the reader of all languages it is not opened before it reads something in English.
        judge = Judge(None, threads, digests, small.tokenizer, at_once=alone) if asks else None
        english = LearnedReader(small, judge)
        if alone:
            return ReaderByLanguage(english, WordReader(), across=False), judge
        others = _reader_of_languages(threads, digests, embedding.result())
        return ReaderByLanguage(english, others, across=True), judge
    from sourcebot.answering.cross_encoder import CrossEncoderReader

    return CrossEncoderReader(config.reader.model), None


def _reader_of_languages(threads: int, digests: Digests, embedder: Embedder) -> Reader:
    from sourcebot.answering.reader import LearnedReader
    from sourcebot.answering.reader_model import ReaderModel
    from sourcebot.answering.stages import packaged_of_languages
    from sourcebot.embedding.multilingual import MultilingualEmbedder

    if not isinstance(embedder, MultilingualEmbedder):
        raise TypeError(f"the reader of all languages cannot share layers with {embedder!r}")
    model = ReaderModel(threads=threads, name="languages", digests=digests, lower=embedder.lower)
    return LearnedReader(model, stages=packaged_of_languages())


def _open_index(
    config: Config, notify: Notify, progress: Progress, embedding: Future[Embedder]
) -> tuple[Engine, Embedder]:
    """Return the index and the embedder of its vectors; made if need be."""
    if not is_built(config):  # also loads the engine's libraries meanwhile
        require_sources(config.sources_folder)
        notify(f"There is no index yet; building it from {config.sources_folder} …")
        summary = _build_or_wait(config, embedding.result(), notify, progress)
        for error in summary.failed[:_TOLD_FAILURES]:
            notify(f"Left out {error.path}: {error.message}")
        if len(summary.failed) > _TOLD_FAILURES:
            rest = len(summary.failed) - _TOLD_FAILURES
            notify(f"… and {rest:,} more files; `sourcebot doctor` lists all")
    embedder = embedding.result()
    return open_engine(config, embedder), embedder


def _build_or_wait(
    config: Config, embedder: Embedder, notify: Notify, progress: Progress
) -> Summary:
    try:
        return build_index(config, embedder, progress=progress)
    except IndexLocked:
        notify("Another process is building it; waiting …")
        return build_index(config, embedder, wait=_BUILD_WAIT, progress=progress)
