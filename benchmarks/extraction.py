"""How much of real web pages `sourcebot add` keeps, and how much of what it keeps is theirs.

    python benchmarks/extraction.py CORPUS [--every N] [--worst N]

CORPUS is the folder of a checkout of

- mozilla/readability (its ``test/test-pages``): each page comes with what its article is. Precision
  and recall are those of words, counted with repetitions, and their means over pages of at least
  50 words;
- adbar/trafilatura (its ``tests/evaldata.json``): each page comes with up to six passages that
  belong to the article and up to six that do not. Recall is the share of the former that are kept,
  precision the share of the former among all that are kept.

Neither is part of sourcebot, and nothing of them is copied into it.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import unicodedata
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sourcebot.errors import ExtractionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_WORD = re.compile(r"\w+")
_FEWEST_WORDS = 50
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Page:
    """A page and what is right: its words, or passages that belong to it and that do not."""

    name: str
    file: Path
    url: str
    words: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """What became of a page; ``right``, ``kept`` and ``there`` count words or passages."""

    name: str
    right: int
    kept: int
    there: int
    remarks: tuple[str, ...]

    @property
    def recall(self) -> float:
        """The share of the article that was kept."""
        return self.right / self.there if self.there else 1.0

    @property
    def precision(self) -> float:
        """The share of what was kept that belongs to the article."""
        return self.right / self.kept if self.kept else 1.0


def readability_pages(folder: Path) -> Iterable[Page]:
    """Yield the test pages of mozilla/readability with at least 50 words."""
    from lxml import html

    for expected in sorted(folder.glob("test/test-pages/*/expected.html")):
        tree = html.fromstring(expected.read_text("utf-8") or "<p></p>")
        for element in tree.xpath("//script | //style"):
            element.drop_tree()
        words = words_of(" ".join(str(text) for text in tree.itertext()))
        if len(words) >= _FEWEST_WORDS:
            yield Page(
                expected.parent.name,
                expected.with_name("source.html"),
                "http://fakehost/test/page.html",
                words=words,
            )


def trafilatura_pages(folder: Path) -> Iterable[Page]:
    """Yield the annotated pages of adbar/trafilatura."""
    for url, noted in json.loads((folder / "tests/evaldata.json").read_text("utf-8")).items():
        places = [folder / "tests" / part / noted["file"] for part in ("cache", "eval")]
        if file := next((place for place in places if place.is_file()), None):
            wanted, unwanted = (tuple(map(_plain, noted[key])) for key in ("with", "without"))
            yield Page(noted["file"], file, url, wanted=wanted, unwanted=unwanted)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text without case; soft hyphens do not part them."""
    return tuple(_WORD.findall(text.replace("\u00ad", "").casefold()))


def _plain(text: str) -> str:
    """Return a passage on one line, without soft hyphens, its letters composed: none is shown."""
    return " ".join(unicodedata.normalize("NFC", text).replace("\u00ad", "").split())


def shown(body: str) -> str:
    """Return the text of an article's Markdown as a page shows it."""
    lines = []
    for line in body.splitlines():
        bare = re.sub(r"^\s*(?:#{1,6} |- |\d{1,6}\. |> )", "", line)
        bare = re.sub(r"^\|(?: --- \|)+$|(?<!\\)\|", " ", bare)
        lines.append(re.sub(r"\\(?=[^\w\s])", "", bare))
    return _plain("\n".join(lines))


def score(page: Page) -> Score:
    """Return what `add` makes of a page."""
    from sourcebot.adding.pages import read_page

    try:
        draft = read_page(page.file.read_bytes(), "", page.url)
    except ExtractionError as error:
        return Score(page.name, 0, 0, len(page.words or page.wanted), (error.message,))
    text = shown(draft.body)
    if page.words:
        ours, theirs = Counter(words_of(text)), Counter(page.words)
        return Score(page.name, (ours & theirs).total(), ours.total(), theirs.total(), draft.notes)
    right = sum(words in text for words in page.wanted)
    wrong = sum(words in text for words in page.unwanted)
    return Score(page.name, right, right + wrong, len(page.wanted), draft.notes)


def main() -> None:
    """Score the pages of a corpus and print the figures, and the pages that lose most."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take each n-th page only")
    parser.add_argument("--worst", type=int, default=10, help="how many pages to list")
    arguments = parser.parse_args()
    kinds: dict[str, Callable[[Path], Iterable[Page]]] = {
        "test/test-pages": readability_pages,
        "tests/evaldata.json": trafilatura_pages,
    }
    read = next((kinds[k] for k in kinds if (arguments.corpus / k).exists()), None)
    if read is None:
        parser.error(f"{arguments.corpus} holds none of: {', '.join(kinds)}")
    pages = list(read(arguments.corpus))[:: arguments.every]
    with ProcessPoolExecutor(2) as pool:
        scores = list(pool.map(score, pages, chunksize=4))
    by_page = bool(pages and pages[0].words)
    if by_page:
        precision = statistics.mean(s.precision for s in scores)
        recall = statistics.mean(s.recall for s in scores)
    else:
        right = sum(s.right for s in scores)
        precision = right / max(1, sum(s.kept for s in scores))
        recall = right / max(1, sum(s.there for s in scores))
    print(f"{len(scores)} pages: precision {precision:.3f}, recall {recall:.3f}")
    lost = [s for s in scores if s.recall < _HALF]
    # Captions are left out of most pages, so that this says nothing of what else is missing.
    silent = [s for s in lost if not any("caption" not in remark for remark in s.remarks)]
    print(f"{len(lost)} keep under half of the article, {len(silent)} of them without a remark")
    print(f"{sum(bool(s.remarks) for s in scores)} pages carry a remark")
    for s in sorted(scores, key=lambda s: min(s.recall, s.precision))[: arguments.worst]:
        remark = f"  {s.remarks[0][:60]}" if s.remarks else ""
        print(f"  P {s.precision:.2f} R {s.recall:.2f} {s.there:6,} {s.name}{remark}")


if __name__ == "__main__":
    main()
