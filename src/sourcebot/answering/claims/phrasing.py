"""A claim beside a sentence -> whether one turns around what the other says, word by word.

Negation, opposites, plans and reported speech are told by English words; in other languages these
say nothing.
"""

from __future__ import annotations

import re

from sourcebot.text.terms import terms_of

CLAUSE = re.compile(
    r"[,;:]\s+|(?<!\s)\s+(?:(?:and|but|while|which|who|whereas|although|because)|[–—])\s+"
)
"""What stands between the clauses of a sentence."""

_JOINING = frozenset({"a", "an", "and", "at", "in", "met", "of", "on", "or", "the", "with"})
_POSSESSIVE = re.compile(r"[’']s?\b")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|nowhere|without|cannot|hardly|unable|lacks?"
    r"|lacked|lacking|fail(?:s|ed)?\sto|refus(?:e|es|ed)\sto|yet\sto|avoid(?:s|ed|ing)?)\b"
    r"|n[’']t\b",
    re.IGNORECASE,
)
_NOT_ONLY = re.compile(r"\bnot\s(?:only|just|least)\b|\bno\s(?:doubt|matter|\.)", re.IGNORECASE)
_HEDGE = re.compile(
    r"\b(?:may|might|(?<!not\s)yet\sto|still\s(?:have|has|had)\sto|(?:is|are|was|were)\sto\s(?!blame)"
    r"|plans?|planned|want(?:s|ed)?\sto|hop(?:e|es|ed)\sto|intend(?:s|ed)?\sto"
    r"|propos(?:e|es|ed)|threaten(?:s|ed)?\sto|consider(?:s|ed|ing)?|in\scase|unless)\b"
)
_DISOWNED = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|denials?|reject(?:s|ed)?|dismiss(?:es|ed)?|disput(?:e|es|ed)"
    r"|accus(?:e|es|ed|ing)|accusations?|alleg(?:e|es|ed|edly|ing)|allegations?"
    r"|claim(?:s|ed|ing)?\sthat|rumou?rs?|rumou?red|suspect(?:s|ed)?|suspicions?|reportedly)\b",
    re.IGNORECASE,
)
_OPPOSITES = """
first-last largest-smallest biggest-smallest highest-lowest oldest-youngest oldest-newest
longest-shortest most-least most-fewest more-fewer more-less increase-decrease
increased-decreased increases-decreases increase-reduce increased-reduced before-after north-south
northern-southern east-west eastern-western born-died win-lose won-lost wins-loses winner-loser
won-defeated beat-lost started-ended start-end begin-end began-ended open-close opened-closed
open-closed opens-closes opening-closing founded-dissolved create-destroy created-destroyed
built-demolished buy-sell bought-sold arrive-depart arrived-departed husband-wife father-mother
brother-sister son-daughter male-female men-women man-woman boy-girl boys-girls king-queen
ancient-modern allow-forbid allowed-forbidden allowed-banned allow-ban legal-banned accept-reject
accepted-rejected accepts-rejects adopted-rejected approved-rejected approve-reject
supported-opposed supports-opposes support-oppose minimum-maximum upper-lower inner-outer
import-export imports-exports rich-poor legal-illegal positive-negative cause-prevent
caused-prevented causes-prevents gain-lose gained-lost join-leave joined-left attack-defend
attacked-defended raise-lower raised-lowered raise-cut raised-cut strong-weak stronger-weaker
hot-cold public-private domestic-foreign always-never appointed-dismissed approved-vetoed
hired-fired best-worst better-worse common-rare cheap-expensive cheaper-dearer above-below
rose-fell rise-fall rising-falling rises-falls risen-fallen rose-dropped grew-shrank grew-fell
grow-shrink up-down higher-lower high-low large-small larger-smaller bigger-smaller big-small
older-younger old-young longer-shorter long-short favour-against favor-against for-against
yes-no succeed-fail succeeded-failed success-failure admitted-denied admits-denies confirmed-denied
confirms-denies confirm-deny true-false alive-dead survived-died guilty-innocent acquitted-convicted
entered-left enter-leave early-late earlier-later safe-dangerous safe-unsafe same-different
inside-outside indoor-outdoor heavy-light heavier-lighter full-empty left-right sooner-later
married-divorced permanent-temporary voluntary-compulsory alone-together victory-defeat
majority-minority many-few fast-slow faster-slower kept-closed keep-close easy-difficult
agree-disagree agreed-disagreed agreed-refused likely-unlikely able-unable effective-ineffective
happy-unhappy known-unknown lucky-unlucky possible-impossible visible-invisible
successful-unsuccessful popular-unpopular present-absent prior-subsequent improve-worsen
improved-worsened strengthen-weaken strengthened-weakened increases-reduces higher-reduced
protects-harms beneficial-harmful all-none everyone-nobody everybody-nobody someone-nobody
something-nothing held-broke held-collapsed passed-failed hit-missed found-lost kept-sold
"""


