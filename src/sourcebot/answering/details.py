"""The details that a question fixes: years, other numbers and proper names.

A sentence with the right kind of fact about another year, another number or another person is no
answer, so what of them stands neither in a sentence nor around it must weigh.

``text.values`` normalises more forms; this takes a tenth of its time, and is done for each sentence
of the evidence of each question.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")
_GROUPED = re.compile(r"[.,\u00a0\u202f ](?=\d{3}(?:\D|$))")
_ISO_DATE = re.compile(r"\b(\d{4})-\d{2}-(\d{2})\b")
_DATE = re.compile(r"\b\d{1,2}[./]\d{1,2}[./](\d{4})\b")
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_YEAR = re.compile(r"1\d{3}|20\d{2}")
_WORD = re.compile(r"[^\W_][\w’'-]*")
_POSSESSIVE = re.compile(r"[’']s?$")
_PLACED = re.compile(
    r"\b(in|at|of|near|to|for|towards|from|between|on) (?:the )?"
    r"([A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*)"
)
_DIRECTION = {"to": "to", "for": "to", "towards": "to", "from": "from"}
_SMALL_WORDS = (
    "i the a an in on at of by for to from with and or but as is are was were do does did has have"
    " had can could will would should what which who whom whose when where why how if that this"
    " monday tuesday wednesday thursday friday saturday sunday january february march april may"
    " june july august september october november december"
)
_NOT_A_NAME = frozenset(_SMALL_WORDS.split())
_FULL_NAME = re.compile(r"\b(?=([^\W\d_][\w’'-]+) ([^\W\d_][\w’'-]+))")
_BEFORE_NAMES = (
    "mr mrs ms miss sir lady lord dr prof professor president king queen prince princess pope saint"
    " st mayor minister captain general colonel bishop judge senator governor doctor emperor"
    " mount lake river cape fort port new old north south east west great big"
    " san santa santo são los las el la le"
)
_TITLES = frozenset(_BEFORE_NAMES.split())
"""Capitalised words before a name that are no part of it: without them the name is the same."""


@dataclass(frozen=True, slots=True)
class Details:
    """What a text names.

    Attributes:
        years: its numbers from 1000 to 2099 that are written as years are.
        numbers: its other numbers, in digits alone with a point before decimals.
        names: its capitalised words in small letters, without those that begin a sentence.
    """

    years: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]


NOTHING = Details(frozenset(), frozenset(), frozenset())


def details_of(text: str) -> Details:
    """Return the details that a sentence or a question names."""
    # Months may be written as words, and of 5/6/2026 nobody knows which is the day.
    plain = _DATE.sub(r"\1", _ISO_DATE.sub(r"\1 \2", text if text.isascii() else _digits(text)))
    written = [match[0] for match in _NUMBER.finditer(plain)]
    years = frozenset(number for number in written if _YEAR.fullmatch(number))
    numbers = frozenset(_plain(number) for number in written if number not in years)
    return Details(years, numbers, frozenset(_names(text)))


def together(*parts: Details) -> Details:
    """Return what any of the parts names."""
    return Details(
        NOTHING.years.union(*(part.years for part in parts)),
        NOTHING.numbers.union(*(part.numbers for part in parts)),
        NOTHING.names.union(*(part.names for part in parts)),
    )


def words_of(text: str) -> frozenset[str]:
    """Return all words of a text in small letters, possessives without their ending."""
    return frozenset(map(_bare, _WORD.findall(text)))


def placed_names(text: str) -> frozenset[tuple[str, str]]:
    """Return the names that follow a word of place or direction, with which of these it is.

    "The crossing from Norrsund to Fanholm": ("from", "norrsund") and ("to", "fanholm"); all words
    of place are "in".
    """
    found: set[tuple[str, str]] = set()
    for match in _PLACED.finditer(text):
        kind = _DIRECTION.get(match[1], "in")
        found.update(
            (kind, word) for word in map(_bare, match[2].split()) if word not in _NOT_A_NAME
        )
    return frozenset(found)


def full_names(text: str) -> frozenset[tuple[str, str]]:
    """Return neighbouring words in capitals, in small letters, without titles such as "Queen".

    "When did Conrad Marwood die?": ("conrad", "marwood").
    """
    found = ((match[1], match[2]) for match in _FULL_NAME.finditer(text))
    return frozenset(
        (first.casefold(), _bare(last))
        for first, last in found
        if first[0].isupper()
        and last[0].isupper()
        and not _POSSESSIVE.search(first)
        and not {first.casefold().rpartition("-")[2], _bare(last)} & (_NOT_A_NAME | _TITLES)
    )


def _digits(text: str) -> str:
    """Return a text with the digits of any script, Arabic ones say, as ASCII has them."""
    return _OTHER_DIGIT.sub(lambda match: str(unicodedata.decimal(match[0])), text)


def _plain(number: str) -> str:
    """Return a number without the marks between its thousands."""
    return _GROUPED.sub("", number).replace(",", ".").lstrip("0") or "0"


def _bare(word: str) -> str:
    if "’" in word or "'" in word:
        word = _POSSESSIVE.sub("", word)
    return word.casefold()


def _names(text: str) -> set[str]:
    """Return the capitalised words that do not stand at the beginning, where every word has one.

    A text without small letters tells no names, nor does one in a script without capitals.
    """
    if text.upper() == text:
        return set()
    found = set()
    for word in _WORD.findall(text)[1:]:
        if word[0].isupper() and (bare := _bare(word)) not in _NOT_A_NAME:
            found.add(bare)
    return found
