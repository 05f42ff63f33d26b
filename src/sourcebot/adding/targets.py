"""What the user names -> single items: files, pages, and the reasons why some are neither."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from sourcebot.adding.formats import BY_SUFFIX, READ, SAVE_AS
from sourcebot.adding.model import Original
from sourcebot.adding.naming import safe_part
from sourcebot.articles.files import is_addable
from sourcebot.types import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_URL = re.compile(r"https?://", re.IGNORECASE)
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|yclid|_hsenc|_hsmi|at_\w+)=[^&]*(?:&|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page or feed to fetch: ``url`` without what only tells where its reader came from."""

    url: str
    shown: str


_SAVED_WITH = re.compile(
    r"(?P<page>.+?)(?:[ _-](?:files|dateien|fichiers|archivos|bestanden|filer|arquivos|ficheiros"
    r"|file|elemei|pliki|soubory|tiedostot|dosyalar)|\.files)",
    re.IGNORECASE,
)
"""How browsers call the folder beside a page that they saved "complete", by language."""

Item = Original | Page | Outcome


def is_url(target: str) -> bool:
    """Return whether a target is of the web."""
    return bool(_URL.match(target))


def expand(targets: Sequence[str], sources: Path) -> Iterator[Item]:
    """Yield the files and pages that targets name, each once; folders are searched through.

    Of what lies in the sources folder, the files of kinds that the index does not read are
    yielded, so that their articles come to lie beside them; the others are there already.
    """
    seen: set[str] = set()
    inside = sources.resolve()
    for target in targets:
        items = [page_of(target)] if is_url(target) else _files(Path(target), inside)
        for item in items:
            key = item.url if isinstance(item, Page) else getattr(item, "origin", "")
            if not key or key not in seen:
                seen.add(key)
                yield item


def page_of(url: str, shown: str = "") -> Page:
    """Return the page of a URL, without fragment and tracking parameters."""
    parts = urlsplit(url.strip())
    query = _TRACKING.sub("", parts.query).rstrip("&")
    plain = urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", query, ""))
    return Page(plain, shown or url)


def _files(target: Path, inside: Path) -> Iterator[Item]:
    shown = _printable(str(target))
    try:
        resolved = target.resolve(strict=True)
        if resolved.is_relative_to(inside):
            yield from _strays(resolved, shown, inside)
        elif resolved.is_dir():
            root = safe_part(_printable(resolved.name))
            yield from _walk(resolved, f"{root}/", shown.rstrip("/"), resolved, inside)
        else:
            yield _file(resolved, "", shown)
    except FileNotFoundError:
        web = "." in shown.split("/")[0].strip(".")
        hint = "write web addresses with https://" if web else ""
        yield Outcome(shown, Status.FAILED, detail="there is no such file or folder", hint=hint)
    except (OSError, RuntimeError) as error:
        yield _failed(shown, error)


def _strays(target: Path, shown: str, inside: Path) -> Iterator[Item]:
    """Yield what can be added of a file or folder that lies in the sources folder."""
    place = target.relative_to(inside).as_posix().removesuffix(".")
    if target.is_dir():
        below = f"{place}/" if place else ""
        found = list(_walk(target, below, shown.rstrip("/"), target, inside))
    else:
        found = [_file(target, place.removesuffix(target.name), shown)]
    strays = [i for i in found if isinstance(i, Original) and is_addable(i.name)]
    yield from strays
    if not strays:
        yield Outcome(shown, Status.SKIPPED, detail="lies in the sources folder already")


def _walk(folder: Path, place: str, shown: str, root: Path, inside: Path) -> Iterator[Item]:
    """Yield what lies in a folder and below, in the order of names; nothing hidden."""
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        yield _failed(shown, error)
        return
    names = {entry.name for entry in entries}
    for entry in entries:
        if entry.name.startswith("."):
            continue
        name = f"{shown}/{_printable(entry.name)}"
        if page := _page_with(entry.name, names):
            what = f"belongs to the saved page {_printable(page)}"
            yield Outcome(name, Status.SKIPPED, detail=what)
            continue
        try:
            yield from _entry(entry, place, name, root, inside)
        except (OSError, RuntimeError) as error:
            yield _failed(name, error)


def _page_with(folder: str, names: Collection[str]) -> str:
    """Return the page that a browser saved together with a folder of its pictures, or ""."""
    saved = _SAVED_WITH.fullmatch(folder)
    pages = (f"{saved['page']}{suffix}" for suffix in (".html", ".htm", ".xhtml")) if saved else ()
    return next((page for page in pages if page in names), "")


def _entry(
    entry: os.DirEntry[str], place: str, shown: str, root: Path, inside: Path
) -> Iterator[Item]:
    path = Path(entry.path)
    if entry.is_symlink():
        if not path.resolve().is_relative_to(root):
            yield Outcome(
                shown,
                Status.FAILED,
                detail="a link that leads out of the folder",
                hint="name what it leads to, if it is to be added",
            )
            return
        if path.is_dir():
            yield Outcome(shown, Status.SKIPPED, detail="linked folders are not followed")
            return
    if entry.is_dir():
        if path.resolve() == inside:
            yield Outcome(shown, Status.SKIPPED, detail="it is the sources folder itself")
        else:
            part = safe_part(_printable(entry.name))
            yield from _walk(path, f"{place}{part}/", shown, root, inside)
    elif path.suffix.lower() in BY_SUFFIX:
        yield _file(path, place, shown)
    else:
        yield Outcome(
            shown,
            Status.SKIPPED,
            detail=f"not a kind of file that is read ({READ})",
            hint=SAVE_AS.get(path.suffix.lower(), ""),
        )


def _file(path: Path, place: str, shown: str) -> Item:
    if not stat.S_ISREG(path.stat().st_mode):
        return Outcome(
            shown, Status.FAILED, detail="not a regular file", hint=f"{READ} can be added"
        )
    stem = safe_part(_printable(path.stem))
    return Original(
        origin=_printable(str(path.resolve())), shown=shown, place=f"{place}{stem}", file=path
    )


def _failed(shown: str, error: OSError | RuntimeError) -> Outcome:
    reason = getattr(error, "strerror", None) or str(error)
    return Outcome(shown, Status.FAILED, detail=f"it cannot be read: {reason}")


def _printable(name: str) -> str:
    """Return a name with bytes that are no Unicode written as escapes."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
