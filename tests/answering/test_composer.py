"""Candidates -> a reply."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_values import source_of

from sourcebot.answering.composer import compose, naming_what_is_missing
from sourcebot.types import (
    Abstention,
    AbstentionReason,
    Answer,
    AnswerType,
    Candidate,
    Evidence,
    Hit,
    Paragraph,
    Retrieval,
    Retriever,
    Span,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcebot.types import Quote

VOTE = "The committee of the parish voted 20 to 12 on Monday evening to keep the old library open on Sundays."


def candidate(
    text: str, probability: float, article: str = "a.md", number: int = 1, cosine: float = 0.6
) -> Candidate:
    """Return a candidate: one sentence that is its own paragraph."""
    source = source_of(article, title=f"Title of {article}", paragraph=number)
    span = Span(10 * number, 10 * number + len(text))
    paragraph = Paragraph(number, article, number, "", span, text, (span,))
    hit = Hit(number, 1, cosine, Retriever.DENSE)
    evidence = Evidence(paragraph, source, 1.0, cosine, 1.0, (hit,))
    return Candidate(evidence, span, probability, 0.9, {}, span)


def reply_to(
    candidates: Sequence[Candidate], quotes: int = 3, threshold: float = 0.5
) -> Answer | Abstention:
    """Return the reply that is composed of candidates, given best first."""
    retrieval = Retrieval("Why?", {"why": 1.0}, tuple(c.evidence for c in candidates))
    return compose(retrieval, tuple(candidates), quotes=quotes, threshold=threshold)


def answered(*candidates: Candidate, quotes: int = 3) -> tuple[Quote, ...]:
    """Return the quotes of a reply that must be an answer."""
    reply = reply_to(candidates, quotes)
    assert isinstance(reply, Answer)
    return reply.quotes


def test_quotes_reach_the_threshold() -> None:
    """The best quotes come first, and none under the threshold."""
    reply = reply_to(
        [candidate("Bees hum.", 0.9), candidate("Cows moo.", 0.5), candidate("Dogs bark.", 0.49)]
    )
    assert isinstance(reply, Answer)
    assert [q.text for q in reply.quotes] == ["Bees hum.", "Cows moo."]
    assert reply.confidence == reply.quotes[0].probability == 0.9


def test_at_most_so_many_quotes() -> None:
    """No more quotes are given than wished for."""
    texts = ["Bees hum.", "Cows moo.", "Dogs bark.", "Cats purr."]
    assert [q.text for q in answered(*(candidate(t, 0.9) for t in texts), quotes=2)] == texts[:2]


def test_abstention_shows_the_nearest() -> None:
    """Under the threshold there is no answer, only the closest sentences, called so."""
    reply = reply_to([candidate("Bees hum.", 0.4), candidate("Cows moo.", 0.1)])
    assert isinstance(reply, Abstention)
    assert [q.text for q in reply.nearest] == ["Bees hum.", "Cows moo."]
    assert reply.confidence == 0.4


def test_reason_on_topic() -> None:
    """Where the evidence is about the question's subject, the reason is that it is not stated."""
    reply = reply_to([candidate("Bees hum.", 0.2, cosine=0.7)])
    assert isinstance(reply, Abstention)
    assert reply.reason is AbstentionReason.NOT_STATED


def test_reason_unsure() -> None:
    """From half of the threshold on a quote may answer: nothing else is said."""
    reply = reply_to([candidate("Bees hum.", 0.25, cosine=0.7)])
    assert isinstance(reply, Abstention)
    assert reply.reason is AbstentionReason.UNSURE
    assert (reply.missing, reply.covered) == (None, ())


@pytest.mark.parametrize(
    ("question", "near", "missing"),
    [
        ("When did bees arrive?", "Bees hum.", AnswerType.DATE),
        ("When did bees arrive?", "Bees came in 1931.", None),
        ("Who keeps bees?", "nobody keeps bees", None),
        ("Who keeps bees?", "The bees belong to Ada.", None),
        ("How much do bees cost?", "Bees cost many a tear.", AnswerType.SUM),
        ("How much do bees cost?", "A swarm is 900 kr.", None),
    ],
)
def test_no_fact_is_missing_that_is_shown(
    question: str, near: str, missing: AnswerType | None
) -> None:
    """A refusal names no kind of fact as missing that a shown quote holds, or may hold."""
    found = candidate(near, 0.1, cosine=0.7)
    retrieval = Retrieval(question, {}, (found.evidence,))
    reply = compose(retrieval, (found,), quotes=1, threshold=0.5)
    assert isinstance(reply, Abstention)
    assert naming_what_is_missing(reply).missing is missing


def test_what_is_missing_and_covered() -> None:
    """A near-miss names the kind of fact asked for and the articles on the subject, closest first."""
    near = [
        candidate("Bees hum.", 0.24, "a.md", cosine=0.7),
        candidate("Bees buzz.", 0.22, "b.md", 2, cosine=0.6),
        candidate("Bees sing.", 0.2, "a.md", 3, cosine=0.6),
        replace(candidate("Tax rose.", 0.1, "c.md", 4, cosine=0.1), covered=0.0),
    ]
    retrieval = Retrieval("When do bees sleep?", {}, tuple(c.evidence for c in near))
    reply = compose(retrieval, tuple(near), quotes=1, threshold=0.5)
    assert isinstance(reply, Abstention)
    assert [s.path for s in reply.covered] == ["a.md", "b.md"]
    assert reply.missing is None
    asked = replace(retrieval, question="When did bees arrive?")
    reply = compose(asked, tuple(near), quotes=1, threshold=0.5)
    assert isinstance(reply, Abstention)
    assert reply.missing is AnswerType.DATE


