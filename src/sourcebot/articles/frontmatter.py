"""Front matter and bare headers: what a file says of its own origin."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from sourcebot.articles.furniture import is_clutter
from sourcebot.text.dates import only_date, parse_date

if TYPE_CHECKING:
    import datetime as dt

_OPENING = re.compile(r"\s*---[ \t]*\r?\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_KEY = re.compile(r"\s*(?:#.*\n\s*)*[A-Za-z_][\w -]*:(?:\s|$)")
_MAX_FRONT_MATTER = 64 * 1024
_BYLINE = re.compile(r"(?:[Bb]y|BY|Words by|Written by)\s+(?P<name>[A-Z][^.!?:;]{1,80})")
_ENDS_SENTENCE = re.compile(r"[.!?:;,…][\"'”’»)\]]*$")
_HEADER_LINES = 12
_MAX_HEADER = 8192
_MAX_TITLE_WORDS = 30
_OPENING_MARKS = "\"'“‘«¿¡"


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of itself, and where its body starts (a code point offset).

    ``notes`` are remarks for the user, such as a date that could not be read.
    """

    title: str = ""
    publisher: str = ""
    author: str = ""
    published: dt.date | None = None
    url: str = ""
    body_start: int = 0
    notes: tuple[str, ...] = ()
    language: str = ""


def read_front_matter(text: str) -> Header:
    """Return the YAML front matter of ``text``, or an empty header when there is none.

    Raises:
        ValueError: when there is front matter that cannot be used, with the reason.
    """
    opening = _OPENING.match(text)
    closing = opening and _CLOSING.search(text, opening.end(), opening.end() + _MAX_FRONT_MATTER)
    if not opening or not closing or not _KEY.match(text, opening.end(), closing.start()):
        return Header()
    try:
        data = yaml.load(text[opening.end() : closing.start()], Loader=yaml.BaseLoader)  # noqa: S506 (texts only)
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        raise ValueError(f"its front matter is not valid YAML: {_one_line(error)}") from error
    if not isinstance(data, dict):
        raise ValueError("its front matter is not a list of 'key: value' lines")  # noqa: TRY004
    values = {str(key).lower(): value for key, value in data.items()}
    notes: list[str] = []
    written = _scalar(values.get("published", values.get("date")))
    published = parse_date(written) if written else None
    if written and published is None:
        notes.append(f"published: {written!r} is not a date such as 2021-07-20; indexed without")
    return Header(
        title=_scalar(values.get("title")),
        publisher=_scalar(values.get("publisher")),
        author=_scalar(values.get("author", values.get("authors"))),
        published=published,
        url=_scalar(values.get("url")),
        language=_scalar(values.get("language", values.get("lang"))),
        body_start=closing.end(),
        notes=tuple(notes),
    )


def infer_header(text: str, start: int) -> Header:
    """Return the header lines that stand unmarked at the top of bare text.

    A dateline, a title without a full stop and a byline are recognised among the first
    lines, and page furniture copied along is passed over; the body starts at the first line
    that is none of these.
    """
    title, author, body_start = "", "", start
    published: dt.date | None = None
    lines = list(re.finditer(r"(?<![^\r\n])[^\r\n]*\S[^\r\n]*", text[start : start + _MAX_HEADER]))
    for line, following in itertools.pairwise(lines[:_HEADER_LINES]):
        words = line[0].strip()
        if published is None and (found := only_date(words)):
            published = found
        elif not author and (byline := _BYLINE.fullmatch(words)):
            author = byline["name"].strip()
        elif (
            not title
            and not is_clutter(words)
            and _is_title(words, following[0].strip(), stands_apart=_blank_between(line, following))
        ):
            title = words
        elif not is_clutter(words):
            break
        body_start = start + line.end()
    return Header(title=title, author=author, published=published, body_start=body_start)


def _is_title(words: str, following: str, *, stands_apart: bool) -> bool:
    """Return whether a line is a title rather than the first line of wrapped prose."""
    ends = _ENDS_SENTENCE.search(words)
    opens_text = following[0].isupper() or following[0] in _OPENING_MARKS
    return (
        len(words.split()) <= _MAX_TITLE_WORDS
        and (not ends or ends[0][0] in "?!")
        and (words[0].isupper() or words[0].isdigit() or words[0] in _OPENING_MARKS)
        and (
            stands_apart
            or bool(_BYLINE.fullmatch(following) or is_clutter(following))
            or (opens_text and len(following) > 1.5 * len(words))
        )
    )


def _blank_between(line: re.Match[str], following: re.Match[str]) -> bool:
    gap = line.string[line.end() : following.start()]
    return gap.count("\n") > 1 or gap.replace("\r\n", "\n").count("\r") > 1


def _scalar(value: Any) -> str:  # noqa: ANN401 (YAML gives anything)
    """Return a front matter value as one line of text; lists are joined by commas."""
    if isinstance(value, list):
        return ", ".join(
            filter(None, (_scalar(v) for v in value if not isinstance(v, list | dict)))
        )
    if value is None or isinstance(value, dict):
        return ""
    # An escape in YAML can name half of a surrogate pair, which no file can hold.
    return " ".join(str(value).encode("utf-8", "replace").decode("utf-8").split())


def _one_line(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    where = f" (line {mark.line + 2})" if mark else ""
    return " ".join(problem.split()) + where
