"""Whether a sentence stands in the lines of an original, and if not, which words differ.

White space, soft hyphens and ligatures do not count; everything else must be the same. A sentence
may go on in the next line, and on printed pages, over a column, footnote or page, at the beginning
of another; a hyphen at a line's end may be a word's own or not.
"""

from __future__ import annotations

import bisect
import datetime as dt
import difflib
import itertools
import math
import re
import unicodedata
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from sourcebot.text.hyphenation import divides, vocabulary_of
from sourcebot.types.claims import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sourcebot.adding.plain import Plain

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
    | dict.fromkeys("\u00ad\u200b\u2060\ufeff\ufffe\uffff\x02")
    | dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
    | {"\u2011": "-", "⁻": "-", "⁺": "+"}
)
_HYPHENS = str.maketrans({"\u00ad": "-", "\ufffe": "-", "\x02": "-"})
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_LAST_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]+$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_FAR = 400
"""A sentence goes on at most so many lines further: on the next page."""

_KEY = 4
_MOST_JUMPS = 60
_MOST_STEPS = 500
"""Pages of single letters have too many ways to go on: a sentence is looked for no longer."""

_AROUND = 6


def folded(text: str) -> str:
    """Return text on one line without what does not count in a comparison."""
    plain = _CONTROL.sub("", unicodedata.normalize("NFC", text).translate(_LIGATURES))
    return " ".join(plain.split())


