"""The sentences that every front end says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_values import source_of

from sourcebot.render.wording import FACTS, attribution, language_name, refusal
from sourcebot.types import Abstention, AbstentionReason, AnswerType, Attribution, Source
from sourcebot.types.locators import Locator, LocatorKind


def titled(title: str) -> Attribution:
    """Return the attribution of an article with this title."""
    return source_of(title=title)


@pytest.mark.parametrize("kind", [k for k in AnswerType if k])
def test_not_stated(kind: AnswerType) -> None:
    """A near-miss says what kind of fact is missing and which articles are close."""
    close = (titled("Bees of Ansel"), titled("Heather honey"))
    reply = Abstention("?", AbstentionReason.NOT_STATED, (), 0.1, kind, close)
    assert refusal(reply) == (
        "No answer was found: the articles touch on the topic, but no quote is likely to answer.",
        f"What is missing: {FACTS[kind]}.",
        "The closest articles: “Bees of Ansel”, “Heather honey”.",
    )


def test_kind_unknown() -> None:
    """What kind of fact is missing is left out when the question does not tell."""
    reply = Abstention("?", AbstentionReason.NOT_STATED, (), 0.1, None, (titled("Bees"),))
    assert not any("missing" in sentence for sentence in refusal(reply))


def test_only_a_quote_has_a_place() -> None:
    """The paragraph and the page are named of what is quoted, not of an article in a list."""
    quoted = replace(source_of(title="Bees", paragraph=3), locator=Locator(LocatorKind.PAGE, "4"))
    listed = Source("a.md", "Bees", "", "", None, "", "0" * 64, "utf-8", "")
    assert attribution(quoted) == "Bees · page 4 · paragraph 3"
    assert attribution(quoted, paragraph=False) == "Bees · page 4"
    assert attribution(listed) == "Bees"


def test_hostile_titles() -> None:
    """A title from a source moves no cursor, breaks no line and is not endless."""
    reply = Abstention(
        "?", AbstentionReason.NOT_STATED, (), 0.1, None, (titled("a\x1b[2Jb\nc\u202ed " * 50),)
    )
    shown = refusal(reply)[-1]
    assert shown.isprintable()
    assert len(shown) < 120


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (AbstentionReason.NOTHING_INDEXED, "sourcebot index"),
        (AbstentionReason.NOTHING_RELEVANT, "other words"),
    ],
)
def test_what_to_do_next(reason: AbstentionReason, words: str) -> None:
    """The other refusals are two sentences: why, and what to do next."""
    _, following = refusal(Abstention("?", reason, (), 0.0))
    assert words in following


def test_the_language_is_named_where_the_question_is_in_another() -> None:
    """A quote in the question's language, or a whole article, says nothing of it."""
    place = replace(source_of(), language="de", foreign=True)
    assert " · in German · " in attribution(place)
    assert "German" not in attribution(replace(place, foreign=False))


def test_a_refusal_names_the_language_that_is_not_read() -> None:
    """Whatever the reason, it stands right after it."""
    for reason in (AbstentionReason.NOT_STATED, AbstentionReason.NOTHING_RELEVANT):
        said = refusal(Abstention("Wann?", reason, (), 0.1, unread="de"))
        assert "do not read German" in said[1]
    assert language_name("zh", "de") == "Chinesisch"
    assert language_name("qqq") == "qqq"
