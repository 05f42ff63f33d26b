"""Pieces of pages -> blocks: sentences go on over columns, footnotes and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcebot.adding.blocks import Block, Kind, located
from sourcebot.adding.pdf.paragraphs import ENDS, LABEL, Piece, Style
from sourcebot.errors import ExtractionError
from sourcebot.text.hyphenation import joined
from sourcebot.text.sentences import split_sentences
from sourcebot.types import Span
from sourcebot.types.locators import LocatorKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_OTHER_WIDTH = 0.3
MAX_TEXT = 30_000_000
"""Most code points of one article; the index reads files up to 32 MB."""


def flowing(
    pages: Iterable[tuple[str, Sequence[Sequence[Piece]]]], style: Style
) -> Iterator[Block]:
    """Yield marks of pages and their blocks; a page is its printed number and its regions.

    A sentence that runs over to the next page stays on the page on which it begins; footnotes
    come last on theirs.
    """
    left = MAX_TEXT
    carried: Piece | None = None
    notes: list[Block] = []
    for number, regions in pages:
        pieces = _over_columns(regions, style)
        text = [piece for piece in pieces if not piece.note]
        if carried is not None:
            yield from _carried(carried, text, style)
            carried = None
        yield from notes
        yield located(LocatorKind.PAGE, number)
        notes = [piece.block for piece in pieces if piece.note]
        if text and _is_open(text[-1]):
            carried = text.pop()
        yield from (piece.block for piece in text)
        left -= sum(len(piece.block.text) for piece in pieces)
        if left < 0:
            raise ExtractionError(
                f"it holds more text than one article may ({MAX_TEXT:,} characters)", "split it"
            )
    if carried is not None:
        yield carried.block
    yield from notes


def _is_open(piece: Piece) -> bool:
    """Return whether a piece ends within a sentence."""
    return piece.block.kind in {Kind.PARAGRAPH, Kind.ITEM} and not ENDS.search(piece.block.text)


def _goes_on(piece: Piece, following: Piece) -> bool:
    """Return whether the sentence that a piece leaves open goes on in another one."""
    if not _is_open(piece) or following.block.kind is not Kind.PARAGRAPH:
        return False
    if abs(piece.size - following.size) > 0.08 * max(piece.size, following.size):
        return False
    text = following.block.text
    if text[:1].islower() or piece.block.text.endswith(("-", ",")):
        return True
    # What stands over several columns does not go on in the first of them.
    alike = abs(piece.width - following.width) <= _OTHER_WIDTH * max(piece.width, following.width)
    return piece.full and alike and not LABEL.match(text)


def _over_columns(regions: Sequence[Sequence[Piece]], style: Style) -> list[Piece]:
    """Return the pieces of a page, those joined that a new column or a footnote divides."""
    found: list[Piece] = []
    last, away = -1, False
    for region in regions:
        away = last >= 0
        for piece in region:
            if piece.note:
                found.append(piece)
                away = last >= 0
            elif away and _goes_on(found[last], piece):
                one = found[last]
                text = joined(one.block.text, piece.block.text, style.language, style.known)
                found[last] = Piece(
                    Block(one.block.kind, text), one.size, piece.full, width=piece.width
                )
                away = False
            else:
                found.append(piece)
                last, away = len(found) - 1, False
    return found


def _carried(carried: Piece, text: list[Piece], style: Style) -> Iterator[Block]:
    """Yield the sentence that a page leaves open, whole, and take its rest from the next page."""
    after = next((i for i, piece in enumerate(text) if piece.block.kind is not Kind.HEADING), None)
    if after is None or after > 0 or not _goes_on(carried, text[after]):
        yield carried.block
        return
    one = carried.block.text
    whole = joined(one, text[0].block.text, style.language, style.known)
    sentences = split_sentences(whole, Span(0, len(whole)), style.language)
    cut = next((s.end for s in sentences if s.end > len(one)), len(whole))
    yield Block(carried.block.kind, whole[:cut])
    rest = whole[cut:].strip()
    piece = text.pop(0)
    if rest:
        text.insert(0, Piece(Block(Kind.PARAGRAPH, rest), piece.size, piece.full))
