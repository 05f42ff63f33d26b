"""Generations: whole, immutable indexes under ``embeddings/``, switched atomically.

embeddings/
    CURRENT                    the name of the generation that answers
    generations/NAME/          manifest.json, articles.sqlite, vectors/, lexical/
    models/NAME/               the exported model
    vectors.sqlite             the vector cache
    lock                       held by the process that builds
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sourcebot.articles.version import SPLITTER_VERSION
from sourcebot.errors import REPAIR, IndexCorrupt, IndexNotBuilt, IndexStale, IndexStoreError
from sourcebot.files import LEFTOVER, sha256_of, sync_folder, write_atomically
from sourcebot.index.embedded.lexical import LexicalIndex
from sourcebot.index.embedded.store import ArticleStore
from sourcebot.index.embedded.vectors import VectorIndex
from sourcebot.text.terms import TERMS_VERSION
from sourcebot.types import IndexInfo

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.contract import Ids, Scores
    from sourcebot.index.embedded.vectors import Vectors
    from sourcebot.types import Filters

FORMAT_VERSION = 8
"""Raised whenever the files of a generation change their meaning."""

CURRENT = "CURRENT"
GENERATIONS = "generations"
ARTICLES = "articles.sqlite"
VECTORS = "vectors"
LEXICAL = "lexical"
MANIFEST = "manifest.json"

CHECKED_AT_OPENING = 64 * 1024 * 1024
"""An index of at most so many bytes is read and held against its digests whenever it is opened.

That takes about .1 s a core; a larger one is checked by `sourcebot doctor` and before every build.
"""


@dataclass(frozen=True, slots=True)
class Manifest(IndexInfo):
    """What a generation holds, and the files that hold it.

    ``files`` gives size in bytes and sha256 of each file by its path in the generation;
    ``lexical_gone`` counts removed paragraphs that the lexical index may still count in its
    statistics.
    """

    format: int
    lexical_gone: int
    files: dict[str, tuple[int, str]]

    def write(self, folder: Path) -> None:
        """Write the manifest, with a digest of its own, into a generation's folder."""
        data = asdict(self)
        text = json.dumps({**data, "sha256": _digest(data)}, indent=2)
        write_atomically(folder / MANIFEST, text + "\n")


def _digest(data: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def files_of(folder: Path, before: Generation | None = None) -> dict[str, tuple[int, str]]:
    """Return size and digest of each file of a generation, by its path there.

    Files that are the very same as in ``before`` are not read again.
    """
    known = before.manifest.files if before else {}

    def described(path: Path, name: str) -> tuple[int, str]:
        if before and name in known and path.samefile(before.folder / name):
            size, digest = known[name]
            return size, digest
        return path.stat().st_size, sha256_of(path)

    paths = (
        path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".lock")
    )
    names = {path.relative_to(folder).as_posix(): path for path in sorted(paths)}
    return {name: described(path, name) for name, path in names.items()}


