"""Words in quotation marks against the articles' words."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_values import source_of

from sourcebot.answering.claims.quotations import find_quotation, quotations_in
from sourcebot.types.claims import Edit, Run, Wording

if TYPE_CHECKING:
    from sourcebot.types.claims import Quotation

TEXT = (
    "The harbour board met on Tuesday. “We will not close the east quay before the new crane "
    "stands,” Mara Lindt, who chairs the board, said after the meeting. She added that 1,250 tonnes "
    "of grain had passed the quay in May, more than in any month since 2011. The mayor's office "
    "didn't answer. “It’s a half-finished plan, and everybody knows it,” a docker said."
)
RUN = Run(source_of("harbour.md"), 100, TEXT)


def look_up(quotation: str) -> Quotation:
    """Look words up in the text above."""
    return find_quotation(quotation, [RUN])


@pytest.mark.parametrize(
    "quotation",
    [
        "We will not close the east quay before the new crane stands",
        "we will not close the east quay",
        "We will not close the east  quay\nbefore the new crane stands.",
        "It's a half-finished plan, and everybody knows it",
        "It’s a half‑finished plan and everybody knows it",
        "1,250 tonnes of grain had passed the quay in May",
        "didn’t answer",
        "We will not clo\u200bse the \ufeffeast quay",
        "1,250 tonnes of grain had pas\u00ads\u2060ed the quay",
    ],
)
def test_what_typography_does_is_no_alteration(quotation: str) -> None:
    """Marks, hyphens, white space and a capital at the beginning are folded."""
    found = look_up(quotation)
    assert found.wording is Wording.VERBATIM
    assert found.span is not None
    assert TEXT[found.span.start - 100 : found.span.end - 100] == found.original


@pytest.mark.parametrize(
    ("quotation", "edits"),
    [
        ("We will not close the west quay", (Edit("west", "east"),)),
        ("We will close the east quay before the new crane stands", (Edit("", "not"),)),
        ("1,350 tonnes of grain had passed the quay", (Edit("1,350", "1,250"),)),
        ("It's a half-finished plan, and nobody knows it", (Edit("nobody", "everybody"),)),
        (
            "We will not shut the east quay at all",
            (Edit("shut", "close"), Edit("at all", "before the")),
        ),
    ],
)
def test_each_difference_is_told(quotation: str, edits: tuple[Edit, ...]) -> None:
    """An altered quotation names its words and the article's."""
    found = look_up(quotation)
    assert (found.wording, found.edits) == (Wording.ALTERED, edits)


def test_an_ellipsis_that_drops_not_is_named() -> None:
    """Words left out are shown; one that turns the meaning makes the quotation an altered one."""
    harmless = look_up("We will not close the east quay … the new crane stands")
    assert (harmless.wording, harmless.left_out) == (Wording.VERBATIM, ("before",))
    dropped = look_up("We will … close the east quay before the new crane stands")
    assert (dropped.wording, dropped.turning, dropped.left_out) == (
        Wording.ALTERED,
        ("not",),
        ("not",),
    )


def test_words_in_brackets_are_the_quoter_s() -> None:
    """They replace words of the original or stand beside them; [sic] is nothing."""
    assert look_up("[The board] will not close the east quay").wording is Wording.VERBATIM
    assert look_up("will not close [it] before the new crane stands").wording is Wording.VERBATIM
    assert look_up("a half-finished [sic] plan").wording is Wording.VERBATIM


def test_other_words_are_not_found() -> None:
    """What shares a few words with an article is not its altered form."""
    for quotation in ("the price of bread will rise in autumn", "east bay", "We will not", "…"):
        assert look_up(quotation).wording in {Wording.NOT_FOUND, Wording.VERBATIM}
    assert look_up("the price of bread will rise in autumn").wording is Wording.NOT_FOUND


def test_the_speaker_is_the_article_s_words() -> None:
    """Who spoke is quoted from the sentence, and not guessed."""
    assert look_up("We will not close the east quay before the new crane stands").speaker == (
        "Mara Lindt, who chairs the board, said after the meeting"
    )
    assert not look_up("The mayor's office didn't answer").speaker


