"""Which language a text is in, and what cutting it into sentences and terms needs to know of it."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

from sourcebot.errors import SourcebotError
from sourcebot.text.question_words import ASKING, question_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

STEMMERS: Mapping[str, str] = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
"""Languages besides English whose words are stemmed, and tantivy's names of them."""

STOPWORDS = frozenset(STEMMERS.values()) - {"arabic", "greek", "romanian", "tamil", "turkish"}
"""Those that tantivy has lists of function words for."""

_SURE = 0.75
"""Least probability of a detected language. Names and formulas in English texts of the
evaluation sets were taken for rare languages with at most .70, and never with more."""

ENGLISH = "en"

CAPITAL_NOUNS = frozenset({"de", "lb"})
"""Languages that write every noun with a capital: it does not make a name."""

_SURE_OF_QUESTION = 0.9
_ENGLISH_WORDS = frozenset(
    ("who", "whom", "whose", "what", "when", "where", "why", "how", "which", "the", "does", "did")
)
"""Words of English questions that are words of no other language written in the same letters."""

_WRITTEN = {
    "ARABIC": ("ar", "fa", "ur", "ps", "ug", "ku"),
    "CJK": ("zh",),
    "CYRILLIC": ("ru", "uk", "bg", "be", "sr", "mk", "kk", "ky", "mn"),
    "DEVANAGARI": ("hi", "mr", "ne"),
    "GREEK": ("el",),
    "HANGUL": ("ko",),
    "HEBREW": ("he",),
    "HIRAGANA": ("ja",),
    "KATAKANA": ("ja",),
    "THAI": ("th",),
}
"""Languages by the script that most of a question's letters are in, as Unicode names it."""

_NAMES = {
    "ar": "arabic arabisch arabe árabe العربية ara",
    "cs": "czech tschechisch tchèque checo čeština ces cze",
    "da": "danish dänisch danois danés dansk dan",
    "de": "german deutsch allemand alemán tedesco alemão duits tysk deu ger",
    "el": "greek griechisch grec griego ελληνικά ell gre",
    "en": "english englisch anglais inglés inglese inglês engels engelsk eng",
    "es": "spanish spanisch espagnol español castellano spagnolo espanhol spa",
    "fi": "finnish finnisch finnois finés suomi fin",
    "fr": "french französisch français francés francese francês frans fransk fra fre",
    "hu": "hungarian ungarisch hongrois húngaro magyar hun",
    "it": "italian italienisch italien italiano ita",
    "ja": "japanese japanisch japonais japonés 日本語 jpn",
    "ko": "korean koreanisch coréen coreano 한국어 kor",
    "nl": "dutch niederländisch néerlandais neerlandés nederlands nld dut",
    "no": "norwegian norwegisch norvégien noruego norsk nor",
    "pl": "polish polnisch polonais polaco polski pol",
    "pt": "portuguese portugiesisch portugais portugués português portoghese por",
    "ro": "romanian rumänisch roumain rumano română ron rum",
    "ru": "russian russisch russe ruso русский rus",
    "sv": "swedish schwedisch suédois sueco svenska swe",
    "tr": "turkish türkisch turc turco türkçe tur",
    "uk": "ukrainian ukrainisch ukrainien ucraniano українська ukr",
    "zh": "chinese chinesisch chinois chino 中文 zho chi",
}
NAMED_LANGUAGES = tuple(_NAMES)
"""Codes of the languages that are known by name."""

_NAMED = {name: code for code, names in _NAMES.items() for name in names.split()}
"""Codes of two letters by what people call languages, and by their codes of three."""

_READ = 3000
_LEAST_LETTERS = 40
_CODE = re.compile(r"([A-Za-z]{2,3})(?:[-_].*)?")


def known_language(stated: str) -> str:
    """Return the ISO 639 code of a language that is stated by code or name, or ""."""
    name = stated.strip().casefold()
    if name in _NAMED:
        return _NAMED[name]
    code = _CODE.fullmatch(name)
    return _NAMED.get(code[1], code[1]) if code else ""


def language_of(stated: str, text: str) -> str:
    """Return the language as its ISO 639 code: the one stated, else detected, else ""."""
    if code := known_language(stated):
        return code
    sample = " ".join(text[:_READ].split())
    if sum(map(str.isalpha, sample)) < _LEAST_LETTERS:
        return ""
    language, probability = _identifier().classify(sample)
    return str(language) if probability >= _SURE else ""


