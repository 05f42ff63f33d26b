"""The sentences that every front end says."""

from __future__ import annotations

import pytest

from sourcebot.render.wording import FACTS, refusal
from sourcebot.types import Abstention, AbstentionReason, AnswerType, Source


def titled(title: str) -> Source:
    """Return the attribution of an article with this title."""
    return Source("a.md", title, "", "", None, "", "a.md", "0" * 64, "utf-8", 1)


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
