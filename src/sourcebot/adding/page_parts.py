"""Which parts of a web page are its article.

trafilatura finds the article several times, more and less strictly; what it found is marked in the
page's own blocks. Those are then kept where they were found, and where they stand between found
ones (or between them and the page's heading) within the element that holds the article and look
like prose: so lists, tables, headings and short paragraphs that a method skips stay in place.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcebot.adding.blocks import Kind
from sourcebot.adding.markup import is_inline, parts_of
from sourcebot.adding.page_furniture import is_furniture, is_lead, is_stream, is_surely_furniture
from sourcebot.articles.furniture import find_clutter

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from lxml.etree import _Element
    from lxml.html import HtmlElement

    from sourcebot.adding.markup import Part

_WORD = re.compile(r"\w+")
_RUN = 4
"""Words in a row that are compared: fewer would be found anywhere."""

_SMALLER = 0.5
"""A pass that finds less than this share of what another finds has missed the article."""

_HOLDS = 0.85
"""The article's element is the innermost that holds this share of what was found."""

_CORE = 0.3
"""What holds this share of the found text is no furniture, whatever it is called."""

_MOST = 0.9
_LEAST_BESIDE = 1500
"""Galleries and lists of links beside which less was found, in code points, are the article."""

_SEVERAL = 2
"""So many kept parts of one form make a series, to which another of that form belongs."""

_LONGEST_QUESTION = 200

_FILL = 40
"""Shorter blocks that no pass found are not taken for prose, in code points."""

_LINKED = 0.5
"""Blocks with this share of their text in links lead elsewhere."""

_ONLY_LINK = 0.9
"""Paragraphs with this share of their text in links are nothing else."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The parts of a page that are its article.

    Attributes:
        parts: in reading order.
        kept: how many words they have.
        seen: how many words of prose the page shows outside navigation and the like.
    """

    parts: tuple[Part, ...]
    kept: int
    seen: int


@dataclass(slots=True)
class _Judged:
    """A part with what is known of it; ``strict`` and ``found`` say which passes found it."""

    part: Part
    words: tuple[str, ...]
    around: list[_Element]
    linked: float
    found: bool = False
    strict: bool = False

    @property
    def size(self) -> int:
        return len(self.part.block.text)


def select(
    tree: HtmlElement, strict: _Element | None, passes: Sequence[_Element | None]
) -> Selection:
    """Return the article of a page.

    ``passes`` are what extraction found, of which the first counts that has not missed much that
    the others found; ``strict`` is what it found with an eye to precision.
    """
    body = tree.find(".//body")
    judged = [_judged(part) for part in parts_of(tree if body is None else body)]
    _mark(judged, strict, passes)
    furniture = _Remembered(is_furniture)
    if not any(j.found for j in judged):
        for j in judged:
            j.found = j.strict = not furniture.of(j.around, ()) and j.linked < _LINKED
    keep = _kept(judged, furniture)
    clutter = find_clutter(j.part.block.text for j in judged)
    chosen = [kept and not left_out for kept, left_out in zip(keep, clutter, strict=True)]
    shown = [
        k or (not furniture.of(j.around, ()) and j.linked < _LINKED)
        for k, j in zip(chosen, judged, strict=True)
    ]
    return Selection(
        tuple(j.part for j, is_kept in zip(judged, chosen, strict=True) if is_kept),
        sum(len(j.words) for j, is_kept in zip(judged, chosen, strict=True) if is_kept),
        sum(len(j.words) for j, is_shown in zip(judged, shown, strict=True) if is_shown),
    )


def _judged(part: Part) -> _Judged:
    element = part.element
    around = [element, *element.iterancestors()]
    holder = next((i for i, e in enumerate(around) if not is_inline(e)), 0)
    linked = 1.0
    if not any(e.tag == "a" for e in around[holder : holder + 3]):
        size = len("".join(map(str, around[holder].itertext()))) or 1
        inside = sum(len("".join(map(str, a.itertext()))) for a in around[holder].iter("a"))
        linked = min(1.0, inside / size)
    return _Judged(part, tuple(_WORD.findall(part.block.text.casefold())), around, linked)


def _mark(
    judged: Sequence[_Judged], strict: _Element | None, passes: Sequence[_Element | None]
) -> None:
    """Note of each part whether it was found."""
    marked = [_stands_in(judged, found) for found in passes if found is not None]
    sizes = [sum(j.size for j, m in zip(judged, marks, strict=True) if m) for marks in marked]
    most = max(sizes, default=0)
    found = next((m for m, n in zip(marked, sizes, strict=True) if n >= _SMALLER * most), None)
    precise = _stands_in(judged, strict) if strict is not None else found
    for i, j in enumerate(judged):
        j.found = bool(found and found[i])
        j.strict = bool(precise and precise[i])


def _stands_in(judged: Sequence[_Judged], found: _Element) -> list[bool]:
    """Return for each part whether most of it stands in what a pass found."""
    text = _WORD.findall(" ".join(map(str, found.itertext())).casefold())
    runs = {tuple(text[i : i + _RUN]) for i in range(len(text) - _RUN + 1)}
    whole = f" {' '.join(text)} "
    stands = []
    for words in (j.words for j in judged):
        own = [words[i : i + _RUN] for i in range(len(words) - _RUN + 1)]
        if own:
            stands.append(sum(run in runs for run in own) >= len(own) / 2)
        else:
            stands.append(bool(words) and f" {' '.join(words)} " in whole)
    return stands


