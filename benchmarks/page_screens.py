"""Takes the pictures of the page for docs/: ``python -m benchmarks.page_screens [NAME …]``.

Without names all are taken. A real server answers a real browser over the sample articles of the
tests.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import made_files  # noqa: E402
from browser import Visitor, open_browser  # noqa: E402
from conftest import ANSWERED, ARTICLES  # noqa: E402
from web_running import running, with_web  # noqa: E402

from sourcebot.config.loading import load_config  # noqa: E402
from sourcebot.project import open_project  # noqa: E402

IMAGES = ROOT / "docs" / "images"
TUNNEL = "Why was the Penfold tunnel closed?"
DRAFT = (
    "The old harbour bridge at Lowmere was closed on 3 March 2022. Its repairs cost £9 million.\n\n"
    "Marta Lindqvist said: “We could wait for another inspection.”"
)
LARGEST = 200_000
PATIENCE_MS = 120_000
DESKTOP = {"viewport": {"width": 1200, "height": 640}}
TALL = {"viewport": {"width": 1200, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 720}, "color_scheme": "dark"}


def main() -> None:
    """Write the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        for name, text in ARTICLES.items():
            path = project / "sources" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        report = project / "report.pdf"
        report.write_bytes(made_files.pdf(made_files.TUNNEL, title="Report on the Penfold tunnel"))
        with open_project(project) as opened:
            opened.add(str(report))
        config = with_web(load_config(project, {}), project / "web.sqlite", add=True)
        with running(config) as address, open_browser() as browser:
            for name, where, options in (
                ("ask", f"/?q={quote(ANSWERED)}&publisher=quay", DESKTOP),
                ("pdf", f"/?q={quote(TUNNEL)}", DESKTOP),
                ("read", "/read/bees.md", DESKTOP),
                ("check", "/check", TALL),
                ("phone", f"/?q={quote(ANSWERED)}", PHONE),
            ):
                if sys.argv[1:] and name not in sys.argv[1:]:
                    continue
                visitor = Visitor(browser, address, **options)
                visitor.page.set_default_timeout(PATIENCE_MS)
                page = visitor.go(where)
                if name == "check":
                    page.fill("#text", DRAFT)
                    page.click("form.draft button")
                    page.wait_for_selector(".checked")
                page.wait_for_load_state("networkidle")
                target = IMAGES / f"page-{name}.png"
                page.screenshot(path=target)
                visitor.close()
                size = target.stat().st_size
                print(f"{target.relative_to(ROOT)}: {size:,} bytes")
                if size > LARGEST:
                    sys.exit(f"{target} has more than {LARGEST:,} bytes")


if __name__ == "__main__":
    main()