class Lines:
    """The lines of one original, searched for many sentences."""

    def __init__(self, plain: Plain, language: str) -> None:
        """Take the lines, and the language of the text (ISO 639 code) or ""."""
        self._printed = plain.printed
        self._rows = [(frozenset(map(folded, texts)), numbers) for texts, numbers in plain.rows]
        self._language = language
        shown = [self._line(line) for line in plain.lines]
        self._words = [words for words in shown if words]
        self._tight = [words.replace(" ", "") for words in self._words]
        self._known = vocabulary_of("\n".join(self._words)) if plain.printed else frozenset()
        self._begins: dict[str, list[int]] = defaultdict(list)
        for number, line in enumerate(self._tight):
            self._begins[line[:_KEY]].append(number)
        self._whole = "\n".join(self._tight)
        self._starts: list[int] = []
        place = 0
        for line in self._tight:
            self._starts.append(place)
            place += len(line) + 1

    def _line(self, line: str) -> str:
        """Return a line folded; a soft hyphen at the end of a printed one is shown."""
        stripped = line.rstrip()
        if self._printed and stripped[-1:] in {"\u00ad", "\ufffe", "\x02"}:
            line = stripped[:-1] + "-"
        return folded(line)

    def hold(self, sentence: str) -> bool:
        """Return whether the lines hold a sentence."""
        wanted = folded(sentence).replace(" ", "")
        steps = itertools.count()
        return not wanted or any(
            self._holds_at(place, wanted, steps) for place in self._places(wanted)
        )

    def _places(self, wanted: str) -> Iterator[tuple[int, int]]:
        """Yield where the sentence may begin: a line's number and the place in it."""
        # The first letters may be the last of their line.
        for length in (min(12, len(wanted)), 3, 1):
            head = wanted[:length]
            at = self._whole.find(head)
            while at >= 0:
                line = self._line_at(at)
                inside = at - self._starts[line]
                rest = self._tight[line][inside:]
                # Shorter heads are for the last letters of a line alone.
                goes_on = rest.startswith(wanted) or wanted.startswith(rest.removesuffix("-"))
                fits = goes_on if len(rest) < 12 else length > 3 or length == len(wanted)
                if fits and self._is_boundary(line, inside):
                    yield line, inside
                at = self._whole.find(head, at + 1)
            if length == len(wanted):
                return

    def _line_at(self, place: int) -> int:
        return bisect.bisect_right(self._starts, place) - 1

    def _is_boundary(self, line: int, place: int) -> bool:
        """Return whether a word begins at a place of a line, or could."""
        if place == 0:
            return True
        before, here = self._tight[line][place - 1], self._tight[line][place]
        if not (before.isalnum() and here.isalnum()):
            return True
        spaces = [i for i, c in enumerate(self._words[line]) if c == " "]
        return place in {at - number for number, at in enumerate(spaces)}

    def _holds_at(self, place: tuple[int, int], wanted: str, steps: Iterator[int]) -> bool:
        """Return whether the sentence stands at a place, going on in other lines where it must."""
        waiting = [(place[0], place[1], 0, 0)]
        seen: set[tuple[int, int]] = set()
        while waiting and next(steps) < _MOST_STEPS:
            line, start, done, jumps = waiting.pop()
            text = self._tight[line]
            rest = text[start:]
            left = wanted[done:]
            if len(rest) >= len(left):
                if rest.startswith(left) and self._ends(line, start + len(left)):
                    return True
                if not (self._printed and rest == f"{left}-"):
                    continue
            if not self._printed:
                # A cell or paragraph with line breaks in it: its lines follow one another.
                if left.startswith(rest) and line + 1 < len(self._tight):
                    waiting.append((line + 1, 0, done + len(rest), jumps))
                continue
            for taken in self._taken(rest, left):
                for following in self._following(line, left[taken:], hyphen=taken < len(rest)):
                    far = jumps + (following != line + 1)
                    if far <= _MOST_JUMPS and (following, done + taken) not in seen:
                        seen.add((following, done + taken))
                        waiting.append((following, 0, done + taken, far))
        return False

    def _ends(self, line: int, place: int) -> bool:
        text = self._tight[line]
        if place >= len(text) or not (text[place - 1].isalnum() and text[place].isalnum()):
            return True
        return self._is_boundary(line, place)

    @staticmethod
    def _taken(rest: str, left: str) -> Iterator[int]:
        """Yield how much of a sentence a line's rest is, with its last hyphen or without."""
        if left.startswith(rest):
            yield len(rest)
        if rest.endswith("-") and left.startswith(rest[:-1]):
            yield len(rest) - 1

    def _following(self, line: int, left: str, *, hyphen: bool) -> Iterator[int]:
        """Yield the lines with which the rest of a sentence may go on, the next one first."""
        keys = {left[:_KEY], f"{left[: _KEY - 1]}-", *(left[:n] for n in range(1, _KEY))}
        if len(left) < _KEY:
            keys |= {key for key in self._begins if key.startswith(left)}
        near = [n for key in keys for n in self._begins.get(key, ()) if 0 < abs(n - line) <= _FAR]
        for number in sorted(near, key=lambda n: (n != line + 1, abs(n - line))):
            text = self._tight[number]
            goes_on = text.startswith(left) or left.startswith(text.removesuffix("-"))
            if goes_on and (not hyphen or self._divides(line, number)):
                yield number

    def _divides(self, line: int, following: int) -> bool:
        """Return whether the hyphen at the end of a line surely only divides a word."""
        one = _LAST_WORD.search(self._words[line].removesuffix("-"))
        other = _FIRST_WORD.match(self._words[following])
        if one is None or other is None:
            return False
        return divides(one[0], other[0], self._language, self._known)

    def hold_row(self, cells: Sequence[str]) -> bool:
        """Return whether a row of a workbook shows the cells, or could.

        A number is stored without its format: 0.542 is shown as "54.2%", 45416 as a date.
        """
        wanted = [folded(cell) for cell in cells]
        return any(
            all(cell in texts or _shows(numbers, cell) for cell in wanted)
            for texts, numbers in self._rows
        )

    def differences(self, sentence: str) -> tuple[Edit, ...]:
        """Return the words in which a sentence differs from what most resembles it in the lines.

        Nothing resembles it when there are none.
        """
        wanted = folded(sentence).split()
        words = " ".join(self._words).split()
        places: dict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(words):
            places[word].append(number)
        votes: Counter[int] = Counter()
        for number, word in enumerate(wanted):
            found = places.get(word, [])
            for place in found[:200]:
                votes[(place - number) // 3] += 1
        if not votes:
            return ()
        start = max(0, 3 * max(votes, key=lambda v: votes[v]) - _AROUND)
        near = words[start : start + len(wanted) + 2 * _AROUND + 3]
        matcher = difflib.SequenceMatcher(None, wanted, near, autojunk=False)
        blocks = [b for b in matcher.get_matching_blocks() if b.size]
        if sum(b.size for b in blocks) < 0.4 * len(wanted):
            return ()
        low, high = blocks[0].b - blocks[0].a, blocks[-1].b + blocks[-1].size
        high += len(wanted) - blocks[-1].a - blocks[-1].size
        return tuple(_edits(wanted, near[max(0, low) : high]))


def _shows(numbers: Sequence[float], cell: str) -> bool:
    """Return whether a cell may show one of the numbers."""
    figures = re.findall(r"\d+", cell)
    plain = re.sub(r"[^\d.]", "", cell.replace(",", ""))
    try:
        value = float(plain)
    except ValueError:
        value = math.nan
    step = 0.5000001 * 10.0 ** -len(plain.partition(".")[2])
    scale = 100 if "%" in cell else 1
    return any(
        abs(abs(number) * scale - value) <= step or _is_date(number, figures, cell)
        for number in numbers
    )


def _is_date(number: float, figures: Sequence[str], cell: str) -> bool:
    """Return whether a cell shows the day and time that a workbook stores as a number of days."""
    if not (figures and 0 <= number < 3_000_000):
        return False
    moment = dt.datetime(1899, 12, 30) + dt.timedelta(days=number)  # noqa: DTZ001 (sheets know no zones)
    moment = (moment + dt.timedelta(milliseconds=500)).replace(microsecond=0)
    known = {moment.year, moment.year % 100, moment.month, moment.day, moment.hour, moment.minute}
    known |= {moment.second, (moment.hour + 11) % 12 + 1}
    months = [word for word in re.findall(r"[A-Za-z]{3,}", cell) if word not in {"AM", "PM"}]
    named = {f"{moment:%B}", f"{moment:%b}", f"{moment:%A}", f"{moment:%a}"}
    day = moment.day in map(int, figures) or number < 1
    return day and len(figures) > 1 and set(map(int, figures)) <= known and set(months) <= named


def _edits(wanted: Sequence[str], near: Sequence[str]) -> Iterator[Edit]:
    matcher = difflib.SequenceMatcher(None, wanted, near, autojunk=False)
    for name, a, b, c, d in matcher.get_opcodes():
        if name != "equal":
            yield Edit(" ".join(wanted[a:b]), " ".join(near[c:d]))
