"""Whether a sentence stands in the lines of an original, and if not, which words differ.

White space, soft hyphens and ligatures do not count; everything else must be the same. A sentence
may go on in the next line, and on printed pages, over a column, footnote or page, at the beginning
of another; a hyphen at a line's end may be a word's own or not.
"""

from __future__ import annotations

import bisect
import difflib
import itertools
import re
import unicodedata
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from sourcebot.checks.stored_rows import StoredRow
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

_HEAD = 12
_KEY = 4
_MOST_JUMPS = 60
_MOST_STEPS = 500
_MOST_WAYS = 40
_MOST_BEGINNINGS = 2000
_MOST_COMPARED = 50_000_000
"""Of pages that repeat one word or letter no more ways to go on, places and letters are tried."""

_COMPARED_AT_ONCE = 400
_MOST_PLACES = 200
"""Of a text of equal words no more of them are compared with one another."""

_AROUND = 6
_HARDLY = 0.1
_SCATTERED = 0.6
"""Sentences of which more differs than this share are put together in another order."""

_LONGEST_HEADER = 60


def folded(text: str) -> str:
    """Return text on one line without what does not count in a comparison."""
    plain = _CONTROL.sub("", unicodedata.normalize("NFC", text).translate(_LIGATURES))
    return " ".join(plain.split())


