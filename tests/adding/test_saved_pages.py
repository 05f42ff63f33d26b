"""Pages that browsers saved: as one file, or complete with a folder of pictures."""

from __future__ import annotations

import quopri
from typing import TYPE_CHECKING

import pytest
from test_pages import PROSE, SENTENCES

from sourcebot.adding.mhtml import read_mhtml
from sourcebot.adding.model import Original
from sourcebot.adding.targets import expand
from sourcebot.errors import ExtractionError
from sourcebot.types.reports import Outcome, Status

if TYPE_CHECKING:
    from pathlib import Path

PAGE = f"<html><head><title>The boats</title></head><body><main><article><h1>The boats</h1>{PROSE}<p>Café.</p></article></main></body></html>"


def mhtml(page: str, location: str = "https://quay.example/boats") -> bytes:
    """Return a page as Chrome saves it."""
    body = quopri.encodestring(page.encode()).decode()
    head = f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {location}\r\nSubject: The boats\r\nMIME-Version: 1.0\r\n"
    parts = f'Content-Type: multipart/related; type="text/html"; boundary="----B"\r\n\r\n------B\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: {location}\r\n\r\n{body}\r\n------B\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n------B--\r\n'
    return (head + parts).encode()


def test_a_page_in_one_file() -> None:
    """Its article and its address are read; what is not of the web is no address."""
    draft = read_mhtml(mhtml(PAGE), "")
    assert draft.title == "The boats"
    assert draft.url == "https://quay.example/boats"
    assert all(sentence in draft.body for sentence in (*SENTENCES, "Café."))
    assert read_mhtml(mhtml(PAGE, "cid:frame-1@mhtml.blink"), "").url == ""


@pytest.mark.parametrize("data", [b"", b"no mail", mhtml(""), mhtml("<p></p>")])
def test_a_file_without_a_page_is_refused(data: bytes) -> None:
    """Nothing is made up of it."""
    with pytest.raises(ExtractionError):
        read_mhtml(data, "")


def test_the_folder_of_a_saved_page_is_passed_over(tmp_path: Path) -> None:
    """What a browser laid beside the page is no article, and that is said; other folders are read."""
    folder = tmp_path / "saved"
    for name in ("boats_files", "Brücke-Dateien", "alone_files"):
        (folder / name).mkdir(parents=True)
        (folder / name / "frame.html").write_text("<p>An advertisement.</p>")
    (folder / "boats.html").write_text(PAGE)
    (folder / "Brücke.htm").write_text(PAGE)
    items = list(expand([str(folder)], tmp_path / "sources"))
    read = {
        item.file.relative_to(folder).as_posix()
        for item in items
        if isinstance(item, Original) and item.file
    }
    assert read == {"boats.html", "Brücke.htm", "alone_files/frame.html"}
    skipped = [item for item in items if isinstance(item, Outcome)]
    assert {item.status for item in skipped} == {Status.SKIPPED}
    assert sorted(item.detail for item in skipped) == [
        "belongs to the saved page Brücke.htm",
        "belongs to the saved page boats.html",
    ]
