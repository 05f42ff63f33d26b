"""What is kept of an article besides its text: the original that it was made of, and versions."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcebot.errors import NotFound

if TYPE_CHECKING:
    from pathlib import Path

_DATED = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})-[0-9a-f]{8}(?P<suffix>\.\w{1,10})?")
_REMOVED = re.compile(r"removed-[0-9a-f]{8}\.\w{1,10}")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is kept of an article.

    Attributes:
        name: of the file.
        day: when it was retrieved, or None when that is not known.
        size: in bytes.
        version: whether it is an earlier text of the article; else an original.
    """

    name: str
    day: dt.date | None
    size: int
    version: bool


def kept_of(archive: Path, article: str) -> tuple[Kept, ...]:
    """Return what the folder of originals keeps of an article, the newest first.

    ``article`` is its path below the sources folder, of an article that there is.
    """
    folder = _folder(archive, article)
    found: list[Kept] = []
    try:
        entries = sorted(folder.iterdir(), key=lambda path: path.name, reverse=True)
    except OSError:
        return ()
    for path in entries:
        dated = _DATED.fullmatch(path.name)
        if not (dated or _REMOVED.fullmatch(path.name)) or path.is_symlink() or not path.is_file():
            continue
        version = dated is None or dated["suffix"] in {".md", None}
        found.append(Kept(path.name, _day(dated), path.stat().st_size, version))
    return tuple(found)


def _day(dated: re.Match[str] | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(dated["day"]) if dated else None
    except ValueError:
        return None


def read_kept(archive: Path, article: str, name: str) -> bytes:
    """Return what a kept file holds.

    Raises:
        NotFound: when no file of that name is kept of the article.
    """
    # The name comes from whoever asks: only one that the folder lists is opened.
    if any(kept.name == name for kept in kept_of(archive, article)):
        try:
            return (_folder(archive, article) / name).read_bytes()
        except OSError:
            pass
    raise NotFound(f"no file {name!r} is kept of {article}", "open the article to see what is")


def _folder(archive: Path, article: str) -> Path:
    return archive / article.removesuffix(".md")
