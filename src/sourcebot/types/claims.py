"""What the articles say of a claim, and of words in quotation marks."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 (pydantic reads the annotations)
from dataclasses import dataclass, field
from enum import StrEnum

from sourcebot.types import Attribution, Quote, Span  # noqa: TC001 (pydantic reads the annotations)


class Verdict(StrEnum):
    """What the articles say of a claim; never whether it is true."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    PARTLY = "partly"
    SILENT = "silent"
    UNSURE = "unsure"


class Wording(StrEnum):
    """How words in quotation marks stand in the articles."""

    VERBATIM = "verbatim"
    ALTERED = "altered"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Run:
    """Unbroken text of an article: ``text`` begins at offset ``start`` of it."""

    source: Attribution
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """One difference: words as quoted, and the article's words in their place; either may be ""."""

    quoted: str
    original: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in quotation marks, and where the articles have them.

    Attributes:
        text: the words as quoted, without their marks.
        wording: whether they stand in an article as quoted.
        source: the attribution of ``original``; None when they are not found.
        original: the article's words, verbatim; "" when they are not found.
        span: where these stand in the article, when they are found.
        edits: the differences, in reading order; none when the words are verbatim.
        left_out: what the ellipses of the quotation leave out, verbatim.
        turning: words within what is left out that turn its meaning around, such as "not".
        speaker: the article's words around the original that say who spoke, or "".
    """

    text: str
    wording: Wording
    source: Attribution | None = None
    original: str = ""
    span: Span | None = None
    edits: tuple[Edit, ...] = ()
    left_out: tuple[str, ...] = ()
    turning: tuple[str, ...] = ()
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Stance:
    """A quote that speaks of a claim.

    Attributes:
        quote: the article's words.
        verdict: what they say of the claim: SUPPORTS or CONTRADICTS; UNSURE when the check is.
        probability: what the model gives this window alone, in [0, 1]; not calibrated.
        deciding: the words within the quote that decide, in the article.
    """

    quote: Quote
    verdict: Verdict
    probability: float
    deciding: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a claim that says something of its own."""

    span: Span
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Check:
    """What the articles say of one claim.

    Attributes:
        claim: the claim as given.
        verdict: what they say together.
        probability: calibrated probability in [0, 1] of the most probable verdict.
        scores: the calibrated probability of each verdict besides UNSURE, adding up to 1.
        stances: the quotes behind it, the surest first; at least one unless SILENT or UNSURE.
        parts: the parts of the claim, when the verdict is PARTLY.
        quotations: the texts in quotation marks within the claim.
        reason: why the verdict is UNSURE, in plain words, or "".
    """

    claim: str
    verdict: Verdict
    probability: float
    scores: Mapping[Verdict, float] = field(default_factory=dict)
    stances: tuple[Stance, ...] = ()
    parts: tuple[Part, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    reason: str = ""
