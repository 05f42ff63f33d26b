"""DOCX and EPUB files -> drafts. Both are ZIP archives; nothing of them is written to the disk."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import unquote

from sourcebot.adding.blocks import Block, Kind, cleaned, tidied, to_markdown
from sourcebot.adding.markup import blocks_of
from sourcebot.adding.model import Draft
from sourcebot.errors import ExtractionError
from sourcebot.text.dates import parse_date

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml.etree import _Element

MAX_UNPACKED = 400 * 1024 * 1024
_WORD_PARTS = re.compile(r"word/.*\.xml$")
_MAX_PART = 64 * 1024 * 1024
_MAX_ENTRIES = 20_000
_DAMAGED = "get the file anew"
_CONTAINER = "META-INF/container.xml"
_RIGHTS = "META-INF/encryption.xml"


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
        raise ExtractionError(f"it is damaged: {cleaned(str(error)).lower()}", _DAMAGED) from error


def read_docx(source: Path | bytes, name: str) -> Draft:
    """Return the text of a Word document; ``name`` is the title of one that has none.

    Raises:
        ExtractionError: when it is protected, damaged or holds no text.
    """
    # Imported here: only those who add Word documents need it.
    import mammoth
    from lxml import html

    with opened(source) as archive:
        _check_parts(archive, _WORD_PARTS)
        core = _tree(archive, "docProps/core.xml") if _has(archive, "docProps/core.xml") else None
    stream = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    with stream:
        try:
            markup = mammoth.convert_to_html(
                stream,
                convert_image=mammoth.images.img_element(lambda _: {}),
                external_file_access=False,
            ).value
        except Exception as error:
            raise ExtractionError(
                f"it is damaged or no Word document: {cleaned(str(error))[:120]}", _DAMAGED
            ) from error
    blocks = blocks_of(html.fromstring(f"<div>{markup}</div>"))
    title = _said(core, "title") or _first_heading(blocks) or name
    return Draft(
        title=title,
        body=to_markdown(tidied(blocks, title)),
        suffix=".docx",
        author=_said(core, "creator"),
        published=parse_date(_said(core, "created")) if _said(core, "created") else None,
        language=_said(core, "language")[:2].lower(),
    )


def read_epub(source: Path | bytes, name: str) -> Draft:
    """Return the text of a book in EPUB; ``name`` is the title of one that has none.

    Raises:
        ExtractionError: when it is protected, damaged or holds no text.
    """
    from lxml import html

    with opened(source) as archive:
        if _has(archive, _RIGHTS) and "EncryptedData" in _text(archive, _RIGHTS):
            kinds = re.findall(r'Algorithm="([^"]*)"', _text(archive, _RIGHTS))
            if not all(
                "obfuscation" in kind.lower() or "mangling" in kind.lower() for kind in kinds
            ):
                raise ExtractionError("it is protected by rights management (DRM)", "")
        container = _tree(archive, _CONTAINER)
        place = next((str(e.get("full-path")) for e in container.iter("{*}rootfile")), "")
        package = _tree(archive, _inside(place, ""))
        names = {
            str(item.get("id")): str(item.get("href"))
            for item in package.iter("{*}item")
            if "html" in str(item.get("media-type"))
            and "nav" not in str(item.get("properties", "")).split()
        }
        spine = [names.get(str(ref.get("idref")), "") for ref in package.iter("{*}itemref")]
        blocks: list[Block] = []
        for href in filter(None, spine):
            chapter = html.fromstring(
                _bytes(archive, _inside(href, posixpath.dirname(place))) or b"<html/>",
                parser=html.HTMLParser(encoding="utf-8"),
            )
            body = chapter.find(".//body")
            blocks += blocks_of(chapter if body is None else body)
    title = _said(package, "title") or _first_heading(tuple(blocks)) or name
    date = _said(package, "date")
    return Draft(
        title=title,
        body=to_markdown(tidied(blocks, title)),
        suffix=".epub",
        publisher=_said(package, "publisher"),
        author=_said(package, "creator"),
        published=parse_date(date) if date else None,
        language=_said(package, "language")[:2].lower(),
    )


def _inside(href: str, folder: str) -> str:
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


def _has(archive: zipfile.ZipFile, name: str) -> bool:
    return name in archive.NameToInfo


def _check_parts(archive: zipfile.ZipFile, pattern: re.Pattern[str]) -> None:
    for entry in archive.infolist():
        if pattern.match(entry.filename) and entry.file_size > _MAX_PART:
            raise _too_large(entry)


def _too_large(entry: zipfile.ZipInfo) -> ExtractionError:
    return ExtractionError(
        f"its part {entry.filename[:80]} has {entry.file_size / 2**20:,.0f} MB, "
        f"more than {_MAX_PART // 2**20} MB",
        "split it",
    )


def _bytes(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        entry = archive.getinfo(name)
    except KeyError as error:
        raise ExtractionError(f"it is damaged: {name[:80]} is missing", _DAMAGED) from error
    if entry.file_size > _MAX_PART:
        raise _too_large(entry)
    import zlib

    try:
        return archive.read(entry)
    except (zlib.error, OSError) as error:
        raise ExtractionError(f"it is damaged: {name[:80]} cannot be unpacked", _DAMAGED) from error


def _text(archive: zipfile.ZipFile, name: str) -> str:
    return _bytes(archive, name).decode("utf-8", "replace")


def _tree(archive: zipfile.ZipFile, name: str) -> _Element:
    from lxml import etree

    # No entities, no network: such files need neither, and bombs are made of them.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    tree = etree.fromstring(_bytes(archive, name), parser)
    if tree is None:
        raise ExtractionError(f"it is damaged: {name[:80]} is no XML", _DAMAGED)
    return tree


def _said(tree: _Element | None, name: str) -> str:
    """Return the first element of that name as text, whatever its name space."""
    found = next(tree.iter(f"{{*}}{name}"), None) if tree is not None else None
    return cleaned(found.text or "") if found is not None else ""


def _first_heading(blocks: tuple[Block, ...]) -> str:
    return next((cleaned(b.text) for b in blocks if b.kind is Kind.HEADING), "")[:200]
