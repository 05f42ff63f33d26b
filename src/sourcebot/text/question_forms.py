"""How the question words of a language are kept: as patterns (``question_words``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """Patterns of a language, which are searched for in small letters or as they stand.

    Attributes:
        date: questions for a day or another time.
        money: questions for a sum of money; looked for before ``number``.
        number: questions for a number.
        reason: questions for a reason.
        place: questions for a place.
        name: questions for a person.
        other: further words that questions ask with.
        because: what a sentence gives a reason with; None where that is not known.
        counted: numbers in words; None where they are not known.
        dated: times without a figure or a month, such as centuries; None where not known.
    """

    date: re.Pattern[str]
    money: re.Pattern[str]
    number: re.Pattern[str]
    reason: re.Pattern[str]
    place: re.Pattern[str]
    name: re.Pattern[str]
    other: re.Pattern[str]
    because: re.Pattern[str] | None
    counted: re.Pattern[str] | None
    dated: re.Pattern[str] | None

    def ask(self, text: str) -> bool:
        """Return whether a text asks in this language, by any of its question words."""
        asking = (self.date, self.number, self.reason, self.place, self.name, self.other)
        return any(pattern.search(text) for pattern in asking)


_START = r"(?:(?<=^)|(?<=^[¿\"«“„ ]))(?:\w{1,5} )?"


def patterns_of(
    *, date: str, money: str, number: str, reason: str, place: str, name: str, other: str,
    because: str = "", counted: str = "", dated: str = "", spaced: str = " ",
) -> QuestionWords:  # fmt: skip
    """Return the patterns, of whole words unless the script has no spaces between them.

    ^ is the beginning of a question, where a short word may stand: "qui" and "où" ask only there,
    else they join clauses.
    """
    words = partial(_words, spaced=bool(spaced))
    return QuestionWords(
        words(date),
        words(money),
        words(number),
        words(reason),
        words(place),
        words(name),
        words(other),
        words(because) if because else None,
        words(counted) if counted else None,
        words(dated) if dated else None,
    )


def _words(text: str, *, spaced: bool) -> re.Pattern[str]:
    text = text.replace("^", _START)
    # Not \b: vowel signs of Devanagari are no letters to it.
    return re.compile(rf"(?<!\w)(?:{text})(?!\w)" if spaced else text, re.IGNORECASE)
