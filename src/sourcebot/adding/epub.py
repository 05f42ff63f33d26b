"""Books in EPUB -> drafts."""

from __future__ import annotations

import html.entities
import posixpath
import re
from typing import TYPE_CHECKING

from sourcebot.adding.blocks import Block, first_heading, tidied, to_markdown
from sourcebot.adding.markup import blocks_of
from sourcebot.adding.model import Draft
from sourcebot.adding.printed import as_printed
from sourcebot.adding.stated import believed_author, believed_title
from sourcebot.adding.zipped import (
    DAMAGED,
    bytes_of,
    has,
    inside,
    opened,
    said,
    text_of,
    tree_of,
)
from sourcebot.articles.decoding import decoded
from sourcebot.errors import ExtractionError
from sourcebot.text.dates import parse_date

if TYPE_CHECKING:
    import zipfile
    from pathlib import Path

    from lxml.etree import _Element

_CONTAINER = "META-INF/container.xml"
_RIGHTS = "META-INF/encryption.xml"
_NO_CHAPTER = re.compile(r"image/(?!svg)|font|css|javascript|audio|video|ncx", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_PROLOGUE = re.compile(r"^\s*<\?xml[^>]*\?>|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(\w{2,31});")
_KEPT_ENTITIES = {"amp", "lt", "gt", "quot", "apos"}
_EMPTY = re.compile(
    r"<(a|b|div|em|h[1-6]|i|iframe|li|p|script|span|strong|style|td|textarea|title|tr)(\s[^<>]*)?/>"
)
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


def read_epub(source: Path | bytes, name: str) -> Draft:
    """Return the text of a book in EPUB; ``name`` is the title of one that has none.

    Raises:
        ExtractionError: when it is protected, damaged or holds no text.
    """
    with opened(source) as archive:
        _check_rights(archive)
        container = tree_of(archive, _CONTAINER)
        place = next((str(e.get("full-path")) for e in container.iter("{*}rootfile")), "")
        package = tree_of(archive, inside(place, ""))
        chapters = _chapters(package, posixpath.dirname(place))
        blocks: list[Block] = []
        missing: list[str] = []
        notes: list[str] = []
        for part in chapters:
            if not (found := _found(archive, part)):
                missing.append(posixpath.basename(part))
                continue
            try:
                blocks += _blocks(bytes_of(archive, found), notes)
            except ExtractionError:
                missing.append(posixpath.basename(part))
    if chapters and len(missing) == len(chapters):
        raise ExtractionError(f"it is damaged: {chapters[0][:80]} is missing", DAMAGED)
    if missing:
        notes.append(
            f"{len(missing)} of its {len(chapters)} chapters cannot be read"
            f" ({', '.join(missing[:5])}): {DAMAGED}"
        )
    title = believed_title(said(package, "title")) or first_heading(blocks) or name
    date = said(package, "date")
    return Draft(
        title=title,
        body=to_markdown(tidied(blocks, title)),
        suffix=".epub",
        publisher=said(package, "publisher"),
        author=believed_author(said(package, "creator")),
        published=parse_date(date) if date else None,
        language=said(package, "language")[:2].lower(),
        notes=tuple(dict.fromkeys(notes)),
    )


def _check_rights(archive: zipfile.ZipFile) -> None:
    """Refuse a book whose chapters are encrypted; encrypted fonts do not matter."""
    if has(archive, _RIGHTS) and "EncryptedData" in text_of(archive, _RIGHTS):
        kinds = re.findall(r'Algorithm="([^"]*)"', text_of(archive, _RIGHTS))
        if not all("obfuscation" in kind.lower() or "mangling" in kind.lower() for kind in kinds):
            raise ExtractionError("it is protected by rights management (DRM)", "")


def _chapters(package: _Element, folder: str) -> list[str]:
    """Return the parts that hold text, in reading order."""
    items = {
        str(item.get("id")): str(item.get("href"))
        for item in package.iter("{*}item")
        if not _NO_CHAPTER.search(str(item.get("media-type")))
        and "nav" not in str(item.get("properties", "")).split()
    }
    spine = [items.get(str(ref.get("idref")), "") for ref in package.iter("{*}itemref")]
    return [inside(href, folder) for href in spine if href]


def _found(archive: zipfile.ZipFile, part: str) -> str:
    """Return the name by which an archive holds a part; some books mistake its letters' case."""
    if has(archive, part):
        return part
    folded = part.casefold()
    return next((name for name in archive.namelist() if name.casefold() == folded), "")


def _blocks(data: bytes, notes: list[str]) -> tuple[Block, ...]:
    """Return the blocks of a chapter; remarks on what is left out are added to ``notes``."""
    chapter = _parsed(_decoded(data, notes))
    if chapter is None:
        return ()
    body = next(chapter.iter("{*}body"), None)
    notes += as_printed(chapter)
    return blocks_of(chapter if body is None else body)


def _decoded(data: bytes, notes: list[str]) -> str:
    """Return a chapter's text: by its byte order mark, by what it declares, or by its bytes."""
    for mark, codec in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return data.decode(codec, "replace")
    declared = (pattern.search(data[:2048]) for pattern in (_DECLARED, _META))
    try:
        found = decoded(data, [match[1].decode("ascii", "ignore") for match in declared if match])
    except ValueError as error:
        raise ExtractionError(str(error)) from error
    notes += found.notes
    return found.text


def _parsed(text: str) -> _Element | None:
    """Return a chapter as a tree: as XML, which it should be, else as HTML."""
    from lxml import etree
    from lxml import html as markup

    plain = _ENTITY.sub(_character, _PROLOGUE.sub("", text.lstrip("\ufeff")))
    plain = plain.replace("\x00", "")
    if not plain.strip():
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(plain, parser)
    except (etree.XMLSyntaxError, ValueError):
        # HTML knows no elements that are empty by a slash: they would swallow what follows.
        try:
            return markup.fromstring(_EMPTY.sub(r"<\1\2></\1>", plain))
        except etree.ParserError:  # nothing is left of it
            return None


def _character(entity: re.Match[str]) -> str:
    """Return the character that HTML names so; XML knows five of the names only."""
    if entity[1] in _KEPT_ENTITIES:
        return entity[0]
    return html.entities.html5.get(f"{entity[1]};", entity[0])
