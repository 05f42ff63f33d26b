"""Articles and what they are made of.

All offsets are half-open and count Unicode code points in ``Article.text``, which is the
whole decoded file, so that every quote can be checked against the file itself.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (pydantic reads the annotations of replies)
from dataclasses import dataclass

from sourcebot.types.locators import Locator  # noqa: TC001 (as above)


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
        path: where the file lies below the sources folder, with forward slashes; unique.
        title: from the front matter, else inferred from the text; never empty.
        publisher: who published it, or "".
        author: who wrote it, or "".
        published: day of publication, or None when it is not known.
        url: where it was published, or "".
        sha256: digest of the file's bytes, in hexadecimal.
        encoding: Python codec that turns the bytes into ``text``.
        text: the whole decoded file, newlines untouched.
        body: the part of ``text`` after front matter and header lines.
        markdown: whether the body is Markdown (else plain text).
        language: its ISO 639 code, stated by the file or detected; "" when it is not known.
    """

    path: str
    title: str
    publisher: str
    author: str
    published: dt.date | None
    url: str
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

    ``article`` is the path of its article; ``gap`` is the white space that parts the paragraph
    from the one before, None when it is the first or when something else stands between.
    ``heading``, ``headings``, ``opening`` and ``table`` as in ``Passage``.
    """

    id: int
    article: str
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


@dataclass(frozen=True, slots=True)
class Source:
    """An article as it is named: what is known of its origin, and how to check it.

    ``path`` is where its file lies below the sources folder; ``encoding`` and ``sha256`` let
    anybody re-read the file as it was indexed. What is not known is "" or None.
    """

    path: str
    title: str
    publisher: str
    author: str
    published: dt.date | None
    url: str
    sha256: str
    encoding: str
    language: str


@dataclass(frozen=True, slots=True)
class Attribution(Source):
    """Where a quote stands: its article, and the place in it.

    ``paragraph`` is the 1-based number of its paragraph; ``locator`` is the page, slide, sheet or
    time of the original, None where it has none. ``foreign`` says that the question was asked in
    another language than the article is in.
    """

    paragraph: int
    locator: Locator | None
    foreign: bool = False
