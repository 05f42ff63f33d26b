"""The page Check: a sentence or a draft against the articles."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from web_running import TOKENS, bearer, client, with_web

from sourcebot.config.loading import load_config
from sourcebot.frontends.web.checking import LONGEST, Report, _Stopped
from sourcebot.frontends.web.german import GERMAN
from sourcebot.frontends.web.words import ENGLISH
from sourcebot.types.claims import Verdict, Wording

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Project
    from starlette.testclient import TestClient

    from sourcebot.answering.service import Service

CLOSED = "The old harbour bridge at Lowmere was closed on 3 March 2022."
DRAFT = (
    f"# A draft\n\n{CLOSED} Whales sing for up to twenty hours at night.\n\n"
    "Marta Lindqvist said: “We could wait for another inspection.”\n"
)


def check(site: TestClient, text: str, **more: str) -> str:
    """Check as the form does, and return the address of the report, done."""
    begun = site.post("/check", data={"text": text, **more})
    assert begun.status_code == 303, begun.text
    with site.stream("GET", f"{begun.headers['location']}/events") as events:
        events.read()
    return begun.headers["location"]


def test_a_sentence(site: TestClient) -> None:
    """The verdict in words, the quote with the words that decide marked, and its place."""
    page = site.get(check(site, CLOSED)).text
    assert ENGLISH.verdicts["supports"] in page
    assert '<mark class="strong">3 March 2022</mark>' in page
    (href, *_) = re.findall(r'href="(/read/[^"#]+)#quote"', page)
    article = site.get(href.replace("&amp;", "&")).text
    assert 'id="quote"' in article


def test_a_draft_and_its_report(site: TestClient) -> None:
    """Each sentence is told apart, quotations word by word; the report is saved in two forms."""
    link = check(site, DRAFT)
    page = site.get(link).text
    assert page.count('class="checked"') == 3
    assert ENGLISH.verdicts["silent"] in page
    assert ENGLISH.edit_missing.format(original="not") in page
    assert ENGLISH.wordings["altered"] in page
    made = json.loads(site.get(f"{link}.json").text)
    assert [c["verdict"] for c in made["checks"]][:2] == ["supports", "silent"]
    markdown = site.get(f"{link}.md")
    assert markdown.text.startswith("# What the articles say\n")
    assert markdown.headers["content-disposition"].startswith("attachment")
    assert site.get(f"{link}.docx").status_code == 404


def test_filters_and_german(site: TestClient) -> None:
    """Only what the filters leave is set against it; the verdicts are told in German."""
    link = check(site, CLOSED, publisher="northern")
    page = site.get(f"{link}?lang=de").text
    site.cookies.clear()
    assert GERMAN.verdicts["supports"] in page
    assert "Northern Wire" in page
    assert "The Quay Gazette" not in page
    assert site.post("/check", data={"text": CLOSED, "since": "soon"}).status_code == 422


@pytest.mark.parametrize("text", ["", "   ", "x" * (LONGEST + 1)])
def test_what_cannot_be_checked(site: TestClient, text: str) -> None:
    """Nothing, and more than is taken at once, are told on the form, which keeps the words."""
    answer = site.post("/check", data={"text": text})
    assert answer.status_code == 422
    assert text.strip() in answer.text


def test_a_question_is_no_claim(site: TestClient) -> None:
    """What holds no claim gets no verdict but a word of why."""
    page = site.get(check(site, "?")).text
    assert 'class="problem"' in page
    assert ENGLISH.verdicts["supports"] not in page


def test_reports_of_others(web_project: Project, web_service: Service, tmp_path: Path) -> None:
    """A report is there for the token that asked for it alone, whatever its address."""
    (tmp_path / "config.toml").write_text(TOKENS)
    tokens = load_config(tmp_path, {}).web.tokens
    config = with_web(web_project.config, tmp_path / "web.sqlite", tokens=tokens)
    with client(config, web_service) as site:
        begun = site.post("/check", data={"text": CLOSED}, headers=bearer("quay"))
        link = begun.headers["location"]
        assert site.get(link, headers=bearer("quay")).status_code == 200
        for path in (link, f"{link}.md", f"{link}.json", f"{link}/events"):
            assert site.get(path, headers=bearer("north")).status_code == 404, path
        assert (
            site.post("/check", data={"text": CLOSED}, headers=bearer("reader")).status_code == 403
        )


def test_a_report_is_stopped_when_the_server_leaves() -> None:
    """What is at work ends after the sentence that it is at."""
    report = Report("id", "", "text")
    report.progress("checking", 1, 3)
    report.stopped = True
    with pytest.raises(_Stopped):
        report.progress("checking", 2, 3)


def test_every_verdict_has_words() -> None:
    """No verdict, wording or stance is without words in any language."""
    for words in (ENGLISH, GERMAN):
        assert set(words.verdicts) == set(words.verdict_names) == {v.value for v in Verdict}
        assert set(words.wordings) == {w.value for w in Wording}
        assert words.doubt("the quote does not name “Orrin”") == words.unnamed.format(name="Orrin")
