"""Messages that ask nothing: greetings, thanks, calls for help, and keys hit at random."""

from __future__ import annotations

import re
from enum import Enum

from sourcebot.text.terms import terms_of

_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_MOST_WORDS = 9


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_GREETINGS = _set(
    "hi hello hey heya hiya howdy yo greetings hallo moin servus salut bonjour bonsoir coucou hola "
    "buenas"
)
_THANKS = _set(
    "thanks thank thankyou thx ty cheers danke dankeschön merci gracias ok okay cool great nice "
    "perfect super parfait genial perfecto"
)
_HELP = _set("help hilfe aide ayuda commands befehle commandes comandos")
_FILLERS = _set(
    "you there bot everyone all again so much a lot very for the your that this to me please is "
    "was helped helpful answer it got good dir schön sehr für die mir bitte hat geholfen vielen "
    "lieben pour à tous moi svp beaucoup por favor todos todo mucho muchas la las los que sourcebot"
)
_GREETING = re.compile(
    r"(?:good|guten|bonne|buenos|buenas)[ ](?:morning|afternoon|evening|day|morgen|tag|abend|"
    r"journée|soirée|días|tardes|noches)(?:[ ](?:bot|all|everyone|sourcebot))?",
    re.IGNORECASE,
)
_THANKED = re.compile(r"got it|alles klar|ça marche|entendido", re.IGNORECASE)
_ABOUT_ME = re.compile(
    r"(?:what|how) (?:can|do) (?:you|i) (?:do|use (?:you|this)|ask(?: you)?)"
    r"|how does (?:this|it) work|(?:who|what) are you"
    r"|was kannst du|wie (?:geht|funktioniert) das|wer bist du"
    r"|que (?:peux-tu|sais-tu) faire|comment ça marche|qui es-tu"
    r"|qué puedes hacer|cómo funciona(?: esto)?|quién eres",
    re.IGNORECASE,
)
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop")
_VOWEL = re.compile("[aeiouyäöüáéíóúàèêôœæ]")
_SHORTEST_RUN = 4


class SmallTalk(Enum):
    """What a message is that asks nothing."""

    GREETING = "greeting"
    THANKS = "thanks"
    HELP = "help"
    NOISE = "noise"


def small_talk(text: str) -> SmallTalk | None:
    """Return what a message is when it asks nothing; None when it may be a question."""
    bare = text.strip(" ?!.,¿¡")
    for kind, whole in (
        (SmallTalk.HELP, _ABOUT_ME),
        (SmallTalk.GREETING, _GREETING),
        (SmallTalk.THANKS, _THANKED),
    ):
        if whole.fullmatch(bare):
            return kind
    words = [word.casefold() for word in _WORDS.findall(text)]
    if not words:
        return None if any(c.isalnum() for c in text) else SmallTalk.NOISE
    if len(words) > _MOST_WORDS:
        return None
    for kind, known in (
        (SmallTalk.HELP, _HELP),
        (SmallTalk.THANKS, _THANKS),
        (SmallTalk.GREETING, _GREETINGS),
    ):
        if any(word in known for word in words) and all(
            word in known | _FILLERS | _GREETINGS for word in words
        ):
            return kind
    return SmallTalk.NOISE if all(map(_is_mashed, words)) else None


def _is_mashed(word: str) -> bool:
    """Return whether a word is keys hit at random: a run along a row, or one key held."""
    if len(word) < _SHORTEST_RUN or not word.isascii():
        return False
    if len(set(word)) == 1:
        return True
    pieces = [word[i : i + _SHORTEST_RUN] for i in range(len(word) - _SHORTEST_RUN + 1)]
    along = sum(any(p in row or p in row[::-1] for row in _ROWS) for p in pieces)
    return along * 2 >= len(pieces)


def says_little(text: str) -> bool:
    """Return whether a text has no more than two words that could be looked for."""
    return len(set(terms_of(text))) <= 2
