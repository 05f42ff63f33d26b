"""Hard negatives: windows that look right to BM25 and do not hold the answer.

Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond".
Negatives mined by a retriever: Karpukhin et al. 2020, https://arxiv.org/abs/2004.04906.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from training.context import Corpus
from training.text import holds

MINED_SETS = frozenset({"squad2", "nq", "covidqa"})  # self-contained questions, answers known
POOL_SETS = frozenset({"squad2", "nq", "covidqa", "selqa", "nqg", "qamr"})
DEEPEST = 30
KEPT = 4
_K1, _B = 1.2, 0.75


def mine(corpus: Corpus) -> dict[int, tuple[int, ...]]:
    """Return for each answerable row the rows whose windows are near it but do not answer."""
    pool = [n for n, row in enumerate(corpus.rows) if row.dataset in POOL_SETS]
    texts = [" ".join(corpus.rows[n].sentences) for n in pool]
    asked = [
        n
        for n, row in enumerate(corpus.rows)
        if row.dataset in MINED_SETS and row.answerable and row.answer
    ]
    vectorizer = CountVectorizer(stop_words="english", dtype=np.float32)
    weights = bm25_weights(vectorizer.fit_transform(texts))
    questions = vectorizer.transform([corpus.rows[n].question for n in asked])
    mined: dict[int, tuple[int, ...]] = {}
    for start in range(0, len(asked), 256):
        scores = (questions[start : start + 256] @ weights.T).toarray()
        for line, number in zip(scores, asked[start : start + 256], strict=True):
            mined[number] = _not_answering(corpus, number, line, pool)
    return {number: found for number, found in mined.items() if found}


def _not_answering(
    corpus: Corpus, number: int, scores: NDArray[np.float32], pool: list[int]
) -> tuple[int, ...]:
    row = corpus.rows[number]
    own = set(row.sentences)
    seen: set[str] = set()
    found: list[int] = []
    best = np.argpartition(-scores, DEEPEST)[:DEEPEST]
    for place in best[np.argsort(-scores[best], kind="stable")]:
        other = corpus.rows[pool[place]]
        sentences = set(other.sentences)
        if sentences & (own | seen) or holds(" ".join(other.sentences), row.answer or ""):
            continue
        seen |= sentences
        found.append(pool[place])
        if len(found) == KEPT:
            break
    return tuple(found)


def bm25_weights(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return BM25 weights [texts, terms] float32 for the counts of the same shape."""
    matrix = counts.tocsr().astype(np.float32)
    lengths = np.asarray(matrix.sum(axis=1)).ravel()
    frequency = np.diff(matrix.tocsc().indptr)
    total = matrix.shape[0]
    rarity = np.log1p((total - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
    norm = _K1 * (1 - _B + _B * lengths / lengths.mean())
    per_value = np.repeat(norm, np.diff(matrix.indptr))
    matrix.data = matrix.data * (_K1 + 1) / (matrix.data + per_value) * rarity[matrix.indices]
    return matrix
