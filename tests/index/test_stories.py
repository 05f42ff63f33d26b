"""Syndicated copies are found, shown, and quoted as one voice."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest
from conftest import ARTICLES, Project, run_cli
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.index.embedded.generation import open_current
from sourcebot.index.stories import find_stories, signature, similarity, unpacked
from sourcebot.types import Answer, Filters

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcebot.embedding.embedder import OnnxEmbedder
    from sourcebot.types import Quote, Reply

WIRE = [
    "The weather station on Mount Ansel will be taken down in spring, its owner, the Norrin observatory, announced on Thursday.",
    "The station has measured rain and wind without a break since 1931, the longest series in the county.",
    "Repairs to its mast would have cost 84,000 crowns, the observatory's director Lena Virtanen said.",
    "A smaller automatic station is to be set up beside the ski lift next year.",
    "The wooden hut that housed the observers will go to the museum of Penfold, which has asked for it.",
    "Hikers have used the hut as a shelter for decades and left their names in a book that fills nine volumes.",
]


def article(
    publisher: str, day: int, paragraphs: list[str], title: str = "Old weather station to go"
) -> str:
    """Return an article file."""
    body = "\n\n".join(paragraphs)
    return (
        f"---\ntitle: {title}\npublisher: {publisher}\npublished: 2024-02-{day:02}\n---\n\n{body}\n"
    )


WIRED = {
    "agency.md": article("Northern Wire", 1, WIRE),
    "echo.md": article("Penfold Echo", 2, ["Walkers will miss it.", *WIRE], "Hut comes to Penfold"),
    "post.md": article(
        "The Norrin Post", 2, [WIRE[0], WIRE[1], WIRE[2].replace("84,000", "96,000"), *WIRE[3:]]
    ),
    **ARTICLES,
}


@pytest.fixture(scope="module")
def wired(
    make_project: Callable[..., Project],
    embedder: OnnxEmbedder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Project:
    """An indexed project in which three papers print one agency's report."""
    project = make_project(tmp_path_factory.mktemp("wired") / "project", WIRED)
    project.index(embedder)
    return project


def closest(reply: Reply) -> Quote:
    """Return the best quote, whether the weights of the day take it for an answer or not."""
    return (reply.quotes if isinstance(reply, Answer) else reply.nearest)[0]


def test_copies_are_one_voice(wired: Project) -> None:
    """A quote names every article of its story that says the same, whoever was retrieved."""
    reply = wired.service().ask("Since when has the weather station on Mount Ansel measured rain?")
    assert isinstance(reply, Answer)
    best = reply.quotes[0]
    assert best.text == WIRE[1]
    assert {best.source.path, *(s.path for s in best.also)} == {"agency.md", "echo.md", "post.md"}
    places = {source.path: source.paragraph for source in (best.source, *best.also)}
    assert places == {"agency.md": 2, "echo.md": 3, "post.md": 2}
    assert not [quote for quote in reply.quotes[1:] if quote.text == WIRE[1]]


def test_copies_that_differ_in_a_fact_stay_apart(wired: Project) -> None:
    """A copy with another figure is no second source for the figure quoted."""
    reply = wired.service().ask("What would repairs to the mast of the weather station have cost?")
    assert isinstance(reply, Answer)
    by_text = {q.text: {q.source.path, *(s.path for s in q.also)} for q in reply.quotes}
    assert by_text[WIRE[2]] == {"agency.md", "echo.md"}
    assert all("post.md" not in paths for text, paths in by_text.items() if "84,000" in text)


def test_copies_respect_filters(wired: Project) -> None:
    """Only articles that may be quoted are named as further sources."""
    reply = wired.service().ask(
        "Since when has the weather station on Mount Ansel measured rain?",
        Filters(publisher="echo"),
    )
    best = closest(reply)
    assert (best.source.path, best.also) == ("echo.md", ())


