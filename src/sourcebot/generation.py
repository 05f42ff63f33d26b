"""Generations: whole, immutable indexes under ``embeddings/``, switched atomically.

embeddings/
    CURRENT                    the name of the generation that answers
    generations/NAME/          manifest.json, articles.sqlite, vectors.faiss, lexical/
    models/NAME/               the exported model
    vectors.sqlite             the vector cache
    lock                       held by the process that builds
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sourcebot.errors import IndexCorrupt, IndexNotBuilt, IndexStale
from sourcebot.files import sha256_of, write_atomically
from sourcebot.lexical import LexicalIndex
from sourcebot.segment import SPLITTER_VERSION
from sourcebot.store import ArticleStore
from sourcebot.vectors import VectorIndex

if TYPE_CHECKING:
    from pathlib import Path

    from sourcebot.embedder import Embedder

FORMAT_VERSION = 2
"""Raised whenever the files of a generation change their meaning."""

CURRENT = "CURRENT"
GENERATIONS = "generations"
ARTICLES = "articles.sqlite"
VECTORS = "vectors.faiss"
LEXICAL = "lexical"
MANIFEST = "manifest.json"
_REBUILD = "run `sourcebot index --rebuild`"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds and what it was built with.

    ``fingerprint`` covers model, splitter and format; ``created`` is an ISO 8601 time in
    UTC; ``articles`` and ``paragraphs`` are counts; ``files`` gives size in bytes and sha256 of
    each file by its path in the generation.
    """

    name: str
    format: int
    fingerprint: str
    model: str
    dimension: int
    created: str
    articles: int
    paragraphs: int
    files: dict[str, tuple[int, str]]

    def write(self, folder: Path) -> None:
        """Write the manifest into a generation's folder."""
        write_atomically(folder / MANIFEST, json.dumps(asdict(self), indent=2) + "\n")


def files_of(folder: Path) -> dict[str, tuple[int, str]]:
    """Return size and digest of each file of a generation, by its path there."""
    paths = (
        path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".lock")
    )
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_size, sha256_of(path))
        for path in sorted(paths)
    }


def fingerprint(embedder: Embedder) -> str:
    """Return what makes vectors and offsets comparable: model, splitter and format."""
    parts = json.dumps([embedder.identity, SPLITTER_VERSION, FORMAT_VERSION])
    return hashlib.sha256(parts.encode()).hexdigest()[:16]


def current_name(index_folder: Path) -> str:
    """Return the name of the generation that answers.

    Raises:
        IndexNotBuilt: when there is none.
        IndexCorrupt: when the pointer to it is damaged.
    """
    try:
        name = (index_folder / CURRENT).read_text("utf-8").strip()
    except FileNotFoundError as error:
        raise IndexNotBuilt("there is no index yet", "run `sourcebot index`") from error
    except (OSError, UnicodeDecodeError) as error:
        raise IndexCorrupt(f"{index_folder / CURRENT} cannot be read: {error}", _REBUILD) from error
    if not name or not name.isalnum():
        raise IndexCorrupt(f"{index_folder / CURRENT} names no generation: {name[:40]!r}", _REBUILD)
    return name


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of the generation in ``folder``.

    Raises:
        IndexCorrupt: when it is missing or damaged.
    """
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise IndexCorrupt(f"{folder / MANIFEST} is missing or damaged", _REBUILD) from error
    if manifest.name != folder.name:
        raise IndexCorrupt(f"{folder / MANIFEST} belongs to another generation", _REBUILD)
    return manifest


class Generation:
    """One generation, open for reading."""

    def __init__(self, index_folder: Path, name: str) -> None:
        """Open the generation ``name``.

        Raises:
            IndexCorrupt: when a file is missing or damaged.
        """
        self.folder = index_folder / GENERATIONS / name
        self.manifest = read_manifest(self.folder)
        if self.manifest.format != FORMAT_VERSION:
            raise IndexStale(
                f"the index has format {self.manifest.format}, this version reads {FORMAT_VERSION}",
                "run `sourcebot index`",
            )
        self._check_sizes()
        self.vectors = VectorIndex(self.folder / VECTORS, self.manifest.dimension)
        self.store = ArticleStore(self.folder / ARTICLES)
        self.lexical = LexicalIndex(self.folder / LEXICAL)
        held = {len(self.vectors), len(self.lexical), self.manifest.paragraphs}
        if len(held) > 1:
            raise IndexCorrupt(f"the parts of {self.folder} do not belong together", _REBUILD)

    def _check_sizes(self) -> None:
        for name, (size, _) in self.manifest.files.items():
            path = self.folder / name
            if not path.is_file() or path.stat().st_size != size:
                raise IndexCorrupt(f"{path} is missing or damaged", _REBUILD)

    def check_digests(self) -> None:
        """Read every file and compare its digest; for builders and the doctor, not for questions.

        Raises:
            IndexCorrupt: when a file has changed since it was written.
        """
        for name, (_, digest) in self.manifest.files.items():
            if sha256_of(self.folder / name) != digest:
                raise IndexCorrupt(f"{self.folder / name} is damaged", _REBUILD)

    def check_fingerprint(self, embedder: Embedder) -> None:
        """Refuse vectors that ``embedder`` did not make.

        Raises:
            IndexStale: when the model or the splitter has changed since.
        """
        if self.manifest.fingerprint != fingerprint(embedder):
            raise IndexStale(
                f"the index was built with another model or splitter ({self.manifest.model})",
                "run `sourcebot index` to build it anew",
            )


def open_current(index_folder: Path) -> Generation:
    """Return the generation that answers.

    A builder may prune the old generation between the look at the pointer and the
    opening; then the pointer has moved, and the new one is opened.

    Raises:
        IndexNotBuilt: when there is none.
        IndexStale: when it has another format.
        IndexCorrupt: when it is damaged.
    """
    while True:
        name = current_name(index_folder)
        try:
            return Generation(index_folder, name)
        except IndexCorrupt:
            if current_name(index_folder) == name:
                raise


def switch_to(index_folder: Path, name: str) -> None:
    """Make the generation ``name`` the one that answers, in one atomic step."""
    write_atomically(index_folder / CURRENT, name + "\n")


def prune(index_folder: Path, keep: set[str]) -> None:
    """Remove the generations that are not in ``keep``, and what crashed builds left.

    Readers that still hold one go on: their files stay until they are closed. Where the
    system forbids that (Windows), the files are removed by a later run.
    """
    for folder in (index_folder / GENERATIONS).iterdir():
        if folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)
    day_ago = time.time() - 24 * 3600
    for stray in [*index_folder.glob("models/.export-*"), *index_folder.glob(".CURRENT.*.tmp")]:
        # A younger one may be another process's, at work right now.
        if stray.lstat().st_mtime > day_ago:
            continue
        if stray.is_dir():
            shutil.rmtree(stray, ignore_errors=True)
        else:
            stray.unlink(missing_ok=True)


def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that an index depends on."""
    from importlib.metadata import version

    names = ("sourcebot", "faiss-cpu", "tantivy", "onnxruntime", "tokenizers", "numpy")
    return {"python": sys.version.split()[0], **{name: version(name) for name in names}}
