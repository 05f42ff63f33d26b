"""Word documents -> drafts. What is printed of one is read: no deleted and no hidden words."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from typing import TYPE_CHECKING

from sourcebot.adding.blocks import cleaned, first_heading, tidied, to_markdown
from sourcebot.adding.markup import blocks_of
from sourcebot.adding.model import Draft
from sourcebot.adding.printed import as_printed
from sourcebot.adding.stated import believed_author, believed_title
from sourcebot.adding.styles import inherited
from sourcebot.adding.zipped import (
    DAMAGED,
    bytes_of,
    check_parts,
    has,
    opened,
    said,
    tree_of,
)
from sourcebot.errors import ExtractionError
from sourcebot.text.display import counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml.etree import _Element

_PARTS = re.compile(r"word/.*\.xml$")
_TEXTS = re.compile(r"word/(?:document\d*|footnotes|endnotes)\.xml$")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_HOLDERS = ("fldSimple", "bdo", "dir", "customXml")
_DELETED = tuple(f"{_W}{name}" for name in ("del", "moveFrom", "delText", "delInstrText"))
_COMMENTS = "word/comments.xml"
_OFF = {"0", "false", "off", "none"}
_SHOWN = 60
_NOTE_LINK = re.compile(r"#(?:foot|end)note-")


def read_docx(source: Path | bytes, name: str) -> Draft:
    """Return the text of a Word document; ``name`` is the title of one that has none.

    Raises:
        ExtractionError: when it is protected, damaged or holds no text.
    """
    # Imported here: only those who add Word documents need it.
    import mammoth
    from lxml import html

    with opened(source) as archive:
        check_parts(archive, _PARTS)
        core = tree_of(archive, "docProps/core.xml") if has(archive, "docProps/core.xml") else None
        printed, notes = _printed(archive)
    try:
        markup = mammoth.convert_to_html(
            printed,
            convert_image=mammoth.images.img_element(lambda _: {}),
            external_file_access=False,
        ).value
    except Exception as error:
        raise ExtractionError(
            f"it is damaged or no Word document: {cleaned(str(error))[:120]}", DAMAGED
        ) from error
    tree = html.fromstring(f"<div>{markup}</div>")
    for link in list(tree.iter("a")):
        # mammoth writes "[1]" at a footnote's place and an arrow back: nobody has printed them.
        if _NOTE_LINK.match(str(link.get("href"))):
            link.drop_tree()
    as_printed(tree)
    blocks = blocks_of(tree)
    title = believed_title(said(core, "title")) or first_heading(blocks) or name
    return Draft(
        title=title,
        body=to_markdown(tidied(blocks, title)),
        suffix=".docx",
        author=believed_author(said(core, "creator")),
        language=said(core, "language")[:2].lower(),
        notes=notes,
    )


def _printed(archive: zipfile.ZipFile) -> tuple[io.BytesIO, tuple[str, ...]]:
    """Return a document with what is printed of it only, and remarks on what is left out."""
    from lxml import etree

    hidden_styles, struck_styles = _styles(archive)
    left_out: dict[str, list[str]] = {"hidden": [], "struck-through": []}
    counts: Counter[str] = Counter()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as copy:
        for entry in archive.infolist():
            # Pictures are not read, and are most of a document.
            if entry.filename.startswith("word/media/"):
                continue
            if not _TEXTS.fullmatch(entry.filename):
                copy.writestr(entry.filename, bytes_of(archive, entry.filename))
                continue
            tree = tree_of(archive, entry.filename)
            counts["changes"] += _accept(tree)
            _plain_hyphens(tree)
            _plain_marks(tree, _links_of(archive, entry.filename))
            counts["formulas"] += sum(1 for _ in tree.iter(f"{_M}oMath"))
            for kind, text in _unprinted(tree, hidden_styles, struck_styles):
                left_out[kind].append(text)
            copy.writestr(entry.filename, etree.tostring(tree))
    stream.seek(0)
    notes = [
        f"{kind} text is left out ({_words_in(texts)}): “{_beginning(texts)}”"
        for kind, texts in left_out.items()
        if "".join(texts).strip()
    ]
    if counts["changes"]:
        notes.append("it holds tracked changes: it is read as if all of them were accepted")
    if has(archive, _COMMENTS):
        counts["comments"] = sum(1 for _ in tree_of(archive, _COMMENTS).iter(f"{_W}comment"))
    if counts["comments"]:
        notes.append(f"{counted(counts['comments'], 'comment')} left out")
    if counts["formulas"]:
        notes.append(f"{counted(counts['formulas'], 'formula')} left out")
    return stream, tuple(notes)


def _words_in(texts: list[str]) -> str:
    return counted(len(" ".join(texts).split()), "word")


def _beginning(texts: list[str]) -> str:
    words = cleaned(" … ".join(filter(str.strip, texts)))
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN].rstrip()}…"


def _styles(archive: zipfile.ZipFile) -> tuple[set[str], set[str]]:
    """Return the styles whose text is hidden, and those whose text is struck through."""
    if not has(archive, "word/styles.xml"):
        return set(), set()
    hides: dict[str, bool] = {}
    strikes: dict[str, bool] = {}
    based: dict[str, str] = {}
    for style in tree_of(archive, "word/styles.xml").iter(f"{_W}style"):
        name = str(style.get(f"{_W}styleId"))
        basis = style.find(f"{_W}basedOn")
        based[name] = str(basis.get(f"{_W}val")) if basis is not None else ""
        properties = style.find(f"{_W}rPr")
        if _has(properties, "vanish"):
            hides[name] = _is_on(properties, "vanish")
        if _has(properties, "strike") or _has(properties, "dstrike"):
            strikes[name] = _is_on(properties, "strike") or _is_on(properties, "dstrike")
    return (
        {name for name in based if inherited(name, hides, based, default=False)},
        {name for name in based if inherited(name, strikes, based, default=False)},
    )


def _has(properties: _Element | None, name: str) -> bool:
    return properties is not None and properties.find(f"{_W}{name}") is not None


def _is_on(properties: _Element | None, name: str) -> bool:
    found = properties.find(f"{_W}{name}") if properties is not None else None
    return found is not None and str(found.get(f"{_W}val", "1")).lower() not in _OFF


def _accept(tree: _Element) -> int:
    """Accept the changes in a part, and return how many there were."""
    count = sum(1 for _ in tree.iter(f"{_W}ins", f"{_W}del", f"{_W}moveFrom", f"{_W}moveTo"))
    for paragraph in list(tree.iter(f"{_W}p")):
        following = paragraph.getnext()
        # The end of a paragraph can be deleted: the next one goes on in it.
        mark = paragraph.find(f"{_W}pPr/{_W}rPr/{_W}del")
        if mark is not None and following is not None and following.tag == f"{_W}p":
            first = following.find(f"{_W}pPr")
            place = 0 if first is None else 1
            for child in reversed(list(paragraph)):
                if child.tag != f"{_W}pPr":
                    following.insert(place, child)
            paragraph.getparent().remove(paragraph)
    for element in list(tree.iter(*_DELETED)):
        if (parent := element.getparent()) is not None and not _is_property(parent):
            parent.remove(element)
    return count


def _is_property(element: _Element) -> bool:
    return str(element.tag).endswith("Pr")


def _plain_hyphens(tree: _Element) -> None:
    """Write hyphens that must not end a line as hyphens, and take out those that only may."""
    for element in list(tree.iter(f"{_W}noBreakHyphen", f"{_W}softHyphen")):
        if element.tag == f"{_W}noBreakHyphen":
            element.tag = f"{_W}t"
            element.text = "-"
        else:
            element.getparent().remove(element)


def _plain_marks(tree: _Element, linked: set[str]) -> None:
    """Put what mammoth does not read in plain marks: fields, directions, breaks, broken links.

    ``linked`` are the identifiers of the links that the part has.
    """
    for holder in list(tree.iter(*(f"{_W}{name}" for name in _HOLDERS))):
        for child in list(holder):
            if not _is_property(child):
                holder.addprevious(child)
        holder.getparent().remove(holder)
    for name, plain in (("cr", "br"), ("ptab", "tab")):
        for element in tree.iter(f"{_W}{name}"):
            element.tag = f"{_W}{plain}"
            element.attrib.clear()
    for link in tree.iter(f"{_W}hyperlink"):
        if link.get(f"{_R}id") not in linked:
            link.attrib.pop(f"{_R}id", None)


def _links_of(archive: zipfile.ZipFile, part: str) -> set[str]:
    """Return the identifiers of what a part links to."""
    folder, _, name = part.rpartition("/")
    listed = f"{folder}/_rels/{name}.rels"
    if not has(archive, listed):
        return set()
    return {str(item.get("Id")) for item in tree_of(archive, listed)}


def _unprinted(tree: _Element, hidden: set[str], struck: set[str]) -> Iterator[tuple[str, str]]:
    """Take out the runs that are not printed as valid text, and yield why and what they say."""
    for run in list(tree.iter(f"{_W}r")):
        properties = run.find(f"{_W}rPr")
        paragraph = next(run.iterancestors(f"{_W}p"), None)
        named = [*properties.iter(f"{_W}rStyle")] if properties is not None else []
        named += [*paragraph.iterfind(f"{_W}pPr/{_W}pStyle")] if paragraph is not None else []
        styles = {str(style.get(f"{_W}val")) for style in named}
        hides = _is_on(properties, "vanish") if _has(properties, "vanish") else styles & hidden
        strikes = _is_on(properties, "strike") or _is_on(properties, "dstrike")
        if not (_has(properties, "strike") or _has(properties, "dstrike")):
            strikes = bool(styles & struck)
        kind = "hidden" if hides else "struck-through" if strikes else ""
        if kind:
            yield kind, "".join(str(text.text or "") for text in run.iter(f"{_W}t"))
            run.getparent().remove(run)
