"""Candidates of one question -> where sources give different values for it, side by side.

Only sure sentences of articles that do not copy each other count, and each must name what the
question names. Values are compared by kind, as ``text.values`` reads them, and other short answers
by their terms. Where two articles may speak of different things of one name, or of different days,
that is said instead of a contradiction; where it cannot be told, nothing is said.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sourcebot.answering.composer import quoted
from sourcebot.answering.relations import Stated, relation_of
from sourcebot.text.answer_types import type_of
from sourcebot.text.likeness import alike
from sourcebot.text.terms import terms_of
from sourcebot.text.values import Value, ValueKind, agree, values_of
from sourcebot.text.wordlists import AUXILIARIES
from sourcebot.types import Conflict, Span, ValueGroup
from sourcebot.types.answer_type import AnswerType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sourcebot.types import Candidate, Evidence, Retrieval

_MOST_GROUPS = 6
_MOST_QUOTES = 3
_MOST_SENTENCES = 30
_LONGEST_ANSWER = 8
"""More words than this are a description, and two descriptions may both be right."""

_NEARLY_SURE = 0.3
"""The probability that a sentence needs which gives another figure than a sure one."""

_MOST_LACKED = 0.34
"""Less than this share of the question's words that the best paragraph has another may lack: one of
three, "founded" for "built"."""

_NEAR = 0.15
"""How much lower than the answer's the cosine of a paragraph may be that is read besides."""

_KINDS = {
    AnswerType.DATE: {ValueKind.DATE, ValueKind.TIME},
    AnswerType.NUMBER: {ValueKind.NUMBER, ValueKind.PERCENT},
    AnswerType.SUM: {ValueKind.SUM},
    AnswerType.NAME: {ValueKind.NAME},
    AnswerType.PLACE: {ValueKind.NAME},
}
_EXACT = {AnswerType.DATE, AnswerType.NUMBER, AnswerType.SUM}
"""Kinds of answers that are a figure: other words are none."""

_FIGURES = {kind for kind in ValueKind if kind is not ValueKind.NAME}
_PLURAL = re.compile(
    r"\b(?:who|what|which)\s+(?:\w+\s+)?(?:are|were)\b|^\s*(?:list|name)\b|\bwhich \w+s\b",
    re.IGNORECASE,
)
"""Questions whose answers are several: different names then are no conflict."""

_COUNTED = re.compile(
    r"\bhow many\s+((?:(?!(?:are|is|was|were|did|do|does|has|have|had|will|would|can|could|may"
    r"|might|must|should|of|in|on|at|to|from|by|for|with|and|or|the|a|an|there|it|they|he|she|we"
    r"|you|i)\b)[\w’'-]+\s*){1,3})",
    re.IGNORECASE,
)
"""What "how many" counts: the words up to the next function word, three at most."""

_ANYBODY = frozenset(terms_of("people persons individuals"))
_PERSONS = re.compile(
    r"people|persons?|men|women|children|boys|girls|students|patients|residents|(?!.*met(?:er|re)s)"
    r"\w{3,}(?:bers|ters|kers|ners|vers|ders|gers|yers|ists|ants|tors|ees|ians)"
)
"""Words for persons, by their endings too: members, workers, visitors, employees."""

_HOUR = re.compile(r"\b(?:what|which)\s(?:time|hour)\b|\bo[’']clock\b", re.IGNORECASE)
_YES_OR_NO = re.compile(rf"\s*(?:{'|'.join(sorted(AUXILIARIES))})\b", re.IGNORECASE)
_TITLES = re.compile(r"[“\"‘«][^”\"’»]{2,80}[”\"’»]")
_SAINT = re.compile(r"\bSt\b\.?(?= [A-Z])")

_VAGUE = {"dozens": (20, 99), "hundreds": (200, 999), "thousands": (2_000, 9_999)}
_VAGUE_WORD = re.compile(
    r"\b(dozens|hundreds|thousands)\b(?! of (?:thousands|millions))", re.IGNORECASE
)


def may_conflict(question: str) -> bool:
    """Return whether a question has one answer, so that two values would differ."""
    asked = _TITLES.sub(" ", question)
    return type_of(question) is not AnswerType.REASON and not _PLURAL.search(asked)


