"""Noun phrases of questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.text.phrases import phrases_of, tokens_of


@pytest.mark.parametrize(
    ("question", "phrases"),
    [
        ("When will the market hall reopen?", ["the market hall"]),
        ("Who discovered Senna?", ["Senna"]),
        ("Who is the mayor of Ostrey?", ["the mayor of Ostrey", "Ostrey"]),
        (
            "How much did the school on Linden Street cost?",
            ["the school on Linden Street", "Linden Street"],
        ),
        ("How many houses did the flood of 2025 damage?", ["houses", "the flood of 2025", "2025"]),
        ("How many visitors came in 2019?", ["visitors", "2019"]),
        ("When did the old bridge close?", ["the old bridge"]),
        ("What does Helena Marsh’s husband do?", ["Helena Marsh’s husband", "Helena Marsh"]),
        ("Where was Helena Marsh born?", ["Helena Marsh"]),
        (
            "Who owns the heating plant of Brackwell?",
            ["the heating plant of Brackwell", "Brackwell"],
        ),
        ("Why?", []),
        ("", []),
    ],
)
def test_phrases_end_before_the_verb(question: str, phrases: list[str]) -> None:
    """A phrase goes up to the verb, with what prepositions join to it."""
    assert [inner.text for p in phrases_of(question) for inner in p.all()] == phrases


def test_what_a_phrase_is() -> None:
    """People, groups, places and times are told by their nouns, names by their capitals."""
    mayor, year = phrases_of("Who was the mayor of Ostrey last year?")[0], phrases_of("In 2019?")[0]
    assert mayor.person
    assert not mayor.plural
    assert mayor.inner[0].proper
    assert year.time
    (council,) = phrases_of("What does the council want?")
    assert council.group
    (people,) = phrases_of("How many people died?")
    assert people.counted
    assert people.plural
    (wife,) = phrases_of("Where does the wife work?")
    assert wife.fits("she")
    assert not wife.fits("he")
    (school,) = phrases_of("What did the school on Linden Street cost?")
    assert school.short == "the school"
    (flood,) = phrases_of("When was the flood of 2025?")
    assert flood.short == "the flood of 2025"
    assert school.place


WORDS = ["the", "of", "in", "who", "did", "Ada", "hall's", "?", "東", "it", "2019", "a-b", "’s"]


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=5)).map(" ".join))
def test_phrases_stand_where_they_say(question: str) -> None:
    """Whatever is asked, phrases are pieces of it, in order, and disjoint."""
    last = 0
    for phrase in phrases_of(question):
        assert question[phrase.start : phrase.end] == phrase.text
        assert last <= phrase.start < phrase.end
        assert all(phrase.start <= p.start < p.end <= phrase.end for p in phrase.all())
        last = phrase.end


@given(st.text())
def test_tokens_stand_where_they_say(text: str) -> None:
    """Tokens are pieces of the text, in order."""
    assert all(text[t.start : t.end] == t.text for t in tokens_of(text))