def fingerprint(embedder: Embedder) -> str:
    """Return what makes vectors, offsets and terms comparable."""
    parts = json.dumps([embedder.identity, SPLITTER_VERSION, TERMS_VERSION, FORMAT_VERSION])
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
        raise IndexCorrupt(f"{index_folder / CURRENT} cannot be read: {error}", REPAIR) from error
    if not name or not name.isalnum():
        raise IndexCorrupt(f"{index_folder / CURRENT} names no generation: {name[:40]!r}", REPAIR)
    return name


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of the generation in ``folder``.

    Raises:
        IndexStale: when the generation has another format.
        IndexCorrupt: when it is missing or damaged.
    """
    try:
        data = json.loads((folder / MANIFEST).read_text("utf-8"))
        if data["format"] != FORMAT_VERSION:
            raise IndexStale(
                f"the index has format {data['format']}, this version reads {FORMAT_VERSION}",
                "run `sourcebot index`",
            )
        if data.pop("sha256") != _digest(data):
            raise ValueError("its digest has changed")
        manifest = Manifest(**data)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise IndexCorrupt(f"{folder / MANIFEST} is missing or damaged", REPAIR) from error
    if manifest.name != folder.name:
        raise IndexCorrupt(f"{folder / MANIFEST} belongs to another generation", REPAIR)
    return manifest


def check_digests(folder: Path, manifest: Manifest, names: Iterable[str]) -> None:
    """Read the named files of the generation in ``folder`` and compare their digests.

    Raises:
        IndexCorrupt: when one has changed since it was written.
    """
    for name in names:
        path = folder / name
        try:
            intact = sha256_of(path) == manifest.files[name][1]
        except OSError as error:
            raise IndexCorrupt(f"{path} cannot be read: {error.strerror}", REPAIR) from error
        if not intact:
            raise IndexCorrupt(f"{path} is damaged: its digest has changed", REPAIR)


class Generation:
    """One generation, open for reading."""

    def __init__(self, index_folder: Path, name: str) -> None:
        """Open the generation ``name``.

        Raises:
            IndexStale: when it has another format.
            IndexCorrupt: when a file is missing or damaged.
        """
        self.folder = index_folder / GENERATIONS / name
        self.manifest = read_manifest(self.folder)
        self.check_sizes()
        if sum(size for size, _ in self.manifest.files.values()) <= CHECKED_AT_OPENING:
            self.check_digests()
        self.vectors = VectorIndex(self.folder / VECTORS, self.manifest.dimension)
        self.store = ArticleStore(self.folder / ARTICLES)
        self.lexical = LexicalIndex(self.folder / LEXICAL)
        held = {len(self.vectors), len(self.lexical), self.manifest.paragraphs}
        if len(held) > 1:
            raise IndexCorrupt(f"the parts of {self.folder} do not belong together", REPAIR)

    @property
    def info(self) -> IndexInfo:
        """What it holds and what it was built with."""
        return self.manifest

    def weights(self, question: str) -> dict[str, float]:
        """Return the question's terms, each with what it tells (``terms.term_weight``)."""
        return self.lexical.weights(question)

    def search_dense(self, vector: Vectors, k: int, filters: Filters) -> tuple[Ids, Scores]:
        """Return the ids of the ``k`` nearest paragraphs that a filter allows, and their cosines.

        ``vector`` has shape (dimension,).
        """
        allowed = self._matching(filters)[1] if filters else None
        return self.vectors.search(vector, k, allowed)

    def search_lexical(self, terms: Iterable[str], k: int, filters: Filters) -> tuple[Ids, Scores]:
        """Return the ids of the best ``k`` paragraphs that a filter allows, and their BM25."""
        articles = self._matching(filters)[0] if filters else None
        return self.lexical.search(terms, k, articles)

    def _matching(self, filters: Filters) -> tuple[Ids, Ids]:
        articles, paragraphs = self.store.matching(filters)
        if not len(articles) and len(self.store.articles()) != self.manifest.articles:
            raise IndexCorrupt(f"{self.folder / ARTICLES} is damaged: it lacks articles", REPAIR)
        return articles, paragraphs

    def cosines(self, vector: Vectors, ids: Ids) -> Scores:
        """Return the cosine of ``vector`` with each of the paragraphs ``ids``."""
        return self.vectors.cosines(vector, ids)

    def kept_by(self) -> str:
        """Return "": no server keeps it."""
        return ""

    def check_sizes(self) -> None:
        """Look at every file: reading beyond the end of a mapped one would end the process.

        Raises:
            IndexCorrupt: when a file is missing or not as long as it was written.
        """
        for name, (size, _) in self.manifest.files.items():
            path = self.folder / name
            try:
                found = path.stat().st_size
            except OSError as error:
                raise IndexCorrupt(f"{path} is missing: {error.strerror}", REPAIR) from error
            if found != size:
                raise IndexCorrupt(
                    f"{path} is damaged: {found:,} bytes instead of {size:,}", REPAIR
                )

    def check_digests(self) -> None:
        """Read every file and compare its digest.

        Raises:
            IndexCorrupt: when a file has changed since it was written.
        """
        check_digests(self.folder, self.manifest, self.manifest.files)

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
    sync_folder(index_folder / GENERATIONS)
    write_atomically(index_folder / CURRENT, name + "\n")


def prune(index_folder: Path) -> None:
    """Remove what is no longer needed: old generations, and what crashed builds left.

    Only for the holder of the lock. The generation before the current one stays, for readers
    that are slow to move on; those that still hold an older one go on: its files stay until
    they are closed. Where the system forbids that (Windows), a later run removes them.
    """
    names = {path.name for path in (index_folder / GENERATIONS).iterdir()}
    unfinished = {name for name in names if name.startswith(".")}
    try:
        current = current_name(index_folder)
    except IndexStoreError:
        kept = names - unfinished
    else:
        older = sorted(name for name in names - unfinished if name < current)
        kept = {current, *older[-1:]}
    for name in names - kept:
        shutil.rmtree(index_folder / GENERATIONS / name, ignore_errors=True)
    for stray in index_folder.glob(f".{CURRENT}.*{LEFTOVER}"):
        stray.unlink(missing_ok=True)
