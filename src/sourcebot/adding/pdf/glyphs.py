"""A page of a PDF file -> its glyphs, each with its place on the page turned upright.

PDFium joins what it reads to lines by itself, and errs at columns, hyphens and turned text. Here
only its characters and their boxes are taken; lines are made of them in ``lines``.
"""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdfium2 import PdfPage, PdfTextPage

MAX_GLYPHS = 400_000
"""Most characters of one page; more are no page that anybody reads."""

_HYPHENS = frozenset({0x02, 0xFFFE, 0xAD})
"""What PDFium gives for a hyphen at a line's end (it also marks it), and the soft hyphen."""

_BLANK = frozenset({0x20, 0xA0, 0x09, 0x0A, 0x0D, 0x0C, 0x2002, 0x2003, 0x2007, 0x2009, 0x202F})
_BOLD = 600
_TWICE = 0.1
_FAR = math.inf
_ABUTS = 0.6
"""In sizes of the type; further on, another text object may begin."""

_NAME_BYTES = 128

MIRRORED = 360


@dataclass(frozen=True, slots=True)
class Type:
    """How a run of glyphs is set: ``size`` in points, ``angle`` in whole degrees.

    Text that is drawn as in a mirror has ``MIRRORED`` added to its angle. ``bold`` says that the
    font is called so, ``heavy`` that PDFium guesses it from the font's strokes, often wrongly.
    """

    size: float
    angle: int
    bold: bool
    heavy: bool


class Glyph(NamedTuple):
    """A character of a page. Lengths are in points; ``y`` is that of the baseline, upwards.

    ``spaced`` says whether white space stands before it, ``run`` which text object it is of.
    A tuple, which is made in a quarter of the time: a book has a million of them.
    """

    text: str
    left: float
    right: float
    y: float
    type: Type
    spaced: bool
    run: int


def glyphs_of(page: PdfPage, text: PdfTextPage) -> Iterator[Glyph]:
    """Yield the visible glyphs of a page in the order of the file."""
    import pypdfium2.raw as pdfium

    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    low, bottom, high, top = page.get_bbox()
    types: dict[int, Type] = {}
    drawn: dict[tuple[int, int, int], float] = {}
    spaced, half = False, 0
    run, kind, base, extent, end = 0, Type(1.0, 0, bold=False, heavy=False), 0.0, (0.0, 0.0), 0.0
    unicode_of, box_of, place = (
        pdfium.FPDFText_GetUnicode,
        pdfium.FPDFText_GetLooseCharBox,
        text.raw,
    )
    into, near = ctypes.byref(box), drawn.get
    for index in range(min(text.count_chars(), MAX_GLYPHS)):
        code = unicode_of(place, index)
        if code in _BLANK or code == 0:
            spaced = True
            continue
        if 0xD800 <= code < 0xE000:
            # PDFium gives letters beyond the BMP as the two halves that UTF-16 writes.
            if code < 0xDC00:
                half = code
                continue
            code = 0x10000 + ((half - 0xD800) << 10) + code - 0xDC00 if half else 0xFFFD
            half = 0
        box_of(place, index, into)
        here = (box.bottom, box.top)
        # Each call costs: what abuts on the glyph before at the same height is set like it.
        if kind.angle or here != extent or not -0.1 < (box.left - end) / kind.size < _ABUTS:
            pdfium.FPDFText_GetCharOrigin(text, index, x, y)
            if not (low - 1 <= x.value <= high + 1 and bottom - 1 <= y.value <= top + 1):
                continue
            owner = pdfium.FPDFText_GetTextObject(text, index)
            run = ctypes.cast(owner, ctypes.c_void_p).value or 0
            if run not in types:
                types[run] = _type_of(text, index)
            kind = types[run]
            left, right, base = _upright(x.value, y.value, box, kind.angle)
        else:
            left, right = box.left, box.right
        # The letters of a ligature share its box.
        shared = here == extent and right == end
        extent, end = here, right
        shown = "-" if code in _HYPHENS else chr(code)
        # Bold type is imitated by drawing letters twice, a little apart.
        column, row = round(left), round(base)
        most = _TWICE * kind.size
        if not shared and (
            abs(near((code, column, row), _FAR) - left) < most
            or abs(near((code, column - 1, row), _FAR) - left) < most
            or abs(near((code, column + 1, row), _FAR) - left) < most
        ):
            continue
        drawn[code, column, row] = left
        yield Glyph(shown, left, right, base, kind, spaced, run)
        spaced = False


def _type_of(text: PdfTextPage, index: int) -> Type:
    """Return how a character is set: its size is that of the font times that of the matrix."""
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    size = pdfium.FPDFText_GetFontSize(text, index)
    angle = 0
    if pdfium.FPDFText_GetMatrix(text, index, matrix):
        size *= math.hypot(matrix.c, matrix.d)
        # A negative size turns the letters once more.
        turn = -1 if size < 0 else 1
        mirrored = matrix.a * matrix.d < matrix.b * matrix.c
        along = (-matrix.a if mirrored else matrix.a) * turn
        angle = round(math.degrees(math.atan2(matrix.b * turn, along))) % 360
        angle += MIRRORED if mirrored else 0
    name = ctypes.create_string_buffer(_NAME_BYTES)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text, index, name, _NAME_BYTES, flags)
    heavy = pdfium.FPDFText_GetFontWeight(text, index) >= _BOLD
    return Type(round(abs(size), 2) or 1.0, angle, b"bold" in name.value.lower(), heavy)


def _upright(x: float, y: float, box: object, angle: int) -> tuple[float, float, float]:
    """Return left edge, right edge and baseline of a glyph once its text is turned upright."""
    left, right = float(box.left), float(box.right)  # type: ignore[attr-defined]
    if angle == 0:
        return left, right, y
    if angle >= MIRRORED:
        x, left, right, angle = -x, -right, -left, angle - MIRRORED
    turn = math.radians(angle)
    cos, sin = math.cos(turn), math.sin(turn)
    low, high = float(box.bottom), float(box.top)  # type: ignore[attr-defined]
    ends = [a * cos + b * sin for a in (left, right) for b in (low, high)]
    base = y * cos - x * sin
    start = x * cos + y * sin
    # The box of slanted text is wider than the text; its middle is that of the glyph.
    width = 2 * max(0.0, (min(ends) + max(ends)) / 2 - start)
    return start, start + width, base
