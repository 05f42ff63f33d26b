"""Short claims made of sentences that introduce something, and sentences in other words."""

from __future__ import annotations

from random import Random

import pytest

from training.leads import contradicted, lead_of, rephrased, supported

ADA = "Ada Holm (born 26 May 1970) is a Danish actress and singer who lives in Ribe."
FILM = "The Long Ferry is a 1984 American drama film directed by Ada Holm."
SAID_OF_ADA = {
    "Ada Holm is an actress.",
    "Ada Holm is a singer.",
    "Ada Holm is Danish.",
    *(f"Ada Holm was born {when}." for when in ("in May", "in 1970", "in May 1970")),
    *(f"Ada Holm was born on {day}." for day in ("May 26, 1970", "26 May 1970")),
}


def test_what_an_introduction_supports() -> None:
    """All that it says of somebody, in each form of a date, and nothing else."""
    lead = lead_of(ADA)
    assert lead is not None
    assert (lead.name, lead.nation, lead.items) == ("Ada Holm", "Danish", ("actress", "singer"))
    assert {supported(lead, Random(seed)) for seed in range(300)} == SAID_OF_ADA


def test_what_it_contradicts() -> None:
    """Nothing that it supports: another nation, month, year or kind of thing, or "not"."""
    lead, other = lead_of(ADA), lead_of(FILM)
    assert lead is not None
    assert other is not None
    made = {contradicted(lead, other, Random(seed)) for seed in range(300)}
    assert not made & SAID_OF_ADA
    assert {"Ada Holm is not a singer.", "Ada Holm is a drama film."} <= made
    assert any("born in" in claim for claim in made)
    assert not any("born in May." in claim for claim in made)


@pytest.mark.parametrize(
    "sentence",
    [
        "She is a Danish singer.",
        "This is a film.",
        "The council met in May.",
        "Ada Holm is happy.",
        "Ada Holm is the first.",
        "",
    ],
)
def test_no_introduction(sentence: str) -> None:
    """A sentence without a name, or that says nothing of a kind that is known, introduces none."""
    assert lead_of(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "other"),
    [
        (
            "The bridge was opened on June 4, 1894.",
            {
                "The bridge was opened in 1894.",
                "The bridge was opened in June 1894.",
                "The bridge was opened on 4 June 1894.",
            },
        ),
        ("Three of 7 boats sank.", {"Three of seven boats sank."}),
        ("It holds seven boats.", {"It holds 7 boats."}),
        ("The hall (built in 1852) is closed.", {"The hall is closed."}),
        ("The hall is closed.", {"The hall is closed."}),
    ],
)
def test_the_same_in_other_words(sentence: str, other: set[str]) -> None:
    """Dates become coarser or are written otherwise, small figures words, brackets go."""
    assert {rephrased(sentence, Random(seed)) for seed in range(80)} == other


def test_more_than_a_smaller_number() -> None:
    """A large figure becomes "more than" a smaller one."""
    made = rephrased("It holds 400 boats.", Random(1))
    words = made.split()
    assert words[:4] == ["It", "holds", "more", "than"]
    assert 200 <= int(words[4]) < 400
