"""Sentence -> what tells by rule that it does or does not fit the question.

Each function of ``BY_RULE`` is a column of ``features``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from sourcebot.answering.rows import key_of
from sourcebot.text.terms import terms_of
from sourcebot.types import AnswerType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    from sourcebot.answering.places import Asked, Place

_ENGLISH = ("", "en")

_BY_FACT = re.compile(
    r"\W*(?:(?:in|on|at|since|by|from|until) )?"
    r"(?:when|where|how many"
    r"|(?:what|which) (?:year|day|date|month|place|town|city|village|country))\b",
    re.IGNORECASE,
)
"""Questions for the day, the place or the number of an event."""

_EVENTS = (
    (
        re.compile(r"\bborn\b|\bbirth(?:day|place)?\b(?! of a)", re.IGNORECASE),
        "born birth births birthday birthplace née né nee baptised baptized",
    ),
    (
        re.compile(
            r"\b(?:die[ds]?|dying|killed|perish(?:ed)?|drown(?:ed)?|pass(?:ed)? away|deaths?"
            r"|(?:lost|lose) (?:his|her|their) li(?:fe|ves)|fatalities)\b",
            re.IGNORECASE,
        ),
        "die dies died dying dead death deaths kill kills killed killing drown drowned perish"
        " perished murder murdered execute executed execution assassinated assassination suicide"
        " fatal fatally fatality fatalities casualties victim victims life lives survive survived"
        " survivor survivors mortality toll bodies body shot hanged beheaded burnt passed succumbed"
        " funeral buried massacred slain stabbed starved",
    ),
    (
        re.compile(r"\b(?:injur(?:ed|ies)|hurt|wounded)\b", re.IGNORECASE),
        "injured injure injuries injury hurt wounded wounds wound casualties hospital treated"
        " victims harmed burns unhurt uninjured",
    ),
    (
        re.compile(r"\b(?:marry|married|wed|wedding)\b", re.IGNORECASE),
        "marry marries married marrying marriage wed wedding wife husband spouse couple bride"
        " groom remarried",
    ),
)
"""How questions name an event of a life, and the words of which a sentence on it has one."""

_LIFESPAN = re.compile(r"\((?:[^()]*\D)?\d{3,4}\b[^()]*[-–—‐−][^()]*\d{3,4}\b[^()]*\)|[*†]\s?\d")
_LIFE = 2
"""The first so many events are those of a lifespan: "(1861 – 1934)"."""

_ASKS_SPEECH = re.compile(
    r"\bwhat (?:did|has|have|had)\b.*\b(?:say|said|tell|told|reply|replied)\b", re.IGNORECASE
)
_SPEECH = re.compile(
    r"[\"“”„«»]"
    r"|\b(?:sa(?:y|ys|id|ying)|t(?:ell|ells|old)|according|stat(?:es|ed)|add(?:s|ed)"
    r"|explain(?:s|ed)|warn(?:s|ed)|announc(?:es|ed)|admit(?:s|ted)|argue[sd]?|claim(?:s|ed)"
    r"|confirm(?:s|ed)|den(?:ies|ied)|insist(?:s|ed)|promise[sd]?|report(?:s|ed)|repl(?:ies|ied)"
    r"|answer(?:s|ed)|thank(?:s|ed)|complain(?:s|ed)|describe[sd]?|wr(?:ites|ote|itten)"
    r"|believe[sd]?|th(?:inks|ought)|declare[sd]?|remark(?:s|ed)|comment(?:s|ed)|conclude[sd]?"
    r"|critici[sz](?:es|ed)|call(?:s|ed))\b",
    re.IGNORECASE,
)

_REPEATED = 0.6
"""From this share of the question's term weight on, a sentence repeats the question."""


