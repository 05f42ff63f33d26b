"""The kind of fact that a question asks for, and whether a sentence holds one."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from sourcebot.text.dates_in import month_names, weekday_names
from sourcebot.text.languages import CAPITAL_NOUNS, ENGLISH
from sourcebot.text.numbers_in import NUMBER_WORDS, numbers_in
from sourcebot.text.question_words import question_words
from sourcebot.types import AnswerType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sourcebot.text.question_forms import QuestionWords


def _words(*alternatives: str) -> str:
    """Return a pattern for any of the alternatives as whole words."""
    return rf"\b(?:{'|'.join(alternatives)})\b"


_ASKING = (
    (
        AnswerType.DATE,
        _words(
            # "When does it abstain?" asks for a condition, "When did it open?" for a date.
            r"when(?! (?:do|does|should|can|must)\b)",
            "how long ago",
            "(?:what|which) (?:year|month|day|date|time|century|decade)",
        ),
    ),
    (
        AnswerType.SUM,
        _words(
            r"how much\b.*\b(?:costs?|pay|paid|earn|price|worth|money|spen[dt]|fund\w*|raise\w*"
            r"|charged?|fees?|fine[ds]?|earned|budget\w*)",
            r"how much (?:is|are|was|were) (?:an?|the)\b"
            r"(?!.*\b(?:long|tall|big|old|high|heavy)er\b)",
            r"what(?:'s| is| was| were)? (?:the )?(?:price|cost|salary|fee|budget|fine|sum)",
        ),
    ),
    (
        AnswerType.NUMBER,
        _words(
            "how (?:many|much|old|long|far|tall|big|large|high|deep|wide|fast|often|heavy|hot)",
            r"(?:what|which)(?: (?:is|was|were|are) the(?: \w+)?)? (?:number|percent\w*|proportion"
            "|share|rate|age|margin|size|population|distance|height|length|speed|temperature"
            "|vote count|score|total|average|ratio)",
        ),
    ),
    (
        AnswerType.REASON,
        _words("why", "for what reason", "what (?:was|is) the (?:cause|reason)", "how come"),
    ),
    (
        AnswerType.PLACE,
        _words(
            "where",
            "(?:what|which) (?:country|city|town|state|place|county|continent|street|village)",
        ),
    ),
    (
        AnswerType.NAME,
        _words(
            "who",
            "whom",
            "whose",
            "(?:what|which) (?:person|man|woman|minister|president|author|company|team"
            "|organi[sz]ation|newspaper|group|party|mps?)",
        ),
    ),
)
_MONTHS_AND_DAYS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
_NUMBER_WORDS = (
    *NUMBER_WORDS,
    *("hundreds?", "thousands?", "millions?", "billions?", "dozens?", "half", "once", "twice"),
    *("double", "third", "quarter", "none", "nobody", "no one"),
)
_HOLDING = {
    AnswerType.DATE: _words(
        r"1\d\d\ds?",
        r"20\d\ds?",
        _MONTHS_AND_DAYS,
        "today|yesterday|tomorrow|tonight|century|decade|spring|summer|autumn|winter|noon|midnight",
        "ago",
        "(?:last|next|this) (?:week|month|year)",
        r"\d{1,2}:\d\d",
        r"\d{1,2}\s?[ap]\.?m",
        r"\d+ bc",
    ),
    AnswerType.NUMBER: r"\d|" + _words(*_NUMBER_WORDS),
    AnswerType.SUM: _words("free", "free of charge", "no charge", "nothing"),
    AnswerType.REASON: _words(
        "because|due to|owing to|since|therefore|so that|in order to|as a result|reason|causes?",
        "caused|thanks to|following|after|otherwise",
        "or (?:else|it|they|he|she|you|we)",
        "for (?:its|his|her|their|being|breaking|failing)",
        r"accus\w+",
        r"to (?!the\b|an?\b|this\b|that\b|his\b|her\b|its\b|their\b)[^\W\d]\w*",
    ),
}
_ASKING_PATTERNS = tuple((kind, re.compile(p, re.IGNORECASE)) for kind, p in _ASKING)
_HOLDING_PATTERNS = {kind: re.compile(p, re.IGNORECASE) for kind, p in _HOLDING.items()}
_DESCRIBED = re.compile(
    r"^\W*who(?:\s+(?:is|was|are|were)|['’]s)\s+(?!(?:the|an?|in|on|at|to|behind|responsible)\b)"
    r"[^\W\d_][\w.’'-]*(?:\s+[^\W\d_][\w.’'-]*){0,3}\W*$",
    re.IGNORECASE,
)
"""Who is Marta Lindqvist? The answer is what she is; "Who is mayor of Lowmere?" asks for a name."""

_OFFICE = re.compile(
    r"\b(?:of|for|in|at|the|mayor|director|editor|chair\w*|president|king|queen"
    r"|owner|winner|author|leader|minister|head|boss|manager|ceo)\b"
)
_WORD = re.compile(r"\b[^\W\d_][\w’'-]*")
_FIGURE = re.compile(r"\d")


def type_of(question: str, language: str = "") -> AnswerType:
    """Return the kind of fact that a question asks for.

    ``language`` is the ISO 639 code of the question's language, "" is English. Of languages that
    ``question_words`` does not have nothing is known: OTHER.
    """
    if language not in {"", ENGLISH}:
        words = question_words(language)
        asked = _ask(words).items() if words else ()
        return next((kind for kind, p in asked if p.search(question)), AnswerType.OTHER)
    if _DESCRIBED.match(question) and not _OFFICE.search(question):
        return AnswerType.OTHER
    for kind, pattern in _ASKING_PATTERNS:
        if pattern.search(question):
            return kind
    return AnswerType.OTHER


def _ask(words: QuestionWords) -> Mapping[AnswerType, re.Pattern[str]]:
    return {
        AnswerType.DATE: words.date,
        AnswerType.SUM: words.money,
        AnswerType.NUMBER: words.number,
        AnswerType.REASON: words.reason,
        AnswerType.PLACE: words.place,
        AnswerType.NAME: words.name,
    }


def held(kind: AnswerType, sentence: str, question: str, language: str = "") -> bool | None:
    """Return whether a sentence holds a fact of the kind, one that the question does not name.

    ``language`` is the sentence's, as of ``type_of``. None where that cannot be told: names and
    places are told by their capitals, all else without figures by the words that are known.
    """
    asked = question.casefold()
    if kind in {AnswerType.NAME, AnswerType.PLACE}:
        if not _tells_names(sentence, language):
            return None
        return any(name.casefold() not in asked for name in _capitalised(sentence))
    if language in {"", ENGLISH}:
        return _held_in_english(kind, sentence, asked)
    return _held_in(kind, sentence, asked, language)


def _held_in_english(kind: AnswerType, sentence: str, asked: str) -> bool | None:
    """Return what ``held`` does of a date, number, sum or reason in English."""
    pattern = _HOLDING_PATTERNS.get(kind)
    if pattern is None:
        return None
    if kind is AnswerType.SUM and any(n.currency for n in numbers_in(sentence)):
        return True
    if kind is AnswerType.REASON:
        return any(m[0].casefold() not in asked for m in pattern.finditer(sentence))
    return bool(pattern.search(sentence))


def _held_in(kind: AnswerType, sentence: str, asked: str, language: str) -> bool | None:
    """Return what ``held`` does of a date, number, sum or reason in another language."""
    words = question_words(language)
    if kind is AnswerType.DATE:
        dated = words.dated if words else None
        stated = bool(_dated(language).search(sentence))
        return stated or (bool(dated.search(sentence)) if dated else None)
    if kind is AnswerType.REASON:
        because = words.because if words else None
        found = because.finditer(sentence) if because else ()
        return any(m[0].casefold() not in asked for m in found) if because else None
    figures = bool(_FIGURE.search(sentence))
    if kind is AnswerType.SUM and figures:
        return any(number.currency for number in numbers_in(sentence, language)) or None
    if kind is AnswerType.NUMBER:
        counted = words.counted if words else None
        return figures or (bool(counted.search(sentence)) if counted else None)
    return None if kind is AnswerType.OTHER else False


@cache
def _dated(language: str) -> re.Pattern[str]:
    """Return the pattern of years, clock times, months and days of the week in a language."""
    names = {*month_names(language), *weekday_names(language)}
    spelt = "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True) if len(n) > 1)
    return re.compile(
        r"(?<!\d)(?:1\d\d\d|20\d\d)(?!\d)|\d{1,2}[:.]\d\d(?!\d)|[\d一二三四五六七八九十〇零]\s?[年月日]"
        rf"|{spelt}",
        re.IGNORECASE,
    )


def _tells_names(sentence: str, language: str) -> bool:
    """Return whether names are told by capitals: not in German, nor in scripts without them."""
    if language in CAPITAL_NOUNS:
        return False
    if sentence.upper() == sentence or sentence == sentence.lower():
        return False
    letters = [c for c in sentence if c.isalpha()]
    return sentence.isascii() or 2 * sum(c.upper() != c.lower() for c in letters) > len(letters)


def _capitalised(sentence: str) -> Iterator[str]:
    """Yield the words in capitals, but for one that begins the sentence."""
    return (m[0] for m in _WORD.finditer(sentence, 1) if m[0][0].isupper())


def names_in(question: str) -> frozenset[str]:
    """Return the capitalised words of a question besides its first, and its numbers."""
    words = re.findall(r"[\w’'-]+", question)
    return frozenset(word for word in words[1:] if word[0].isupper() or word[0].isdigit())
