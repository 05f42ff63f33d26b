"""The page in a real browser."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from urllib.parse import quote

import made_files
import numpy as np
import pypdfium2
import pytest
from browser import Visitor, open_browser, violations
from conftest import ANSWERED, OFF_TOPIC
from web_running import running, with_web

from sourcebot.frontends.web.words import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Project
    from playwright.sync_api import Browser, FilePayload, Page

    from sourcebot.answering.service import Service
    from sourcebot.embedding.embedder import OnnxEmbedder

pytestmark = pytest.mark.browser

TUNNEL = "Why was the Penfold tunnel closed?"
BRIDGE = f"/?q={quote(ANSWERED)}&publisher=quay"


@pytest.fixture(scope="module")
def address(
    web_project: Project, web_service: Service, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The page over the shared articles."""
    database = tmp_path_factory.mktemp("answers") / "web.sqlite"
    with running(with_web(web_project.config, database, add=True), web_service) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser, open once."""
    with open_browser() as opened:
        yield opened


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visitor]]:
    """A function that opens a window; each is checked when it is closed."""
    opened: list[Visitor] = []

    def visit(where: str = address, **options: object) -> Visitor:
        opened.append(Visitor(browser, where, **options))
        return opened[-1]

    yield visit
    for visitor in opened:
        visitor.close()


def test_ask_and_follow_a_quote(visit: Callable[..., Visitor]) -> None:
    """The answer comes without loading the page anew, the article beside it; focus goes along."""
    page = visit().go("/")
    page.fill("#q", ANSWERED)
    page.keyboard.press("Enter")
    page.wait_for_selector("#reply-title:focus")
    assert "q=When" in page.url
    assert page.text_content("#reply mark.strong") == "3 March 2022"
    assert page.is_visible("#pane mark.strong")
    page.go_back()
    page.wait_for_selector("#reply-title", state="detached")
    page.go_forward()
    page.wait_for_selector("#reply-title")


def test_filters(visit: Callable[..., Visitor]) -> None:
    """A publisher that is chosen narrows what is quoted."""
    page = visit().go("/")
    page.fill("#q", ANSWERED)
    page.click("summary")
    page.fill("input[name=publisher]", "quay")
    page.click("form button")
    page.wait_for_selector("#reply-title")
    assert "The Quay Gazette" in (page.text_content("#reply .quote .source") or "")
    page.click("#reply .links a[hx-get]")
    page.wait_for_selector("#pane-title:focus")


def test_quote_in_a_page_of_a_pdf_file(visit: Callable[..., Visitor]) -> None:
    """The picture of the page has the words boxed, within three pixels of where they stand."""
    page = visit().go(f"/?q={quote(TUNNEL)}")
    picture = page.locator("#pane figure img")
    picture.scroll_into_view_if_needed()
    picture.evaluate("img => img.decode()")
    from PIL import Image

    shot = np.asarray(Image.open(io.BytesIO(picture.screenshot())).convert("RGB")).astype(int)
    tinted = np.argwhere((shot[..., 0] > 240) & (shot[..., 1] > 200) & (shot[..., 2] < 190))
    (y1, x1), (y2, x2) = tinted.min(0), tinted.max(0)
    with pypdfium2.PdfDocument(made_files.pdf(made_files.TUNNEL)) as document:
        text = document[1].get_textpage()
        words = made_files.TUNNEL[1][0]
        first = text.get_text_range().index(words)
        boxes = [text.get_charbox(i, loose=True) for i in range(first, first + len(words))]
        text.close()
        scale = shot.shape[1] / document[1].get_width()
        height = document[1].get_height()
    expected = [
        min(b[0] for b in boxes) * scale,
        (height - max(b[3] for b in boxes)) * scale,
        max(b[2] for b in boxes) * scale,
        (height - min(b[1] for b in boxes)) * scale,
    ]
    assert np.abs(np.array([x1, y1, x2, y2]) - expected).max() <= 3


def test_permanent_link_after_an_edit(
    visit: Callable[..., Visitor],
    make_project: Callable[..., Project],
    embedder: OnnxEmbedder,
    tmp_path: Path,
) -> None:
    """The link shows the answer as it was given, and that its words stand elsewhere now."""
    project = make_project(tmp_path / "project")
    project.index(embedder)
    with running(with_web(project.config, tmp_path / "web.sqlite")) as served:
        visitor = visit(served)
        page = visitor.go(BRIDGE)
        page.click("a.permalink")
        page.wait_for_selector(".standing.intact")
        text = (project.sources / "bridge.md").read_text()
        project.write("bridge.md", text.replace("The old", "First this.\n\nThe old", 1))
        page.reload()
        page.wait_for_selector(".standing.moved")
        assert page.text_content("#pane mark.strong") == "3 March 2022"
        visitor.close()


def test_add_with_progress(
    visit: Callable[..., Visitor],
    make_project: Callable[..., Project],
    embedder: OnnxEmbedder,
    tmp_path: Path,
) -> None:
    """A file that is chosen becomes an article while the page tells how far it is."""
    project = make_project(tmp_path / "project")
    project.index(embedder)
    with running(with_web(project.config, tmp_path / "web.sqlite", add=True)) as served:
        visitor = visit(served)
        page = visitor.go("/add")
        data = made_files.pdf(made_files.TUNNEL, title="Report on the Penfold tunnel")
        files: list[FilePayload] = [
            {"name": "report.pdf", "mimeType": "application/pdf", "buffer": data}
        ]
        page.set_input_files("#files", files)
        page.click("form.stacked button")
        page.wait_for_selector("#job a[href^='/read/']")
        assert page.text_content("#job [role=status]") == ENGLISH.add_done
        page.click("#job a[href^='/read/']")
        page.wait_for_selector("h1")
        assert page.text_content("h1") == "Report on the Penfold tunnel"
        assert violations(page) == []
        visitor.close()


def test_keyboard_only(visit: Callable[..., Visitor]) -> None:
    """Everything is reached and done by keys, and what has the focus is seen."""
    page = visit().go("/read")
    page.keyboard.press("Tab")
    assert page.text_content(":focus") == ENGLISH.skip
    box = page.locator(":focus").bounding_box()
    assert box
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page = visit().go("/")
    page.keyboard.type(ANSWERED)
    page.keyboard.press("Enter")
    page.wait_for_selector("#reply-title:focus")
    for _ in range(3):
        page.keyboard.press("Tab")
        if ENGLISH.show_place in (page.text_content(":focus") or ""):
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_selector("#pane-title:focus")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        BRIDGE,
        f"/?q={quote(TUNNEL)}",
        "/read",
        "/read/bees.md",
        "/gaps",
        "/add",
        "/check",
        "/follow",
    ],
)
def test_narrow_screen(visit: Callable[..., Visitor], path: str) -> None:
    """Nothing has to be scrolled sideways on a screen of 320 pixels."""
    page = visit(viewport={"width": 320, "height": 640}).go(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_without_javascript(visit: Callable[..., Visitor]) -> None:
    """Asking, filtering, following a quote, reading and sharing need no script."""
    page = visit(java_script_enabled=False).go("/")
    page.fill("#q", ANSWERED)
    page.keyboard.press("Enter")
    page.wait_for_selector("#reply mark.strong")
    assert page.is_visible("#pane #quote")
    page.click("#reply .links a[href^='/read/']")
    page.wait_for_selector("article.whole #quote")
    page.go_back()
    page.click("a.permalink")
    page.wait_for_selector(".standing.intact")
    page.click("nav a[href='/read']")
    page.fill("input[name=text]", "bees")
    page.click("form button")
    page.wait_for_selector(".articles a")
    assert page.locator(".articles li").count() == 1


DRAFT = (
    "The old harbour bridge at Lowmere was closed on 3 March 2022. Whales sing for hours at night.\n\n"
    "Marta Lindqvist said: “We could wait for another inspection.”"
)


def checked(visitor: Visitor) -> Page:
    """Check a draft as people do, and wait for the report."""
    page = visitor.go("/check")
    page.fill("#text", DRAFT)
    page.click("form.draft button")
    page.wait_for_selector(".checked")
    return page


def test_check_a_draft(visit: Callable[..., Visitor]) -> None:
    """The report comes while the page waits, with the deciding words marked; it is as narrow as a phone."""
    visitor = visit(viewport={"width": 320, "height": 640})
    page = checked(visitor)
    assert page.locator(".checked").count() == 3
    assert "3 March 2022" in page.locator(".checked mark.strong").all_text_contents()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.click(".checked .links a[href^='/read/']")
    page.wait_for_selector("#quote")


def test_ask_further(visit: Callable[..., Visitor]) -> None:
    """A question below the answer refers to it, with JavaScript and without."""
    for script in (True, False):
        page = visit(java_script_enabled=script).go(BRIDGE)
        page.fill("#further", "Who closed it?")
        page.keyboard.press("Enter")
        page.wait_for_selector("#reply .taken q")
        assert page.text_content(".taken q") == "Who closed the old harbour bridge at Lowmere?"
        assert page.input_value("#q") == "Who closed the old harbour bridge at Lowmere?"
        assert page.is_visible("#further")


def test_print(visit: Callable[..., Visitor]) -> None:
    """On paper the question stands above its answer, with the address of the permanent link."""
    visitor = visit()
    page = visitor.go(BRIDGE)
    page.emulate_media(media="print")
    assert page.locator("#reply .asked").is_visible()
    assert not page.locator("#pane").is_visible()
    shown = page.evaluate(
        "getComputedStyle(document.querySelector('.permalink'), '::after').content"
    )
    assert f"{visitor.address}/a/" in shown


PAGES = [
    "/", BRIDGE, f"/?q={quote(TUNNEL)}", f"/?q={quote(OFF_TOPIC)}", "/?q=x&since=soon", "/read",
    "/read?text=nothing+like+it", "/read/bees.md", "/read/bridge.md", "/gaps", "/add", "/sign-in",
    "/nowhere", "/check", "/follow", "/timeline", "/timeline?topic=old+harbour+bridge", f"/?q=Who+closed+it%3F&after={quote(ANSWERED)}",
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violations(browser: Browser, address: str, scheme: str) -> None:
    """axe-core finds nothing wrong with any page, in light and dark."""
    visitor = Visitor(browser, address, color_scheme=scheme)
    page = visitor.go(BRIDGE)
    link = page.get_attribute("a.permalink", "href") or ""
    found = {path: violations(visitor.go(path)) for path in [*PAGES, link]}
    found["report"] = violations(checked(visitor))
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    visitor.said = [s for s in visitor.said if "Failed to load resource" not in s]  # wanted errors
    visitor.close()


def test_policy_lets_no_script_of_others_run(visit: Callable[..., Visitor]) -> None:
    """The browser itself refuses inline scripts and other hosts, by the policy."""
    visitor = visit()
    page = visitor.go("/")
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        " document.body.append(s); }"
    )
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in said for said in visitor.said)
    visitor.said.clear()


def test_ask_is_quick(visit: Callable[..., Visitor]) -> None:
    """Asking again loads no assets anew, and the page asks only its own server."""
    visitor = visit()
    page = visitor.go("/")
    page.fill("#q", ANSWERED)
    before = len(visitor.asked)
    page.keyboard.press("Enter")
    page.wait_for_selector("#reply-title")
    again = [url for url in visitor.asked[before:] if "/static/" in url and "icon" not in url]
    assert again == []
