"""Questions of a conversation: tried with what went before, or asked back about."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sourcebot.answering.meanings import Meaning, Unclear
from sourcebot.answering.referents import Turn
from sourcebot.answering.understanding import understand
from sourcebot.errors import QuestionError
from sourcebot.text.answer_types import held, type_of
from sourcebot.text.phrases import phrases_of
from sourcebot.text.terms import terms_of
from sourcebot.types import Abstention, AbstentionReason, Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    from sourcebot.types import Filters, Quote, Reply

    Ask = Callable[[str, Filters], Reply]
    Previous = Sequence[Reply] | Reply | None
    """The replies of a conversation, the oldest first, or the last; None for no conversation."""

_MOST_OF_NAME = 2 / 3
"""Share of a subject's terms that must stand around a quote: the "old harbour bridge" may be called
"the harbour bridge" there, but "the market hall" not "the hall"."""

_I = re.compile(r"\bI\b|\b[Mm]y\b")
_HARDLY_SURER = 0.15
_SURE_OF_WHOLE = 0.7
_SURE_OF_PART = 0.85
"""The least probability of a quote that calls by another word what a whole question names ("the
ride" on a cable car whose "cabins climb"), and what a part does ("for kids": "for children")."""

_MISSING = 0.4
_LACKING = 0.2
_REPEATED = 0.1


def ask_following(ask: Ask, question: str, filters: Filters, previous: Previous) -> Reply:
    """Return the reply to a question of a conversation.

    The reply's ``meant`` says what the question was taken to mean where that is not what was
    asked. A quote counts only when it stands in the article that was just quoted, or when the
    subject is named around it; a question that refers to nothing known is asked back about.

    Args:
        ask: answers a question as it stands.
        question: what was asked.
        filters: which articles may be quoted.
        previous: the replies before, the oldest first, or the last of them; None when there is
            no conversation, () at the beginning of one.
    """
    if previous is None:
        return ask(question, filters)
    if isinstance(previous, Answer | Abstention):
        previous = (previous,)
    each = [part for reply in previous for part in reply.parts or (reply,)]
    turns = [Turn.of(reply) for reply in each if not _asked_back(reply)]
    taken = understand(question, turns)
    if isinstance(taken, Unclear):
        return Abstention(
            question,
            AbstentionReason.UNCLEAR,
            (),
            0.0,
            unclear=taken.word,
            options=taken.options,
        )
    given = turns[-1].quotes[:1] if turns and turns[-1].answered else ()
    if not taken:
        return ask(question, filters)
    if not taken[0].sure:
        return _perhaps_following(ask, question, filters, taken[0], given)
    found: list[Reply] = []
    for meaning in taken:
        reply = _try(ask, filters, meaning, given)
        if isinstance(reply, Answer):
            return _named(reply, question, meaning)
        found.append(reply)
    return _named(found[0], question, taken[0])


def _asked_back(reply: Reply) -> bool:
    return isinstance(reply, Abstention) and reply.reason is AbstentionReason.UNCLEAR


def _perhaps_following(
    ask: Ask, question: str, filters: Filters, meaning: Meaning, given: Sequence[Quote]
) -> Reply:
    """Return the reply to a question that can be asked as it stands, and is.

    What went before is added where that finds nothing; and where the question has a sign that it
    refers to it, where something elsewhere is found that is hardly surer. A question that names
    nothing, or by "the" something that what is found elsewhere does not name, is answered from what
    went before or not at all: a guess about another subject would be taken for an answer.
    """
    plain = ask(question, filters)
    articles = {q.source.path for q in given}
    if isinstance(plain, Answer) and plain.quotes[0].source.path in articles:
        return plain
    if isinstance(plain, Answer) and not meaning.refers:
        here = _answer_here(ask, question, filters, given, plain.quotes[0])
        if here and here.confidence >= plain.confidence - _HARDLY_SURER:
            return _named(here, question, meaning)
        of_it = not given or _is_of(question, plain.quotes[0])
        return plain if of_it else _named(_try(ask, filters, meaning, given), question, meaning)
    reply = _try(ask, filters, meaning, given)
    if isinstance(plain, Abstention):
        return _named(reply, question, meaning) if isinstance(reply, Answer) else plain
    near_as_sure = reply.confidence >= plain.confidence - _HARDLY_SURER
    if isinstance(reply, Answer) and near_as_sure:
        return _named(reply, question, meaning)
    unnamed = not meaning.fresh & _around(plain.quotes[0])
    return _named(reply, question, meaning) if unnamed else plain


def _is_of(question: str, elsewhere: Quote) -> bool:
    """Return whether a question is surely about the article of a quote, not of what was spoken of.

    It is when it names what the article is about, or several things: many have a restaurant.
    """
    nouns = _nouns(question)
    return len(nouns) != 1 or bool(nouns & set(terms_of(elsewhere.source.title)))


def _nouns(question: str) -> frozenset[str]:
    return frozenset(t for phrase in phrases_of(question) for t in terms_of(phrase.text))


def _answer_here(
    ask: Ask, question: str, filters: Filters, given: Sequence[Quote], elsewhere: Quote
) -> Answer | None:
    """Return the answer that the article just quoted gives to a question about things of any kind.

    "What does a ticket cost?" is about the museum that was spoken of, though other articles have
    tickets, too; but what is named ``elsewhere`` and not here is a new subject.
    """
    if not given or filters.source:
        return None
    try:
        reply = ask(question, replace(filters, source=given[0].source.path))
    except QuestionError:
        return None
    named = _nouns(question) & _around(elsewhere)
    return _kept(reply, Meaning(question, fresh=named, needed=named), given, given[0].source.path)


def _try(ask: Ask, filters: Filters, meaning: Meaning, given: Sequence[Quote]) -> Reply:
    """Return the answer to a meaning that is about its subject, or why there is none."""
    refused: Reply | None = None
    turn = meaning.turn
    if turn and turn.quotes and not filters.source:
        near = turn.quotes[0].source
        within = replace(filters, source=near.path)
        home = near.path if _speaks_of(turn, meaning) else ""
        try:
            replies = [ask(words, within) for words in dict.fromkeys(meaning.near)]
        except QuestionError:  # the article is gone, or the filters leave it out
            replies = []
        kept = [k for r in replies if (k := _kept(r, meaning, given, home))]
        if kept:
            return max(kept, key=lambda answer: _worth(answer.quotes[0], meaning, given))
        refused = _refused(replies[0]) if replies else None
    if refused and not meaning.everywhere:
        return refused
    reply = ask(meaning.question, filters)
    return _kept(reply, meaning, given, "") or refused or _refused(reply)


def _kept(reply: Reply, meaning: Meaning, given: Sequence[Quote], near: str) -> Answer | None:
    """Return an answer with the quotes that are about the subject; None when there are none."""
    if not isinstance(reply, Answer):
        return None
    quotes = [q for q in reply.quotes if _fits(q, meaning, near) and not _stale(q, meaning)]
    if not quotes:
        return None
    quotes.sort(key=lambda quote: -_worth(quote, meaning, given))
    # What differs was found among all quotes, so it is told only where all of them are kept.
    conflict = reply.conflict if len(quotes) == len(reply.quotes) else None
    confidence = quotes[0].probability
    return replace(reply, quotes=tuple(quotes), confidence=confidence, conflict=conflict)


def _worth(quote: Quote, meaning: Meaning, given: Sequence[Quote]) -> float:
    """Return what orders quotes: their probability, less for what speaks against them.

    A quote without what is new in the question, without the kind of fact that is asked for, or
    that was just given, is seldom the answer, but may be.
    """
    missing = 0.0
    if meaning.fresh:
        said = meaning.fresh & set(terms_of(quote.text))
        missing = 1 - len(said) / len(meaning.fresh)
    kind = type_of(meaning.question)
    lacking = held(kind, quote.text, meaning.question) is False
    repeated = (quote.source.path, quote.span, quote.words) in {
        (q.source.path, q.span, q.words) for q in given
    }
    return quote.probability - _MISSING * missing - _LACKING * lacking - _REPEATED * repeated


def _speaks_of(turn: Turn, meaning: Meaning) -> bool:
    """Return whether the article that was quoted last is about the subject.

    Those that a refusal shows are only near it: they may not even name it.
    """
    path = turn.quotes[0].source.path
    shown = (_around(quote) for quote in turn.quotes if quote.source.path == path)
    return turn.answered or any(_is_named(meaning, around) for around in shown)


def _fits(quote: Quote, meaning: Meaning, near: str) -> bool:
    around = _around(quote)
    if not meaning.needed <= around:
        return False
    if meaning.fresh and not meaning.fresh & around:
        sure = _SURE_OF_PART if meaning.sure else _SURE_OF_WHOLE
        return quote.source.path == near and quote.probability >= sure
    return quote.source.path == near or _is_named(meaning, around)


def _stale(quote: Quote, meaning: Meaning) -> bool:
    """Return whether the words of a quote answered the question into which a part was put.

    "And a ticket?" after "how many stops are there?" is not answered by the stops.
    """
    if not (meaning.exchanged and meaning.turn and meaning.turn.answered):
        return False
    if meaning.fresh & set(terms_of(quote.text)):
        return False
    known = meaning.turn.quotes[0]
    return (quote.source.path, quote.words) == (known.source.path, known.words)


def _is_named(meaning: Meaning, around: AbstractSet[str]) -> bool:
    named = len(meaning.about & around)
    return named > 0 and named >= _MOST_OF_NAME * len(meaning.about)


def _around(quote: Quote) -> AbstractSet[str]:
    """Return the terms of a quote, of its paragraph and of what says what that is about.

    Its author is whom a paragraph is about that says "I".
    """
    above = [*quote.headings, *(cell.header for cell in quote.cells if cell.header)]
    above += [quote.opening] if quote.opening else []
    said = " ".join(excerpt.text for excerpt in above)
    told = f"{quote.source.title} {said} {quote.paragraph} {quote.text}"
    return set(terms_of(f"{told} {quote.source.author}" if _I.search(told) else told))


def _refused(reply: Reply) -> Abstention:
    """Return a refusal as it is, and an answer about another subject as a refusal."""
    if isinstance(reply, Abstention):
        return reply
    reason = AbstentionReason.NOT_STATED
    return Abstention(reply.question, reason, reply.quotes, reply.confidence)


def _named(reply: Reply, question: str, meaning: Meaning) -> Reply:
    """Return a reply to the question as asked that says what it was taken to mean."""
    meant = "" if _same(question, meaning.question) else meaning.question
    return replace(reply, question=question, meant=meant[:1].upper() + meant[1:])


def _same(one: str, other: str) -> bool:
    return one.casefold().strip(" ?.!") == other.casefold().strip(" ?.!")
