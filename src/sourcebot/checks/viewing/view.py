"""Reading the articles of a project, each only by whoever may: one filter with retrieval."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from sourcebot.articles.files import MAX_BYTES, SUFFIXES, parse_article
from sourcebot.checks.viewing.kept import Kept, kept_of, read_kept
from sourcebot.checks.viewing.pictures import Picture, Pictures
from sourcebot.checks.viewing.standing import Standing, Stands, digest_of, standing_of
from sourcebot.errors import ArticleError, NotFound
from sourcebot.render.blocks import Block, Kind, Piece, article_blocks
from sourcebot.render.markup import is_markdown
from sourcebot.types import Filters, Scope, Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sourcebot.config.settings import Config
    from sourcebot.index.contract import Snapshot
    from sourcebot.types import IndexedArticle

ALL = Scope()
_PARSED = 16


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article to read.

    Attributes:
        source: its attribution, as indexed.
        blocks: its text, laid out.
        text: the whole decoded file, which offsets count in; "" when there is no file.
        sha256: digest of the bytes that it was laid out from.
        changed: whether the file is no longer as it was indexed.
        copies: other articles that carry largely the same text.
        kept: originals and earlier versions, the newest first.
    """

    source: Source
    blocks: tuple[Block, ...]
    text: str
    sha256: str
    changed: bool
    copies: tuple[Source, ...]
    kept: tuple[Kept, ...]

    @property
    def outline(self) -> tuple[Block, ...]:
        """The headings, in reading order."""
        return tuple(block for block in self.blocks if block.kind is Kind.HEADING)


@dataclass(frozen=True, slots=True)
class _Catalogue:
    generation: str
    articles: tuple[IndexedArticle, ...]
    by_id: dict[str, IndexedArticle]
    copies: dict[str, tuple[Source, ...]]


