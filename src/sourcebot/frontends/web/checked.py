"""Checked claims -> what the templates show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcebot.frontends.web.quotes import quote_view, span_of
from sourcebot.frontends.web.views import Place, article_href, source_view
from sourcebot.render.claim_schema import CheckModel
from sourcebot.render.claims import check_to_dict
from sourcebot.render.wording import percent
from sourcebot.text.display import one_line
from sourcebot.types import Span
from sourcebot.types.claims import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.frontends.web.words import Words
    from sourcebot.render.claim_schema import EditModel, QuotationModel
    from sourcebot.types.claims import Check

_SURE = {"supports", "contradicts", "partly"}
"""Verdicts that are told with their probability."""


def counted_verdicts(checks: Sequence[Check], words: Words) -> list[dict[str, Any]]:
    """Return how many claims got each verdict, and the number of the first; none left out."""
    found = []
    for verdict in Verdict:
        numbers = [n for n, check in enumerate(checks, start=1) if check.verdict is verdict]
        if numbers:
            name = words.verdict_names[verdict.value]
            found.append(
                {"verdict": verdict.value, "name": name, "count": len(numbers), "first": numbers[0]}
            )
    return found


def check_view(check: Check, words: Words) -> dict[str, Any]:
    """Return what the articles say of a claim, with the words that decide marked."""
    model = CheckModel.model_validate(check_to_dict(check))
    doubt = words.doubt(model.reason or "")
    return {
        "claim": one_line(model.claim),
        "verdict": model.verdict,
        "said": words.verdicts[model.verdict],
        "percent": percent(model.probability) if model.verdict in _SURE else "",
        "doubt": doubt or one_line(model.reason or ""),
        "doubt_lang": words.code if doubt else "en",
        "parts": [
            {"stated": part.verdict == "supports", "text": one_line(part.text)}
            for part in model.parts
        ],
        "stances": [
            {
                **quote_view(stance, words, "", [span_of(span) for span in stance.deciding]),
                "verdict": stance.verdict,
                "label": words.stances.get(stance.verdict, ""),
            }
            for stance in model.quotes
        ],
        "quotations": [_quotation(quotation, words) for quotation in model.quotations],
    }


def _quotation(quotation: QuotationModel, words: Words) -> dict[str, Any]:
    """Return how words in quotation marks stand in the articles."""
    lines = [_edit(edit, words) for edit in quotation.edits]
    lines += [words.left_out.format(text=one_line(text)) for text in quotation.left_out]
    lines += [words.turning.format(text=one_line(word)) for word in quotation.turning]
    altered = quotation.wording == "altered"
    return {
        "text": one_line(quotation.text),
        "wording": quotation.wording,
        "said": words.wordings[quotation.wording],
        "lines": lines,
        "original": one_line(quotation.original or "") if altered else "",
        "speaker": one_line(quotation.speaker or ""),
        "source": _source(quotation, words),
    }


def _edit(edit: EditModel, words: Words) -> str:
    quoted, original = one_line(edit.quoted), one_line(edit.original)
    if not original:
        return words.edit_added.format(quoted=quoted)
    if not quoted:
        return words.edit_missing.format(original=original)
    return words.edit_other.format(quoted=quoted, original=original)


def _source(quotation: QuotationModel, words: Words) -> dict[str, Any] | None:
    """Return the article that has the words, with a link to where they stand."""
    source = quotation.source
    if source is None:
        return None
    shown = source_view(source, words)
    if quotation.start is None or quotation.end is None:
        return shown
    span = Span(quotation.start, max(quotation.start, quotation.end))
    place = Place(span, span, source.sha256)
    return {**shown, "href": f"{article_href(source.file, place)}#quote"}
