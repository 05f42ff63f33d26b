"""The pages as a browser without JavaScript gets them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from conftest import ANSWERED, NOT_STATED, OFF_TOPIC
from web_running import client, with_web

from sourcebot.frontends.web.german import GERMAN
from sourcebot.frontends.web.words import ENGLISH
from sourcebot.types import AbstentionReason

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Project
    from httpx2 import Response
    from starlette.testclient import TestClient

    from sourcebot.answering.service import Service
    from sourcebot.embedding.embedder import OnnxEmbedder

BRIDGE = "/?q=When+was+the+harbour+bridge+closed%3F"
TUNNEL = "Why was the Penfold tunnel closed?"
WHOLE = {
    "reasons", "facts", "standings", "relations", "verdicts", "verdict_names", "stances", "wordings",
    "happened",
}  # fmt: skip
"""What has a word for each value in every language."""


def ask(site: TestClient, question: str, **more: str) -> Response:
    """Ask as the form does."""
    return site.get("/", params={"q": question, **more})


def links(page: str, start: str) -> list[str]:
    """Return the addresses on a page that begin so."""
    found = re.findall(rf'(?:href|src)="({re.escape(start)}[^"]*)"', page)
    return [address.replace("&amp;", "&") for address in found]


def test_answer_with_its_article(site: TestClient) -> None:
    """The quote with its answering words marked, its source, and the article beside it."""
    page = ask(site, ANSWERED, publisher="quay").text
    assert '<mark class="strong">3 March 2022</mark>' in page
    assert "The Quay Gazette" in page
    assert "very likely the answer" in page
    pane = page[page.index('id="pane"') :]
    assert '<mark id="quote">The old harbour bridge at Lowmere was closed on </mark>' in pane
    assert "The council said that the repairs" in pane


def test_refusal_explains_itself(site: TestClient) -> None:
    """Without an answer the page says why, what is missing, and what is near."""
    page = ask(site, OFF_TOPIC).text
    assert ENGLISH.no_answer in page
    assert ENGLISH.reasons["nothing_relevant"] in page
    assert '<mark class="strong">' not in page


@pytest.mark.parametrize(
    ("filters", "status", "said"),
    [
        ({"publisher": "northern"}, 200, "Cracks shut Lowmere bridge"),
        ({"since": "2023-01-01"}, 200, ""),
        ({"since": "soon"}, 422, "“soon” is not a date"),
        ({"since": "2024-01-01", "until": "2020-01-01"}, 422, "lies after until"),
        ({"publisher": "nobody"}, 422, "No article is like “nobody”"),
    ],
)
def test_filters(site: TestClient, filters: dict[str, str], status: int, said: str) -> None:
    """Filters narrow what is quoted; wrong ones are named."""
    answer = ask(site, ANSWERED, **filters)
    assert (answer.status_code, said in answer.text) == (status, True)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/?q=%3F", GERMAN.empty_question),
        (f"/?q={'a' * 1001}", GERMAN.long_question.format(most="1.000")),
        (f"{BRIDGE}&since=bald", GERMAN.not_a_date.format(value="bald")),
        (
            f"{BRIDGE}&source=brigde.md",
            GERMAN.did_you_mean.format(names="bridge.md, bees.md, report.md"),
        ),
        (f"{BRIDGE}&source=bees&until=1990-01-01", GERMAN.none_left),
        ("/timeline?topic=Lowmere&publisher=nobody", GERMAN.none_like.format(value="nobody")),
        ("/add", GERMAN.not_allowed),
        ("/read/nowhere.md", GERMAN.not_found),
        (f"/a/{'A' * 22}", GERMAN.not_found),
        ("/check/nothing", GERMAN.check_gone),
        ("/nowhere", GERMAN.not_here),
    ],
)
def test_what_went_wrong_in_german(site: TestClient, path: str, said: str) -> None:
    """Whatever people can cause is told in their language, and names no command of the terminal."""
    answer = site.get(path, headers={"Accept-Language": "de"})
    assert answer.status_code >= 400
    (told,) = re.findall(r'<p class="problem" role="alert">(.*?)</p>', answer.text)
    assert said in told
    assert "`sourcebot" not in site.get(path, headers={"Accept-Language": "en"}).text


def test_words_of_another_language_are_told_as_such(site: TestClient) -> None:
    """What has no German words stands in English, and says so to screen readers."""
    page = site.get("/read?from=x", headers={"Accept-Language": "de"}).text
    assert '<p class="problem" role="alert" lang="en">' in page


def test_fragments_for_htmx(site: TestClient) -> None:
    """With htmx only what changes is sent: the reply, and the pane beside it."""
    answer = site.get(
        "/", params={"q": ANSWERED, "publisher": "quay"}, headers={"HX-Request": "true"}
    )
    assert answer.text.lstrip().startswith("<section")
    assert 'hx-swap-oob="true"' in answer.text
    (href, *_) = links(answer.text, "/read/bridge.md?at=")
    pane = site.get(href.removesuffix("#quote"), headers={"HX-Request": "true"})
    assert "<html" not in pane.text
    assert 'id="quote"' in pane.text


def test_every_link_of_an_answer_works(site: TestClient) -> None:
    """Articles, pictures, exports and the permanent link are there."""
    page = ask(site, TUNNEL).text
    addresses = links(page, "/")
    assert any(address.startswith("/picture/") for address in addresses)
    for address in addresses:
        answer = site.get(address)
        assert answer.status_code == 200, address
    site.cookies.clear()
    for ending, expected in {
        "md": "> In 1954", "txt": "“In 1954", "bib": "@misc{", "ris": "TY  - GEN", "csl.json": '"note"',
    }.items():  # fmt: skip
        (address,) = links(page, f"/a/{links(page, '/a/')[0][3:25]}.{ending}")
        assert expected in site.get(address).text


def test_article_and_its_files(site: TestClient) -> None:
    """An article shows its outline, itself without its title twice, its original and its bytes."""
    page = site.get("/read/report.md").text
    assert page.count("<h1") == 1
    assert "<span>page 2</span>" in page
    (original,) = links(page, "/kept/report.md?name=")
    data = site.get(original)
    assert data.content.startswith(b"%PDF")
    assert data.headers["content-disposition"].startswith("attachment")
    assert site.get("/file/bridge.md").content.startswith(b"---\ntitle: Harbour bridge")
    assert "Cracks shut Lowmere bridge" in ask(site, ANSWERED).text


@pytest.mark.parametrize(
    ("query", "status"),
    [("page=2", 200), ("page=2&at=0-9", 200), ("page=3", 404), ("at=0-9", 422), ("", 422)],
)
def test_picture_of_a_page(site: TestClient, query: str, status: int) -> None:
    """A page of an original is shown by its number alone; one that is not there is not found."""
    answer = site.get(f"/picture/report.md?{query}")
    assert answer.status_code == status
    assert (answer.headers["content-type"] == "image/png") is (status == 200)


def test_outline_begins_at_its_left(site: TestClient) -> None:
    """The least level of an article's headings is the first of its outline."""
    outline = re.findall(r'<li class="d(\d)"><a href="#h', site.get("/read/bees.md").text)
    assert min(outline) == "1"


