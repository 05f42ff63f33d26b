"""HTML pages -> drafts. trafilatura finds the article; what it keeps too much of is cut here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sourcebot.adding.blocks import Block, Kind, cleaned, first_heading, tidied, to_markdown
from sourcebot.adding.model import Draft
from sourcebot.adding.page_calls import without_calls
from sourcebot.adding.page_data import PageData, page_data
from sourcebot.adding.page_doubts import doubts
from sourcebot.adding.page_folds import unfold, with_templates
from sourcebot.adding.page_furniture import drop_notices, part_captions, without_false_names
from sourcebot.adding.page_lines import without_lines
from sourcebot.adding.page_names import without_heading_names
from sourcebot.adding.page_parts import Selection, select
from sourcebot.adding.page_paywall import without_wall
from sourcebot.adding.printed import as_printed
from sourcebot.adding.stated import believed_title
from sourcebot.articles.decoding import Decoded, decoded
from sourcebot.errors import ExtractionError
from sourcebot.text.dates import date_in, only_date, parse_date
from sourcebot.text.display import counted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement
    from trafilatura.settings import Document

MAX_HTML = 16 * 1024 * 1024
"""Larger pages are no articles; parsing one takes about twenty times its size in memory."""

_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]{1,40})", re.IGNORECASE)
_LONGEST_DATELINE = 80
"""Longer lines are prose, which may tell of other days."""

_LONGEST_ENTRY = 20
"""Paragraphs of more words below a heading such as "Sources" are prose."""

_BYLINE = re.compile(
    r"(?:by|von|par|por|di|door|af|av|words|written by|text|story|photos?)[\s:]\s*\S.{0,100}",
    re.IGNORECASE,
)
_HALF = 0.5
_MORE = 1.5
"""A text in JSON-LD that is longer by this factor than what the page shows is taken instead."""

_FEW_WORDS = 8
_NO_AUTHOR = re.compile(
    r"(?:array|object)\b.*|https?:.*|(?:site)?admin(?:istrator)?|author|webmaster|editor|root|user\d*"
    r"|test|null|none|undefined|unknown|n/?a|.*[{}<>].*",
    re.IGNORECASE,
)
"""What content systems put where nobody has stated an author."""

_ENDS = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_AFTER_NAME = re.compile(
    r"(?<!\s)\s*(?:[|·•,]|\b(?:published|updated|posted|on \d)).*$", re.IGNORECASE
)
_REFERENCE_HEADINGS = re.compile(
    r"(?:references|notes|footnotes|sources|external links|further reading|see also|bibliography"
    r"|einzelnachweise|weblinks|literatur)$",
    re.IGNORECASE,
)


def read_page(data: bytes, charset: str, url: str, name: str = "") -> Draft:
    """Return the article of an HTML page; ``charset`` as the site gave it, or "".

    ``name`` is the title of a page that has none, or only that of a template.

    Raises:
        ExtractionError: when the page is too large or holds no article.
    """
    # Imported here: it takes a second to load.
    import trafilatura

    if len(data) > MAX_HTML:
        raise ExtractionError(
            f"{len(data) / 2**20:,.0f} MB of HTML, more than {MAX_HTML // 2**20} MB",
            "save the article alone, or print the page to PDF",
        )
    found_text = _decoded(data, charset)
    tree = trafilatura.load_html(found_text.text)
    if tree is None:
        raise ExtractionError("it holds no HTML that can be read")
    language = str(tree.get("lang") or tree.get("xml:lang") or "")[:2].lower()
    said = page_data(tree)
    with_templates(tree)
    without_heading_names(tree)
    unfold(tree)
    dropped = drop_notices(tree)
    struck = as_printed(tree)
    part_captions(tree)
    without_false_names(tree)
    found = _article(tree, url, fast=True)
    strict = _article(tree, url, fast=True, favor_precision=True)
    wide = _article(tree, url, fast=False)
    selection = select(tree, strict.body if strict else None, [d.body for d in (found, wide) if d])
    found = found or wide or _described(tree, url)
    blocks, kept, notes = _text_of(selection, said)
    notes += (*found_text.notes, *struck)
    if found is None or not blocks:
        raise ExtractionError(
            "no article was found on the page",
            "it may be made by JavaScript or need a login: save it from a browser, or as PDF",
        )
    if blocks == [part.block for part in selection.parts]:
        notes += doubts(tree, selection.parts, found.title or "")
    wall = without_wall(tree, blocks, known=said.free is False or dropped.paywall)
    blocks = wall.blocks
    notes += filter(None, [wall.note])
    if dropped.hidden >= _FEW_WORDS:
        notes.append(f"{counted(dropped.hidden, 'word')} that the page hides were left out")
    if formulas := len(tree.xpath("//math[not(ancestor::math)] | //mjx-container")):
        notes.append(f"{counted(formulas, 'formula')} left out")
    title = (
        believed_title(found.title)
        or believed_title(next((h.text_content() for h in tree.iter("h1")), ""))
        or believed_title(first_heading(blocks))
        or believed_title(name)
        or "Untitled page"
    )
    author = _author(cleaned(found.author or ""))
    below = list(_without_header(blocks, title, author))
    called = without_calls(below)
    if len(called) < len(below):
        calls = counted(len(below) - len(called), "call")
        notes.append(f"{calls} to subscribe or follow below the article left out")
    lined, left_out = without_lines(called)
    notes += left_out
    body, entries = _without_ends(lined)
    if entries:
        notes.append(
            f"{counted(entries, 'entry', 'entries')} of references at the end were left out"
        )
    return Draft(
        title=title,
        body=to_markdown(tidied(body, title)),
        suffix=".html",
        publisher=cleaned(found.sitename or ""),
        author=author,
        published=parse_date(found.date) if found.date else _dateline(tree),
        url=found.url or url,
        language=language if language.isalpha() else "",
        notes=tuple(notes),
        kept=kept,
    )


def _text_of(selection: Selection, said: PageData) -> tuple[list[Block], float, list[str]]:
    """Return an article's blocks, the share of the page's prose in them, and remarks."""
    if said.words > _MORE * selection.kept:
        return list(said.blocks), 1.0, ["the text is the one that the page states for machines"]
    kept = min(1.0, selection.kept / selection.seen) if selection.seen else 0.0
    notes = []
    if kept < _HALF:
        notes.append(f"only {kept:.0%} of the page's text was taken for its article")
    return [part.block for part in selection.parts], kept, notes


def _decoded(data: bytes, charset: str) -> Decoded:
    """Return the page's text: by the site's word, the page's own, or what the bytes look like."""
    found = (pattern.search(data[:4096]) for pattern in (_DECLARED, _XML_ENCODING))
    labels = [charset, *(match[1].decode("ascii", "ignore") for match in found if match)]
    try:
        return decoded(data, labels)
    except ValueError as error:
        raise ExtractionError(str(error)) from error


