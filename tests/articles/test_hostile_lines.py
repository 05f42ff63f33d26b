"""Nothing runs away on a long line: neither a pattern nor the way from a file to its sentences."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest
from trials import patterns

from sourcebot.articles.files import parse_article
from sourcebot.articles.paragraphs import segment
from sourcebot.errors import ArticleError
from sourcebot.text.dates import parse_date
from sourcebot.text.sentences import split_sentences
from sourcebot.types import Span

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import FrameType


def test_patterns_are_found() -> None:
    """The patterns are gathered from the modules themselves, so that a new one is tested too."""
    found = patterns.patterns()
    assert len(found) > 50
    assert any(place.startswith("sourcebot.text.display") for place in found)
    assert patterns.made_at_run_time() == set(patterns.MADE_OF_VARIABLES)
    assert patterns.slowest(patterns.Used(re.compile(r"a+b")), 20_000, 0.06)[0] == 0.06


def test_no_pattern_runs_away() -> None:
    """No pattern needs 60 ms of CPU for 3,000 hostile characters, and forty times that for 30,000.

    Most need less than one. One whose time grows with the square of the length needs about as much there, and hours at
    1 MB; benchmarks/reliability.py tries longer lines.
    """
    slow = {
        place: worst
        for place, used in patterns.patterns().items()
        if (worst := patterns.slowest(used, 3_000, 0.06))[0] >= 0.06
    }
    assert slow == {}


UNITS = ["![", ".”’)", "x.[1]", "“Yes. No. ", "T", "\n "]


def _calls(work: Callable[[], object]) -> int:
    """Return how many functions were called, Python's and C's: the same on every machine."""
    calls = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("name", ["x.md", "x.txt"])
@pytest.mark.parametrize("unit", UNITS)
def test_hostile_articles(unit: str, name: str) -> None:
    """A file of one repeated unit is segmented in steps that grow with its length, not its square."""

    def read(length: int) -> None:
        data = ("Words of a title.\n\n" + unit * (length // len(unit)) + " end.").encode()
        article, _ = parse_article(name, data)
        assert all(p.span.of(article.text).strip() for p in segment(article))

    read(300)  # what is loaded once is not counted
    steps = [_calls(partial(read, length)) for length in (6_000, 24_000)]
    # Four times the length; the square would be 16 times.
    assert steps[1] < 8 * steps[0]


def test_sentences_of_a_long_paragraph() -> None:
    """Sentences are found alike wherever a long paragraph is looked at in parts."""
    sentences = [f"The council of Lowmere approved plan {n} for the bridge." for n in range(400)]
    text = " ".join(sentences)
    assert [s.of(text) for s in split_sentences(text, Span(0, len(text)))] == sentences


@pytest.mark.parametrize("value", ["T" * 60_000, ", " * 30_000, "1th " * 20_000, "(" * 60_000])
def test_long_dates(value: str) -> None:
    """What is longer than any date is none, at once."""
    assert parse_date(value) is None


def test_deep_folders(tmp_path: Path) -> None:
    """Folders nested deeper than Python may recurse are listed or named, without a traceback."""
    program = (
        "import os, pathlib, sys; from sourcebot.articles.files import list_sources\n"
        "root = pathlib.Path(sys.argv[1]); os.chdir(root)\n"
        "for _ in range(1500): os.mkdir('d'); os.chdir('d')\n"
        "open('a.md', 'w').write('Words.'); os.chdir(root)\n"
        "listing = list_sources(root); print(len(listing.files), len(listing.failed))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=False
    )
    # Not by Python, whose own tools for that recurse.
    subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() in {"1 0", "0 1"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no such limits")
def test_memory_of_a_large_article() -> None:
    """A file of 8 MB in one line is read in bounded memory."""
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    data = b"The bridge was closed on Monday after a storm, the council said. " * 125_000
    try:
        article, _ = parse_article("x.txt", data)
    except ArticleError:
        pytest.fail("a long article is an article")
    assert len(article.text) == len(data)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 * 1024