def test_list_of_articles(site: TestClient) -> None:
    """The list is searched and filtered by publisher, date and language."""
    assert "6 articles" in site.get("/read").text
    for query, count in [
        ("text=bridge", "2 articles"),
        ("publisher=Northern+Wire", "1 article"),
        ("since=2023-01-01&until=2023-12-31", "1 article"),
        ("language=de", "0 articles"),
    ]:
        assert count in site.get(f"/read?{query}").text, query
    assert site.get("/read?from=x").status_code == 422


def test_languages(site: TestClient) -> None:
    """German by the browser's wish, by the address, and then by the cookie."""
    asked = {"Accept-Language": "fr, de;q=0.8, en;q=0.5"}
    assert GERMAN.question in site.get("/", headers=asked).text
    answer = site.get("/?lang=de", headers={"Accept-Language": "en"})
    assert GERMAN.question in answer.text
    assert "sourcebot_language=de" in answer.headers["set-cookie"]
    site.cookies.clear()
    assert ENGLISH.question in site.get("/").text


def test_words_are_whole() -> None:
    """Each language has every sentence, with the same gaps to fill."""
    for name in ENGLISH.__slots__:
        english, german = getattr(ENGLISH, name), getattr(GERMAN, name)
        if isinstance(english, str) and name not in {"months", "date"}:
            assert re.findall(r"\{\w+\}", english) == re.findall(r"\{\w+\}", german), name
            assert english != german or name in {"token"}, name
        elif name in WHOLE:
            assert english.keys() == german.keys()
    assert set(GERMAN.reasons) == {reason.value for reason in AbstentionReason}


