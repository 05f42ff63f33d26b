"""Originals -> plain lines, by other means than those that make articles of them.

Nothing is judged here: no columns, no furniture, no sentences. What an article says is held
against these lines, so that a fault of extraction is found. PDF files are read with pdfminer.six,
archives of XML and pages by their texts alone.
"""

from __future__ import annotations

import csv
import email
import email.policy
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from sourcebot.adding.plain_documents import (
    Row,
    part_lines,
    rich_text_lines,
    workbook_rows,
)
from sourcebot.adding.zipped import bytes_of, opened
from sourcebot.articles.decoding import decode
from sourcebot.errors import ExtractionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pdfminer.layout import LTChar, LTTextLine

    from sourcebot.adding.model import Original

_BLOCKS = re.compile(
    r"<(?:/?(?:p|div|h[1-6]|li|ul|ol|dl|dt|dd|tr|td|th|table|thead|tbody|section|article|blockquote|pre|figure"
    r"|figcaption|header|footer|main|aside|nav|form|option|button|hr|title|caption|address|body|html)"
    r"|br)\b[^>]*>",
    re.IGNORECASE,
)
_SCRIPTS = re.compile(
    r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<!\[CDATA\[|\]\]>", re.IGNORECASE | re.DOTALL
)
_STRUCK = re.compile(r"<(del|s|strike)(?:\s[^<>]*)?>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_WITHIN = re.compile(
    r"<(rt|rp)\b[^<>]*>.{0,200}?</\1\s*>|<(\w+)\b[^<>]*(?:\shidden\b(?!=\"until)|style=[\"'][^\"'<>]*"
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden))[^<>]*>(?:(?!<\2\b).){0,2000}?</\2\s*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_MOST_CHOICES = 1000
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_SHAPED = re.compile("[\ufb1d-\ufdff\ufe70-\ufefc]")
_NO_LETTER = re.compile(r"\(cid:\d+\)")
_RIGHTWARDS = re.compile(r"[0-9A-Za-z](?:[^\s\u0590-\u08ff]*[0-9A-Za-z%])?")
_CUE = re.compile(
    r"^[^\S\n]*(?:\d+|[\d:.,]+[^\S\n]+-->[^\S\n].*|WEBVTT.*|NOTE\b.*)[^\S\n]*$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Plain:
    """The lines of an original; ``printed`` says that they are those of printed pages.

    A sentence then goes on from line to line, over columns and pages; else it stands within one.
    ``rows`` are those of a workbook.
    """

    lines: tuple[str, ...]
    printed: bool = False
    rows: tuple[Row, ...] = ()


def read_plain(original: Original) -> Plain:
    """Return the lines of an original that was kept, by the ending of its name.

    Raises:
        ExtractionError: when it cannot be read, or what reads its kind is not installed.
    """
    if original.file is None:
        raise ExtractionError("there is no such file")
    suffix = PurePath(original.file.name).suffix.lower()
    if suffix == ".pdf":
        return Plain(_with_letters(tuple(_pdf(original.file))), printed=True)
    if suffix in {".docx", ".odt", ".pptx", ".xlsx", ".xlsm", ".epub"}:
        rows = _workbook(original.file) if suffix.startswith(".xls") else ()
        return Plain(tuple(_archive(original.file)), rows=tuple(rows))
    data = original.file.read_bytes()
    return Plain(tuple(line for line in _READERS.get(suffix, _text)(data) if line.strip()))


def _pdf(path: Path) -> Iterator[str]:
    """Yield the lines of a PDF file, in the order in which pdfminer.six reads a page."""
    import logging

    try:
        from pdfminer.high_level import extract_pages
        from pdfminer.layout import LAParams, LTChar, LTContainer, LTTextLine
        from pdfminer.pdfexceptions import PDFException
        from pdfminer.psexceptions import PSException
    except ImportError as error:
        raise ExtractionError(
            "pdfminer.six is not installed, which reads PDF files a second time",
            "run `pip install 'sourcebot[originals]'`",
        ) from error
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        yield from _fields(path)
        for page in extract_pages(path, laparams=LAParams(all_texts=True, boxes_flow=None)):
            waiting = list(page)
            turned: dict[tuple[bool, int], list[LTChar]] = {}
            while waiting:
                item = waiting.pop(0)
                if isinstance(item, LTTextLine):
                    line = "".join(_once(item))
                    yield line
                    if _RIGHT_TO_LEFT.search(line):
                        yield _leftwards(line)
                if isinstance(item, LTContainer):
                    waiting[:0] = list(item)
                elif isinstance(item, LTChar) and abs(item.matrix[1]) > abs(item.matrix[0]):
                    turned.setdefault((item.matrix[1] > 0, round(item.matrix[4])), []).append(item)
            for (up, _), run in sorted(turned.items()):
                yield _turned(run, up=up)
    except (PDFException, PSException, ValueError, TypeError, KeyError, AssertionError) as error:
        raise ExtractionError(f"pdfminer.six cannot read it: {type(error).__name__}") from error


def _with_letters(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return lines without the glyphs of which pdfminer.six does not know the letters.

    Raises:
        ExtractionError: when hardly any are left.
    """
    text = "".join(lines)
    plain = tuple(_NO_LETTER.sub("", line) for line in lines)
    if len(_NO_LETTER.findall(text)) >= sum(map(str.isalnum, "".join(plain))):
        raise ExtractionError("pdfminer.six knows no letters of it", "compare it by eye")
    return plain


def _leftwards(line: str) -> str:
    """Return a line as it is written, which pdfminer.six gives from left to right as it is drawn.

    Figures and words of other scripts within it run to the right.
    """
    plain = _SHAPED.sub(lambda letter: unicodedata.normalize("NFKC", letter[0])[::-1], line)
    return _RIGHTWARDS.sub(lambda run: run[0][::-1], plain[::-1])


def _fields(path: Path) -> Iterator[str]:
    """Yield what is filled into the fields of a form, and the words of notes on the pages."""
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdftypes import resolve1
    from pdfminer.utils import decode_text

    with path.open("rb") as stream:
        for page in PDFPage.get_pages(stream):
            for note in resolve1(page.annots) or ():
                entries = resolve1(note)
                values = [entries.get(key) for key in ("V", "Contents", "Opt")]
                while values and isinstance(entries, dict):
                    value = resolve1(values.pop())
                    if isinstance(value, list):
                        values += value[:_MOST_CHOICES]
                    elif isinstance(value, bytes):
                        yield from decode_text(value).splitlines()


def _once(line: LTTextLine) -> Iterator[str]:
    """Yield the characters of a line; those that are drawn twice to look bold once."""
    before: dict[str, float] = {}
    for char in line:
        text = str(char.get_text())
        left = getattr(char, "x0", None)
        if left is not None and abs(before.get(text, -1e9) - left) < 0.1 * char.height:
            continue
        if left is not None:
            before[text] = left
        yield text


def _turned(run: list[LTChar], *, up: bool) -> str:
    """Return a line that runs upwards or downwards, which pdfminer.six does not join."""
    ordered = sorted(run, key=lambda char: char.y0 if up else -char.y1)
    text = ""
    for before, char in zip([None, *ordered], ordered, strict=False):
        gap = 0.0
        if before is not None:
            gap = char.y0 - before.y1 if up else before.y0 - char.y1
        text += f" {char.get_text()}" if gap > 0.15 * char.width else str(char.get_text())
    return text


def _archive(path: Path) -> Iterator[str]:
    """Yield the lines of all parts of a document or book: the texts of its XML."""
    with opened(path) as archive:
        for name in archive.namelist():
            if not re.search(r"\.(?:xml|x?html?|htm)$", name, re.IGNORECASE):
                continue
            if name.lower().endswith(".xml") and not name.startswith(("OEBPS", "OPS", "EPUB")):
                yield from part_lines(archive, name)
            else:
                yield from _markup(bytes_of(archive, name))


def _workbook(path: Path) -> Iterator[Row]:
    with opened(path) as archive:
        yield from workbook_rows(archive)


def _markup(data: bytes) -> Iterator[str]:
    """Yield the lines of a page: its text without tags, one a block."""
    import html

    text = _STRUCK.sub("", _SCRIPTS.sub("", _decoded(data)))
    for line in _BLOCKS.sub("\n", text).split("\n"):
        yield html.unescape(_TAG.sub("", line))
        # What is hidden within a line, or stands small above it, is no part of it.
        if (shown := _WITHIN.sub("", line)) != line:
            yield html.unescape(_TAG.sub("", shown))


def _decoded(data: bytes) -> str:
    marks = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
    named = [codec for mark, codec in marks if data.startswith(mark)]
    labels = [m.decode("ascii", "ignore") for m in _CHARSET.findall(data[:4096])]
    # What is UTF-8 is hardly ever anything else, whatever it is called; text with escapes is.
    first = () if b"\x1b$" in data else ("utf-8",)
    for name in (*named, *first, *labels):
        try:
            return data.decode(_WIDER.get(name.lower(), name))
        except (LookupError, UnicodeDecodeError):
            continue
    try:
        return decode(data)[0]
    except ValueError:
        return data.decode("utf-8", "replace")


_WIDER = {
    **dict.fromkeys(("gb2312", "gbk", "x-gbk"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii"), "cp1252"),
}
"""What browsers read for names of encodings that pages often mistake (WHATWG Encoding)."""


def _mail(data: bytes) -> Iterator[str]:
    """Yield the lines of a message or of a page saved with its pictures (MHTML)."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for part in message.walk():
        body = part.get_payload(decode=True)
        if not isinstance(body, bytes) or part.get_content_maintype() != "text":
            continue
        if part.get_content_subtype() == "html":
            yield from _markup(body)
            continue
        try:
            text = body.decode(str(part.get_content_charset() or "utf-8"))
        except (LookupError, UnicodeDecodeError):
            text = _decoded(body)
        for paragraph in re.split(r"\n[>\s]*\n", text.replace("\r\n", "\n")):
            yield re.sub(r"^(?:>[ \t]?)+", "", paragraph, flags=re.MULTILINE)


def _subtitles(data: bytes) -> Iterator[str]:
    """Yield what is said as one line: sentences go on from cue to cue."""
    import html

    text = _CUE.sub("", _decoded(data))
    yield html.unescape(_TAG.sub("", re.sub(r"\{\\[^}]*\}", "", text)))


def _csv(data: bytes) -> Iterator[str]:
    text = _decoded(data).lstrip("\ufeff")
    csv.field_size_limit(1_000_000)
    for mark in ",;\t|":
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            yield " ".join(row)


def _text(data: bytes) -> Iterator[str]:
    """Yield the paragraphs of a text, those with line breaks in them whole too."""
    text = _decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    yield from re.split(r"\n[^\S\n]*\n", text)


_READERS: dict[str, Callable[[bytes], Iterator[str]]] = {
    ".html": _markup,
    ".htm": _markup,
    ".xhtml": _markup,
    ".mhtml": _mail,
    ".mht": _mail,
    ".eml": _mail,
    ".srt": _subtitles,
    ".vtt": _subtitles,
    ".csv": _csv,
    ".tsv": _csv,
    ".rtf": rich_text_lines,
}
