"""What is found for a question, and the reply: frozen values, in the order they are made in."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 (pydantic reads the annotations of replies)
from dataclasses import dataclass, field
from enum import StrEnum

from sourcebot.types.answer_type import AnswerType  # noqa: TC001 (as above)
from sourcebot.types.articles import (  # noqa: TC001 (as above)
    Attribution,
    Cell,
    Excerpt,
    Paragraph,
    Span,
)


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
    source: Attribution
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
        language: the ISO 639 code of the question's language, where it was told apart; else "".
        across: whether the vectors compare texts of different languages.
    """

    question: str
    weights: Mapping[str, float]
    evidence: tuple[Evidence, ...]
    language: str = ""
    across: bool = False

    def wordless(self, evidence: Evidence) -> bool:
        """Return whether meaning alone can tell of a paragraph: it is in another language."""
        there = evidence.source.language
        return self.across and bool(self.language) and there not in {"", self.language}


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
        paragraph_id: the index's number of the paragraph, in its generation.
        paragraph: the whole paragraph around the sentence that answers, verbatim.
        paragraph_span: where that paragraph stands in the article.
        also: further articles that carry the same words (syndicated copies).
        hits: the ranks and raw scores of the paragraph in each retriever.
        features: the raw scores behind the probability, by name.
        headings: the headings above it, verbatim, the outermost first.
        opening: the sentence that opens the list or table that they are from, where it is not
            among them.
        cells: the cells of the table's row that they are, each with its header.
    """

    text: str
    span: Span
    source: Attribution
    probability: float
    words: Span
    paragraph_id: int
    paragraph: str
    paragraph_span: Span
    also: tuple[Attribution, ...] = ()
    hits: tuple[Hit, ...] = ()
    features: Mapping[str, float] = field(default_factory=dict)
    headings: tuple[Excerpt, ...] = ()
    opening: Excerpt | None = None
    cells: tuple[Cell, ...] = ()


class Relation(StrEnum):
    """How the values of a conflict stand to each other."""

    CONTRADICTION = "contradiction"
    LATER = "later"
    """They are of different days: the later one may have replaced the earlier."""
    OTHER_SUBJECT = "other_subject"
    """They are of different things of one name."""


@dataclass(frozen=True, slots=True)
class ValueGroup:
    """The quotes that give one value, verbatim, the surest first; copies count once.

    ``value`` is how the first of them words it.
    """

    value: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """At least two values that sources give for one question; none is picked."""

    relation: Relation
    groups: tuple[ValueGroup, ...]


class AbstentionReason(StrEnum):
    """Why there is no answer.

    NOT_STATED: the articles are on the topic, and no quote is likely to answer. UNSURE: one may,
    but is not sure enough. UNCLEAR: the question refers to nothing known.
    """

    NOTHING_INDEXED = "nothing_indexed"
    NOTHING_RELEVANT = "nothing_relevant"
    NOT_STATED = "not_stated"
    UNSURE = "unsure"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Answer:
    """At least one quote that answers, the best first.

    Attributes:
        question: the question as asked.
        quotes: what answers, the best first.
        confidence: the probability that the best of them answers.
        meant: what a question that follows others was taken to mean, written out; "" where it was
            taken as it stands.
        conflict: the values that sources give, where they differ.
        later: what articles say that were published after the day as of which is asked.
        parts: the replies to the questions that stand in one, when there are several; the quotes
            are then the best of each first, and the confidence that of the least sure part which is
            answered.
    """

    question: str
    quotes: tuple[Quote, ...]
    confidence: float
    meant: str = ""
    conflict: Conflict | None = None
    parts: tuple[Reply, ...] = ()
    later: tuple[Quote, ...] = ()

    @property
    def open(self) -> tuple[str, ...]:
        """The questions in this one that are not answered, each written out."""
        return tuple(p.meant or p.question for p in self.parts if isinstance(p, Abstention))


@dataclass(frozen=True, slots=True)
class Abstention:
    """The articles do not answer.

    Attributes:
        question: the question as asked.
        reason: why there is no answer.
        nearest: the closest quotes, none of which is sure to answer.
        confidence: the probability that the best of them answers; under the threshold.
        missing: the kind of fact that is asked for and not stated, when it is known.
        covered: the articles that are about the question's subject, the closest first, each
            with the paragraph that is; only when the reason is that it is not stated.
        meant: what a question that follows others was taken to mean; "" as it stands.
        unclear: the word that refers to nothing known, such as "it", when the question is unclear.
        options: what it may stand for, when there are several.
        parts: the replies to the questions that stand in one, when there are several.
        later: what articles say that were published after the day as of which is asked.
        unread: the ISO 639 code of a language that the question or the closest quotes are in, and
            that the readers in use do not read; else "".
    """

    question: str
    reason: AbstentionReason
    nearest: tuple[Quote, ...]
    confidence: float
    missing: AnswerType | None = None
    covered: tuple[Attribution, ...] = ()
    meant: str = ""
    unclear: str = ""
    options: tuple[str, ...] = ()
    parts: tuple[Reply, ...] = ()
    later: tuple[Quote, ...] = ()
    unread: str = ""


Reply = Answer | Abstention
