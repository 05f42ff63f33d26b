"""Copies of one report are one voice: quoted once, with every article that carries them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sourcebot.text.likeness import alike
from sourcebot.types import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sourcebot.index.contract import Articles
    from sourcebot.types import Attribution, Filters, Paragraph, Quote, Reply

_MOST_COPIES = 50
"""So many copies of a report are named at most; agencies' reports are printed by hundreds."""


def name_copies(reply: Reply, store: Articles, filters: Filters) -> Reply:
    """Return a reply whose quotes name all articles of their story that say the same."""
    if not isinstance(reply, Answer):
        return reply
    return replace(reply, quotes=tuple(with_copies(q, store, filters) for q in reply.quotes))


def with_copies(quote: Quote, store: Articles, filters: Filters) -> Quote:
    """Return a quote that names all articles of its story that say the same."""
    named = {source.path for source in (quote.source, *quote.also)}
    further: dict[str, Attribution] = {}
    for paragraph, source in store.copies_of(quote.source.path, _MOST_COPIES):
        if source.path in named or source.path in further:
            continue
        if (
            filters.allow(source)
            and filters.known(source)
            and any(alike(quote.text, paragraph.sentence_text(s)) for s in paragraph.sentences)
        ):
            further[source.path] = source
    return replace(quote, also=(*quote.also, *further.values()))


def without_copies(
    ranked: Iterable[tuple[Paragraph, Attribution]], store: Articles, filters: Filters
) -> Iterator[Paragraph]:
    """Yield ranked paragraphs, leaving out those that copy a better one of the same story.

    Otherwise a report that many carry would fill the evidence with the same few paragraphs. What
    was known on the day as of which is asked is no copy of what came later.
    """
    pairs = list(ranked)
    stories = store.story_of(sorted({source.path for _, source in pairs}))
    kept: dict[tuple[int, bool], list[Paragraph]] = {}
    for paragraph, source in pairs:
        story = stories.get(source.path)
        if story is not None:
            others = kept.setdefault((story, filters.known(source)), [])
            if any(
                other.article != paragraph.article and alike(other.text, paragraph.text)
                for other in others
            ):
                continue
            others.append(paragraph)
        yield paragraph
