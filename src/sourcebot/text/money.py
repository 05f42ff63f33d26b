"""Currencies by their symbols, codes and names.

The table holds what Unicode's CLDR calls them in English; names in other languages are CLDR's, by
babel.
"""

from __future__ import annotations

from functools import cache

_TABLE = """
USD $|US$ dollars; EUR € euros; GBP £ pounds; JPY ¥|円 yen; CNY CN¥|元|RMB yuan; INR ₹|Rs rupees
CHF Fr.|SFr. francs; SEK kr kronor; NOK kr kroner; DKK kr kroner; ISK kr krónur; PLN zł zlotys
CZK Kč korunas; HUF Ft forints; RON lei lei; BGN лв. leva; UAH ₴ hryvnias; RUB ₽ rubles
TRY ₺ lira; ILS ₪ shekels; KRW ₩ won; THB ฿ baht; VND ₫ dong; PHP ₱ pesos; IDR Rp rupiahs
MYR RM ringgits; SGD S$ dollars; HKD HK$ dollars; TWD NT$ dollars; AUD A$|AU$ dollars
CAD CA$|C$ dollars; NZD NZ$ dollars; MXN MX$ pesos; BRL R$ reals; ARS AR$ pesos; ZAR ZAR rand
NGN ₦ nairas; KES KSh shillings; EGP E£ pounds; AED AED dirhams; SAR SAR riyals; PKR ₨ rupees
"""
_MORE_NAMES = {
    "pound": "GBP", "sterling": "GBP", "quid": "GBP", "dollar": "USD", "euro": "EUR",
    "rupee": "INR", "franc": "CHF", "krona": "SEK", "krone": "KR", "kroner": "KR", "zloty": "PLN",
    "złoty": "PLN", "złotych": "PLN", "złote": "PLN", "koruna": "CZK", "forint": "HUF",
    "shekel": "ILS", "ruble": "RUB", "rouble": "RUB",
    "roubles": "RUB", "pence": "GBP/100", "penny": "GBP/100", "cent": "CENT", "cents": "CENT",
    "renminbi": "CNY", "baht": "THB", "yen": "JPY", "yuan": "CNY", "peso": "PESO",
    "pesos": "PESO", "lira": "TRY", "hryvnia": "UAH",
}  # fmt: skip
_NOT_NAMES = frozenset({"won", "real", "lei", "leva", "dong", "rand"})
"""Names that are other words too, so they do not count; their symbols and codes do."""

SAME = {"KR": frozenset({"SEK", "NOK", "DKK", "ISK"})}
"""What a name that several currencies share may mean."""


@cache
def _currencies() -> tuple[tuple[str, tuple[str, ...], str], ...]:
    entries = (entry.split() for line in _TABLE.strip().splitlines() for entry in line.split(";"))
    return tuple((code, tuple(symbols.split("|")), name) for code, symbols, name in entries)


@cache
def symbols() -> dict[str, str]:
    """Return the currency of each symbol and code; "KR" where several share the symbol."""
    found: dict[str, str] = {}
    for code, marks, _ in _currencies():
        for mark in (code, *marks):
            found[mark] = "KR" if mark in found and mark == "kr" else found.get(mark, code)
    found |= {mark.rstrip("."): code for mark, code in found.items()}
    return {**found, "kr": "KR", "Kr": "KR"}


@cache
def names(language: str = "") -> dict[str, str]:
    """Return the currency of each name, small letters, in English and another language."""
    found = dict(_MORE_NAMES)
    for code, _, name in _currencies():
        found.setdefault(name, code)
    for code in (c for c, *_ in _currencies() if language not in {"", "en"}):
        for name in _foreign(code, language):
            found.setdefault(name, code)
    return {name: code for name, code in found.items() if name not in _NOT_NAMES}


def _foreign(code: str, language: str) -> set[str]:
    """Return the last words of a currency's names in a language, by CLDR."""
    from babel import Locale, UnknownLocaleError
    from babel.numbers import get_currency_name

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return set()
    whole = (get_currency_name(code, count, locale) for count in (1, 2, 5))
    last = {name.casefold().replace("-", " ").split()[-1] for name in whole if name}
    return {name for name in last if name.isalpha() and len(name) > 2}


@cache
def word_of(code: str) -> str:
    """Return the English name, many of it, of a currency; "" for what is shared."""
    return {c: name for c, _, name in _currencies()}.get(code, "")
