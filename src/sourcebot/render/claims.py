"""Checked claims -> words, Markdown and plain values for JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sourcebot.render.as_json import SCHEMA_VERSION, harmless, quote_to_dict, source_to_dict
from sourcebot.render.wording import attribution, percent
from sourcebot.text.display import one_line
from sourcebot.types.claims import Verdict, Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.types import Quote, Span
    from sourcebot.types.claims import Check, Edit, Quotation

VERDICTS = {
    Verdict.SUPPORTS: "The articles support this",
    Verdict.CONTRADICTS: "The articles contradict this",
    Verdict.PARTLY: "The articles support this in part",
    Verdict.SILENT: "The articles say nothing of this",
    Verdict.UNSURE: "Unsure: the articles speak of this, but no verdict is safe",
}
WORDINGS = {
    Wording.VERBATIM: "the words stand in the article as quoted",
    Wording.ALTERED: "the words do not stand in the article as quoted",
    Wording.NOT_FOUND: "the words are in no article",
}
_DIGITS = 4


def verdict_line(check: Check) -> str:
    """Return what the articles say of a claim, in a sentence."""
    said = VERDICTS[check.verdict]
    if check.verdict in {Verdict.SUPPORTS, Verdict.CONTRADICTS, Verdict.PARTLY}:
        return f"{said} ({percent(check.probability)})."
    reason = f" ({check.reason})" if check.reason else ""
    return f"{said}{reason}."


def part_lines(check: Check) -> tuple[str, ...]:
    """Return a line for each part of a claim that is supported in part."""
    return tuple(
        f"{'stated' if part.verdict is Verdict.SUPPORTS else 'not stated'}: "
        f"“{one_line(part.span.of(check.claim))}”"
        for part in check.parts
    )


def quotation_lines(quotation: Quotation) -> tuple[str, ...]:
    """Return how words in quotation marks stand in the articles, a line for each difference."""
    lines = [f"“{one_line(quotation.text)}”: {WORDINGS[quotation.wording]}."]
    lines += [_edit(edit) for edit in quotation.edits]
    for words in quotation.left_out:
        lines.append(f"The ellipsis leaves out “{one_line(words)}”.")
    if quotation.turning:
        dropped = ", ".join(f"“{one_line(word)}”" for word in quotation.turning)
        lines.append(f"What is left out turns the meaning: {dropped}.")
    if quotation.source:
        if quotation.wording is Wording.ALTERED:
            lines.append(f"The article: “{one_line(quotation.original)}”")
        if quotation.speaker:
            lines.append(f"Beside it: “{one_line(quotation.speaker)}”")
        lines.append(attribution(quotation.source))
    return tuple(lines)


def _edit(edit: Edit) -> str:
    if not edit.original:
        return f"Added in the quotation: “{one_line(edit.quoted)}”."
    if not edit.quoted:
        return f"Missing from the quotation: “{one_line(edit.original)}”."
    return f"Quoted “{one_line(edit.quoted)}”, the article has “{one_line(edit.original)}”."


def quotes_of(checks: Sequence[Check]) -> tuple[Quote, ...]:
    """Return the quotes behind checks, each once."""
    quotes = [stance.quote for check in checks for stance in check.stances]
    return tuple({(q.source.path, q.span): q for q in quotes}.values())


def checks_to_json(checks: Sequence[Check]) -> str:
    """Return checks as indented JSON, one object with a list; safe to show in a terminal."""
    values = {"schema": SCHEMA_VERSION, "checks": [check_to_dict(check) for check in checks]}
    return harmless(json.dumps(values, ensure_ascii=False, indent=2))


def check_to_dict(check: Check) -> dict[str, Any]:
    """Return a check as plain values."""
    return {
        "claim": check.claim,
        "verdict": check.verdict.value,
        "probability": round(check.probability, _DIGITS),
        "scores": {v.value: round(p, _DIGITS) for v, p in check.scores.items()},
        "message": verdict_line(check),
        "reason": check.reason or None,
        "quotes": [
            {
                "verdict": stance.verdict.value,
                "probability": round(stance.probability, _DIGITS),
                "deciding": [_span(span) for span in stance.deciding],
                **quote_to_dict(stance.quote),
            }
            for stance in check.stances
        ],
        "parts": [
            {"text": part.span.of(check.claim), **_span(part.span), "verdict": part.verdict.value}
            for part in check.parts
        ],
        "quotations": [_quotation(quotation) for quotation in check.quotations],
    }


def _span(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}


def _quotation(quotation: Quotation) -> dict[str, Any]:
    return {
        "text": quotation.text,
        "wording": quotation.wording.value,
        "original": quotation.original or None,
        "start": quotation.span.start if quotation.span else None,
        "end": quotation.span.end if quotation.span else None,
        "edits": [{"quoted": e.quoted, "original": e.original} for e in quotation.edits],
        "left_out": list(quotation.left_out),
        "turning": list(quotation.turning),
        "speaker": quotation.speaker or None,
        "source": source_to_dict(quotation.source) if quotation.source else None,
    }


def checks_to_markdown(checks: Sequence[Check], title: str) -> str:
    """Return a report on a text: a count of the verdicts, then each sentence with its quotes."""
    counts = {v: sum(check.verdict is v for check in checks) for v in Verdict}
    lines = [f"# {plain(title)}", ""]
    lines += [f"- {v.value}: {count}" for v, count in counts.items() if count]
    altered = [q for c in checks for q in c.quotations if q.wording is not Wording.VERBATIM]
    if altered:
        lines.append(f"- quotations that do not stand in an article as quoted: {len(altered)}")
    for check in checks:
        lines += ["", f"## {plain(check.claim)}", "", verdict_line(check)]
        lines += [f"- {plain(line)}" for line in part_lines(check)]
        for stance in check.stances:
            text = plain(one_line(stance.quote.text))
            place = f"{plain(attribution(stance.quote.source))} ({plain(stance.quote.source.path)})"
            lines += ["", f"> {text}", ">", f"> — {place}, {stance.verdict.value}"]
        for quotation in check.quotations:
            lines += ["", *(f"- {plain(line)}" for line in quotation_lines(quotation))]
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """Return text whose signs Markdown does not read."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]<>#|" else c for c in one_line(text))
