"""A claim beside a sentence -> which parts, values and names of one stand in the other.

Values are compared by what they are, names by their words.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from sourcebot.answering.claims.phrasing import CLAUSE
from sourcebot.text.last_names import by_last_name
from sourcebot.text.terms import terms_of
from sourcebot.text.values import ValueKind, agree, values_of
from sourcebot.types import Span
from sourcebot.types.claims import Part, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sourcebot.answering.windows import Sentence
    from sourcebot.text.values import Value

_SHORTEST_PART = 1
_BY = re.compile(r"\bby\b")
_CAPITALISED = re.compile(
    r"(?:(?<![\w’'])[^\W\d_a-zß-öø-ÿ][^\W\d_]+\s+)*([^\W\d_a-zß-öø-ÿ][^\W\d_]+)"
)
_WORD = re.compile(r"[^\W\d_]+")
_LINKING = frozenset({"a", "an", "and", "at", "in", "met", "of", "on", "or", "the", "with"})
"""What joins two names in either order."""

_COUNTED = frozenset({ValueKind.NUMBER, ValueKind.PERCENT, ValueKind.SUM})
_AT_LEAST = re.compile(
    r"\b(?:more than|over|above|at least|exceed(?:s|ed|ing)?)\s\S?$", re.IGNORECASE
)
_AT_MOST = re.compile(r"\b(?:fewer than|less than|under|below|at most|up to)\s\S?$", re.IGNORECASE)
_FIRST_WORD = re.compile(r"\W*([^\W\d_]+)")


def parts_of(claim: str) -> tuple[Span, ...]:
    """Return the parts of a claim that may each be stated or not; none when it is all one."""
    spans: list[Span] = []
    start = 0
    for cut in [*CLAUSE.finditer(claim), None]:
        end = cut.start() if cut else len(claim)
        if len(terms_of(claim[start:end])) >= _SHORTEST_PART:
            spans.append(Span(start, end))
            start = cut.end() if cut else end
    if spans and start < len(claim):
        spans[-1] = Span(spans[-1].start, len(claim))
    return tuple(spans) if len(spans) > 1 else ()


def judged_parts(claim: str, text: str, language: str = "en") -> tuple[Part, ...]:
    """Return the parts of a claim: a text says nothing of those that none of its words is in."""
    bag = set(terms_of(text, language))
    judged = []
    for span in parts_of(claim):
        there = share(set(terms_of(span.of(claim), language)), bag)
        verdict = Verdict.SUPPORTS if there > 0 else Verdict.SILENT
        judged.append(Part(span, verdict))
    return tuple(judged)


def deciding(claim: str, sentence: Sentence, verdict: Verdict) -> tuple[Span, ...]:
    """Return the words of a sentence that decide, in the article.

    Those are its values of the kinds that the claim names: the same ones where it supports, the
    others where it contradicts; without such values none.
    """
    asked = values_of(claim)
    return tuple(
        sentence.readable.place(v.span.start, v.span.end)
        for v in values_of(sentence.text)
        if any(v.kind is other.kind for other in asked)
        and any(agree(v, other) for other in asked) == (verdict is Verdict.SUPPORTS)
    )


def unnamed(claim: str, text: str) -> tuple[str, ...]:
    """Return the names of the claim that a text does not hold.

    A person may be named by the last name, or with another form of the first one.
    """
    there = set(terms_of(text))
    names = [v.span.of(claim) for v in values_of(claim) if v.kind is ValueKind.NAME]
    return tuple(
        name
        for name in names
        if not there.issuperset(terms_of(name)) and not by_last_name(name, text)
    )


def subject(claim: str) -> str:
    """Return the first name of a claim, or ""."""
    names = (v.span.of(claim) for v in values_of(claim) if v.kind is ValueKind.NAME)
    return next(names, "")


def names_other(claim: str, sentence: str, around: str) -> bool:
    """Return whether a sentence names something that a claim does not.

    Its first word is a name where it is one in the text around.
    """
    there = set(terms_of(claim))
    named = [v.value for v in values_of(sentence) if v.kind is ValueKind.NAME]
    known = {w for v in values_of(around) if v.kind is ValueKind.NAME for w in v.value.split()}
    first = _FIRST_WORD.match(sentence)
    if first and first[1].casefold() in known:
        named.append(first[1])
    return any(not there.intersection(terms_of(name)) for name in named)


def differing(claim: str, sentence: str) -> tuple[Value, ...]:
    """Return the values of a claim in whose place a sentence has another of their kind."""
    stated = values_of(sentence)
    wanted = [value for value in values_of(claim) if value.kind is not ValueKind.NAME]
    others = [v for v in stated if not any(agree(v, value) for value in wanted)]
    return tuple(
        value
        for value in wanted
        if not any(_meets(claim, value, v) for v in stated)
        and any(v.kind is value.kind for v in others)
    )


def _meets(claim: str, value: Value, stated: Value) -> bool:
    """Return whether a stated value is a claim's, or within the bound that the claim sets."""
    if agree(value, stated):
        return True
    if value.kind is not stated.kind or value.unit != stated.unit or value.kind not in _COUNTED:
        return False
    before = claim[: value.span.start]
    above = Decimal(stated.value) - Decimal(value.value)
    return bool((above > 0 and _AT_LEAST.search(before)) or (above < 0 and _AT_MOST.search(before)))


