"""Several questions in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.answering.parts import ask_parts, parts_of
from sourcebot.types import Abstention, AbstentionReason, Answer, Filters

if TYPE_CHECKING:
    from sourcebot.answering.service import Service
    from sourcebot.types import Reply


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "When was it built and how much did it cost?",
            ["When was it built?", "How much did it cost?"],
        ),
        (
            "Who closed the bridge, and why was it closed?",
            ["Who closed the bridge?", "Why was it closed?"],
        ),
        (
            "When and where was Ada Brandt born?",
            ["When was Ada Brandt born?", "Where was Ada Brandt born?"],
        ),
        ("Who founded the museum and when?", ["Who founded the museum?", "When?"]),
        ("Who built it? When did it open?", ["Who built it?", "When did it open?"]),
        ("What does it cost and who paid for it?", ["What does it cost?", "Who paid for it?"]),
        (
            "and who will cut the ribbon and how many pupils",
            ["And who will cut the ribbon?", "How many pupils?"],
        ),
    ],
)
def test_two_questions(question: str, parts: list[str]) -> None:
    """Each half is a question."""
    assert list(parts_of(question)) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Who closed the bridge?",
        "What did the council and the mayor decide?",
        "Do you know who built it and when it opened?",
        "Between what and what does the ferry run?",
        "Which towns and villages were flooded?",
        "And why?",
        "He asked who did it and when?",
        "The bridge is closed. Why?",
        "What about the tram? What does it cost?",
    ],
)
def test_one_question(question: str) -> None:
    """What is not surely two is one."""
    assert parts_of(question) == (question,)


@given(
    st.lists(
        st.sampled_from(
            [
                "who",
                "when",
                "and",
                "why",
                "was",
                "it",
                "did",
                "the",
                "bridge",
                ",",
                "?",
                "how",
                "much",
            ]
        )
    )
)
def test_no_word_is_lost(words: list[str]) -> None:
    """Whatever is parted, the parts hold the words, without "and"."""
    question = " ".join(words)
    said = " ".join(parts_of(question)).lower()
    assert all(word in said for word in words if word not in {"and", "?", ","})


def test_each_part_is_answered(shared_service: Service) -> None:
    """The second half refers to the first; the best quote of each stands first."""
    reply = shared_service.ask(
        "When was the old harbour bridge closed and how much will its repairs cost?"
    )
    assert isinstance(reply, Answer)
    first, second = reply.parts
    assert isinstance(first, Answer)
    assert isinstance(second, Answer)
    assert "3 March 2022" in first.quotes[0].text
    assert "£2.4 million" in second.quotes[0].text
    assert reply.quotes[:2] == (first.quotes[0], second.quotes[0])
    assert reply.confidence == min(first.confidence, second.confidence)
    assert reply.open == ()


def test_the_open_half_is_named(shared_service: Service) -> None:
    """What the articles do not state of two questions is said, written out."""
    reply = shared_service.ask(
        "When was the old harbour bridge at Lowmere closed and who was it named after?"
    )
    assert isinstance(reply, Answer)
    assert reply.open == ("Who was the old harbour bridge at Lowmere named after?",)
    nothing = shared_service.ask("How tall is the Eiffel Tower and who built the Eiffel Tower?")
    assert isinstance(nothing, Abstention)
    assert len(nothing.parts) == 2


def test_a_conversation_goes_on_from_the_last_part(shared_service: Service) -> None:
    """After two questions in one, the next refers to the last of them first."""
    both = shared_service.ask(
        "When was the old harbour bridge closed and who is the captain of the night ferry?"
    )
    reply = shared_service.ask("Since when?", previous=[both])
    assert isinstance(reply, Answer)
    assert "1998" in reply.quotes[0].text


def meanings_of(question: str, *before: str) -> list[str]:
    """Return what each part of a question is taken to mean after others, all unanswered."""

    def ask(words: str, _: Filters) -> Reply:
        return Abstention(words, AbstentionReason.NOTHING_RELEVANT, (), 0.0)

    replies = [ask(words, Filters()) for words in before]
    reply = ask_parts(ask, question, Filters(), replies)
    return [part.meant or part.question for part in reply.parts]


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        (
            "and who will cut the ribbon and how many pupils",
            ["New school: who will cut the ribbon?", "New school: How many pupils?"],
        ),
        (
            "How much did it cost and where is it?",
            [
                "How much did the new school on Linden Street cost?",
                "Where is the new school on Linden Street?",
            ],
        ),
        (
            "How old is the town hall and when was it built?",
            ["How old is the town hall?", "When was the town hall built?"],
        ),
    ],
)
def test_parts_keep_the_subject_of_the_conversation(question: str, meant: list[str]) -> None:
    """Unless the first of them names another one."""
    assert meanings_of(question, "When will the new school on Linden Street open?") == meant
