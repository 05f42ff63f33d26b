"""A topic -> quotes in the order of the dates that they state; what states none stands apart.

Nothing is guessed: the day of the report is not the day of the event, and "on Monday" is no date.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sourcebot.answering.composer import collapse
from sourcebot.answering.copies import with_copies
from sourcebot.answering.retriever import retrieve
from sourcebot.answering.validity import parted
from sourcebot.text.event_dates import event_dates, in_order
from sourcebot.text.last_names import by_last_name
from sourcebot.text.periods import Period
from sourcebot.text.questions import asks
from sourcebot.text.terms import terms_of, weights_in
from sourcebot.types import AbstentionReason, Candidate
from sourcebot.types.timelines import Dated, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcebot.answering.reader import Reader
    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.contract import Snapshot
    from sourcebot.types import Filters, Quote, Retrieval
    from sourcebot.types.timelines import EventDate

_PARAGRAPHS = 60
_READ_WORDS = 2500
_LIKELY = 0.05
"""The least probability of a sentence where the topic is a question (docs/benchmarks.md)."""

_COVERED = 0.7
_NEAR = 0.3
"""Where it is none: the least share of the topic's term weight in a sentence with the one before
it, the title and the headings, and the least cosine of topic and paragraph."""

_MOST_ENTRIES = 500
_MOST_UNDATED = 5


def make_timeline(
    topic: str,
    snapshot: Snapshot,
    embedder: Embedder,
    reader: Reader,
    filters: Filters,
    *,
    dense_weight: float,
) -> Timeline:
    """Return what the articles of a snapshot date of a topic, which may be a question.

    ``since`` and ``until`` of the filters bound the dates of the events, not of the reports.

    Raises:
        IndexStoreError: when the index cannot be read.
    """
    if snapshot.info.paragraphs == 0:
        return Timeline(topic, (), (), AbstentionReason.NOTHING_INDEXED)
    allowed = replace(filters, since=None, until=None)
    retrieval = retrieve(
        snapshot, embedder, topic, allowed, paragraphs=_PARAGRAPHS, dense_weight=dense_weight
    )
    retrieval, _ = parted(retrieval, filters)
    found = _asked(retrieval, reader) if asks(topic) else tuple(_covering(retrieval))
    quotes = collapse(found, _MOST_ENTRIES)
    dated = [Dated(quote, dates) for quote in quotes if (dates := _dates_of(quote))]
    # A title alone tells of what a whole article is, and much in it has no date.
    loose = [quote for quote in quotes if quote.probability and not _dates_of(quote)]
    undated = tuple(sorted(loose, key=lambda quote: -quote.probability))[:_MOST_UNDATED]
    bounds = Period(filters.since, filters.until)
    kept = [
        replace(entry, quote=with_copies(entry.quote, snapshot.store, allowed))
        for entry in dated
        if any(Period(d.start, d.end).overlaps(bounds) for d in entry.dates)
    ]
    entries = tuple(sorted(kept, key=lambda entry: in_order(entry.dates[0])))
    reason = None
    if not entries:
        reason = AbstentionReason.NOT_STATED if quotes else AbstentionReason.NOTHING_RELEVANT
    return Timeline(topic, entries, undated, reason, len(dated) - len(kept))


def _asked(retrieval: Retrieval, reader: Reader) -> tuple[Candidate, ...]:
    """Return the sentences that are likely to answer a question, the likeliest first."""
    read = reader.skim(retrieval, _READ_WORDS)
    return tuple(c for c in read if c.probability >= _LIKELY)


def _covering(retrieval: Retrieval) -> Iterator[Candidate]:
    """Yield the sentences of what a topic names, the nearest paragraph first.

    Their probability is none: it is the share of the topic's terms in them and the one before. In
    an article that has a topic's whole name, its last word names it.
    """
    topic = retrieval.question.strip()
    whole = {e.source.path for e in retrieval.evidence if topic in e.paragraph.text}
    for evidence in retrieval.evidence:
        if evidence.cosine < _NEAR:
            continue
        language = evidence.source.language
        weights = weights_in(retrieval.weights, language)
        total = sum(weights.values())
        above = terms_of(f"{evidence.source.title} {evidence.paragraph.heading}", language)
        before: list[str] = []
        for span in evidence.paragraph.sentences:
            sentence = evidence.paragraph.sentence_text(span)
            own = terms_of(sentence, language)
            there = {*above, *before, *own}
            covered = sum(w for term, w in weights.items() if term in there) / (total or 1.0)
            if evidence.source.path in whole and by_last_name(topic, sentence):
                covered = 1.0
            if covered >= _COVERED:
                named = len(weights.keys() & {*before, *own}) / len(weights)
                yield Candidate(evidence, span, named, covered, {}, span)
            before = own


def _dates_of(quote: Quote) -> tuple[EventDate, ...]:
    """Return the dates that a quote states, else those of the heading right above it."""
    language = quote.source.language
    dates = event_dates(quote.text, language, quote.span.start)
    if dates or not quote.headings:
        return dates
    heading = quote.headings[-1]
    return event_dates(heading.text, language, heading.span.start)