def not_yet_read(retrieval: Retrieval, candidates: Sequence[Candidate]) -> tuple[Evidence, ...]:
    """Return the evidence of articles that nothing was read of and that are about the same.

    They are as near to the question as what answers it, or nearly, and hold what it names.
    """
    read = {c.evidence.source.path for c in candidates}
    names = [v for v in values_of(retrieval.question) if v.kind is ValueKind.NAME]
    near = candidates[0].evidence.cosine - _NEAR if candidates else 1.0
    return tuple(
        e
        for e in retrieval.evidence
        if e.source.path not in read and e.cosine >= near and _names_all(e, names)
    )


def find_conflict(
    question: str,
    candidates: Sequence[Candidate],
    story_of: Mapping[str, int],
    least: float,
) -> Conflict | None:
    """Return the values that sources give for a question, when they differ.

    ``candidates`` come best first. ``story_of`` gives the story of articles that belong to one
    (copies of a report), ``least`` the probability that the best sentence must have, and the
    others too unless they give a figure.
    """
    if not may_conflict(question):
        return None
    kind = type_of(question)
    names = [v for v in values_of(question) if v.kind is ValueKind.NAME]
    if not candidates or candidates[0].probability < least:
        return None
    enough = min(least, _NEARLY_SURE) if kind in _EXACT else least
    sure = [
        c
        for c in candidates[:_MOST_SENTENCES]
        if c.probability >= enough and _names_all(c.evidence, names)
    ]
    asked = set(terms_of(question))
    held = _held(candidates[0].evidence) & asked
    sure = [c for c in sure if len(held - _held(c.evidence)) < _MOST_LACKED * max(len(held), 1)]
    groups: list[list[Stated]] = []
    around = _read_of(candidates)
    found = [s for c in sure if (s := _stated(question, kind, c, around[c.evidence.source.path]))]
    for stated in _of_one_kind(
        _that_count(question, found) if kind is AnswerType.NUMBER else found
    ):
        own = next((group for group in groups if all(_same(stated, s) for s in group)), None)
        if own is None:
            groups.append([stated])
        else:
            own.append(stated)
    apart = list(_of_own_sources(groups, story_of))[:_MOST_GROUPS]
    if len(apart) < 2:
        return None
    return Conflict(
        relation_of(names, [group[0] for group in apart]),
        tuple(
            ValueGroup(group[0].words, tuple(quoted(s.candidate) for s in group[:_MOST_QUOTES]))
            for group in apart
        ),
    )


def _read_of(candidates: Iterable[Candidate]) -> dict[str, str]:
    """Return what was read of each article: its title and the paragraphs of the candidates."""
    texts: dict[str, dict[str, None]] = {}
    for candidate in candidates:
        source = candidate.evidence.source
        read = texts.setdefault(source.path, {f"{source.title}.": None})
        read[candidate.evidence.paragraph.text] = None
    return {path: " ".join(read) for path, read in texts.items()}


def _held(evidence: Evidence) -> set[str]:
    """Return the terms of a paragraph, its headings and title."""
    text = f"{evidence.source.title} {evidence.paragraph.heading} {evidence.paragraph.text}"
    return set(terms_of(_SAINT.sub("Saint", text)))


def _names_all(evidence: Evidence, names: Iterable[Value]) -> bool:
    """Return whether a paragraph, its headings and title hold what the question names.

    Half of a name's terms suffice: "Attorney General Russell" is "Russell" where he is at home.
    """
    there = _held(evidence)
    wanted = (set(terms_of(name.value)) for name in names)
    return all(2 * len(terms & there) >= len(terms) for terms in wanted)


