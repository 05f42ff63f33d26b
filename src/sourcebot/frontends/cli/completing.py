"""What may stand at the end of a line that is being typed."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from sourcebot.errors import SourcebotError
from sourcebot.frontends.cli.session import COMMANDS, FILTERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sourcebot.frontends.cli.session import Session
    from sourcebot.types import Source

_OPEN_VALUE = re.compile(rf"(?:^|\s)(?P<name>{'|'.join(FILTERS)})=(?P<value>\"[^\"]*|'[^']*|\S*)$")
_SWITCHES = ("on", "off")


def completions(session: Session, line: str) -> Iterator[tuple[str, int]]:
    """Yield what may stand at the end of ``line``: (text, offset of the words it replaces).

    Commands at its start, what they take after them, and in questions the titles that begin like
    its last words.
    """
    if line.startswith("/") and " " not in line:
        yield from _beginning(COMMANDS, line)
        return
    command, _, rest = line.partition(" ")
    try:
        if command == "/filter":
            yield from _filters(_sources(session), rest)
        elif command == "/explain":
            yield from _beginning(_SWITCHES, rest)
        elif not line.startswith("/"):
            yield from _titles(_sources(session), line)
    except SourcebotError:
        return


def _sources(session: Session) -> list[Source]:
    return [article.source for article in session.project.articles()]


def _beginning(words: Sequence[str], typed: str) -> Iterator[tuple[str, int]]:
    yield from ((w, -len(typed)) for w in words if w.casefold().startswith(typed.casefold()))


def _filters(sources: Sequence[Source], rest: str) -> Iterator[tuple[str, int]]:
    """Yield names of filters, or what the articles have for the one that is being written."""
    found = _OPEN_VALUE.search(rest)
    if not found:
        typed = rest.rpartition(" ")[2]
        offered = [f"{name}=" for name in FILTERS if f"{name}=" not in rest]
        yield from _beginning((*offered, *(() if " " in rest else ("off",))), typed)
        return
    typed = found["value"].strip("\"'").casefold()
    for value in _values(sources, found["name"]):
        if value.casefold().startswith(typed):
            yield shlex.quote(value), -len(found["value"])


def _values(sources: Sequence[Source], name: str) -> list[str]:
    """Return what the articles have for a filter, each once, sorted."""
    if name == "publisher":
        return sorted({source.publisher for source in sources} - {""}, key=str.casefold)
    if name == "source":
        titles = {source.title for source in sources} | {source.path for source in sources}
        return sorted(titles, key=str.casefold)
    return sorted({source.published.isoformat() for source in sources if source.published})


def _titles(sources: Sequence[Source], line: str) -> Iterator[tuple[str, int]]:
    tails = [line[m.start() :] for m in re.finditer(r"(?:(?<=\s)|^)\S", line)]
    for source in sources:
        title = source.title
        tail = next((t for t in tails if title.casefold().startswith(t.casefold())), "")
        if len(tail) > 1:
            yield title, -len(tail)
