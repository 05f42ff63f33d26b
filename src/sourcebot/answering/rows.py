"""Rows of a table: the question's own, without their neighbours.

Rows of one table read alike, and the readers tell "Day · £6" from "Week · £21" less surely than the
words do: where a question names rows by their first cell, or asks for the highest figure of a
column, the other rows answer other questions.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sourcebot.text.numbers_in import numbers_in
from sourcebot.text.tables import cells_in
from sourcebot.text.terms import terms_of

if TYPE_CHECKING:
    from decimal import Decimal

    from sourcebot.types import Candidate, Paragraph, Span

_RELATES = re.compile(
    r"\b(?:than|after|before|besides?|except|other|next|following|between)\b", re.IGNORECASE
)
"""Words with which a row may be named and another be the answer: "what comes after Harle?"."""

_SEEKS_NAME = re.compile(r"\s*(?:who|whom|which|what)\b", re.IGNORECASE)
"""Questions whose answer may be the name of a row itself; they name rows by figures only."""

_SUPERLATIVE = re.compile(
    r"\b(?:(?P<most>most|highest|largest|biggest|longest|greatest|strongest)"
    r"|fewest|least|lowest|smallest|shortest) (?P<figure>[\w’'-]+)",
    re.IGNORECASE,
)


def own_rows(question: str, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Return the candidates without rows beside one that the question names or singles out.

    All stay where the question relates rows to each other, or tells none from the others.
    """
    if _RELATES.search(question):
        return candidates
    rows = {number for number, c in enumerate(candidates) if c.evidence.paragraph.table}
    own = _named(question, candidates, rows)
    own |= {
        number
        for number in rows
        if _is_extreme(question, candidates[number].evidence.paragraph, candidates[number].span)
    }
    tables = {_table(candidates[number]) for number in own}
    return tuple(
        c for n, c in enumerate(candidates) if n in own or n not in rows or _table(c) not in tables
    )


def _named(question: str, candidates: tuple[Candidate, ...], rows: set[int]) -> set[int]:
    """Return those of the rows whose first cell stands in the question."""
    asked = set(terms_of(question))
    keys = {n: key_of(candidates[n].evidence.paragraph, candidates[n].span) for n in rows}
    if _SEEKS_NAME.match(question):
        keys = {n: key for n, key in keys.items() if any(term.isdigit() for term in key)}
    return {number for number, key in keys.items() if key and key <= asked}


def key_of(paragraph: Paragraph, row: Span, language: str = "") -> frozenset[str]:
    """Return the terms of a row's first cell, which names it."""
    cells = _cells(paragraph, row)
    return frozenset(terms_of(cells[0], language)) if cells else frozenset()


def _is_extreme(question: str, paragraph: Paragraph, row: Span) -> bool:
    """Return whether a row has the highest or lowest figure of its column, if that is asked for."""
    found = _SUPERLATIVE.search(question)
    header = paragraph.table.header if paragraph.table else ()
    figure = set(terms_of(found["figure"])) if found else set()
    columns = [n for n, cell in enumerate(header) if figure & set(terms_of(cell.text))]
    if not found or len(columns) != 1:
        return False
    figures = {span: _figure(paragraph, span, columns[0]) for span in paragraph.sentences}
    known = [value for value in figures.values() if value is not None]
    if len(known) < len(figures) or row not in figures:
        return False
    return figures[row] == (max(known) if found["most"] else min(known))


def _figure(paragraph: Paragraph, row: Span, column: int) -> Decimal | None:
    """Return the one number of a cell; None when there is not exactly one."""
    cells = _cells(paragraph, row)
    cell = cells[column] if column < len(cells) else ""
    values = [found.number for found in numbers_in(cell)]
    return values[0] if len(values) == 1 else None


def _cells(paragraph: Paragraph, row: Span) -> list[str]:
    divider = paragraph.table.divider if paragraph.table else "|"
    return [c.text for c in cells_in(paragraph.sentence_text(row), row.start, divider)]


def _table(candidate: Candidate) -> tuple[str, int]:
    """Return what rows of one table share: the article, and where its header stands."""
    paragraph = candidate.evidence.paragraph
    header = paragraph.table.header if paragraph.table else ()
    return paragraph.article, header[0].span.start if header else paragraph.span.start