def asked_above(asked: Asked, place: Place) -> float:
    """Return 1 for the first sentence below a heading that asks the very question, .5 for others.

    Word for word but for order and endings: the article itself says what is answered there.
    """
    heading, language = place.evidence.paragraph.heading, place.evidence.source.language
    if not heading.endswith("?") or set(terms_of(heading, language)) != asked.weights.keys():
        return 0.0
    return 1.0 if place.number == 0 else 0.5


def cell_asked(asked: Asked, place: Place) -> float:
    """Return 1 for a row of a table of which the question names the row and a column."""
    paragraph, language = place.evidence.paragraph, place.evidence.source.language
    if paragraph.table is None or not paragraph.table.header:
        return 0.0
    terms = asked.weights.keys()
    key = key_of(paragraph, paragraph.sentences[place.number], language)
    if not key or not key <= terms:
        return 0.0
    columns = (frozenset(terms_of(cell.text, language)) for cell in paragraph.table.header[1:])
    return float(any(column and column <= terms for column in columns))


def event_lacking(asked: Asked, place: Place) -> float:
    """Return 1 where the day, place or number of an event of a life is asked for, and none named.

    "When was Reyle born?" is not answered by the year in which he came to town. The event may be
    named in the sentence, the one before it, the title or the headings.
    """
    number = _event(asked.text)
    if number is None or place.evidence.source.language not in _ENGLISH:
        return 0.0
    if number < _LIFE and _LIFESPAN.search(place.text):
        return 0.0
    return float(not _words_of_event(number) & place.near)


def speech_lacking(asked: Asked, place: Place) -> float:
    """Return 1 where what somebody said is asked for, and the sentence reports no speech."""
    if not _asks_speech(asked.text) or place.evidence.source.language not in _ENGLISH:
        return 0.0
    return float(not _SPEECH.search(place.text))


def reason_lacking(asked: Asked, place: Place) -> float:
    """Return 1 for a sentence that repeats a question for a reason without giving one.

    A reason in a sentence of its own often comes without "because", but does not repeat the matter.
    """
    if asked.kind is not AnswerType.REASON or place.held is not False:
        return 0.0
    repeated = sum(weight for term, weight in asked.weights.items() if term in place.terms)
    return float(repeated >= _REPEATED * sum(asked.weights.values()))


def year_apart(asked: Asked, place: Place) -> float:
    """Return 1 where a year of the question stands only elsewhere around, and another one here.

    "Here" is the sentence, the one before it, the title, the headings and the date of the article.
    """
    wanted = asked.details.years
    if not wanted or wanted & (place.details.years | place.near):
        return 0.0
    if not wanted & (place.around.years | place.around.numbers):
        return 0.0
    return float(bool(place.details.years) or place.evidence.source.published is not None)


def namesake(asked: Asked, place: Place) -> float:
    """Return 1 for a sentence near which another bears a name of the question.

    "Conrad Marwood" is asked for, "Ilse Marwood" stands there, and "Conrad" does not.
    """
    for first, last in asked.full_names:
        if first in place.near or last not in place.near:
            continue
        if any(other != first and name == last for other, name in place.full_names):
            return 1.0
    return 0.0


@lru_cache(64)
def _event(question: str) -> int | None:
    """Return which of the events of a life a question asks the day, place or number of."""
    if not _BY_FACT.match(question):
        return None
    return next((n for n, (named, _) in enumerate(_EVENTS) if named.search(question)), None)


@lru_cache(8)
def _words_of_event(number: int) -> AbstractSet[str]:
    return frozenset(_EVENTS[number][1].split())


@lru_cache(64)
def _asks_speech(question: str) -> bool:
    return bool(_ASKS_SPEECH.search(question))


BY_RULE: Mapping[Callable[[Asked, Place], float], float] = {
    asked_above: 2.0,
    cell_asked: 2.0,
    event_lacking: -3.0,
    speech_lacking: -2.0,
    reason_lacking: -3.0,
    year_apart: -2.0,
    namesake: -2.0,
}
"""The columns in their order, each with what it adds to the log odds of a sentence."""
