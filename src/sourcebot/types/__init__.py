"""The frozen values that pass between the stages of sourcebot.

All offsets are half-open and count Unicode code points in ``Article.text``, which is the
whole decoded file, so that every quote can be checked against the file itself.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (as below)
from collections.abc import Mapping  # noqa: TC003 (pydantic reads the annotations of replies)
from dataclasses import dataclass, field
from enum import StrEnum

from sourcebot.types.answer_type import AnswerType  # noqa: TC001 (as below)
from sourcebot.types.locators import Locator  # noqa: TC001 (as below)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range ``[start, end)`` of code points in an article's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse a range that no text can have.

        Raises:
            ValueError: if ``start`` is negative or ``end`` lies before ``start``.
        """
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        """Return the number of code points covered."""
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the part of ``text`` that the span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of an article with their place: ``span.of(article.text) == text``."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Table:
    """What the rows of a table are read with.

    ``divider`` parts the cells of a row: "|" or a tab. ``header`` are the cells of the header, in
    order, empty ones included; none when the table has no header.
    """

    divider: str
    header: tuple[Excerpt, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table's row, with the cell of the header above it, if any."""

    value: Excerpt
    header: Excerpt | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One source file, decoded, with what is known of its origin.

    Attributes:
        id: path below the sources folder, with forward slashes; unique.
        title: from the front matter, else inferred from the text; never empty.
        publisher: who published it, or "".
        author: who wrote it, or "".
        published: day of publication, or None when it is not known.
        url: where it was published, or "".
        path: same as ``id``; where the file lies below the sources folder.
        sha256: digest of the file's bytes, in hexadecimal.
        encoding: Python codec that turns the bytes into ``text``.
        text: the whole decoded file, newlines untouched.
        body: the part of ``text`` after front matter and header lines.
        markdown: whether the body is Markdown (else plain text).
        language: its ISO 639 code, stated by the file or detected; "" when it is not known.
    """

    id: str
    title: str
    publisher: str
    author: str
    published: dt.date | None
    url: str
    path: str
    sha256: str
    encoding: str
    text: str
    body: Span
    markdown: bool
    language: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph as the segmenter finds it, before the index gives it an id.

    Attributes:
        ordinal: 1-based number of the paragraph in its article; the parts of an
            overlong paragraph share one number.
        heading: the words of the headings above it, without markup, as they are searched; or "".
        span: where it stands in the article.
        sentences: where its sentences stand in the article; ordered and disjoint.
        locator: page, slide, sheet or time of the original at which it begins, or None.
        headings: the headings above it, verbatim, the outermost first.
        opening: the sentence that opens the list or table that it holds, or None.
        table: what its rows are read with, when it is a table: each sentence is a row.
    """

    ordinal: int
    heading: str
    span: Span
    sentences: tuple[Span, ...]
    locator: Locator | None = None
    headings: tuple[Excerpt, ...] = ()
    opening: Excerpt | None = None
    table: Table | None = None

    @property
    def searched(self) -> str:
        """What it is searched with besides its text and title: headings, opening, header."""
        cells = self.table.header if self.table else ()
        header = ", ".join(cell.text for cell in cells if cell.text)
        opening = self.opening.text.rstrip(":") if self.opening else ""
        inside = self.opening and self.span.start <= self.opening.span.start
        return " – ".join(filter(None, (self.heading, "" if inside else opening, header)))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """An indexed paragraph; ``text`` equals ``span.of(article.text)``.

    ``gap`` is the white space that parts it from the paragraph before; None when it is the
    first, or when something else stands between. ``heading``, ``headings``, ``opening`` and
    ``table`` as in ``Passage``.
    """

    id: int
    article_id: str
    ordinal: int
    heading: str
    span: Span
    text: str
    sentences: tuple[Span, ...]
    gap: str | None = None
    headings: tuple[Excerpt, ...] = ()
    opening: Excerpt | None = None
    table: Table | None = None

    def sentence_text(self, sentence: Span) -> str:
        """Return the text of one of this paragraph's sentences."""
        return self.text[sentence.start - self.span.start : sentence.end - self.span.start]


class Retriever(StrEnum):
    """Which index found a paragraph."""

    DENSE = "dense"
    LEXICAL = "lexical"


@dataclass(frozen=True, slots=True)
class Hit:
    """A paragraph found by one retriever.

    ``score`` is the retriever's raw score (cosine or BM25), comparable between questions
    for the cosine only; ``rank`` is 1-based.
    """

    paragraph_id: int
    rank: int
    score: float
    retriever: Retriever


@dataclass(frozen=True, slots=True)
class Source:
    """Attribution: where a quote comes from and how to check it.

    ``encoding`` and ``sha256`` let anybody re-read the file as it was indexed; ``locator``
    is the page, slide, sheet or time of the original, where it has such.
    """

    article_id: str
    title: str
    publisher: str
    author: str
    published: dt.date | None
    url: str
    path: str
    sha256: str
    encoding: str
    paragraph: int
    locator: Locator | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A retrieved paragraph with its attribution and the hits that explain its rank.

    Attributes:
        paragraph: what was found.
        source: its attribution.
        score: the fused score, which orders the evidence of one question and says nothing
            of whether the question is covered.
        cosine: raw cosine of question and paragraph in [-1, 1].
        bm25: raw BM25 score, 0 when the lexical index did not bring the paragraph.
        hits: the ranks in the retrievers that brought it.
    """

    paragraph: Paragraph
    source: Source
    score: float
    cosine: float
    bm25: float
    hits: tuple[Hit, ...]

    @property
    def headings(self) -> tuple[Excerpt, ...]:
        """The headings above the paragraph, verbatim, the outermost first."""
        return self.paragraph.headings


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was found for one question.

    Attributes:
        question: the question as asked.
        weights: the question's terms (stemmed), each with what it tells (``term_weight``).
        evidence: the paragraphs, best first.
    """

    question: str
    weights: Mapping[str, float]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence of the evidence, judged by the reader.

    Attributes:
        evidence: the paragraph that it stands in.
        span: the sentence, in the article.
        probability: calibrated probability in [0, 1] that it answers the question.
        covered: share of the question's term weight in its paragraph, title and headings.
        features: the raw scores behind the probability, by name.
        words: the words of the sentence that answer, in the article.
    """

    evidence: Evidence
    span: Span
    probability: float
    covered: float
    features: Mapping[str, float]
    words: Span

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.evidence.paragraph.sentence_text(self.span)


@dataclass(frozen=True, slots=True)
class Quote:
    """Verbatim words of an article: ``span.of(article.text) == text``.

    They are the sentence that answers, with what leads up to it where it cannot be
    understood alone; that may begin in a paragraph before.

    Attributes:
        text: the words.
        span: where they stand in the article.
        source: the attribution.
        probability: calibrated probability in [0, 1] that they answer the question.
        words: the words within them that answer, in the article.
        also: further articles that carry the same words (syndicated copies).
        hits: the ranks and raw scores of the paragraph in each retriever.
        features: the raw scores behind the probability, by name.
        paragraph_id: the index's number of the paragraph, in its generation.
        paragraph: the whole paragraph around the sentence that answers, verbatim.
        paragraph_span: where that paragraph stands in the article.
        headings: the headings above it, verbatim, the outermost first.
        opening: the sentence that opens the list or table that they are from, where it is not
            among them.
        cells: the cells of the table's row that they are, each with its header.
    """

    text: str
    span: Span
    source: Source
    probability: float
    words: Span
    also: tuple[Source, ...] = ()
    hits: tuple[Hit, ...] = ()
    features: Mapping[str, float] = field(default_factory=dict)
    paragraph_id: int = 0
    paragraph: str = ""
    paragraph_span: Span = Span(0, 0)
    headings: tuple[Excerpt, ...] = ()
    opening: Excerpt | None = None
    cells: tuple[Cell, ...] = ()


class AbstentionReason(StrEnum):
    """Why there is no answer."""

    NOTHING_INDEXED = "nothing_indexed"
    NOTHING_RELEVANT = "nothing_relevant"
    NOT_STATED = "not_stated"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Answer:
    """At least one quote that answers, the best first.

    ``meant`` is what a question that follows others was taken to mean, written out; "" where
    it was taken as it stands.
    """

    question: str
    quotes: tuple[Quote, ...]
    confidence: float
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Abstention:
    """The articles do not answer.

    Attributes:
        question: the question as asked.
        reason: why there is no answer.
        nearest: the closest quotes, which do not answer.
        confidence: the probability that the best of them answers; under the threshold.
        missing: the kind of fact that is asked for and not stated, when it is known.
        covered: the articles that are about the question's subject, the closest first, each
            with the paragraph that is; only when the reason is that it is not stated.
        meant: what a question that follows others was taken to mean; "" as it stands.
        unclear: the word that refers to nothing known, such as "it", when the question is unclear.
        options: what it may stand for, when there are several.
    """

    question: str
    reason: AbstentionReason
    nearest: tuple[Quote, ...]
    confidence: float
    missing: AnswerType | None = None
    covered: tuple[Source, ...] = ()
    meant: str = ""
    unclear: str = ""
    options: tuple[str, ...] = ()


Reply = Answer | Abstention


@dataclass(frozen=True, slots=True)
class Scope:
    """The articles that a place (such as a Discord server) answers from; empty: all.

    Attributes:
        sources: shell patterns or parts of paths or titles; any one must match.
        publishers: parts of publishers' names; any one must match.
    """

    sources: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything is left out."""
        return bool(self.sources or self.publishers)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may be quoted; an empty filter allows all.

    Attributes:
        source: shell pattern or part of the path or title, compared without case.
        publisher: part of the publisher's name, compared without case.
        since: first day of publication allowed; articles without a date are left out.
        until: last day of publication allowed; articles without a date are left out.
        scope: what the place allows, whatever is asked for.
    """

    source: str = ""
    publisher: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    scope: Scope = Scope()

    def __bool__(self) -> bool:
        """Return whether anything is filtered."""
        return bool(self.source or self.publisher or self.since or self.until or self.scope)