def test_permanent_link_tells_what_became_of_quotes(
    make_project: Callable[..., Project],
    embedder: OnnxEmbedder,
    tmp_path: Path,
    web_service: Service,
) -> None:
    """Intact, then moved, altered and gone, as the file changes; the answer stays as it was given."""
    project = make_project(tmp_path / "project")
    project.index(embedder)
    with client(with_web(project.config, tmp_path / "web.sqlite")) as site:
        page = ask(site, ANSWERED, publisher="quay").text
        link = links(page, "/a/")[0]
        assert ENGLISH.standings["intact"] in site.get(link).text
        text = (project.sources / "bridge.md").read_text()
        project.write("bridge.md", text.replace("The old", "An edit came before.\n\nThe old", 1))
        shown = site.get(link).text
        assert ENGLISH.standings["moved"] in shown
        assert ENGLISH.has_moved in shown
        assert "closed on <mark" in shown
        moved = site.get(links(page, "/read/bridge.md?at=")[0]).text
        assert ENGLISH.has_moved in moved
        assert '<mark class="strong">3 March 2022</mark>' in moved
        project.write("bridge.md", text.replace("3 March", "4 March"))
        assert ENGLISH.standings["altered"] in site.get(link).text
        assert ENGLISH.not_marked in site.get(links(page, "/read/bridge.md?at=")[0]).text
        (project.sources / "bridge.md").unlink()
        assert ENGLISH.standings["gone"] in site.get(link).text
        assert "3 March 2022" in site.get(link).text


def test_answers_that_are_not_kept(
    web_project: Project, web_service: Service, tmp_path: Path
) -> None:
    """With keep_days 0 there are no permanent links, and no file."""
    config = with_web(web_project.config, tmp_path / "web.sqlite", keep_days=0)
    with client(config, web_service) as site:
        assert links(ask(site, ANSWERED).text, "/a/") == []
        assert site.get(f"/a/{'A' * 22}").status_code == 404
    assert not (tmp_path / "web.sqlite").exists()


def test_gaps(web_project: Project, web_service: Service, tmp_path: Path) -> None:
    """Questions without an answer are listed with how often they were asked."""
    config = with_web(web_project.config, tmp_path / "web.sqlite", add=True)
    with client(config, web_service) as site:
        assert ENGLISH.no_gaps in site.get("/gaps").text
        for _ in range(3):
            ask(site, OFF_TOPIC)
        ask(site, ANSWERED)
        page = site.get("/gaps").text
        assert "asked 3 times" in page
        assert ANSWERED not in page


def test_weight_and_hosts(site: TestClient) -> None:
    """A page with all that it loads is under 120 KB, and nothing comes from elsewhere."""
    page = ask(site, NOT_STATED)
    loaded = re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="([^"]+)"', page.text)
    assert all(address.startswith("/") for address in loaded)
    assets = {address for address in loaded if address.startswith("/static/")}
    assert len(page.content) + sum(len(site.get(a).content) for a in assets) < 120_000


