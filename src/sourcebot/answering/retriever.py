"""Question -> evidence: dense and lexical search, fused, with the raw scores kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sourcebot.answering.copies import without_copies
from sourcebot.errors import REPAIR, IndexCorrupt
from sourcebot.text.languages import ENGLISH, question_language
from sourcebot.text.lengths import words_in
from sourcebot.types import Evidence, Filters, Hit, Retrieval, Retriever

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from sourcebot.embedding.embedder import Embedder
    from sourcebot.index.contract import Snapshot
    from sourcebot.types import Attribution, Paragraph

    Scores = npt.NDArray[np.float64]

_DEPTH = 50
_WIDENED = 8
_SHORT = 60
"""So many of the best paragraphs bring their neighbours, when they have fewer words than this."""

_NEAREST = 3
"""Of so many paragraphs a refusal says that no reader in use reads their language."""

_NEIGHBOUR_DISCOUNT = 1.0
"""How much lower than its hit a neighbour is scored, in standard deviations."""


def retrieve(
    snapshot: Snapshot,
    embedder: Embedder,
    question: str,
    filters: Filters,
    *,
    paragraphs: int,
    dense_weight: float,
) -> Retrieval:
    """Return the ``paragraphs`` nearest to the question, best first.

    The best of them bring their neighbours when they are short. Each retriever brings its best
    50. The fused score is the weighted sum of the scores' z-values over the union: on the
    development sets it beat reciprocal rank fusion and either retriever alone (docs/why.md).

    Raises:
        IndexStoreError: when the index cannot be read.
    """
    weights = snapshot.weights(question)
    vector = embedder.embed_questions([question])[0]
    depth = max(_DEPTH, paragraphs)
    dense_ids, _ = snapshot.search_dense(vector, depth, filters)
    lexical_ids, lexical_scores = snapshot.search_lexical(weights, depth, filters)

    ids = np.union1d(dense_ids, lexical_ids)
    if len(ids) == 0:
        return Retrieval(question, weights, ())
    cosine = snapshot.cosines(vector, ids).astype(np.float64)
    bm25 = np.zeros(len(ids))
    bm25[np.searchsorted(ids, lexical_ids)] = lexical_scores
    asked, foreign = "", np.zeros(len(ids), bool)
    if embedder.reads_all:
        found = snapshot.store.paragraphs(ids.tolist())
        spoken = [found[number][1].language for number in ids.tolist()]
        asked = question_language(question, spoken)
        foreign = _foreign(spoken, asked)
    # Beside texts in the question's language the others keep their rank: they seldom answer.
    across = bool(foreign.all()) and bool(asked)
    cosine = embedder.comparable(cosine, across=across)
    dense, words = _standardized(cosine), _standardized(bm25)
    fused = dense_weight * dense + (1 - dense_weight) * words
    # The words of a question say nothing about texts in another language.
    fused = np.where(foreign, np.maximum(fused, dense), fused)
    raw = {
        int(ids[place]): (float(fused[place]), float(cosine[place]), float(bm25[place]))
        for place in np.argsort(-fused, kind="stable")
    }
    best = _best(snapshot, list(raw), paragraphs, filters)
    ranks = {Retriever.DENSE: _ranks(dense_ids), Retriever.LEXICAL: _ranks(lexical_ids)}
    stored = snapshot.store.paragraphs(best)
    brought = _neighbours(snapshot, stored, best)
    unscored = [number for number in brought if number not in raw]
    stored |= snapshot.store.paragraphs(list(brought))
    if unscored:
        near = snapshot.cosines(vector, np.array(unscored, np.int64)).astype(np.float64)
        near = embedder.comparable(near, across=across)
        for number, cosine_of in zip(unscored, near.tolist(), strict=True):
            raw[number] = (raw[brought[number]][0] - _NEIGHBOUR_DISCOUNT, cosine_of, 0.0)
    kept = without_copies((stored[n] for n in (*best, *brought)), snapshot.store, filters)
    evidence = [_evidence(*stored[p.id], *raw[p.id], ranks=ranks) for p in kept]
    if not all(filters.allow(found.source) for found in evidence):
        raise IndexCorrupt(
            f"the index {snapshot.info.name} is damaged: a filter is not kept", REPAIR
        )
    ranked = tuple(sorted(evidence, key=lambda e: -e.score))
    asked = asked or _told_apart(question, ranked)
    placed = tuple(_placed(e, asked) for e in ranked)
    return Retrieval(question, weights, placed, asked, embedder.reads_all)


def _foreign(spoken: Sequence[str], asked: str) -> npt.NDArray[np.bool_]:
    """Return which of the languages of texts are known and not the question's."""
    return np.array([bool(asked) and language not in {asked, ""} for language in spoken], bool)


