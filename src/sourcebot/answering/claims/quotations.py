"""Words in quotation marks, looked up in the articles: verbatim, altered or not found.

Two texts are compared word by word. What typography does is no alteration: kinds of quotation
marks, dashes and spaces, characters without a shape such as soft hyphens, ligatures, accents as
characters of their own, a capital at the beginning. An ellipsis leaves words out and square
brackets put words in; both are told, and so is a left-out word that turns the meaning around.
Nothing else is forgiven: another letter, capital, number or order is an alteration.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from sourcebot.types import Span
from sourcebot.types.claims import Edit, Quotation, Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from difflib import Match

    from sourcebot.types.claims import Run

FEWEST_WORDS = 2
"""A shorter text in quotation marks is a name or a nickname rather than somebody's words."""

_FEWEST_ALTERED = 4
"""Fewer words than this stand in an article or not: most short texts are like some other one."""

_ALIKE = 0.6
"""The share of a quotation's words that an altered original must hold, in their order."""

_LONGEST_GAP = 150
"""So many words an ellipsis may stand for."""

_MOST_IN_BRACKETS = 6
"""So many words of the original may be replaced by words in square brackets."""

_MARKS = ("“”", '""', "„“", "„”", "«»", "»«", "「」", "『』")
_QUOTED = tuple(re.compile(f"{m[0]}([^{re.escape(m)}]{{3,2000}}){m[1]}") for m in _MARKS)
_SINGLE = (
    re.compile(r"(?<![\w’'])‘(?=\w|\[)((?:[^‘’]|(?<=\w)’(?=\w)){3,2000})’(?![\w’])"),
    re.compile(r"(?<![\w’'])'(?=[^\W\d]|\[)((?:[^']|(?<=\w)'(?=\w)){3,2000})(?<!\s)'(?![\w'])"),
)
_FEWEST_IN_SINGLE = 4
"""Fewer words between marks that are apostrophes too are more often no quotation."""

_ELLIPSIS = re.compile(r"[\[(]\s*(?:…|(?:\.\s?){3,})\s*[\])]|…|(?:\.\s?){3,}")
_INITIAL = re.compile(r"\[(\w)\](?=\w)")
"""A letter whose capital the quoter has changed, as in "[T]he bridge"."""

_BRACKETS = re.compile(r"\[([^\[\]]{1,80})\]")
_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_LETTERS = r"(?:[^\W\d_][\u0300-\u036f]*)+"
_WORD = re.compile(
    r"\d+(?:[.,:/]\d+)*%?"  # a number with its signs
    # a word, also with hyphens, apostrophes and what has no shape inside
    rf"|{_LETTERS}(?:(?:[{_UNSEEN}]+|[{_UNSEEN}]*['’ʼ‐‑-][{_UNSEEN}]*){_LETTERS})*"
    r"|[^\W_]+"
    r"|[$£€¥₹]"
)
_FOLDED = str.maketrans(
    {"’": "'", "ʼ": "'", "‐": "-", "‑": "-", **dict.fromkeys(_UNSEEN)},
)
_TURNING = re.compile(
    r"not|no|never|nobody|none|nothing|neither|nor|without|hardly|barely|scarcely|rarely|seldom"
    r"|unless|except|only|if|almost|nearly|allegedly|reportedly|perhaps|maybe|might|may|could"
    r"|cannot|denied|denies|deny|refused|failed|false|untrue|[a-z]+n't"
)
"""Words that turn a sentence around or make it less sure."""

_SPEAKING = re.compile(
    r"\b(?:said|says|told|wrote|writes|added|adds|argued|argues|warned|warns|explained|explains"
    r"|according to|announced|stated|claimed|claims|insisted|replied|asked|testified)\b"
)
_SENTENCE_END = re.compile(r"(?<=[.!?])[”\"’»]?\s+(?=[A-Z“\"])|\n\n")
_AROUND = 160
"""How many characters around an original may say who spoke."""


