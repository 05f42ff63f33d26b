"""Incomplete questions ("and in 2019?", "why?", "no, the tram") -> the last one, changed so far."""

from __future__ import annotations

import re

from sourcebot.text.phrases import phrases_of, tokens_of
from sourcebot.text.verbs import infinitive, is_past, is_verb
from sourcebot.text.wordlists import AUXILIARIES, BE, PREPOSITIONS, PRONOUNS, WH

_LEAD = re.compile(
    r"^(?:(?:and|but|or|so|ok(?:ay)?|well|also|what about|how about|and what about)\b[\s,:]*)+",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"^(?:(?:no(?=\s*$|\s*[,.;:!–—-]|\s+(?:i|not|the|in)\b)|nope|sorry|actually|rather|oops|in fact"
    r"|not that(?: one)?(?=\s*[,.;:])|i (?:meant?|mean)(?: to ask)?|i was asking about"
    r"|i want(?:ed)? to know|i(?:['’]m| am) asking about)\b[\s,.:;!–—-]*)+",
    re.IGNORECASE,
)
_INSTEAD = re.compile(r"^not\b.+?(?:,|\bbut\b)\s*", re.IGNORECASE)
_WH_START = re.compile(
    r"^(?P<wh>(?:(?:since|until|till|by|for|from|to|in|at|on|with|of|about) )?"
    r"(?:how (?:many|much|long|often|old|far|high|tall|big|deep|wide|large|fast|late|soon|heavy)"
    r"(?: (?!did|do|does|is|are|was|were|has|have|had|can|could|will|would|should|may|might|must)"
    r"[\w’'-]+){0,3}?|(?:which|what)(?: (?!did|do|does|is|are|was|were|has|have|had|can|could|will"
    r"|would|should|may|might|must)[\w’'-]+){0,3}?|who|whom|whose|when|where|why|how)) "
    r"(?P<aux>did|do|does|is|are|was|were|has|have|had|can|could|will|would|should|may|might|must)"
    r"(?P<rest>\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
_AUX_START = re.compile(
    r"^(?P<aux>did|do|does|is|are|was|were|has|have|had|can|could|will|would|should|may|might|must)"
    r"(?P<rest>\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
_WHO_DID = re.compile(r"^(?:who|what|which [\w-]+) (?P<verb>[\w-]+) (?P<object>.+)$", re.IGNORECASE)
_WHO_IS = re.compile(r"^who (?:is|was|are|were) (?P<what>.+)$", re.IGNORECASE)
_WEAK_ENDS = {"exactly", "else", "precisely", "though", "again", "so", "not", "then", "that", "is"}
_SMALL_TALK = frozenset(
    {"thanks", "thank", "hi", "hello", "hey", "bye", "goodbye", "cheers", "yes", "yep", "yeah"}
    | {"ok", "okay", "great", "cool", "nice", "please", "good", "morning", "evening", "fine", "lol"}
)
_AROUND = frozenset({"you", "very", "much", "so", "for", "that", "all", "the", "help", "a", "lot"})
_ANNOUNCES = re.compile(
    r"^(?:(?:and|but|so|ok(?:ay)?|well)\b[\s,]*)*(?:(?:what|how) about|(?:let['’]?s go )?back to"
    r"|as for|about|now(?: to| for| about)?|regarding|concerning"
    r"|(?:one more|another|a)(?: thing| question)? (?:about|on))\s+"
    r"(?P<topic>[^?.!;:,]{2,60})[?.!;:,–—-]+\s*(?P<rest>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_ANOTHER_ONE = re.compile(
    r"the (?:(?:first|second|third|last|other|next|former|latter)(?: ones?)?|others)\s*[?.!]*$",
    re.IGNORECASE,
)
_EVER = re.compile(r" (?:ever|already|still)\b", re.IGNORECASE)
_HOW_MANY_THERE = re.compile(
    r"how many(?= (?:are|were) there(?: now| today)?[ ?]*$)", re.IGNORECASE
)
_WHY = re.compile(r"^(?:what for|how come|for what reason)$", re.IGNORECASE)
_OF_EVENT = re.compile(r"\b(?:did|does|will) (?:that|this) (?:take|happen)\b", re.IGNORECASE)
_OWNERS = frozenset({"his", "hers", "theirs", "its"})

_COUNTED = re.compile(r"how (?:many|much)\b(.*)", re.IGNORECASE)
_ASKED_NOUN = re.compile(r"(?:how (?:many|much)|which|what) (.+)", re.IGNORECASE)


def split_lead(question: str) -> tuple[str, str, bool]:
    """Return "and" and the like, the rest, and whether the question corrects the one before."""
    text = question.strip()
    corrected = _CORRECTS.sub("", text)
    corrects = corrected != text
    corrected = _INSTEAD.sub("", corrected) if corrects or _INSTEAD.match(corrected) else corrected
    rest = _LEAD.sub("", corrected)
    return text[: len(text) - len(rest)], rest.strip(), corrects


def announced(question: str) -> tuple[str, str]:
    """Return what a question says first that it is about, and the rest; ("", "") for others.

    "What about the women? When did they start?", "As for the tram, what did it cost?".
    """
    found = _ANNOUNCES.match(question.strip())
    if not found:
        return "", ""
    topic, rest = tokens_of(found["topic"]), tokens_of(found["rest"])
    if topic[0].low in WH | AUXILIARIES or rest[0].low not in WH | AUXILIARIES:
        return "", ""
    return found["topic"].strip(), found["rest"].strip()


def is_owner_alone(words: str) -> bool:
    """Return whether a part is a pronoun that stands for an owner and what it owns: "his?"."""
    return words.strip(" ?!.").lower() in _OWNERS


def is_another_one(words: str) -> bool:
    """Return whether a part names no noun of its own: "the other one?", "the second"."""
    return bool(_ANOTHER_ONE.match(words))


def counting(question: str, what: str) -> str:
    """Return "how many are there?" with what is counted; "" for other questions."""
    found = _HOW_MANY_THERE.match(question)
    return f"{found[0]} {what}{question[found.end() :]}" if found else ""


def event_of(question: str) -> str:
    """Return what was done, of a question who did it: "rebuilt the town"; "" for others."""
    found = _WHO_DID.match(bare_question(question))
    done = found and is_past(found["verb"].lower())
    return f"{found['verb']} {found['object']}" if found and done else ""


def is_about_event(question: str) -> bool:
    """Return whether "that" stands for something done: "how long did that take?"."""
    return bool(_OF_EVENT.search(question))


def is_question_word_only(words: str) -> bool:
    """Return whether nothing but question words is left: "since when?", "why so few?"."""
    tokens = [t.low for t in tokens_of(words) if t.word]
    if not any(t in WH for t in tokens) or len(tokens) > 4:
        return False
    filler = _WEAK_ENDS | {"few", "many", "much", "long", "late", "little", "often", "old", "high"}
    filler |= {"far", "big", "deep", "wide", "expensive", "early", "tall", "large", "fast", "and"}
    filler |= {"come", "reason"}
    return all(t in WH or t in filler or t in PREPOSITIONS or t in BE for t in tokens)


def is_small_talk(words: str) -> bool:
    """Return whether nothing is asked: "thanks!", "hello", "yes"."""
    said = {t.low for t in tokens_of(words) if t.word}
    return bool(said & _SMALL_TALK) and said <= _SMALL_TALK | _AROUND


def is_fragment(words: str) -> bool:
    """Return whether there is neither a question word nor a verb: "in 2019?", "the tram"."""
    tokens = [t for t in tokens_of(words) if t.word]
    if any(t.low in WH or t.low in AUXILIARIES for t in tokens):
        return False
    verbs = [t for t in tokens[1:] if is_verb(t.low) and not t.capital]
    return len(tokens) <= 8 and not (verbs and tokens[0].low in PRONOUNS)


def is_about_measure(question: str) -> bool:
    """Return whether a question asks what something costs, weighs or measures."""
    return any(
        t.low in {"cost", "costs", "weigh", "weighs", "measure"} for t in tokens_of(question)
    )


def restated(question: str, words: str, answer: str = "") -> str:
    """Return a question asked again with other question words: "why" of "when did it close?".

    ``answer`` is the name that answered it, which takes the place of its "who".
    """
    asked = _WHY.sub("why", _without_ends(bare_question(words)))
    bare = _EVER.sub("", bare_question(question))
    found = _WH_START.match(bare)
    degree = re.match(r"why so (\w+)", asked, re.IGNORECASE)
    if found and degree:
        counted = _COUNTED.match(found["wh"])
        noun = counted[1] if counted else ""
        return f"Why {found['aux'].lower()}{found['rest']} so {degree[1]}{noun}?"
    asked = _cased(asked)
    if found:
        return _asked_otherwise(bare, found, asked, answer)
    if found := _AUX_START.match(bare):
        return f"{asked} {found['aux'].lower()}{found['rest']}?"
    if (found := _WHO_DID.match(bare)) and is_past(found["verb"].lower()):
        if answer:
            stem = infinitive(found["verb"].lower())
            did = f"did {answer} {stem}" if stem else f"was it that {answer} {found['verb']}"
            return f"{asked} {did} {found['object']}?"
        first = phrases_of(found["object"])
        if first and first[0].start == 0:
            rest = found["object"][first[0].end :]
            be = "were" if first[0].plural else "was"
            return f"{asked} {be} {first[0].text} {found['verb']}{rest}?"
    return f"{asked}: {bare[:1].lower()}{bare[1:]}?"


def _asked_otherwise(bare: str, found: re.Match[str], asked: str, answer: str) -> str:
    """Return a question that begins with question words and a verb, with others in their place."""
    who = _WHO_IS.match(bare)
    if who and answer and asked.lower().rsplit(maxsplit=1)[-1] in {"when", "long", "where"}:
        return f"{asked} has {answer} been {who['what']}?"
    counted = _COUNTED.match(found["wh"])
    if counted and asked.lower() in {"how many", "how much"}:
        asked += counted[1]
        return f"{asked} {found['aux'].lower()}{found['rest']}?"
    return f"{asked} {found['aux'].lower()}{_with_noun(found)}?"


def _with_noun(found: re.Match[str]) -> str:
    """Return what follows the auxiliary, with the noun that was asked about where it belongs.

    As the subject of "how many coins were found", as the object of "which prize did Lund win".
    """
    noun, rest = _ASKED_NOUN.match(found["wh"]), found["rest"]
    tokens = [token for token in tokens_of(rest) if token.word]
    if not noun or not tokens:
        return rest
    first = tokens[0]
    if not first.capital and (is_verb(first.low) or first.low.endswith(("ed", "en"))):
        return f" the {noun[1]}{rest}"
    subject = next((p for p in phrases_of(rest) if p.start == first.start), None)
    verb = next((t for t in tokens if subject and t.start >= subject.end), None)
    if verb is None or not is_verb(verb.low):
        return rest
    return f"{rest[: verb.end]} the {noun[1]}{rest[verb.end :]}"


def _without_ends(words: str) -> str:
    """Return question words without what adds nothing: "when" of "when exactly"."""
    kept = words.split()
    while len(kept) > 1 and kept[-1].lower() in _WEAK_ENDS:
        kept.pop()
    return " ".join(kept)


def bare_question(text: str) -> str:
    """Return a question without the marks at its end."""
    return text.strip().rstrip("?!. ").strip()


def _cased(words: str) -> str:
    return words[:1].upper() + words[1:]
