"""Timelines, through the whole product."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from conftest import ARTICLES, Project, run_cli

from sourcebot.errors import QuestionError
from sourcebot.frontends.cli.exporting import Report, check_ending, write_export
from sourcebot.render.timelines import quotes_of, timeline_to_json, timeline_to_markdown
from sourcebot.types import AbstentionReason, Filters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import sourcebot

LIGHT = """---
title: The light at Skerry Point
published: 2023-06-01
publisher: Island Post
---

The lighthouse at Skerry Point was built from 1866 to 1868. It was painted red in the 1930s.

On Tuesday the lighthouse keeper said that a new lens would come.

The lamp was first lit in May 1869. The lighthouse has been automatic since 14 March 1981.
"""
UNDATED = """---
title: Skerry Point
---

The lighthouse at Skerry Point was closed to visitors in 2019.
"""

KEEPER = """---
title: A life among lenses
---

Ottilie Framm ground lenses for ships from 1880 to 1915.

Framm was born in 1852. Her brother Silas Framm drowned in 1901.
"""


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with articles on a lighthouse, and others."""
    project = Project(tmp_path_factory.mktemp("timeline"))
    for name, text in {
        **ARTICLES,
        "light.md": LIGHT,
        "undated.md": UNDATED,
        "keeper.md": KEEPER,
    }.items():
        project.write(name, text)
    return project


@pytest.fixture(scope="module")
def archive(light: Project) -> Iterator[sourcebot.Project]:
    """The same, indexed once."""
    with light.opened() as opened:
        yield opened


def codes(timeline: object) -> list[str]:
    """Return the dates of all entries in their order."""
    return [date.code for entry in timeline.entries for date in entry.dates]  # type: ignore[attr-defined]


def test_dated_quotes_in_order(archive: sourcebot.Project, light: Project) -> None:
    """By the date of the event, at its precision, verbatim, with the day of the report apart."""
    timeline = archive.timeline("lighthouse at Skerry Point")
    assert codes(timeline) == ["1866/1868", "1869-05", "193X", "1981-03-14/..", "2019"]
    reported = {e.quote.source.path: e.quote.source.published for e in timeline.entries}
    assert reported == {"light.md": dt.date(2023, 6, 1), "undated.md": None}
    for entry in timeline.entries:
        text = (light.folder / "sources" / entry.quote.source.path).read_text("utf-8")
        assert entry.quote.span.of(text) == entry.quote.text
        for date in entry.dates:
            assert date.said.span.of(text) == date.said.text


def test_a_missing_date_is_not_guessed(archive: sourcebot.Project) -> None:
    """The word Tuesday is no date, although the report has one."""
    timeline = archive.timeline("lighthouse at Skerry Point")
    assert [q.text[:10] for q in timeline.undated] == ["On Tuesday"]


def test_a_person_is_named_by_the_last_name(archive: sourcebot.Project) -> None:
    """In an article that has the whole name, unless another first name stands before it."""
    entries = archive.timeline("Ottilie Framm").entries
    assert [entry.dates[0].code for entry in entries] == ["1852", "1880/1915"]


def test_bounds_are_of_events(archive: sourcebot.Project) -> None:
    """The days asked for bound the events, not the reports; what is left out is counted."""
    topic = "lighthouse at Skerry Point"
    within = archive.timeline(topic, Filters(since=dt.date(1869, 1, 1), until=dt.date(1950, 1, 1)))
    assert codes(within) == ["1869-05", "193X"]
    nothing = archive.timeline(topic, Filters(until=dt.date(1700, 1, 1)))
    assert (nothing.entries, nothing.reason) == ((), AbstentionReason.NOT_STATED)
    assert nothing.outside == 5


def test_as_of_a_day(archive: sourcebot.Project) -> None:
    """What was published later is not known then."""
    timeline = archive.timeline("lighthouse at Skerry Point", Filters(as_of=dt.date(2020, 1, 1)))
    assert codes(timeline) == ["2019"]


