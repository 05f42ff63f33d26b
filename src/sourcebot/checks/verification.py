"""Proof that what was quoted stands in the sources: of a whole index, or of one answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sourcebot.articles.decoding import CODECS
from sourcebot.articles.files import list_sources
from sourcebot.errors import VerificationError
from sourcebot.types import Checked, Progress, Proof, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcebot.index.contract import Articles
    from sourcebot.types import IndexedArticle, Paragraph


_MAX_BYTES = 64 * 1024 * 1024
_HINT = "it must be what `sourcebot ask --json` printed"


@dataclass(frozen=True)
class QuotedSource:
    """The attribution of a quote in an answer's JSON."""

    file: str
    encoding: str
    sha256: str


@dataclass(frozen=True)
class QuotedText:
    """A quote in an answer's JSON."""

    text: str
    start: int
    end: int
    source: QuotedSource


@dataclass(frozen=True)
class GivenAnswer:
    """What an answer's JSON must hold to be checked."""

    question: str
    quotes: tuple[QuotedText, ...]
    nearest: tuple[QuotedText, ...] = ()


class Sources:
    """The source files as they are now, each read when it is asked for."""

    def __init__(self, folder: Path) -> None:
        """List the files of ``folder``.

        Raises:
            ConfigError: when there is no such folder.
        """
        self._paths = {file.id: Path(file.path) for file in list_sources(folder).files}

    def bytes_of(self, name: str) -> bytes | None:
        """Return what a file holds, or None when it is none of the sources (any more)."""
        path = self._paths.get(name)
        try:
            return path.read_bytes() if path else None
        except OSError:
            return None


def verify_index(store: Articles, sources: Sources, progress: Progress) -> Proof:
    """Hold every sentence of an index against the bytes of its file.

    Raises:
        IndexCorrupt: when the index itself is damaged.
    """
    articles = store.articles()
    found: list[Checked] = []
    proven = sentences = 0
    for done, article in enumerate(articles):
        progress("Verifying", done, len(articles))
        verdict, detail, count = _verify_article(article, store, sources)
        sentences += count
        if verdict is Verdict.PROVEN:
            proven += 1
        else:
            found.append(Checked(article.source.path, verdict, detail=detail))
    progress("Verifying", len(articles), len(articles))
    return Proof(proven, sentences, tuple(found))


def _verify_article(
    article: IndexedArticle, store: Articles, sources: Sources
) -> tuple[Verdict, str, int]:
    """Return the verdict, its detail, and how many sentences are proven."""
    data = sources.bytes_of(article.source.path)
    if data is None:
        return Verdict.GONE, "", 0
    if hashlib.sha256(data).hexdigest() != article.source.sha256:
        return Verdict.NOT_THERE, "it has changed since it was indexed", 0
    text = data.decode(article.source.encoding, "replace")
    count = 0
    for paragraph in store.paragraphs_of(article.row):
        if wrong := next(_misplaced(paragraph, text), None):
            return Verdict.FALSE, wrong, 0
        count += len(paragraph.sentences)
    return Verdict.PROVEN, "", count


def _misplaced(paragraph: Paragraph, text: str) -> Iterator[str]:
    """Yield what of a paragraph does not stand in its file where the index says."""
    if paragraph.span.of(text) != paragraph.text:
        yield f"paragraph {paragraph.ordinal} does not stand at its offsets"
    header = paragraph.table.header if paragraph.table else ()
    opening = (paragraph.opening,) if paragraph.opening else ()
    if any(e.span.of(text) != e.text for e in (*paragraph.headings, *opening, *header)):
        yield f"what stands above paragraph {paragraph.ordinal} is not at its offsets"
    end = paragraph.span.start
    for sentence in paragraph.sentences:
        inside = end <= sentence.start < sentence.end <= paragraph.span.end
        if not inside or sentence.of(text) != paragraph.sentence_text(sentence):
            yield f"a sentence of paragraph {paragraph.ordinal} does not stand at its offsets"
        end = sentence.end


def read_answer(data: bytes, name: str) -> GivenAnswer:
    """Return the answer in the JSON that ``sourcebot ask --json`` printed.

    Raises:
        VerificationError: when it is none.
    """
    from pydantic import TypeAdapter, ValidationError

    if len(data) > _MAX_BYTES:
        raise VerificationError(f"{name} is larger than 64 MB", _HINT)
    try:
        return TypeAdapter(GivenAnswer).validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise VerificationError(
            f"{name} is not an answer: {where}: {first['msg'].lower()}", _HINT
        ) from error


def verify_answer(answer: GivenAnswer, sources: Sources) -> tuple[Checked, ...]:
    """Hold every quote of an answer given earlier against the sources as they are now."""
    return tuple(
        Checked(quote.source.file, _verify_quote(quote, sources), quote.text)
        for quote in (*answer.quotes, *answer.nearest)
    )


def _verify_quote(quote: QuotedText, sources: Sources) -> Verdict:
    data = sources.bytes_of(quote.source.file)
    if data is None:
        return Verdict.GONE
    changed = hashlib.sha256(data).hexdigest() != quote.source.sha256
    if not quote.text or quote.source.encoding not in CODECS:
        return Verdict.FALSE
    text = data.decode(quote.source.encoding, "replace")
    if changed:
        return Verdict.STILL_THERE if quote.text in text else Verdict.NOT_THERE
    # Python counts a negative start from the end.
    stands = quote.start >= 0 and text[quote.start : quote.end] == quote.text
    return Verdict.PROVEN if stands else Verdict.FALSE
