"""Text recognition of scanned pages with Tesseract, where it is installed."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess  # what is run is found on PATH, with arguments of our own
from contextlib import closing
from typing import TYPE_CHECKING

from sourcebot.adding.pdf.lines import Line
from sourcebot.errors import ExtractionError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pypdfium2 import PdfDocument

PROGRAM = "tesseract"
_DPI = 300
_MOST_PIXELS = 60_000_000
_SECONDS = 120
_LANGUAGES = re.compile(r"[A-Za-z_]{3,16}(?:\+[A-Za-z_]{3,16}){0,9}")
_TYPE = 0.75
"""The size of type is about this part of the height of a line with ascenders and descenders."""


def check_languages(languages: str) -> None:
    """Refuse languages that Tesseract cannot mean.

    Raises:
        ExtractionError: with the reason and what to do.
    """
    if not _LANGUAGES.fullmatch(languages):
        raise ExtractionError(
            f"{languages!r} names no languages for text recognition",
            "write them as Tesseract does, such as eng or deu+eng",
        )


def recognized(document: PdfDocument, number: int, languages: str) -> list[Line]:
    """Return the lines that Tesseract reads on a page.

    Raises:
        ExtractionError: when it cannot be run or does not know a language.
    """
    if shutil.which(PROGRAM) is None:
        raise ExtractionError(
            "text recognition needs Tesseract, which is not installed",
            "install it (such as `apt install tesseract-ocr`), or run `ocrmypdf in.pdf out.pdf`",
        )
    with closing(document[number]) as page:
        width, height = page.get_size()
        scale = min(_DPI / 72, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
        picture = page.render(scale=scale, grayscale=True).to_numpy()
    rows, columns = picture.shape[:2]
    data = f"P5 {columns} {rows} 255\n".encode() + picture.tobytes()
    command = [PROGRAM, "stdin", "stdout", "-l", languages, "--dpi", str(round(scale * 72)), "tsv"]
    try:
        done = subprocess.run(  # noqa: S603 (no shell, arguments of our own)
            command, input=data, capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ExtractionError(f"text recognition failed: {type(error).__name__}") from error
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())[:120]
        raise ExtractionError(
            f"text recognition failed: {said}", f"install the languages of {languages!r}"
        )
    table = csv.DictReader(
        io.StringIO(done.stdout.decode("utf-8", "replace")), delimiter="\t", quoting=csv.QUOTE_NONE
    )
    return _lines(table, scale, height)


def _lines(words: Iterable[dict[str, str]], scale: float, height: float) -> list[Line]:
    """Return lines in points from words in pixels, counted from the top."""
    found: dict[tuple[str, ...], list[tuple[str, int, int, int, int]]] = {}
    for word in words:
        text = (word.get("text") or "").strip()
        if word.get("level") != "5" or not text:
            continue
        key = tuple(word[name] for name in ("block_num", "par_num", "line_num"))
        left, top, wide, high = (int(word[name]) for name in ("left", "top", "width", "height"))
        found.setdefault(key, []).append((text, left, top, left + wide, top + high))
    return [
        Line(
            " ".join(text for text, *_ in line),
            min(box[1] for box in line) / scale,
            max(box[3] for box in line) / scale,
            height - max(box[4] for box in line) / scale,
            round(_TYPE * (max(box[4] for box in line) - min(box[2] for box in line)) / scale),
        )
        for line in found.values()
    ]
