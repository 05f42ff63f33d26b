"""Two questions in one -> two questions, each answered for itself, the open half named.

Only what is surely two is parted: "and" between two whole questions, two question words before one
verb, or a question word that is added at the end.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sourcebot.text.wordlists import AUXILIARIES
from sourcebot.types import Abstention, Answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.answering.followups import Ask, Previous
    from sourcebot.types import Filters, Quote, Reply

MOST_PARTS = 4

_VERB = f"(?:{'|'.join(sorted(AUXILIARIES, key=lambda word: (-len(word), word)))})"
_WH = (
    r"(?:(?:since|until|by|for|from|to|in|at|on|with|of) )?(?:who|whom|whose|what|when|where|why"
    r"|which|how)"
)
_DEGREE = r"(?:how (?:many|much|long|often|old|far|high|tall|big|deep|wide|large|fast|heavy))"
_SECOND = re.compile(
    # "… and how much did it cost", "… and who paid for it"
    rf",? and (?=(?:{_DEGREE}|{_WH})(?: [\w’'-]+){{0,3}}? {_VERB}\b|who [\w’'-]+(?:d|t|s|n|w)\b"
    # "… and how many pupils"
    r"|how (?:many|much)(?: [\w’'-]+){1,3}$)",
    re.IGNORECASE,
)
_ADDED = re.compile(
    # "… and when?", "… and by whom?"
    r",? and (?P<word>(?:since |until |by |for |to |with )?(?:when|where|why|how|whom"
    r"|how (?:many|much|long|often)))\s*\?*$",
    re.IGNORECASE,
)
_DOUBLE = re.compile(
    # "When and where was she born?"
    rf"^(?P<one>when|where|why|how|who) and (?P<other>when|where|why|how) (?P<rest>{_VERB}\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
_ASKS = re.compile(rf"^(?:and |but )?(?:{_WH}|{_VERB})\b", re.IGNORECASE)
_NAMED_BEFORE = re.compile(r"\b(?:s?he|him|her|his|hers|they|them|their)\b", re.IGNORECASE)
_ANNOUNCES = re.compile(r"^(?:and |but )?(?:what|how) about\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=\?)\s+(?=\S)")


def parts_of(question: str) -> tuple[str, ...]:
    """Return the questions that stand in one, in order; the question alone when it is one."""
    found: list[str] = []
    sentences = _SENTENCE_END.split(question.strip())
    if len(sentences) == 2 and _announces(*sentences):
        return (question,)
    for sentence in sentences:
        found += _halves(sentence)
    asking = all(_ASKS.match(part) for part in found)
    found = [part[:1].upper() + part[1:] for part in found]
    return tuple(found) if asking and 1 < len(found) <= MOST_PARTS else (question,)


def _announces(first: str, second: str) -> bool:
    """Return whether a sentence names what the next one asks about: "What about the tram?"."""
    asks = _ASKS.match(second) and not _ANNOUNCES.match(second)
    return bool(asks and _ANNOUNCES.match(first))


def _halves(sentence: str) -> list[str]:
    bare = sentence.strip().rstrip("?!. ")
    if double := _DOUBLE.match(bare):
        return [
            f"{word[:1].upper()}{word[1:]} {double['rest']}?"
            for word in (double["one"].lower(), double["other"].lower())
        ]
    if not _ASKS.match(bare):
        return [sentence]
    if (added := _ADDED.search(bare)) and " " in bare[: added.start()]:
        return [f"{bare[: added.start()]}?", f"{added['word']}?"]
    halves = _SECOND.split(bare)
    if len(halves) == 1:
        return [sentence]
    return [f"{half}?" for half in halves]


def ask_parts(ask: Ask, question: str, filters: Filters, previous: Previous) -> Reply:
    """Return the reply to a question, or to each of those that stand in it.

    The parts' replies are then in the reply's ``parts``; its quotes are the best of each part
    first. Each part may refer to those before it ("… and how much did it cost?").

    Args:
        ask: answers a question as it stands.
        question: what was asked.
        filters: which articles may be quoted.
        previous: as of ``ask_following``.
    """
    asked = parts_of(question)
    if len(asked) == 1:
        return _ask(ask, question, filters, previous)
    before = (previous,) if isinstance(previous, Answer | Abstention) else tuple(previous or ())
    replies: list[Reply] = []
    for number, part in enumerate(asked):
        known = None if previous is None and not number else _known(part, before, replies)
        replies.append(_ask(ask, part, filters, known))
    return _joined(question, tuple(replies))


def _ask(ask: Ask, question: str, filters: Filters, previous: Previous) -> Reply:
    if previous is None:
        return ask(question, filters)
    # What reads conversations takes longer to load than a first answer to find.
    from sourcebot.answering.followups import ask_following

    return ask_following(ask, question, filters, previous)


def _known(part: str, before: Sequence[Reply], replies: Sequence[Reply]) -> Sequence[Reply]:
    """Return the replies that a part may refer to.

    Where the parts before it went on with a subject of the conversation, it goes on with that,
    too: after "who will cut the ribbon" the ribbon is not the subject. But "he" may be who was
    just named, and "when?" asks on.
    """
    if not before or not replies:
        return (*before, *replies)
    from sourcebot.answering.fragments import is_question_word_only

    goes_on = all(reply.meant for reply in replies)
    asks_on = is_question_word_only(part) or _NAMED_BEFORE.search(part)
    return before if goes_on and not asks_on else (*before, *replies)


def _joined(question: str, replies: tuple[Reply, ...]) -> Reply:
    answers = [reply for reply in replies if isinstance(reply, Answer)]
    later = tuple(quote for reply in replies for quote in reply.later)
    if not answers:
        return replace(replies[0], question=question, parts=replies, later=later)
    ranked = [
        quote
        for row in range(max(len(answer.quotes) for answer in answers))
        for answer in answers
        for quote in answer.quotes[row : row + 1]
    ]
    quotes: dict[tuple[str, int, int], Quote] = {}
    for quote in ranked:
        quotes.setdefault((quote.source.path, quote.span.start, quote.span.end), quote)
    confidence = min(answer.confidence for answer in answers)
    conflict = next((answer.conflict for answer in answers if answer.conflict), None)
    return Answer(
        question, tuple(quotes.values()), confidence, parts=replies, conflict=conflict, later=later
    )
