"""Follow-ups in German, French and Spanish: by their function words, without noun phrases."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcebot.answering.meanings import Meaning, Unclear
from sourcebot.answering.referents import names_in
from sourcebot.text.grammars import SUBJECT, grammar_of
from sourcebot.text.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.answering.referents import Turn
    from sourcebot.text.grammars import Grammar

_FRONT = re.compile(r"^(?P<subject>[^:?]{2,80}): (?P<rest>\S.*)$", re.DOTALL)
"""A question that was itself taken as one about a subject."""

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_YEAR = re.compile(r"\b(?:1\d{3}|20\d\d)\b")
_LONGEST_PART = 6


@dataclass(frozen=True, slots=True)
class Form:
    """How a question is built.

    Attributes:
        rest: the question without "und" and the like.
        led: whether it begins with such a word.
        whole: whether it can be understood as a question, though a pronoun may want a subject.
        pronoun: the word that refers to something before, or "".
        asking: the question words that it begins with, or "".
    """

    rest: str
    led: bool
    whole: bool
    pronoun: str
    asking: str


def form_of(question: str, grammar: Grammar) -> Form:
    """Return how a question is built."""
    text = question.strip().lstrip("¿¡").strip()
    lead = grammar.leads.match(text)
    rest = text[lead.end() :].lstrip("¿¡ ") if lead else text
    asks = grammar.asking.match(rest)
    asking = asks[0].strip() if asks else ""
    told = _WORD.findall(rest[len(asks[0]) :] if asks else rest)
    # "Warum?", "Et où ?": nothing but question words; "2019?", "für Kinder?": none at all.
    whole = bool(asks and told) or len(told) > _LONGEST_PART
    pronoun = grammar.pronouns.search(rest) if whole else None
    return Form(rest, bool(lead), whole, pronoun[0].strip(" -'’") if pronoun else "", asking)


def subject_of(turn: Turn, grammar: Grammar) -> str:
    """Return what a question was about: the person who answers it, else its noun phrase."""
    front = _FRONT.match(turn.question)
    question = front["rest"] if front else turn.question
    asked = form_of(question, grammar)
    if turn.answered and asked.asking.lower().rsplit(" ", 1)[-1] in grammar.who:
        known = turn.question.casefold()
        people = [n for n in names_in(turn.quotes[:1]) if n.casefold() not in known]
        if people:
            return people[0]
    if front:
        return front["subject"]
    return _noun_phrase(asked.rest[len(asked.asking) :], grammar)


def _noun_phrase(text: str, grammar: Grammar) -> str:
    """Return the first noun phrase of a text, to its end: by its article, else by its capitals."""
    words = list(_WORD.finditer(text))
    for word in words[:-1]:
        low = word[0].lower()
        elided = re.match(r"[ld]['’]", low)
        if low in grammar.articles or elided:
            return _without_predicate(text[word.start() :].strip(" ?.!¿¡"))
    capital = next((w for w in words if w[0][0].isupper()), None)
    return _without_predicate(text[capital.start() :].strip(" ?.!¿¡")) if capital else ""


def _without_predicate(phrase: str) -> str:
    """Return a phrase without the small words after its last name or noun in capitals."""
    words = list(_WORD.finditer(phrase))
    last = next((w for w in reversed(words) if w[0][0].isupper() or w[0][0].isdigit()), None)
    return phrase[: last.end()] if last and last is not words[0] else phrase


def put_into(question: str, form: Form, grammar: Grammar) -> str:
    """Return the last question with a part such as "2019", "warum" or "for children" put in."""
    front = _FRONT.match(question)
    lead = f"{front['subject']}: " if front else ""
    bare = (front["rest"] if front else question).strip().strip("¿?!. ")
    part = form.rest.strip(" ?.!¿¡")
    asks = grammar.asking.match(bare)
    if form.asking:
        rest = bare[asks.end() :].strip() if asks else bare
        return f"{lead}{part[:1].upper()}{part[1:]} {rest}?"
    old, year = _YEAR.search(bare), _YEAR.search(part)
    if old and year:
        return f"{lead}{bare[: old.start()]}{year[0]}{bare[old.end() :]}?"
    first = part.split(" ", 1)[0].lower()
    if year or first in grammar.prepositions:
        return f"{lead}{bare} {part}?"
    # "Und eine Jahreskarte?": in the place of what stood after the verb.
    words = list(_WORD.finditer(bare[asks.end() :])) if asks else []
    if asks and words:
        return f"{bare[: asks.end() + words[0].end()]} {part}?"
    return f"{lead}{bare} {part}?"


def written_out(form: Form, subject: str, grammar: Grammar) -> str:
    """Return a question with the subject in the place of its pronoun, or in front of it."""
    for pattern, place in grammar.written:
        if pattern.search(form.rest):
            said = pattern.sub(place, form.rest, count=1)
            return said.replace(SUBJECT, subject).strip()
    return f"{subject}: {form.rest}"


def in_other_language(
    question: str, turns: Sequence[Turn], grammar: Grammar
) -> tuple[Meaning, ...] | Unclear:
    """Return what a question may mean after ``turns``, as ``understand`` does for English.

    Where it refers to something it is asked with the subject in front, and as it stands in the
    article that was just quoted; a part alone is put into the last question.
    """
    form = form_of(question, grammar)
    if form.whole and not form.pronoun:
        return ()
    # Nothing is put into a question of another language.
    turns = [turn for turn in turns if grammar_of(turn.question) is grammar]
    if not turns:
        return Unclear(form.pronoun) if form.pronoun or form.led or not form.rest else ()
    last = turns[-1]
    subject = subject_of(last, grammar)
    if not form.whole:
        put = put_into(last.question, form, grammar)
        needed = frozenset(t for word in _YEAR.findall(form.rest) for t in terms_of(word))
        return (Meaning(put, _telling(subject), needed, needed, last, (put, form.rest)),)
    if not subject:
        return Unclear(form.pronoun)
    whole = f"{subject}: {form.rest}"
    near = (written_out(form, subject, grammar), whole, form.rest)
    return (Meaning(whole, _telling(subject), turn=last, near=near),)


def _telling(subject: str) -> frozenset[str]:
    """Return the terms of a subject in any language: its names, else all of it."""
    names = [word for word in subject.split() if word[:1].isupper() or word[:1].isdigit()]
    return frozenset(terms_of(" ".join(names) or subject))