def _article(
    tree: HtmlElement, url: str, *, fast: bool, favor_precision: bool = False
) -> Document | None:
    import copy

    import trafilatura

    found = trafilatura.bare_extraction(
        copy.deepcopy(tree),
        url=url or None,
        fast=fast,
        favor_precision=favor_precision,
        include_comments=False,
        include_tables=True,
        with_metadata=True,
        # Else any day that the article tells of is taken for the day of its publication.
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if found is None or isinstance(found, dict) or found.body is None:
        return None
    return found if "".join(found.body.itertext()).strip() else None


def _described(tree: HtmlElement, url: str) -> Document | None:
    """Return what a page without a text to be found says of itself."""
    from trafilatura.metadata import extract_metadata

    return extract_metadata(
        tree,
        default_url=url or None,
        date_config={"original_date": True, "extensive_search": False},
    )


def _author(stated: str) -> str:
    """Return the author of a page, "" for what templates put there."""
    name = _AFTER_NAME.sub("", stated.replace("; ", ", "))
    return "" if _NO_AUTHOR.fullmatch(name) else name


def _dateline(tree: HtmlElement) -> dt.date | None:
    """Return the day in a short line between the heading and the prose, or None."""
    heading = next(tree.iter("h1"), None)
    if heading is None:
        return None
    for element in heading.xpath("following::*[not(self::script or self::style)]"):
        for line in (element.text, element.tail):
            words = cleaned(line or "")
            if len(words) > _LONGEST_DATELINE:
                return None
            if (found := date_in(words)) and not _ENDS.search(words):
                return found
    return None


def _without_header(blocks: Sequence[Block], title: str, author: str) -> Iterator[Block]:
    """Yield blocks without the lines of title, authors and dates at the top."""
    top = True
    for block in blocks:
        if top and (_is_header(cleaned(block.text), title, author) or _is_title(block, title)):
            continue
        top = top and block.kind is Kind.HEADING
        yield block


def _is_title(block: Block, title: str) -> bool:
    """Return whether a block is the page's heading, which says its title in other words."""
    if block.kind is not Kind.HEADING or block.level > 1:
        return False
    words, known = set(block.text.casefold().split()), set(title.casefold().split())
    return 2 * len(words & known) > len(words)


def _without_ends(blocks: Sequence[Block]) -> tuple[list[Block], int]:
    """Return blocks without the references that end the article, and how many entries those are.

    A heading such as "Notes" ends an article only when all below it are entries of a list or short.
    """
    for place, block in enumerate(blocks):
        if block.kind is Kind.HEADING and _REFERENCE_HEADINGS.fullmatch(cleaned(block.text)):
            below = blocks[place + 1 :]
            prose = any(
                b.kind not in {Kind.ITEM, Kind.HEADING} and len(b.text.split()) > _LONGEST_ENTRY
                for b in below
            )
            if not prose and all(
                b.kind is not Kind.HEADING or _REFERENCE_HEADINGS.fullmatch(cleaned(b.text))
                for b in below
            ):
                return list(blocks[:place]), len([b for b in below if b.kind is not Kind.HEADING])
    return list(blocks), 0


def _is_header(words: str, title: str, author: str) -> bool:
    if len(words) > 120 or _ENDS.search(words):
        return False
    return (
        words == title
        or bool(author and author in words)
        or bool(_BYLINE.fullmatch(words))
        or any(only_date(part) for part in re.split(r"\s[|·•–-]\s|,\s(?=\d)", words))
    )
