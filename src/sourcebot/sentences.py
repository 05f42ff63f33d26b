"""Text -> sentences, as spans.

nupunkt (an offline Punkt tokenizer after Kiss and Strunk, 2006) proposes the boundaries;
the rules here join what it parts wrongly: closing quotation marks, military ranks and
firms' names, list numbers, and sentences inside one short quotation.
"""

from __future__ import annotations

import re

from sourcebot.types import Span

MAX_SENTENCE = 800
"""Longest sentence in code points; a longer run is cut at a clause or a space."""

_MAX_QUOTATION = 320
_CLOSERS = "”’»)]}\"'"
_ENDS_ABBREVIATED = re.compile(
    r"(?:^|[\s(“‘\"'])(?:Lt|Col|Gen|Sgt|Capt|Cpl|Maj|Cmdr|Adm|Brig|Pte|Det|Insp|Supt|Rev|Hon|Rt|St|Sr|Jr|Mr"
    r"|Mrs|Ms|Dr|Prof|Cllr|Gov|Sen|Rep|Pres|Fr|vs|v|cf|ca|approx|Fig|Figs|Eq|Vol|pp|ed|eds|al|i\.e|e\.g|Jan|Feb"
    r"|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$"
)
_STARTS_FIRM = re.compile(r"(?:Inc|Ltd|Corp|Co|plc|LLC|GmbH)\b")
_LIST_NUMBER = re.compile(r"[(\[]?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})[.)\]]+$")
_NUMBERED = re.compile(r"(?:^|\s)(?:Nos?|Art|Sec|Ch|para|p)\.$", re.IGNORECASE)
_WORD = re.compile(r"\w")
_CLAUSE = re.compile(r"[;:—–]\s|,\s|\s")
_REFERENCES = re.compile(
    r"(?:\[(?:\d{1,4}|[a-z]|note \d+|citation needed|clarification needed|who\?|when\?)\]"
    r"(?::[ \d–,-]*\d)?)+(?=\s|$)"
)
"""Marks that point to notes, as on Wikipedia; they belong to the sentence before them."""

_SINGLE_OPENS = re.compile(r"(?:^|(?<=[\s(\[“\"]))‘")
_SINGLE_CLOSES = re.compile(r"’(?=$|[\s.,;:!?)\]”\"])")


def split_sentences(text: str, within: Span) -> tuple[Span, ...]:
    """Return the sentences of ``within.of(text)`` as spans of ``text``.

    They are ordered and disjoint, have no white space at their ends, and together hold
    every character of the range that is not white space.
    """
    # Imported here: only indexing needs it, and it loads a model of 2 MB.
    from nupunkt import sent_spans

    part = within.of(text)
    spans = [_trimmed(part, start, end) for start, end in sent_spans(part)] if part.strip() else []
    joined: list[Span] = []
    for span in filter(len, spans):
        cut = _stray_closers(part, joined[-1], span) if joined else 0
        if joined and not cut and _belongs_together(part, joined[-1], span):
            joined[-1] = Span(joined[-1].start, span.end)
        elif cut:
            joined[-1] = Span(joined[-1].start, span.start + cut)
            rest = _trimmed(part, span.start + cut, span.end)
            if len(rest):
                joined.append(rest)
        else:
            joined.append(span)
    return tuple(
        Span(within.start + piece.start, within.start + piece.end)
        for span in joined
        for piece in _bounded(part, span)
    )


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _belongs_together(text: str, left: Span, right: Span) -> bool:
    """Return whether the boundary between two neighbours is none."""
    before, after = left.of(text), right.of(text)
    if not _WORD.search(after) or not _WORD.search(before):
        return True
    if after[0].islower() and not before.endswith(tuple(_CLOSERS)):
        return True
    if _ENDS_ABBREVIATED.search(before[-12:]) or _LIST_NUMBER.fullmatch(before[-6:]):
        return True
    if _NUMBERED.search(before[-8:]) and after[0].isdigit():
        return True
    if before.endswith("!") and _STARTS_FIRM.match(after):
        return True
    return _inside_quotation(before) and right.end - left.start <= _MAX_QUOTATION


def _inside_quotation(before: str) -> bool:
    """Return whether ``before`` opens a quotation that it does not close."""
    return (
        before.count("“") > before.count("”")
        or before.count("«") > before.count("»")
        or before.count('"') % 2 == 1
        or len(_SINGLE_OPENS.findall(before)) > len(_SINGLE_CLOSES.findall(before))
    )


def _stray_closers(text: str, left: Span, right: Span) -> int:
    """Return how many closing marks at the start of ``right`` belong to ``left``."""
    after = right.of(text)
    if reference := _REFERENCES.match(after):
        return reference.end()
    count = len(after) - len(after.lstrip(_CLOSERS))
    closes = count and (after[0] in "”’»)]}" or _inside_quotation(left.of(text)))
    return count if closes and (count == len(after) or after[count].isspace()) else 0


def _bounded(text: str, span: Span) -> list[Span]:
    """Cut a run without sentence ends into parts of at most ``MAX_SENTENCE``."""
    parts: list[Span] = []
    start = span.start
    while span.end - start > MAX_SENTENCE:
        window = text[start : start + MAX_SENTENCE]
        cuts = [m.end() for m in _CLAUSE.finditer(window) if m.end() > MAX_SENTENCE // 2]
        strong = [c for c in cuts if window[c - 2] in ";:—–"]
        cut = start + (max(strong or cuts) if cuts else MAX_SENTENCE)
        parts.append(_trimmed(text, start, cut))
        start = _trimmed(text, cut, span.end).start
    parts.append(Span(start, span.end))
    return [part for part in parts if len(part)]
