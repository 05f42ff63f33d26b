"""The pronouns and short names of a question -> what they stand for, in their place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sourcebot.answering.meanings import Unclear
from sourcebot.answering.referents import Referent, Turn, definite, find, named
from sourcebot.text.phrases import Phrase, Token, phrases_of, tokens_of
from sourcebot.text.verbs import is_infinitive
from sourcebot.text.wordlists import (
    AUXILIARIES,
    BE,
    DETERMINERS,
    PERSONAL,
    POSSESSIVE,
    PREPOSITIONS,
    PRONOUNS,
    WH,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_EXPLETIVE = re.compile(
    r"\bit (?:true|possible|allowed|necessary|legal|safe|worth|rain\w*|snow\w*|is that)\b"
    r"|\bit t(?:ake|akes|ook|aken) (?:him|her|them|you|us|me)\b",
    re.I,
)
_WHO_DOES = re.compile(rf"who (?!(?:{'|'.join(sorted(AUXILIARIES))})\b)[\w’'-]+ ", re.IGNORECASE)
_POINTING = {"that": "it", "this": "it", "these": "they", "those": "they"}


@dataclass(slots=True)
class Written:
    """A question while its words are replaced."""

    text: str
    short: str = ""
    referents: list[Referent] = field(default_factory=list)
    changed: bool = False


def written_out(question: str, turns: Sequence[Turn]) -> Written | Unclear:
    """Return a question with its pronouns and short names replaced by what they stand for."""
    written = Written(question)
    phrases = phrases_of(question)
    changes: list[tuple[int, int, str, str]] = []
    tokens = tokens_of(question)
    beside = ""
    replaced: set[str] = set()
    for place, token in enumerate(tokens):
        role = _role(tokens, place, question)
        if not role or _bound(role, token, phrases, question):
            continue
        if role == "then":
            time = _time_of(turns)
            changes.append((token.start, token.end, time, time))
            continue
        if role in replaced:
            continue  # "How did she earn her money?" speaks of one, "did she teach him?" of two
        found = find(role, turns, beside) or (find("they", turns) if role == "it" else ())
        if len(found) != 1:
            return Unclear(token.text.lower(), tuple(r.text for r in found))
        beside = found[0].text
        replaced.add(role)
        written.referents.append(found[0])
        forms = [_inserted(tokens, place, t) for t in (_whole(token, found[0]), found[0].short)]
        changes.append((token.start, token.end, forms[0], forms[1]))
    for phrase in phrases:
        if question[phrase.start : phrase.start + 4].lower() in {"the ", "that", "this"}:
            longer = named(phrase, turns) if not phrase.inner else None
            if longer:
                written.referents.append(longer)
                changes.append((phrase.start, phrase.end, longer.text, longer.short))
    written.changed = bool(changes)
    written.text = _replaced(question, [(start, end, text) for start, end, text, _ in changes])
    written.short = _replaced(question, [(start, end, text) for start, end, _, text in changes])
    return written


def _replaced(text: str, changes: list[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(changes, reverse=True):
        text = (text[:start] if new else text[:start].rstrip()) + new + text[end:]
    return text


def _role(tokens: list[Token], place: int, question: str) -> str:
    """Return the pronoun that a word is a form of, or "" when it refers to nothing before."""
    low = tokens[place].low
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    before = tokens[place - 1].low if place else ""
    if low == "it" and _EXPLETIVE.match(question, tokens[place].start):
        return ""
    if low == "there":
        exists = before in AUXILIARIES or (following is not None and following.low in BE)
        return "" if exists else "there"
    if low == "then":
        # "When did the railway come, then?" asks for the time.
        return "then" if place and not any(t.low == "when" for t in tokens) else ""
    asked = before in AUXILIARIES and following is not None and is_infinitive(following.low)
    if low in _POINTING and not _points(following) and not asked:
        return ""
    return PERSONAL.get(low) or _POINTING.get(low, "")


def _points(following: Token | None) -> bool:
    """Return whether "that" before a word stands alone: not "that year", not "that it was"."""
    if following is None or not following.word or following.low in PREPOSITIONS:
        return True
    return following.low in AUXILIARIES | {"then"}


def _bound(role: str, pronoun: Token, phrases: Sequence[Phrase], question: str) -> bool:
    """Return whether the question itself names before what a pronoun stands for."""
    earlier = [p for p in phrases if p.end <= pronoun.start and not p.counted and not p.time]
    if role == "it":
        return any(not p.plural and not p.person for p in earlier)
    if role in {"he", "she", "they"} and _WHO_DOES.match(question[: pronoun.start]):
        return True  # "Who said that they could not wait?"
    if role == "they":
        return any(p.plural or p.group for p in earlier)
    if role in {"he", "she"}:
        # Typed without capitals a name shows by having no article.
        small = question[1:].islower()
        return any(
            p.person or (p.proper and not p.thing) or (small and p.text == " ".join(p.core))
            for p in earlier
        )
    return role == "there" and any(p.place for p in earlier)


def _inserted(tokens: list[Token], place: int, text: str) -> str:
    """Return what stands for a pronoun in its place: in the genitive, with a preposition."""
    low = tokens[place].low
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    before = tokens[place - 1].low if place else ""
    if low == "there":
        return text if before in PREPOSITIONS else f"in {text}"
    noun = (
        following is not None
        and following.word
        and following.low not in (PREPOSITIONS | AUXILIARIES | WH | DETERMINERS | PRONOUNS)
    )
    if low in POSSESSIVE or (low == "her" and noun):
        return f"{text}’" if text.endswith("s") else f"{text}’s"
    return text if place else text[:1].upper() + text[1:]


def _whole(pronoun: Token, referent: Referent) -> str:
    """Return a referent's text; short before a genitive: "the school's roof"."""
    owns = pronoun.low in POSSESSIVE or pronoun.low == "her"
    return referent.short if owns else referent.text


def _time_of(turns: Sequence[Turn]) -> str:
    """Return the words of time in the last question that has some, such as "in 2019"."""
    for turn in reversed(turns):
        for phrase in phrases_of(turn.question):
            dated = phrase.time or any(p.time for p in phrase.all())
            if dated and not phrase.counted and phrase.after:
                return f"{phrase.after} {definite(phrase.text)}"
    return ""
