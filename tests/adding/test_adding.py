"""`sourcebot add` and `remove`: anything in, nothing lost, nothing written unasked."""

from __future__ import annotations

import dataclasses
import gzip
import json
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import Project, run_cli
from hypothesis import given
from hypothesis import strategies as st
from local_site import moved, page, serve, versioned
from made_files import bomb, docx, epub, packed, pdf

from sourcebot.adding.add import AddOptions, add
from sourcebot.adding.extract import extract
from sourcebot.adding.formats import READ
from sourcebot.adding.ledger import Entry, Ledger
from sourcebot.adding.model import Original
from sourcebot.adding.naming import safe_part, slug
from sourcebot.adding.remove import remove
from sourcebot.adding.targets import page_of
from sourcebot.adding.workers import Workers
from sourcebot.articles.frontmatter import read_front_matter
from sourcebot.config.loading import load_config
from sourcebot.config.settings import FetchConfig
from sourcebot.errors import ExtractionError, LedgerError
from sourcebot.fetching.fetch import Fetcher
from sourcebot.frontends.cli.commands import adding
from sourcebot.types import Answer, Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcebot.embedding.embedder import OnnxEmbedder

pytestmark = pytest.mark.usefixtures("read_here")

WELLS = [
    [
        "# The wells of Lowmere",
        "The fourth well of Lowmere was bored in 2011 at a price of 96,000 crowns.",
    ],
    ["The pump for the fourth well was ordered from Kellport and has not arrived."],
]
ORGAN = [
    "The organ of Varn was tuned by the frogs of the pond behind the church.",
    "It is a little high to this day.",
]
GEESE = "<h1>Geese</h1><p>The count of barnacle geese on the Varn coast came to 58,300 birds in January 2022.</p>"
BELL = "A ship's bell that was stolen from the harbour office in 1996 was left on its doorstep in a laundry basket.\n"


def web_page(title: str, *paragraphs: str) -> bytes:
    """Return a page with an article in it."""
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{title}</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<main><article><h1>{title}</h1>{body}</article></main><footer>Quay Media Ltd</footer></body></html>"
    ).encode()


QUARRY = (
    "The owner of the quarry on Grimsby Hill was fined 40,000 crowns over a blast that broke the windows of 62 houses.",
    "The judge found that he had ordered twice the permitted charge of explosive because a delivery was late.",
)
MILL = (
    "Tarnwick Mill ground oats and barley from 1743 until 1958 and has been a museum since 1971.",
    "Its breastshot wheel has a diameter of 5.2 metres and forty-eight buckets of oak.",
)


@pytest.fixture
def place(tmp_path: Path) -> Project:
    """A project without articles."""
    (tmp_path / "project" / "sources").mkdir(parents=True)
    return Project(tmp_path / "project")


def taken(
    place: Project,
    *targets: object,
    dry_run: bool = False,
    overwrite: bool = False,
    again: bool = False,
) -> list[Outcome]:
    """Add in this process, allowed to ask this machine."""
    web = FetchConfig(private_networks=("127.0.0.1/32",), delay=0.0)
    options = AddOptions(dry_run=dry_run, overwrite=overwrite, again=again)
    return list(
        add(place.config, [str(t) for t in targets], options, open_fetcher=lambda: Fetcher(web))
    )


