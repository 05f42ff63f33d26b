"""Numbers in running text, in whatever form they are written, with what they count.

"1,480", "1 480", "1'480" and "1480" are one number; "1.480" is one only where the language says so
or a further group follows. "2.4 million", "£2.4m" and "2,400,000" are one as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from sourcebot.text.dates_in import outside
from sourcebot.text.money import names, symbols
from sourcebot.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_DECIMAL_COMMA = (
    "bg ca cs da de el es et eu fi fr gl hr hu id is it lt lv nb nl nn no pl pt ro ru sk sl sr sv"
    " tr uk vi"
)
_COMMA_IS_DECIMAL = frozenset(_DECIMAL_COMMA.split())
"""Languages that write 1.480,5 or 1 480,5."""

_SPACES = " \u00a0\u2009\u202f"
NUMBER = (
    rf"\d{{1,3}}(?:(?P<by>[,.'’{_SPACES}])\d{{3}})(?:(?P=by)\d{{3}})*(?:[.,]\d{{1,2}}(?!\d))?(?!\d)"
    r"|\d{1,2}(?:,\d\d)+,\d{3}(?:\.\d+)?(?!\d)"  # as in India: 3,50,000
    r"|\d+(?:[.,]\d+)?"
)
_FIGURE = re.compile(
    rf"(?<![\w.,/])(?<!\d[:-])(?P<minus>(?<!\w)[-−])?(?P<number>{NUMBER})(?!\d|:\d)"
)
GROUPED = re.compile(
    rf"(?<![\d.,])(?:\d{{1,2}}(?:(,)\d\d)+,\d{{3}}"
    rf"|\d{{1,3}}(?:([,.'’{_SPACES}])\d{{3}})(?:\2\d{{3}})*)(?!\d)"
)
"""A figure whose digits stand in groups."""

_ENGLISH_MAGNITUDES = {
    "hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "mn": 10**6, "bn": 10**9, "tn": 10**12, "dozen": 12,
}  # fmt: skip
_SHORT_MAGNITUDES = {"k": 10**3, "m": 10**6, "b": 10**9}
"""What may stand right behind the figure of a sum; "k" behind any."""

_SHORTEST_MAGNITUDE = 3
_UP_TO_NINETEEN = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen
"""
_UNITS = _UP_TO_NINETEEN.split()
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
NUMBER_WORDS = (*_UNITS, *_TENS)
_WORDS = {word: number for number, word in enumerate(_UNITS, 1)} | {
    word: 10 * number for number, word in enumerate(_TENS, 2)
}
_SMALL = "|".join(sorted(_WORDS, key=len, reverse=True))
_IN_WORDS = re.compile(
    rf"\b(?:(?P<first>{_SMALL})(?:[- ](?P<second>{'|'.join(_UNITS[:9])}))?|(?P<a>an?(?=\s(?:hundred"
    r"|thousand|million|billion|dozen)))|(?P<half>half(?:\sa)?(?=\s(?:million|billion|dozen))))\b"
    r"(?!-)",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    r"[\s\u00a0\u202f]?(?:%|‰|(?<=\s)(?:per ?cent|pct|prozent|pour cent|por ciento|per cento"
    r"|procent|prosent)\b)",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"(?<![^\W\d_])([^\W\d_]{{1,4}}\.?|[^\W\d_]{{0,2}}[^\w\s(\[])[{_SPACES}]?$")