class Lines:
    """The lines of one original, searched for many sentences."""

    def __init__(self, plain: Plain, language: str) -> None:
        """Take the lines, and the language of the text (ISO 639 code) or ""."""
        self._printed = plain.printed
        self._rows = [
            StoredRow(frozenset(map(folded, texts)), numbers) for texts, numbers in plain.rows
        ]
        self._language = language
        shown = [self._line(line) for line in plain.lines]
        self._words = [words for words in shown if words]
        self._tight = [words.replace(" ", "") for words in self._words]
        self._known = vocabulary_of("\n".join(self._words)) if plain.printed else frozenset()
        self._begins: dict[str, list[int]] = defaultdict(list)
        self._ends: dict[str, list[int]] = defaultdict(list)
        if plain.printed:
            for number, line in enumerate(self._tight):
                self._begins[line[:_KEY]].append(number)
                for length in range(1, min(_HEAD, len(line) + 1)):
                    self._ends[line[-length:]].append(number)
        self._whole = "".join(self._tight)
        self._starts = [0, *itertools.accumulate(map(len, self._tight))]
        self._boundaries = self._word_starts()
        self._text = " ".join(self._words).split()
        self._places: dict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(self._text):
            self._places[word].append(number)
        self._counts = Counter(self._text)

    def _line(self, line: str) -> str:
        """Return a line folded; a soft hyphen at the end of a printed one is shown."""
        stripped = line.rstrip()
        if self._printed and stripped[-1:] in {"\u00ad", "\ufffe", "\x02"}:
            line = stripped[:-1] + "-"
        return folded(line)

    def _word_starts(self) -> bytearray:
        """Return a byte for each place in all lines without spaces: 1 where a word begins."""
        found = bytearray(len(self._whole) + 1)
        place = 0
        for line in self._words:
            for word in line.split(" "):
                found[place] = 1
                place += len(word)
        found[place] = 1
        return found

    def hold(self, sentence: str) -> bool:
        """Return whether the lines hold a sentence."""
        wanted = folded(sentence).replace(" ", "")
        if not wanted or self._hold_unbroken(wanted):
            return True
        steps = iter(range(_MOST_STEPS))
        places = self._beginnings(wanted) if self._printed else ()
        return any(
            self._holds_at(place, wanted, steps) for place, _ in zip(places, steps, strict=False)
        )

    def _hold_unbroken(self, wanted: str) -> bool:
        """Return whether the sentence stands in one line, or in lines that follow one another."""
        tries = max(100, _MOST_COMPARED // len(wanted))
        at = self._whole.find(wanted)
        while at >= 0 and (tries := tries - 1):
            if self._is_boundary(at) and self._is_boundary(at + len(wanted)):
                return True
            at = self._whole.find(wanted, at + 1)
        return False

    def _beginnings(self, wanted: str) -> Iterator[tuple[int, int]]:
        """Yield where a sentence of several lines may begin: a line, and the place in it."""
        head = wanted[:_HEAD]
        at, tries = self._whole.find(head), _MOST_BEGINNINGS
        while at >= 0 and (tries := tries - 1):
            line = bisect.bisect_right(self._starts, at) - 1
            rest = self._whole[at : self._starts[line + 1]]
            if self._is_boundary(at) and wanted.startswith(rest.removesuffix("-")):
                yield line, at - self._starts[line]
            at = self._whole.find(head, at + 1)
        # Its first letters may be the last of their line.
        for length in range(min(_HEAD, len(wanted)) - 1, 0, -1):
            for end in (wanted[:length], f"{wanted[:length]}-"):
                for line in self._ends.get(end, ()):
                    inside = len(self._tight[line]) - len(end)
                    if self._is_boundary(self._starts[line] + inside):
                        yield line, inside

    def _is_boundary(self, place: int) -> bool:
        """Return whether a word begins or ends at a place, or could."""
        if self._boundaries[place]:
            return True
        return not (self._whole[place - 1].isalnum() and self._whole[place].isalnum())

    def _holds_at(self, place: tuple[int, int], wanted: str, steps: Iterator[int]) -> bool:
        """Return whether the sentence stands at a place, going on in other lines where it must."""
        waiting = [(place[0], place[1], 0, 0)]
        seen: set[tuple[int, int]] = set()
        while waiting and next(steps, None) is not None:
            line, start, done, jumps = waiting.pop()
            rest = self._tight[line][start:]
            left = wanted[done:]
            if len(rest) >= len(left):
                end = self._starts[line] + start + len(left)
                if rest.startswith(left) and self._is_boundary(end):
                    return True
                if rest != f"{left}-":
                    continue
            further = [
                (following, 0, done + taken, jumps + (following != line + 1))
                for taken in self._taken(rest, left)
                for following in itertools.islice(
                    self._following(line, left[taken:], hyphen=taken < len(rest)), _MOST_WAYS
                )
            ]
            # The nearest is tried first.
            for step in reversed(further):
                if step[3] <= _MOST_JUMPS and (step[0], step[2]) not in seen:
                    seen.add((step[0], step[2]))
                    waiting.append(step)
        return False

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
        near: list[int] = []
        for key in keys:
            known = self._begins.get(key, [])
            first, last = bisect.bisect_left(known, line - _FAR), bisect.bisect(known, line + _FAR)
            near += known[first:last]
        for number in sorted(near, key=lambda n: (n != line + 1, abs(n - line))):
            text = self._tight[number]
            goes_on = text.startswith(left) or left.startswith(text.removesuffix("-"))
            if number != line and goes_on and (not hyphen or self._divides(line, number)):
                yield number

    def _divides(self, line: int, following: int) -> bool:
        """Return whether the hyphen at the end of a line surely only divides a word."""
        one = _LAST_WORD.search(self._words[line].removesuffix("-"))
        other = _FIRST_WORD.match(self._words[following])
        if one is None or other is None:
            return False
        return divides(one[0], other[0], self._language, self._known)

    @property
    def printed(self) -> bool:
        """Whether they are those of printed pages."""
        return self._printed

    def hold_hardly(self, sentences: Sequence[str]) -> bool:
        """Return whether printed pages have next to no letters beside those of the sentences."""
        return self._printed and len(self._whole) < _HARDLY * sum(map(len, sentences))

    def hold_row(self, cells: Sequence[str]) -> bool:
        """Return whether the lines show cells as one row, or a row of a workbook could.

        Cells that span rows or columns are repeated, and headers in two rows are one. A workbook
        stores numbers without their formats: 0.542 is shown as "54.2%", 45416 as a date.
        """
        wanted = [folded(cell) for cell in cells]
        if self._rows:
            return any(
                all(map(one.shows, wanted)) or all(one.heads(cell, other) for cell in wanted)
                for one, other in itertools.pairwise([*self._rows, StoredRow()])
            )
        once = [cell for cell, _ in itertools.groupby(wanted)]
        return len(once) > 1 and (
            self.hold(" ".join(once))
            or any(self._spans(once[:n], once[n:]) for n in range(1, len(once) - 1))
            or all(map(self._holds_header, once))
        )

    def _spans(self, above: Sequence[str], cells: Sequence[str]) -> bool:
        """Return whether the lines show cells as one row, and names that reach down from above."""
        row = "".join(cells).replace(" ", "")
        place = self._whole.rfind(row)
        return place >= 0 and all(
            not any(map(str.isdigit, name)) and 0 <= self._whole.find(name.replace(" ", "")) < place
            for name in above
        )

    def _holds_header(self, cell: str) -> bool:
        """Return whether a header that stands in two rows is made of what the lines show."""
        words = cell.split()
        return len(cell) <= _LONGEST_HEADER and any(
            self.hold(" ".join(words[:place])) and self.hold(" ".join(words[place:]))
            for place in range(1, len(words))
        )

    def hold_scattered(self, sentence: str, edits: Sequence[Edit]) -> bool:
        """Return whether printed pages show all words of a sentence, but in no order like its own.

        ``edits`` are its differences from what most resembles it.
        """
        words = folded(sentence).split()
        differ = sum(len(f"{edit.quoted} {edit.original}".split()) for edit in edits)
        return (
            self._printed
            and len(words) > 1
            and (not edits or differ > _SCATTERED * len(words))
            and not Counter(words) - self._counts
        )

    def differences(self, sentence: str) -> tuple[Edit, ...]:
        """Return the words in which a sentence differs from what most resembles it in the lines.

        Nothing resembles it when there are none. Of a long text the first that differ are returned.
        """
        wanted = folded(sentence).split()
        votes: Counter[int] = Counter()
        for number in range(0, len(wanted), 1 + len(wanted) // _COMPARED_AT_ONCE):
            for place in self._places.get(wanted[number], [])[:_MOST_PLACES]:
                votes[(place - number) // 3] += 1
        if not votes:
            return ()
        start = 3 * max(votes, key=lambda v: votes[v])
        for first in range(0, len(wanted), _COMPARED_AT_ONCE):
            part = wanted[first : first + _COMPARED_AT_ONCE]
            edits = self._edits_near(part, start + first)
            if edits is None or edits:
                return edits or ()
        return ()

    def _edits_near(self, wanted: list[str], start: int) -> tuple[Edit, ...] | None:
        """Return how words differ from those around a place; None when they are others."""
        near = self._text[max(0, start - _AROUND) : max(0, start) + len(wanted) + _AROUND + 3]
        if any(near[n : n + len(wanted)] == wanted for n in range(2 * _AROUND)):
            return ()
        matcher = difflib.SequenceMatcher(None, wanted, near, autojunk=False)
        blocks = [b for b in matcher.get_matching_blocks() if b.size]
        if sum(b.size for b in blocks) < 0.4 * len(wanted):
            return None
        low, high = blocks[0].b - blocks[0].a, blocks[-1].b + blocks[-1].size
        high += len(wanted) - blocks[-1].a - blocks[-1].size
        return tuple(_edits(wanted, near[max(0, low) : high]))


def _edits(wanted: Sequence[str], near: Sequence[str]) -> Iterator[Edit]:
    matcher = difflib.SequenceMatcher(None, wanted, near, autojunk=False)
    for name, a, b, c, d in matcher.get_opcodes():
        if name != "equal":
            yield Edit(" ".join(wanted[a:b]), " ".join(near[c:d]))