def statuses(outcomes: list[Outcome]) -> dict[str, Status]:
    """Return what became of each item, by the last part of its name."""
    return {Path(o.shown).name: o.status for o in outcomes}


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder."""
    return {
        str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def thirty_files(folder: Path) -> dict[str, Status]:
    """Lay out a folder of good and bad files, and return what is to become of each."""
    good: dict[str, str | bytes] = {
        "wells.pdf": pdf(WELLS),
        "Wells (scan) ü.PDF": pdf(WELLS, title="Wells again"),
        "organ.docx": docx(ORGAN, title="The organ of Varn"),
        "geese.epub": epub([GEESE], title="A book of geese"),
        "quarry.html": web_page("Quarry owner fined", *QUARRY),
        "mill.htm": web_page("Tarnwick Mill", *MILL),
        "bell.txt": BELL,
        "note.md": "---\ntitle: A note\n---\n\nThe lighthouse of Oster Bay was switched off in 1989.\n",
        "deep/er/ferry.txt": "The last night ferry to Saltholm sails on 31 October.\n",
        "deep/weather.markdown": "# Weather\n\nThe station on Mount Ansel has measured rain since 1931.\n",
        "日本語の名前.txt": "The tram of Kellport stays shut until June.\n",
        "open.md": "---\ntitle: [open\n---\nThe front matter of this note is no YAML.\n",
        "CON.txt": "A file may be called after a device, and is renamed.\n",
        "latin.txt": "Der Müller öffnet die Mühle am Dienstag.\n".encode("cp1252"),
        "..hidden-not.txt": "This name begins with two dots and is hidden.\n",
    }
    bad: dict[str, str | bytes] = {
        "locked.pdf": pdf(WELLS, password="secret"),
        "scanned.pdf": pdf([[], []]),
        "cut.pdf": pdf(WELLS)[:200],
        "bomb.docx": bomb(450 * 1024 * 1024),
        "cut.docx": docx(ORGAN)[:-30],
        "old.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
        "outside.epub": epub([GEESE], first="../../../../etc/passwd"),
        "drm.epub": packed(
            {
                "mimetype": "application/epub+zip",
                "META-INF/encryption.xml": '<EncryptedData Algorithm="aes"/>',
            }
        ),
        "empty.txt": b"",
        "binary.txt": bytes(range(256)) * 8,
        "shell.html": b"<html><body><div id='app'></div><script>start()</script></body></html>",
    }
    other: dict[str, str | bytes] = {
        "photo.jpg": b"\xff\xd8\xff",
        "table.xls": b"\xd0\xcf\x11\xe0",
        "app.exe": b"MZ",
    }
    for name, content in {**good, **bad, **other}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    secret = folder.parent / "secret.txt"
    secret.write_text("This lies outside of the folder.", "utf-8")
    (folder / "link-out.txt").symlink_to(secret)
    (folder / "link-in.txt").symlink_to(folder / "bell.txt")
    (folder / "link-loop").symlink_to(folder, target_is_directory=True)
    with (folder / "large.txt").open("wb") as stream:
        stream.write(b"A very long text. " * 500)
        stream.truncate(200 * 1024 * 1024)
    expected = dict.fromkeys((Path(name).name for name in good), Status.ADDED)
    del expected["..hidden-not.txt"]
    expected |= dict.fromkeys(bad, Status.FAILED) | dict.fromkeys(other, Status.SKIPPED)
    return expected | {
        "link-out.txt": Status.FAILED,
        "link-loop": Status.SKIPPED,
        "large.txt": Status.FAILED,
    }


def test_thirty_mixed_files_are_added_and_asked(
    make_project: Callable[..., Project], tmp_path: Path
) -> None:
    """One run takes in all that is good and names all that is bad; then it can be asked."""
    project = make_project(tmp_path / "project", {})
    expected = thirty_files(tmp_path / "mixed")
    assert len(expected) >= 30
    before = {n: d for n, d in snapshot(tmp_path / "mixed").items() if n != "large.txt"}
    ran = run_cli("add", "../mixed", cwd=project.folder)
    assert ran.status == 1
    good = [name for name, status in expected.items() if status is Status.ADDED]
    assert f"In all: {len(good)} added" in ran.out
    for name, status in expected.items():
        if status is Status.FAILED:
            assert f"   failed  ../mixed/{name}: " in ran.out, name
    assert "200 MB, more than the 32 MB that are read" in ran.out
    assert "Index built: 14 articles" in ran.out
    after = {n: d for n, d in snapshot(tmp_path / "mixed").items() if n != "large.txt"}
    assert after == before
    asked = run_cli(
        "ask", "--json", "What did the fourth well of Lowmere cost?", cwd=project.folder
    )
    quote = json.loads(asked.out)["quotes"][0]
    assert "96,000 crowns" in quote["text"]
    assert (quote["source"]["page"], asked.status) == (1, 0)
    shown = run_cli("ask", "Where was the pump for the fourth well ordered?", cwd=project.folder)
    assert "· page 2 · paragraph" in shown.out
    assert (
        run_cli(
            "ask",
            "How many barnacle geese were counted on the Varn coast in 2022?",
            cwd=project.folder,
        ).status
        == 0
    )
    again = run_cli("add", "../mixed", "--no-index", cwd=project.folder)
    assert f"{len(good)} unchanged" in again.out
    assert " added  " not in again.out


def test_thirty_mixed_files_one_by_one(place: Project, tmp_path: Path) -> None:
    """Each item becomes what it should, and no names leave the sources folder."""
    expected = thirty_files(tmp_path / "mixed")
    outcomes = taken(place, tmp_path / "mixed")
    found = statuses(outcomes)
    assert found == expected
    assert all(o.detail and "\n" not in o.detail for o in outcomes)
    for name in snapshot(place.sources):
        assert name.startswith("mixed/")
        assert name.endswith(".md")
    assert "mixed/CON_.md" in snapshot(place.sources)
    assert not list(place.folder.rglob(".*.tmp"))


def test_front_matter_and_original(place: Project, tmp_path: Path) -> None:
    """An article says where it comes from, and its original lies in the folder of originals."""
    path = tmp_path / "quarry: owner.html"
    path.write_bytes(web_page("Quarry owner: fined", *QUARRY))
    (outcome,) = taken(place, path)
    text = (place.sources / outcome.article).read_text("utf-8")
    header = read_front_matter(text)
    assert (outcome.article, header.title) == ("quarry- owner.md", "Quarry owner: fined")
    assert text[header.body_start :] == "\n" + "\n\n".join(QUARRY) + "\n"
    (entry,) = Ledger(place.config.originals_folder).of_article(outcome.article)
    assert (place.config.originals_folder / entry.original).read_bytes() == path.read_bytes()
    assert f"sha256: {entry.sha256}" in text
    assert "retrieved: 20" in text


def test_originals_can_be_left_out(place: Project, tmp_path: Path) -> None:
    """By configuration only the articles are kept."""
    (place.folder / "config.toml").write_text("[add]\noriginals = false\n", "utf-8")
    (tmp_path / "bell.txt").write_text(BELL, "utf-8")
    taken(place, tmp_path / "bell.txt")
    assert list(snapshot(place.config.originals_folder)) == ["ledger.jsonl"]


def test_adding_twice_changes_nothing(place: Project, tmp_path: Path) -> None:
    """The same file, the same bytes under another name, a link to it: one article, untouched."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bell.txt").write_text(BELL, "utf-8")
    taken(place, tmp_path / "in")
    before = snapshot(place.folder)
    assert statuses(taken(place, tmp_path / "in")) == {"bell.txt": Status.UNCHANGED}
    assert snapshot(place.folder) == before
    (tmp_path / "other.txt").write_text(BELL, "utf-8")
    (outcome,) = taken(place, tmp_path / "other.txt")
    assert (outcome.status, outcome.article) == (Status.UNCHANGED, "in/bell.md")
    assert snapshot(place.sources) == {"in/bell.md": before["sources/in/bell.md"]}


