"""Measure the answers by kind of question: ``python benchmarks/kinds/run.py [SET] [--work DIR]``.

The questions are asked of invented articles (news, encyclopaedia, questions and answers, report,
minutes, obituary, recipe, price list, timetable, letter), through ``sourcebot eval``. The table
says for each kind how many first quotes answer, or how many questions are refused rightly.
SET is ``questions``; ``later``, about the same articles, which was written before the rules for
near-misses were tried; or ``unseen``, about others, written before any of it had been asked.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SOURCES = HERE / "sources"
SETS = {"questions": SOURCES, "later": SOURCES, "unseen": HERE / "unseen"}
"""The sets of questions, each with the folder of its articles."""

REFUSED = ("near-miss", "off topic")
"""How the kinds of questions begin that must be refused."""


def measured(questions: Path, work: Path, sources: Path = SOURCES) -> dict[str, Any]:
    """Return the figures of ``sourcebot eval``; ``work`` is the project that keeps the index."""
    work.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "sourcebot", "eval", str(questions), "--json"),
            *("--sources", str(sources), "--project", str(work)),
        ],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def table(kinds: dict[str, dict[str, int]]) -> str:
    """Return the table in Markdown, the sums in its last rows."""
    rows = [(kind, counts["right"], counts["questions"]) for kind, counts in kinds.items()]
    answered = [row for row in rows if not row[0].startswith(REFUSED)]
    refused = [row for row in rows if row[0].startswith(REFUSED)]
    lines = ["| kind of question | right | of |", "|---|---|---|"]
    for part, name in ((answered, "all that the articles answer"), (refused, "all others")):
        sums = (name, sum(row[1] for row in part), sum(row[2] for row in part))
        lines += (f"| {kind} | {right} | {count} |" for kind, right, count in (*part, sums))
    return "\n".join(lines)


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("set", nargs="?", choices=SETS, default="questions")
    parser.add_argument("--work", type=Path, default=Path("benchmarks/work/kinds"))
    options = parser.parse_args()
    sources = SETS[options.set]
    work = options.work / sources.name
    print(table(measured(HERE / f"{options.set}.jsonl", work, sources)["kinds"]))


if __name__ == "__main__":
    main()
