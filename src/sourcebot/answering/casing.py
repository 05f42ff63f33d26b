"""Questions typed without capitals: names are written as the quotes before have them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sourcebot.text.grammars import grammar_of
from sourcebot.text.wordlists import (
    ADVERBS,
    AUXILIARIES,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    TIMES,
    WH,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sourcebot.types import Quote

_WORD = re.compile(r"\w+")
_NAME = re.compile(
    # Inside a sentence, or before another capital: what begins one may be any word.
    r"(?<=[\w,;)] )[A-ZÀ-Þ]\w*|(?<!\w)[A-ZÀ-Þ]\w*(?=[ -][A-ZÀ-Þ])"
)
_NO_NAMES = ADVERBS | AUXILIARIES | DETERMINERS | PREPOSITIONS | PRONOUNS | TIMES | WH


def with_capitals(question: str, quotes: Iterable[Quote]) -> str:
    """Return a question that has no capitals with those of the names in quotes.

    "who is jonas aydin" shows no name to whoever reads its form. A question with a capital after
    its first letter was typed with care and stays as it is, as do questions in other languages.
    """
    if any(character.isupper() for character in question[1:]) or grammar_of(question):
        return question
    forms: dict[str, str] = {}
    small: set[str] = set()
    for quote in quotes:
        text = f"{quote.source.title}\n{quote.paragraph}"
        small.update(word for word in _WORD.findall(text) if word.islower())
        for name in _NAME.findall(text):
            forms.setdefault(name.lower(), name)
    known = {low: form for low, form in forms.items() if low not in small | _NO_NAMES}
    return _WORD.sub(lambda found: known.get(found[0].lower(), found[0]), question)


def without_first_capital(words: str, quotes: Iterable[Quote]) -> str:
    """Return a part of a question ("Babies too?") that begins small if a quote has it small."""
    first = _WORD.match(words)
    if first and any(is_small_in(first[0], quote) for quote in quotes):
        return words[:1].lower() + words[1:]
    return words


def is_small_in(word: str, quote: Quote) -> bool:
    """Return whether a quote or its paragraph has a word in small letters: it is no name there."""
    return word.lower() in _WORD.findall(f"{quote.text}\n{quote.paragraph}")
