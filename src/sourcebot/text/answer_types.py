"""The kind of fact that a question asks for, and whether a sentence holds one."""

from __future__ import annotations

import re

from sourcebot.text.numbers_in import NUMBER_WORDS, numbers_in
from sourcebot.types import AnswerType


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
_CAPITALISED = re.compile(r"\b[A-Z][\w’'-]*")


def type_of(question: str) -> AnswerType:
    """Return the kind of fact that a question asks for."""
    if _DESCRIBED.match(question) and not _OFFICE.search(question):
        return AnswerType.OTHER
    for kind, pattern in _ASKING_PATTERNS:
        if pattern.search(question):
            return kind
    return AnswerType.OTHER


def can_tell(kind: AnswerType, sentence: str) -> bool:
    """Return whether a sentence shows if it holds such a fact: names are told by their capitals."""
    cased = sentence.upper() != sentence != sentence.lower()
    return cased or kind not in {AnswerType.NAME, AnswerType.PLACE}


def holds(kind: AnswerType, sentence: str, question: str) -> bool:
    """Return whether a sentence holds a fact of the kind, one that the question does not name."""
    if kind in {AnswerType.NAME, AnswerType.PLACE}:
        asked = question.casefold()
        return any(m[0].casefold() not in asked for m in _CAPITALISED.finditer(sentence, 1))
    if kind is AnswerType.SUM and any(n.currency for n in numbers_in(sentence)):
        return True
    pattern = _HOLDING_PATTERNS.get(kind)
    if kind is AnswerType.REASON and pattern:
        asked = question.casefold()
        return any(m[0].casefold() not in asked for m in pattern.finditer(sentence))
    return pattern is None or bool(pattern.search(sentence))


def names_in(question: str) -> frozenset[str]:
    """Return the capitalised words of a question besides its first, and its numbers."""
    words = re.findall(r"[\w’'-]+", question)
    return frozenset(word for word in words[1:] if word[0].isupper() or word[0].isdigit())