def question_language(question: str, spoken: Iterable[str]) -> str:
    """Return the language of a question about texts in the languages that are ``spoken``.

    A question is short. Its script tells some languages; of the others those are taken first whose
    question words it has, then one that is spoken, or English, before any that is not sure.
    """
    letters = [char for char in question if char.isalpha()]
    if not letters:
        return ""
    known = {ENGLISH, *spoken} - {""}
    scripts = Counter(unicodedata.name(char, "").split(" ")[0] for char in letters)
    script = scripts.most_common(1)[0][0]
    if script == "CJK" and scripts.keys() & {"HIRAGANA", "KATAKANA"}:
        script = "HIRAGANA"
    if script != "LATIN":
        written = _WRITTEN.get(script, ())
        return written[0] if len(written) == 1 else _likeliest(question, known, written)
    words = set(re.findall(r"[^\W\d_]+", question.lower()))
    if words & _ENGLISH_WORDS:
        return ENGLISH
    asking = {code for code in ASKING if (w := question_words(code)) and w.ask(question)}
    # "Was" asks in German, and begins a question in English.
    both = asking & known
    return _likeliest(question, both | {ENGLISH} if both else known | asking, ())


def _likeliest(question: str, known: AbstractSet[str], written: Sequence[str]) -> str:
    """Return the likeliest language, of those ``written`` in its script where these are known.

    One that is ``known`` is taken before any that is not sure.
    """
    ranked = [(str(code), float(p)) for code, p in _identifier().rank(question)]
    ranked = [(code, p) for code, p in ranked if not written or code in written]
    best, probability = ranked[0]
    if probability >= _SURE_OF_QUESTION:
        return best
    return next((code for code, _ in ranked if code in known), best)


@cache
def _identifier() -> Any:  # noqa: ANN401 (a class without types)
    # Imported here: only indexing detects languages.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    try:
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    except OSError as error:  # it is unpacked in the folder for temporary files
        raise SourcebotError(
            f"{tempfile.gettempdir()} cannot be written: {error.strerror or error}",
            "free space there, or name another folder in TMPDIR",
        ) from error


def _abbreviated(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s(„“«‘'’])(?:{'|'.join(words)})\.$")


ABBREVIATIONS: Mapping[str, re.Pattern[str]] = {
    "de": _abbreviated(
        r"z\. ?B|d\. ?h|u\. ?a|i\. ?d\. ?R|o\. ?ä|v\. ?a|z\. ?T|s\. ?o|z|d|u|v|i|Nr|bzw|Hr|Fr|Frl",
        r"\w*[Ss]tr|St|Abs|Art|Mio|Mrd|Tsd|Bd|evtl|ggf|geb|gest|inkl|exkl|sog|vgl|zzgl|Dipl|Ing|Dr",
        "Prof|Kap",
        "Jan|Feb|Mrz|Apr|Jun|Jul|Aug|Sept?|Okt|Nov|Dez",
    ),
    "es": _abbreviated(
        "Sra?|Srta|Sres|Dra?|D|Dña|EE|Uds?|Vds?|pág|págs|núm|art|ej|aprox|Lic|Gral|Ing|Prof|Profa",
        "Sto|Sta|Avda|tel|vol|cap",
    ),
    "fr": _abbreviated(
        "MM?|Mlle|Mme|Dr|Pr|Me|pp?|art|av|chap|env|éd|vol|Cie|St|Ste|apr|cf|tél|J|janv|févr|juill",
        "sept|oct|nov|déc",
    ),
    "it": _abbreviated("Sig|Sigg|Dott|Prof|On|Sen|Avv|Ing|pag|art|vol|cap|S"),
    "nl": _abbreviated(r"dhr|mevr|mr|drs|ir|dr|prof|bijv|nr|blz|ca|o\.a|jl|t|St"),
    "pt": _abbreviated("Sra?|Dra?|Exm[oa]|Prof|Profa|pág|art|núm|vol|cap|Av|Eng"),
}
"""What ends with a full stop and does not end a sentence, by language."""

ORDINALS: Mapping[str, re.Pattern[str]] = {
    "de": re.compile(
        r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
        r"|Jahrhundert|Jahrhunderts|Jh|Platz|Runde|Etage|Stock|Auflage|Klasse|Geburtstag"
        r"|Weltkrieg|Spieltag|Mal|Bundestag)\b"
    ),
}
"""Words before which a number with a full stop is an ordinal, by language."""