def test_copies_in_one_run_are_one_article_until_they_differ(
    place: Project, tmp_path: Path
) -> None:
    """Two files of the same bytes are one article; it follows both, and one that parts gets its own."""
    one, two = tmp_path / "in" / "one.txt", tmp_path / "in" / "two.txt"
    one.parent.mkdir()
    one.write_text(BELL, "utf-8")
    two.write_text(BELL, "utf-8")
    first = taken(place, tmp_path / "in")
    assert sorted(o.status for o in first) == [Status.ADDED, Status.UNCHANGED]
    (article,) = snapshot(place.sources)
    assert {o.article for o in first} == {article}
    longer = BELL + "\nA note inside asked for forgiveness.\n"
    for path in (one, two):
        path.write_text(longer, "utf-8")
    main, copy = (one, two) if article == "in/one.md" else (two, one)
    assert [o.status for o in taken(place, main)] == [Status.UPDATED]
    assert [o.status for o in taken(place, copy)] == [Status.UNCHANGED]
    assert set(snapshot(place.sources)) == {article}
    copy.write_text(longer.replace("bell", "gong"), "utf-8")
    assert sorted(o.status for o in taken(place, one, two)) == [Status.ADDED, Status.UNCHANGED]
    assert len(snapshot(place.sources)) == 2
    assert {o.status for o in taken(place, one, two)} == {Status.UNCHANGED}


def test_dry_run_writes_nothing(place: Project, tmp_path: Path) -> None:
    """`--dry-run` tells what would come about, in the same words, and touches nothing."""
    (tmp_path / "bell.txt").write_text(BELL, "utf-8")
    before = snapshot(tmp_path)
    (planned,) = taken(place, tmp_path / "bell.txt", dry_run=True)
    assert snapshot(tmp_path) == before
    (done,) = taken(place, tmp_path / "bell.txt")
    assert planned == done


def test_a_changed_file_becomes_a_new_version(place: Project, tmp_path: Path) -> None:
    """The article takes the new text; the old text and both originals stay recoverable."""
    path = tmp_path / "bell.txt"
    path.write_text(BELL, "utf-8")
    (first,) = taken(place, path)
    old = (place.sources / first.article).read_bytes()
    path.write_text(BELL + "\nA note inside asked for forgiveness.\n", "utf-8")
    (second,) = taken(place, path)
    assert (second.status, second.article) == (Status.UPDATED, first.article)
    assert "forgiveness" in (place.sources / first.article).read_text("utf-8")
    kept = snapshot(place.config.originals_folder)
    assert old in kept.values()
    assert BELL.encode() in kept.values()
    assert path.read_bytes() in kept.values()
    assert len(snapshot(place.sources)) == 1


def test_what_was_edited_by_hand_is_not_overwritten(place: Project, tmp_path: Path) -> None:
    """An edited article stays unless the user asks, and then its text is kept aside."""
    path = tmp_path / "bell.txt"
    path.write_text(BELL, "utf-8")
    (first,) = taken(place, path)
    article = place.sources / first.article
    edited = article.read_bytes().replace(b"laundry", b"linen")
    article.write_bytes(edited)
    assert taken(place, path)[0].status is Status.UNCHANGED
    path.write_text(BELL + "\nMore came to light.\n", "utf-8")
    (kept,) = taken(place, path)
    assert (kept.status, article.read_bytes()) == (Status.KEPT, edited)
    assert "--overwrite" in kept.hint
    (done,) = taken(place, path, overwrite=True)
    assert done.status is Status.UPDATED
    assert edited in snapshot(place.config.originals_folder).values()