_WORD_AFTER = re.compile(
    rf"[{_SPACES}-]?(?:([dD]['’]|[^\W\d_]{{5,}}|[^\W\d_]+)(?:(?<![^\W\d_]{{5}})\.(?=\s))?"
    r"|([^\w\s.,;:!?()\[\]|/'’\"“”-]))"
)
_LOOKED_BACK = 6
_MOST_WORDS = 4
_NEXT_WORD = re.compile(rf"[{_SPACES}-]?([^\W\d_][\w³²/’']*|°[CF]?)")


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A number in a text.

    Attributes:
        span: where it stands, with its currency or per-cent sign.
        number: its value, magnitudes such as "million" reckoned in; exact.
        sure: whether its form has one meaning ("1.480" has two).
        currency: its currency's code by ISO 4217, or "".
        percent: whether it is a percentage.
        unit: the word after it, as it stands, or "".
    """

    span: Span
    number: Decimal
    sure: bool = True
    currency: str = ""
    percent: bool = False
    unit: str = ""


def numbers_in(text: str, language: str = "") -> Iterator[FoundNumber]:
    """Yield the numbers of a text in order, those in English words included.

    ``language`` is an ISO 639 code, "" is English: it decides what a comma means.
    """
    found = [_told(text, place, figure, language) for place, figure in _figures(text, language)]
    in_words = {Span(*words.span()): words for words in _IN_WORDS.finditer(text)}
    found += [
        _told(text, place, (_worth(in_words[place]), True), language)
        for place in outside(in_words, [number.span for number in found])
    ]
    yield from sorted(found, key=lambda number: number.span)


def tells_money_or_size(text: str, language: str = "") -> bool:
    """Return whether a text may hold the name of a currency or a word such as "million"."""
    small = text.casefold()
    return any(
        word in small for known in (_magnitudes(language), names(language)) for word in known
    )


def _worth(words: re.Match[str]) -> Decimal:
    if words["half"]:
        return Decimal("0.5")
    first, second = words["first"], words["second"]
    value = _WORDS.get((first or "").casefold(), 1)
    return Decimal(value + (_WORDS[second.casefold()] if second else 0))


def _figures(text: str, language: str) -> Iterator[tuple[Span, tuple[Decimal, bool]]]:
    for found in _FIGURE.finditer(text):
        value, sure = figure_value(found["number"], language)
        place = Span(*found.span("number"))
        if found["minus"]:
            value, place = -value, Span(found.start(), found.end())
        yield place, (value, sure)


def figure_value(figure: str, language: str = "") -> tuple[Decimal, bool]:
    """Return the value of a figure as it is written, and whether it has one meaning only."""
    decimal_comma = language in _COMMA_IS_DECIMAL
    grouped = GROUPED.match(figure)
    if not grouped:
        return Decimal(figure.replace(",", ".")), True
    by, whole, rest = grouped[1] or grouped[2], grouped[0], figure[grouped.end() :]
    digits = "".join(filter(str.isdigit, whole))
    several = whole.count(by) > 1 or bool(rest)
    if by in ".," and not several:
        # 1.480 in English and 1,480 in German have a decimal mark, or come from elsewhere.
        thousands = (by == ".") == decimal_comma
        if not thousands:
            return Decimal(whole.replace(",", ".")), whole.startswith("0")
        return Decimal(digits), language != "" or by == ","
    fraction = rest[1:] if rest else ""
    return Decimal(f"{digits}.{fraction}" if fraction else digits), True


@cache
def _magnitudes(language: str) -> dict[str, int]:
    """Return the words for powers of ten, small letters, in English and another language."""
    found = dict(_ENGLISH_MAGNITUDES)
    if language in {"", "en"}:
        return found
    from babel import Locale, UnknownLocaleError

    try:
        formats = Locale.parse(language).compact_decimal_formats
    except (UnknownLocaleError, ValueError):
        return found
    for width in ("long", "short"):
        for by_size in formats.get(width, {}).values():
            for size, pattern in by_size.items():
                zeros = str(pattern.pattern)
                name = zeros.lstrip("0").strip().rstrip(".").casefold()
                zeros = zeros[: len(zeros) - len(zeros.lstrip("0"))]
                if zeros and name.isalpha() and len(name) >= _SHORTEST_MAGNITUDE:
                    found[name] = int(size) // 10 ** (len(zeros) - 1)
    return found


def _told(text: str, place: Span, figure: tuple[Decimal, bool], language: str) -> FoundNumber:
    """Return a number with the magnitude, currency, per-cent sign or unit around it."""
    value, sure = figure
    start, end = place.start, place.end
    currency = ""
    before = _BEFORE.search(text, max(0, start - _LOOKED_BACK), start)
    if before and before[1] in symbols():
        currency, start = symbols()[before[1]], before.start(1)
    words = _words_after(text, end)
    short = words[0] if words and words[0].start == end else None
    size = _SHORT_MAGNITUDES.get(short.of(text).casefold().rstrip("."), 0) if short else 0
    if short and size and (currency or size == 1000 or _currency_in(text, words[1:], language)[0]):
        value, end, words = value * size, short.end, words[1:]
    if words and (size := _magnitudes(language).get(_singular(words[0].of(text)), 0)):
        value, end, words = value * size, words[0].end, words[1:]
    named, last = _currency_in(text, words, language)
    if named and currency in {"", named}:
        currency, end = named, last
    if currency.endswith("/100"):
        currency, value = currency.removesuffix("/100"), value / 100
    percent = _PERCENT.match(text, end)
    end = percent.end() if percent else end
    unit = _NEXT_WORD.match(text, end)
    return FoundNumber(
        Span(start, end), value, sure, currency, bool(percent), unit[1] if unit else ""
    )


def _words_after(text: str, end: int) -> list[Span]:
    """Return the next words, or signs of currencies, behind a figure."""
    words: list[Span] = []
    while len(words) < _MOST_WORDS and (found := _WORD_AFTER.match(text, end)):
        words.append(Span(*found.span(found.lastindex or 1)))
        end = found.end()
    return words


def _currency_in(text: str, words: list[Span], language: str) -> tuple[str, int]:
    """Return the currency that words behind a number name, and where its name ends; ("", 0): none.

    "of", "de" and one adjective ("Swiss") may stand before the name.
    """
    known = names(language)
    for place, word in enumerate(words[:3]):
        said = word.of(text)
        if said in symbols():
            return symbols()[said], word.end
        if said.casefold() in known:
            return known[said.casefold()], word.end
        if said not in {"of", "de", "d’", "d'"} and not (said[0].isupper() and place < 2):
            break
    return "", 0


def _singular(word: str) -> str:
    small = word.casefold().rstrip(".")
    return small[:-1] if small.endswith("s") and small[:-1] in _ENGLISH_MAGNITUDES else small