def disputed(claim: str, sentence: str, around: str) -> bool:
    """Return whether a sentence has another value of a kind where the claim has its own.

    Not where the text around the sentence states the claim's.
    """
    stated = [v for v in values_of(sentence) if v.kind is not ValueKind.NAME]
    return any(
        value.kind is not ValueKind.NAME and any(v.kind is value.kind for v in stated)
        for value in lacking(claim, f"{sentence} {around}")
    )


def figures_stated(claim: str, text: str) -> bool:
    """Return whether a text states every number, sum and date of a claim."""
    return all(value.kind is ValueKind.NAME for value in lacking(claim, text))


def agreed(claim: str, sentence: str) -> bool:
    """Return whether a sentence states every value and name of a claim that has a value."""
    valued = any(v.kind is not ValueKind.NAME for v in values_of(claim))
    return valued and not lacking(claim, sentence) and not reordered(claim, sentence)


def reordered(claim: str, sentence: str) -> bool:
    """Return whether a sentence has two values or names of a claim the other way round.

    "20 votes to 12" is not "12 votes to 20", nor "Ash beat Elm" "Elm beat Ash". Names may change
    places with the passive.
    """
    stated, asked = values_of(sentence), values_of(claim)
    for kind in ValueKind:
        there = [v for v in stated if v.kind is kind]
        wanted = [v for v in asked if v.kind is kind]
        if kind is not ValueKind.NAME and _crossed(
            [next((at for at, v in enumerate(there) if agree(one, v)), -1) for one in wanted]
        ):
            return True
    if (_BY.search(claim) is None) is not (_BY.search(sentence) is None):
        return False
    backwards = {(right, left): words for left, words, right in _joined_names(sentence)}
    return any(
        words & backwards.get((left, right), set()) for left, words, right in _joined_names(claim)
    )


def _joined_names(text: str) -> Iterator[tuple[str, set[str], str]]:
    """Yield the last words of each two names that follow each other, and what stands between."""
    found = list(_CAPITALISED.finditer(text))
    for one, other in pairwise(found):
        between = set(_WORD.findall(text[one.end() : other.start()])) - _LINKING
        if between:
            yield one[1].casefold(), between, other[1].casefold()


def _crossed(places: Sequence[int]) -> bool:
    """Return whether places, without those that are nowhere (-1), do not rise."""
    found = [place for place in places if place >= 0]
    return found != sorted(found)


def cover(claim: str, sentences: Sequence[Sentence], *, titled: bool = True) -> float:
    """Return the share of a claim's terms that sentences hold, with their title or without."""
    source = sentences[0].evidence.source
    wanted = set(terms_of(claim, source.language))
    titles = (source.title,) if titled else ()
    texts = " ".join((*titles, *(sentence.text for sentence in sentences)))
    return share(wanted, set(terms_of(texts, source.language)))


def lacking(claim: str, text: str) -> tuple[Value, ...]:
    """Return the values and names of a claim that a text does not state."""
    stated = values_of(text)
    folded = " ".join(terms_of(text))
    return tuple(
        value
        for value in values_of(claim)
        if not any(_meets(claim, value, other) for other in stated)
        and not (
            value.kind is ValueKind.NAME
            and all(term in folded for term in terms_of(value.span.of(claim)))
        )
    )


def share(wanted: set[str], there: set[str]) -> float:
    """Return the share of some terms that are among others, in [0, 1]."""
    return len(wanted & there) / len(wanted) if wanted else 0.0
