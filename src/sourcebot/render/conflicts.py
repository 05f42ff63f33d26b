"""Values that sources give and that differ -> words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcebot.render.wording import attribution
from sourcebot.text.display import one_line
from sourcebot.types import Relation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.types import Conflict, Quote

RELATIONS = {
    Relation.CONTRADICTION: "The sources differ:",
    Relation.LATER: "The sources give values of different days:",
    Relation.OTHER_SUBJECT: "The sources differ, perhaps because they speak of different things:",
}


def conflict_lines(conflict: Conflict) -> tuple[str, ...]:
    """Return what the values are to each other, then a line for each with who says it."""
    lines = [RELATIONS[conflict.relation]]
    for group in conflict.groups:
        sources = "; ".join(_who(quote) for quote in group.quotes)
        lines.append(f"“{one_line(group.value)}” — {sources}")
    return tuple(lines)


def later_lines(quotes: Sequence[Quote]) -> tuple[str, ...]:
    """Return a line for each quote of a later article than the day as of which is asked."""
    return tuple(f"later: “{one_line(quote.text)}” — {_who(quote)}" for quote in quotes)


def _who(quote: Quote) -> str:
    return attribution(quote.source, paragraph=False)
