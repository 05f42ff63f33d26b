"""What the pronouns of a question may stand for: what the turns before it were about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcebot.answering.casing import is_small_in, with_capitals
from sourcebot.answering.fragments import split_lead
from sourcebot.text.grammars import grammar_of
from sourcebot.text.phrases import Phrase, phrases_of
from sourcebot.text.terms import terms_of
from sourcebot.text.verbs import is_verb
from sourcebot.text.wordlists import PROPER_THINGS
from sourcebot.types import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sourcebot.types import Quote, Reply

FURTHEST = 6
"""How many turns back a pronoun may refer; what lies further is asked back about."""

_NAME = re.compile(
    r"(?<![\w’'-])(?:[A-ZÀ-Þ][\w’'-]+|[A-Z]\.)(?: (?:[A-ZÀ-Þ][\w’'-]+|[A-Z]\.|van|von|de|da))+"
)
_COUPLE = re.compile(
    r"\b[A-ZÀ-Þ][\w’-]+(?: [A-ZÀ-Þ][\w’-]+)? and [A-ZÀ-Þ][\w’-]+(?: [A-ZÀ-Þ][\w’-]+)?"
)
_FEMALE = re.compile(r"\b(?:she|her|hers)\b", re.IGNORECASE)
_MALE = re.compile(r"\b(?:he|him|his)\b", re.IGNORECASE)
_ASKS_WHERE = re.compile(r"where\b", re.IGNORECASE)
_ASKS_WHO = re.compile(r"\b(?:who|whom|whose)\b", re.IGNORECASE)
_COUNTED_PEOPLE = re.compile(
    r"\bhow many (?:was|were|are|got|have been) (\w+(?:ed|en)|hurt|lost|shot)\b", re.IGNORECASE
)
_FRONT = re.compile(r"^[A-Z][\w-]*(?= [a-z][^:?]*: )")
"""The first word of "Heating plant of Brackwell: how many farms?", as meanings are shown."""
_FRONT_ALONE = re.compile(r"^[A-Z][\w-]*(?=: )")
"""The same of one word, which may be a name: "Skarholm: how many live there?"."""

_FIRST = re.compile(r"^(?:the|a|an|its|his|her|their|every|each|any|some|this|that)\s+", re.I)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation, written out, with the quotes that it got."""

    question: str
    quotes: tuple[Quote, ...]
    answered: bool

    @classmethod
    def of(cls, reply: Reply) -> Turn:
        """Return the turn that ended with a reply."""
        quotes = reply.quotes if isinstance(reply, Answer) else reply.nearest
        # "No, I meant the tram" is about the tram.
        _, asked, _ = split_lead(with_capitals(reply.meant or reply.question, quotes))
        if grammar_of(asked) is None:
            asked = _FRONT.sub(lambda found: f"the {found[0].lower()}", asked)
            alone = _FRONT_ALONE.match(asked)
            if alone and any(is_small_in(alone[0], quote) for quote in quotes):
                asked = f"the {asked[:1].lower()}{asked[1:]}"
        return cls(asked, quotes, isinstance(reply, Answer))

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """The noun phrases of the question, those within others after them."""
        every = (inner for phrase in phrases_of(self.question) for inner in phrase.all())
        # "The one who held it before" refers itself.
        return tuple(phrase for phrase in every if phrase.head not in {"one", "ones"})


@dataclass(frozen=True, slots=True)
class Referent:
    """What a word stands for: its text within a question, and the turn that named it.

    ``short`` is the text without what comes after a preposition.
    """

    text: str
    turn: Turn
    short: str = ""


def find(pronoun: str, turns: Sequence[Turn], beside: str = "") -> tuple[Referent, ...]:
    """Return what a pronoun may stand for, all equally likely; () when nothing is known.

    Args:
        pronoun: "it", "he", "she", "they", "there", or "person" for any one person.
        turns: the turns before, the oldest first.
        beside: what another pronoun of the same question stands for, which this one cannot.
    """
    for turn in reversed(turns[-FURTHEST:]):
        found = [text for text in _FINDERS[pronoun](turn, pronoun) if text and text != beside]
        if found:
            return tuple(Referent(text, turn, shortened(text)) for text in dict.fromkeys(found))
    return ()


