"""The forms of the English verbs that questions are made with."""

from __future__ import annotations

from sourcebot.text.wordlists import IRREGULAR, VERBS


def is_verb(word: str) -> bool:
    """Return whether a word is a form of a verb that questions are made with."""
    if word in VERBS:
        return True
    for ending, stem in (
        ("ies", "y"),
        ("ied", "y"),
        ("es", ""),
        ("s", ""),
        ("ed", ""),
        ("ed", "e"),
    ):
        if word.endswith(ending) and word[: -len(ending)] + stem in VERBS:
            return True
    if word.endswith("ing") and len(word) > 5:
        return word[:-3] in VERBS or word[:-3] + "e" in VERBS
    return False


def infinitive(past: str) -> str:
    """Return the infinitive of a regular past form; "" where it is not known."""
    for ending, stem in (("ied", "y"), ("ed", ""), ("ed", "e")):
        if past.endswith(ending) and past[: -len(ending)] + stem in VERBS:
            return past[: -len(ending)] + stem
    return ""


def is_infinitive(word: str) -> bool:
    """Return whether a word is a verb that questions are made with, in its plain form."""
    return word in VERBS and not is_past(word)


def is_past(word: str) -> bool:
    """Return whether a verb's form is one of the past."""
    return is_verb(word) and (word.endswith("ed") or (word in VERBS and word in IRREGULAR))
