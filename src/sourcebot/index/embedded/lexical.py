"""The lexical index: BM25 over paragraphs and titles, by tantivy."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import tantivy

from sourcebot.errors import REPAIR, IndexCorrupt, IndexStoreError
from sourcebot.files import link_or_copy
from sourcebot.text.languages import STEMMERS
from sourcebot.text.terms import (
    ANALYZER,
    MOST_SEARCHED,
    TITLE_BOOST,
    cut_terms,
    stemmed,
    term_weight,
    terms_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy.typing as npt

_HEAP = 128_000_000


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("paragraph", stored=False, indexed=True, fast=True)
    builder.add_unsigned_field("article", stored=False, indexed=True, fast=True)
    builder.add_text_field("body", tokenizer_name=ANALYZER, index_option="freq")
    builder.add_text_field("language", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", tokenizer_name=ANALYZER, index_option="freq")
    return builder.build()


class LexicalIndex:
    """One generation's lexical index, open for searching; thread-safe."""

    def __init__(self, folder: Path) -> None:
        """Open the index in ``folder``.

        Raises:
            IndexCorrupt: when it is missing or damaged.
            IndexStoreError: when it is read-only and so is the folder for temporary files.
        """
        self._folder = folder
        if not os.access(folder, os.W_OK):
            folder = self._linked(folder)
        with self._mapped_errors():
            self._schema = _schema()
            index = tantivy.Index(self._schema, path=str(folder))
            index.register_tokenizer(ANALYZER, cut_terms())
            index.config_reader(reload_policy="manual")
            self._searcher = index.searcher()
            held = (code for code in STEMMERS if self._searcher.doc_freq("language", code))
            self._languages = ("", *held)

    @contextmanager
    def _mapped_errors(self) -> Iterator[None]:
        try:
            yield
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as error:  # a panic of tantivy is no Exception
            raise IndexCorrupt(f"{self._folder} is damaged: {error}", REPAIR) from error

    def _linked(self, folder: Path) -> Path:
        """Return a folder to open instead: tantivy takes a lock file even for reading."""
        try:
            self._kept = tempfile.TemporaryDirectory(prefix="sourcebot-")
            link = shutil.copy2 if os.name == "nt" else os.symlink
            for path in folder.absolute().iterdir():
                if path.suffix != ".lock":
                    link(path, Path(self._kept.name) / path.name)
        except OSError as error:
            raise IndexStoreError(
                f"{folder} is read-only, and there is no room for a few links in "
                f"{tempfile.gettempdir()}: {error.strerror}",
                "make one of them writable",
            ) from error
        return Path(self._kept.name)

    def __len__(self) -> int:
        """Return the number of paragraphs."""
        return self._searcher.num_docs

    def weights(self, question: str) -> dict[str, float]:
        """Return the question's terms, each with what it tells (``term_weight``)."""
        count = len(self)
        found: dict[str, float] = {}
        terms = (term for code in self._languages for term in terms_of(question, code))
        for term in dict.fromkeys(terms):
            with self._mapped_errors():
                found[term] = term_weight(count, self._searcher.doc_freq("body", term))
        return found

    def search(
        self, terms: Iterable[str], k: int, articles: npt.NDArray[np.int64] | None = None
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """Return the ids of the best ``k`` paragraphs and their BM25 scores, best first.

        ``articles`` holds the row ids of the articles that may be found; None allows all.

        Raises:
            IndexCorrupt: when a file of the index is damaged.
        """
        query = self._query(list(terms)[:MOST_SEARCHED], articles)
        with self._mapped_errors():
            hits = self._searcher.search(query, k, count=False).hits
            ids = self._searcher.fast_field_values("paragraph", [address for _, address in hits])
            # Damage may give a hit that is no paragraph: None, which becomes no number.
            found = np.array(ids, np.int64)
        return found, np.array([score for score, _ in hits], np.float32)

    def _query(self, terms: Sequence[str], articles: npt.NDArray[np.int64] | None) -> tantivy.Query:
        query, schema = tantivy.Query, self._schema
        words = []
        for term in terms:
            title = query.term_query(schema, "title", term, index_option="freq")
            words += [
                query.term_query(schema, "body", term, index_option="freq"),
                query.boost_query(title, TITLE_BOOST),
            ]
        anyword = query.boolean_query([(tantivy.Occur.Should, word) for word in words])
        if articles is None:
            return anyword
        allowed = query.term_set_query(schema, "article", articles.tolist())
        must = tantivy.Occur.Must
        return query.boolean_query([(must, anyword), (must, query.const_score_query(allowed, 0.0))])


def copy_lexical(source: Path, folder: Path) -> None:
    """Start an index in ``folder`` from another one, whose files are linked: tantivy changes none.

    Raises:
        OSError: when it cannot be written.
    """
    folder.mkdir()
    for path in source.iterdir():
        if path.suffix != ".lock":
            link_or_copy(path, folder / path.name)


def add_to_lexical(
    folder: Path,
    added: Iterable[tuple[int, int, str, str, str]],
    removed: Iterable[int] = (),
) -> None:
    """Add paragraphs to the index in ``folder``, made when there is none, and remove others.

    ``added`` gives (paragraph id, article row id, text, title, language), ``removed`` ids. tantivy
    counts removed paragraphs in its statistics for an indefinite time.

    Raises:
        IndexStoreError: when it cannot be written.
    """
    folder.mkdir(exist_ok=True)
    try:
        index = tantivy.Index(_schema(), path=str(folder))
        index.register_tokenizer(ANALYZER, cut_terms())
        # One thread gives one segment, the same for the same input.
        writer = index.writer(heap_size=_HEAP, num_threads=1)
        if gone := list(removed):
            # By a query: a deletion by term takes these numbers for signed ones and finds none.
            writer.delete_documents_by_query(
                tantivy.Query.term_set_query(_schema(), "paragraph", gone)
            )
        for paragraph, article, text, title, language in added:
            document = tantivy.Document(
                body=" ".join(terms_of(text, language)), title=" ".join(terms_of(title, language))
            )
            document.add_text("language", stemmed(language))
            document.add_unsigned("paragraph", paragraph)
            document.add_unsigned("article", article)
            writer.add_document(document)
        writer.commit()
        writer.garbage_collect_files()
        writer.wait_merging_threads()
        for path in folder.iterdir():
            path.chmod(0o644)  # tantivy keeps its lists to their owner
    except (ValueError, OSError) as error:
        raise IndexStoreError(f"the lexical index cannot be written: {error}") from error