@dataclass(frozen=True, slots=True)
class _Word:
    key: str
    span: Span


def quotations_in(text: str) -> tuple[Span, ...]:
    """Return where the quotations of a text stand, without their marks, in reading order.

    Those of fewer than ``FEWEST_WORDS`` words are left out, and short ones in single marks.
    """
    found: list[Span] = []
    for quoted in (*_QUOTED, *_SINGLE):
        fewest = _FEWEST_IN_SINGLE if quoted in _SINGLE else FEWEST_WORDS
        for match in quoted.finditer(text):
            span = Span(match.start(1), match.end(1))
            apart = all(span.end <= other.start or other.end <= span.start for other in found)
            if apart and len(_words(match[1])) >= fewest:
                found.append(span)
    return tuple(sorted(found))


def find_quotation(quotation: str, runs: Iterable[Run]) -> Quotation:
    """Return where the words of a quotation stand in the given texts.

    As quoted comes before altered, and the most alike before the rest.
    """
    parts = [wanted for part in _ELLIPSIS.split(quotation) if (wanted := _wanted(part))]
    best = Quotation(quotation, Wording.NOT_FOUND)
    if not parts:
        return best
    for run in runs:
        words = _words(run.text)
        found = _as_quoted(quotation, parts, words, run) or _altered(quotation, parts, words, run)
        if found and _rank(found) > _rank(best):
            best = found
    return best


def _words(text: str) -> list[_Word]:
    return [
        _Word(unicodedata.normalize("NFKC", m[0].translate(_FOLDED)), Span(*m.span()))
        for m in _WORD.finditer(text)
    ]


def _wanted(part: str) -> list[str | None]:
    """Return the words of a part of a quotation; None stands for words in square brackets."""
    part = _INITIAL.sub(r"\1", part)
    wanted: list[str | None] = []
    at = 0
    for bracket in _BRACKETS.finditer(part):
        wanted += [word.key for word in _words(part[at : bracket.start()])]
        if bracket[1].strip(" .!").casefold() != "sic":
            wanted.append(None)
        at = bracket.end()
    wanted += [word.key for word in _words(part[at:])]
    return wanted if any(word is not None for word in wanted) else []


def _same(wanted: str, there: str, *, first: bool) -> bool:
    if first and wanted[:1].casefold() == there[:1].casefold():
        return wanted[1:] == there[1:]
    return wanted == there


def _end_of(part: Sequence[str | None], words: Sequence[_Word], start: int) -> int | None:
    """Return where a part that begins at ``start`` ends; None when it does not stand there."""
    at = start
    for place, wanted in enumerate(part):
        if wanted is None:
            rest = part[place + 1 :]
            if not rest:
                return at
            ends = (_end_of(rest, words, at + skip) for skip in range(_MOST_IN_BRACKETS + 1))
            return next((end for end in ends if end is not None), None)
        if at >= len(words) or not _same(wanted, words[at].key, first=place == 0):
            return None
        at += 1
    return at


def _as_quoted(
    quotation: str, parts: Sequence[Sequence[str | None]], words: Sequence[_Word], run: Run
) -> Quotation | None:
    """Return the place where all parts stand in their order, with what is left out between."""
    for start in range(len(words)):
        end = _end_of(parts[0], words, start)
        if end is None:
            continue
        gaps: list[Sequence[_Word]] = []
        for part in parts[1:]:
            places = range(end, min(len(words), end + _LONGEST_GAP))
            places_found = ((at, _end_of(part, words, at)) for at in places)
            at, stop = next(((a, e) for a, e in places_found if e is not None), (0, None))
            if stop is None:
                break
            gaps.append(words[end:at])
            end = stop
        else:
            return _found(quotation, run, words[start].span.start, words[end - 1].span.end, gaps)
    return None