def test_sources_that_differ(
    make_project: Callable[..., Project], embedder: OnnxEmbedder, tmp_path: Path
) -> None:
    """Different values are named with who gives them, on the page and by its permanent link."""
    articles = {
        f"{name.lower()}.md": f"---\ntitle: Fire at the Orrin mill\npublisher: {name}\n"
        f"published: 2021-05-0{day}\n---\nThe fire at the Orrin mill injured {count} people.\n"
        for name, day, count in (("Gazette", 1, 12), ("Herald", 2, 17))
    }
    project = make_project(tmp_path / "project", articles)
    project.index(embedder)
    with client(with_web(project.config, tmp_path / "web.sqlite")) as site:
        asked = "How many people did the fire at the Orrin mill injure?"
        reply = site.get("/v1/ask", params={"question": asked}).json()
        assert reply["conflict"], reply
        for page in (ask(site, asked).text, site.get(reply["permalink"]).text):
            assert any(words in page for words in ENGLISH.relations.values())
            assert "Herald" in page
            assert "Gazette" in page


def test_follow_ups(site: TestClient) -> None:
    """The form below an answer keeps the question; the next says what it was taken to mean."""
    page = ask(site, ANSWERED, publisher="quay").text
    kept = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    assert ("after", ANSWERED) in kept
    assert ("publisher", "quay") in kept
    parameters = [("q", "Who closed it?"), *kept]
    page = site.get("/", params=parameters).text
    assert ENGLISH.taken_as in page
    assert "<q>Who closed the old harbour bridge at Lowmere?</q>" in page
    named = re.findall(r'name="after" value="([^"]*)"', page)
    assert named == [ANSWERED, "Who closed the old harbour bridge at Lowmere?"]
    given = site.get(links(page, "/a/")[0]).text
    assert ENGLISH.taken_as in given
    again = {"question": "Who closed it?", "after": [ANSWERED], "publisher": "quay"}
    assert site.post("/v1/ask", json=again).json()["meant"] == named[1]


def test_follow_ups_that_refer_to_nothing(site: TestClient) -> None:
    """What is not clear is asked back about; questions before it that cannot be used are passed over."""
    before = [("after", "How far is the moon?"), ("after", "?")]
    page = site.get("/", params=[("q", "Why did she leave?"), *before])
    assert page.status_code == 200
    assert ENGLISH.reasons["unclear"] in page.text
    assert len(re.findall(r'name="after"', page.text)) <= 2


def test_as_of_a_day(
    make_project: Callable[..., Project], embedder: OnnxEmbedder, tmp_path: Path
) -> None:
    """What was published later stands apart, on the page, in its permanent link and by the API."""
    articles = {
        f"{year}.md": f"---\ntitle: The ferry in {year}\npublished: {year}-06-01\n---\n"
        f"The captain of the night ferry is {name}.\n"
        for year, name in ((2019, "Odo Marsh"), (2023, "Una Pell"))
    }
    project = make_project(tmp_path / "project", articles)
    project.index(embedder)
    with client(with_web(project.config, tmp_path / "web.sqlite")) as site:
        asked = {"q": "Who is the captain of the night ferry?", "as_of": "2020-01-01"}
        page = site.get("/", params=asked).text
        assert '<mark class="strong">Odo Marsh</mark>' in page
        assert ENGLISH.shown_as_of.format(day="1 January 2020") in page
        assert ENGLISH.later in page
        given = site.get(links(page, "/a/")[0]).text
        assert f"{ENGLISH.as_of}: 2020-01-01" in given
        reply = site.post("/v1/ask", json={"question": asked["q"], "as_of": asked["as_of"]}).json()
        assert "Odo Marsh" in reply["quotes"][0]["text"]
        assert "Una Pell" in reply["later"][0]["text"]


