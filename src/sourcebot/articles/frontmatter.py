"""Front matter and bare headers: what a file says of its own origin."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
import tomllib
from dataclasses import dataclass
from typing import Any

from sourcebot.articles.furniture import is_clutter
from sourcebot.text.dates import only_date, parse_date
from sourcebot.text.languages import known_language

_OPENING = re.compile(r"\s*(?:---|\+\+\+)[ \t]*\r?\n")
_TOML_CLOSING = re.compile(r"^\+\+\+[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_TOML_KEY = re.compile(r"\s*(?:#.*\n\s*)*(?:\[|[A-Za-z_][\w.-]*[ \t]*=)")
_CUT_BY_HASH = re.compile(
    r"(?P<key>title|author|publisher):[ \t]+"
    r"(?P<whole>(?P<before>[^\s\"'#|>\[{&*!%@`][^#]*?)[ \t]+#.*)",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_KEY = re.compile(r"\s*(?:#.*\n\s*)*[A-Za-z_][\w -]*:(?:\s|$)")
_KNOWN_KEY = re.compile(
    r"(?:title|author|publisher|published|date|url|language|lang)[ \t]*[:=]", re.IGNORECASE
)
_SENTENCE = re.compile(r"[^\s#\-\[{>|].*\s\S+\s\S.*[.!?:…][\"'”’»)]*\s*")
_AFTER_BLANK = re.compile(r"^[ \t]*\r?\n(?P<line>\S[^\r\n]*)", re.MULTILINE)
_PANDOC = re.compile(
    r"%[ \t]+(?P<title>\S[^\r\n]*)(?:\r?\n%[ \t]*(?P<author>[^\r\n]*))?"
    r"(?:\r?\n%[ \t]*(?P<date>[^\r\n]*))?(?:\r?\n|\Z)"
)
_JSON = re.compile(r"\{\s*\"[\w-]+\"\s*:")
_UNENDED = "its front matter has no end: put a line of {} below it; it is read as text"
_ENDS_EARLY = "its front matter has no end before the text: put a line of {} above that"
_LENIENT = "its front matter is read line by line"
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
    """Return the front matter of ``text``, in YAML or TOML, or an empty header when there is none.

    What is valid in neither is read line by line, and a remark says so: authors write titles with
    colons, brackets and quotes that YAML takes for its own.
    """
    opening = _OPENING.match(text)
    if not opening:
        return _unfenced(text)
    toml = "+" in opening[0] and not _KEY.match(text, opening.end())
    start, most = opening.end(), opening.end() + _MAX_FRONT_MATTER
    closing = (_TOML_CLOSING if "+" in opening[0] else _CLOSING).search(text, start, most)
    if not closing:
        unended = _KNOWN_KEY.match(text, start)
        return Header(notes=(_UNENDED.format(opening[0].strip()),) if unended else ())
    end = closing.start()
    if not (_TOML_KEY.match(text, start, end) if toml else _KEY.match(text, start, end)):
        return Header()
    written = text[start : closing.start()]
    ends = _before_prose(written)
    values, notes = (_toml if toml else _yaml)(written[:ends])
    if ends is None:
        return _header(values, notes, closing.end())
    return _header(values, [*notes, _ENDS_EARLY.format(opening[0].strip())], start + ends)


def _header(values: dict[str, Any], notes: list[str], body_start: int) -> Header:
    """Return what the values of front matter say."""
    stated = _scalar(values.get("published", values.get("date")))
    published = parse_date(stated) if stated else None
    if stated and published is None:
        notes.append(f"published: {stated!r} is not a date such as 2021-07-20; indexed without")
    language = _scalar(values.get("language", values.get("lang")))
    if language and not known_language(language):
        notes.append(f"language: {language[:40]!r} is no language such as en; told from the text")
    return Header(
        title=_scalar(values.get("title")),
        publisher=_scalar(values.get("publisher")),
        author=_scalar(values.get("author", values.get("authors"))),
        published=published,
        url=_scalar(values.get("url")),
        language=language,
        body_start=body_start,
        notes=tuple(notes),
    )


def _before_prose(written: str) -> int | None:
    """Return where front matter ends that goes on to text before a line of signs, else None.

    A sentence after a blank line is text; the line of signs is then a rule within it.
    """
    for found in _AFTER_BLANK.finditer(written):
        if _SENTENCE.fullmatch(found["line"]) and not _KEY.match(found["line"]):
            return found.start("line")
    return None


def _unfenced(text: str) -> Header:
    """Return front matter that no lines of signs hold: JSON (Hugo), or lines after % (Pandoc)."""
    start = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    if titled := _PANDOC.match(text, start):
        title, author, date = (titled[name] or "" for name in ("title", "author", "date"))
        values = {"title": title, "author": author.replace(";", ","), "date": date}
        return _header({key: value for key, value in values.items() if value}, [], titled.end())
    if not _JSON.match(text, start):
        return Header()
    try:
        data, end = json.JSONDecoder().raw_decode(text[: start + _MAX_FRONT_MATTER], start)
    except (ValueError, RecursionError):
        return Header()
    values = {str(key).lower(): value for key, value in data.items()}
    # A file that is all JSON is data.
    if not values.keys() & {"title", "date", "author"} or not text[end:].strip():
        return Header()
    return _header({key: _toml_text(value) for key, value in values.items()}, [], end)


def _yaml(written: str) -> tuple[dict[str, Any], list[str]]:
    """Return the values of YAML front matter by key in lower case, and remarks."""
    import yaml

    try:
        data = yaml.load(written, Loader=yaml.BaseLoader)  # noqa: S506 (texts only)
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        return _by_line(written, ":"), [f"{_LENIENT}: {_one_line(error)}"]
    if not isinstance(data, dict):
        return _by_line(written, ":"), [f"{_LENIENT}: it is not a mapping"]
    values = {str(key).lower(): value for key, value in data.items()}
    notes = []
    for number, line in enumerate(written.splitlines(), 2):
        cut = _CUT_BY_HASH.fullmatch(line)
        if cut and values.get(key := cut["key"].lower()) == cut["before"]:
            values[key] = cut["whole"].strip()
            notes.append(f"line {number}: what follows # belongs to the {key}")
    return values, notes


def _toml(written: str) -> tuple[dict[str, Any], list[str]]:
    """Return the values of TOML front matter by key in lower case, and remarks."""
    try:
        data = tomllib.loads(written.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        reason = " ".join(str(error).split())
        return _by_line(written, "="), [f"{_LENIENT}: {reason}"]
    nested = [part for key in ("params", "extra") if isinstance(part := data.get(key), dict)]
    found = {str(k).lower(): v for part in (*nested, data) for k, v in part.items()}
    return {key: _toml_text(value) for key, value in found.items()}, []


def _toml_text(value: Any) -> Any:  # noqa: ANN401 (TOML gives anything)
    if isinstance(value, list):
        return [_toml_text(each) for each in value]
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


def _by_line(written: str, sign: str) -> dict[str, Any]:
    """Return the values of front matter by key, each the rest of its line without quotes."""
    values: dict[str, Any] = {}
    for line in written.splitlines():
        key, found, rest = line.partition(sign)
        if not found or not key.strip() or key[0].isspace() or key.lstrip()[0] in "-#[":
            continue
        value = rest.strip()
        quote = value[:1]
        ends = len(value) > 1 and value[-1] == quote
        # An apostrophe alone may begin a title: "'Tis May".
        if quote and quote in "\"'" and (ends or (quote == '"' and value.count(quote) == 1)):
            value = value[1:].removesuffix(quote).strip()
        if value:
            values.setdefault(key.strip().lower(), value)
    return values


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
        return ", ".join(filter(None, (_scalar(v) for v in value if not isinstance(v, list))))
    if isinstance(value, dict):
        return _scalar(value.get("name")) if not isinstance(value.get("name"), dict) else ""
    if value is None:
        return ""
    # An escape in YAML can name half of a surrogate pair, which no file can hold.
    return " ".join(str(value).encode("utf-8", "replace").decode("utf-8").split())


def _one_line(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    where = f" (line {mark.line + 2})" if mark else ""
    return " ".join(problem.split()) + where
