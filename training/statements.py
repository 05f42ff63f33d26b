"""A question and its answer -> a statement.

"Who was mayor in 2019?", "Adele Brandt" -> "Adele Brandt was mayor in 2019."

Rules over word order, without a parser: a question that fits none of them gives nothing. What comes
out is now and then clumsy; it says what question and answer say together (Demszky, Guu and Liang
2018, https://arxiv.org/abs/1809.02922, do it with a parser).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BE = _listed("is was are were")
_MODAL = _listed("has have had can could will would should may must might")
_DO = _listed("did do does")
_OPENING = _listed(
    "the a an this that these those his her its their he she it they you we i there your my our"
    " most many some all any each both"
)
_HANGING = _listed(
    "called named known as for of in on at to by with from about into made used located based"
    " found born held like considered referred"
)
_PARTICIPLES = _listed(
    "born built made held found known written won begun founded sent given taken sold bought led"
    " hit set put cut lost left sung drawn chosen driven grown shown thrown worn broken spoken"
    " stolen frozen hidden fought taught caught brought thought paid laid said told kept felt met"
    " spent lent meant dealt run"
)
_PLACE = _listed("in at on near between by from to during after before since around")
_ASKS_HOW_MANY = re.compile(r"how (?:many|much)\b", re.IGNORECASE)
_ASKS_WHEN = re.compile(
    r"(?:when|where|(?:in|on|at|during) (?:what|which) (?:year|month|day|date|city|country|state|"
    r"place|town|century|decade|season))\b",
    re.IGNORECASE,
)
_ASKS_WHICH = re.compile(r"(?:what|which)\b", re.IGNORECASE)
_ASKS_WHO = re.compile(r"(?:who|what|which)\b", re.IGNORECASE)


class Verbs:
    """The verbs of a collection, as they stand after "to" and with -s, -ed and -ing."""

    def __init__(self, sentences: Iterable[str]) -> None:
        after_to: Counter[str] = Counter()
        words: Counter[str] = Counter()
        for sentence in sentences:
            cut = re.findall(r"[^\W\d_]+", sentence.lower())
            words.update(cut)
            after_to.update(b for a, b in pairwise(cut) if a == "to")
        self._bases = {
            word
            for word, count in after_to.items()
            if count >= 3 and word not in _OPENING and count > 0.03 * words[word]
        }

    def is_base(self, word: str) -> bool:
        """Return whether it may stand after "did"."""
        return word.lower() in self._bases

    def is_finite(self, word: str) -> bool:
        """Return whether it may be the verb after a subject: "declared", "runs"."""
        low = word.lower()
        if low in _BE | _MODAL or low in _PARTICIPLES:
            return True
        stems = (low[:-1], low[:-2], low[:-3]) if low.endswith(("ed", "s")) else ()
        return any(stem in self._bases for stem in stems)


def statement(question: str, answer: str, verbs: Verbs) -> str:
    """Return what a question and its answer say, or ""."""
    asked = question.strip().rstrip("? ").split()
    answer = answer.strip(" .,;")
    if not 3 <= len(asked) <= 25 or not answer or len(answer.split()) > 10:
        return ""
    text = " ".join(asked)
    if found := _ASKS_WHEN.match(text):
        words = _placed(asked[len(found[0].split()) :], answer, verbs)
    elif _ASKS_HOW_MANY.match(text):
        words = _of_a_kind(asked[2:], [*answer.split(), *_counted(asked[2:], answer)], verbs)
    elif asked[0].lower() == "who" or (_ASKS_WHO.match(text) and asked[1].lower() in _VERBAL):
        words = _subject(asked[1:], answer.split(), verbs)
    elif _ASKS_WHICH.match(text):
        words = _of_a_kind(asked[1:], answer.split(), verbs)
    else:
        words = []
    if not words:
        return ""
    made = " ".join(words)
    return made[0].upper() + made[1:] + "."


_VERBAL = _BE | _MODAL | _DO


def _counted(rest: list[str], answer: str) -> list[str]:
    """Return the noun that is counted, if the answer does not name it."""
    noun = rest[0] if rest else ""
    return [noun] if noun and noun.lower() not in answer.lower() else []


def _of_a_kind(rest: list[str], answer: list[str], verbs: Verbs) -> list[str]:
    """Return a statement for "which organisation declared …": the verb follows the noun."""
    for place in range(1, min(5, len(rest) - 1)):
        if rest[place].lower() in _VERBAL or verbs.is_finite(rest[place]):
            return _subject(rest[place:], answer, verbs)
    return []


def _subject(rest: list[str], answer: list[str], verbs: Verbs) -> list[str]:
    """Return a statement for a question whose word of asking is followed by its verb."""
    if len(rest) < 2:
        return []
    verb, following = rest[0].lower(), rest[1].lower()
    if verb in _DO:
        return _with_do(rest, answer, verbs)
    if verb in _MODAL:
        # "who can the town elect" asks for the object
        inverted = following in _OPENING or not rest[1].islower()
        return [] if inverted else [*answer, *rest]
    if verb in _BE:
        return _copular(rest, answer, verbs)
    return [*answer, *rest] if verbs.is_finite(rest[0]) else []


def _copular(rest: list[str], answer: list[str], verbs: Verbs) -> list[str]:
    """Return "ANSWER was the leader", or "the leader was called ANSWER"."""
    hanging = len(rest)
    while hanging > 1 and rest[hanging - 1].lower() in _HANGING | _PARTICIPLES:
        hanging -= 1
    if hanging < len(rest):
        return [*rest[1:hanging], rest[0], *rest[hanging:], *answer] if hanging > 1 else []
    if rest[1].lower().endswith("ing") or rest[1].lower() in _PARTICIPLES:
        return [*answer, *rest]
    if any(verbs.is_finite(word) and word.endswith("ed") for word in rest[2:]):
        return []  # "what is X used to do": where its verb belongs is not told
    return [*answer, *rest]


def _with_do(rest: list[str], answer: list[str], verbs: Verbs) -> list[str]:
    """Return "the town did elect ANSWER in 2019" for "who did the town elect in 2019"."""
    for place in range(2, len(rest)):
        if verbs.is_base(rest[place]) and rest[place - 1].lower() not in _OPENING | _PLACE:
            after = place + 1
            return [*rest[1:place], rest[0], *rest[place:after], *answer, *rest[after:]]
    return []


def _placed(rest: list[str], answer: str, verbs: Verbs) -> list[str]:
    """Return "the bridge was opened in 1894" for "when was the bridge opened"."""
    if len(rest) < 2 or rest[0].lower() not in _BE | _DO:
        return []
    where = answer.split()
    if where[0].lower() not in _PLACE:
        where = ["in", *where] if not re.match(r"\d{1,2} |\w+day\b", answer) else ["on", *where]
    if rest[0].lower() in _DO:
        for place in range(2, len(rest)):
            if verbs.is_base(rest[place]) and rest[place - 1].lower() not in _OPENING | _PLACE:
                return [*rest[1:place], rest[0], *rest[place:], *where]
        return []
    for place in range(2, len(rest)):
        word = rest[place].lower()
        if word in _PARTICIPLES or (word.endswith("ed") and verbs.is_finite(word)):
            return [*rest[1:place], rest[0], *rest[place:], *where]
    return [*rest[1:], rest[0], *where]