def test_sources_that_changed_since_the_indexing(
    make_project: Callable[..., Project], embedder: OnnxEmbedder, tmp_path: Path
) -> None:
    """The answer says how many files changed, and which of its quotes no longer stand."""
    project = make_project(tmp_path / "project")
    project.index(embedder)
    with client(with_web(project.config, tmp_path / "web.sqlite")) as site:
        assert site.post("/v1/ask", json={"question": ANSWERED}).json()["changed"] == 0
        assert ENGLISH.one_stale not in ask(site, ANSWERED).text
    text = (project.sources / "bridge.md").read_text()
    project.write("bridge.md", text.replace("3 March", "4 March"))
    with client(with_web(project.config, tmp_path / "web.sqlite")) as site:
        assert site.post("/v1/ask", json={"question": ANSWERED}).json()["changed"] == 1
        page = ask(site, ANSWERED, publisher="quay").text
        assert ENGLISH.one_stale in page
        assert ENGLISH.standings["altered"] in page
        assert ENGLISH.standings["intact"] not in page


def test_rows_of_tables_and_items_of_lists(
    make_project: Callable[..., Project], embedder: OnnxEmbedder, tmp_path: Path
) -> None:
    """A row is a small table with its header, an item stands below what opens its list."""
    text = (
        "Three bridges cross the Tarn:\n\n| Bridge | Built | Length |\n|---|---|---|\n"
        "| Kaiser Bridge | **1894** | 298 m |\n| Mill Bridge | 1921 | 112 m |\n\n"
        "The toll pass covers:\n\n- cars and vans\n- motorcycles\n- cars with trailers, if they were"
        " paid for before noon\n"
    )
    project = make_project(tmp_path / "project", {"bridges.md": text})
    project.index(embedder)
    with client(with_web(project.config, tmp_path / "web.sqlite")) as site:
        page = ask(site, "When was the Kaiser Bridge built?").text
        assert '<p class="opening">Three bridges cross the Tarn:</p>' in page
        row = '<tr><th scope="row">Built</th><td><mark class="strong">1894</mark></td></tr>'
        assert row in page
        asked = "Does the toll pass cover cars with trailers that were paid for before noon?"
        page = ask(site, asked).text
        assert '<p class="opening">The toll pass covers:</p>' in page


def test_timeline(site: TestClient) -> None:
    """Dated quotes in order with the dates marked, saved in two forms, and by the API."""
    asked = {"topic": "the old harbour bridge at Lowmere"}
    page = site.get("/timeline", params=asked).text
    assert "<h2>3 March 2022</h2>" in page
    assert "3 March 2022</mark>" in page
    assert ENGLISH.reported.format(day="4 March 2022") in page
    for href in links(page, "/timeline?"):
        if "form=" in href:
            saved = site.get(href)
            assert saved.headers["content-disposition"].startswith("attachment")
            assert "3 March 2022" in saved.text
    given = site.post("/v1/timeline", json=asked).json()
    assert given["schema"] == 1
    assert given["entries"][0]["dates"][0]["from"] == "2022-03-03"
    assert "probability" not in given["entries"][0]["quote"]
    outside = site.get("/timeline", params={**asked, "until": "1900-01-01"}).text
    assert ENGLISH.outside.split("{")[0] in outside
    assert site.get("/timeline", params={**asked, "since": "soon"}).status_code == 422
    assert site.get("/timeline", params={**asked, "form": "exe"}).status_code == 404
    assert ENGLISH.reasons["nothing_relevant"] in site.get("/timeline?topic=zqx+vbk").text


@pytest.mark.parametrize(
    ("code", "english", "german"),
    [
        ("2026-05-14", "14 May 2026", "14. Mai 2026"),
        ("2026-05", "May 2026", "Mai 2026"),
        ("199X", "1990s", "1990er"),
        ("1950~", "about 1950", "etwa 1950"),
        ("1999/2006", "1999 – 2006", "1999 – 2006"),
        ("2019/..", "since 2019", "seit 2019"),
        ("../2011-03", "until March 2011", "bis März 2011"),
    ],
)
def test_dates_of_events(code: str, english: str, german: str) -> None:
    """Each at its own precision, in both languages."""
    assert (ENGLISH.event(code), GERMAN.event(code)) == (english, german)
