"""What a question of a conversation is taken to mean, without any search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_values import quote_of

from sourcebot.answering.referents import Turn
from sourcebot.answering.understanding import Unclear, understand
from sourcebot.types import Span


def turn(question: str, quote: str = "", words: str = "", paragraph: str = "") -> Turn:
    """Return a turn that one quote answered, or none."""
    if not quote:
        return Turn(question, (), answered=False)
    start = quote.index(words)
    answering = Span(start, start + len(words or quote))
    given = quote_of(quote, words=answering, paragraph=paragraph or quote)
    return Turn(question, (given,), answered=True)


HALL = turn("When will the market hall reopen?", "The market hall will reopen in May 2026.")
VISITORS = turn("How many visitors did the museum have in 2018?", "In 2018 it had 41,000 visitors.")
MAYOR = turn(
    "Who is the mayor of Ostrey?",
    "Helena Marsh has been mayor since 2021.",
    paragraph="Helena Marsh has been mayor since 2021. She owns no car.",
)
SCHOOL = turn("How much did the school on Linden Street cost?", "It cost 17 million euros.")
BAKERY = turn("Who bought the bakery?", "The sixteen employees have bought the bakery.")


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        (HALL, "How much did it cost?", "How much did the market hall cost?"),
        (HALL, "and what is its roof made of?", "what is the market hall’s roof made of?"),
        (HALL, "How many people work there?", "How many people work in the market hall?"),
        (HALL, "Why?", "Why will the market hall reopen?"),
        (HALL, "Where exactly?", "Where will the market hall reopen?"),
        (HALL, "And the swimming pool?", "When will the swimming pool reopen?"),
        (HALL, "What about the tram?", "When will the tram reopen?"),
        (HALL, "No, I meant the town hall.", "When will the town hall reopen?"),
        (HALL, "not the market hall but the town hall", "When will the town hall reopen?"),
        (HALL, "When was the hall built?", "When was the market hall built?"),
        (VISITORS, "And in 2019?", "How many visitors did the museum have in 2019?"),
        (VISITORS, "2020?", "How many visitors did the museum have in 2020?"),
        (VISITORS, "no, in 2019", "How many visitors did the museum have in 2019?"),
        (VISITORS, "Why so many?", "Why did the museum have in 2018 so many visitors?"),
        (
            VISITORS,
            "How many people worked there then?",
            "How many people worked in the museum in 2018?",
        ),
        (MAYOR, "Where was she born?", "Where was Helena Marsh born?"),
        (MAYOR, "What does her husband do?", "What does Helena Marsh’s husband do?"),
        (MAYOR, "Since when?", "Since when has Helena Marsh been the mayor of Ostrey?"),
        (MAYOR, "And of Skarholm?", "Who is the mayor of Skarholm?"),
        (SCHOOL, "Who designed it?", "Who designed the school on Linden Street?"),
        (
            SCHOOL,
            "How many pupils go to this school?",
            "How many pupils go to the school on Linden Street?",
        ),
        (
            BAKERY,
            "How much did they pay for it?",
            "How much did the sixteen employees pay for the bakery?",
        ),
        (BAKERY, "When?", "When was the bakery bought?"),
    ],
)
def test_follow_ups_are_written_out(before: Turn, question: str, meant: str) -> None:
    """Pronouns and what is left out are filled in from the turn before."""
    meanings = understand(question, [before])
    assert not isinstance(meanings, Unclear)
    assert meanings[0].question == meant


@pytest.mark.parametrize(
    "question",
    [
        "How long is the tram line to Port Elving?",
        "When did Northline say that it would stop?",
        "Is it true that Helena Marsh owns a car?",
        "Who is Viktor Lund?",
        "Does the National Museum sell its clocks?",
    ],
)
def test_new_questions_are_left_alone(question: str) -> None:
    """A question that says what it is about, or refers to its own words, is asked as it stands."""
    assert understand(question, [MAYOR]) == ()


def test_short_questions_are_tried_as_they_stand_first() -> None:
    """What may be a new subject is only perhaps about the old one."""
    (meaning,) = understand("When was the observatory built?", [HALL])
    assert not meaning.sure
    (meaning,) = understand("When did the ferry company say that it would stop?", [HALL])
    assert not meaning.sure
    assert not meaning.likely
    (meaning,) = understand("How many people came?", [HALL])
    assert meaning.sure


@pytest.mark.parametrize(
    ("before", "question", "word"),
    [
        ([], "How much did it cost?", "it"),
        ([], "And in 2019?", ""),
        ([], "Why?", ""),
        ([HALL], "Where was she born?", "she"),
        ([HALL], "no", ""),
    ],
)
def test_what_refers_to_nothing_is_asked_back(before: list[Turn], question: str, word: str) -> None:
    """Where nothing fitting was named before, no guess is made."""
    assert understand(question, before) == Unclear(word)


def test_two_things_side_by_side_are_asked_back_about() -> None:
    """After "the bridge or the tower", "it" may be either, unless the answer named one."""
    both = "Which is older, the bridge or the tower?"
    unclear = understand("Who built it?", [turn(both)])
    assert unclear == Unclear("it", ("the bridge", "the tower"))
    (meaning,) = understand("Who built it?", [turn(both, "The tower is the older of both.")])  # type: ignore[misc]  # no Unclear
    assert meaning.question == "Who built the tower?"


def test_neither_a_couple_nor_a_measure_is_it() -> None:
    """What no "it" can stand for is passed over for what was named earlier."""
    mill = turn("Who founded the mill?", "Ilse and Georg Brandt founded the mill.")
    carved = turn("How many stones did Ilse and Georg Brandt lay?", "They laid 600.")
    paid = turn("How much do they get for a tonne?", "They get 95 euros.")
    for last in (carved, paid):
        (meaning,) = understand("Who runs it?", [mill, last])  # type: ignore[misc]  # no Unclear
        assert meaning.question == "Who runs the mill?"
    (meaning,) = understand("Where did they live?", [mill])  # type: ignore[misc]  # no Unclear
    assert meaning.question == "Where did Ilse and Georg Brandt live?"


def test_a_pronoun_skips_whom_it_cannot_mean() -> None:
    """The paragraph calls Helena Marsh "she": "he" is somebody named before."""
    lund = turn("Who is Viktor Lund?", "Viktor Lund runs a saw mill.")
    (meaning,) = understand("How old is he?", [lund, MAYOR])  # type: ignore[misc]  # no Unclear
    assert meaning.question == "How old is Viktor Lund?"


def test_a_question_that_found_nothing_leads_back_to_the_one_before() -> None:
    """What a fragment is put into comes from the last answer where the last question had none."""
    meanings = understand("And in 2019?", [VISITORS, turn("How many people came?")])
    assert not isinstance(meanings, Unclear)
    assert "How many visitors did the museum have in 2019?" in [m.question for m in meanings]


WORDS = "it she there that and in 2019 why how many the hall Ada no , ? what about of did is"


@given(st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=8))
def test_anything_is_understood_or_not(words: list[str]) -> None:
    """Whatever is said, there is a meaning of at least one word, or a question back."""
    meanings = understand(" ".join(words), [MAYOR, HALL])
    if not isinstance(meanings, Unclear):
        assert all(m.question.strip(" ?") for m in meanings)
