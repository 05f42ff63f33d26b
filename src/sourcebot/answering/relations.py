"""How the values that sources give for one question stand to each other."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcebot.text.periods import mentions_in
from sourcebot.text.terms import terms_of
from sourcebot.text.values import Value, ValueKind, values_of
from sourcebot.types import Relation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.types import Candidate

_FEWEST_SHARED = 2
"""So many names, dates or numbers two texts share that speak of the same thing."""

_QUALIFIER = re.compile(r"\s*\((?P<bracket>[^()]{2,60})\)")
_IS_A = re.compile(
    r"[^.;:()]{0,40}?\b(?:is|was|are|were)\s+(?:an?|the)\s+(?P<said>[^.,;()]{3,60})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Stated:
    """A candidate, how it words the value, and what is compared: a value, a range, or terms.

    ``around`` is what was read of its article.
    """

    candidate: Candidate
    words: str
    value: Value | None
    between: tuple[int, int] | None
    terms: frozenset[str]
    around: str


def relation_of(names: Sequence[Value], stated: Sequence[Stated]) -> Relation:
    """Return how values stand to each other."""
    pairs = list(itertools.combinations(stated, 2))
    if any(_told_apart(names, a, b) for a, b in pairs):
        return Relation.OTHER_SUBJECT
    if any(_of_other_days(a, b) for a, b in pairs):
        return Relation.LATER
    if any(_share_little(names, a, b) for a, b in pairs):
        return Relation.OTHER_SUBJECT
    return Relation.CONTRADICTION


def _of_other_days(one: Stated, other: Stated) -> bool:
    """Return whether two sentences were published apart, or else state days that lie apart.

    Dates of the past do not change with the day of the report: only what was planned does.
    """
    published = [s.candidate.evidence.source.published for s in (one, other)]
    apart = None not in published and published[0] != published[1]
    if any(s.value and s.value.kind is ValueKind.DATE for s in (one, other)):
        return apart and (_lies_ahead(one) or _lies_ahead(other))
    periods = [[m.period for m in mentions_in(s.candidate.text)] for s in (one, other)]
    if all(periods):
        return not any(a.overlaps(b) for a in periods[0] for b in periods[1])
    return apart


def _lies_ahead(stated: Stated) -> bool:
    """Return whether a date was still to come when it was reported."""
    published = stated.candidate.evidence.source.published
    periods = [m.period for m in mentions_in(stated.words)]
    return bool(published and periods and (periods[0].end or published) > published)


def _told_apart(names: Sequence[Value], one: Stated, other: Stated) -> bool:
    """Return whether two articles tell the name that is asked for from others differently."""
    for name in names:
        said = [_described(name.value, stated.candidate) for stated in (one, other)]
        if all(said) and not said[0] & said[1]:
            return True
    return False


def _share_little(names: Sequence[Value], one: Stated, other: Stated) -> bool:
    """Return whether what was read of two articles shares hardly more than what is asked.

    Without another name, date or number they may speak of different things of one name.
    """
    asked = {term for name in names for term in terms_of(name.value)}
    return len(_facts(one, asked) & _facts(other, asked)) < _FEWEST_SHARED


def _facts(stated: Stated, asked: set[str]) -> set[str]:
    """Return the terms of the names, dates and numbers around a value besides what is asked."""
    own = set(terms_of(stated.words))
    return {
        term
        for value in values_of(stated.around)
        for term in terms_of(value.value)
        if term not in asked and term not in own
    }


def _described(name: str, candidate: Candidate) -> frozenset[str]:
    """Return the terms by which an article tells a name from others of its kind."""
    evidence = candidate.evidence
    text = f"{evidence.source.title}. {evidence.paragraph.text}"
    small = text.lower()
    for pattern in (_QUALIFIER, _IS_A):
        place = small.find(name.lower())
        while place >= 0:
            if found := pattern.match(text, place + len(name)):
                return frozenset(terms_of(next(iter(found.groupdict().values()))))
            place = small.find(name.lower(), place + 1)
    return frozenset()
