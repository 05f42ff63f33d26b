"""Days as people and feeds write them."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from email.utils import parsedate_to_datetime

from sourcebot.errors import QuestionError

_DATE_FORMATS = ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d")
_LONGEST = 100
_LONGEST_LINE = 120
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed|thur?s?|fri|sat|sun|\w+day)\b[.,]?\s+", re.IGNORECASE)
_TIME = re.compile(r"(?<![,T\s])[,T\s]+(?:at\s+)?\d{1,2}[:.]\d{2}.*$", re.IGNORECASE)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_DATE = re.compile(
    rf"\b(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+\d{{4}}"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})",
    re.IGNORECASE,
)
_DATELINE_WORDS = re.compile(
    r"(?<![A-Za-z])(?:(?-i:[A-Z]{2,4})|[ap]\.?m\.?|at|on|updated?|published|posted|first|last|modified"
    r"|mon|tues?|wed|thur?s?|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?![A-Za-z])"
    r"|[\d:|,.\-–—()+]+",
    re.IGNORECASE,
)
_PART_OF_DAY = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2}))?")


def parse_date(value: str) -> dt.date | None:
    """Return the day that ``value`` names, or None when it names none for certain.

    Numbers such as 03/04/2021 are read day first, the order of most countries, unless
    only the other order is a date.
    """
    if len(value) > _LONGEST:
        return None
    text = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", value.strip())
    for read in (dt.datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(text).date()
        except (ValueError, IndexError, TypeError, OverflowError):
            continue
    text = _TIME.sub("", _WEEKDAY.sub("", text))
    numbers = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text)
    if numbers:
        first, second, year = map(int, numbers.groups())
        for day, month in ((first, second), (second, first)):
            try:
                return dt.date(year, month, day)
            except ValueError:
                continue
        return None
    text = " ".join(text.replace(",", " ").replace(".", " ").replace("Sept ", "Sep ").split())
    for form in _DATE_FORMATS:
        try:
            return dt.datetime.strptime(text, form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    return _other_day(value)


def _other_day(value: str) -> dt.date | None:
    # Imported here: the names of months in all languages take their time to load.
    from sourcebot.text.other_dates import other_day

    return other_day(value.strip()) if _YEAR.search(value) else None


def date_in(words: str) -> dt.date | None:
    """Return the date that a line holds, else None; of several none is the one."""
    dates = _DATE.findall(words)
    if dates or not _YEAR.search(words):
        return parse_date(dates[0]) if len(dates) == 1 else None
    from sourcebot.text.other_dates import other_days

    days = set(other_days(words))
    return days.pop() if len(days) == 1 else None


def only_date(words: str) -> dt.date | None:
    """Return the first date of a line that holds nothing but dates and times, else None."""
    if len(words) > _LONGEST_LINE:
        return None
    dates = _DATE.findall(words)
    if dates and not _DATELINE_WORDS.sub("", _DATE.sub("", words)).strip():
        return parse_date(dates[0])
    return _other_day(words)


def parse_bound(value: str, *, last: bool) -> dt.date | None:
    """Return the first (or ``last``) day that ``value`` names: a day, a month or a year."""
    part = _PART_OF_DAY.fullmatch(value.strip())
    if not part:
        return parse_date(value)
    year, month = int(part["year"]), int(part["month"] or (12 if last else 1))
    try:
        return dt.date(year, month, calendar.monthrange(year, month)[1] if last else 1)
    except ValueError:
        return None


def required_bound(name: str, value: str) -> dt.date | None:
    """Return the bound that a filter called ``since`` or ``until`` sets; "" sets none.

    Raises:
        QuestionError: when the value names no day.
    """
    date = parse_bound(value, last=name == "until") if value else None
    if value and date is None:
        raise QuestionError(f"{name} {value!r} is not a date", "write it as 2021-07-20")
    return date
