"""Questions with one detail changed, so that the window no longer answers them.

A name, year or number of the question is replaced by another of the same kind that stands
near by but not in an answering sentence; or a word by its opposite that stands nowhere in the
window (the entity swaps and antonyms of SQuAD 2.0's own adversarial questions:
Rajpurkar, Jia and Liang 2018, https://arxiv.org/abs/1806.03822, table 1).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from random import Random

from training.text import holds, normalise, words

_YEAR = re.compile(r"\b(?:1\d{3}|20\d\d)\b")
_NUMBER = re.compile(r"\b\d+(?:[.,]\d+)*\b")
_NAME = re.compile(r"\b[A-Z][\w'’.-]*\w(?: (?:(?:of|the|de|van|von|and) )?[A-Z][\w'’.-]*\w){0,3}")
_SMALL_WORDS = (
    "the a an in on at of by for to from with and or but as it its he she they his her their this"
    " that these those there when where who whom whose which what why how after before during"
    " although however while since if also many most some several one two three another other"
    " according despite because i we you our your my january february march april may june july"
    " august september october november december"
)
_NEVER_NAMES = frozenset(_SMALL_WORDS.split())
_MONTHS = frozenset(_SMALL_WORDS.split()[-12:]) - {"may"}
_OPPOSITES = (
    "first last|largest smallest|biggest smallest|highest lowest|oldest youngest|oldest newest|"
    "longest shortest|most least|more fewer|more less|increase decrease|increased decreased|"
    "increases decreases|before after|north south|northern southern|east west|eastern western|"
    "born died|win lose|won lost|winner loser|started ended|begin end|began ended|"
    "opened closed|founded dissolved|create destroy|created destroyed|"
    "built demolished|buy sell|bought sold|arrive depart|husband wife|"
    "father mother|brother sister|son daughter|male female|men women|man woman|king queen|"
    "ancient modern|allow forbid|allowed forbidden|accept reject|"
    "accepted rejected|supported opposed|minimum maximum|upper lower|inner outer|"
    "import export|rich poor|legal illegal|positive negative|cause prevent|caused prevented|"
    "causes prevents|gain lose|gained lost|join leave|joined left|attack defend|"
    "attacked defended|raise lower|raised lowered|strong weak|stronger weaker|hot cold|"
    "public private|domestic foreign|always never|appointed dismissed|approved vetoed|"
    "hired fired|best worst|common rare|cheap expensive|above below"
)
_STEPS = (-10, -5, -3, -2, -1, 1, 2, 3, 5, 10)
OPPOSITE: dict[str, list[str]] = {}
for _pair in _OPPOSITES.split("|"):
    _left, _right = _pair.split()
    OPPOSITE.setdefault(_left, []).append(_right)
    OPPOSITE.setdefault(_right, []).append(_left)


class Lexicon:
    """The names of a collection, so that they are known in lower-cased text too."""

    def __init__(self, sentences: Iterable[str]) -> None:
        upper: Counter[str] = Counter()
        lower: Counter[str] = Counter()
        for sentence in sentences:
            for place, word in enumerate(re.findall(r"[^\W\d_]{3,}", sentence)):
                if place and word[0].isupper():
                    upper[word.lower()] += 1
                elif word.islower():
                    lower[word] += 1
        # Lower-cased sets spell every name small: a few capitals weigh more than many of those.
        self._names = {
            word
            for word, count in upper.items()
            if count >= 2 and word not in _NEVER_NAMES and lower[word] < 3 * count
        }

    def names(self, text: str) -> list[str]:
        """Return the names of `text`: runs of capitalised words, or words known as names."""
        if text == text.lower():
            found = [word for word in re.findall(r"[^\W\d_]{3,}", text) if word in self._names]
        else:
            found = [match[0] for match in _NAME.finditer(text) if self._is_name(match)]
        return list(dict.fromkeys(found))

    def _is_name(self, match: re.Match[str]) -> bool:
        parts = words(match[0])
        if not parts or parts[0] in _NEVER_NAMES:
            return False
        # At the start of a sentence every word has a capital.
        return match.start() > 0 or parts[0] in self._names


def swapped_questions(
    question: str,
    answering: Sequence[str],
    places: tuple[Sequence[str], ...],
    title: str,
    lexicon: Lexicon,
    random: Random,
) -> list[str]:
    """Return what a question can be changed to that its answering sentences do not answer.

    Other details are taken from sentences of the window that do not answer, and from near ones:
    `places` holds both.
    """
    right = " ".join(answering)
    made = _other_values(question, right, places, random)
    names = _names_in(question, (*answering, *places[0], *places[-1]), lexicon)
    own = [name for name in names if holds(right, name) or holds(title, name)]
    made += _replaced(question, own, lexicon.names, places, right, random)
    return made + opposites(question, " ".join((*answering, *places[0])))


def other_details(
    text: str,
    kept: str,
    places: tuple[Sequence[str], ...],
    lexicon: Lexicon,
    random: Random,
) -> list[str]:
    """Return texts in which a year, number, month or name is another one of the same kind.

    The others come from the sentences of `places` and do not stand in `kept`; a number without
    any is changed a little.
    """
    made = _other_values(text, kept, places, random)
    for number in _YEAR.findall(text) + _plain_numbers(text):
        if number.isdigit() and not made:
            other = str(int(number) + random.choice(_STEPS))
            made.append(re.sub(rf"(?<!\w){number}(?!\w)", other, text, count=1))
    own = lexicon.names(text)
    return made + _replaced(text, own, lexicon.names, places, kept, random)


def _other_values(
    text: str, kept: str, places: tuple[Sequence[str], ...], random: Random
) -> list[str]:
    made = []
    for finder in (_YEAR.findall, _plain_numbers, _months):
        made += _replaced(text, finder(text), finder, places, kept, random)
    return made


def _replaced(
    question: str,
    details: list[str],
    finder: Callable[[str], list[str]],
    places: tuple[Sequence[str], ...],
    answering: str,
    random: Random,
) -> list[str]:
    made = []
    for detail in details:
        for sentences in places:
            found = {n for s in sentences for n in finder(s)}
            fitting = sorted(
                other
                for other in found
                if not holds(answering, other)
                and not holds(question, other)
                and not holds(detail, other)
                and not set(words(other)) & set(words(answering))
                and abs(len(other.split()) - len(detail.split())) <= 1
            )
            if fitting:
                other = random.choice(fitting)
                pattern = rf"(?<!\w){re.escape(detail)}(?!\w)"
                other = other.lower() if question == question.lower() else other
                made.append(other.join(re.split(pattern, question, maxsplit=1)))
    return [text for text in made if normalise(text) != normalise(question)]


def _names_in(question: str, sentences: Sequence[str], lexicon: Lexicon) -> list[str]:
    """Return the names in the question as it spells them, known from sentences if lower-cased."""
    if question != question.lower():
        start = question.split(" ", 1)[0]
        return [name for name in lexicon.names(question) if not name.startswith(start)]
    known = {name.lower() for s in sentences for name in lexicon.names(s)}
    return sorted(name for name in known if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", question))


def _plain_numbers(text: str) -> list[str]:
    return [number for number in _NUMBER.findall(text) if not _YEAR.fullmatch(number)]


def _months(text: str) -> list[str]:
    return [month.capitalize() for month in sorted(_MONTHS) if holds(text, month)]


def opposites(question: str, around: str) -> list[str]:
    """Return texts with one word turned into an opposite that does not stand around it."""
    text = normalise(around)
    made = []
    for word in words(question):
        for other in OPPOSITE.get(word, ()):
            if f" {other}" not in text and not holds(question, other):
                pattern = re.compile(rf"\b{word}\b", re.IGNORECASE)
                made.append(pattern.sub(other, question, count=1))
    return made
