"""A question after others -> what it is taken to mean, written out; or that it cannot be known.

Pure: nothing is searched here. ``followups`` tries the meanings against the articles.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sourcebot.answering.casing import with_capitals, without_first_capital
from sourcebot.answering.exchanges import Changed, exchange
from sourcebot.answering.fragments import (
    announced,
    counting,
    event_of,
    is_about_event,
    is_about_measure,
    is_another_one,
    is_fragment,
    is_owner_alone,
    is_question_word_only,
    is_small_talk,
    restated,
    split_lead,
)
from sourcebot.answering.meanings import Meaning, Unclear
from sourcebot.answering.other_languages import in_other_language
from sourcebot.answering.pronouns import Written, written_out
from sourcebot.answering.referents import (
    FURTHEST,
    Turn,
    find,
    telling,
    topic,
)
from sourcebot.text.grammars import grammar_of
from sourcebot.text.phrases import phrases_of, tokens_of
from sourcebot.text.terms import terms_of
from sourcebot.text.verbs import is_verb
from sourcebot.text.wordlists import (
    ADVERBS,
    AUXILIARIES,
    PREPOSITIONS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLACE_OR_TIME = re.compile(r"(?:where|when)\b", re.IGNORECASE)
_INDEFINITE = re.compile(r"an? ", re.IGNORECASE)
_WHO = re.compile(r"(?:who|what|which)\b", re.IGNORECASE)
_TOO = re.compile(r",? (?:too|also|as well)(?=[ ?.!]*$)", re.IGNORECASE)
_FEW_TERMS = 3
_TRIED_TURNS = 3
"""How many earlier questions a fragment such as "and a ticket?" is put into, the last first."""


def understand(question: str, turns: Sequence[Turn]) -> tuple[Meaning, ...] | Unclear:
    """Return what a question may mean after ``turns``, the likeliest first; () as it stands."""
    question = with_capitals(question, [q for turn in turns[-FURTHEST:] for q in turn.quotes])
    if grammar := grammar_of(question, turns[-1].question if turns else ""):
        return in_other_language(question, turns, grammar)
    turns = [turn for turn in turns if grammar_of(turn.question) is None]
    subject, rest = announced(question)
    if subject:
        quotes = turns[-1].quotes if turns else ()
        about = Turn(f"What about {subject}?", quotes, answered=False)
        return _whole_question(rest, [*turns, about], led=True)
    lead, rest, corrects = split_lead(question)
    if is_small_talk(rest):
        return ()
    if not rest or is_question_word_only(rest):
        return _restate(rest, turns)
    if is_fragment(rest):
        return _fragment(rest, turns, corrects=corrects, led=bool(lead))
    return _whole_question(rest, turns, led=bool(lead) and not corrects)


def _whole_question(
    question: str, turns: Sequence[Turn], *, led: bool
) -> tuple[Meaning, ...] | Unclear:
    if turns and is_about_event(question) and (event := event_of(turns[-1].question)):
        whole, about = f"{event}: {question}", _subject(turns[-1].question)
        return (Meaning(whole, about, turn=turns[-1], near=(whole, question)),)
    several = [p for turn in turns[-1:] for p in turn.phrases if p.plural and not p.time]
    if several and (whole := counting(question, several[0].core[-1])):
        return (Meaning(whole, telling(several[0].text), turn=turns[-1], near=(whole, question)),)
    written = written_out(question, turns)
    if isinstance(written, Unclear):
        return written
    if written.changed:
        return (_meaning(written, question, turns),)
    return _weak(question, turns, led=led)


def _restate(words: str, turns: Sequence[Turn]) -> tuple[Meaning, ...] | Unclear:
    if not turns or not words:
        return Unclear("")
    about = topic(turns[-1:])
    if about and _PLACE_OR_TIME.match(words) and is_about_measure(turns[-1].question):
        # Not "where does a card cost", but where the card is.
        whole = f"{(about.short or about.text).removeprefix('the ')}: {words}"
    else:
        whole = restated(turns[-1].question, words, _answering_name(turns[-1]))
    return (Meaning(whole, _subject(whole), turn=turns[-1], near=(whole,)),)


def _answering_name(turn: Turn) -> str:
    """Return the person whom the last answer names, if a person was asked for."""
    found = find("person", [turn]) if turn.answered else ()
    asked = turn.question.casefold()
    return found[0].text if len(found) == 1 and found[0].text.casefold() not in asked else ""


def _fragment(
    words: str, turns: Sequence[Turn], *, corrects: bool, led: bool
) -> tuple[Meaning, ...] | Unclear:
    """Return the last question with the part exchanged that a fragment such as "in 2019" names."""
    if not turns:
        return Unclear("") if led else ()
    words = without_first_capital(_TOO.sub("", words), turns[-1].quotes)
    if is_owner_alone(words):
        # "And his?" asks of another of those who were spoken of, not of who answers.
        asked = [replace(turn, answered=False) for turn in turns[:-1] or turns]
        written = written_out(words, asked)
    else:
        written = written_out(words, turns)
    if isinstance(written, Unclear):
        return written
    if is_another_one(words) and all(phrase.proper for phrase in turns[-1].phrases):
        return Unclear(words.strip(" ?!."))
    # A question that found nothing may itself have been misunderstood.
    answered = [turn for turn in reversed(turns) if turn.answered][:_TRIED_TURNS]
    earlier = [] if corrects else [turn for turn in answered if turn is not turns[-1]]
    return tuple(
        _changed(changed, turn, corrects=corrects, earlier=turn is not turns[-1])
        for turn in (turns[-1], *earlier)
        for changed in exchange(turn.question, written.text)
    )


def _changed(changed: Changed, turn: Turn, *, corrects: bool, earlier: bool) -> Meaning:
    before = set(terms_of(turn.question))
    fresh = frozenset(terms_of(changed.part)) - before
    precise = [word for word in tokens_of(changed.part)[1:] if word.capital]
    precise += [word for word in tokens_of(changed.part) if word.text[0].isdigit()]
    needed = frozenset(t for word in precise for t in terms_of(word.text)) & fresh
    if changed.replaces_subject:
        needed = frozenset(terms_of(changed.part))
    about = fresh if changed.replaces_subject else _subject(turn.question)
    near = (changed.question, *filter(None, (changed.part,)))
    if corrects:
        return Meaning(changed.question, about, fresh, needed, near=near)
    if _INDEFINITE.match(changed.part):  # "And a ticket?": one of what was spoken of
        about = frozenset()
    begins = [token.low for token in tokens_of(changed.part)[:1]]
    return Meaning(
        changed.question,
        about,
        fresh,
        needed,
        turn,
        near,
        everywhere=bool(about) and not earlier,
        exchanged=not PREPOSITIONS.intersection(begins),
    )


def _meaning(written: Written, rest: str, turns: Sequence[Turn]) -> Meaning:
    about = frozenset(t for r in written.referents for t in telling(r.text))
    turn = written.referents[0].turn if written.referents else turns[-1] if turns else None
    return Meaning(written.text, about, turn=turn, near=(written.short, rest))


def _subject(question: str) -> frozenset[str]:
    """Return the terms of what a question is about: its phrases without what is counted.

    "A ticket" tells nothing: each article on something that wants one has its own.
    """
    kept = [p for p in phrases_of(question) if not p.counted and not p.time and not p.indefinite]
    return frozenset(t for p in kept[:1] for t in telling(p.text))


def _content(question: str) -> int:
    """Return how many terms of a question say what it is about: not "many", not "long"."""
    words = " ".join(t.text for t in tokens_of(question) if t.low not in ADVERBS)
    return len(set(terms_of(words)))


def _weak(question: str, turns: Sequence[Turn], *, led: bool) -> tuple[Meaning, ...]:
    """Return a question without a name with the topic in front; () when it says what it is about.

    It can be asked as it stands, and is: what went before counts only where that finds nothing,
    or where the question has a sign that it refers to it.
    """
    phrases = [p for p in phrases_of(question) if not p.time]
    if any(inner.proper for p in phrases for inner in p.all()) or not turns:
        return ()
    about = topic(turns)
    if about is None:
        return ()
    known = [p for p in phrases if not p.counted]
    bare = not known and _content(question) < _FEW_TERMS
    verbless = not any(t.low in AUXILIARIES or is_verb(t.low) for t in tokens_of(question))
    pointing = [p for p in known if p.text[:4].lower() == "the " and len(p.core) == 1]
    all_pointing = bool(pointing) and len(pointing) == len(known)
    refers = bare or all_pointing or (verbless and not _WHO.match(question))
    whole = f"{(about.short or about.text).removeprefix('the ')}: {question}"
    return (
        Meaning(
            whole,
            telling(about.text),
            # What is asked for must stand in what was spoken of, or it is a new subject.
            fresh=frozenset(t for p in known for t in terms_of(" ".join(p.core))),
            turn=about.turn,
            near=(whole, question),
            everywhere=led or bare or bool(pointing),
            sure=led or (bare and verbless),
            refers=refers,
            bare=bare,
        ),
    )
