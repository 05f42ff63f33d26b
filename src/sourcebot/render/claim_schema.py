"""The JSON of checked claims (docs/claims.md) as models, for JSON schemas."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sourcebot.render.schema import Model, Offset, QuoteModel, SourceModel, Words

Probability = Annotated[float, Field(ge=0, le=1)]
VerdictName = Literal["supports", "contradicts", "partly", "silent", "unsure"]


class StanceModel(QuoteModel):
    """A quote that speaks of a claim; ``deciding`` are the values in it that decide."""

    verdict: VerdictName
    deciding: tuple[Words, ...]


class PartModel(Model):
    """A part of a claim that is supported in part."""

    text: str
    start: Offset
    end: Offset
    verdict: VerdictName


class EditModel(Model):
    """One difference between a quotation and the article; either side may be empty."""

    quoted: str
    original: str


class QuotationModel(Model):
    """Words in quotation marks, and how they stand in the articles."""

    text: str
    wording: Literal["verbatim", "altered", "not_found"]
    original: str | None
    start: Offset | None
    end: Offset | None
    edits: tuple[EditModel, ...]
    left_out: tuple[str, ...]
    turning: tuple[str, ...]
    speaker: str | None
    source: SourceModel | None


class CheckModel(Model):
    """What the articles say of a claim; never whether it is true."""

    claim: str
    verdict: VerdictName
    probability: Annotated[
        Probability, Field(description="Calibrated, of the most probable verdict")
    ]
    scores: dict[str, Probability]
    message: Annotated[str, Field(description="The verdict in a sentence")]
    reason: Annotated[str | None, Field(description="Why the verdict is unsure")]
    quotes: tuple[StanceModel, ...]
    parts: tuple[PartModel, ...]
    quotations: tuple[QuotationModel, ...]
