"""Question -> evidence."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from conftest import ANSWERED, ARTICLES

from sourcebot.answering.retriever import retrieve
from sourcebot.index.embedded.generation import open_current
from sourcebot.text.terms import terms_of
from sourcebot.types import Filters, Retriever

if TYPE_CHECKING:
    from conftest import Project

    from sourcebot.embedding.embedder import OnnxEmbedder
    from sourcebot.index.embedded.generation import Generation
    from sourcebot.types import Retrieval


@pytest.fixture(scope="module")
def opened(shared_project: Project) -> Generation:
    """The generation of the sample articles."""
    return open_current(shared_project.embeddings)


def find(
    opened: Generation,
    embedder: OnnxEmbedder,
    question: str,
    filters: Filters = Filters(),  # noqa: B008 (frozen)
    paragraphs: int = 16,
    dense_weight: float = 0.65,
) -> Retrieval:
    """Return what is found for a question."""
    return retrieve(
        opened, embedder, question, filters, paragraphs=paragraphs, dense_weight=dense_weight
    )


FILTERS = [
    (Filters(source="bridge.md"), {"bridge.md"}),
    (Filters(source="NORTH/"), {"north/ferry.txt"}),
    (Filters(source="*.txt"), {"library.txt", "north/ferry.txt"}),
    (Filters(source="beekeeping"), {"bees.md"}),
    (Filters(publisher="quay"), {"bridge.md"}),
    (Filters(publisher="QUAY GAZETTE"), {"bridge.md"}),
    (Filters(since=dt.date(2022, 3, 5)), {"copy.md", "library.txt"}),
    (Filters(until=dt.date(2022, 3, 4)), {"bridge.md"}),
    (Filters(since=dt.date(2022, 3, 5), until=dt.date(2022, 3, 5)), {"copy.md"}),
    (Filters(publisher="wire", until=dt.date(2030, 1, 1)), {"copy.md"}),
    (Filters(publisher="nobody"), set()),
]


@pytest.mark.parametrize(
    ("filters", "allowed"), FILTERS, ids=lambda v: "" if isinstance(v, set) else str(v)[8:60]
)
def test_filters(
    opened: Generation, embedder: OnnxEmbedder, filters: Filters, allowed: set[str]
) -> None:
    """Only articles that a filter allows are found, and each of them is."""
    evidence = find(opened, embedder, ANSWERED, filters, paragraphs=100).evidence
    assert {e.source.path for e in evidence} == allowed


@pytest.mark.parametrize(
    ("filters", "allowed"), FILTERS, ids=lambda v: "" if isinstance(v, set) else str(v)[8:60]
)
def test_both_retrievers_honour_filters(
    opened: Generation, embedder: OnnxEmbedder, filters: Filters, allowed: set[str]
) -> None:
    """Dense and lexical search are each kept to the articles that the filter allows."""
    articles, paragraphs = opened.store.matching(filters)
    dense, _ = opened.vectors.search(embedder.embed_questions([ANSWERED])[0], 100, paragraphs)
    words = terms_of("bridge library ferry honey council beam tunnel")
    lexical, _ = opened.lexical.search(words, 100, articles)
    stored = opened.store.paragraphs([*dense.tolist(), *lexical.tolist()])
    assert {stored[i][1].path for i in dense.tolist()} == allowed
    assert {stored[i][1].path for i in lexical.tolist()} == allowed


def test_filtered_search_is_as_deep(opened: Generation, embedder: OnnxEmbedder) -> None:
    """A filter does not thin out the best hits of all: it fills them from what is allowed."""
    wanted = Filters(source="north/ferry.txt")
    evidence = find(opened, embedder, ANSWERED, wanted, paragraphs=3).evidence
    assert 3 <= len(evidence) <= 9
    assert {e.source.path for e in evidence} == {"north/ferry.txt"}


@pytest.mark.parametrize(
    ("question", "path"),
    [
        (ANSWERED, "bridge.md"),
        ("Who steers the boat to Varn?", "north/ferry.txt"),
        ("Fjeld", "north/ferry.txt"),
        ("How much honey was made?", "bees.md"),
        ("What burned down in 2019?", "library.txt"),
    ],
)
def test_best_evidence(
    opened: Generation, embedder: OnnxEmbedder, question: str, path: str
) -> None:
    """The paragraph that a reader would choose comes first, by words or by meaning."""
    assert find(opened, embedder, question).evidence[0].source.path in {path, "copy.md"}


def test_fusion_orders_the_evidence(opened: Generation, embedder: OnnxEmbedder) -> None:
    """The evidence is ordered by score, without repetition; neighbours come besides."""
    evidence = find(opened, embedder, ANSWERED, paragraphs=7).evidence
    scores = [e.score for e in evidence]
    assert scores == sorted(scores, reverse=True)
    assert len({e.paragraph.id for e in evidence}) == len(evidence)
    assert 7 <= len(evidence) <= 21


def test_neighbours_are_brought(opened: Generation, embedder: OnnxEmbedder) -> None:
    """A short paragraph that is found brings those before and after it in its article."""
    evidence = find(opened, embedder, ANSWERED, paragraphs=1).evidence
    hit = evidence[0]
    around = opened.store.around([hit.paragraph.id], 1)[hit.paragraph.id]
    assert len(around) > 1
    assert {e.paragraph.id for e in evidence} == {p.id for p in around}
    assert {e.source.path for e in evidence} == {hit.source.path}


def test_weight_of_the_retrievers(opened: Generation, embedder: OnnxEmbedder) -> None:
    """Weight 1 orders as the dense retriever alone, weight 0 as the lexical one."""
    dense = find(opened, embedder, ANSWERED, dense_weight=1.0).evidence
    lexical = find(opened, embedder, ANSWERED, dense_weight=0.0).evidence
    cosines = [e.cosine for e in dense]
    bm25 = [e.bm25 for e in lexical]
    assert cosines == sorted(cosines, reverse=True)
    assert bm25 == sorted(bm25, reverse=True)
    assert [e.paragraph.id for e in dense] != [e.paragraph.id for e in lexical]


def test_hits_explain_the_rank(opened: Generation, embedder: OnnxEmbedder) -> None:
    """Each piece of evidence holds its ranks and raw scores in the retrievers that brought it."""
    retrieval = find(opened, embedder, ANSWERED, paragraphs=100)
    vector = embedder.embed_questions([ANSWERED])[0]
    ranks: dict[Retriever, list[int]] = {Retriever.DENSE: [], Retriever.LEXICAL: []}
    for evidence in retrieval.evidence:
        assert evidence.hits
        for hit in evidence.hits:
            assert hit.paragraph_id == evidence.paragraph.id
            raw = evidence.cosine if hit.retriever is Retriever.DENSE else evidence.bm25
            assert hit.score == raw
            ranks[hit.retriever].append(hit.rank)
        stored = opened.vectors.cosines(vector, np.array([evidence.paragraph.id]))[0]
        assert evidence.cosine == pytest.approx(float(stored), abs=1e-6)
        assert -1.001 <= evidence.cosine <= 1.001
        brought = {hit.retriever for hit in evidence.hits}
        assert (evidence.bm25 > 0) == (Retriever.LEXICAL in brought)
    for found in ranks.values():
        assert sorted(found) == list(range(1, len(found) + 1))


def test_dense_ranks_follow_the_cosines(opened: Generation, embedder: OnnxEmbedder) -> None:
    """A better rank of the dense retriever means a cosine at least as high."""
    evidence = find(opened, embedder, ANSWERED, paragraphs=100).evidence
    ranked = sorted(
        (h.rank, h.score) for e in evidence for h in e.hits if h.retriever is Retriever.DENSE
    )
    scores = [score for _, score in ranked]
    assert scores == sorted(scores, reverse=True)


def test_weights_are_inverse_document_frequencies(opened: Generation) -> None:
    """A rare term weighs more than a frequent one, an unknown one most, stop words nothing."""
    weights = opened.lexical.weights("What is the Lowmere bridge zyzzyva?")
    assert set(weights) == set(terms_of("lowmere bridge zyzzyva"))
    assert weights["zyzzyva"] == max(weights.values())
    assert min(weights.values()) > 0


@pytest.mark.parametrize(
    "question", ["who is it?", "…", "🐝", "漢字", "a" * 900, "AND OR NOT (", '"bridge', "body:*"]
)
def test_odd_questions(opened: Generation, embedder: OnnxEmbedder, question: str) -> None:
    """A question without terms, or of query operators, is answered by meaning and fails nowhere."""
    evidence = find(opened, embedder, question).evidence
    assert len(evidence) > 0
    assert all(np.isfinite([e.score, e.cosine, e.bm25]).all() for e in evidence)


def test_everything_can_be_found(opened: Generation, embedder: OnnxEmbedder) -> None:
    """Each paragraph is the best evidence for its own words."""
    _, ids = opened.store.matching(Filters())
    for paragraph, source in opened.store.paragraphs(ids.tolist()).values():
        best = find(opened, embedder, paragraph.text[:900]).evidence[0].paragraph
        assert best.text == paragraph.text, source.path


def test_attribution(opened: Generation, shared_project: Project, embedder: OnnxEmbedder) -> None:
    """Evidence carries the attribution of its article and the number of its paragraph."""
    evidence = find(opened, embedder, "What will the repairs of the bridge cost?").evidence[0]
    source = evidence.source
    assert (source.title, source.publisher) == (
        "Harbour bridge at Lowmere closed",
        "The Quay Gazette",
    )
    assert (source.author, source.published) == ("Ines Okoro", dt.date(2022, 3, 4))
    assert (source.url, source.paragraph) == ("https://quay.example/bridge", 2)
    assert (shared_project.sources / source.path).read_text("utf-8") == ARTICLES["bridge.md"]