def named(phrase: Phrase, turns: Sequence[Turn]) -> Referent | None:
    """Return the longer name that "the hall" stands for, such as "the market hall"."""
    for turn in reversed(turns[-FURTHEST:]):
        for known in turn.phrases:
            ends = tuple(w.lower() for w in known.core[-len(phrase.core) :])
            longer = len(known.text) > len(phrase.text) and not known.counted
            if longer and ends == tuple(w.lower() for w in phrase.core):
                return Referent(definite(known.text), turn, definite(known.short))
    return None


def topic(turns: Sequence[Turn]) -> Referent | None:
    """Return what the conversation is about: the thing, else the people, of the last turns."""
    for pronoun in ("it", "they", "person"):
        if found := find(pronoun, turns):
            return found[0]
    return None


def definite(text: str) -> str:
    """Return a noun phrase with "the" in place of another article; names stay as they are."""
    bare = _FIRST.sub("", text)
    return text if bare == text else f"the {bare}"


def shortened(text: str) -> str:
    """Return a noun phrase without what comes after a preposition."""
    phrases = phrases_of(text)
    return phrases[0].short if len(phrases) == 1 and phrases[0].start == 0 else text


def telling(text: str) -> frozenset[str]:
    """Return the terms of a noun phrase that a text about it holds.

    Its noun with its names and numbers, else all words up to the first preposition: a text on
    "the old bridge at Lowmere" need not call it old.
    """
    phrases = phrases_of(text)
    if not phrases:
        return frozenset(terms_of(text))
    bare = _FIRST.sub("", text)
    names = [word for word in bare.split() if word[0].isdigit() or word[0].isupper()]
    words = [phrases[0].core[-1], *names] if names else phrases[0].core
    return frozenset(terms_of(" ".join(words)))


def _things(turn: Turn, _: str) -> list[str]:
    couples = [found.span() for found in _COUPLE.finditer(turn.question)]
    fitting = [
        p
        for p in turn.phrases
        if not _person(p)
        and _single_thing(p)
        # "For a tonne" names no tonne that could be "it", "Ilse and Georg Brandt" no thing.
        and not (p.indefinite and p.after)
        # "Can I bring my dog?": that is no thing of the articles.
        and p.text.partition(" ")[0].lower() not in {"my", "our", "your"}
        and not any(start <= p.start < end for start, end in couples)
    ]
    known = [p for p in fitting if not p.indefinite]
    return _first_or_both(known or fitting, turn)


def _single_thing(phrase: Phrase) -> bool:
    plural = phrase.plural and not phrase.group
    # "The bridge's repair": it is the bridge.
    done = is_verb(phrase.head) and any(not inner.after for inner in phrase.inner)
    return not (plural or phrase.time or phrase.counted or phrase.attribute or done)


def _first_or_both(phrases: list[Phrase], turn: Turn) -> list[str]:
    """Return the first phrase, or both where two stand side by side: "the bridge or the tower"."""
    if len(phrases) > 1:
        between = turn.question[phrases[0].end : phrases[1].start].strip().lower()
        if between in {"or", "and", ", or", ", and"}:
            both = [definite(p.text) for p in phrases[:2]]
            given = turn.quotes[0].text.casefold() if turn.answered else ""
            chosen = [p for p, q in zip(both, phrases[:2], strict=True) if q.head in given]
            return chosen if len(chosen) == 1 else both
    return [definite(p.text) for p in phrases[:1]]


def _person(phrase: Phrase) -> bool:
    """Return whether a phrase may be one person."""
    several = len(phrase.core) > 1 and phrase.proper
    return phrase.person or (several and not phrase.thing and not phrase.place)


def _people(turn: Turn, pronoun: str) -> list[str]:
    """Return the person whom a turn's answer names, else the one whom its question names."""
    asked = [p for p in turn.phrases if _person(p)]
    if _ASKS_WHO.search(turn.question) and turn.answered:
        known = turn.question.casefold()
        fresh = [n for n in names_in(turn.quotes[:1]) if n.casefold() not in known]
        fitting = [n for n in fresh if _may_be(pronoun, n, turn.quotes)]
        if len(fitting) == 1 or (fitting and not asked):
            return fitting[:3]
        if fresh and not fitting:  # the one in question is the other one
            return []
    fitting_ = [p for p in asked if p.fits(pronoun)]
    named_ = [p for p in fitting_ if p.person or _may_be(pronoun, p.text, turn.quotes)]
    single = [p for p in turn.phrases if p.proper and not p.thing and not p.place and not p.time]
    return [definite(p.text) for p in (named_ or ([] if asked else single))[:1]]


