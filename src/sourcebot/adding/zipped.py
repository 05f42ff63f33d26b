"""Documents that are ZIP archives of XML parts: opened within limits, never written to the disk."""

from __future__ import annotations

import io
import posixpath
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import unquote

from sourcebot.adding.blocks import cleaned
from sourcebot.errors import ExtractionError

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator
    from pathlib import Path

    from lxml.etree import _Element

MAX_UNPACKED = 400 * 1024 * 1024
_MAX_PART = 64 * 1024 * 1024
_MAX_ENTRIES = 20_000
DAMAGED = "get the file anew"


@contextmanager
def opened(source: Path | bytes) -> Iterator[zipfile.ZipFile]:
    """Give an archive that cannot unpack to more than is bearable.

    Raises:
        ExtractionError: when it is damaged, protected or a bomb.
    """
    try:
        with zipfile.ZipFile(
            io.BytesIO(source) if isinstance(source, bytes) else source
        ) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            if unpacked > MAX_UNPACKED or len(entries) > _MAX_ENTRIES:
                raise ExtractionError(
                    f"it would unpack to {unpacked / 2**20:,.0f} MB in {len(entries):,} files, "
                    f"more than {MAX_UNPACKED // 2**20} MB or {_MAX_ENTRIES:,} files",
                    "if you trust it, save it anew without its pictures",
                )
            if any(entry.flag_bits & 1 for entry in entries):
                raise ExtractionError(
                    "it is protected by a password", "save a copy without password and add that"
                )
            yield archive
    # zipfile raises the last of them for a compression that it does not know.
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError) as error:
        raise ExtractionError(f"it is damaged: {cleaned(str(error)).lower()}", DAMAGED) from error


def inside(href: str, folder: str) -> str:
    """Return the name of a part that a book names; it must lie in the book.

    Raises:
        ExtractionError: when it leads out.
    """
    name = posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))
    if name.startswith(("../", "/")) or name == ".." or ":" in name.split("/")[0]:
        raise ExtractionError(
            f"it names a file outside of itself ({href[:80]!r})", "do not trust it"
        )
    return name


def has(archive: zipfile.ZipFile, name: str) -> bool:
    """Return whether an archive holds a part of that name."""
    return name in archive.NameToInfo


def check_parts(archive: zipfile.ZipFile, pattern: re.Pattern[str]) -> None:
    """Refuse an archive with a part that is too large to be read.

    Raises:
        ExtractionError: when a part whose name matches is too large.
    """
    for entry in archive.infolist():
        if pattern.match(entry.filename) and entry.file_size > _MAX_PART:
            raise _too_large(entry)


def _too_large(entry: zipfile.ZipInfo) -> ExtractionError:
    return ExtractionError(
        f"its part {entry.filename[:80]} has {entry.file_size / 2**20:,.0f} MB, "
        f"more than {_MAX_PART // 2**20} MB",
        "split it",
    )


def bytes_of(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a part of an archive.

    Raises:
        ExtractionError: when it is missing, too large or damaged.
    """
    try:
        entry = archive.getinfo(name)
    except KeyError as error:
        raise ExtractionError(f"it is damaged: {name[:80]} is missing", DAMAGED) from error
    if entry.file_size > _MAX_PART:
        raise _too_large(entry)
    import zlib

    try:
        return archive.read(entry)
    # A damaged directory sends zipfile to places before the file's beginning: a ValueError.
    except (zlib.error, OSError, ValueError) as error:
        raise ExtractionError(f"it is damaged: {name[:80]} cannot be unpacked", DAMAGED) from error


def text_of(archive: zipfile.ZipFile, name: str) -> str:
    """Return a part in UTF-8 as text; raises as ``bytes_of``."""
    return bytes_of(archive, name).decode("utf-8", "replace")


def tree_of(archive: zipfile.ZipFile, name: str) -> _Element:
    """Return a part as a tree, mended where it is not quite XML.

    Raises:
        ExtractionError: when it is missing, too large, damaged or no XML at all.
    """
    from lxml import etree

    # No entities, no network: such files need neither, and bombs are made of them.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        tree = etree.fromstring(bytes_of(archive, name), parser)
    except etree.XMLSyntaxError:  # nothing in it could be mended
        tree = None
    if tree is None:
        raise ExtractionError(f"it is damaged: {name[:80]} is no XML", DAMAGED)
    return tree


def targets_of(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Return the parts that a part of an Office document names, by the ids it names them by."""
    folder, name = posixpath.split(part)
    relations = f"{folder}/_rels/{name}.rels"
    if not has(archive, relations):
        return {}
    return {
        str(e.get("Id")): str(e.get("Target", "")).lstrip("/")
        if str(e.get("Target", "")).startswith("/")
        else inside(str(e.get("Target", "")), folder)
        for e in tree_of(archive, relations).iter("{*}Relationship")
        if e.get("TargetMode") != "External"
    }


def said(tree: _Element | None, name: str) -> str:
    """Return the first element of that name as text, whatever its name space."""
    found = next(tree.iter(f"{{*}}{name}"), None) if tree is not None else None
    return cleaned(found.text or "") if found is not None else ""
