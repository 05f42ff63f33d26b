"""The corpus for measuring at size: seeded, unique, and no made paragraph answers a known question."""

from __future__ import annotations

import gzip
import itertools
import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import scale_corpus as corpus

from sourcebot.articles.files import list_sources, read_article
from sourcebot.articles.paragraphs import segment
from sourcebot.checks.evaluation import Case

THINGS = ("bridge", "ferry", "library", "tram", "orchard", "museum", "quarry", "bakery")
WORDS = ("old", "northern", "wooden", "public", "crowded", "painted", "narrow", "silent", "famous")


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A folder of texts laid out like the public ones: four sets and sentences to make articles of."""
    folder = tmp_path / "shared"
    for number, name in enumerate(corpus.SETS):
        sources = folder / "eval" / name / "sources"
        sources.mkdir(parents=True)
        text = f"The mayor of Town{number} opened the {THINGS[number]} on 3 March 19{number}2 with a speech.\n"
        (sources / "one.md").write_text(f"---\ntitle: Town{number}\n---\n\n{text}", "utf-8")
        lines = [
            {
                "question": f"When was the {THINGS[number]} opened?",
                "answers": [f"19{number}2"],
                "sources": ["one.md"],
            },
            {"question": "Who sold the moon?", "answers": [], "sources": []},
        ]
        (folder / "eval" / name / "questions.jsonl").write_text(
            "".join(json.dumps(line) + "\n" for line in lines), "utf-8"
        )
    (folder / "train").mkdir()
    sentences = [
        f"The {word} {thing} of Norrin {end}."
        for word, thing, end in itertools.product(
            WORDS,
            THINGS,
            (
                "was built in 1902, although nobody had asked the mayor for it at the time",
                "stands beside the river, which is wide there and full of fish in summer",
            ),
        )
    ]
    sentences.append("The mayor of Town1 opened the ferry on 3 March 1912 with a speech.")
    sentences.append("too short")
    with gzip.open(folder / "train" / "sentences.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.write(json.dumps({"sentences": sentences}) + "\n")
    return folder


def test_corpus(shared: Path, tmp_path: Path) -> None:
    """The corpus has the size asked for, the evaluation articles whole, and each paragraph once."""
    project = tmp_path / "project"
    count = corpus.write_scale_corpus(shared, project, 54)
    files = list_sources(project / "sources").files
    articles = [read_article(file)[0] for file in files]
    texts = [p.span.of(a.text) for a in articles for p in segment(a)]
    assert count == len(texts) == len(set(texts)) == 54
    assert {f.id for f in files if f.id.startswith("eval/")} == {
        f"eval/{name}/one.md" for name in corpus.SETS
    }
    for name in corpus.SETS:
        original = shared / "eval" / name / "sources" / "one.md"
        copy = project / "sources" / "eval" / name / "one.md"
        assert copy.read_bytes() == original.read_bytes()
    made = [a for a in articles if a.path.startswith("made/")]
    words = [len(p.span.of(a.text).split()) for a in made for p in segment(a)]
    assert min(words) >= corpus.LEAST_WORDS
    assert max(words) <= corpus.MOST_WORDS


def test_known_answers_stay_the_only_ones(shared: Path, tmp_path: Path) -> None:
    """The sentence that answers in an evaluation article and the answer with its terms are left out."""
    project = tmp_path / "project"
    corpus.write_scale_corpus(shared, project, 300)
    made = [p.read_text("utf-8") for p in (project / "sources" / "made").rglob("*.md")]
    paragraphs = [p for text in made for p in text.split("\n\n")[1:]]
    assert not any("Town1" in p for p in paragraphs)
    assert any("1902" in p for p in paragraphs)
    assert not any("bridge" in p and "1902" in p for p in paragraphs)


@pytest.mark.parametrize(
    ("paragraph", "given"),
    [
        ("The bridge was opened in 1902.", True),
        ("The tunnel was dug in 1902.", False),
        ("The bridge was opened in 1903.", False),
        ("It stood there, a very long answer of more than eight words in all, and so on.", True),
    ],
)
def test_given_by(*, paragraph: str, given: bool) -> None:
    """An accepted answer counts beside half of its question's terms, a long one always."""
    known = corpus.KnownAnswers(
        [
            Case("When was the old bridge opened?", ("the 1902",), ()),
            Case("What stood?", ("A very long answer of more than eight words in all",), ()),
        ]
    )
    assert known.given_by(paragraph) is given


def test_corpora_nest(shared: Path, tmp_path: Path) -> None:
    """A larger corpus begins with the articles of a smaller one, byte for byte."""
    for name, count in (("small", 40), ("large", 80)):
        corpus.write_scale_corpus(shared, tmp_path / name, count)
    small = sorted((tmp_path / "small" / "sources").rglob("*.md"))
    assert len(small) > len(corpus.SETS)
    for path in small:
        copy = tmp_path / "large" / path.relative_to(tmp_path / "small")
        assert copy.read_bytes() == path.read_bytes()


def test_questions(shared: Path, tmp_path: Path) -> None:
    """The questions name their files in the corpus; those whose articles are left out are left out."""
    corpus.write_scale_corpus(shared, tmp_path / "all", 54)
    corpus.write_scale_corpus(shared, tmp_path / "few", 4)
    cases = corpus.read_cases(tmp_path / "all" / "questions.jsonl")
    assert {c.sources[0] for c in cases if c.answers} == {
        f"eval/{name}/one.md" for name in corpus.SETS
    }
    assert len(cases) == 8
    assert all((tmp_path / "all" / "sources" / c.sources[0]).is_file() for c in cases if c.answers)
    few = corpus.read_cases(tmp_path / "few" / "questions.jsonl")
    assert {c.sources[0] for c in few if c.answers} == {"eval/seeds/one.md", "eval/xquad-en/one.md"}