def _stated(question: str, kind: AnswerType, candidate: Candidate, around: str) -> Stated | None:
    """Return the value that a candidate gives; None when it cannot be told."""
    start = candidate.span.start
    marked = Span(candidate.words.start - start, candidate.words.end - start)
    wanted = {ValueKind.TIME} if _HOUR.search(question) else _KINDS.get(kind, _FIGURES)
    asked = set(terms_of(question))
    values = values_of(candidate.text)
    inside = [v for v in values if v.span.start < marked.end and marked.start < v.span.end]
    found = [v for v in inside if v.kind in wanted]
    if kind is AnswerType.SUM:
        # Of currencies that are not known, such as "crowns", the figure is compared.
        found = found or [v for v in inside if v.kind is ValueKind.NUMBER]
    vague = _VAGUE_WORD.search(candidate.text)
    if kind is AnswerType.NUMBER and vague and not found:
        between = _VAGUE[vague[1].lower()]
        return Stated(candidate, vague[0], None, between, frozenset(), around)
    if not found and kind in _EXACT:
        found = [v for v in values if v.kind in wanted]
        found = found if len(found) == 1 else []
    chosen = [v for v in found if not set(terms_of(v.value)) <= asked]
    if chosen and (kind in _KINDS or len(chosen) == 1):
        value = chosen[0]
        return Stated(candidate, value.span.of(candidate.text), value, None, frozenset(), around)
    if _YES_OR_NO.match(question):
        return None  # the words of "no, only guide dogs" are no value
    words = marked.of(candidate.text).strip(" .,;:")
    terms = frozenset(terms_of(words)) - asked
    if kind in _EXACT or not terms or len(words.split()) > _LONGEST_ANSWER:
        return None
    return Stated(candidate, words, None, None, terms, around)


def _that_count(question: str, found: Sequence[Stated]) -> Sequence[Stated]:
    """Return those values that count what "how many" asks for.

    Their sentences name it, or they count the same as one whose sentence does or as each other.
    "How many people" asks for persons of every kind.
    """
    asked = _COUNTED.search(question)
    counted = set(terms_of(asked[1])) if asked else set()
    if not counted:
        return found
    anybody = counted <= _ANYBODY
    units = [s.value.unit if s.value else "" for s in found]
    naming = [not counted.isdisjoint(terms_of(s.candidate.text)) for s in found]
    alike_units = {unit for unit, names in zip(units, naming, strict=True) if unit and names}
    alike_units |= {unit for unit in units if unit and units.count(unit) > 1}
    return [
        s
        for s, unit, names in zip(found, units, naming, strict=True)
        if names or s.between or unit in alike_units or (anybody and _PERSONS.fullmatch(unit))
    ]


def _of_one_kind(given: Sequence[Stated]) -> Sequence[Stated]:
    """Return what can be set against the most probable value: figures of its kind, or words.

    A number of people and a sum of money may both answer, and say nothing of each other.
    """
    return [s for s in given if _figure(s) is _figure(given[0])]


def _figure(stated: Stated) -> ValueKind | None:
    if stated.between:
        return ValueKind.NUMBER
    return stated.value.kind if stated.value and stated.value.kind in _FIGURES else None


def _same(one: Stated, other: Stated) -> bool:
    if alike(one.candidate.text, other.candidate.text) and not (one.value and other.value):
        return True
    if one.value and other.value:
        return agree(one.value, other.value)
    for vague, exact in ((one, other), (other, one)):
        if vague.between and exact.value:
            low, high = vague.between
            return low <= float(exact.value.value) <= high
    if one.between or other.between:
        return one.between == other.between
    shared = one.terms & other.terms
    return bool(shared) and 2 * len(shared) >= min(len(one.terms), len(other.terms))


def _of_own_sources(
    groups: Sequence[list[Stated]], story_of: Mapping[str, int]
) -> Iterator[list[Stated]]:
    """Yield the groups that some article stands behind which stands behind none before.

    An article that gives two values says more than one thing; it does not contradict itself. Copies
    of a report that give another value than it are no copies in this.
    """
    heard: set[str] = set()
    for group in groups:
        voices = {_voice(s, story_of): s for s in reversed(group) if _article(s) not in heard}
        heard |= {_article(stated) for stated in group}
        if voices:
            yield list(voices.values())[::-1]


def _article(stated: Stated) -> str:
    return stated.candidate.evidence.source.path


def _voice(stated: Stated, story_of: Mapping[str, int]) -> str:
    article = _article(stated)
    return f"story {story_of[article]}" if article in story_of else article
