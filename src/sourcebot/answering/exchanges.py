"""A part alone ("and in 2019?", "the tram", "his?") -> the last question with that part in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sourcebot.answering.fragments import bare_question
from sourcebot.text.phrases import Phrase, phrases_of, tokens_of
from sourcebot.text.wordlists import DETERMINERS, PREPOSITIONS

_LOWERED = PREPOSITIONS | DETERMINERS
_TIME_WORDS = re.compile(
    r"(?:right )?now|today|nowadays|currently|at (?:present|the moment)|these days"
    r"|(?:this|last|next) year|(?:before|after)(?:wards?| that)?|earlier|later",
    re.IGNORECASE,
)
_RANKS = frozenset(
    {"first", "second", "third", "fourth", "fifth", "last", "next", "previous", "other", "most"}
    | {"least", "best", "worst", "former", "latter"}
)
_NO_SUPERLATIVES = frozenset({"forest", "west", "guest", "interest", "harvest", "priest", "rest"})
_ONE = re.compile(
    rf"(?:the ones?|that|those) (?P<of>(?:{'|'.join(sorted(PREPOSITIONS))}) .+)", re.IGNORECASE
)
_YEAR = re.compile(r"\b1\d{3}\b|\b20\d\d\b")


@dataclass(frozen=True, slots=True)
class Changed:
    """The last question with a part exchanged or added.

    Attributes:
        question: the whole of it.
        part: what is new in it.
        replaces_subject: whether the part stands where the subject stood.
    """

    question: str
    part: str
    replaces_subject: bool = False


def exchange(question: str, part: str) -> tuple[Changed, ...]:
    """Return a question with ``part`` in the place of what is like it, the likeliest first."""
    part = bare_question(part)
    if part.split(" ")[0].lower() in _LOWERED:
        part = part[:1].lower() + part[1:]
    bare = bare_question(question)
    year = _YEAR.search(part)
    if year and (old := _YEAR.search(bare)) and len(part.split()) <= 2:
        return (Changed(f"{bare[: old.start()]}{year[0]}{bare[old.end() :]}?", part),)
    phrases = [p for p in phrases_of(bare) if not p.counted]
    special = _at_another_time(bare, part, phrases) or _of_another(bare, part)
    if special or (special := _of_another_rank(bare, part, phrases)):
        return (special,)
    first = tokens_of(part)[:1]
    if first and first[0].low in PREPOSITIONS:
        return _with_preposition(bare, part, first[0].low, phrases)
    nouns = [p for p in phrases if not p.proper]
    if nouns and (one := _ONE.match(part)):  # "The one to Saltburg", "those in Ostrey"
        part = f"the {' '.join(_most_like(nouns, one['of']).core)} {one['of']}"
    new = phrases_of(part)
    if not new:
        return (Changed(f"{bare} {part}?".replace(" ?", "?"), part),)
    added = Changed(f"{bare} for {part}?", part)
    replaced = [_replaced(bare, part, p) for p in _like(new[0], phrases)]
    if new[0].plural and not any(p.plural for p in phrases):
        return (added, *replaced)
    same = bool(phrases) and phrases[0].head == new[0].head
    beside = [] if same else _beside(bare, part, phrases)
    return (*replaced, *beside, added)


def _most_like(phrases: list[Phrase], part: str) -> Phrase:
    """Return the phrase that has a part of its own with the preposition that a part begins with."""
    first = part.split(" ", maxsplit=1)[0].lower()
    return next((p for p in phrases if any(i.after == first for i in p.inner)), phrases[0])


def _at_another_time(bare: str, part: str, phrases: list[Phrase]) -> Changed | None:
    """Return a question with "now" in the place of "in 1985"."""
    if not _TIME_WORDS.fullmatch(part):
        return None
    times = [inner for p in phrases for inner in p.all() if inner.time and inner.after]
    if not times:
        return None
    start = bare.rfind(times[-1].after, 0, times[-1].start)
    return Changed(f"{bare[:start]}{part}{bare[times[-1].end :]}?", "")


def _of_another(bare: str, part: str) -> Changed | None:
    """Return a question with another owner: "Ben's" in the place of "Ada's"."""
    tokens = tokens_of(part)
    if not tokens or not (tokens[-1].low == "'s" or tokens[-1].text.endswith(("s'", "s’"))):
        return None
    if not (span := _owner_span(bare)):
        return None
    owner = part[: tokens[-1].start] if tokens[-1].low == "'s" else part[:-1]
    text = f"{bare[: span[0]]}{owner}{bare[span[1] :]}?"
    return Changed(text, owner, replaces_subject=True)


def _owner_span(bare: str) -> tuple[int, int] | None:
    for phrase in phrases_of(bare):
        for inner in phrase.inner:
            if inner.after == "of" or bare[inner.end : inner.end + 1] in {"'", "’"}:
                return inner.start, inner.end
    return None


def _of_another_rank(bare: str, part: str, phrases: list[Phrase]) -> Changed | None:
    """Return a question about another of its kind: "the second one", "the smallest"."""
    words = part.split()
    ones = len(words) > 1 and words[-1].lower() in {"one", "ones"}
    kept = words[:-1] if ones else words
    last = kept[-1].lower() if kept else ""
    superlative = last.endswith("est") and last not in _NO_SUPERLATIVES
    if kept[:1] != ["the"] or not (last in _RANKS or superlative) or not phrases:
        return None
    ranked = [p for p in phrases if any(_is_rank(word.lower()) for word in p.core)]
    old = (ranked or phrases)[0]
    if old.proper:
        return None
    end = bare.find(old.core[-1], old.start) + len(old.core[-1])
    text = f"{bare[: old.start]}{' '.join(kept)} {old.core[-1]}{bare[end:]}?"
    # No text says of a thing that it is "the second one" as the question does.
    return Changed(text, last if superlative else "")


def _is_rank(word: str) -> bool:
    return word in _RANKS or (word.endswith("est") and word not in _NO_SUPERLATIVES)


def _with_preposition(
    bare: str, part: str, preposition: str, phrases: list[Phrase]
) -> tuple[Changed, ...]:
    """Return a question with "for students" in the place of "for children", or at its end."""
    added = Changed(f"{bare} {part}?", part)
    new = phrases_of(part)
    for phrase in reversed([inner for p in phrases for inner in p.all()]):
        if phrase.after != preposition or not new:
            continue
        start = bare.rfind(preposition, 0, phrase.start)
        replaced = Changed(f"{bare[:start]}{part}{bare[phrase.end :]}?", part)
        if new[0].time == phrase.time and new[0].proper == phrase.proper:
            return (replaced,)
        return (added, replaced)
    return (added,)


def _like(new: Phrase, phrases: list[Phrase]) -> list[Phrase]:
    """Return the phrases that a new one may take the place of, the likeliest first."""
    every = [inner for p in phrases for inner in p.all() if not inner.time or new.time]
    same_noun = [p for p in every if p.head == new.head]
    names = [p for p in every if p.proper and new.proper]
    several = [p for p in every if p.plural and new.plural]
    return (same_noun or names or several or phrases)[:1]


def _replaced(bare: str, part: str, phrase: Phrase) -> Changed:
    return Changed(
        f"{bare[: phrase.start]}{part}{bare[phrase.end :]}?", part, replaces_subject=True
    )


def _beside(bare: str, part: str, phrases: list[Phrase]) -> list[Changed]:
    """Return the question of a part of its subject: "the ticket of the tram"."""
    if not phrases:
        return []
    subject = phrases[0]
    # "Her son" has become "Ada Brandt's son": it names its whole already.
    owned = part if subject.text in part else f"{part} of {subject.text}"
    whole = f"{bare[: subject.start]}{owned}{bare[subject.end :]}?"
    return [Changed(whole, part)]
