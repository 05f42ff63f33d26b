"""Quotes with their sources -> what people paste: Markdown, text, BibTeX, RIS and CSL-JSON.

The formats: BibTeX entries of kind ``@misc``; RIS as reference managers read it
(https://en.wikipedia.org/wiki/RIS_(file_format)); CSL-JSON
(https://github.com/citation-style-language/schema). All of it may come from hostile files, so a
value never brings a line break, a brace or a tag of its own.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sourcebot.render.links import web_address
from sourcebot.render.markup import is_markdown, visible
from sourcebot.render.wording import day
from sourcebot.text.display import UNSAFE, one_line
from sourcebot.types import Answer
from sourcebot.types.locators import LocatorKind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sourcebot.types import Quote, Reply
    from sourcebot.types.locators import Locator

_MARKDOWN = re.compile(r"[\\`*_\[\]<>#|~]")
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "^": r"\textasciicircum{}",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "%": r"\%",
}
_KEY_WORD = re.compile(r"[a-z0-9]+")
_SHORT_WORD = 3


@dataclass(frozen=True, slots=True)
class Cited:
    """A quote with all that a citation names; empty strings and None where it is not known.

    ``text`` is verbatim; ``start`` and ``end`` count its code points in ``file``.
    """

    text: str
    file: str
    start: int
    end: int
    title: str
    publisher: str = ""
    author: str = ""
    published: dt.date | None = None
    url: str = ""
    locator: Locator | None = None
    language: str = ""

    @property
    def page(self) -> str:
        """The page as it is printed, or ""."""
        here = self.locator
        return here.label if here and here.kind is LocatorKind.PAGE else ""

    @property
    def shown(self) -> str:
        """The words as they would be read, on one line and harmless."""
        return one_line(visible(self.text)[0] if is_markdown(self.file) else self.text)


def cited(quote: Quote) -> Cited:
    """Return what a citation of a quote names."""
    source = quote.source
    return Cited(
        text=quote.text,
        file=source.path,
        start=quote.span.start,
        end=quote.span.end,
        title=source.title,
        publisher=source.publisher,
        author=source.author,
        published=source.published,
        url=source.url,
        locator=source.locator,
        language=source.language,
    )


def quotes_of(reply: Reply) -> tuple[Quote, ...]:
    """Return what is to be cited of a reply: its quotes, and those of values that differ."""
    if not isinstance(reply, Answer):
        return (*reply.nearest, *reply.later)
    groups = reply.conflict.groups if reply.conflict else ()
    quotes = (*reply.quotes, *(q for group in groups for q in group.quotes), *reply.later)
    return tuple({(q.source.path, q.span): q for q in quotes}.values())


def as_markdown(quotes: Iterable[Cited]) -> str:
    """Return block quotations with the source below each."""
    return "\n".join(_markdown(quote) for quote in quotes)


def _markdown(quote: Cited) -> str:
    address = web_address(quote.url).replace("(", "%28").replace(")", "%29")
    title = _escaped(one_line(quote.title))
    linked = f"[{title}]({address})" if address else title
    rest = ", ".join(_escaped(part) for part in _facts(quote))
    place = _escaped(f"{one_line(quote.file)}, characters {quote.start}–{quote.end}")
    return f"> {_escaped(quote.shown)}\n>\n> — {linked}{', ' if rest else ''}{rest} ({place})\n"


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(lambda found: f"\\{found[0]}", text)


def as_text(quotes: Iterable[Cited]) -> str:
    """Return each quote in quotation marks with its citation on the line below."""
    return "\n".join(_text(quote) for quote in quotes)


def _text(quote: Cited) -> str:
    parts = [
        one_line(quote.author),
        f"“{one_line(quote.title)}”",
        one_line(quote.publisher),
        day(quote.published) if quote.published else "",
        one_line(str(quote.locator or "")),
        web_address(quote.url),
        f"{one_line(quote.file)}, characters {quote.start}–{quote.end}",
    ]
    return f"“{quote.shown}”\n— {', '.join(filter(None, parts))}\n"


def _facts(quote: Cited) -> list[str]:
    parts = [
        one_line(quote.publisher),
        one_line(quote.author),
        day(quote.published) if quote.published else "",
        one_line(str(quote.locator or "")),
    ]
    return [part for part in parts if part]


def as_bibtex(quotes: Iterable[Cited]) -> str:
    """Return an ``@misc`` entry for each quote, with keys that are all different."""
    found: list[str] = []
    taken: set[str] = set()
    for quote in quotes:
        key = _key(quote, taken)
        fields = {
            "title": f"{{{_latex(quote.title)}}}",
            "author": f"{{{_latex(quote.author)}}}" if quote.author else "",
            "publisher": _latex(quote.publisher),
            "year": f"{quote.published.year:04}" if quote.published else "",
            "month": str(quote.published.month) if quote.published else "",
            "day": str(quote.published.day) if quote.published else "",
            # Within \url nothing is a command but these.
            "url": re.sub(r"[{}\\%#]", _percent, web_address(quote.url)),
            "pages": _latex(quote.page),
            "language": _latex(quote.language),
            "note": f"“{_latex(quote.shown)}”",
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        found.append(f"@misc{{{key},\n{lines}}}\n")
    return "\n".join(found)


def _percent(found: re.Match[str]) -> str:
    return found[0] if found[0] in "%#" else f"%{ord(found[0]):02X}"


def _latex(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in one_line(text))


def _key(quote: Cited, taken: set[str]) -> str:
    """Return a key of ASCII letters and digits, such as ``gazette2022bridge``."""
    year = f"{quote.published.year:04}" if quote.published else ""
    stem = f"{_word(quote.author or quote.publisher)}{year}{_word(quote.title)}" or "quote"
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    taken.add(key)
    return key


def _word(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = _KEY_WORD.findall(plain)
    return next((word for word in words if len(word) > _SHORT_WORD), "".join(words[:1]))[:24]


def as_ris(quotes: Iterable[Cited]) -> str:
    """Return an RIS record for each quote."""
    return "\n".join(_ris(quote) for quote in quotes)


def _ris(quote: Cited) -> str:
    address = web_address(quote.url)
    tags = [
        ("TY", "ELEC" if address else "GEN"),
        ("TI", one_line(quote.title)),
        ("AU", one_line(quote.author)),
        ("PB", one_line(quote.publisher)),
        ("PY", f"{quote.published.year:04}" if quote.published else ""),
        ("DA", f"{quote.published:%Y/%m/%d}" if quote.published else ""),
        ("UR", address),
        ("SP", one_line(quote.page)),
        ("LA", one_line(quote.language)),
        ("N1", f"“{quote.shown}”"),
    ]
    lines = "".join(f"{tag}  - {value}\r\n" for tag, value in tags if value)
    return f"{lines}ER  - \r\n"


def as_csl_json(quotes: Iterable[Cited]) -> str:
    """Return an array of CSL-JSON items."""
    taken: set[str] = set()
    items = [_csl(quote, taken) for quote in quotes]
    text = json.dumps(items, ensure_ascii=False, indent=2)
    return UNSAFE.sub(lambda found: json.dumps(found[0])[1:-1], text) + "\n"


def _csl(quote: Cited, taken: set[str]) -> Mapping[str, Any]:
    address = web_address(quote.url)
    issued = quote.published
    item = {
        "id": _key(quote, taken),
        "type": "webpage" if address else "document",
        "title": one_line(quote.title),
        "author": [{"literal": one_line(quote.author)}] if quote.author else None,
        "publisher": one_line(quote.publisher),
        "issued": {"date-parts": [[issued.year, issued.month, issued.day]]} if issued else None,
        "URL": address,
        "page": one_line(quote.page),
        "language": one_line(quote.language),
        "note": f"“{quote.shown}”",
    }
    return {name: value for name, value in item.items() if value}


EXPORTS: Mapping[str, tuple[str, str, Callable[[Sequence[Cited]], str]]] = {
    "md": ("text/markdown", "Markdown", as_markdown),
    "txt": ("text/plain", "Text", as_text),
    "bib": ("application/x-bibtex", "BibTeX", as_bibtex),
    "ris": ("application/x-research-info-systems", "RIS", as_ris),
    "csl.json": ("application/vnd.citationstyles.csl+json", "CSL-JSON", as_csl_json),
}
"""By the ending of a file's name: its media type, what people call it, and what makes it."""
