"""The noun phrases of an English question: what a later "it", "she" or "there" may refer to.

Found by form: articles, prepositions and capitals, and a list of the verbs that questions are made
with. No tagger is needed, and what is not recognized is left out rather than guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sourcebot.text.verbs import is_infinitive, is_verb
from sourcebot.text.wordlists import (
    ADVERBS,
    ATTRIBUTES,
    AUXILIARIES,
    BE,
    DETERMINERS,
    GROUPS,
    JOINING,
    MEN,
    PEOPLE,
    PLACES,
    PLURALS,
    PREPOSITIONS,
    PRONOUNS,
    PROPER_THINGS,
    TIMES,
    WH,
    WOMEN,
)

_TOKEN = re.compile(
    # "Brandt & Sons" is one name.
    r"[A-ZÀ-Þ][\w’'.-]*(?: & [A-ZÀ-Þ][\w’'-]*)+|\w[\w’'&.-]*\w|\w|[^\w\s]"
)
_ASKING = AUXILIARIES - BE - {"has", "have", "had"}
"""After these a question's verb is an infinitive."""
_OPENERS = WH | AUXILIARIES | PRONOUNS | ADVERBS | {"and", "or", "but", "if", "that"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark with its offsets in the question."""

    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        """The word in lower case, with a straight apostrophe."""
        return self.text.lower().replace("’", "'")

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[:1].isupper()

    @property
    def word(self) -> bool:
        """Whether it is a word or a number."""
        return self.text[:1].isalnum()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase.

    Attributes:
        text: its words as they stand, such as "the school on Linden Street".
        start: offset of its first character in the question.
        end: offset after its last character.
        core: its words up to the first preposition, without article: "school".
        counted: whether "how many", "which" or "what" stands before it.
        after: the preposition before it, or "".
        inner: the phrases within it that stand after a preposition.
    """

    text: str
    start: int
    end: int
    core: tuple[str, ...]
    counted: bool = False
    after: str = ""
    inner: tuple[Phrase, ...] = ()

    @property
    def head(self) -> str:
        """The noun that it is about, in lower case."""
        return self.core[-1].lower()

    @property
    def proper(self) -> bool:
        """Whether it is a name: every word of its core begins with a capital or is a number."""
        return all(word[0].isupper() or word[0].isdigit() for word in self.core)

    @property
    def person(self) -> bool:
        """Whether it surely is one person: by its noun, such as "mayor"."""
        return self.head in PEOPLE

    @property
    def thing(self) -> bool:
        """Whether it surely is no person."""
        known = {*(w.lower() for w in self.core)} & (PROPER_THINGS | PLACES)
        lower = not self.proper and self.head not in PEOPLE
        numbered = any(word[0].isdigit() for word in self.core)  # "Heron 1"
        return bool(known) or numbered or lower or (self.proper and self.text[:4].lower() == "the ")

    @property
    def place(self) -> bool:
        """Whether one can be there."""
        return self.head in PLACES or (self.proper and self.after in {"in", "at", "to", "from"})

    @property
    def time(self) -> bool:
        """Whether it is a time, such as "last year" or "2019"."""
        # "Heron 1" is a name: only years stand after a word.
        last = self.core[-1]
        return self.head in TIMES or (last.isdigit() and (len(last) == 4 or len(self.core) == 1))

    @property
    def attribute(self) -> bool:
        """Whether it is a property of something else, such as "price"."""
        return self.head in ATTRIBUTES

    @property
    def plural(self) -> bool:
        """Whether it is several things or people, or a group of people."""
        head = self.head
        regular = head.endswith("s") and not head.endswith(("ss", "us", "is"))
        return head in PLURALS or (regular and not self.proper)

    @property
    def group(self) -> bool:
        """Whether "they" may stand for it although it is one, such as "the council"."""
        return any(word.lower() in GROUPS for word in self.core)

    @property
    def indefinite(self) -> bool:
        """Whether it begins with "a", and so names one of several."""
        return self.text.partition(" ")[0].lower() in {"a", "an"}

    @property
    def short(self) -> str:
        """Its words up to the first preposition, with its article."""
        joined = [inner for inner in self.inner if inner.after]
        # "The Museum of Clocks" is one name, and "the flood of 2025" one of several.
        joined = [p for p in joined if p.after != "of" or not (self.proper or p.time)]
        return self.text[: joined[0].start - self.start].rsplit(None, 1)[0] if joined else self.text

    def fits(self, pronoun: str) -> bool:
        """Return whether its noun does not rule out "he" or "she"."""
        return {"he": self.head not in WOMEN, "she": self.head not in MEN}.get(pronoun, True)

    def all(self) -> tuple[Phrase, ...]:
        """Return the phrase and those within it, outermost first."""
        return (self, *(p for inner in self.inner for p in inner.all()))


def tokens_of(text: str) -> list[Token]:
    """Return the words and marks of a text."""
    found = []
    for match in _TOKEN.finditer(text):
        word = match[0]
        if word.endswith(("'s", "’s")) and len(word) > 2:
            found.append(Token(word[:-2], match.start(), match.end() - 2))
            found.append(Token(word[-2:], match.end() - 2, match.end()))
        else:
            found.append(Token(word, match.start(), match.end()))
    return found


def phrases_of(question: str) -> tuple[Phrase, ...]:
    """Return the outermost noun phrases of a question, in order."""
    tokens = tokens_of(question)
    found: list[Phrase] = []
    place = 0
    while place < len(tokens):
        phrase, after = _phrase_at(question, tokens, place)
        if phrase:
            found.append(phrase)
        place = max(after, place + 1)
    return tuple(found)


def _phrase_at(question: str, tokens: list[Token], place: int) -> tuple[Phrase | None, int]:
    """Return the noun phrase that begins at a token, if one does, and where the next may."""
    core, after = _core_at(tokens, place)
    if not core:
        return None, after
    last = core[-1]
    begin = tokens[place]
    inner, core = _owner(question, begin, core)
    while after + 1 < len(tokens) and _joins(tokens, after, last):
        phrase, beyond = _phrase_at(question, tokens, after + 1)
        if not phrase:
            break
        inner.append(phrase)
        last = next(t for t in reversed(tokens) if t.end <= phrase.end)
        after = next((i for i, t in enumerate(tokens) if t.start >= phrase.end), len(tokens))
        if after < beyond:  # a verb was cut off the inner phrase: nothing joins after it
            after = beyond
            break
    before = tokens[place - 1].low if place else ""
    earlier = tokens[place - 2].low if place > 1 else ""
    counted = before in {"which", "what"} or (before in {"many", "much"} and earlier == "how")
    end = last.end
    phrase = Phrase(
        question[begin.start : end],
        begin.start,
        end,
        tuple(t.text for t in core),
        counted,
        before if before in PREPOSITIONS else "",
        tuple(inner),
    )
    return phrase, after


def _owner(question: str, begin: Token, core: list[Token]) -> tuple[list[Phrase], list[Token]]:
    """Return the phrase in the genitive that a core begins with, in a list, and the rest."""
    marks = [i for i, token in enumerate(core) if token.low == "'s"]
    if not marks or not 0 < marks[-1] < len(core) - 1:
        return [], core
    owner = [token for token in core[: marks[-1]] if token.low != "'s"]
    end = owner[-1].end
    words = tuple(token.text for token in owner)
    phrase = Phrase(question[begin.start : end], begin.start, end, words)
    return [phrase], core[marks[-1] + 1 :]


def _joins(tokens: list[Token], place: int, last: Token) -> bool:
    """Return whether a preposition stands at ``place``, right after ``last``."""
    if tokens[place].low == "of":
        return tokens[place - 1] is last
    following = tokens[place + 1]
    timed = following.text[0].isdigit() or following.low in TIMES
    return tokens[place].low in JOINING and tokens[place - 1] is last and not timed


def _core_at(tokens: list[Token], place: int) -> tuple[list[Token], int]:
    """Return the words of a noun phrase without its article, and the place after them.

    Verbs at its end are left out, but passed over.
    """
    if _is_degree(tokens, place):
        return [], place + 1
    start = place
    if tokens[place].low in DETERMINERS:
        start += 1
    end = start
    while end < len(tokens) and _content(tokens, end, start):
        end += 1
        # "Lowmere's mayor" goes on after the ending of the genitive.
        if end + 1 < len(tokens) and tokens[end].low == "'s" and _content(tokens, end + 1, start):
            end += 1
    words = tokens[start:end]
    while len(words) > 1 and _tail_is_verb(tokens, words, place, end):
        *words, cut = words
        if is_infinitive(cut.low):  # there is one: "did the heating plant cost"
            break
    if len(words) == 1 and start == place and _bare_verb(tokens, place):
        return [], end
    if start == place and len(words) > 1 and _leading_verb(tokens, place, words):
        return [], place + 1
    return words, end


def _is_degree(tokens: list[Token], place: int) -> bool:
    """Return whether a word is the adjective of "how strong was …", which names nothing."""
    asked = place > 0 and tokens[place - 1].low == "how"
    return asked and place + 1 < len(tokens) and tokens[place + 1].low in AUXILIARIES


def _content(tokens: list[Token], place: int, start: int) -> bool:
    token = tokens[place]
    if not token.word or token.low in DETERMINERS:
        return False
    if token.low in ADVERBS and place == start and place and tokens[place - 1].low in DETERMINERS:
        return True  # "the old school"
    if token.low in _OPENERS or token.low in PREPOSITIONS:
        # "The Who" and "Who" apart: a capital inside a sentence makes a name of any word.
        return token.capital and place > start and tokens[place - 1].capital and place > 1
    return True


def _tail_is_verb(tokens: list[Token], words: list[Token], place: int, end: int) -> bool:
    """Return whether the last word of a run belongs to the predicate."""
    last = words[-1]
    # "The heating plant of Brackwell": no verb, though "to plant" is one.
    followed = end < len(tokens) and tokens[end].low == "of" and tokens[end - 1] is last
    # "Heating plant: how many farms?": what is asked about stands in front.
    front = place == 0 and end < len(tokens) and tokens[end].text == ":"
    begins = place == 0 or tokens[place].low in DETERMINERS
    if last.capital or front or (followed and begins):
        return False
    ripens_longest = len(words) > 2 and last.low.endswith("est") and is_verb(words[-2].low)
    before = tokens[place - 1].low if place else ""
    ends = end == len(tokens) or not tokens[end].word
    asked = before in _ASKING
    if _goes_on(tokens, place, end, before):
        return False
    if ends and tokens[place].low in DETERMINERS and is_infinitive(last.low):
        return before in AUXILIARIES  # "What about the coal plant?"
    if is_verb(last.low) or ripens_longest:
        return True
    if before in BE:
        return last.low.endswith(("ed", "en")) or last.low in {"built", "held", "made"}
    # After "did", "will" and the like the question ends in an infinitive.
    return asked and len(words) > 2 and end < len(tokens) and not tokens[end].word


def _goes_on(tokens: list[Token], place: int, end: int, before: str) -> bool:
    """Return whether a run that could end in a verb is one name, because the verb stands elsewhere.

    "Does the night train to Lisbon depart …": it comes; "on a night train": one does not "train".
    """
    if not is_infinitive(tokens[end - 1].low):
        return False
    later = [t for a, t in zip(tokens[end - 1 :], tokens[end:], strict=False) if a.low != "to"]
    joined = end < len(tokens) and tokens[end].low in JOINING
    if joined and before in _ASKING and not any(token.low in _OPENERS for token in later):
        return any(is_infinitive(token.low) for token in later)
    return tokens[place].low in {"a", "an"} and before in PREPOSITIONS


def _bare_verb(tokens: list[Token], place: int) -> bool:
    token = tokens[place]
    before = tokens[place - 1].low if place else ""
    if token.capital and place:
        return False
    if is_verb(token.low) or before in {"who", *PRONOUNS}:
        return True
    # "Which is older?", "Is it expensive?": an adjective.
    return before in BE and not token.low.endswith("s") and not token.text[0].isdigit()


def _leading_verb(tokens: list[Token], place: int, words: list[Token]) -> bool:
    """Return whether a run without article begins with a verb: "discovered Senna"."""
    first = words[0]
    before = tokens[place - 1].low if place else ""
    return (
        not first.capital
        and before in {"who", "what", *PRONOUNS}
        and (is_verb(first.low) or words[1].capital)
    )