def test_copies_count_once(archive: sourcebot.Project) -> None:
    """A report that two articles carry is one entry that names both."""
    (entry,) = archive.timeline("harbour bridge at Lowmere").entries
    assert entry.dates[0].code == "2022-03-03"
    assert {entry.quote.source.path, *(s.path for s in entry.quote.also)} == {
        "bridge.md", "copy.md",
    }  # fmt: skip


def test_a_question_as_topic(archive: sourcebot.Project) -> None:
    """Then the sentences are those that may answer it."""
    timeline = archive.timeline("Since when has the lighthouse at Skerry Point been automatic?")
    assert "1981-03-14/.." in codes(timeline)


def test_refusals(archive: sourcebot.Project) -> None:
    """What no article is about has no timeline; no topic and mixed-up days are errors."""
    timeline = archive.timeline("the chess openings of Capablanca")
    assert (timeline.entries, timeline.undated) == ((), ())
    assert timeline.reason is AbstentionReason.NOTHING_RELEVANT
    with pytest.raises(QuestionError):
        archive.timeline(" ? ")
    with pytest.raises(QuestionError, match="lies after"):
        archive.timeline("bridge", Filters(since=dt.date(2020, 1, 1), until=dt.date(2019, 1, 1)))
    with pytest.raises(QuestionError, match="publisher"):
        archive.timeline("bridge", Filters(publisher="Nobody"))


@pytest.mark.parametrize("ending", ["md", "txt", "bib", "ris", "csl.json", "json"])
def test_exports(archive: sourcebot.Project, tmp_path: Path, ending: str) -> None:
    """Every form holds the quotes; a file that exists stays as it is."""
    timeline = archive.timeline("lighthouse at Skerry Point")
    path = tmp_path / f"light.{ending}"
    check_ending(path)

    report = Report(
        quotes_of(timeline),
        lambda: timeline_to_json(timeline),
        lambda: timeline_to_markdown(timeline),
    )
    write_export(path, report)
    assert "first lit in May 1869" in path.read_text("utf-8")
    with pytest.raises(QuestionError):
        check_ending(path)
    with pytest.raises(QuestionError):
        write_export(path, report)
    with pytest.raises(QuestionError, match="in which form"):
        check_ending(tmp_path / "light.pdf")


def test_on_the_command_line(light: Project, tmp_path: Path) -> None:
    """Shown with both dates, as JSON, exported, and proven by Python alone."""
    ask = ("--project", light.folder, "timeline", "lighthouse at Skerry Point")
    shown = run_cli(*ask, "--until", "1940", "--export", tmp_path / "light.md")
    assert shown.status == 0
    assert shown.out.splitlines()[0] == "1866 – 1868"
    assert "reported 1 June 2023 · The light at Skerry Point · Island Post" in shown.out
    written = (tmp_path / "light.md").read_text("utf-8")
    assert written.startswith("# Timeline: lighthouse at Skerry Point\n")
    given = run_cli(*ask, "--json", "--bundle", tmp_path / "proof.zip")
    value = json.loads(given.out)
    assert [e["dates"][0]["code"] for e in value["entries"]][:2] == ["1866/1868", "1869-05"]
    assert value["entries"][-1]["reported"] is None
    with zipfile.ZipFile(tmp_path / "proof.zip") as packed:
        packed.extractall(tmp_path / "proof")
    proof = subprocess.run(
        [sys.executable, "-I", tmp_path / "proof" / "verify.py"], capture_output=True, text=True
    )
    assert proof.returncode == 0, proof.stdout
    assert proof.stdout.startswith("6 quotes proven")
    nothing = run_cli("--project", light.folder, "timeline", "chess openings of Capablanca")
    assert (nothing.status, nothing.out) == (
        3, "Nothing relevant to this was found in the articles.\n",
    )  # fmt: skip
