"""Questions of a conversation, asked of real articles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from made_values import quote_of

from sourcebot.answering.followups import ask_following
from sourcebot.types import Abstention, AbstentionReason, Answer, Filters

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcebot.answering.service import Service
    from sourcebot.types import Quote, Reply

BRIDGE = "When was the old harbour bridge at Lowmere closed?"
CAPTAIN = "Who is the captain of the night ferry?"


def first_quote(reply: Reply) -> str:
    """Return the text of the best quote that answers."""
    assert isinstance(reply, Answer)
    return reply.quotes[0].text


@pytest.mark.parametrize(
    ("opening", "question", "meant", "quote"),
    [
        (
            BRIDGE,
            "How much will its repairs cost?",
            "the old harbour bridge’s repairs",
            "£2.4 million",
        ),
        (BRIDGE, "Why?", "Why was the old harbour bridge at Lowmere closed?", "cracks"),
        (CAPTAIN, "Since when?", "Since when has Oskar Fjeld been", "1998"),
        (CAPTAIN, "Since when has he steered it?", "Oskar Fjeld", "1998"),
    ],
)
def test_what_is_left_out_is_filled_in(
    shared_service: Service, opening: str, question: str, meant: str, quote: str
) -> None:
    """The reply answers what was meant, says so, and keeps the question as it was asked."""
    before = shared_service.ask(opening)
    reply = shared_service.ask(question, previous=[before])
    assert quote in first_quote(reply)
    assert meant in reply.meant
    assert reply.question == question
    assert shared_service.ask(question, previous=before) == reply


def test_a_conversation_goes_on_from_what_was_meant(shared_service: Service) -> None:
    """A third question refers through the second, which was itself incomplete."""
    replies: list[Reply] = []
    for question in (CAPTAIN, "Since when?", "Where was he born?"):
        replies.append(shared_service.ask(question, previous=replies))
    assert "Oskar Fjeld" in replies[1].meant
    assert isinstance(replies[2], Abstention)
    assert replies[2].meant == "Where was Oskar Fjeld born?"


@pytest.mark.parametrize(
    "question",
    [
        "Which chess opening did Capablanca prefer against the French defence?",
        "How tall is the Eiffel Tower?",
        "How many books does the public library of Tarnwick hold?",
    ],
)
def test_a_new_subject_is_left_alone(shared_service: Service, question: str) -> None:
    """A question that says what it is about gets the same reply within a conversation."""
    before = shared_service.ask(CAPTAIN)
    assert shared_service.ask(question, previous=[before]) == shared_service.ask(question)


def test_no_other_subject_answers(shared_service: Service) -> None:
    """What is stated of something else only is refused, though it was refused for this one."""
    before = shared_service.ask(CAPTAIN)
    for question in ("How many books does it hold?", "What did its repairs cost?"):
        reply = shared_service.ask(question, previous=[before])
        assert isinstance(reply, Abstention)
        assert "the night ferry" in reply.meant


def test_a_refusal_makes_no_article_that_of_its_subject() -> None:
    """What a refusal shows as near need not be about the subject, and then does not answer it."""
    other = "The Alder was built in 1998 and bought by the town."

    def ask(question: str, filters: Filters) -> Reply:
        return Answer(question, (quote_of(other, probability=0.9),), 0.9)

    refused = Abstention(
        "Who owns the Linnet?", AbstentionReason.NOT_STATED, (quote_of(other),), 0.1
    )
    reply = ask_following(ask, "When was it built?", Filters(), [refused])
    assert isinstance(reply, Abstention)
    assert reply.meant == "When was the Linnet built?"
    named = replace(refused, question="Who owns the Alder?")
    assert isinstance(ask_following(ask, "When was it built?", Filters(), [named]), Answer)


def test_what_refers_to_nothing_is_asked_back(shared_service: Service) -> None:
    """At the beginning of a conversation; outside of one the question is asked as it stands."""
    reply = shared_service.ask("How much did it cost?", previous=())
    assert isinstance(reply, Abstention)
    assert reply.reason is AbstentionReason.UNCLEAR
    assert reply.unclear == "it"
    assert reply.nearest == ()
    alone = shared_service.ask("How much did it cost?")
    assert isinstance(alone, Answer) or alone.reason is not AbstentionReason.UNCLEAR


def test_the_filters_stay(shared_service: Service) -> None:
    """What went before widens nothing: quotes come from the allowed articles only."""
    before = shared_service.ask(BRIDGE)
    only = Filters(publisher="Northern Wire")
    reply = shared_service.ask("Why was it closed?", only, previous=[before])
    quotes = reply.quotes if isinstance(reply, Answer) else reply.nearest
    assert {q.source.publisher for q in quotes} <= {"Northern Wire"}


def test_an_article_that_is_gone_is_passed_over(shared_service: Service) -> None:
    """A quote of an article that is no longer indexed still tells what a question is about."""
    before = shared_service.ask(BRIDGE)
    assert isinstance(before, Answer)
    gone = replace(before.quotes[0].source, path="gone/away.md")
    old = replace(before, quotes=(replace(before.quotes[0], source=gone),))
    reply = shared_service.ask("How much will its repairs cost?", previous=[old])
    assert "£2.4 million" in first_quote(reply)


STORM = "Storm Berit reached the coast on Monday."
CAR = "The cable car climbs to the pass in nine minutes."


def answering(
    home: Quote | None, elsewhere: Quote | None
) -> Callable[[str, Filters], Answer | Abstention]:
    """Return what answers by one quote within an article, and by another in all of them."""

    def ask(question: str, filters: Filters) -> Answer | Abstention:
        found = home if filters.source else elsewhere
        if found:
            return Answer(question, (found,), found.probability)
        return Abstention(question, AbstentionReason.NOT_STATED, (), 0.1)

    return ask


def placed(text: str, path: str, probability: float) -> Quote:
    """Return a quote of an article."""
    quote = quote_of(text, probability=probability)
    return replace(quote, source=replace(quote.source, path=path, title=path))


@pytest.mark.parametrize("question", ["How many died?", "How long does the ride take?"])
def test_no_guess_about_another_subject(question: str) -> None:
    """What names nothing, or a thing that the other article does not name, is refused instead."""
    other = placed("The crossing takes six hours; nobody died.", "ferry.md", 0.95)
    before = Answer("How strong was storm Berit?", (placed(STORM, "storm.md", 0.9),), 0.9)
    reply = ask_following(answering(None, other), question, Filters(), [before])
    assert isinstance(reply, Abstention)
    assert reply.meant == f"Storm Berit: {question}"
    named = placed("The ride takes six hours.", "ferry.md", 0.95)
    reply = ask_following(
        answering(None, named), "How long does the ride take?", Filters(), [before]
    )
    assert isinstance(reply, Answer), "a new subject may follow"


@pytest.mark.parametrize(
    ("question", "probability", "answered"),
    [
        ("How long does the ride take?", 0.75, True),
        ("How long does the ride take?", 0.65, False),
        ("For kids?", 0.9, True),
        ("For kids?", 0.8, False),
    ],
)
def test_other_words_for_the_same(question: str, probability: float, answered: bool) -> None:
    """In the article just quoted a sure quote counts that says it otherwise: parts want more."""
    before = Answer("What does the cable car cost?", (placed(CAR, "car.md", 0.9),), 0.9)
    home = placed("It takes nine minutes; children pay half.", "car.md", probability)
    reply = ask_following(answering(home, None), question, Filters(), [before])
    assert isinstance(reply, Answer) is answered


@pytest.mark.parametrize(
    ("text", "answered"), [("I bought a raincoat.", True), ("It rained.", False)]
)
def test_who_says_i_is_the_author(text: str, answered: bool) -> None:
    """A subject whom no quote names may be the author of a text in the first person."""
    home = placed(text, "mended.md", 0.9)
    home = replace(home, source=replace(home.source, author="Tamsin Okoro"))
    before = Abstention("Who is Tamsin Okoro?", AbstentionReason.NOT_STATED, (home,), 0.3)
    reply = ask_following(answering(home, None), "What did she buy?", Filters(), [before])
    assert isinstance(reply, Answer) is answered


TICKET = "What does a ticket for students cost?"


@pytest.mark.parametrize(
    ("here", "probability", "where"),
    [
        ("Tickets cost 9 euros, for students 5.", 0.6, "museum.md"),
        ("Tickets cost 9 euros, for students 5.", 0.4, "tram.md"),
        ("Tickets cost 9 euros.", 0.9, "tram.md"),
    ],
)
def test_things_of_any_kind_are_those_of_what_was_spoken_of(
    here: str, probability: float, where: str
) -> None:
    """A price of the museum just quoted comes before a tram's, if it is as sure and as full."""
    opens = placed("The museum opens at ten.", "museum.md", 0.9)
    before = Answer("When does the Clock Museum open?", (opens,), 0.9)
    tram = placed("A ticket costs 3 euros, for students 2.", "tram.md", 0.7)
    ask = answering(placed(here, "museum.md", probability), tram)
    reply = ask_following(ask, TICKET, Filters(), [before])
    assert isinstance(reply, Answer)
    assert reply.quotes[0].source.path == where
    assert reply.meant == (f"Clock Museum: {TICKET}" if where == "museum.md" else "")