class Viewing:
    """Articles, what is kept of them, and pictures of their pages; thread-safe."""

    def __init__(
        self, config: Config, reading: Callable[[], AbstractContextManager[Snapshot]]
    ) -> None:
        """Take the settings, and what gives the newest state of the index."""
        self._config = config
        self._reading = reading
        self._lock = threading.Lock()
        self._known: _Catalogue | None = None
        self._pictures = Pictures()

    def close(self) -> None:
        """End the process that draws pages."""
        self._pictures.close()

    def articles(self, filters: Filters) -> tuple[IndexedArticle, ...]:
        """Return the indexed articles that the filters allow, sorted by path.

        Raises:
            IndexStoreError: when the index is missing, damaged or stale.
        """
        return tuple(a for a in self._catalogue().articles if filters.allow(a.source))

    def source(self, article: str, scope: Scope = ALL) -> Source:
        """Return the attribution of an article.

        Raises:
            NotFound: when there is none of that name within the scope.
            IndexStoreError: when the index is missing, damaged or stale.
        """
        return self._found(article, scope).source

    def article(self, article: str, scope: Scope = ALL) -> ArticleView:
        """Return an article as its file is now, or as it was indexed where there is no file.

        Raises:
            NotFound: when there is none of that name within the scope.
            IndexStoreError: when the index is missing, damaged or stale.
        """
        found = self._found(article, scope)
        source = found.source
        data = self._bytes(source)
        text, sha256 = "", source.sha256
        try:
            if data is None:
                raise ArticleError(source.path, "there is no file")
            blocks, text = _laid_out(source.path, data)
            sha256 = digest_of(data)
        except ArticleError:
            blocks = self._indexed_blocks(found)
        copies = self._catalogue().copies.get(article, ())
        return ArticleView(
            source,
            blocks,
            text,
            sha256,
            sha256 != source.sha256,
            tuple(copy for copy in copies if scope.allows(copy)),
            kept_of(self._config.originals_folder, source.path),
        )

    def text_of(self, article: str, scope: Scope = ALL) -> bytes:
        """Return the bytes of an article's file.

        Raises:
            NotFound: when there is none of that name within the scope, or its file has gone.
            IndexStoreError: when the index is missing, damaged or stale.
        """
        data = self._bytes(self.source(article, scope))
        if data is None:
            raise NotFound(f"the file of {article} is not there", "it may have been removed")
        return data

    def kept(self, article: str, name: str, scope: Scope = ALL) -> bytes:
        """Return what a kept file of an article holds.

        Raises:
            NotFound: when there is none of that name within the scope.
            IndexStoreError: when the index is missing, damaged or stale.
        """
        source = self.source(article, scope)
        return read_kept(self._config.originals_folder, source.path, name)

    def picture(self, article: str, page: str, words: str, scope: Scope = ALL) -> Picture:
        """Return the picture of a page of an article's original, with ``words`` boxed.

        Raises:
            NotFound: when there is no such article within the scope, or no such page.
            ExtractionError: when the page cannot be drawn.
            IndexStoreError: when the index is missing, damaged or stale.
        """
        source = self.source(article, scope)
        archive = self._config.originals_folder
        names = [k.name for k in kept_of(archive, source.path) if k.name.endswith(".pdf")]
        if not names:
            raise NotFound(f"no PDF is kept of {article}", "its text can be read")
        return self._pictures.draw(read_kept(archive, source.path, names[0]), page, words)

    @staticmethod
    def allows(source: Source, scope: Scope) -> bool:
        """Return whether a source lies within a scope, be it still there or not."""
        return scope.allows(source)

    def standing(self, source: Source, text: str, start: int, scope: Scope = ALL) -> Stands:
        """Return what became of a quote that was given earlier; out of scope it looks gone.

        Only the path and the encoding of ``source`` are believed, as it may be anybody's claim.

        Raises:
            IndexStoreError: when the index is missing, damaged or stale.
        """
        known = self._catalogue().by_id.get(source.path)
        if not (scope.allows(known.source) if known else not scope and _is_article(source.path)):
            return Stands(Standing.GONE)
        return standing_of(text, start, source.encoding, self._bytes(source))

    def _found(self, article: str, scope: Scope) -> IndexedArticle:
        found = self._catalogue().by_id.get(article)
        if found is None or not scope.allows(found.source):
            raise NotFound(f"there is no article {article!r}", "the list of articles names all")
        return found

    def _catalogue(self) -> _Catalogue:
        with self._reading() as snapshot:
            generation = snapshot.info.name
            known = self._known
            if known is None or known.generation != generation:
                articles = snapshot.store.articles()
                by_id = {a.source.path: a for a in articles}
                copies: dict[str, tuple[Source, ...]] = {}
                for story in snapshot.store.stories():
                    for copy in story:
                        others = (c.source for c in story if c.source.path != copy.source.path)
                        copies[copy.source.path] = tuple(others)
                known = _Catalogue(generation, articles, by_id, copies)
                with self._lock:
                    self._known = known
        return known

    def _bytes(self, source: Source) -> bytes | None:
        """Return what an article's file holds; None when it is not one of the sources any more."""
        root = self._config.sources_folder
        path = root / source.path
        try:
            inside = path.resolve().is_relative_to(root.resolve())
            if not inside or not path.is_file() or path.stat().st_size > MAX_BYTES:
                return None
            return path.read_bytes()
        except (OSError, ValueError, RuntimeError):
            return None

    def _indexed_blocks(self, article: IndexedArticle) -> tuple[Block, ...]:
        with self._reading() as snapshot:
            paragraphs = snapshot.store.paragraphs_of(article.row)
        markdown = is_markdown(article.source.path)
        return tuple(
            Block(Kind.PARAGRAPH, p.span, (Piece(p.text, p.span),), markdown=markdown)
            for p in paragraphs
        )


def _is_article(name: str) -> bool:
    """Return whether a file of this name could be an article: it is read, and not hidden."""
    parts = PurePosixPath(name).parts
    return PurePosixPath(name).suffix.lower() in SUFFIXES and not any(p[0] == "." for p in parts)


@lru_cache(_PARSED)
def _laid_out(name: str, data: bytes) -> tuple[tuple[Block, ...], str]:
    """Return the blocks of an article and its text; the last few are remembered.

    Raises:
        ArticleError: when the bytes hold no usable text.
    """
    article, _ = parse_article(name, data)
    return article_blocks(article), article.text
