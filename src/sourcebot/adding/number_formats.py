"""Values of cells -> what a spreadsheet shows: 0.45 as "45%", 1204 as "1,204"."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from sourcebot.adding.blocks import cleaned

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.')
_PATTERN = re.compile(r"[#0?][#0?,.]*(?:E[+-]0+)?")
_DATE_PARTS = re.compile(r"y+|m+|d+|h+|s+|AM/PM|A/P|.", re.IGNORECASE | re.DOTALL)
_GENERAL = {"general", "", "@"}
_MONTHS = "January February March April May June July August September October November December"
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_SYSTEM_DATES = {"mm-dd-yy", "m/d/yyyy", "d/m/yyyy", "yyyy-mm-dd"}
"""Formats that a spreadsheet shows as its country does: written as ISO 8601."""


def shown(value: object, number_format: str) -> str:
    """Return a cell's value as it is shown in the format; dates of unknown form as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return _number(value, number_format or "")
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return _date(value, number_format or "")
    if isinstance(value, dt.timedelta):
        seconds = int(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return cleaned(str(value))


def _number(value: float, number_format: str) -> str:
    sections = number_format.split(";")
    section = sections[0]
    if value < 0 and len(sections) > 1:
        section, value = sections[1], -value
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    if section.strip().lower() in _GENERAL:
        return _plain(value)
    before, pattern, after = _parsed(section)
    if not pattern or "E" in pattern:
        return f"{before}{after}" if not pattern and (before or after) else _plain(value)
    percent = "%" in before or "%" in after
    digits = pattern.rstrip(",")
    scale = 1000 ** (len(pattern) - len(digits))
    whole, _, decimals = digits.partition(".")
    thousands = "," in whole
    least, most = decimals.count("0"), len(re.sub(r"[^#0?]", "", decimals))
    text = f"{abs(value) * (100 if percent else 1) / scale:{',' if thousands else ''}.{most}f}"
    if most > least and "." in text:
        head, tail = text.split(".")
        kept = tail[:least] + tail[least:].rstrip("0")
        text = f"{head}.{kept}" if kept else head
    zeros = len(re.sub(r"[^0]", "", whole))
    if not thousands and zeros > len(text.split(".", maxsplit=1)[0]):
        text = text.zfill(zeros + len(text) - len(text.split(".", maxsplit=1)[0]))
    sign = "-" if value < 0 else ""
    return cleaned(f"{sign}{before}{text}{after}")


def _plain(value: float) -> str:
    """Return a number as the general format shows it."""
    if isinstance(value, int) or value.is_integer():
        return str(int(value)) if abs(value) < 1e15 else f"{value:.6g}"
    return f"{value:.10g}"


@lru_cache(maxsize=256)
def _parsed(section: str) -> tuple[str, str, str]:
    """Return what stands before a number, the pattern of the number, and what stands after."""
    parts = [""]
    literals: list[str] = []

    def kept(match: re.Match[str]) -> str:
        literals.append(match[1] or match[2] or match[3] or "")
        return f"\x00{len(literals) - 1}\x01"

    plain = _LITERAL.sub(kept, section)
    found = _PATTERN.search(re.sub(r"\x00\d+\x01", lambda m: "\x02" * len(m[0]), plain))
    start, end = (found.start(), found.end()) if found else (len(plain), len(plain))
    parts = [plain[:start], plain[start:end], plain[end:]]
    before, after = (
        re.sub(r"\x00(\d+)\x01", lambda m: literals[int(m[1])], part)
        for part in (parts[0], parts[2])
    )
    return before, parts[1], after


def _date(value: dt.datetime | dt.date | dt.time, number_format: str) -> str:
    section = number_format.partition(";")[0]
    plain = _LITERAL.sub(lambda m: m[1] or m[2] or "", section)
    if plain.lower() in _SYSTEM_DATES or not re.search(r"[ymdhs]", plain, re.IGNORECASE):
        midnight = isinstance(value, dt.datetime) and value.time() == dt.time()
        return str(value).partition(" ")[0] if midnight else str(value)
    parts = _DATE_PARTS.findall(plain)
    half = any(part.upper() in {"AM/PM", "A/P"} for part in parts)
    fields = _fields(value, half=half)
    letters = [(index, part[0].lower()) for index, part in enumerate(parts) if part[0].isalpha()]
    minutes = {
        index
        for place, (index, letter) in enumerate(letters)
        if letter == "m"
        and ("h" in _letter(letters, place - 1) or "s" in _letter(letters, place + 1))
    }
    return cleaned(
        "".join(
            fields.get(f"minutes {len(part)}" if index in minutes else part.lower(), part)
            for index, part in enumerate(parts)
        )
    )


def _letter(letters: list[tuple[int, str]], place: int) -> str:
    return letters[place][1] if 0 <= place < len(letters) else ""


def _fields(value: dt.datetime | dt.date | dt.time, *, half: bool) -> dict[str, str]:
    """Return the fields of a date and time by the letters that a format has for them."""
    found: dict[str, str] = {}
    if isinstance(value, dt.date):
        month, day = _MONTHS.split()[value.month - 1], _DAYS.split()[value.weekday()]
        found |= {"yyyy": str(value.year), "yy": f"{value.year % 100:02}", "mmmm": month}
        found |= {"mmm": month[:3], "mm": f"{value.month:02}", "m": str(value.month)}
        found |= {"dddd": day, "ddd": day[:3], "dd": f"{value.day:02}", "d": str(value.day)}
    if isinstance(value, (dt.datetime, dt.time)):
        hour = (value.hour + 11) % 12 + 1 if half else value.hour
        noon = "AM" if value.hour < 12 else "PM"
        found |= {"hh": f"{hour:02}", "h": str(hour), "am/pm": noon, "a/p": noon[0]}
        found |= {"minutes 2": f"{value.minute:02}", "minutes 1": str(value.minute)}
        found |= {"ss": f"{value.second:02}", "s": str(value.second)}
    return found
