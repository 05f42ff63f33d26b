"""Candidates -> an answer made of verbatim quotes, or an abstention with its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sourcebot.text.answer_types import held, type_of
from sourcebot.text.likeness import alike
from sourcebot.text.tables import cells_of
from sourcebot.types import Abstention, AbstentionReason, Answer, Candidate, Quote, Reply

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sourcebot.types import Attribution, Retrieval, Source

_ON_TOPIC_COSINE = 0.35
_ON_TOPIC_COVERAGE = 0.4
_MOST_COVERED = 3
_MAY_ANSWER = 0.5
"""From this share of the threshold on a quote may answer, and a refusal does not deny it."""


def compose(
    retrieval: Retrieval, candidates: tuple[Candidate, ...], *, quotes: int, threshold: float
) -> Reply:
    """Return the best quotes when the best reaches ``threshold``, else an abstention.

    Further quotes must reach the threshold too. Near-identical sentences of different
    articles become one quote with several sources.
    """
    answering = [c for c in candidates if c.probability >= threshold]
    if answering:
        best = answering[0].probability
        return Answer(retrieval.question, collapse(answering, quotes), best)
    best = max((c.probability for c in candidates), default=0.0)
    nearest = collapse(candidates, quotes)
    if best >= _MAY_ANSWER * threshold:
        return Abstention(retrieval.question, AbstentionReason.UNSURE, nearest, best)
    covered = _on_topic(retrieval, candidates)
    if not covered:
        return Abstention(retrieval.question, AbstentionReason.NOTHING_RELEVANT, nearest, best)
    return Abstention(
        retrieval.question,
        AbstentionReason.NOT_STATED,
        nearest,
        best,
        missing=type_of(retrieval.question, retrieval.language) or None,
        covered=covered,
    )


def naming_what_is_missing(abstention: Abstention) -> Abstention:
    """Return a refusal that names a missing kind of fact only where no shown quote holds one."""
    kind = abstention.missing
    if kind is None:
        return abstention
    texts = (
        (" ".join((q.text, *(h.text for h in q.headings))), q.source.language)
        for q in abstention.nearest
    )
    if any(held(kind, t, abstention.question, language) is not False for t, language in texts):
        return replace(abstention, missing=None)
    return abstention


def _on_topic(retrieval: Retrieval, candidates: tuple[Candidate, ...]) -> tuple[Attribution, ...]:
    """Return the articles that are about what the question is about, the closest first.

    Articles with the same title, which are copies or versions, count once.
    """
    covering = (
        c.evidence
        for c in candidates
        if c.covered >= _ON_TOPIC_COVERAGE or c.evidence.cosine >= _ON_TOPIC_COSINE
    )
    near = (e for e in retrieval.evidence if e.cosine >= _ON_TOPIC_COSINE)
    found: dict[str, Attribution] = {}
    for evidence in (*covering, *near):
        found.setdefault(evidence.source.title.casefold(), evidence.source)
    return tuple(found.values())[:_MOST_COVERED]


def collapse(candidates: Iterable[Candidate], count: int) -> tuple[Quote, ...]:
    """Return the first ``count`` quotes that differ, copies joined to their first.

    Of several articles with the very same words the one that was published first is named first.
    """
    quotes: list[Quote] = []
    texts: list[str] = []
    for candidate in candidates:
        copy_of = next((i for i, t in enumerate(texts) if alike(candidate.text, t)), None)
        source = candidate.evidence.source
        if copy_of is not None:
            quote = quotes[copy_of]
            if source.path not in {s.path for s in (quote.source, *quote.also)}:
                same = candidate.text.split() == quote.text.split()
                if same and _earlier(source, quote.source):
                    first = quoted(replace(candidate, probability=quote.probability))
                    quotes[copy_of] = replace(first, also=(quote.source, *quote.also))
                else:
                    quotes[copy_of] = replace(quote, also=(*quote.also, source))
        elif len(quotes) < count:
            quotes.append(quoted(candidate))
            texts.append(candidate.text)
    return tuple(quotes)


def _earlier(one: Source, other: Source) -> bool:
    return bool(one.published and other.published and one.published < other.published)


def quoted(candidate: Candidate) -> Quote:
    """Return a candidate as a quote: the sentence with its attribution."""
    evidence = candidate.evidence
    table, opening = evidence.paragraph.table, evidence.paragraph.opening
    return Quote(
        text=candidate.text,
        span=candidate.span,
        source=evidence.source,
        probability=candidate.probability,
        words=candidate.words,
        hits=evidence.hits,
        features=candidate.features,
        paragraph_id=evidence.paragraph.id,
        paragraph=evidence.paragraph.text,
        paragraph_span=evidence.paragraph.span,
        headings=evidence.headings,
        opening=opening if opening and opening.span.end <= candidate.span.start else None,
        cells=cells_of(candidate.text, candidate.span.start, table) if table else (),
    )