@pytest.mark.parametrize(
    ("question", "where"),
    [
        ("Is there a restaurant?", ""),
        ("Is there a dairy?", "dairy.md"),
        ("Who plans a restaurant in a station house?", "dairy.md"),
    ],
)
def test_what_many_have_is_not_taken_from_elsewhere(question: str, where: str) -> None:
    """A restaurant elsewhere is none of the museum; what the other article is about may follow."""
    opens = placed("The museum opens at ten.", "museum.md", 0.9)
    before = Answer("When does the Clock Museum open?", (opens,), 0.9)
    dairy = placed("A restaurant in the station house is planned.", "dairy.md", 0.9)
    reply = ask_following(answering(None, dairy), question, Filters(), [before])
    assert (reply.quotes[0].source.path if isinstance(reply, Answer) else "") == where
    assert bool(reply.meant) is not bool(where)


def test_of_two_articles_that_name_it_as_little_the_one_spoken_of_answers() -> None:
    """Neither says "money": the 15 euros of the article just quoted are meant."""
    brown = placed("The water is brown.", "water.md", 0.9)
    before = Answer("Why is the water of Osmark brown?", (brown,), 0.9)
    home = placed("Every household gets 15 euros back.", "water.md", 0.6)
    train = placed("Later you get half of the price back.", "train.md", 0.7)
    reply = ask_following(answering(home, train), "Do I get money back?", Filters(), [before])
    assert isinstance(reply, Answer)
    assert reply.quotes[0].source.path == "water.md"