def names_in(quotes: Iterable[Quote]) -> list[str]:
    """Return the names in quotes that may be people's; those in the words that answer first."""
    found: list[str] = []
    for quote in quotes:
        start, end = (place - quote.span.start for place in (quote.words.start, quote.words.end))
        inside = [m[0] for m in _NAME.finditer(quote.text[max(0, start) : max(0, end)])]
        found += [n for n in inside if _personal(n)] or [
            m[0] for m in _NAME.finditer(quote.text) if _personal(m[0])
        ]
    return list(dict.fromkeys(found))


def _personal(name: str) -> bool:
    words = {word.casefold() for word in name.split()}
    return not words & (PROPER_THINGS | {"the", "in", "on", "at", "of"})


def _may_be(pronoun: str, name: str, quotes: Iterable[Quote]) -> bool:
    """Return False when the paragraphs that name somebody call them only by the other pronoun.

    They are read from the name up to the next person's, of whom a pronoun after it may tell.
    """
    last = name.rsplit(maxsplit=1)[-1]
    told = [q.paragraph[q.paragraph.find(last) :] for q in quotes if last in q.paragraph]
    text = " ".join(_up_to_another(text, last) for text in told)
    female, male = bool(_FEMALE.search(text)), bool(_MALE.search(text))
    if female == male:
        return True
    return pronoun not in {"he", "she"} or (pronoun == "she") == female


def _up_to_another(text: str, last: str) -> str:
    others = (m for m in _NAME.finditer(text) if last not in m[0] and _personal(m[0]))
    found = next(others, None)
    return text[: found.start()] if found else text


def _several(turn: Turn, _: str) -> list[str]:
    if _ASKS_WHO.search(turn.question) and turn.answered:
        text = turn.quotes[0].text
        if couple := _COUPLE.search(text):
            return [couple[0]]
        known = turn.question.casefold()
        given = [p for p in phrases_of(text) if (p.plural or p.group) and not p.time]
        given = [p for p in given if p.text.casefold() not in known]
        if given:
            return [definite(_lowered(given[0].text))]
    plural = [p for p in turn.phrases if p.plural and not p.time and p.head != "people"]
    groups = [p for p in turn.phrases if p.group]
    people = [p for p in turn.phrases if p.person]
    chosen = plural or groups or people
    if not chosen and (counted := _COUNTED_PEOPLE.search(turn.question)):
        return [f"the people {counted[1]}"]
    # "How many otters" counts them: they are "the otters" from now on.
    return [f"the {p.text}" if p.counted else definite(p.text) for p in chosen[:1]]


def _places(turn: Turn, _: str) -> list[str]:
    if turn.answered and _ASKS_WHERE.match(turn.question):
        quote = turn.quotes[0]
        start, end = (place - quote.span.start for place in (quote.words.start, quote.words.end))
        given = [p for p in phrases_of(quote.text) if start <= p.start and p.end <= end]
        if names := [p for p in given if (p.proper or p.place) and not p.time]:
            return [definite(names[0].text)]
    fitting = [p for p in turn.phrases if p.place and not p.time and not p.counted]
    names = [p for p in turn.phrases if p.proper and not _person(p) and not p.time]
    located = [p for p in turn.phrases if p.after in {"in", "at", "on"} and _single_thing(p)]
    return [definite(p.text) for p in (fitting or located or names)[:1]]


def _lowered(text: str) -> str:
    """Return a phrase from the start of a sentence as it stands within one."""
    first, _, rest = text.partition(" ")
    return f"{first.lower()} {rest}" if first in {"The", "A", "An", "Its", "Their"} else text


_FINDERS = {
    "it": _things,
    "person": _people,
    "he": _people,
    "she": _people,
    "they": _several,
    "there": _places,
}
