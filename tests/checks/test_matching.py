"""Sentences are found in the lines of an original whatever breaks them, and nothing else is."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.adding.plain import Plain
from sourcebot.checks.matching import Lines
from sourcebot.checks.originals import compared_with
from sourcebot.types.comparison import Found

WORDS = st.lists(st.sampled_from(["the", "mill", "wind", "a", "wing", "in", "sea"]), min_size=9, max_size=30)  # fmt: skip


@given(words=WORDS, cuts=st.sets(st.integers(1, 29)), data=st.data(), printed=st.booleans())
def test_runs_of_whole_words_are_held(
    words: list[str], cuts: set[int], data: st.DataObject, *, printed: bool
) -> None:
    """Any words that follow one another are held, over lines too; with a strange one they are not."""
    lines: list[list[str]] = [[]]
    for number, word in enumerate(words):
        lines += [[]] if number in cuts else []
        lines[-1].append(word)
    held = Lines(Plain(tuple(map(" ".join, lines)), printed=printed), "en")
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    run = words[first : last + 1]
    assert held.hold(" ".join(run))
    run.insert(data.draw(st.integers(0, len(run))), "x")
    assert not held.hold(" ".join(run))


@pytest.mark.parametrize("printed", [False, True])
def test_texts_of_one_word_are_compared_to_an_end(*, printed: bool) -> None:
    """A text that repeats one word over and over is compared like any other."""
    count = 1_000 if printed else 5_000
    text = "word " * 12 * count
    lines = Lines(Plain(tuple(["word " * 12] * count) if printed else (text,), printed=printed), "en")  # fmt: skip
    assert compared_with("a", text, lines) is None
    changed = f"{text[: len(text) // 2]}ward {text[: len(text) // 4]}"
    found = compared_with("a", changed, lines)
    assert found is not None
    assert [(edit.quoted, edit.original) for edit in found.edits] == [("ward", "")]
    assert compared_with("a", "wordy " * 1000, lines) is not None


def test_words_of_a_page_in_another_order_are_no_alteration() -> None:
    """Readers order tables and forms differently: that is told apart from what no page shows."""
    rng = random.Random(1)
    names = [
        "Alder",
        "Birch",
        "Cedar",
        "Dogwood",
        "Elm",
        "Fir",
        "Gorse",
        "Hazel",
        "Ivy",
        "Juniper",
        "Larch",
        "Maple",
        "Oak",
        "Pine",
    ]
    rng.shuffle(names)
    pairs = [f"{one} {other}" for one, other in zip(names[::2], names[1::2], strict=True)]
    lines = Lines(Plain(("Trees of the park, by their places:", *pairs), printed=True), "en")
    rng.shuffle(names)
    found = compared_with("a", " ".join(names), lines)
    assert found is not None
    assert found.found is Found.REORDERED
    found = compared_with("a", " ".join([*names, "Willow"]), lines)
    assert found is not None
    assert found.found is not Found.REORDERED


@pytest.mark.parametrize(
    ("row", "held"),
    [
        ("| Kaiser | 1894 | 298 |", True),
        ("| Kaiser | 1902 | 298 |", False),
        ("| 298 | 1894 | 298 |", False),
        ("| Lund | 1902 | 118 |", True),
        ("| Town | Year | Year |", True),
    ],
)
def test_cells_of_a_row_belong_together(row: str, *, held: bool) -> None:
    """A figure of another row is none of this one, although it stands in the original."""
    lines = Lines(Plain(("Town", "Year", "Kaiser", "1894", "298", "Lund", "1902", "118")), "en")
    assert (compared_with("a", row, lines) is None) is held