def test_names_that_are_taken_are_left_alone(place: Project, tmp_path: Path) -> None:
    """An article of the user's own with the same name is not touched."""
    place.write("bell.md", "My own notes on the bell.\n")
    (tmp_path / "bell.txt").write_text(BELL, "utf-8")
    (outcome,) = taken(place, tmp_path / "bell.txt")
    assert outcome.article == "bell-2.md"
    assert (place.sources / "bell.md").read_text("utf-8") == "My own notes on the bell.\n"


@pytest.mark.parametrize("instant", ["before", "after"])
def test_a_crash_is_made_good_by_the_next_run(place: Project, tmp_path: Path, instant: str) -> None:
    """Cut between ledger and article, an update is finished, and not taken for the user's edit."""
    path = tmp_path / "bell.txt"
    path.write_text(BELL, "utf-8")
    (first,) = taken(place, path)
    article = place.sources / first.article
    old = article.read_bytes()
    path.write_text(BELL + "\nMore came to light.\n", "utf-8")
    taken(place, path)
    whole = article.read_bytes()
    if instant == "before":  # the ledger was written, the article not yet
        article.write_bytes(old)
    else:  # the ledger's last line was cut short
        ledger = place.config.originals_folder / "ledger.jsonl"
        ledger.write_bytes(ledger.read_bytes()[:-30])
        article.write_bytes(old)
    (again,) = taken(place, path)
    assert again.status is Status.UPDATED
    now, then = (
        [line for line in data.splitlines() if b"retrieved" not in line]
        for data in (article.read_bytes(), whole)
    )
    assert now == then
    assert taken(place, path)[0].status is Status.UNCHANGED


def test_an_article_deleted_by_hand_comes_back_when_added(place: Project, tmp_path: Path) -> None:
    """Who deletes an article's file and adds it again wants to have it."""
    (tmp_path / "bell.txt").write_text(BELL, "utf-8")
    (first,) = taken(place, tmp_path / "bell.txt")
    (place.sources / first.article).unlink()
    (again,) = taken(place, tmp_path / "bell.txt")
    assert (again.status, again.article) == (Status.ADDED, first.article)


def feed(site_url: Callable[[str], str], *paths: str) -> bytes:
    """Return an RSS feed that names pages of a site."""
    items = "".join(f"<item><title>{p}</title><link>{site_url(p)}</link></item>" for p in paths)
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Quay</title>{items}</channel></rss>".encode()


def test_a_site_with_a_feed_is_crawled_twice(place: Project, tmp_path: Path) -> None:
    """Each entry's page is an article; the second time nothing is new and all is asked conditionally."""
    with serve({}) as site:
        site.pages |= {
            "/feed": versioned(
                feed(site.url, "/quarry", "/mill", "/gone"), '"f1"', "application/rss+xml"
            ),
            "/quarry": versioned(web_page("Quarry owner fined", *QUARRY), '"q1"'),
            "/mill": versioned(web_page("Tarnwick Mill", *MILL), '"m1"'),
        }
        first = taken(place, site.url("/feed"))
        assert statuses(first) == {
            "quarry": Status.ADDED,
            "mill": Status.ADDED,
            "gone": Status.FAILED,
        }
        articles = snapshot(place.sources)
        assert set(articles) == {"127.0.0.1/quarry-owner-fined.md", "127.0.0.1/tarnwick-mill.md"}
        assert f"url: {site.url('/mill')}".encode() in articles["127.0.0.1/tarnwick-mill.md"]
        before = snapshot(place.folder)
        site.asked.clear()
        second = taken(place, site.url("/feed"))
        assert statuses(second) == {
            "quarry": Status.UNCHANGED,
            "mill": Status.UNCHANGED,
            "gone": Status.FAILED,
        }
        assert snapshot(place.folder) == before
        tags = {
            a.path: a.headers.get("If-None-Match") for a in site.asked if a.path != "/robots.txt"
        }
        assert tags == {"/feed": '"f1"', "/quarry": '"q1"', "/mill": '"m1"', "/gone": None}
        site.pages["/mill"] = versioned(
            web_page("Tarnwick Mill", *MILL, "It turns on open days."), '"m2"'
        )
        assert statuses(taken(place, site.url("/feed")))["mill"] is Status.UPDATED
    assert (
        articles["127.0.0.1/tarnwick-mill.md"] in snapshot(place.config.originals_folder).values()
    )
    assert b"open days" in (place.sources / "127.0.0.1/tarnwick-mill.md").read_bytes()


def test_an_unchanged_feed_keeps_what_it_said_of_its_pages(place: Project) -> None:
    """A page without a day of its own keeps the feed's, though the feed is not read again."""
    entry = "<item><link>{}</link><pubDate>Tue, 05 Nov 2024 10:00:00 GMT</pubDate></item>"
    with serve({}) as site:
        rss = f"<rss version='2.0'><channel><title>Quay</title>{entry.format(site.url('/mill'))}</channel></rss>"
        site.pages |= {
            "/feed": versioned(rss.encode(), '"f1"', "application/rss+xml"),
            "/mill": page(web_page("Tarnwick Mill", *MILL)),
        }
        taken(place, site.url("/feed"))
        article = place.sources / "127.0.0.1/tarnwick-mill.md"
        assert "published: 2024-11-05\n" in article.read_text("utf-8")
        assert statuses(taken(place, site.url("/feed"))) == {"mill": Status.UNCHANGED}
        assert statuses(taken(place, site.url("/mill"))) == {"mill": Status.UNCHANGED}
        site.pages["/mill"] = page(web_page("Tarnwick Mill", *MILL, "It turns on open days."))
        assert statuses(taken(place, site.url("/feed"))) == {"mill": Status.UPDATED}
        assert "published: 2024-11-05\n" in article.read_text("utf-8")


