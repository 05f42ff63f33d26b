"""Hold what is read of real PDF files against pdfminer.six: ``pdf_words.py FOLDER``.

For each file: how many sentences stand in the lines that pdfminer.six reads (as
`verify --originals` has it), and how many words of the others stand nowhere in them. ``--show N``
prints what differs, to be read by eye; ``--write DIR`` writes the articles. Corpora are not part of
the repository: take a checkout of jsvine/pdfplumber or mozilla/pdf.js.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parent.parent
sys.path[0] = str(ROOT)

from sourcebot.adding.extract import extract  # noqa: E402
from sourcebot.adding.model import Draft, Original  # noqa: E402
from sourcebot.adding.plain import Plain, read_plain  # noqa: E402
from sourcebot.adding.workers import Workers  # noqa: E402
from sourcebot.articles.files import parse_article  # noqa: E402
from sourcebot.articles.paragraphs import segment  # noqa: E402
from sourcebot.checks.matching import Lines, folded  # noqa: E402
from sourcebot.checks.originals import compared_with, parts_of  # noqa: E402
from sourcebot.errors import ArticleError, ExtractionError  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = re.compile(r"[^\W_]+")


def read_both(original: Original) -> tuple[Draft, Plain, float]:
    """Return the article, the plain lines, and the seconds that the article took."""
    started = time.process_time()
    (draft,) = extract(original)
    seconds = time.process_time() - started
    return draft, read_plain(original), seconds


def sentences_of(draft: Draft) -> list[str]:
    """Return what can be quoted of an article."""
    try:
        article, _ = parse_article("article.md", draft.body.encode())
    except ArticleError:
        return []
    return [s.of(article.text) for p in segment(article) for s in p.sentences]


def strange_words(sentence: str, lines: Plain) -> list[str]:
    """Return the words of a sentence that stand nowhere in the lines, white space left aside."""
    tight = "".join(folded(line).replace(" ", "") for line in lines.lines).casefold()
    joined = tight.replace("-", "")
    shown = " ".join(parts_of(sentence))
    words = (folded(word).casefold() for word in _WORD.findall(shown))
    return [w for w in words if w not in tight and w not in joined]


def results(paths: list[Path]) -> Iterator[tuple[Path, tuple[Draft, Plain, float] | str]]:
    """Yield what was read of each file, or why nothing was."""
    with Workers(read_both, 2, seconds=60) as workers:
        for original, found in workers.run(Original(str(p), str(p), file=p) for p in paths):
            reason = found.message if isinstance(found, ExtractionError) else None
            yield Path(original.shown), reason or found  # type: ignore[misc]


def main() -> int:
    """Print a line for each file and the sums; the exit status is 1 when a word stands nowhere."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", type=int, default=0, help="sentences to show of each file")
    parser.add_argument("--write", type=Path, help="a folder for the articles")
    options = parser.parse_args()
    paths = sorted(options.folder.rglob("*.pdf"))
    sums: Counter[str] = Counter()
    taken = 0.0
    for path, found in results(paths):
        if isinstance(found, str):
            sums["refused"] += 1
            print(f"{path.name}: refused: {found}")
            continue
        draft, plain, seconds = found
        taken += seconds
        lines = Lines(plain, draft.language)
        said = sentences_of(draft)
        others = [c for c in (compared_with(path.name, s, lines) for s in said) if c]
        strange = [w for c in others for w in strange_words(c.text, plain)]
        sums.update(
            files=1,
            pages=draft.pages,
            sentences=len(said),
            others=len(others),
            words=sum(len(_WORD.findall(s)) for s in said),
            strange=len(strange),
            files_with_strange=bool(strange),
        )
        print(f"{path.name}: {len(said)} sentences, {len(others)} in another order, {strange[:8]}")
        for item in others[: options.show]:
            print(f"    {item.text[:200]!r}")
            print(f"    {[(e.quoted, e.original) for e in item.edits][:5]}")
        if options.write:
            options.write.mkdir(parents=True, exist_ok=True)
            text = "\n".join((draft.title, *draft.notes, "", draft.body))
            (options.write / f"{path.stem}.md").write_text(text, "utf-8")
    print(dict(sums), f"{sums['pages'] / max(taken, 0.001):.0f} pages a second of one processor")
    return int(bool(sums["strange"]))


if __name__ == "__main__":
    sys.exit(main())
