"""Pictures of pages, drawn in a process of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy.typing as npt

import io

import made_files
import numpy as np
import pypdfium2
import pytest

from sourcebot.checks.viewing.pages import draw_page
from sourcebot.checks.viewing.pictures import Pictures
from sourcebot.errors import ExtractionError, NotFound

PAGES = [
    ["# Report", "The tunnel was dug by two hundred miners. " * 4],
    ["In 1954 the tunnel was closed because its lining had begun to crumble.", "More words."],
]
WORDS = "closed because its lining"


def decoded(png: bytes) -> npt.NDArray[np.int_]:
    """Return the pixels of a PNG file, read by another program than the one that wrote it."""
    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def test_words_are_boxed_within_three_pixels() -> None:
    """The tinted part of the picture is where the page's own characters stand."""
    data = made_files.pdf(PAGES)
    picture = draw_page(data, "2", WORDS)
    pixels = decoded(picture.png)
    assert pixels.shape == (picture.height, picture.width, 3)
    tinted = np.argwhere((pixels[..., 0] > 240) & (pixels[..., 2] < 200))
    document = pypdfium2.PdfDocument(data)
    page = document[1]
    text = page.get_textpage()
    first = text.get_text_range().index(WORDS)
    boxes = [text.get_charbox(i, loose=True) for i in range(first, first + len(WORDS))]
    scale = picture.width / page.get_width()
    left, right = min(b[0] for b in boxes) * scale, max(b[2] for b in boxes) * scale
    top = (page.get_height() - max(b[3] for b in boxes)) * scale
    bottom = (page.get_height() - min(b[1] for b in boxes)) * scale
    (y1, x1), (y2, x2) = tinted.min(0), tinted.max(0)
    assert np.abs(np.array([x1, y1, x2, y2]) - [left, top, right, bottom]).max() <= 3
    text.close()
    document.close()


def test_words_over_lines_and_pages() -> None:
    """A box a line; of words that go on on the next page, those on this one are boxed."""
    lines = draw_page(
        made_files.pdf(
            [[" ".join(f"word{i}" for i in range(40))]],
        ),
        "1",
        "word9 word10 word11 word12",
    )
    assert len(lines.boxes) == 2
    over = draw_page(made_files.pdf(PAGES), "2", "More words. And these stand on the page behind")
    assert len(over.boxes) == 0
    over = draw_page(
        made_files.pdf(PAGES), "2", "lining had begun to crumble. More words. On another page"
    )
    assert len(over.boxes) == 2
    assert draw_page(made_files.pdf(PAGES), "2", "not on it").boxes == ()


def test_what_cannot_be_drawn() -> None:
    """A page that is not there and a file that is none are errors; the next one is drawn."""
    pictures = Pictures()
    try:
        with pytest.raises(NotFound, match="there is no page 3; it has 2"):
            pictures.draw(made_files.pdf(PAGES), "3", "")
        with pytest.raises(ExtractionError, match="page 1 cannot be drawn"):
            pictures.draw(b"%PDF-1.7 nonsense", "1", "")
        assert pictures.draw(made_files.pdf(PAGES), "1", "miners").pages == 2
    finally:
        pictures.close()


def test_the_process_may_start_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its start does not count as time of the first page; one that never starts is told."""
    pictures = Pictures()
    try:
        connection = pictures._started()
        assert connection is not None
        assert not connection.poll(0)  # that it is ready has been heard before any page is sent
        monkeypatch.setattr("sourcebot.checks.viewing.pictures.STARTING", 0.0)
        pictures.close()
        with pytest.raises(ExtractionError, match="its process does not start"):
            pictures.draw(made_files.pdf(PAGES), "1", "")
    finally:
        pictures.close()


def test_a_page_that_takes_too_long() -> None:
    """A process that does not answer in time is ended, and the next page gets a new one."""
    pictures = Pictures(seconds=0.0)
    try:
        with pytest.raises(ExtractionError, match="took more than 0 s"):
            pictures.draw(made_files.pdf(PAGES), "1", "")
        pictures._seconds = 60.0
        assert pictures.draw(made_files.pdf(PAGES), "1", "").pages == 2
    finally:
        pictures.close()