def test_quotations_are_found_in_their_marks() -> None:
    """English, German and French marks; a single word in marks is a name."""
    claim = "She said “we will not go” and „wir bleiben hier“, « nous restons » and the \"east quay\"; a 'so' and “Bob”."
    assert [span.of(claim) for span in quotations_in(claim)] == [
        "we will not go", "wir bleiben hier", " nous restons ", "east quay",
    ]  # fmt: skip


WORDS = re.compile(r"\S+")


@st.composite
def cuts(draw: st.DrawFn) -> tuple[int, int]:
    """Draw where a run of 6 to 31 words of the text begins and ends."""
    words = list(WORDS.finditer(TEXT))
    first = draw(st.integers(0, len(words) - 6))
    last = draw(st.integers(first + 5, min(len(words) - 1, first + 30)))
    return words[first].start(), words[last].end()


@settings(max_examples=150, deadline=None)
@given(cuts())
def test_any_part_of_an_article_is_verbatim(cut: tuple[int, int]) -> None:
    """Whatever is taken from an article is found where it stands, or where it stands again."""
    found = look_up(TEXT[cut[0] : cut[1]])
    assert found.wording is Wording.VERBATIM
    assert not found.edits


@settings(max_examples=150, deadline=None)
@given(cuts(), st.randoms(use_true_random=False))
def test_no_altered_part_is_called_verbatim(cut: tuple[int, int], rng: random.Random) -> None:
    """Another letter, word, number or order never passes."""
    words = TEXT[cut[0] : cut[1]].split()
    place = rng.randrange(1, len(words))
    kind = rng.choice(["letter", "word", "drop", "swap"])
    if kind == "letter":
        letters = [i for i, c in enumerate(words[place]) if c.isalnum()]
        at = rng.choice(letters) if letters else None
        if at is None:
            return
        other = "7" if words[place][at] != "7" else "3"
        words[place] = (
            words[place][:at]
            + (other if words[place][at].isdigit() else "q")
            + words[place][at + 1 :]
        )
    elif kind == "word":
        words[place] = "zeppelin"
    elif kind == "drop" and place < len(words) - 1:
        del words[place]
    elif kind == "swap" and place < len(words) - 1 and words[place] != words[place + 1]:
        words[place], words[place + 1] = words[place + 1], words[place]
    altered = " ".join(words)
    if altered.split() == TEXT[cut[0] : cut[1]].split():
        return
    assert look_up(altered).wording is not Wording.VERBATIM


def test_a_bracketed_capital_is_the_quoter_s() -> None:
    """A quoter may begin with "[T]he"; the rest of the word has to stand there all the same."""
    assert look_up("[w]e will not close the east quay").wording is Wording.VERBATIM
    assert look_up("[E]verybody knows it").wording is Wording.VERBATIM
    assert look_up("[H]e will not close the east quay").wording is Wording.ALTERED


def test_accents_may_be_characters_of_their_own() -> None:
    """Letters with accents are the same however the accent is written."""
    text = "The café on Müller Street never closes its doors."
    run = Run(source_of("cafe.md"), 0, text)
    found = find_quotation("the cafe\u0301 on Mu\u0308ller Street never closes", [run])
    assert found.wording is Wording.VERBATIM
    assert find_quotation("the cafe on Muller Street never closes", [run]).wording is not (
        Wording.VERBATIM
    )


def test_other_capitals_are_an_alteration_and_no_loss() -> None:
    """Words in capitals are found where the article has them in small letters, and told."""
    found = look_up("WE WILL NOT CLOSE THE EAST QUAY")
    assert found.wording is Wording.ALTERED
    assert found.original == "We will not close the east quay"
    assert found.edits


@pytest.mark.parametrize(
    ("text", "quotations"),
    [
        ("He said: ‘We won’t leave the town alone,’ and left.", ["We won’t leave the town alone,"]),
        ("He said: 'We won't leave the town alone'.", ["We won't leave the town alone"]),
        ("The boys' new clubs and the girls' clubs.", []),
        ("The '68 generation's hopes of all the workers' unions.", []),
        ("The ‘big four’ of the town’s clubs.", []),
        ("He said “it’s ‘the end of the road’ for us”.", ["it’s ‘the end of the road’ for us"]),
    ],
)
def test_single_marks(text: str, quotations: list[str]) -> None:
    """Single marks quote where they are no apostrophes and hold more than a name."""
    assert [span.of(text) for span in quotations_in(text)] == quotations
