"""The sentences of a draft that are checked."""

from __future__ import annotations

from sourcebot.answering.claims.texts import claims_of


def test_block_quotations_are_quotations() -> None:
    """Their lines are joined without signs, and their words looked up; speakers are no words."""
    draft = (
        "The mayor wrote on Monday to the council:\n\n"
        "> The old bridge will not\n> be closed before winter. Nor will the mill be sold.\n>\n"
        "> — Ann Sorley, mayor of Fenwick\n\n"
        "> “We have built it,” she said of the bridge.\n"
    )
    assert claims_of(draft.encode(), "draft.md") == (
        "The mayor wrote on Monday to the council:",
        "“The old bridge will not be closed before winter.”",
        "“Nor will the mill be sold.”",
        "— Ann Sorley, mayor of Fenwick",
        "“We have built it,” she said of the bridge.",
    )