def test_redirects_lead_to_one_article(place: Project) -> None:
    """An address that leads to a page is that page: one article, asked for conditionally."""
    with serve({}) as site:
        site.pages |= {
            "/feed": page(feed(site.url, "/short", "/mill"), "application/rss+xml"),
            "/short": moved("/mill"),
            "/mill": versioned(web_page("Tarnwick Mill", *MILL), '"m1"'),
        }
        first = taken(place, site.url("/feed"))
        assert sorted(o.status for o in first) == [Status.ADDED, Status.UNCHANGED]
        assert set(snapshot(place.sources)) == {"127.0.0.1/tarnwick-mill.md"}
        before = snapshot(place.folder)
        site.asked.clear()
        assert {o.status for o in taken(place, site.url("/feed"))} == {Status.UNCHANGED}
        assert snapshot(place.folder) == before
        tags = [a.headers.get("If-None-Match") for a in site.asked if a.path == "/mill"]
        assert tags == ['"m1"', '"m1"']
        site.pages["/mill"] = versioned(
            web_page("Tarnwick Mill", *MILL, "It turns on open days."), '"m2"'
        )
        again = taken(place, site.url("/feed"))
        assert sorted(o.status for o in again) == [Status.UNCHANGED, Status.UPDATED]
        assert len(snapshot(place.sources)) == 1


def test_a_page_that_has_moved_stays_the_same_article(place: Project) -> None:
    """When an address that was added begins to redirect, its article is brought up to date."""
    with serve({"/old": page(web_page("Tarnwick Mill", *MILL))}) as site:
        (first,) = taken(place, site.url("/old"))
        site.pages["/new"] = page(web_page("Tarnwick Mill", *MILL, "It turns on open days."))
        site.pages["/old"] = moved("/new", 301)
        (second,) = taken(place, site.url("/old"))
    assert (second.status, second.article) == (Status.UPDATED, first.article)
    assert site.url("/new") in (place.sources / first.article).read_text("utf-8")


def test_pages_that_only_look_new_change_nothing(place: Project) -> None:
    """Bytes that differ around the same article, and addresses that differ in tracking, are one."""
    with serve({}) as site:
        site.pages["/mill"] = page(web_page("Tarnwick Mill", *MILL))
        site.pages["/mill?a=1"] = site.pages["/mill"]
        taken(place, site.url("/mill?utm_source=x&fbclid=y#top"))
        before = snapshot(place.sources)
        site.pages["/mill"] = page(
            web_page("Tarnwick Mill", *MILL).replace(b"</nav>", b"<i>token 8371</i></nav>")
        )
        assert taken(place, site.url("/mill"))[0].status is Status.UNCHANGED
        assert snapshot(place.sources) == before


def test_removed_pages_stay_away(place: Project) -> None:
    """A feed does not bring back what the user has removed; naming the page does."""
    with serve({}) as site:
        site.pages |= {
            "/feed": page(feed(site.url, "/quarry", "/mill"), "application/rss+xml"),
            "/quarry": page(web_page("Quarry owner fined", *QUARRY)),
            "/mill": page(web_page("Tarnwick Mill", *MILL)),
        }
        taken(place, site.url("/feed"))
        text = (place.sources / "127.0.0.1/tarnwick-mill.md").read_bytes()
        (gone,) = remove(place.config, [site.url("/mill")], purge=False, dry_run=False)
        assert (gone.status, gone.article) == (Status.REMOVED, "127.0.0.1/tarnwick-mill.md")
        assert Path(gone.detail).read_bytes() == text
        assert statuses(taken(place, site.url("/feed"))) == {
            "quarry": Status.UNCHANGED,
            "mill": Status.SKIPPED,
        }
        (back,) = taken(place, site.url("/mill"))
        assert (back.status, back.article) == (Status.ADDED, gone.article)