def test_reason_off_topic() -> None:
    """Where nothing is about the question's subject, the reason is that nothing is relevant."""
    far = candidate("Bees hum.", 0.01, cosine=0.05)
    reply = reply_to([replace(far, covered=0.0)])
    assert isinstance(reply, Abstention)
    assert reply.reason is AbstentionReason.NOTHING_RELEVANT


def test_no_candidates() -> None:
    """Without any evidence there is an abstention without quotes."""
    reply = reply_to([])
    assert reply == Abstention("Why?", AbstentionReason.NOTHING_RELEVANT, (), 0.0)


def test_copies_are_collapsed() -> None:
    """The same sentence of several articles is one quote that names them all, once each."""
    quotes = answered(
        candidate(VOTE, 0.9, "a.md"),
        candidate(VOTE, 0.9, "b.md", 2),
        candidate(VOTE.replace("on Monday evening", "on Monday"), 0.8, "c.md", 3),
        candidate(VOTE, 0.8, "b.md", 4),
        candidate("Cows moo.", 0.7, "d.md", 5),
    )
    assert [q.text for q in quotes] == [VOTE, "Cows moo."]
    assert quotes[0].source.path == "a.md"
    assert [s.path for s in quotes[0].also] == ["b.md", "c.md"]


def test_copies_in_one_article_are_no_further_source() -> None:
    """A sentence repeated in its own article is one quote of one source."""
    (quote,) = answered(candidate(VOTE, 0.9), candidate(VOTE, 0.8, number=3))
    assert quote.also == ()


def test_copies_beyond_the_last_quote_are_named() -> None:
    """A copy that ranks behind the last quote is still named with it."""
    (quote,) = answered(
        candidate(VOTE, 0.9), candidate("Cows moo.", 0.8), candidate(VOTE, 0.7, "b.md"), quotes=1
    )
    assert [s.path for s in quote.also] == ["b.md"]


@pytest.mark.parametrize(
    ("said", "differs"),
    [
        ("20 to 12", "22 to 12"),
        ("Monday", "Tuesday"),
        ("Sundays", "Saturdays"),
        ("voted", "did not vote"),
    ],
)
def test_sources_that_differ_are_not_copies(said: str, differs: str) -> None:
    """A sentence that states another fact is not taken for a copy, however alike the words."""
    other = VOTE.replace(said, differs)
    assert other != VOTE
    quotes = answered(candidate(VOTE, 0.9, "a.md"), candidate(other, 0.8, "b.md"))
    assert [q.text for q in quotes] == [VOTE, other]


def test_sentences_without_terms_are_no_copies() -> None:
    """Sentences of stop words or other scripts are not all copies of each other."""
    quotes = answered(
        candidate("他们来了。", 0.9, "a.md"),
        candidate("It was he.", 0.8, "b.md"),
        candidate("So it is.", 0.8, "c.md"),
    )
    assert len(quotes) == 3


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from("xyz"), st.floats(0, 1)), max_size=12
    ),
    st.integers(1, 10),
    st.floats(0.01, 0.99),
)
def test_properties(rows: list[tuple[str, str, float]], quotes: int, threshold: float) -> None:
    """A reply answers exactly when the best reaches the threshold; its quotes differ and are few."""
    made = [
        candidate(f"Word{word} is all.", p, f"{article}.md", n + 1)
        for n, (word, article, p) in enumerate(sorted(rows, key=lambda row: -row[2]))
    ]
    reply = reply_to(made, quotes, threshold)
    best = made[0].probability if made else 0.0
    assert isinstance(reply, Answer) == (best >= threshold)
    shown = reply.quotes if isinstance(reply, Answer) else reply.nearest
    assert len(shown) <= quotes
    assert len({q.text for q in shown}) == len(shown)
    assert [q.probability for q in shown] == sorted((q.probability for q in shown), reverse=True)
    for quote in shown:
        names = [s.path for s in (quote.source, *quote.also)]
        assert len(set(names)) == len(names)
    if isinstance(reply, Answer):
        assert shown
        assert all(q.probability >= threshold for q in shown)


def test_of_the_same_words_the_first_published_article_is_named_first() -> None:
    """Whichever copy the reader ranks higher; undated copies stay where they are."""
    later, first, undated = (
        candidate(VOTE, probability, article)
        for probability, article in ((0.9, "later.md"), (0.8, "first.md"), (0.7, "undated.md"))
    )
    days = {"later.md": dt.date(2024, 5, 2), "first.md": dt.date(2024, 5, 1)}
    dated = [
        replace(
            c,
            evidence=replace(
                c.evidence,
                source=replace(c.evidence.source, published=days.get(c.evidence.source.path)),
            ),
        )
        for c in (later, first, undated)
    ]
    (quote,) = answered(*dated)
    assert quote.source.path == "first.md"
    assert [source.path for source in quote.also] == ["later.md", "undated.md"]
    assert quote.probability == 0.9
