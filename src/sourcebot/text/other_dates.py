"""Days as other languages than English write them: "2. März 2026", "2 de marzo de 2026"."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import TYPE_CHECKING

from sourcebot.text.dates_in import names_of_months
from sourcebot.text.languages import NAMED_LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WORD = r"(?P<month>[^\W\d_]{3,12})\.?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:\.|er|º|ª|°)?\s+(?:de\s+|di\s+|d['’]\s?)?{_WORD}"
        r",?(?:\s+del?)?\s+(?P<year>\d{4})(?!\d)",
        rf"\b{_WORD}\s+(?P<day>\d{{1,2}}),?\s+(?:de\s+)?(?P<year>\d{{4}})(?!\d)",
        rf"(?<!\d)(?P<year>\d{{4}})\.?\s+(?:m\.\s+)?{_WORD}\s+(?P<day>\d{{1,2}})(?!\d)\.?",
        r"(?<!\d)(?P<year>\d{4})\s?[年년]\s?(?P<number>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]",
        r"(?<!\d)(?P<day>\d{1,2})\.\s(?P<number>\d{1,2})\.\s(?P<year>\d{4})(?!\d)",
        r"(?<!\d)(?P<year>\d{4})\.\s(?P<number>\d{1,2})\.\s(?P<day>\d{1,2})\.?(?!\d)",
    )
)
_AFTER = re.compile(
    r"(?:,? ?(?:года?|г\.|р\.|г|roku|r\.))?"
    r"(?: ?[,|–-]? ?(?:[^\W\d_]{1,4} )?\d{1,2}[:.h]\d\d.{0,20})? ?\.?"
)
_SMALL = frozenset(
    ["le", "am", "den", "der", "el", "il", "la", "op", "on", "dne", "dnia", "в", "o"]
)
"""What may stand before a day that is told alone, besides the day of the week."""


def other_day(text: str) -> dt.date | None:
    """Return the day that a text names and nothing else, or None."""
    text = " ".join(text.split())
    for form in _FORMS:
        found = form.search(text)
        if found and (day := _day(found)):
            before = re.findall(r"[^\W_]+(?:-[^\W_]+)*", text[: found.start()].casefold())
            if set(before) <= _SMALL | _weekdays() and _AFTER.fullmatch(text, found.end()):
                return day
    return None


def other_days(words: str) -> Iterator[dt.date]:
    """Yield the days that a line names."""
    for form in _FORMS:
        for found in form.finditer(words):
            if day := _day(found):
                yield day


def _day(found: re.Match[str]) -> dt.date | None:
    parts = found.groupdict()
    name = parts.get("month")
    month = _months().get(name.casefold()) if name else int(parts["number"])
    try:
        return dt.date(int(parts["year"]), month, int(parts["day"])) if month else None
    except ValueError:
        return None


@cache
def _months() -> Mapping[str, int]:
    """Return the number of each month by its names in all languages, but for ambiguous ones."""
    numbers: dict[str, set[int]] = {}
    for language in NAMED_LANGUAGES:
        for number, names in enumerate(names_of_months(language), 1):
            for name in names:
                numbers.setdefault(name, set()).add(number)
    return {name: found.pop() for name, found in numbers.items() if len(found) == 1}


@cache
def _weekdays() -> frozenset[str]:
    from babel import Locale

    return frozenset(
        str(name).casefold().rstrip(".")
        for language in NAMED_LANGUAGES
        for widths in Locale.parse(language).days["format"].values()
        for name in widths.values()
    )
