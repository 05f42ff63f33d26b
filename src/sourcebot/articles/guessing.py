"""Bytes without a label -> the encoding that old files of their language are in.

An encoding is right when its text is in a language that is known by its words, written in that
language's letters: in wrong ones words hold symbols, capitals or another script's letters. Which
of the encodings of Chinese, Japanese and Korean it is, is left to charset-normalizer.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import TYPE_CHECKING

from sourcebot.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SINGLE = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874"),
    *("koi8_r", "koi8_u", "iso8859_15", "iso8859_2", "iso8859_5", "iso8859_6", "iso8859_7"),
    *("iso8859_16", "mac_roman", "mac_cyrillic", "cp866", "cp850", "cp852", "cp737"),
)
"""Encodings of one byte a character, the more usual first."""

_SEVERAL_BYTES = ("gb18030", "big5", "cp932", "euc_jp", "cp949")
STATEFUL = ("iso2022_jp", "iso2022_kr")
"""Encodings of seven bits, which change their meaning by escapes."""

GUESSED = frozenset({*_SINGLE, *_SEVERAL_BYTES, *STATEFUL})

_WESTERN = "àáâãäåæçèéêëìíîïñòóôõöøœùúûüýÿßšž"
_LETTERS: Mapping[str, str] = {
    **dict.fromkeys(("en", "de", "fr", "es", "pt", "it", "nl", "ca", "gl", "eu", "ga"), _WESTERN),
    **dict.fromkeys(("sv", "da", "nb", "nn", "no", "fi"), _WESTERN),
    "is": "áéíóúýþæöð",
    "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "hu": "áéíóöőúüű",
    "ro": "ăâîșțşţ",
    **dict.fromkeys(("hr", "bs", "sl"), "čćđšž"),
    "et": "äöõüšž",
    "lv": "āčēģīķļņšūž",
    "lt": "ąčęėįšųūž",
    "tr": "çğıöşüâîûİ",
    "sq": "ëç",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюя",
    "sr": "абвгдђежзијклљмнњопрстћуфхцчџш",
    "mk": "абвгдѓежзѕијклљмнњопрстќуфхцчџш",
    "el": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
    "he": "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
    "ar": "ءآأؤإئابةتثجحخدذرزسشصضطظعغـفقكلمنهوىي",
    "fa": "ءآأؤئابپتثجچحخدذرزژسشصضطظعغفقکكگلمنوهیيى",
    "th": "".join(chr(code) for code in range(0x0E01, 0x0E3B)) + "เแโใไๅๆ",
}
"""Letters beyond ASCII of languages, in lower case."""

_SCRIPTS = re.compile("[\u0370-\u03ff\u0400-\u052f\u0590-\u05ff\u0600-\u06ff\u0e00-\u0e7f]")
_CASED = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u052f]")
_VOWEL = re.compile(
    "[aeiouyrlàáâãäåæāăąèéêëēėęěìíîïīįıòóôõöøōőœùúûüūůűųŷÿýаеёиоуыэюяєіїўӣӯαεηιουωάέήίόύώϊϋΐΰ]",
    re.IGNORECASE,
)
_SHORTEST = 3
_WORD = re.compile(r"[^\W\d_]+")
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_SYMBOL = re.compile(
    rf"(?<=[^\W\d_])[^\w\s{_MARKS}'’‘`´\-‐–—.,/&+@:;()\[\]{{}}\"“”„«»<>!?*=|\\%#…·]+(?=[^\W\d_])"
    r"|(?<=[^\W\d_])[¼½¾](?=[^\W\d_])|(?<!\w)[£¥¹²³¤¦®¶¼½¾¬¨±](?=[^\W\d_])|[¶\x80-\x9f\uf8ff]"
    r"|(?<![\u0e01-\u0e2e\u0e30-\u0e3a\u0e47-\u0e4e])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]|[เแโใไ](?![\u0e01-\u0e2e])"
    r"|(?<!\d)\s?[×÷]\s?(?!\d)|[ةى](?=[^\W\d_])|[\u2200-\u22ff\u2500-\u25ff]"
)
"""What stands in no text that is read rightly: symbols in words, letters that only end words."""

_NARROW = re.compile("[\uff61-\uff9f]")
_FEW_NARROW = 0.1
_SAMPLE = 128 * 1024
_FEW_HIGH = 0.25
"""Texts with a smaller share of bytes beyond ASCII are in Latin letters."""

_MOST_WRONG = 0.12
"""A text of which more characters beyond ASCII are wrong is in no known encoding."""

_UNKNOWN, _UNCOMMON = 0.5, 0.1
_MOST_ACCENTS = 0.4
"""No language in Latin letters has a larger share of letters beyond ASCII."""

_SHORT = 60
"""Texts with fewer characters beyond ASCII may be too short for their language to be known."""


def guessed(data: bytes) -> str:
    """Return the codec that bytes are most likely in, or "" when that cannot be told."""
    sample = data[:_SAMPLE]
    high = sum(byte > 0x7F for byte in sample)
    letters = high + sum(chr(byte).isalpha() for byte in sample if byte < 0x80)
    if high >= _FEW_HIGH * letters and (codec := _of_several_bytes(data, sample, high)):
        return codec
    wrong = {codec: _wrong(data, codec) for codec in _SINGLE}
    least = min((w for w in wrong.values() if w is not None), default=None)
    if least is None or least > _MOST_WRONG * high:
        return ""
    return next(codec for codec, count in wrong.items() if count == least)


def _of_several_bytes(data: bytes, sample: bytes, high: int) -> str:
    """Return the encoding of Chinese, Japanese or Korean that bytes are in, or ""."""
    read = {codec: _text(data, sample, codec) for codec in _SEVERAL_BYTES}
    # Half-width letters of Japanese are one byte each, and so what any bytes may be.
    fitting = [
        codec
        for codec, text in read.items()
        if text and len(_NARROW.findall(text)) < _FEW_NARROW * high
    ]
    if not fitting:
        return ""
    # Short words of an even number of letters fit by chance.
    among = (*fitting, *_SINGLE[:10]) if high < _SHORT else fitting
    found = _detected(sample, among)
    return found if found in fitting else ""


def _detected(sample: bytes, among: Sequence[str]) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=list(among), threshold=0.4).best()
    return str(best.encoding) if best and best.encoding in among else ""


def _text(data: bytes, sample: bytes, codec: str) -> str | None:
    """Return the sample as text, or None when the bytes are none in that encoding."""
    try:
        data.decode(codec)
        return codecs.getincrementaldecoder(codec)().decode(sample)
    except UnicodeDecodeError:
        return None


def _wrong(data: bytes, codec: str) -> float | None:
    """Return how many characters of a text speak against an encoding, or None for all."""
    text = _text(data, data[:_SAMPLE], codec)
    if text is None:
        return None
    text = unicodedata.normalize("NFC", text)
    beyond = [c for c in text.lower() if c > "\x7f" and c.isalpha()]
    language = language_of("", text)
    known = _LETTERS.get(language, "")
    wrong = float(len(_SYMBOL.findall(text)))
    if known:
        wrong += sum(c not in known for c in beyond)
    elif len(beyond) >= _SHORT:
        wrong += (_UNCOMMON if language else _UNKNOWN) * len(beyond)
    latin = sum(c < "\u0370" for c in beyond)
    if latin > _MOST_ACCENTS * sum(map(str.isalpha, text)):
        wrong += latin
    return wrong + sum(map(_is_odd, _WORD.findall(text)))


def _is_odd(word: str) -> bool:
    """Return whether a word is none: it mixes scripts, has capitals in its middle or no vowel."""
    if word.isascii():
        return False
    foreign = len(_SCRIPTS.findall(word))
    mixed = 0 < foreign < len(word)
    mute = len(word) > _SHORTEST and _CASED.match(word) and not _VOWEL.search(word)
    return mixed or bool(mute) or (any(map(str.isupper, word[1:])) and any(map(str.islower, word)))