def test_the_last_answer_does_not_answer_about_another_thing() -> None:
    """The stops are no answer to "and a ticket?"; a quote that names tickets is."""
    stops = placed("The tram has 13 stops. Tickets are sold there.", "tram.md", 0.9)
    before = Answer("How many stops does the tram have?", (stops,), 0.9)
    same = replace(stops, text="The tram has 13 stops.")
    before = replace(before, quotes=(same,))
    reply = ask_following(answering(same, None), "And a ticket?", Filters(), [before])
    assert isinstance(reply, Abstention)
    tickets = placed("A ticket costs 2 euros.", "tram.md", 0.9)
    reply = ask_following(answering(tickets, None), "And a ticket?", Filters(), [before])
    assert first_quote(reply) == tickets.text


def test_each_search_is_given_the_filters() -> None:
    """Every form of a question that is tried is asked within the filters of the question."""
    asked: list[Filters] = []

    def ask(question: str, filters: Filters) -> Reply:
        asked.append(filters)
        return Abstention(question, AbstentionReason.NOTHING_RELEVANT, (), 0.0)

    before = Abstention("Who built the mill?", AbstentionReason.NOTHING_RELEVANT, (), 0.0)
    filters = Filters(publisher="Gazette", source="north/*")
    reply = ask_following(ask, "And when?", filters, [before])
    assert asked
    assert set(asked) == {filters}
    assert reply.meant == "When was the mill built?"
