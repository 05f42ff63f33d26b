"""Whether two sentences are copies of each other."""

from __future__ import annotations

import re

from sourcebot.text.terms import terms_of

_SAME = 0.8
_FACT = re.compile(
    r"\d[\d.,:]*|\b[A-Z]\w*|\b(?:not|no|never|nobody|none|nothing|without|\w+n[’']t)\b"
)


def alike(one: str, other: str) -> bool:
    """Return whether two sentences are copies: most terms shared, and every fact.

    Terms are compared by Jaccard similarity; numbers, names and negations must agree, since
    sources that contradict each other often differ by a single word.
    """
    terms, others = set(terms_of(one)), set(terms_of(other))
    shared = len(terms & others) >= _SAME * len(terms | others)
    return shared and bool(terms or others) and _covers(one, other) and _covers(other, one)


def _covers(text: str, other: str) -> bool:
    """Return whether ``text`` holds every number, name and negation of ``other``."""
    words = set(re.findall(r"\w[\w.,:’']*", text.casefold()))
    stripped = {word.rstrip(".,:’'") for word in words} | words
    facts = (fact.casefold().rstrip(".,:") for fact in _FACT.findall(other))
    return all(fact in stripped for fact in facts)
