"""How long a text is, in words, also where no spaces stand between them."""

from __future__ import annotations

import re

_UNSPACED = re.compile(
    "[\\u0e01-\\u0e4e\\u0e80-\\u0ecd\\u1000-\\u109f\\u1780-\\u17d3\\u3041-\\u30ff\\u31f0-\\u31ff"
    "\\u3400-\\u9fff\\uf900-\\ufaff\\uff66-\\uff9f\\U00020000-\\U0003134f]"
)
"""A letter of Thai, Lao, Burmese, Khmer, Kana or Han."""

LETTERS_A_WORD = 2


def is_unspaced(text: str) -> bool:
    """Return whether a text is written, wholly or in part, without spaces between its words."""
    return _UNSPACED.search(text) is not None


def words_in(text: str) -> int:
    """Return how many words a text has; two letters of a script without spaces count as one."""
    if text.isascii():
        return len(text.split())
    letters = len(_UNSPACED.findall(text))
    return len(_UNSPACED.sub(" ", text).split()) + -(-letters // LETTERS_A_WORD)
