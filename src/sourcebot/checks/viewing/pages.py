"""A page of a PDF file -> a picture of it with words boxed. Runs in a process of its own."""

from __future__ import annotations

import ctypes
import struct
import unicodedata
import zlib
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.adding.pdf.document import page_label
from sourcebot.errors import ExtractionError, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt
    from pypdfium2 import PdfPage, PdfTextPage

    Pixels = npt.NDArray[np.uint8]
    Points = tuple[float, float, float, float]
    """Left, bottom, right and top in points of the page."""

LONGEST_SIDE = 1400
"""Pixels of a picture's longer side, at most."""

_SCALE = 1.6
"""Pixels a point: about 115 dots an inch, at which small print can be read."""

_FEWEST = 12
"""Letters that must be found of words that go on on another page."""

_RGB = 2
"""FPDFBitmap_BGR, whose bytes are turned round while drawing."""

_INK = (196, 120, 0)
_PAPER = (255, 236, 150)
_FRAME = 2
_AROUND = 1


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a picture.

    Attributes:
        png: the file.
        width, height: in pixels.
        pages: how many pages the original has.
        boxes: where the words are: left, top, right and bottom in pixels, a box a line.
    """

    png: bytes
    width: int
    height: int
    pages: int
    boxes: tuple[tuple[int, int, int, int], ...]


def draw_page(data: bytes, label: str, words: str) -> Picture:
    """Return the picture of a page of a PDF file, by its printed number, with ``words`` boxed.

    Raises:
        NotFound: when there is no such page.
        ExtractionError: when the file or the page cannot be read.
    """
    # Imported here: only those who look at pages of PDF files need it.
    import pypdfium2

    try:
        with closing(pypdfium2.PdfDocument(data)) as document:
            count = len(document)
            labels = (page_label(document, number) for number in range(count))
            number = next((i for i, found in enumerate(labels) if found == label), None)
            if number is None:
                raise NotFound(f"there is no page {label}; it has {count:,}")
            with closing(document[number]) as page, closing(page.get_textpage()) as text:
                return _draw(page, count, _boxes(text, words))
    except pypdfium2.PdfiumError as error:
        raise ExtractionError(f"page {label} cannot be drawn: {error}") from error


def _draw(page: PdfPage, count: int, places: Sequence[Points]) -> Picture:
    width, height = page.get_size()
    scale = min(_SCALE, LONGEST_SIDE / max(width, height, 1))
    # Colours in any case: a page in grey gets marks in colour, too.
    with closing(page.render(scale=scale, rev_byteorder=True, force_bitmap_format=_RGB)) as bitmap:
        pixels = np.array(bitmap.to_numpy()[..., :3])
    high, wide = pixels.shape[:2]
    boxes = tuple(_in_pixels(page, place, wide, high) for place in places)
    for box in boxes:
        _mark(pixels, box)
    return Picture(_png(pixels), wide, high, count, boxes)


def _boxes(text: PdfTextPage, words: str) -> list[Points]:
    """Return where words stand on a page, a box a line."""
    import pypdfium2.raw as pdfium

    characters: list[str] = []
    letters: list[str] = []
    owners: list[int] = []
    for place in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text, place)
        characters.append(chr(code) if code < 0x110000 else "")
        for letter in _letters(characters[-1]):
            letters.append(letter)
            owners.append(place)
    start, length = _found("".join(letters), "".join(_letters(words)))
    if not length:
        return []
    first, last = owners[start], owners[start + length - 1]
    # Punctuation around the words is theirs as well: letters only tell where they stand.
    opening, ending = _punctuation(words)
    while opening and first and characters[first - 1] == opening[-1]:
        first, opening = first - 1, opening[:-1]
    while ending and last + 1 < len(characters) and characters[last + 1] == ending[0]:
        last, ending = last + 1, ending[1:]
    boxes = (text.get_charbox(place, loose=True) for place in range(first, last + 1))
    return _joined(box for box in boxes if box[2] > box[0] and box[3] > box[1])


def _joined(boxes: Iterable[Points]) -> list[Points]:
    """Return boxes of characters as one a line."""
    lines: list[Points] = []
    for left, bottom, right, top in boxes:
        if lines:
            before = lines[-1]
            shared = min(top, before[3]) - max(bottom, before[1])
            if shared > 0.5 * (top - bottom) and left > before[0]:
                lines[-1] = (
                    before[0],
                    min(bottom, before[1]),
                    max(right, before[2]),
                    max(top, before[3]),
                )
                continue
        lines.append((left, bottom, right, top))
    return lines


def _letters(text: str) -> Iterable[str]:
    """Yield what must agree of words and page: letters and digits, ligatures taken apart."""
    return (c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def _punctuation(words: str) -> tuple[str, str]:
    """Return what stands before the first letter or digit of words, and behind the last."""
    words = words.strip()
    places = [place for place, character in enumerate(words) if character.isalnum()]
    return (words[: places[0]], words[places[-1] + 1 :]) if places else ("", "")


def _found(page: str, words: str) -> tuple[int, int]:
    """Return where words begin among a page's letters and how many of them stand there.

    Of words that run over to the next page, their beginning is looked for.
    """
    place = page.find(words) if words else -1
    if place >= 0:
        return place, len(words)
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if words[:middle] in page else (low, middle - 1)
    return (page.find(words[:low]), low) if low >= _FEWEST else (0, 0)


def _in_pixels(page: PdfPage, place: Points, wide: int, high: int) -> tuple[int, int, int, int]:
    """Return a box of the page in pixels of its picture, whatever way the page is turned."""
    import pypdfium2.raw as pdfium

    corners = []
    for x, y in ((place[0], place[1]), (place[2], place[3])):
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, wide, high, 0, x, y, across, down)
        corners.append((across.value, down.value))
    (x1, y1), (x2, y2) = corners
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _mark(pixels: Pixels, box: tuple[int, int, int, int]) -> None:
    """Tint the paper within a box and draw a frame around it, in place."""
    high, wide = pixels.shape[:2]
    left, top = max(0, box[0] - _AROUND), max(0, box[1] - _AROUND)
    right, bottom = min(wide, box[2] + _AROUND), min(high, box[3] + _AROUND)
    if left >= right or top >= bottom:
        return
    inside = pixels[top:bottom, left:right].astype(np.uint16)
    pixels[top:bottom, left:right] = inside * np.array(_PAPER, np.uint16) // 255
    ink = np.array(_INK, np.uint8)
    outer = pixels[max(0, top - _FRAME) : bottom + _FRAME, max(0, left - _FRAME) : right + _FRAME]
    outer[:_FRAME], outer[-_FRAME:], outer[:, :_FRAME], outer[:, -_FRAME:] = ink, ink, ink, ink


def _png(pixels: Pixels) -> bytes:
    """Return pixels of shape (height, width, 3) as a PNG file (https://www.w3.org/TR/png-3/)."""
    high, wide = pixels.shape[:2]
    rows = np.zeros((high, 1 + 3 * wide), np.uint8)  # each row begins with its filter: none
    rows[:, 1:] = pixels.reshape(high, -1)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    body = zlib.compress(rows.tobytes(), 6)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