def test_sitemaps_and_entries_without_a_page(place: Project) -> None:
    """A sitemap of sitemaps leads to its pages; a feed's own texts are articles that can be removed."""
    with serve({}) as site:
        loc = "<sitemapindex><sitemap><loc>{}</loc></sitemap></sitemapindex>".format
        notes = {
            "version": "https://jsonfeed.org/version/1.1",
            "items": [
                {"id": "n1", "title": "Tarnwick Mill", "content_text": "\n".join(MILL)},
                {"id": "n2", "title": "Neither a page nor a text"},
            ],
        }
        site.pages |= {
            "/sitemap.xml": page(loc(site.url("/part.xml")).encode(), "application/xml"),
            "/part.xml": page(
                gzip.compress(
                    f"<urlset><url><loc>{site.url('/quarry')}</loc></url></urlset>".encode()
                ),
                "application/gzip",
            ),
            "/quarry": page(web_page("Quarry owner fined", *QUARRY)),
            "/feed.json": page(json.dumps(notes).encode(), "application/feed+json"),
        }
        targets = (site.url("/sitemap.xml"), site.url("/feed.json"))
        first = taken(place, *targets)
        assert {o.article for o in first if o.status is Status.ADDED} == {
            "127.0.0.1/quarry-owner-fined.md",
            "127.0.0.1/tarnwick-mill.md",
        }
        written = (place.sources / "127.0.0.1/tarnwick-mill.md").read_text("utf-8")
        assert MILL[0] in written
        assert "\noriginal: feed.json\n" in written
        (bare,) = [o.detail for o in first if o.status is Status.SKIPPED]
        assert bare == "1 entry of it with neither a page nor a text"
        assert {o.status for o in taken(place, *targets)} == {Status.UNCHANGED, Status.SKIPPED}
        article = str(place.sources / "127.0.0.1/tarnwick-mill.md")
        (gone,) = remove(place.config, [article], purge=False, dry_run=False)
        assert gone.status is Status.REMOVED
        assert {o.status for o in taken(place, *targets)} == {Status.UNCHANGED, Status.SKIPPED}


def test_pages_that_a_sitemap_names_beyond_the_limit_are_told(
    place: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a whole site those changed last are taken, and how many are not is said."""
    monkeypatch.setattr("sourcebot.fetching.feeds.MOST_PAGES", 1)
    with serve({"/mill": page(web_page("Mill", *MILL))}) as site:
        named = "".join(
            f"<url><loc>{site.url(path)}</loc><lastmod>{day}</lastmod></url>"
            for path, day in (
                ("/quarry", "2024-01-01"),
                ("/mill", "2026-01-01"),
                ("/old", "2023-01-01"),
            )
        )
        site.pages["/sitemap.xml"] = page(f"<urlset>{named}</urlset>".encode(), "text/xml")
        outcomes = {o.status: o for o in taken(place, site.url("/sitemap.xml"))}
    assert outcomes.keys() == {Status.ADDED, Status.SKIPPED}
    assert outcomes[Status.ADDED].article == "127.0.0.1/mill.md"
    assert outcomes[Status.SKIPPED].detail.startswith("2 of the 3 pages that the sitemap names")


def test_private_addresses_are_refused(place: Project) -> None:
    """Without leave in the configuration this machine is not asked, and other items go on."""
    with serve({"/mill": page(web_page("Tarnwick Mill", *MILL))}) as site:
        outcomes = list(
            add(
                place.config,
                [site.url("/mill")],
                AddOptions(),
                open_fetcher=lambda: Fetcher(FetchConfig(delay=0.0)),
            )
        )
        assert [o.status for o in outcomes] == [Status.FAILED]
        assert site.asked == []


def test_remove(place: Project, tmp_path: Path) -> None:
    """By path, folder, pattern or origin; `--purge` leaves nothing; a wrong name is an error."""
    (tmp_path / "in").mkdir()
    for name in ("a", "b", "c", "d"):
        (tmp_path / "in" / f"{name}.txt").write_text(
            f"The letter {name} stands alone on this page.\n", "utf-8"
        )
    taken(place, tmp_path / "in")
    place.write("own.md", "My own words.\n")
    config = place.config
    assert remove(config, ["in/a.md"], purge=False, dry_run=True)[0].status is Status.REMOVED
    assert (place.sources / "in/a.md").exists()
    remove(
        config, ["in/a.md", str(tmp_path / "in" / "b.txt"), "own.md"], purge=False, dry_run=False
    )
    assert set(snapshot(place.sources)) == {"in/c.md", "in/d.md"}
    kept = snapshot(config.originals_folder)
    assert any(b"The letter a" in data and name.endswith(".md") for name, data in kept.items())
    assert b"My own words.\n" in kept.values()
    assert remove(config, ["nothing.md"], purge=False, dry_run=False)[0].status is Status.FAILED
    assert [o.article for o in remove(config, ["in/*"], purge=True, dry_run=False)] == [
        "in/c.md",
        "in/d.md",
    ]
    assert snapshot(place.sources) == {}
    left = snapshot(config.originals_folder)
    assert not any(b"The letter c" in data for data in left.values())


def test_remove_command_updates_the_index(
    make_project: Callable[..., Project], embedder: OnnxEmbedder, tmp_path: Path
) -> None:
    """What is removed is no longer quoted."""
    project = make_project(tmp_path / "project")
    project.index(embedder)
    ran = run_cli("remove", "sources/bridge.md", "copy.md", cwd=project.folder)
    assert ran.status == 0
    assert "  removed  sources/bridge.md: kept at " in ran.out
    assert "2 removed" in ran.out
    assert not isinstance(
        project.service().ask("When was the old harbour bridge at Lowmere closed?"), Answer
    )
    wrong = run_cli("remove", "bridge.md", cwd=project.folder)
    assert (wrong.status, "no article is named so" in wrong.out) == (1, True)


def test_files_dropped_into_the_sources_folder(
    make_project: Callable[..., Project], embedder: OnnxEmbedder, tmp_path: Path
) -> None:
    """A PDF among the articles is told with what to do; that done, its article lies beside it."""
    project = make_project(tmp_path / "project", {"bell.txt": BELL})
    dropped = project.write("in/wells.pdf", pdf(WELLS))
    project.write("photo.jpg", b"\xff\xd8")
    reasons = {e.path: e.message for e in project.index(embedder).failed}
    assert reasons.keys() == {"in/wells.pdf", "photo.jpg"}
    assert "run `sourcebot add`" in reasons["in/wells.pdf"]
    assert "sourcebot add" not in reasons["photo.jpg"]
    doctor = run_cli("doctor", cwd=project.folder)
    assert (doctor.status, reasons["in/wells.pdf"] in doctor.out) == (0, True)
    ran = run_cli("add", "sources/in/wells.pdf", "sources/bell.txt", cwd=project.folder)
    assert ran.status == 0
    assert "    added  sources/in/wells.md: The wells of Lowmere" in ran.out
    assert "bell.txt: lies in the sources folder already" in ran.out
    assert "failed: in/wells.pdf" not in ran.out
    assert dropped.read_bytes() == pdf(WELLS)
    assert [o.status for o in taken(project, project.sources)] == [Status.UNCHANGED]
    reply = project.service().ask("What did the fourth well of Lowmere cost?")
    assert isinstance(reply, Answer)
    assert reply.quotes[0].source.path == "in/wells.md"
    (project.sources / "in/wells.md").unlink()
    assert {e.path for e in project.index(embedder).failed} == {"in/wells.pdf", "photo.jpg"}


def test_what_is_told_of_many_items(place: Project, tmp_path: Path) -> None:
    """What is left out is named by its reason, with what helps; a dry run does not claim to have added."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bell.txt").write_text(BELL, "utf-8")
    for name in ("a.gif", "b.wav", "c.css", "d.zip", "letter.doc"):
        (tmp_path / "in" / name).write_bytes(b"x")
    ran = run_cli("add", "--dry-run", "../in", cwd=place.folder)
    assert ran.status == 0
    assert (
        f"  skipped  a.gif, b.wav, c.css, …: not a kind of file that is read ({READ})\n"
    ) in ran.out
    assert (
        f"  skipped  letter.doc: not a kind of file that is read ({READ})\n"
        "           save such documents as DOCX, ODT or PDF, and add those\n"
    ) in ran.out
    last = "Nothing was written; without --dry-run it would be: 1 added, 5 skipped\n"
    assert ran.out.endswith(last)