def _kept(judged: Sequence[_Judged], furniture: _Remembered) -> list[bool]:
    """Return which parts are kept, given which were found."""
    held: Counter[_Element] = Counter()
    total = 0
    for j in judged:
        if j.found and j.part.block.kind is not Kind.HEADING:
            total += j.size
            held.update(dict.fromkeys(j.around, j.size))
    holders = [element for element, size in held.items() if size >= _HOLDS * total]
    # Of elements that hold the same the innermost is meant.
    holder = min(holders, key=lambda e: (held[e], -_depth(e)), default=None)
    core = {element for element, size in held.items() if size >= _CORE * total}
    inside = [holder is None or holder in j.around for j in judged]
    places = [i for i, j in enumerate(judged) if j.found and inside[i]]
    first, last = (places[0], places[-1]) if places else (0, -1)
    top = _heading(judged, first)
    sure, streamed = _Remembered(is_surely_furniture), _streamed(judged, held, total)
    asked = Counter(_form(j) for j in judged if _asks(j))
    keep = []
    for i, j in enumerate(judged):
        if j.found:
            short = len(j.words) < _RUN and not first <= i <= last
            named = not j.strict and furniture.of(j.around, core)
            leads_away = j.linked > _ONLY_LINK and j.part.block.kind is Kind.PARAGRAPH
            beside = sure.of(j.around, core) or streamed[i]
            keep.append(not (short or named or leads_away or beside))
        elif top < i < first:
            lead = _is_prose(j) and (is_lead(j.part.element) or not furniture.of(j.around, core))
            keep.append(lead and not sure.of(j.around, core))
        else:
            between = inside[i] and first < i < last
            heading = j.part.block.kind is Kind.HEADING and j.linked < _LINKED
            series = _asks(j) and asked[_form(j)] >= _SEVERAL
            belongs = heading or series or _is_prose(j) or _is_data(j)
            beside = furniture.of(j.around, core) or streamed[i]
            keep.append(between and belongs and not beside)
    usable = [
        is_inside and j.linked < _LINKED and not furniture.of(j.around, core)
        for is_inside, j in zip(inside, judged, strict=True)
    ]
    _keep_alike(judged, keep, usable, asked)
    return keep


def _streamed(judged: Sequence[_Judged], held: Counter[_Element], total: int) -> list[bool]:
    """Return which parts stand in galleries or lists of other articles, beside an article."""
    stream = _Remembered(is_stream)
    most = {element for element, size in held.items() if size >= _MOST * total}
    inside = [stream.of(j.around, most) for j in judged]
    beside = sum(
        j.size for j, is_inside in zip(judged, inside, strict=True) if not is_inside and j.found
    )
    return inside if beside >= _LEAST_BESIDE else [False] * len(judged)


def _keep_alike(
    judged: Sequence[_Judged],
    keep: list[bool],
    usable: Sequence[bool],
    asked: Counter[tuple[object, ...]],
) -> None:
    """Keep what stands right before or after the kept parts and has the form of several of them.

    So the first question and the last answer of a page of them stay, however short they are: the
    methods only find the rest. The heading of what is kept first stays as well.
    """
    forms = Counter(_form(j) for j, is_kept in zip(judged, keep, strict=True) if is_kept)
    places = [i for i, is_kept in enumerate(keep) if is_kept]
    if not places:
        return
    for around in (range(places[0] - 1, -1, -1), range(places[-1] + 1, len(judged))):
        for i in around:
            j = judged[i]
            opens = i < places[0] and j.part.block.kind is Kind.HEADING and j.part.block.level > 1
            repeats = forms[_form(j)] + (asked[_form(j)] if _asks(j) else 0) >= _SEVERAL
            if not usable[i] or not (opens or repeats):
                break
            keep[i] = True


def _asks(j: _Judged) -> bool:
    """Return whether a part is a short question: one of a series heads an answer."""
    return j.size < _LONGEST_QUESTION and j.linked < _LINKED and j.part.block.text.endswith("?")


def _form(j: _Judged) -> tuple[object, ...]:
    """Return how a part is set: its kind, and the elements that hold it with their classes."""
    return (
        j.part.block.kind,
        j.part.block.level,
        *((e.tag, e.get("class", "")) for e in j.around),
    )


def _is_prose(j: _Judged) -> bool:
    return j.size >= _FILL and j.linked < _LINKED


def _is_data(j: _Judged) -> bool:
    """Return whether a part is a row of several cells, however short: a table stays whole."""
    cells = j.part.block.cells
    return j.linked < _ONLY_LINK and sum(any(map(str.isalnum, cell)) for cell in cells) > 1


def _heading(judged: Sequence[_Judged], first: int) -> int:
    """Return the place of the heading of the page that stands nearest above its article."""
    tops = [
        i
        for i, j in enumerate(judged[: first + 1])
        if j.part.block.level == 1 and j.part.block.kind is Kind.HEADING
    ]
    return tops[-1] if tops else first


def _depth(element: _Element) -> int:
    return sum(1 for _ in element.iterancestors())


class _Remembered:
    """A judgement on elements, remembered."""

    def __init__(self, judge: Callable[[_Element], bool]) -> None:
        self._judge = judge
        self._known: dict[_Element, bool] = {}

    def of(self, around: Sequence[_Element], core: Collection[_Element]) -> bool:
        """Return whether it is true of an element or one that holds it, up to one of ``core``."""
        for element in around:
            if element in core:
                return False
            if element not in self._known:
                self._known[element] = self._judge(element)
            if self._known[element]:
                return True
        return False
