"""Why a quote was given: in words, then in numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sourcebot.render.wording import percent
from sourcebot.text.display import one_line
from sourcebot.text.terms import terms_of
from sourcebot.types import Answer, Retriever

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcebot.types import Quote, Reply

_WORD = re.compile(r"\w[\w’'-]*")
_DEGREE = re.compile(r"\bhow \w+", re.IGNORECASE)
_FOUND_BY = {Retriever.DENSE: "by meaning", Retriever.LEXICAL: "by words"}
_ORDINALS = ("first", "second", "third")


def in_words(quote: Quote, reply: Reply) -> str:
    """Return in sentences why a quote of a reply was given."""
    own = next((p for p in reply.parts if isinstance(p, Answer) and quote in p.quotes), reply)
    return " ".join(_sentences(quote, own.meant or own.question))


def _sentences(quote: Quote, question: str) -> Iterator[str]:
    found = [f"{_place(hit.rank)} {_FOUND_BY[hit.retriever]}" for hit in quote.hits]
    if found:
        yield f"Its paragraph was found {' and '.join(found)}."
    else:
        yield "Its paragraph stands beside one that was found."
    # "How much" asks for a sum: the answer need not say "much".
    words = dict.fromkeys(_WORD.findall(_DEGREE.sub("", question)))
    asked = [word for word in words if terms_of(word)]
    text = set(terms_of(quote.text))
    around = set(terms_of(f"{quote.source.title} {quote.paragraph}")) | text
    here = [w for w in asked if text.issuperset(terms_of(w))]
    near = [w for w in asked if w not in here and around.issuperset(terms_of(w))]
    nowhere = [w for w in asked if w not in here and w not in near]
    if here:
        yield f"Of your question it holds {_listed(here)}."
    if near:
        yield f"The paragraph or the title holds {_listed(near)}."
    if nowhere:
        yield f"Not found there: {_listed(nowhere)}."
    start, end = (place - quote.span.start for place in (quote.words.start, quote.words.end))
    answering = one_line(quote.text[max(0, start) : max(0, end)])
    if answering and answering != one_line(quote.text):
        yield f"The words that answer are taken to be “{answering}”."
    yield f"Of quotes as sure as this one, {percent(quote.probability)} answer."


def _place(rank: int) -> str:
    if rank <= len(_ORDINALS):
        return _ORDINALS[rank - 1]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th") if rank // 10 % 10 != 1 else "th"
    return f"{rank}{ending}"


def _listed(words: list[str]) -> str:
    quoted = [f"“{one_line(word)}”" for word in words]
    return " and ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))


def in_numbers(quote: Quote) -> str:
    """Return a quote's place, ranks and probability on one line; JSON has all scores."""
    ranks = [f"{h.retriever.value} rank {h.rank} (score {h.score:.3f})" for h in quote.hits]
    offsets = f"characters {quote.span.start}-{quote.span.end}"
    return "; ".join((offsets, *ranks, f"probability {quote.probability:.3f}"))