def test_every_remark_is_told_of_however_many_items(place: Project, tmp_path: Path) -> None:
    """What needs no remark is only counted beyond the first; what does is named, however late."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(45):
        (folder / f"a{number:02}.txt").write_text(f"Bell {number} of {number} is rung.", "utf-8")
        (folder / f"b{number:02}.txt").write_bytes(b"")
    (folder / "z.md").write_text("---\ntitle: Never ended\n\nIt hangs.", "utf-8")
    ran = run_cli("add", "--dry-run", "../in", cwd=place.folder)
    assert "added  … and 5 more\n" in ran.out
    assert "sources/in/z.md" in ran.out
    assert "its front matter has no end" in ran.out
    assert sum("it is empty" in line for line in ran.out.splitlines()) == 45


def test_targets_that_are_nothing(place: Project, tmp_path: Path) -> None:
    """Missing files, sockets, the sources folder itself: each is told, and the rest goes on."""
    (tmp_path / "bell.txt").write_text(BELL, "utf-8")
    place.write("own.md", "My own words.\n")
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "socket.txt"))
    os.mkfifo(tmp_path / "pipe.txt")
    found = taken(
        place,
        tmp_path / "none.txt",
        tmp_path / "socket.txt",
        tmp_path / "pipe.txt",
        place.sources,
        "example.org/page",
        tmp_path / "bell.txt",
    )
    listening.close()
    assert [o.status for o in found] == [
        Status.FAILED,
        Status.FAILED,
        Status.FAILED,
        Status.SKIPPED,
        Status.FAILED,
        Status.ADDED,
    ]
    assert "https://" in found[4].hint


def test_names_that_are_no_unicode(place: Project, tmp_path: Path) -> None:
    """A file whose name is not UTF-8 is added under a name that is."""
    (tmp_path / "in").mkdir()
    named = Path(os.fsdecode(os.fsencode(tmp_path / "in") + b"/caf\xe9\x1b[31m.txt"))
    named.write_text(BELL, "utf-8")
    (outcome,) = taken(place, tmp_path / "in")
    assert outcome.status is Status.ADDED
    assert outcome.article.encode("utf-8").isascii()
    assert "\x1b" not in outcome.article


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no such limits")
def test_a_full_disk_is_an_error_and_leaves_no_half_article(place: Project, tmp_path: Path) -> None:
    """What cannot be written is said; there is no part of an article and no stray file."""
    import resource

    (tmp_path / "bell.txt").write_text(BELL * 100, "utf-8")
    command = ("add", str(tmp_path / "bell.txt"), "--no-index")
    full = run_cli(
        *command,
        cwd=place.folder,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )
    assert (full.status, "cannot be written: File too large" in full.err + full.out) == (
        1,
        True,
    )
    assert snapshot(place.folder) == {"originals/.lock": b""}
    assert run_cli(*command, cwd=place.folder).status == 0
    assert "sources/bell.md" in snapshot(place.folder)


def test_a_ledger_that_cannot_be_read_is_an_error(place: Project, tmp_path: Path) -> None:
    """Nothing is added without knowing what was added before."""
    (place.folder / "originals").write_text("a file", "utf-8")
    with pytest.raises(LedgerError) as caught:
        taken(place, tmp_path / "bell.txt")
    assert caught.value.hint


def test_workers_survive_what_they_read(tmp_path: Path) -> None:
    """A file that hangs its process or needs too much memory costs only itself."""
    good = Original("good", "good.txt", data=BELL.encode())
    os.mkfifo(tmp_path / "endless.txt")
    endless = Original("endless", "endless.txt", file=tmp_path / "endless.txt")
    bloated = Original(
        "bloated", "bloated.html", data=b"<html><body>" + b"<p>a word or two</p>" * 700_000
    )
    with Workers(extract, 1, seconds=30, memory=500 * 2**20) as workers:
        results = {
            o.origin: r
            for o, r in workers.run([good, bloated, dataclasses.replace(good, origin="again")])
        }
    assert isinstance(results["bloated"], ExtractionError)
    assert "memory" in results["bloated"].message
    assert [isinstance(results[n], ExtractionError) for n in ("good", "again")] == [False, False]
    with Workers(extract, 1, seconds=2) as workers:
        keeper = os.open(tmp_path / "endless.txt", os.O_RDWR)
        results = {o.origin: r for o, r in workers.run([endless])}
        os.close(keeper)
    assert isinstance(results["endless"], ExtractionError)


def test_ledger_survives_damage(tmp_path: Path) -> None:
    """Lines that are cut, strange or foreign are passed over; later lines win."""
    ledger = Ledger(tmp_path)
    ledger.append([Entry("a", "a.md", "1"), Entry("b", "b.md", "2")])
    ledger.append([Entry("a", "a.md", "3")])
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(
        path.read_bytes() + b'[1]\n"x"\n{"origin": 5\n\xff\xfe\n{"origin": "c", "new": 1}\n{"orig'
    )
    again = Ledger(tmp_path)
    assert (again.of("a"), again.of("b"), again.of("c")) == (
        Entry("a", "a.md", "3"),
        Entry("b", "b.md", "2"),
        Entry("c"),
    )
    again.append([Entry("d", "d.md")])
    assert Ledger(tmp_path).of("d") == Entry("d", "d.md")


@given(st.text(max_size=200))
def test_any_name_is_safe(text: str) -> None:
    """Names have no separators, controls or dots at their ends, and are neither empty nor long."""
    for name in (safe_part(text), slug(text)):
        assert name
        assert not set(name) & set('/\\:*?"<>|\x00\x1b\n')
        assert name.strip(". ") == name
        assert len(name.encode("utf-8")) <= 101


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("HTTPS://Quay.Example/A?utm_source=x&id=3&fbclid=z#part", "https://quay.example/A?id=3"),
        ("http://quay.example", "http://quay.example/"),
        ("http://quay.example/a?", "http://quay.example/a"),
    ],
)
def test_addresses_are_told_apart_by_what_counts(url: str, plain: str) -> None:
    """Tracking parameters and fragments do not make another page."""
    assert page_of(url).url == plain


def test_settings(tmp_path: Path) -> None:
    """The folder of originals is configurable."""
    (tmp_path / "config.toml").write_text('[add]\nfolder = "kept"\n', "utf-8")
    assert load_config(tmp_path, {}).originals_folder == tmp_path / "kept"


@pytest.mark.parametrize(
    ("given", "added"),
    [
        (["--ocr", "../quay.txt"], 1),
        (["../quay.txt", "--ocr"], 1),
        (["--ocr", "deu+eng", "../quay.txt"], 1),
        (["--ocr", "../quay.txt", "../pier.txt"], 2),
    ],
)
def test_a_path_after_ocr_is_no_language(given: list[str], added: int) -> None:
    """Who writes the option before what is to be added gets that added, read in English."""
    folder = Path("quay")
    context = adding.add.make_context("add", [*given, "--project", str(folder)])
    targets, ocr = adding.without_target(context.params["targets"], context.params["ocr"])
    assert (len(targets), ocr) == (added, "deu+eng" if "deu+eng" in given else "eng")
    assert set(targets) <= {"../quay.txt", "../pier.txt"}