def _paired() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in _OPPOSITES.split():
        one, other = pair.split("-")
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in found.items()}


_OPPOSITE = _paired()


def negated(text: str) -> bool:
    """Return whether an odd number of words turns what a text says around."""
    return len(_NEGATION.findall(_NOT_ONLY.sub("", text))) % 2 == 1


def hedged(claim: str, sentence: str) -> bool:
    """Return whether a sentence tells of what may or is to be, and a claim of what is."""
    return not _HEDGE.search(claim) and bool(_HEDGE.search(nearest_clause(claim, sentence)))


def disowned(claim: str, sentence: str) -> bool:
    """Return whether a sentence only reports that what a claim says is denied or alleged.

    Most of what it shares with the claim stands behind the word that says so. Not where the claim
    reports it too.
    """
    found = _DISOWNED.search(sentence)
    if not found or _DISOWNED.search(claim):
        return False
    wanted = set(terms_of(claim))
    behind = wanted & set(terms_of(sentence[found.end() :]))
    return len(behind) * 2 > len(wanted & set(terms_of(sentence)))


def turned(claim: str, sentence: str) -> bool:
    """Return whether a sentence says the opposite of a claim that is like it in words.

    Its clause that is nearest to the claim is negated and the claim is not, or the other way round,
    or it has an opposite; both together do not turn it around.
    """
    denies = negated(nearest_clause(claim, sentence)) is not negated(claim)
    return denies is not opposed(claim, sentence)


def opposed(claim: str, sentence: str) -> bool:
    """Return whether a clause has the opposite of a word of the claim, and not the word itself."""
    wanted = _words(claim)
    for clause in _clauses(sentence):
        there = _words(clause)
        for word in wanted - there:
            against = _OPPOSITE.get(word, frozenset()) & there - wanted
            if against and (wanted & there) - _JOINING:
                return True
    return False


def nearest_clause(claim: str, sentence: str) -> str:
    """Return the clause that shares the most terms with a claim, or the sentence.

    The sentence where no clause has most of what it shares.
    """
    wanted = set(terms_of(claim))
    shared = len(wanted & set(terms_of(sentence)))
    best = max(_clauses(sentence), key=lambda clause: len(wanted & set(terms_of(clause))))
    return best if len(wanted & set(terms_of(best))) * 4 > 3 * shared else sentence


def in_order(claim: str, sentence: str) -> float:
    """Return the share of the claim's words that a sentence has in the claim's order, in [0, 1]."""
    wanted, there = _all_words(claim), _all_words(sentence)
    row = [0] * (len(there) + 1)
    for word in wanted:
        last = 0
        for place, other in enumerate(there, 1):
            kept = row[place]
            row[place] = last + 1 if word == other else max(row[place], row[place - 1])
            last = kept
    return row[-1] / len(wanted) if wanted else 0.0


def _words(text: str) -> set[str]:
    return set(_all_words(text))


def _all_words(text: str) -> list[str]:
    return re.findall(r"\w+", _POSSESSIVE.sub("", text.casefold()))


def _clauses(sentence: str) -> list[str]:
    return [part for part in CLAUSE.split(sentence) if part.strip()] or [sentence]
