"""What questions in German, French and Spanish are made with, as far as follow-ups need it.

Function words only: nothing is parsed. What they do not show is asked as it stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sourcebot.text.wordlists import AUXILIARIES, DETERMINERS, PREPOSITIONS, PRONOUNS, WH

_WORD = re.compile(r"[^\W_]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Grammar:
    """The function words of a language.

    Attributes:
        asking: what begins a question, as a pattern: "seit wann", "wie viele".
        who: the words among them that ask for a person.
        leads: what goes on with what was said, as a pattern: "und", "et".
        pronouns: what refers to something named before; a pattern that is searched for.
        articles: what begins a noun phrase.
        prepositions: what begins a part such as "in 2019", "for children".
        written: how a pronoun gives way to a subject: patterns, and what takes their place, with
            ``SUBJECT`` for it; the first that is found counts.
        others: further function words, by which the language is told from others.
    """

    asking: re.Pattern[str]
    who: frozenset[str]
    leads: re.Pattern[str]
    pronouns: re.Pattern[str]
    articles: frozenset[str]
    prepositions: frozenset[str]
    written: tuple[tuple[re.Pattern[str], str], ...]
    others: frozenset[str]

    def known_in(self, words: frozenset[str]) -> int:
        """Return how many words are function words of the language."""
        known = self.articles | self.prepositions | self.others | self.who
        return len(words & known)


SUBJECT = "SUBJECT"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


GERMAN = Grammar(
    asking=_pattern(
        r"(?:(?:seit|bis|ab|von|mit|für|an|zu|aus|in|um|über) )?(?:wie (?:viele?|lange?|oft|hoch"
        r"|groß|alt|teuer|weit|tief|schwer|schnell|spät)|wer|wen|wem|wessen|wann|wohin|woher|wo"
        r"|warum|wieso|weshalb|wie|was|welche[mnrs]?|wofür|womit|wodurch|wozu|wobei)\b"
    ),
    who=_words("wer wen wem wessen"),
    leads=_pattern(r"(?:(?:und|aber|also|oder|ok(?:ay)?|was ist mit|wie steht es mit)\b[\s,:]*)+"),
    pronouns=_pattern(
        r"\b(?:er|ihn|ihm|sie|ihr|ihnen|seine?[mnrs]?|ihre[mnrs]?|es(?! (?:gibt|gab|geben))"
        r"|dort|da|dorthin|dafür|davon|damit|daran|darin|dazu|dabei|daraus|das(?=\s*\??$)"
        r"|das(?= (?:so|denn|nicht)\b)|die(?=\s*\??$))\b"
    ),
    articles=_words("der die das des dem den ein eine einer eines einem einen"),
    prepositions=_words(
        "im in am an auf aus bei für gegen mit nach ohne seit um von vom vor zu zum zur bis über"
        " unter ab"
    ),
    written=((_pattern(r"\b(?:er|ihn|ihm|sie|es)\b"), SUBJECT),),
    others=_words(
        "und oder aber wann wo warum wieso weshalb wie viele viel lange was welche welcher welches"
        " ist sind war waren hat haben hatte wird werden wurde wurden kann können er sie es ihn"
        " ihm ihr sein seine ihre dort davon dafür nicht auch noch denn gibt wofür womit kostet"
    ),
)
FRENCH = Grammar(
    asking=_pattern(
        r"(?:(?:depuis|jusqu['’]à|à partir de|pour|par|avec|de|d['’]|à|en|chez) ?)?"
        r"(?:combien(?: de)?|qui est-ce qui|qu['’]est-ce qu[ei]|qui|que|quoi|quand|où|pourquoi"
        r"|comment|quel(?:le)?s?|lequel|laquelle)\b"
    ),
    who=_words("qui"),
    leads=_pattern(r"(?:(?:et|mais|ou|alors|donc|ok|qu['’]en est-il de)\b[\s,:]*)+"),
    pronouns=_pattern(
        r"(?:-t)?-(?:ils?|elles?)\b|\b(?:ils?|elles?|lui|leurs?|celui-ci|celle-ci|là-bas|cela|ça)\b"
        r"|\b(?:son|sa|ses)\b|\b[lL]['’](?=(?:a|ont|avait|est|aurait)\b)"
        r"|\b(?:y|en) (?=(?:a|ont)\b)|\b(?:qui|il|on) (?:le|la|les) (?=\w+(?:e|ent|a)\b)"
    ),
    articles=_words("le la les l un une des du au aux ce cet cette ces"),
    prepositions=_words(
        "à a de d dans en pour par sur sous avec sans chez vers depuis jusqu avant après"
    ),
    written=(
        # "Quand est-il mort" -> "Quand le roi est-il mort", "Qui l'a bâti" -> "Qui a bâti …"
        (_pattern(r"(\S+-(?:t-)?(?:ils?|elles?)\b)"), rf"{SUBJECT} \1"),
        (_pattern(r"\bl['’](a|ont|avait)\b([^?]*?) ?\??$"), rf"\1\2 {SUBJECT} ?"),
    ),
    others=_words(
        "et ou mais quand où pourquoi comment combien quel quelle quels quelles que qu quoi est"
        " sont était ont avait il elle ils elles lui leur son sa ses ne pas plus coûte"
    ),
)
SPANISH = Grammar(
    asking=_pattern(
        r"(?:(?:desde|hasta|a partir de|para|por|con|de|a|en) )?"
        r"(?:cuánt[oa]s?|quién(?:es)?|qué|cuándo|dónde|adónde|cómo|cuál(?:es)?)\b"
    ),
    who=_words("quién quiénes"),
    leads=_pattern(r"(?:(?:y|e|pero|o|entonces|bueno|qué hay de)\b[\s,:]*)+"),
    pronouns=_pattern(
        r"\b(?:él|ellas?|ellos|lo|les?|sus?|suy[oa]s?|allí|allá|ahí|eso|esto|aquello)\b"
        r"|\b(?:quién(?:es)?|cuándo|cómo|dónde|qué|se) (?:la|los|las) (?=\w)"
        # The verb has its subject in itself: "¿cuándo murió?", "¿por qué estaba seca?".
        r"|(?<=cuándo )\w+(?=\??$)|(?<=dónde )\w+(?=\??$)"
        r"|(?<=qué )(?:estaba|está|es|era|fue)\b(?=(?: \w+)?\??$)"
    ),
    articles=_words("el la los las un una unos unas del al este esta ese esa"),
    prepositions=_words("a de en para por con sin sobre desde hasta entre según antes después"),
    written=(
        # "Quién la construyó" -> "Quién construyó la fuente", "Cuándo murió" -> "… murió el rey"
        (_pattern(r"\b(?:l[oa]s?) (\w+)([^?]*)"), rf"\1 {SUBJECT}\2"),
        (_pattern(r"\?*$"), rf" {SUBJECT}?"),
    ),
    others=_words(
        "y o pero cuándo dónde por qué cómo cuánto cuánta cuántos cuántas cuál cuáles es son era"
        " fue está estaba ha han hay su sus lo le él ella ellos no más cuesta costó"
    ),
)
_ENGLISH = WH | AUXILIARIES | PRONOUNS | DETERMINERS | PREPOSITIONS | {"and", "or", "but"}


def grammar_of(question: str, before: str = "") -> Grammar | None:
    """Return the grammar of a question's language; None for English and what is not known.

    What shows no language, such as "2019?", has that of the question ``before``.
    """
    if "¿" in question:
        return SPANISH
    words = frozenset(word.lower() for word in _WORD.findall(question))
    english = len(words & _ENGLISH)
    known = [(g.known_in(words), g) for g in (GERMAN, FRENCH, SPANISH)]
    most, grammar = max(known, key=lambda pair: pair[0])
    if most > english:
        return grammar
    return grammar_of(before) if before and most == english == 0 else None