def _told_apart(question: str, evidence: tuple[Evidence, ...]) -> str:
    """Return the question's language where not all is in English; "" leaves all as it is there."""
    spoken = [found.source.language for found in evidence]
    return question_language(question, spoken) if set(spoken) - {"", ENGLISH} else ""


def unread_in(retrieval: Retrieval) -> str:
    """Return the language of the question, or of what is nearest to it, where it is not English."""
    asked = retrieval.language or question_language(retrieval.question, (ENGLISH,))
    nearest = (e.source.language for e in retrieval.evidence[:_NEAREST])
    return next((code for code in (asked, *nearest) if code not in {"", ENGLISH}), "")


def _placed(evidence: Evidence, asked: str) -> Evidence:
    """Return a paragraph that says whether it is in another language than the question."""
    source = evidence.source
    if not asked or source.language in {"", asked}:
        return evidence
    return replace(evidence, source=replace(source, foreign=True))


def _best(snapshot: Snapshot, ranked: list[int], count: int, filters: Filters) -> list[int]:
    """Return the first ``count`` of the ranked paragraphs; copies leave their places to others."""
    best: list[int] = []
    for wanted in (count, len(ranked)):
        if len(best) < min(count, len(ranked)):
            stored = snapshot.store.paragraphs(ranked[:wanted])
            kept = without_copies((stored[n] for n in ranked[:wanted]), snapshot.store, filters)
            best = [paragraph.id for paragraph in kept][:count]
    return best


def _evidence(
    paragraph: Paragraph,
    source: Attribution,
    score: float,
    cosine: float,
    bm25: float,
    *,
    ranks: dict[Retriever, dict[int, int]],
) -> Evidence:
    raw = {Retriever.DENSE: cosine, Retriever.LEXICAL: bm25}
    hits = tuple(
        Hit(paragraph.id, rank[paragraph.id], raw[retriever], retriever)
        for retriever, rank in ranks.items()
        if paragraph.id in rank
    )
    return Evidence(paragraph, source, score, cosine, bm25, hits)


def _neighbours(
    snapshot: Snapshot, stored: dict[int, tuple[Paragraph, Attribution]], best: list[int]
) -> dict[int, int]:
    """Return the neighbours of the best short paragraphs, each with the hit that brings it.

    A news paragraph is often one sentence: the words of the question may stand in one, the
    answer in the next.
    """
    short = [n for n in best[:_WIDENED] if words_in(stored[n][0].text) < _SHORT]
    found: dict[int, int] = {}
    around = snapshot.store.around(short, 1)
    for hit in short:
        for paragraph in around.get(hit, ()):
            if paragraph.id not in best:
                found.setdefault(paragraph.id, hit)
    return found


def _standardized(scores: Scores) -> Scores:
    """Return z-values; all zero when the scores do not differ."""
    spread = scores.std()
    return (scores - scores.mean()) / spread if spread > 1e-9 else np.zeros_like(scores)


def _ranks(ids: npt.NDArray[np.int64]) -> dict[int, int]:
    return {int(paragraph): rank for rank, paragraph in enumerate(ids, start=1)}
