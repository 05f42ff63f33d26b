"""The exported models of a project: where they lie, and making them when they are not there."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from sourcebot.embedding.embedder import (
    DESCRIPTION,
    Embedder,
    ExportedModel,
    OnnxEmbedder,
    TransformerEmbedder,
)
from sourcebot.embedding.model_files import (
    SHIPPED,
    find_model,
    is_shipped,
    require_libraries,
    weights_digest,
)
from sourcebot.embedding.multilingual import open_multilingual, prepared_folder
from sourcebot.errors import ModelError
from sourcebot.files import UNFINISHED, Digests, write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcebot.config.settings import Config
    from sourcebot.embedding.model_files import ModelFiles

_NOT_EXPORTED = "not-exported.json"
_REINSTALL = "reinstall it: pip install --force-reinstall sourcebot"


def model_folder(config: Config) -> Path:
    """Return where the configured model is exported to."""
    if config.language.models == "multilingual":
        return prepared_folder(config)
    key = hashlib.sha256(config.embedding.model.encode()).hexdigest()[:8]
    name = "".join(
        c if c.isalnum() or c in "-." else "_" for c in Path(config.embedding.model).name
    )
    return config.index_folder / "models" / f"{name}-{key}-{config.embedding.precision}"


def checked_file(config: Config) -> Path:
    """Return where it is kept which files of models were found as published."""
    return config.index_folder / "checked.json"


def open_embedder(
    config: Config, notify: Callable[[str], None], *, check: bool = False, fresh: bool = False
) -> Embedder:
    """Return the configured model; another than the default is exported first, once.

    The default comes exported with sourcebot; what an earlier version exported of it into the
    project's folder is used as long as it is there. ``notify`` is told what takes long. With
    ``check``, an export of other weights than the model has now is not used; with ``fresh``,
    none that is in the project's folder. With either, every file is read and held against its
    digest; else only those that are not as they were the last time. A model that cannot be
    exported is run by sentence-transformers, with a notice.

    Raises:
        ModelError: when the model is missing, altered or unusable.
    """
    if config.language.models == "multilingual":
        kept = None if check or fresh else checked_file(config)
        return open_multilingual(config, notify, Digests(kept), fresh=fresh)
    folder, settings = model_folder(config), config.embedding
    digests = Digests(None if check or fresh else checked_file(config))
    if not fresh and (embedder := _exported(config, folder, digests, check=check)):
        return embedder
    shipped = is_shipped(settings.model, settings.precision)
    if shipped and not (folder / DESCRIPTION).is_file():
        return OnnxEmbedder(SHIPPED, settings.threads, _REINSTALL, digests)
    if not shipped:
        require_libraries(f"[embedding] model = {settings.model!r} ({settings.precision})")
    from filelock import FileLock

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / ".lock"):
            if shipped:
                shutil.rmtree(folder)
                return OnnxEmbedder(SHIPPED, settings.threads, _REINSTALL)
            files = find_model(settings.model)
            # Another process may have exported it while this one waited.
            if not fresh and (embedder := _exported(config, folder, digests, check=check)):
                return embedder
            return _export(config, folder, files, notify)
    except OSError as error:
        raise ModelError(
            f"the model cannot be written to {folder}: {error.strerror}",
            "make the folder writable, or name another in [index] folder",
        ) from error


def _exported(
    config: Config, folder: Path, digests: Digests, *, check: bool
) -> OnnxEmbedder | None:
    """Return the exported model, or None when there is none (of the current weights)."""
    if not (folder / DESCRIPTION).is_file():
        return None
    embedder = OnnxEmbedder(folder, config.embedding.threads, digests=digests)
    current = not check or weights_digest(config.embedding.model) == embedder.weights_sha256
    return embedder if current else None


def describe(config: Config) -> ExportedModel | None:
    """Return what the export that is used says of itself, its files checked; None without one.

    Raises:
        ModelError: when it is damaged.
    """
    folder = model_folder(config)
    if (folder / DESCRIPTION).is_file():
        return ExportedModel.read(folder)
    if config.language.models == "multilingual":
        return None
    if is_shipped(config.embedding.model, config.embedding.precision):
        return ExportedModel.read(SHIPPED, _REINSTALL)
    return None


def _export(
    config: Config, folder: Path, files: ModelFiles, notify: Callable[[str], None]
) -> Embedder:
    """Export the model, or return it as sentence-transformers runs it where that fails."""
    reason = not_exportable(folder, files.digest)
    from sourcebot.embedding.export import ExportError, export_model, load_transformer

    if not reason:
        notify(f"Preparing the embedding model {files.name} (once, about half a minute) …")
    model = load_transformer(files)
    if not reason:
        try:
            export_model(model, files, config.embedding.precision, folder)
            return OnnxEmbedder(folder, config.embedding.threads)
        except ExportError as error:
            reason = error.message
            folder.mkdir(parents=True, exist_ok=True)
            note = {"reason": reason, "weights_sha256": files.digest}
            write_atomically(folder / _NOT_EXPORTED, json.dumps(note))
    notify(f"Notice: {reason}. It runs through sentence-transformers instead: slower to start.")
    return TransformerEmbedder(model, files.digest)


def remove_unfinished(config: Config) -> None:
    """Remove what crashed exports left, unless one is at work right now."""
    from filelock import FileLock, Timeout

    folder = config.index_folder / "models"
    strays = list(folder.glob(f"{UNFINISHED}*"))
    if strays:
        with contextlib.suppress(Timeout, OSError), FileLock(folder / ".lock").acquire(timeout=0):
            for stray in strays:
                shutil.rmtree(stray, ignore_errors=True)


def not_exportable(folder: Path, digest: str) -> str:
    """Return why the model with this digest could not be exported to ``folder``, or ""."""
    try:
        note = json.loads((folder / _NOT_EXPORTED).read_text("utf-8"))
    except (OSError, ValueError):
        return ""
    return str(note.get("reason", "")) if note.get("weights_sha256") == digest else ""
