"""The kind of fact that a question asks for, and whether a sentence holds one."""

from __future__ import annotations

import re
from enum import Enum


class AnswerType(str, Enum):
    """The kind of fact that a question asks for; the value is what a refusal calls it."""

    DATE = "a date or time"
    NUMBER = "a number"
    SUM = "a sum of money"
    NAME = "a name"
    PLACE = "a place"
    REASON = "a reason"
    OTHER = ""


_NUMBER_WORDS = (
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty|thirty|forty"
    r"|fifty|sixty|hundreds?|thousands?|millions?|billions?|dozens?|half|once|twice|double|third|quarter|none)\b"
)
_QUESTIONS = (
    (AnswerType.DATE, r"\bwhen\b|\b(?:what|which) (?:year|month|day|date|time|century|decade)\b|\bhow long ago\b"),
    (AnswerType.SUM, r"\bhow much\b(?=.*\b(?:cost|pay|paid|earn|price|worth|money|spend|spent|fund\w*|raise\w*)\b)"
                     r"|\bwhat(?:'s| is| was| were)? (?:the )?(?:price|cost|salary|fee|budget|fine|sum)\b"),
    (AnswerType.NUMBER, r"\bhow (?:many|much|old|long|far|tall|big|large|high|deep|wide|fast|often|heavy|hot|cold)\b"
                        r"|\b(?:what|which) (?:number|percent\w*|proportion|share|rate|age|margin|size|population"
                        r"|distance|height|length|speed|temperature|vote count|score)\b"
                        r"|\bwhat (?:is|was|were|are) the (?:\w+ )?(?:number|percent\w*|margin|vote count|total|rate"
                        r"|population|score|average|ratio)\b"),
    (AnswerType.REASON, r"\bwhy\b|\bfor what reason\b|\bwhat (?:was|is) the (?:cause|reason)\b|\bhow come\b"),
    (AnswerType.PLACE, r"\bwhere\b|\b(?:what|which) (?:country|city|town|state|place|county|continent|street|village)\b"),
    (AnswerType.NAME, r"\bwho(?:m|se)?\b|\b(?:what|which) (?:person|man|woman|minister|president|author|company|team"
                      r"|organi[sz]ation|newspaper|group|party|mps?)\b"),
)
_HOLDS = {
    AnswerType.DATE: (
        r"\b(?:1[0-9]\d\d|20\d\d)s?\b|\b(?:january|february|march|april|may|june|july|august|september|october"
        r"|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|yesterday|tomorrow"
        r"|tonight|century|decade|spring|summer|autumn|winter|noon|midnight|ago|(?:last|next|this) (?:week|month|year))\b"
        r"|\b\d{1,2}(?::\d\d|\s?[ap]\.?m)\b|\b\d+ bc\b"
    ),
    AnswerType.NUMBER: r"\d|" + _NUMBER_WORDS,
    AnswerType.SUM: r"[$£€¥]\s?\d|\b(?:dollars?|pounds?|euros?|pence|cents?|usd|eur|gbp|[\d.]+(?:m|bn|k))\b|\bfree\b",
    AnswerType.REASON: (
        r"\b(?:because|due to|owing to|since|therefore|so that|in order to|as a result|reason|caused?|causes|thanks to"
        r"|following|after|for (?:its|his|her|their|being|breaking|failing)|accus\w+|to \w+)\b"
    ),
}
_QUESTION_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _QUESTIONS)
_HOLD_PATTERNS = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _HOLDS.items()}
_CAPITALISED = re.compile(r"\b[A-Z][\w’'-]*")


def type_of(question: str) -> AnswerType:
    """Return the kind of fact that a question asks for."""
    for kind, pattern in _QUESTION_PATTERNS:
        if pattern.search(question):
            return kind
    return AnswerType.OTHER


def holds(kind: AnswerType, sentence: str, question: str) -> bool:
    """Return whether a sentence holds a fact of the kind that the question does not name itself."""
    if kind in {AnswerType.NAME, AnswerType.PLACE}:
        asked = question.casefold()
        return any(m[0].casefold() not in asked for m in _CAPITALISED.finditer(sentence, 1))
    pattern = _HOLD_PATTERNS.get(kind)
    return pattern is None or bool(pattern.search(sentence))


def names_in(question: str) -> frozenset[str]:
    """Return the capitalised words of a question besides its first, and its numbers."""
    words = re.findall(r"[\w’'-]+", question)
    return frozenset(w for w in words[1:] if w[0].isupper() or w[0].isdigit())
