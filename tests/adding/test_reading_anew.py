"""Articles that an older sourcebot read are read anew from the same originals."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import pytest
from conftest import Project, run_cli
from local_site import page, serve
from made_files import docx
from test_adding import taken, web_page

from sourcebot.adding.ledger import Entry, Ledger
from sourcebot.adding.model import EXTRACTOR
from sourcebot.types import Status

pytestmark = pytest.mark.usefixtures("read_here")

TEXT = "The sluice of Carrow was rebuilt in larch in 1987 by two carpenters."


@pytest.fixture
def place(tmp_path: Path) -> Project:
    """A project without articles."""
    (tmp_path / "project" / "sources").mkdir(parents=True)
    return Project(tmp_path / "project")


def as_read_before(place: Project, article: str, *, edited: bool = False) -> Entry:
    """Make an article one that an older sourcebot read, losing its text."""
    ledger = Ledger(place.config.originals_folder)
    path = place.config.sources_folder / article
    path.write_text(path.read_text("utf-8").replace(TEXT, "The sluice."), "utf-8")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    entry = ledger.with_article(article)
    assert entry is not None
    old = dataclasses.replace(entry, extractor=0, content="older", written="" if edited else digest)
    ledger.append([old])
    return old


def originals(place: Project) -> dict[str, bytes]:
    """Return what is kept, without the ledger."""
    folder = place.config.originals_folder
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.suffix not in {".jsonl", ".md"}
    }


def test_adding_an_unchanged_file_reads_it_anew(place: Project, tmp_path: Path) -> None:
    """The text is that of today, the original is not kept twice, and then nothing changes."""
    file = tmp_path / "sluice.docx"
    file.write_bytes(docx([TEXT], title="The sluice"))
    assert [o.status for o in taken(place, file)] == [Status.ADDED]
    as_read_before(place, "sluice.md")
    kept = originals(place)
    (outcome,) = taken(place, file)
    assert outcome.status is Status.UPDATED
    assert "read anew" in outcome.notes[0]
    assert TEXT in (place.config.sources_folder / "sluice.md").read_text("utf-8")
    assert originals(place) == kept
    assert [o.status for o in taken(place, file)] == [Status.UNCHANGED]
    assert Ledger(place.config.originals_folder).outdated() == []


def test_a_copy_reads_its_article_anew(place: Project, tmp_path: Path) -> None:
    """The same file under another name does so too, and becomes no article of its own."""
    file, copy = tmp_path / "sluice.docx", tmp_path / "copy.docx"
    file.write_bytes(docx([TEXT], title="The sluice"))
    copy.write_bytes(file.read_bytes())
    taken(place, file)
    as_read_before(place, "sluice.md")
    assert [(o.status, o.article) for o in taken(place, copy)] == [(Status.UPDATED, "sluice.md")]


def test_an_article_that_still_reads_the_same_is_noted(place: Project, tmp_path: Path) -> None:
    """Nothing is written but that it need not be read anew again."""
    file = tmp_path / "sluice.docx"
    file.write_bytes(docx([TEXT], title="The sluice"))
    taken(place, file)
    ledger = Ledger(place.config.originals_folder)
    entry = ledger.with_article("sluice.md")
    assert entry is not None
    assert entry.extractor == EXTRACTOR
    ledger.append([dataclasses.replace(entry, extractor=0)])
    assert [o.status for o in taken(place, file)] == [Status.UNCHANGED]
    assert Ledger(place.config.originals_folder).outdated() == []


def test_what_was_edited_by_hand_stays(place: Project, tmp_path: Path) -> None:
    """Adding the same changes and reports nothing; asked to read anew, it is reported as kept."""
    file = tmp_path / "sluice.docx"
    file.write_bytes(docx([TEXT], title="The sluice"))
    taken(place, file)
    as_read_before(place, "sluice.md", edited=True)
    text = (place.config.sources_folder / "sluice.md").read_text("utf-8")
    assert [o.status for o in taken(place, file)] == [Status.UNCHANGED]
    (outcome,) = taken(place, again=True)
    assert outcome.status is Status.KEPT
    assert "edited by hand" in outcome.detail
    assert (place.config.sources_folder / "sluice.md").read_text("utf-8") == text
    assert [o.status for o in taken(place, again=True, overwrite=True)] == [Status.UPDATED]


def test_kept_originals_of_all_kinds_are_read_anew(place: Project, tmp_path: Path) -> None:
    """Files, messages of a mailbox and pages, without the file, the mailbox or the site."""
    message = (
        "From: Ada <a@quay.example>\nSubject: The sluice\nDate: Mon, 2 Nov 2026 10:00:00 +0000\n\n"
    )
    file, mailbox = tmp_path / "The_sluice.docx", tmp_path / "letters.mbox"
    file.write_bytes(docx([TEXT]))
    mailbox.write_text(f"From a@quay.example Mon Nov  2 10:00:00 2026\n{message}Dear all. {TEXT}\n")
    with serve({"/sluice": page(web_page("Sluice", TEXT, TEXT[::-1]))}) as site:
        taken(place, file, mailbox, site.url("/sluice"))
    articles = sorted(
        p.relative_to(place.config.sources_folder).as_posix()
        for p in place.config.sources_folder.rglob("*.md")
    )
    assert len(articles) == 3
    before = {a: (place.config.sources_folder / a).read_text("utf-8") for a in articles}
    for article in articles:
        as_read_before(place, article)
    file.unlink()
    mailbox.unlink()
    kept = originals(place)
    outcomes = taken(place, again=True)
    assert {o.article: o.status for o in outcomes} == dict.fromkeys(articles, Status.UPDATED)
    after = {a: (place.config.sources_folder / a).read_text("utf-8") for a in articles}
    assert {a: t.replace(".eml", ".mbox") for a, t in after.items()} == before
    assert originals(place) == kept
    assert taken(place, again=True) == []


def test_an_original_that_was_not_kept_is_told(place: Project, tmp_path: Path) -> None:
    """What cannot be read anew is named with what to do; what was deleted by hand stays so."""
    for name in ("sluice", "lock"):
        file = tmp_path / f"{name}.docx"
        file.write_bytes(docx([TEXT, name], title=name))
        taken(place, file)
        old = as_read_before(place, f"{name}.md")
        (place.config.originals_folder / old.original).unlink()
    (place.config.sources_folder / "lock.md").unlink()
    (outcome,) = taken(place, again=True)
    assert (outcome.article, outcome.status) == ("sluice.md", Status.SKIPPED)
    assert "add the file or address again" in outcome.hint


def test_the_command(place: Project, tmp_path: Path) -> None:
    """The whole of what is told; without a target and without the option nothing is done."""
    file = tmp_path / "sluice.docx"
    file.write_bytes(docx([TEXT], title="The sluice"))
    project = str(place.config.project)
    assert run_cli("add", str(file), "--no-index", "--project", project).status == 0
    as_read_before(place, "sluice.md")
    result = run_cli("add", "--again", "--no-index", "--project", project)
    assert "updated" in result.out
    assert "read anew" in result.out
    assert result.status == 0
    assert run_cli("add", "--project", project).status == 2