def _found(
    quotation: str, run: Run, start: int, end: int, gaps: Iterable[Sequence[_Word]]
) -> Quotation:
    left_out = [gap for gap in gaps if gap]
    turning = tuple(
        word.span.of(run.text)
        for gap in left_out
        for word in gap
        if _TURNING.fullmatch(word.key.casefold())
    )
    return Quotation(
        quotation,
        Wording.ALTERED if turning else Wording.VERBATIM,
        run.source,
        run.text[start:end],
        Span(run.start + start, run.start + end),
        left_out=tuple(run.text[gap[0].span.start : gap[-1].span.end] for gap in left_out),
        turning=turning,
        speaker=_speaker(run.text, start, end),
    )


def _altered(
    quotation: str, parts: Sequence[Sequence[str | None]], words: Sequence[_Word], run: Run
) -> Quotation | None:
    """Return the most alike words, each difference told, if any are alike enough."""
    wanted = [word for part in parts for word in part if word is not None]
    if len(wanted) < _FEWEST_ALTERED or not words:
        return None
    there = [word.key for word in words]
    # A quotation all in capitals has its words where the article has them in small letters.
    matcher = SequenceMatcher(None, _small(wanted), _small(there), autojunk=False)
    near = _densest(matcher.get_matching_blocks())
    if sum(block.size for block in near) < _ALIKE * len(wanted):
        return None
    # Words before the first and after the last that are alike belong to the quotation too.
    start = max(0, near[0].b - near[0].a)
    end = min(len(there), near[-1].b + len(wanted) - near[-1].a)
    compared = SequenceMatcher(None, wanted, there[start:end], autojunk=False)
    edits = tuple(
        Edit(
            " ".join(wanted[a:b]),
            run.text[words[start + c].span.start : words[start + d - 1].span.end] if d > c else "",
        )
        for kind, a, b, c, d in compared.get_opcodes()
        if kind != "equal"
    )
    first, last = words[start].span.start, words[end - 1].span.end
    return Quotation(
        quotation,
        Wording.ALTERED,
        run.source,
        run.text[first:last],
        Span(run.start + first, run.start + last),
        edits=edits,
        speaker=_speaker(run.text, first, last),
    )


def _small(words: Iterable[str]) -> list[str]:
    return [word.casefold() for word in words]


def _densest(blocks: Sequence[Match]) -> list[Match]:
    """Return the matching blocks that stand closest together and hold the most words."""
    runs: list[list[Match]] = [[]]
    for block in blocks:
        if not block.size:
            continue
        if runs[-1] and block.b - runs[-1][-1].b - runs[-1][-1].size > _LONGEST_GAP // 5:
            runs.append([])
        runs[-1].append(block)
    return max(runs, key=lambda run: sum(block.size for block in run))


def _rank(found: Quotation) -> tuple[int, int]:
    """Order what is found: as quoted, then by how little differs."""
    changed = sum(max(1, len(e.quoted.split()), len(e.original.split())) for e in found.edits)
    order = {Wording.VERBATIM: 2, Wording.ALTERED: 1, Wording.NOT_FOUND: 0}
    return order[found.wording], -changed - len(found.turning)


def _speaker(text: str, start: int, end: int) -> str:
    """Return the words beside an original, in its sentence, that say who spoke; "" when none do."""
    if not _is_speech(text[:start]):
        return ""
    after = _SENTENCE_END.split(text[end : end + _AROUND])[0]
    before = _SENTENCE_END.split(text[max(0, start - _AROUND) : start] + "“")[-1]
    for words in (after, before):
        if _SPEAKING.search(words):
            return words.strip(' \n\t,;:."“”«»„‘’')
    return ""


def _is_speech(before: str) -> bool:
    """Return whether quotation marks are open at the end of a text."""
    opened = max(before.rfind(mark) for mark in "“„«")
    closed = max(before.rfind(mark) for mark in "”»")
    return opened > closed or before.count('"') % 2 == 1
