"""The kind of fact that a question asks for, and sentences that hold one."""

from __future__ import annotations

import pytest

from sourcebot.text.answer_types import holds, type_of
from sourcebot.types import AnswerType


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who is Marta Lindqvist?", AnswerType.OTHER),
        ("who was otto von kaiser", AnswerType.OTHER),
        ("Who's Ines Okoro?", AnswerType.OTHER),
        ("Who is the mayor?", AnswerType.NAME),
        ("Who is mayor of Lowmere?", AnswerType.NAME),
        ("Who closed the bridge?", AnswerType.NAME),
        ("How much is the annual pass?", AnswerType.SUM),
        ("How much does it cost?", AnswerType.SUM),
        ("How much honey was harvested?", AnswerType.NUMBER),
        ("When did it open?", AnswerType.DATE),
        ("Where do the lorries go?", AnswerType.PLACE),
        ("Why was it closed?", AnswerType.REASON),
    ],
)
def test_kinds(question: str, kind: AnswerType) -> None:
    """A question for what somebody is asks for no name; one for a price asks for a sum."""
    assert type_of(question) is kind


@pytest.mark.parametrize(
    "sentence",
    [
        "A day pass is ₹ 480.",
        "It costs 250 kr a month.",
        "Adults pay CHF 12.50.",
        "Bilet kosztuje 20 zł.",
        "The fine was ten pence a day.",
        "Children swim free.",
        "The dam cost ¥1,480 million.",
    ],
)
def test_sums_in_any_currency(sentence: str) -> None:
    """A sum of money is one in any currency."""
    assert holds(AnswerType.SUM, sentence, "How much does it cost?")
    assert not holds(AnswerType.SUM, "It has 250 seats.", "How much does it cost?")
