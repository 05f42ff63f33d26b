"""Rich Text documents -> drafts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sourcebot.adding.blocks import Block, Kind, cleaned, tidied, to_markdown
from sourcebot.adding.model import Draft
from sourcebot.adding.stated import believed_author, believed_title
from sourcebot.errors import ExtractionError

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    rb"(?P<word>\\(?P<name>[a-z]{1,32})(?P<value>-?\d{1,10})? ?)|\\'[0-9a-fA-F]{2}|\\[^a-z]|[{}]"
    rb"|[^\\{}]+",
    re.DOTALL,
)
_HIDING = {
    b"v": "hidden",
    b"deleted": "deleted",
    b"strike": "struck-through",
    b"strikedl": "struck-through",
}
_SAID = re.compile(rb"\{\\(title|author)\s((?:[^{}]|\{[^{}]*\})*)\}")
_CODE_PAGE = re.compile(rb"\\ansicpg\d{1,5}")
_DEEPEST = 5000


def read_rtf(data: bytes, name: str) -> Draft:
    """Return the text of a Rich Text document; ``name`` is the title of one that has none.

    Raises:
        ExtractionError: when it cannot be read.
    """
    from striprtf.striprtf import rtf_to_text

    printed, left_out, footnotes = _printed(data)
    try:
        text = rtf_to_text(printed.decode("latin-1"), errors="replace")
        head = b"{\\rtf1\\ansi" + (page[0] if (page := _CODE_PAGE.search(data)) else b"")
        below = [
            rtf_to_text((head + b" " + note + b"}").decode("latin-1"), errors="replace")
            for note in footnotes
        ]
        said = {
            key.decode(): rtf_to_text(
                f"{{\\rtf1\\ansi {value.decode('latin-1')}}}", errors="replace"
            )
            for key, value in _SAID.findall(data[:65536])
        }
    except (ValueError, LookupError, IndexError, TypeError) as error:
        raise ExtractionError(
            f"it is damaged: {cleaned(str(error))[:80]}", "save it anew, or as DOCX"
        ) from error
    title = believed_title(said.get("title")) or name
    return Draft(
        title=title,
        body=to_markdown(tidied(_blocks("\n".join([text, *below])), title)),
        suffix=".rtf",
        author=believed_author(said.get("author")),
        notes=tuple(f"{kind} text is left out" for kind in sorted(left_out)),
    )


def _printed(data: bytes) -> tuple[bytes, set[str], list[bytes]]:
    """Return a document without runs that are hidden, deleted or struck through, and which were.

    Its footnotes are returned apart: they stand within the sentences that they are about.
    """
    out = body = bytearray()
    footnotes: list[bytearray] = []
    depth = 0
    kinds: set[str] = set()
    stack: list[set[str]] = [set()]
    for token in _TOKEN.finditer(data):
        text, name = token[0], token["name"]
        if text == b"{":
            if len(stack) > _DEEPEST:
                raise ExtractionError("its parts are nested too deeply", "save it as DOCX")
            stack.append(set(stack[-1]))
        elif text == b"}":
            stack[-1:] = [] if len(stack) > 1 else stack[-1:]
            if footnotes and out is footnotes[-1] and len(stack) < depth:
                out = body
        elif name in _HIDING:
            stack[-1] = (
                stack[-1] - {_HIDING[name]}
                if token["value"] == b"0"
                else stack[-1] | {_HIDING[name]}
            )
            continue
        elif name == b"plain":
            stack[-1] = set()
        elif stack[-1] and name is None and text.strip():
            kinds |= stack[-1]
            continue
        elif name == b"footnote" and out is body:
            footnotes.append(bytearray())
            out, depth = footnotes[-1], len(stack)
            continue
        out += text
    return bytes(body), kinds, [bytes(note) for note in footnotes]


def _blocks(text: str) -> Iterator[Block]:
    """Yield paragraphs and rows of tables, whose cells end with bars."""
    in_table = False
    for line in text.splitlines():
        if line.rstrip().endswith("|") and line.count("|") > 1:
            cells = tuple(cleaned(cell) for cell in line.rstrip().removesuffix("|").split("|"))
            yield Block(Kind.ROW, " ".join(cells), int(not in_table), cells)
            in_table = True
        elif cleaned(line):
            in_table = False
            yield Block(Kind.PARAGRAPH, cleaned(line))
