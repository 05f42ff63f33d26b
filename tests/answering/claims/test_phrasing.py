"""What turns a claim around in a sentence that is like it, word by word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.answering.claims.comparing import differing, figures_stated, unnamed
from sourcebot.answering.claims.phrasing import (
    disowned,
    hedged,
    in_order,
    negated,
    opposed,
    turned,
)


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("The skipper was not drunk.", True),
        ("Nobody was hurt.", True),
        ("The road hadn’t been cleared.", True),
        ("No one said that it could not be done.", False),
        ("She not only sang, she danced.", False),
        ("The notable nocturne was noted.", False),
    ],
)
def test_negation_is_counted(text: str, *, odd: bool) -> None:
    """Two negations cancel each other; parts of words and "not only" are none."""
    assert negated(text) is odd


@pytest.mark.parametrize(
    ("claim", "sentence", "against"),
    [
        ("The mayor voted against it.", "The mayor voted in favour of it.", True),
        ("Sales rose in 2021.", "Sales rose in 2020, but sales fell in 2021.", True),
        ("Sales rose in 2021.", "Sales rose in 2021 as costs fell.", False),
        ("It is the oldest mill.", "It is the youngest mill.", True),
        ("The gate is open.", "A door was closed.", False),
    ],
)
def test_an_opposite_counts_beside_the_same_words(
    claim: str, sentence: str, *, against: bool
) -> None:
    """An opposite in a clause that has the claim's word too, or none of its words, is none."""
    assert opposed(claim, sentence) is against


def test_a_negated_opposite_says_the_same() -> None:
    """What is not closed is open."""
    assert turned("The gate is closed.", "The gate is open.")
    assert turned("The gate is closed.", "The gate is not closed.")
    assert not turned("The gate is closed.", "The gate is not open.")


@pytest.mark.parametrize(
    ("claim", "sentence", "only_told"),
    [
        ("The firm paid the minister.", "The firm denied that it paid the minister.", True),
        ("The firm denied that it paid him.", "The firm denied that it paid him.", False),
        ("Ness ignored the warnings.", "Brandis accused Ness of having ignored warnings.", True),
        ("The firm paid the minister.", "The firm paid the minister, who denied it.", False),
    ],
)
def test_what_is_only_alleged(claim: str, sentence: str, *, only_told: bool) -> None:
    """A denial or an accusation is not the fact, and a claim of the denial is one of it."""
    assert disowned(claim, sentence) is only_told


@pytest.mark.parametrize(
    ("claim", "sentence", "planned"),
    [
        ("The council closed the pool.", "The council may close the pool.", True),
        ("Members approved it.", "Members still have to approve it.", True),
        ("A shop is planned in Marl.", "A shop is planned to open in Marl.", False),
        ("The fair was in May.", "The fair was held in May.", False),
    ],
)
def test_what_is_only_planned(claim: str, sentence: str, *, planned: bool) -> None:
    """What may be is not what is; the month is no hedge."""
    assert hedged(claim, sentence) is planned


@given(st.text(max_size=60), st.text(max_size=60))
def test_words_in_order_are_a_share(one: str, other: str) -> None:
    """A text has all of its own words in their order; of others' a share."""
    assert 0 <= in_order(one, other) <= 1
    assert in_order(one, one) in {0.0, 1.0}


@pytest.mark.parametrize(
    ("claim", "text", "missing"),
    [
        ("Tim Roth acts.", "Timothy Simon Roth (born 1961) is an actor.", ()),
        ("In 2019 Ada Brandt left.", "Brandt left.", ()),
        ("In 2019 Ada Brandt left.", "Mayor Brandt left.", ()),
        ("In 2019 Ada Brandt left.", "She met Ines Okoro. Brandt left.", ()),
        ("In 2019 Ada Brandt left.", "Emil Brandt left.", ("Ada Brandt",)),
        ("In 2019 Ada Brandt left.", "Emil Brandt and Ines Okoro left.", ("Ada Brandt",)),
        ("The Lakes Cup was lost.", "He won the Winter Cup.", ("Lakes Cup",)),
    ],
)
def test_a_person_may_be_named_by_the_last_name(
    claim: str, text: str, missing: tuple[str, ...]
) -> None:
    """Not where the text has somebody else of that last name."""
    assert unnamed(claim, text) == missing


@pytest.mark.parametrize(
    ("claim", "sentence", "other"),
    [
        ("It rose to more than five metres.", "It rose to 5.1 metres.", False),
        ("It rose to more than six metres.", "It rose to 5.1 metres.", True),
        ("At least 40 people came.", "40 people came.", False),
        ("Fewer than 40 people came.", "41 people came.", True),
        ("It cost up to €2.5m.", "It cost 2.4 million euros.", False),
        ("It cost more than €2.5m.", "It cost 2.6 million dollars.", True),
    ],
)
def test_a_bound_is_met_by_what_lies_within_it(claim: str, sentence: str, *, other: bool) -> None:
    """What is more than five can be 5.1, in the same unit."""
    assert bool(differing(claim, sentence)) is other
    assert figures_stated(claim, sentence) is not other
