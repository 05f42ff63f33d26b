"""Text -> sentences, as spans.

nupunkt (an offline Punkt tokenizer after Kiss and Strunk, 2006) proposes the boundaries;
the rules here join what it parts wrongly: closing quotation marks, military ranks and
firms' names, list numbers, and sentences inside one short quotation.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sourcebot.text.languages import ABBREVIATIONS, ORDINALS
from sourcebot.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_SENTENCE = 800
"""Longest sentence in code points; a longer run is cut at a clause or a space."""

_MAX_QUOTATION = 320
_AT_ONCE = 4096
_LOOKED_AT = 2 * MAX_SENTENCE
_CLOSERS = "”’»)]}\"'"
_ENDS_ABBREVIATED = re.compile(
    r"(?:^|[\s(“‘\"'])(?:Lt|Col|Gen|Sgt|Capt|Cpl|Maj|Cmdr|Adm|Brig|Pte|Det|Insp|Supt|Rev|Hon|Rt|St|Sr|Jr|Mr"
    r"|Mrs|Ms|Dr|Prof|Cllr|Gov|Sen|Rep|Pres|Fr|vs|v|cf|ca|approx|Fig|Figs|Eq|Vol|pp|ed|eds|al|i\.e|e\.g|Jan|Feb"
    r"|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$"
)
_STARTS_FIRM = re.compile(r"(?:Inc|Ltd|Corp|Co|plc|LLC|GmbH)\b")
_LIST_NUMBER = re.compile(r"[(\[]?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})[.)\]]+$")
_NUMBERED = re.compile(r"(?:^|\s)(?:Nos?|Art|Sec|Ch|para|p)\.$", re.IGNORECASE)
_ORDINAL = re.compile(r"(?:^|\s)\d{1,3}\.$")
_OTHER_END = re.compile(r"[。｡！？．؟۔।॥።፧။។៕]+(?P<closers>[」』”’）〕】》〉)\]\"']*)")
"""Sentence ends of Chinese and Japanese, Arabic and Urdu, Hindi, Amharic, Burmese and Khmer."""

_GOES_ON = re.compile(r"[、，,;；:：とっ]")
"""What follows a closed quotation when the sentence around it goes on."""

_WORD = re.compile(r"\w")
_CLAUSE = re.compile(r"[;:—–]\s|,\s|\s")
_REFERENCES = re.compile(
    r"(?:\[(?:\d{1,4}|[a-z]|note \d+|citation needed|clarification needed|who\?|when\?)\]"
    r"(?::[ \d–,-]*\d)?)+(?=\s|$)"
)
"""Marks that point to notes, as on Wikipedia; they belong to the sentence before them."""

_SINGLE_OPENS = re.compile(r"(?:^|(?<=[\s(\[“\"]))‘")
_SINGLE_CLOSES = re.compile(r"’(?=$|[\s.,;:!?)\]”\"])")


def split_sentences(text: str, within: Span, language: str = "") -> tuple[Span, ...]:
    """Return the sentences of ``within.of(text)`` as spans of ``text``.

    ``language`` is the code of the language, whose abbreviations are then known besides the
    English ones. The sentence ends of other scripts count in every language.
    They are ordered and disjoint, have no white space at their ends, and together hold
    every character of the range that is not white space.
    """
    part = within.of(text)
    spans = [
        _trimmed(part, *piece) for run in _proposed(part) for piece in _at_other_ends(part, *run)
    ]
    joined: list[Span] = []
    for span in filter(len, spans):
        cut = _stray_closers(part, joined[-1], span) if joined else 0
        if joined and not cut and _belongs_together(part, joined[-1], span, language):
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


def _proposed(text: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences that nupunkt sees, looking at a bounded length at once.

    It takes time by the square of a run without white space. A sentence that a cut might have
    ended is looked at again with what follows it.
    """
    # Imported here: only indexing needs it, and it loads a model of 2 MB.
    from nupunkt import sent_spans

    start = 0
    while start < len(text):
        chunk = text[start : start + _AT_ONCE]
        found = list(sent_spans(chunk)) if chunk.strip() else []
        if start + len(chunk) < len(text) and len(found) > 1:
            found.pop()
            following = start + found[-1][1]
        else:
            following = start + len(chunk)
        yield from ((start + first, start + last) for first, last in found)
        start = following


def _at_other_ends(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a range after the sentence ends of scripts that nupunkt does not know."""
    for found in _OTHER_END.finditer(text, start, end):
        if not (found["closers"] and _GOES_ON.match(text, found.end())):
            yield start, found.end()
            start = found.end()
    yield start, end


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _tail(text: str, span: Span) -> str:
    """Return what counts of a sentence that others are joined to: its end, when it is overlong.

    Without a bound, joining thousands of parts would look at all of them each time.
    """
    return text[max(span.start, span.end - _LOOKED_AT) : span.end]


def _belongs_together(text: str, left: Span, right: Span, language: str) -> bool:
    """Return whether the boundary between two neighbours is none."""
    before, after = _tail(text, left), right.of(text)
    if not _WORD.search(after) or not _WORD.search(before):
        return True
    if after[0].islower() and not before.endswith(tuple(_CLOSERS)):
        return True
    if _LIST_NUMBER.fullmatch(before[-6:]) or _ends_abbreviated(before, after, language):
        return True
    if before.endswith("!") and after[0] == "[" and left.end == right.start:
        return True  # a picture or an embedded note of Markdown
    if before.endswith("!") and _STARTS_FIRM.match(after):
        return True
    return _inside_quotation(before) and right.end - left.start <= _MAX_QUOTATION


def _ends_abbreviated(before: str, after: str, language: str) -> bool:
    """Return whether the full stop of ``before`` belongs to an abbreviation or an ordinal."""
    if _NUMBERED.search(before[-8:]) and after[0].isdigit():
        return True
    if language in ORDINALS and _ORDINAL.search(before[-8:]) and ORDINALS[language].match(after):
        return True
    known = ABBREVIATIONS.get(language)
    return bool(_ENDS_ABBREVIATED.search(before[-12:]) or (known and known.search(before[-16:])))


def _inside_quotation(before: str) -> bool:
    """Return whether ``before`` opens a quotation that it does not close."""
    return (
        before.count("“") > before.count("”")
        or before.count("「") > before.count("」")
        or before.count("『") > before.count("』")
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
    closes = count and (after[0] in "”’»)]}" or _inside_quotation(_tail(text, left)))
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
