"""Check the claims of this folder against its invented articles, and print how each kind fares.

    python -m benchmarks.assertions.run [--all]

``claims.jsonl`` has a claim a line: its kind, the verdicts that would be right, words that a quote
must have where one is due, and for a quotation its wording. A verdict is right, withheld ("unsure"
or "silent" where a verdict is due) or wrong. --all also prints the claims that are right.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sourcebot

if TYPE_CHECKING:
    from sourcebot.types.claims import Check

FOLDER = Path(__file__).parent
WITHHELD = {"unsure", "silent"}


def outcome(row: dict[str, Any], check: Check) -> str:
    """Return how a check fares: right, withheld, wrong, no quote or wording."""
    verdict = check.verdict.value
    if verdict not in row["gold"]:
        return "withheld" if verdict in WITHHELD else "wrong"
    if "wording" in row:
        found = [quotation.wording.value for quotation in check.quotations]
        return "right" if found == [row["wording"]] else "wording"
    needed = row["quote"] if verdict not in WITHHELD else None
    if needed and not any(needed in stance.quote.text for stance in check.stances):
        return "no quote"
    return "right"


def main() -> None:
    """Read the command line and print the outcomes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.assertions.run")
    parser.add_argument("--all", action="store_true", help="print claims that are right, too")
    options = parser.parse_args()
    lines = (FOLDER / "claims.jsonl").read_text("utf-8").splitlines()
    counts: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(FOLDER / "articles", Path(name) / "sources")
        (Path(name) / "config.toml").write_text("", "utf-8")
        with sourcebot.open_project(name) as project:
            for row in map(json.loads, lines):
                check = project.check(row["claim"])
                how = outcome(row, check)
                counts.setdefault(row["kind"], Counter())[how] += 1
                if how != "right" or options.all:
                    print(f"{how}: {row['claim']}")
                    print(f"    {check.verdict.value} {check.probability:.2f} for {row['gold']}")
                    print(f"    {check.reason or ''}")
                    for quote in [s.quote for s in check.stances[:2]]:
                        print(f"    - {quote.text}")
    for kind, found in counts.items():
        print(f"{kind}: {dict(found)} of {found.total()}")
    total = sum(counts.values(), Counter[str]())
    print(f"all: {dict(total)} of {total.total()}")


if __name__ == "__main__":
    main()
