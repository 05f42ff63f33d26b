"""Files -> articles."""

from __future__ import annotations

import codecs
import datetime as dt
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import BRIDGE, FERRY, LIBRARY
from hypothesis import given
from hypothesis import strategies as st

from sourcebot.articles.files import MAX_BYTES, list_sources, parse_article, read_article
from sourcebot.errors import ArticleError, ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Project

    from sourcebot.embedding.embedder import OnnxEmbedder

ENCODINGS = {
    "utf-8": b"",
    "utf-8-sig": b"",
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "cp1252": b"",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder of articles."""
    folder = tmp_path / "sources"
    folder.mkdir()
    return folder


def reasons(folder: Path) -> dict[str, str]:
    """Return why files are refused, whether they are only listed or also read."""
    listing = list_sources(folder)
    found = {error.path: error.message for error in listing.failed}
    for file in listing.files:
        try:
            read_article(file)
        except ArticleError as error:
            found[error.path] = error.message
    return found


def test_front_matter_makes_the_attribution() -> None:
    """Front matter gives title, publisher, author, date and URL; the text stays whole."""
    article, notes = parse_article("bridge.md", BRIDGE.encode())
    assert article.title == "Harbour bridge at Lowmere closed"
    assert (article.publisher, article.author) == ("The Quay Gazette", "Ines Okoro")
    assert article.published == dt.date(2022, 3, 4)
    assert article.url == "https://quay.example/bridge"
    assert article.text == BRIDGE
    assert article.body.of(article.text).startswith("The old harbour")
    assert article.sha256 == hashlib.sha256(BRIDGE.encode()).hexdigest()
    assert notes == ()


def test_dateline_title_standfirst_and_credit() -> None:
    """Bare text headed by a dateline and a title is dated and titled by them."""
    article, _ = parse_article("library.txt", LIBRARY.encode())
    assert article.title == "Tarnwick Library Reopens With a Roof Garden"
    assert article.published == dt.date(2023, 9, 12)
    assert article.body.of(article.text).strip().startswith("Readers wait four hours")


def test_one_paragraph_a_line_without_title() -> None:
    """Bare text without a title is named after its first sentence and loses none of it."""
    article, _ = parse_article("ferry.txt", FERRY.encode())
    assert article.title.startswith("The night ferry between Saltholm and Varn")
    assert len(article.title) <= 91
    assert article.body.of(article.text) == FERRY


def test_heading_titles_markdown() -> None:
    """Markdown without front matter is titled by its first heading."""
    assert (
        parse_article("a.md", b"Intro.\n\n# The *real* title #\n\nBody.")[0].title
        == "The real title"
    )


def test_front_matter_in_plain_text() -> None:
    """A .txt file may have front matter too; what it lacks is inferred."""
    text = b"---\npublisher: The Gazette\n---\nA Title Here\n\nThe body begins here.\n"
    article, _ = parse_article("a.txt", text)
    assert (article.publisher, article.title) == ("The Gazette", "A Title Here")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("marked", [True, False])
def test_encodings_and_newlines(folder: Path, encoding: str, newline: str, marked: bool) -> None:
    """The file read with the stated encoding and newline='' is the text that offsets count in."""
    words = BRIDGE.replace("\n", newline)
    data = words.encode(encoding)
    (folder / "a.md").write_bytes(ENCODINGS[encoding] + data if marked else data)
    article, _ = read_article(list_sources(folder).files[0])
    with (folder / "a.md").open(encoding=article.encoding, newline="") as stream:
        assert stream.read() == article.text == words
    assert article.title == "Harbour bridge at Lowmere closed"
    assert article.body.of(article.text).startswith("The old harbour")


@given(st.binary(max_size=400), st.sampled_from(["a.md", "a.txt"]))
def test_any_bytes(data: bytes, name: str) -> None:
    """Any bytes become an article with a title and a body in bounds, or one clear error."""
    try:
        article, _ = parse_article(name, data)
    except ArticleError as error:
        assert error.path == name
        assert error.message
    else:
        assert article.title.strip()
        assert article.body.end == len(article.text)
        assert data.decode(article.encoding, "replace") == article.text


@given(st.text(st.characters(codec="utf-8")), st.sampled_from(["a.md", "a.txt"]))
def test_any_text(text: str, name: str) -> None:
    """Any Unicode text with words becomes an article with a title on one line, or is refused."""
    try:
        article, _ = parse_article(name, text.encode())
    except ArticleError as error:
        assert error.message
    else:
        assert article.title.strip()
        assert len(article.title.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.md", b"", "empty"),
        ("blank.txt", b" \r\n\t\n", "empty"),
        ("mark.txt", codecs.BOM_UTF8, "no words"),
        ("rule.md", b"---\n***\n", "no words"),
        ("header.md", b"---\ntitle: Only this\n---\n\n", "no words"),
        ("binary.txt", bytes(range(1, 32)) * 8, "binary"),
        ("report.txt", b"%PDF-1.4 text", "PDF"),
    ],
)
def test_unusable_bytes(name: str, data: bytes, reason: str) -> None:
    """A file without usable text is refused, and the error names it and the reason."""
    with pytest.raises(ArticleError, match=reason) as caught:
        parse_article(name, data)
    assert caught.value.path == name


def test_listing_is_sorted_and_leaves_out_what_is_hidden(folder: Path) -> None:
    """Articles are found in folders too, with forward slashes; hidden ones are left out."""
    for name in ("b.MD", "a/c.txt", "a/.hidden.md", ".git/x.md", "d.markdown", "e.text"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("Words.", "utf-8")
    listing = list_sources(folder)
    assert [file.id for file in listing.files] == ["a/c.txt", "b.MD", "d.markdown", "e.text"]
    assert listing.failed == ()


def test_no_sources_folder(tmp_path: Path) -> None:
    """Without a sources folder the error names it and says what to do."""
    with pytest.raises(ConfigError, match="sources") as caught:
        list_sources(tmp_path / "sources")
    assert "--project" in caught.value.hint


def test_other_formats_are_reported(folder: Path) -> None:
    """A file of another format is reported with those that are read."""
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    assert ".md" in reasons(folder)["photo.jpg"]


def test_links_that_lead_out_are_reported(folder: Path) -> None:
    """Links to files outside of the folder are reported, links inside are followed."""
    (folder.parent / "secret.md").write_text("Secret words.", "utf-8")
    (folder / "real.md").write_text("Words.", "utf-8")
    (folder / "inside.md").symlink_to("real.md")
    (folder / "out.md").symlink_to("../secret.md")
    assert "out of the sources folder" in reasons(folder)["out.md"]
    assert [file.id for file in list_sources(folder).files] == ["inside.md", "real.md"]


def test_linked_folders_are_reported(folder: Path) -> None:
    """A link to a folder is not followed and not passed over in silence either."""
    (folder.parent / "elsewhere").mkdir()
    (folder.parent / "elsewhere" / "a.md").write_text("Words.", "utf-8")
    (folder / "linked").symlink_to("../elsewhere", target_is_directory=True)
    assert list(reasons(folder)) == ["linked"]


def test_links_in_a_circle_are_reported(folder: Path) -> None:
    """A link that leads to itself is reported like any unreadable file."""
    (folder / "circle.md").symlink_to("circle.md")
    (folder / "real.md").write_text("Words.", "utf-8")
    assert list(reasons(folder)) == ["circle.md"]


def test_broken_links_are_reported(folder: Path) -> None:
    """A link to nothing is reported as unreadable."""
    (folder / "gone.md").symlink_to("nothing.md")
    assert "cannot be read" in reasons(folder)["gone.md"]


def test_pipes_are_not_waited_for(folder: Path) -> None:
    """A named pipe is refused instead of read."""
    os.mkfifo(folder / "pipe.txt")
    assert reasons(folder) == {"pipe.txt": "not a regular file"}


def test_huge_files_are_refused(folder: Path) -> None:
    """A file larger than any article is refused by its size, unread."""
    with (folder / "huge.txt").open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    assert "32 MB" in reasons(folder)["huge.txt"]


def test_files_that_vanish_are_reported(folder: Path) -> None:
    """A file removed between listing and reading is an article error, not a crash."""
    (folder / "a.md").write_text("Words.", "utf-8")
    file = list_sources(folder).files[0]
    Path(file.path).unlink()
    with pytest.raises(ArticleError, match="cannot be read"):
        read_article(file)


def test_names_that_are_not_unicode_are_reported(folder: Path) -> None:
    """File names that are no valid Unicode are reported in a form that can be printed."""
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text("Words.", "utf-8")
    assert reasons(folder) == {"caf\\udce9.txt": "its name is not valid Unicode; rename it"}


def test_unreadable_files_and_folders(
    folder: Path, unprivileged_after: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files and folders that may not be read are reported; the others are found."""
    (folder / "good.md").write_text("Words.", "utf-8")
    (folder / "bad.md").write_text("Words.", "utf-8")
    (folder / "closed").mkdir()
    (folder / "closed" / "a.md").write_text("Words.", "utf-8")
    (folder / "bad.md").chmod(0)
    (folder / "closed").chmod(0)
    folder.parent.chmod(0o755)
    monkeypatch.chdir(folder.parent)
    unprivileged_after()
    found = reasons(type(folder)("sources"))
    assert sorted(found) == ["bad.md", "closed"]
    assert all("Permission denied" in reason for reason in found.values())


def test_bad_files_do_not_stop_the_good_ones(project: Project, embedder: OnnxEmbedder) -> None:
    """Every unusable file is reported with path and reason while all others are indexed."""
    bad = {
        "empty.md": b"",
        "binary.txt": bytes(range(256)) * 3,
        "photo.jpg": b"\xff\xd8\xff",
        "heading.md": b"# Nothing but a heading\n",
        os.fsdecode(b"one\xff.txt"): b"Words.",
        os.fsdecode(b"one\xfe.txt"): b"Words.",
    }
    for name, data in bad.items():
        project.write(name, data)
    (project.sources / "circle.txt").symlink_to("circle.txt")
    summary = project.index(embedder)
    assert sorted(summary.added) == [
        "bees.md",
        "bridge.md",
        "copy.md",
        "library.txt",
        "north/ferry.txt",
    ]
    assert all(error.message for error in summary.failed)
    failed = [error.path for error in summary.failed]
    assert len(failed) == len(bad) + 1
    assert {"empty.md", "binary.txt", "photo.jpg", "heading.md"} <= set(failed)


def test_the_title_of_a_wrapped_text_is_its_whole_sentence() -> None:
    """A first line that goes on below is no title by itself; one that stands alone is."""
    wrapped, _ = parse_article(
        "a.txt", b"The ferry company laid off forty\nsailors on Friday.\nMore.\n"
    )
    assert wrapped.title == "The ferry company laid off forty sailors on Friday."
    apart, _ = parse_article("b.txt", b"the ferry company\nSailors were laid off on Friday.\n")
    assert apart.title == "the ferry company"
