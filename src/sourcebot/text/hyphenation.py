"""Words divided at a line's end: joined where that is sure, else kept as they are printed.

"inspec-" + "tion" is "inspection", for no other word is meant; "Anglo-" + "American" keeps its
hyphen, and so does whatever could be either ("co-" + "operation"): a quote must not show a word
that its source does not.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_LANGUAGES = frozenset({"de", "en", "es", "fr", "it", "lv", "nl", "pt", "ru", "eu"})
"""Those of which pyspellchecker brings the words."""

_COMPOUNDING = frozenset(
    word
    for line in """
    all anti co counter cross ex extra half ill infra intra mid multi neo non pan post pre pro
    pseudo quasi self semi ultra well anglo euro afro indo franco bio eco geo socio electro to
    """.splitlines()
    for word in line.split()
)
"""First parts that stand before whole words with a hyphen or without one, as the writer likes."""

_SUSPENDED = frozenset(
    {"and", "or", "to", "nor", "und", "oder", "bis", "sowie", "bzw", "et", "ou", "y", "o", "u"}
    | {"e", "ed", "od", "en", "of", "i", "och", "eller", "og", "a", "til"}
)
"""What follows a hyphen that stands for a part of the next word ("pre- and post-war")."""

_OXFORD = str.maketrans("s", "z")
"""The list of English spells "organization" with a z."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LAST = re.compile(r"(?<![^\W\d_])([^\W\d_]+(?:['’][^\W\d_]+)*)-$")
_OPEN = re.compile(r"(?<=[\dA-Z])–$|(?:://|www\.)\S*/$|://$")
"""What goes on without a space: "737–" + "9", and addresses of the web."""

_UNSPACED = re.compile("[\u3001-\u30ff\u3400-\u9fff\uff01-\uff60]")
"""Characters of scripts that put no spaces between words: Chinese and Japanese."""

_FIRST = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_HYPHENATED = re.compile(r"(?<![^\W\d_])[^\W\d_]+(?:-[^\W\d_]+)+")


def vocabulary_of(text: str) -> frozenset[str]:
    """Return the words of a text in small letters, those with hyphens whole as well as in parts."""
    folded = text.casefold()
    return frozenset(_WORD.findall(folded)) | frozenset(_HYPHENATED.findall(folded))


def joined(before: str, after: str, language: str, known: AbstractSet[str] = frozenset()) -> str:
    """Return two lines as one text.

    A hyphen at the end of the first is taken out only where it surely divides a word of the
    ``language`` (ISO 639 code, "" when it is not known) or one of the ``known`` words, which are
    those of the same text in small letters.
    """
    if not before or not after:
        return before or after
    last, first = _LAST.search(before), _FIRST.match(after)
    if last and first and divides(last[1], first[0], language, known):
        return before[:-1] + after
    if _UNSPACED.match(before[-1]) and _UNSPACED.match(after[0]):
        return before + after
    hyphen = before.endswith("-") and not before.endswith((" -", "--"))
    suspended = first is not None and first[0].casefold() in _SUSPENDED
    tight = (hyphen and not suspended) or _OPEN.search(before)
    return f"{before}{'' if tight and after[0].isalnum() else ' '}{after}"


def divides(one: str, other: str, language: str, known: AbstractSet[str] = frozenset()) -> bool:
    """Return whether a hyphen between the parts surely only divides one word at a line's end."""
    if other[0].isupper() and not one.isupper():
        return False
    first, second = one.casefold(), other.casefold()
    whole = first + second
    if f"{first}-{second}" in known or len(first) == 1:
        return False
    if whole in known:
        return True
    words = words_of(language)
    if whole not in words and whole.translate(_OXFORD) not in words:
        return False
    if first == "re":
        return second[0] != "e"
    return not (first in _COMPOUNDING and second in words)


@lru_cache(maxsize=2)
def words_of(language: str) -> frozenset[str]:
    """Return the words of a language in small letters, English where it is not known.

    There are none for languages without a list.
    """
    # Imported here: only those who add files need the lists, and reading one takes a while.
    from spellchecker import SpellChecker

    name = language or "en"
    if name not in _LANGUAGES:
        return frozenset()
    return frozenset(SpellChecker(language=name, distance=1).word_frequency.words())
