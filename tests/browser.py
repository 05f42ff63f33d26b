"""A real browser for tests: Debian's Chromium, driven by Playwright, and axe-core to judge pages."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parent.parent
AXE = ROOT / ".ci" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextlib.contextmanager
def open_browser() -> Iterator[Browser]:
    """Give Chromium, headless."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        pytest.fail("no Chromium: `apt-get install chromium`, or leave out with -m 'not browser'")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


class Visitor:
    """A window on a site that notes what it asks for and what its console says."""

    def __init__(self, browser: Browser, address: str, **options: Any) -> None:
        """Open a window; ``options`` are those of Playwright's contexts."""
        self._context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 860}, "locale": "en-GB", **options}
        )
        self._context.set_default_timeout(20_000)
        self.address = address
        self.page: Page = self._context.new_page()
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def go(self, path: str) -> Page:
        """Open a page of the site."""
        self.page.goto(self.address + path)
        return self.page

    def close(self) -> None:
        """Close the window; nothing may have been asked of another host, or gone wrong."""
        self._context.close()
        assert [url for url in self.asked if not url.startswith(self.address)] == []
        assert self.said == [], self.said


def violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong with a page, each with the elements concerned."""
    if not AXE.is_file():
        pytest.fail("no axe-core: `npm install --prefix .ci/npm --no-save axe-core@4.14.1`")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", _RULES
    )
    return [
        f"{wrong['id']}: {', '.join(str(node['target']) for node in wrong['nodes'])}"
        for wrong in found["violations"]
    ]