def test_copies_do_not_crowd_out_other_evidence(
    make_project: Callable[..., Project],
    embedder: OnnxEmbedder,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """However often a report is printed, its paragraphs are read once."""
    copies = {f"{n:02}.md": article(f"Paper {n}", 3, WIRE) for n in range(30)}
    project = make_project(
        tmp_path_factory.mktemp("crowd") / "project",
        {**copies, **ARTICLES},
        # Thirty copies make the report's words common, hence weak.
        "[answer]\nthreshold = 0.01\n",
    )
    project.index(embedder)
    question = "Since when has the weather station on Mount Ansel measured rain?"
    reply, retrieval = project.service().ask_with_evidence(question)
    texts = [e.paragraph.text for e in retrieval.evidence]
    assert WIRE[1] in texts
    assert len(set(texts)) == len(texts)
    assert isinstance(reply, Answer)
    assert len(reply.quotes[0].also) == 29


def test_duplicates_are_shown(wired: Project, shared_project: Project) -> None:
    """`sources --duplicates` lists each group with how alike its articles are."""
    ran = run_cli("sources", "--duplicates", cwd=wired.folder)
    lines = ran.out.splitlines()
    assert ran.status == 0
    assert lines[0] == "1 report in several copies"
    assert [line.split()[-1] for line in lines if "sources/" in line] == [
        "sources/agency.md",
        "sources/echo.md",
        "sources/post.md",
    ]
    assert "ferry" not in ran.out
    none = run_cli("sources", "--duplicates", cwd=shared_project.folder)
    assert (none.status, none.out) == (0, "No two articles carry largely the same text.\n")


def test_stories_follow_changes(
    wired: Project,
    embedder: OnnxEmbedder,
    tmp_path_factory: pytest.TempPathFactory,
    make_project: Callable[..., Project],
) -> None:
    """A copy that goes away or is rewritten leaves its story."""
    project = make_project(tmp_path_factory.mktemp("follow") / "project", WIRED)
    project.index(embedder)
    (project.sources / "echo.md").unlink()
    project.write(
        "post.md", article("The Norrin Post", 2, ["The tram of Kellport stays shut until June."])
    )
    project.index(embedder)
    store_articles = open_current(project.embeddings).store
    assert store_articles.stories() == ()
    assert [c.source.path for c in open_current(wired.embeddings).store.stories()[0]] == [
        "agency.md",
        "echo.md",
        "post.md",
    ]


def test_groups_match_comparing_all_pairs() -> None:
    """Banding finds the groups that comparing every pair would find."""
    rng = random.Random(5)
    texts: list[list[str]] = []
    for _ in range(60):
        words = [f"w{rng.randrange(3000)}" for _ in range(200)]
        texts.append(words)
        for _ in range(rng.choice((0, 0, 1, 3))):
            copy = list(words)
            for _ in range(rng.choice((0, 3, 12))):
                copy[rng.randrange(len(copy))] = "changed"
            texts.append(copy)
    rng.shuffle(texts)
    matrix = unpacked(signature([" ".join(t)]) for t in texts)
    found = {frozenset(group) for group in find_stories(matrix)}
    n = len(texts)
    near = {
        frozenset((i, j))
        for i in range(n)
        for j in range(i)
        if similarity(matrix[i], matrix[j]) >= 0.6
    }
    assert all(any(pair <= group for group in found) for pair in near)
    far = {
        frozenset((i, j))
        for i in range(n)
        for j in range(i)
        if similarity(matrix[i], matrix[j]) < 0.1
    }
    assert not any(pair <= group for group in found for pair in far)


def test_similarity_estimates_the_shared_runs() -> None:
    """The estimate agrees with the exact Jaccard similarity within three standard deviations."""
    words = [f"w{i}" for i in range(400)]
    for kept in (400, 300, 200, 50):
        other = words[:kept] + [f"v{i}" for i in range(400 - kept)]
        runs = [{tuple(t[i : i + 5]) for i in range(396)} for t in (words, other)]
        exact = len(runs[0] & runs[1]) / len(runs[0] | runs[1])
        estimate = similarity(*unpacked(signature([" ".join(t)]) for t in (words, other)))
        assert estimate == pytest.approx(exact, abs=0.135)


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_text_has_a_signature(paragraphs: list[str]) -> None:
    """Any text has one; the same text the same, however it is parted, and it is one story."""
    one, other = signature(paragraphs), signature([" ".join(paragraphs)])
    assert one == other
    assert find_stories(unpacked([one, other])) == [[0, 1]]
    assert find_stories(np.empty((0, 128), np.uint32)) == []
